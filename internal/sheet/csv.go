package sheet

import (
	"encoding/csv"
	"slices"
	"strings"
	"unicode/utf8"
)

// separators are what people and programs put between cells, the surest sign first.
const separators = "\t,;|"

// readCSV reads cells between separators that the content tells. s has line feeds only.
func readCSV(b *builder, s string) error {
	grid, err := csvGrid(b, s)
	if err == nil {
		b.addGrid(grid)
	}
	return err
}

// csvGrid returns the rows of cells and notes what was wrong with them.
func csvGrid(b *builder, s string) ([]Row, error) {
	s, skipped, comma := declaredSeparator(s)
	if comma == 0 {
		comma = separatorOf(s, b.table.Format)
	}
	if comma == '\t' {
		b.table.Format = FormatTSV
	} else {
		b.table.Format = FormatCSV
	}
	s, open, err := mendQuotes(s, comma)
	if err != nil {
		return nil, err
	}
	for _, line := range open {
		b.note(NoteOpenQuote, line+skipped, "")
	}
	grid, more := readRecords(s, comma)
	for i := range grid {
		grid[i].Line += skipped
	}
	b.rowsCut = more
	return grid, nil
}

// declaredSeparator reads Excel's first line "sep=;" and returns what follows it, how
// many lines it took, and the separator; 0 where there is none.
func declaredSeparator(s string) (rest string, lines int, comma rune) {
	line, rest, _ := strings.Cut(s, "\n")
	line = strings.Trim(line, "\"")
	if len(line) < 5 || !strings.EqualFold(line[:4], "sep=") {
		return s, 0, 0
	}
	comma, size := utf8.DecodeRuneInString(line[4:])
	if 4+size != len(line) || comma == '"' || comma == utf8.RuneError {
		return s, 0, 0
	}
	return rest, 1, comma
}

// separatorOf finds the separator that gives the most rows the same number of cells,
// and of several the one that gives more cells.
func separatorOf(s string, format Format) rune {
	counts := countSeparators(s, 200)
	best, bestRows, bestCells := ',', 0, 0
	if format == FormatTSV {
		best = '\t'
	}
	for i, comma := range separators {
		rows, cells := commonest(counts, i)
		more := rows > bestRows || rows == bestRows && cells > bestCells
		if more || rows > 0 && rows == bestRows && cells == bestCells && comma == best {
			best, bestRows, bestCells = comma, rows, cells
		}
	}
	return best
}

// commonest returns how many records have the separator equally often, and how often.
func commonest(counts [][len(separators)]int, separator int) (rows, times int) {
	seen := map[int]int{}
	for _, record := range counts {
		n := record[separator]
		if n == 0 {
			continue
		}
		if seen[n]++; seen[n] > rows || seen[n] == rows && n > times {
			rows, times = seen[n], n
		}
	}
	return rows, times
}

// countSeparators counts each separator outside quotation marks in the first records.
func countSeparators(s string, records int) [][len(separators)]int {
	var list [][len(separators)]int
	var here [len(separators)]int
	quoted, start := false, true
	for i := 0; i < len(s) && len(list) < records; i++ {
		c := s[i]
		at := strings.IndexByte(separators, c)
		switch {
		case quoted:
			if c == '"' && (i+1 == len(s) || s[i+1] == '\n' || strings.IndexByte(separators, s[i+1]) >= 0) {
				quoted = false
			} else if c == '"' && s[i+1] == '"' {
				i++
			}
			continue
		case c == '"' && start:
			quoted = true
		case c == '\n':
			list = append(list, here)
			here = [len(separators)]int{}
		case at >= 0:
			here[at]++
		}
		start = c == '\n' || at >= 0
	}
	return append(list, here)
}

// Limits of mendQuotes: how many quotation marks are mended, and how many cells a row
// may have at all (as many as in Excel).
const (
	maxMended = 20
	maxWide   = 16_384
)

// mendQuotes takes away the quotation marks that open a cell and that nothing closes,
// because all that follows would become one cell. It returns their lines.
func mendQuotes(s string, comma rune) (mended string, lines []int, err error) {
	for range maxMended {
		at, widest := scanQuotes(s, comma)
		if widest > maxWide {
			return "", nil, ErrTooLarge
		}
		if at < 0 {
			break
		}
		lines = append(lines, 1+strings.Count(s[:at], "\n"))
		s = s[:at] + s[at+1:]
	}
	return s, lines, nil
}

// scanQuotes returns where a quotation mark stands that opens a cell and that nothing
// closes, -1 without one, and the most separators in a record.
func scanQuotes(s string, comma rune) (open, widest int) {
	open = -1
	sep := string(comma)
	start, wide := true, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if open >= 0 {
			if c != '"' {
				continue
			}
			switch next := s[i+1:]; {
			case strings.HasPrefix(next, `"`):
				i++
			case next == "" || next[0] == '\n' || strings.HasPrefix(next, sep):
				open = -1
			case s[i-1] == '\n' || strings.HasSuffix(s[:i], sep):
				return open, widest // another cell opens: the one before was never closed
			}
			start = false
			continue
		}
		isSep := c == sep[0] && strings.HasPrefix(s[i:], sep)
		switch {
		case start && c == '"':
			open = i
		case isSep:
			wide++
			widest = max(widest, wide)
			i += len(sep) - 1
		case c == '\n':
			wide = 0
		}
		start = c == '\n' || isSep
	}
	return open, widest
}

// readRecords splits s into records and returns those with content, as many as can
// become rows, and how many more there are.
func readRecords(s string, comma rune) (grid []Row, more int) {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	for {
		cells, err := r.Read()
		if err != nil {
			return grid, more // only the end: nothing is a mistake to a lazy reader
		}
		switch {
		case blank(cells):
		case len(grid) > MaxRows+headingRows:
			more++
		default:
			line, _ := r.FieldPos(0)
			grid = append(grid, Row{Line: line, Cells: slices.Clone(cells[:filledWidth(cells)])})
		}
	}
}
