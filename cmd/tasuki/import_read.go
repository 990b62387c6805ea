package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tasuki/internal/sheet"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// importReading is how files are read.
type importReading struct {
	options sheet.Options
	kind    string
	maps    []string // "列名=field"
	now     time.Time
}

// readFile is what was found out about a file.
type readFile struct {
	Name     string        `json:"file"`
	Format   sheet.Format  `json:"format"`
	Encoding string        `json:"encoding,omitempty"`
	Sheet    string        `json:"sheet,omitempty"`
	Sheets   []string      `json:"sheets,omitempty"`
	Rows     int           `json:"rows"`
	Columns  []string      `json:"columns"`
	Mapping  sheet.Mapping `json:"mapping"`
	Notes    []sheet.Note  `json:"notes,omitempty"`
}

// files reads every file; one that cannot be read stops the command before anything
// is written.
func (r importReading) files(paths []string) (files []readFile, rows []team.Incoming, err error) {
	matched := map[string]bool{}
	for _, path := range paths {
		t, err := r.table(path)
		if err != nil {
			return nil, nil, fmt.Errorf("nothing was changed: %s: %s", path, whyUnread(err))
		}
		mapping, err := r.mapping(t, matched)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, readFile{t.File, t.Format, t.Encoding, t.Sheet, t.Sheets, len(t.Rows), t.Columns, mapping, t.Notes})
		rows = append(rows, t.Incoming(mapping, r.now)...)
	}
	for _, m := range r.maps {
		if !matched[m] {
			return nil, nil, fmt.Errorf("--map %q: no file has that column; the first has: %s", m, strings.Join(files[0].Columns, ", "))
		}
	}
	return files, rows, nil
}

func (r importReading) table(path string) (sheet.Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return sheet.Table{}, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, sheet.MaxFile+1))
	if err != nil {
		return sheet.Table{}, err
	}
	return sheet.Read(filepath.Base(path), content, r.options)
}

// mapping guesses what the columns fill, and puts what --map says in its place.
func (r importReading) mapping(t sheet.Table, matched map[string]bool) (sheet.Mapping, error) {
	m := sheet.Guess(t)
	if r.kind != "" {
		if !slices.Contains(sheet.Kinds, sheet.Kind(r.kind)) {
			return m, fmt.Errorf("--kind is articles or consultations, not %q", r.kind)
		}
		m = sheet.GuessAs(t, sheet.Kind(r.kind))
	}
	for _, one := range r.maps {
		column, field, ok := strings.Cut(one, "=")
		if !ok {
			return m, fmt.Errorf(`--map %q: write "column=field"`, one)
		}
		if field != "" && !slices.Contains(m.Kind.Fields(), sheet.Field(field)) {
			return m, fmt.Errorf("--map %q: %s have no field %q; they have: %v", one, m.Kind, field, m.Kind.Fields())
		}
		for i, name := range t.Columns {
			if text.Key(name) == text.Key(column) {
				m.Fields[i], matched[one] = sheet.Field(field), true
			}
		}
	}
	return m, nil
}

func namesOf(paths []string) string {
	var names []string
	for _, p := range paths[:min(len(paths), 3)] {
		names = append(names, filepath.Base(p))
	}
	name := strings.Join(names, ", ")
	if len(paths) > len(names) {
		name += fmt.Sprintf(" … (%d)", len(paths))
	}
	return name
}

// printFiles says what was found out; files that are alike are shown once.
func printFiles(out io.Writer, files []readFile) {
	for i, f := range files {
		alike := i > 0 && f.Format == files[i-1].Format && f.Encoding == files[i-1].Encoding && slices.Equal(f.Columns, files[i-1].Columns)
		if alike {
			fmt.Fprintf(out, "%s: the same, %d rows\n", f.Name, f.Rows)
		} else {
			printFile(out, f)
		}
		for _, n := range f.Notes {
			fmt.Fprintf(out, "  note: %s\n", noteText(n))
		}
	}
}

func printFile(out io.Writer, f readFile) {
	about := []string{string(f.Format)}
	if f.Encoding != "" {
		about = append(about, f.Encoding)
	}
	if len(f.Sheets) > 1 {
		about = append(about, fmt.Sprintf("sheet %s (of %s)", f.Sheet, strings.Join(f.Sheets, ", ")))
	}
	fmt.Fprintf(out, "%s: %s, %d rows → %s\n", f.Name, strings.Join(about, ", "), f.Rows, f.Mapping.Kind)
	for i, column := range f.Columns {
		field := string(f.Mapping.Fields[i])
		if field == "" {
			field = "(left out)"
		}
		fmt.Fprintf(out, "  %s → %s\n", text.Snippet(column, 30), field)
	}
}

func noteText(n sheet.Note) string {
	s := strings.ReplaceAll(string(n.Kind), "_", " ")
	if n.Detail != "" {
		s += ": " + text.Snippet(n.Detail, 80)
	}
	if n.Line > 0 {
		s += fmt.Sprintf(" (line %d)", n.Line)
	}
	return s
}

// shownRows is how many rows that need somebody are printed; --json prints all.
const shownRows = 30

func printPlan(out io.Writer, p team.ImportPlan) {
	c := p.Counts
	fmt.Fprintf(out, "%d new, %d changed, %d the same, %d kept as edited, %d duplicates, %d with problems\n", c[team.ImportNew], c[team.ImportChange],
		c[team.ImportSame], c[team.ImportKeep], c[team.ImportDuplicate], c[team.ImportProblem])
	shown := 0
	for _, r := range p.Rows {
		line := rowText(r)
		if line == "" {
			continue
		}
		if shown++; shown <= shownRows {
			fmt.Fprintln(out, " ", line)
		}
	}
	if shown > shownRows {
		fmt.Fprintf(out, "  … and %d more; --json prints them all\n", shown-shownRows)
	}
	for _, names := range []struct {
		what string
		list []string
	}{{"Topics", p.Topics}, {"Departments", p.Departments}, {"Answered by", p.Answerers}} {
		if len(names.list) > 0 {
			fmt.Fprintf(out, "%s not known here: %s\n", names.what, text.Snippet(strings.Join(names.list, ", "), 200))
		}
	}
}

// rowText says what is special about a row, or "".
func rowText(r team.ImportRow) string {
	at := fmt.Sprintf("%s:%d: ", r.File, r.Line)
	switch r.Action {
	case team.ImportProblem:
		var parts []string
		for _, p := range r.Problems {
			parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s is %s", p.Field, strings.ReplaceAll(string(p.Rule), "_", " "))))
		}
		return at + "left out: " + strings.Join(parts, ", ")
	case team.ImportDuplicate:
		return at + fmt.Sprintf("left out: the same as %s:%d", r.FirstFile, r.FirstLine)
	case team.ImportKeep:
		why := "edited since"
		if r.Renamed {
			why = "another title"
		}
		return at + fmt.Sprintf("kept (%s; --update all replaces): %s", why, text.Snippet(r.Title, 60))
	case team.ImportChange:
		var fields []string
		for _, c := range r.Changes {
			fields = append(fields, c.Field)
		}
		return at + fmt.Sprintf("changes %s: %s", strings.Join(fields, ", "), text.Snippet(r.Title, 60))
	}
	return ""
}
