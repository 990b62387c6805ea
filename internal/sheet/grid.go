package sheet

import (
	"slices"
	"strings"
	"time"

	"tasuki/internal/text"
)

// headingRows is how far below the top the headings are looked for.
const headingRows = 30

// addGrid finds the headings among rows of cells and adds what stands below them.
func (b *builder) addGrid(grid []Row) {
	if len(grid) == 0 {
		return
	}
	at, found := headingsAt(grid)
	if found {
		cells := unguard(slices.Clone(grid[at].Cells))
		b.table.Columns = cells[:min(filledWidth(cells), MaxColumns)]
		at++
	} else {
		b.note(NoteNoHeadings, 0, "")
	}
	for _, row := range grid[at:] {
		b.add(row.Line, unguard(row.Cells))
	}
}

// headingsAt returns the row that holds the headings: the one with the most that are
// known, else the first that is filled as wide as the rows below it. Both leave out
// titles and remarks above a table. Where that row is content, the rows begin there.
func headingsAt(grid []Row) (at int, found bool) {
	top := grid[:min(len(grid), headingRows)]
	widest, best, most := 0, -1, 1
	for i, row := range top {
		widest = max(widest, filled(row.Cells))
		if n := known(row.Cells); n > most && 2*n >= filled(row.Cells) {
			best, most = i, n
		}
	}
	if best >= 0 {
		return best, true
	}
	for i, row := range top {
		if n := filled(row.Cells); n > 0 && 2*n > widest {
			return i, !looksLikeContent(row.Cells)
		}
	}
	return 0, false
}

// known counts the different fields that a row of headings names exactly.
func known(cells []string) int {
	seen := map[Field]bool{}
	for _, cell := range cells {
		if f, how := fieldOf(cell); how == exactMatch {
			seen[f] = true
		}
	}
	return len(seen)
}

// looksLikeContent tells whether a row holds sentences or days rather than headings.
func looksLikeContent(cells []string) bool {
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		if _, how := fieldOf(cell); how != noMatch {
			return false
		}
		_, _, _, day := text.ParseDate(cell, time.Unix(0, 0))
		if day || strings.HasSuffix(cell, "。") || text.Asks(cell) || text.Runes(cell) > 60 {
			return true
		}
	}
	return false
}
