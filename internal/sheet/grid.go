package sheet

import "strings"

// headingRows is how far below the top the headings are looked for.
const headingRows = 30

// addGrid finds the headings among rows of cells and adds what stands below them.
func (b *builder) addGrid(grid []Row) {
	at, found := headingsAt(grid)
	if found {
		b.table.Columns = append([]string(nil), grid[at].Cells[:min(filledWidth(grid[at].Cells), MaxColumns)]...)
		at++
	} else if len(grid) > 0 {
		b.note(NoteNoHeadings, 0, "")
	}
	for _, row := range grid[min(at, len(grid)):] {
		b.add(row.Line, unguard(row.Cells))
	}
}

// headingsAt returns the row that holds the headings: the first that is filled as
// wide as the rows below it, which leaves titles and remarks above the table out.
func headingsAt(grid []Row) (int, bool) {
	top := grid[:min(len(grid), headingRows)]
	widest := 0
	for _, row := range top {
		widest = max(widest, filled(row.Cells))
	}
	for i, row := range top {
		if n := filled(row.Cells); n > 0 && 2*n > widest {
			return i, !looksLikeContent(row.Cells)
		}
	}
	return 0, false
}

// looksLikeContent tells whether a row holds sentences rather than headings.
func looksLikeContent(cells []string) bool {
	for _, cell := range cells {
		cell = strings.TrimSpace(cell)
		if strings.HasSuffix(cell, "。") || len([]rune(cell)) > 60 {
			return true
		}
	}
	return false
}
