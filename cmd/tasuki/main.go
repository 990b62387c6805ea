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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks to finish what is running; a second one ends at once.
	context.AfterFunc(ctx, stop)
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "tasuki:", err)
		os.Exit(1)
	}
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use: "tasuki", Short: "The shared memory of a security department", Version: version,
		SilenceUsage: true, SilenceErrors: true,
	}
	cmd.AddCommand(serveCommand(), demoCommand(), migrateCommand(), memberCommand(), searchCommand(), importCommand(), exportCommand(), riskCommand(), healthcheckCommand(),
		noticesCommand(), versionCommand())
	return cmd
}
