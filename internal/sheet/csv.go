package sheet

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// separators are what people and programs put between cells, the surest sign first.
const separators = "\t,;|"

// readCSV reads cells between separators that the content tells. s has line feeds only.
func readCSV(b *builder, s string) error {
	s, skipped, comma := declaredSeparator(s)
	if comma == 0 {
		comma = separatorOf(s, b.table.Format)
	}
	if comma == '\t' {
		b.table.Format = FormatTSV
	} else {
		b.table.Format = FormatCSV
	}
	grid, openQuote := readRecords(s, comma)
	if openQuote > 0 {
		b.note(NoteOpenQuote, openQuote+skipped, "")
	}
	for i := range grid {
		grid[i].Line += skipped
	}
	b.addGrid(grid)
	return nil
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

// separatorOf finds the separator that gives the most rows the same number of cells.
func separatorOf(s string, format Format) rune {
	counts := countSeparators(s, 200)
	best, bestScore := ',', 0
	if format == FormatTSV {
		best = '\t'
	}
	for i, comma := range separators {
		seen := map[int]int{}
		score := 0
		for _, record := range counts {
			if n := record[i]; n > 0 {
				seen[n]++
				score = max(score, seen[n])
			}
		}
		if score > bestScore || score == bestScore && score > 0 && comma == best {
			best, bestScore = comma, score
		}
	}
	return best
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

// readRecords splits s into records. openQuote is the line of a quotation mark that
// nothing closes, 0 without one; its cell then ends with its line.
func readRecords(s string, comma rune) (grid []Row, openQuote int) {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return grid, openQuote
		}
		if err != nil {
			return grid, openQuote
		}
		line, _ := r.FieldPos(0)
		grid = append(grid, Row{Line: line, Cells: append([]string(nil), cells...)})
	}
}
