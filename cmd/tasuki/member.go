package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tasuki/internal/team"
)

// memberCommand is the way back in when nobody can sign in any more.
func memberCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "member", Short: "Look after accounts from the host"}
	invite := &cobra.Command{Use: "invite EMAIL", Short: "Print a one-time link with which a member sets their password", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			people, err := data.Members(cmd.Context())
			if err != nil {
				return err
			}
			for _, m := range people {
				if strings.EqualFold(m.Email, args[0]) {
					token, err := data.Invite(cmd.Context(), team.Operator(), m.ID)
					if err != nil {
						return err
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s/welcome/%s\n", c.address(), token)
					return nil
				}
			}
			return fmt.Errorf("no member has the address %s", args[0])
		}}
	addPlaceFlags(invite)
	cmd.AddCommand(invite)
	return cmd
}

func (c config) address() string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	return "http://" + c.Listen
}
