// Command tasuki is the memory and the skill map of a security department: one
// program that serves its pages, and does from a terminal what has no page.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a container without zone files still shows Japanese time

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

func main() {
	if err := root().ExecuteContext(untilSignal()); err != nil {
		fmt.Fprintln(os.Stderr, "tasuki:", err)
		os.Exit(1)
	}
}

// untilSignal returns a context that ends with the first signal, which asks to finish
// what is running. A second one ends the program at once, so signals have their usual
// effect again before anybody hears of the first.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals)
		cancel()
	}()
	return ctx
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use: "tasuki", Short: "The shared memory of a security department", Version: version,
		SilenceUsage: true, SilenceErrors: true,
	}
	cmd.AddCommand(serveCommand(), demoCommand(), migrateCommand(), memberCommand(), searchCommand(), importCommand(), exportCommand(), riskCommand(), planCommand(),
		healthcheckCommand(), noticesCommand(), versionCommand())
	return cmd
}
