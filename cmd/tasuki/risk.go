package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"tasuki/internal/jsonfile"
	"tasuki/internal/sheet"
	"tasuki/internal/text"
)

// riskRun is one call of `tasuki risk`.
type riskRun struct {
	console
	absent []string
	rate   float64 // how much of the time everybody is absent
	json   bool
	table  mapFlags
}

func riskCommand() *cobra.Command {
	var r riskRun
	cmd := &cobra.Command{Use: "risk FILE [--absent NAME…]", Args: cobra.MinimumNArgs(1),
		Short: "See what hangs on single people in a skill map, without an installation",
		Long: "Read a skill map (XLSX, CSV, TSV or JSON; - reads it from the input) and print its coverage, its bus and truck\n" +
			"factors, the groups of people whose loss breaks a skill, and what the absence of one, two or three takes away.\n\n" +
			"Tables are read as people keep them: names on either side, ◎○△×, ●◕◑◔○, A to D, 1 to 5, 0 to 4 or Lv3, with or\n" +
			"without a legend. Each skill needs one person at level 3 unless the table has a line 必要人数 or 必要レベル.\n" +
			"Whatever could be read otherwise is named with its cell. In JSON a map is\n\n" +
			`  {"members":["Aoi"],"skills":[{"id":"FOR","required_level":3,"minimum":1,"critical":true,"weight":1}],"levels":{"Aoi":{"FOR":4}}}` + "\n\n" +
			"Only id is needed of a skill; the other values above are the usual ones. Levels are 0 to 4; one that is missing or\n" +
			"null is not assessed. Where a critical skill is below its minimum already, the truck factor is 0 (its witness is\n" +
			"the group of nobody) and the resilience 0, while minimal cuts and worst losses speak of the other skills.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && len(r.absent) == 0 {
				return errors.New("one file, please; names of absent people follow --absent")
			}
			r.absent = append(r.absent, args[1:]...) // --absent Aoi Ben
			if err := r.open(cmd); err != nil {
				return err
			}
			return r.run(cmd, args[0])
		}}
	f := cmd.Flags()
	r.table.add(cmd)
	f.StringArrayVar(&r.absent, "absent", nil, "names of people to leave out")
	f.Float64Var(&r.rate, "absence-rate", 0.1, "how much of the time everybody is absent, from 0 to 1")
	f.BoolVar(&r.json, "json", false, "print JSON")
	r.languageFlag(cmd)
	return cmd
}

func (r riskRun) run(cmd *cobra.Command, path string) error {
	if !(r.rate >= 0 && r.rate <= 1) {
		return fmt.Errorf("--absence-rate is from 0 to 1, not %v", r.rate)
	}
	m, err := r.read(path)
	if err != nil {
		return fmt.Errorf("%s: %s", path, r.sentence(err))
	}
	r.leftOut(m.unknown)
	if m.needsRead > 0 {
		fmt.Fprintln(r.err, r.t("risk_file.needs_read", "Count", m.needsRead))
	}
	for _, d := range m.doubts {
		fmt.Fprintln(r.err, r.doubt(d))
	}
	full := m.department()
	gone, err := r.positions(full.Members)
	if err != nil {
		return err
	}
	if r.json {
		return r.printJSON(cmd.Context(), full.Without(gone...))
	}
	return r.print(cmd.Context(), full.WhatIf(gone...), full.Names(gone))
}

// read reads a file by its kind.
func (r riskRun) read(path string) (skillMap, error) {
	in, err := r.input(path)
	if err != nil {
		return skillMap{}, err
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, sheet.MaxFile+1))
	switch {
	case err != nil:
		return skillMap{}, err
	case len(content) > sheet.MaxFile:
		return skillMap{}, jsonfile.Problem{Rule: "too_large", Args: []any{"Limit", sheet.MaxFile >> 20}}
	}
	if isTable(path, content) {
		options, err := r.table.options()
		if err != nil {
			return skillMap{}, err
		}
		return readSkillMapTable(path, content, options)
	}
	decoded, _, err := text.Decode(content, "")
	if err != nil {
		return skillMap{}, jsonfile.Problem{Rule: "not_json"}
	}
	return readSkillMapJSON(decoded)
}

// positions finds the absent people by their names, as they are written or in
// another form of the same letters.
func (r riskRun) positions(members []string) ([]int, error) {
	var gone []int
	for _, name := range r.absent {
		p := slices.Index(members, name)
		if p < 0 {
			alike := func(m string) bool { return text.Key(m) == text.Key(name) }
			if p = slices.IndexFunc(members, alike); p >= 0 && slices.ContainsFunc(members[p+1:], alike) {
				return nil, errors.New(r.t("risk_file.two_members", "Name", printable(name)))
			}
		}
		if p < 0 {
			return nil, errors.New(r.t("risk_file.no_member", "Name", printable(name), "Names", r.names(members[:min(10, len(members))])))
		}
		if !slices.Contains(gone, p) {
			gone = append(gone, p)
		}
	}
	return gone, nil
}
