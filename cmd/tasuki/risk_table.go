package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"tasuki/internal/jsonfile"
	"tasuki/internal/risk"
	"tasuki/internal/sheet"
	"tasuki/internal/text"
)

// isTable tells a workbook or a table of cells from JSON: by the name, and where that
// does not tell, by what the file holds.
func isTable(path string, content []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls":
		return true
	case ".json":
		return false
	}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return true
	}
	decoded, _, err := text.Decode(content, "")
	decoded = strings.TrimSpace(decoded)
	return err == nil && decoded != "" && !strings.ContainsAny(decoded[:1], "{[") && strings.ContainsAny(decoded, "\t,;")
}

// readSkillMapTable reads a table that people keep. Its errors are of jsonfile.Problem.
func readSkillMapTable(path string, content []byte, o sheet.SkillMapOptions) (skillMap, error) {
	name := filepath.Base(path)
	if path == "-" {
		name = ""
	}
	table, err := sheet.ReadSkillMap(name, content, o)
	if err != nil {
		return skillMap{}, tableProblem(err)
	}
	if len(table.People) > mostEntries || len(table.Skills) > mostEntries {
		return skillMap{}, jsonfile.Problem{Rule: "too_many", Args: []any{"Limit", mostEntries}}
	}
	m := newSkillMap(table.People, table.Skills, func(p, s int) int {
		if level := table.Levels[p][s]; level != nil {
			return *level
		}
		return risk.NotAssessed
	})
	for s := range m.skills {
		level, people := table.RequiredLevels[s], table.RequiredPeople[s]
		if level != nil {
			m.skills[s].Required = *level
		}
		if people != nil {
			m.skills[s].Minimum = *people
		}
		if level != nil || people != nil {
			m.needsRead++
		}
	}
	m.doubts = table.Doubts
	return m, nil
}

// tableProblem says why a table cannot be read.
func tableProblem(err error) error {
	for _, known := range []struct {
		err  error
		rule string
	}{{sheet.ErrNoSkillMap, "no_skill_map"}, {sheet.ErrNoRows, "no_skill_map"}, {sheet.ErrNoSheet, "no_sheet"}, {sheet.ErrTooLarge, "table_too_large"},
		{sheet.ErrPassword, "table_password"}, {sheet.ErrDamaged, "table_damaged"}, {sheet.ErrNotSupported, "table_not_read"}} {
		if errors.Is(err, known.err) {
			return jsonfile.Problem{Rule: known.rule}
		}
	}
	return err
}

// doubt says what is not sure, and where.
func (r riskRun) doubt(d sheet.Doubt) string {
	detail := printable(d.Detail)
	switch d.Kind {
	case sheet.DoubtScale:
		detail = r.t("skill_map_scale." + d.Detail)
	case sheet.DoubtPeople:
		detail = r.t("skill_map_side." + d.Detail)
	}
	said := r.t("skill_map_doubt."+string(d.Kind), "Detail", detail)
	return strings.Join(slices.DeleteFunc([]string{d.Cell, said}, func(s string) bool { return s == "" }), ": ")
}
