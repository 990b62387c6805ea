package main

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"
)

//go:embed notices.txt
var notices string

func noticesCommand() *cobra.Command {
	return &cobra.Command{Use: "notices", Short: "Print the licences of what tasuki is built with", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(cmd.OutOrStdout(), notices)
			return err
		}}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "tasuki", version)
			return err
		}}
}
