package sheet

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"tasuki/internal/text"
)

// WriteCSV writes a table as Excel opens it by a double click: UTF-8 with a byte
// order mark, or CP932 for old versions if encoding is text.CP932; line ends are
// CRLF, and cells that would run as a formula begin with a '. Read gives the cells
// back unchanged if they are as text.Clean leaves them; rows without content are
// lost. Letters that CP932 lacks are written as 〓 and returned, each once.
func WriteCSV(w io.Writer, columns []string, rows [][]string, encoding string) ([]rune, error) {
	out := &csvWriter{w: bufio.NewWriter(w), cp932: encoding == text.CP932}
	if !out.cp932 {
		out.w.WriteString("\uFEFF")
	}
	out.row(columns)
	for _, row := range rows {
		out.row(row)
	}
	return out.missing, out.w.Flush()
}

// csvWriter leaves write errors to Flush, which returns the first.
type csvWriter struct {
	w       *bufio.Writer
	cp932   bool
	missing []rune
}

func (c *csvWriter) row(cells []string) {
	quotedCells := make([]string, len(cells))
	for i, cell := range cells {
		quotedCells[i] = quoteCell(guard(cell))
	}
	line := strings.Join(quotedCells, ",") + "\r\n"
	if !c.cp932 {
		c.w.WriteString(line)
		return
	}
	b, missing := text.EncodeCP932(line)
	c.w.Write(b)
	for _, r := range missing {
		if !slices.Contains(c.missing, r) {
			c.missing = append(c.missing, r)
		}
	}
}

// quoteCell puts quotation marks around what holds any separator that programs
// guess at, not only a comma: otherwise a cell full of tabs would become columns.
func quoteCell(s string) string {
	special := strings.ContainsAny(s, separators+"\"\r\n") || strings.TrimSpace(s) != s
	if !special && (len(s) < 4 || !strings.EqualFold(s[:4], "sep=")) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
