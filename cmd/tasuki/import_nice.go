package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// niceImport is one call of `tasuki import nice`.
type niceImport struct {
	version      string
	dryRun, json bool

	out io.Writer // what was asked for
	say io.Writer // how it goes; not part of the JSON
}

func importNICECommand() *cobra.Command {
	var n niceImport
	cmd := &cobra.Command{Use: "nice FILE…", Args: cobra.MinimumNArgs(1),
		Short: "Bring in the NICE framework of NIST as a reference for skills: JSON of CPRT, or of the MISP galaxies",
		Long: "Bring in the NICE framework of NIST, so that skills can be mapped to its work roles, competency areas, tasks, knowledge\n" +
			"and skill statements: the JSON export of NIST's reference tool (CPRT), or the clusters of the MISP galaxies.\n\n" +
			"All files come in or none; a second run changes nothing; versions stand side by side; the skills themselves are not touched.",
		RunE: func(cmd *cobra.Command, args []string) error {
			n.out, n.say = cmd.OutOrStdout(), cmd.OutOrStdout()
			if n.json {
				n.say = io.Discard
			}
			entries, err := n.read(args)
			if err != nil {
				return err
			}
			_, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			return n.bringIn(cmd, data, entries)
		}}
	f := cmd.Flags()
	f.StringVar(&n.version, "version", "", "version of NICE, such as v1.0.0 (default: what the file says)")
	f.BoolVar(&n.dryRun, "dry-run", false, "say what would happen and write nothing")
	f.BoolVar(&n.json, "json", false, "print JSON")
	addPlaceFlags(cmd)
	return cmd
}

// read reads every file before anything is written.
func (n niceImport) read(paths []string) (entries []team.FrameworkEntry, err error) {
	for _, path := range paths {
		content, err := readLimited(path)
		if err != nil {
			return nil, fmt.Errorf("nothing was changed: %w", err)
		}
		found, err := sheet.ReadNICE(content, n.version)
		if err != nil {
			return nil, fmt.Errorf("nothing was changed: %s: %s", path, whyNotNICE(err))
		}
		fmt.Fprintf(n.say, "%s: %d entries", path, len(found.Entries))
		if found.LeftOut > 0 {
			fmt.Fprintf(n.say, ", %d left out (of other kinds, or without words)", found.LeftOut)
		}
		fmt.Fprintln(n.say)
		entries = append(entries, found.Entries...)
	}
	return entries, nil
}

// readLimited reads a file up to a little more than is accepted, so that a huge one
// is refused for its size.
func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, sheet.MaxFile+1))
}

func whyNotNICE(err error) string {
	switch {
	case errors.Is(err, sheet.ErrTooLarge):
		return fmt.Sprintf("it is larger than %d MB or has more than %d entries", sheet.MaxFile>>20, sheet.MaxEntries)
	case errors.Is(err, sheet.ErrNoVersion):
		return "it does not say which version of NICE it holds; add --version v1.0.0 (or what it is)"
	case errors.Is(err, sheet.ErrNoRows):
		return "it has no entries"
	}
	return err.Error()
}

// niceReport is what --json prints.
type niceReport struct {
	Written bool                  `json:"written"`
	New     []team.FrameworkEntry `json:"new"`
	Changed []team.FrameworkEntry `json:"changed"`
	Same    int                   `json:"same"`
}

func (n niceImport) bringIn(cmd *cobra.Command, data *store.Store, entries []team.FrameworkEntry) error {
	do := data.BringInFramework
	if n.dryRun {
		do = data.CompareFramework
	}
	d, err := do(cmd.Context(), team.Operator(), entries)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if n.json {
		return json.NewEncoder(n.out).Encode(niceReport{!n.dryRun && len(d.New)+len(d.Changed) > 0, orEmpty(d.New), orEmpty(d.Changed), d.Same})
	}
	printEntries(n.out, "new", d.New)
	printEntries(n.out, "changed", d.Changed)
	fmt.Fprintf(n.out, "%d new, %d changed, %d the same\n", len(d.New), len(d.Changed), d.Same)
	if n.dryRun || len(d.New)+len(d.Changed) == 0 {
		fmt.Fprintln(n.out, "Nothing was changed.")
	}
	return nil
}

func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

func printEntries(out io.Writer, what string, list []team.FrameworkEntry) {
	for _, e := range list[:min(len(list), shownRows)] {
		fmt.Fprintf(out, "  %s: %s  %s\n", what, e.SkillCode(), text.Snippet(e.Title, 80))
	}
	if len(list) > shownRows {
		fmt.Fprintf(out, "  … and %d more %s; --json prints them all\n", len(list)-shownRows, what)
	}
}
