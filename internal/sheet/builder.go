package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tasuki/internal/text"
)

// builder collects the rows of a table and keeps its limits.
type builder struct {
	table    Table
	rowsCut  int
	colsCut  int
	moreNote int
}

func (b *builder) note(kind NoteKind, line int, detail string) {
	if len(b.table.Notes) >= maxNotes {
		b.moreNote++
		return
	}
	b.table.Notes = append(b.table.Notes, Note{Kind: kind, Line: line, Detail: text.Snippet(text.Clean(detail), 200)})
}

// full tells whether no more rows fit.
func (b *builder) full() bool { return len(b.table.Rows) >= MaxRows }

// add appends a row; one without content is dropped, one too many is counted.
func (b *builder) add(line int, cells []string) {
	b.colsCut = max(b.colsCut, filledWidth(cells)-MaxColumns)
	row := Row{Line: line, Cells: slices.Clone(cells[:min(len(cells), MaxColumns)])}
	for i, cell := range row.Cells {
		row.Cells[i] = text.Clean(cell)
	}
	if blank(row.Cells) {
		return
	}
	if b.full() {
		b.rowsCut++
		return
	}
	for i := range row.Cells {
		if cut, long := cutRunes(row.Cells[i], MaxCell); long {
			row.Cells[i] = cut
			row.long = append(row.long, i)
		}
	}
	b.table.Rows = append(b.table.Rows, row)
}

// cutRunes returns the first max runes of s, and whether there were more.
func cutRunes(s string, max int) (string, bool) {
	if len(s) <= max {
		return s, false
	}
	n := 0
	for i := range s {
		if n == max {
			return s[:i], true
		}
		n++
	}
	return s, false
}

// column returns the number of a named column, adding it where there is none; -1
// where no more fit.
func (b *builder) column(name string, index map[string]int) int {
	i, known := index[name]
	if known {
		return i
	}
	i = len(b.table.Columns)
	if i >= MaxColumns {
		i = -1
		b.colsCut++
	} else {
		b.table.Columns = append(b.table.Columns, name)
	}
	index[name] = i
	return i
}

// done pads the rows and returns the table; ErrNoRows where there are none.
func (b *builder) done() (Table, error) {
	t := &b.table
	if len(t.Rows) == 0 {
		return Table{}, ErrNoRows
	}
	width := len(t.Columns)
	for _, row := range t.Rows {
		width = max(width, filledWidth(row.Cells))
	}
	for i := len(t.Columns); i < width; i++ {
		t.Columns = append(t.Columns, "")
	}
	for i, name := range t.Columns {
		if t.Columns[i] = heading(name); t.Columns[i] == "" {
			t.Columns[i] = Letter(i)
		}
	}
	for i := range t.Rows {
		row := &t.Rows[i]
		for _, c := range row.long {
			b.note(NoteCellCut, row.Line, t.Columns[c])
		}
		row.Cells = append(row.Cells[:min(len(row.Cells), width)], make([]string, max(0, width-len(row.Cells)))...)
	}
	b.countCut()
	return *t, nil
}

// countCut notes what did not fit.
func (b *builder) countCut() {
	for _, cut := range []struct {
		kind NoteKind
		n    int
	}{{NoteRowsCut, b.rowsCut}, {NoteColumnsCut, b.colsCut}, {NoteNotesCut, b.moreNote}} {
		if cut.n > 0 {
			b.table.Notes = append(b.table.Notes, Note{Kind: cut.kind, Detail: strconv.Itoa(cut.n)})
		}
	}
}

// heading returns a column's name on one line.
func heading(s string) string { return text.Snippet(text.Clean(s), 100) }

// Letter names the column i, counted from 0, as Excel does: A, B, … Z, AA.
func Letter(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = fmt.Sprintf("%c%s", 'A'+(i-1)%26, name)
	}
	return name
}

func blank(cells []string) bool { return filledWidth(cells) == 0 }

// filledWidth returns how many cells there are up to the last that is filled.
func filledWidth(cells []string) int {
	for i := len(cells); i > 0; i-- {
		if strings.TrimSpace(cells[i-1]) != "" {
			return i
		}
	}
	return 0
}

// filled counts the cells that hold something.
func filled(cells []string) int {
	n := 0
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}
