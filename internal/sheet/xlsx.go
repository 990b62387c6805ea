package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"tasuki/internal/text"
)

// Limits inside a workbook: a cell in the last column makes its reader build the whole
// row, and one merged range over another fills the same rows again.
const (
	maxXML   = 10 << 20   // bytes of one part that are kept in memory
	maxCells = 10_000_000 // cells visited
)

// readXLSX reads one sheet of a workbook: the wanted one, else the first that people
// can see and that has rows.
func readXLSX(b *builder, content []byte, want string) error {
	return withWorkbook(content, func(w *workbook) error { return w.read(b, want) })
}

// withWorkbook opens a workbook within the limits for as long as read takes.
func withWorkbook(content []byte, read func(*workbook) error) (err error) {
	defer func() {
		// A broken workbook can bring its library down; to people it is just broken.
		if recover() != nil {
			err = ErrDamaged
		}
	}()
	parts, err := openZip(content)
	if err != nil {
		return err
	}
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		UnzipSizeLimit: MaxFile, UnzipXMLSizeLimit: maxXML, CultureInfo: excelize.CultureNameJaJP,
		ShortDatePattern: "yyyy/m/d", LongDatePattern: `yyyy"年"m"月"d"日"`, LongTimePattern: "h:mm:ss",
	})
	if err != nil {
		return ErrDamaged
	}
	defer f.Close() // removes its temporary files
	w := workbook{f: f, parts: parts}
	if w.is1904, err = dates1904(f); err != nil {
		return ErrDamaged
	}
	return read(&w)
}

// openZip opens the archive and makes sure that it holds a workbook and unpacks to no
// more than its table of contents says and MaxFile allows.
func openZip(content []byte) (*zip.Reader, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, ErrDamaged
	}
	var total uint64
	isWorkbook := false
	for _, part := range archive.File {
		if total += min(part.UncompressedSize64, MaxFile+1); total > MaxFile {
			return nil, ErrTooLarge
		}
		isWorkbook = isWorkbook || strings.HasPrefix(strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/")), "xl/")
	}
	if !isWorkbook {
		return nil, ErrNotSupported
	}
	for _, part := range archive.File {
		if err := tellsItsSize(part); err != nil {
			return nil, err
		}
	}
	return archive, nil
}

// tellsItsSize unpacks a part without keeping it: one that is longer than it says is
// made to get past the limit.
func tellsItsSize(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return ErrDamaged
	}
	defer r.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(r, int64(part.UncompressedSize64)+1))
	if err != nil || uint64(n) > part.UncompressedSize64 {
		return ErrDamaged
	}
	return nil
}

func dates1904(f *excelize.File) (bool, error) {
	props, err := f.GetWorkbookProps()
	return props.Date1904 != nil && *props.Date1904, err
}

type workbook struct {
	f       *excelize.File
	parts   *zip.Reader
	is1904  bool
	visited int // cells, for maxCells
}

func (w *workbook) read(b *builder, want string) error {
	t := &b.table
	t.Sheets = w.visible()
	if want != "" {
		if !slices.Contains(t.Sheets, want) {
			return ErrNoSheet
		}
		return w.readSheet(b, want)
	}
	for _, name := range t.Sheets {
		if err := w.readSheet(b, name); err != nil || len(t.Rows) > 0 {
			return err
		}
	}
	return nil // without rows, which the caller tells
}

// visible returns the names of the sheets that people can see.
func (w *workbook) visible() (names []string) {
	for _, name := range w.f.GetSheetList() {
		if visible, err := w.f.GetSheetVisible(name); err == nil && visible {
			names = append(names, name)
		}
	}
	return names
}

// readSheet adds the rows of a sheet.
func (w *workbook) readSheet(b *builder, name string) error {
	grid, more, err := w.grid(name)
	if err != nil {
		return err
	}
	b.table.Sheet, b.table.Notes, b.table.Columns = name, nil, nil
	extras, err := readExtras(w.parts, name)
	if err != nil {
		return err
	}
	fillDown(grid, extras.merged, maxCells)
	for _, cell := range extras.formulas {
		b.note(NoteFormula, cell.row, cell.name)
	}
	b.rowsCut = more
	b.addGrid(grid)
	var others []string
	for _, other := range b.table.Sheets {
		if other != name && w.hasRows(other) {
			others = append(others, other)
		}
	}
	if len(others) > 0 {
		b.note(NoteMoreSheets, 0, strings.Join(others, " / "))
	}
	return nil
}

// hasRows tells whether there is something near the top of a sheet.
func (w *workbook) hasRows(name string) bool {
	rows, err := w.f.Rows(name)
	if err != nil {
		return false
	}
	defer rows.Close()
	for line := 0; line < headingRows && rows.Next(); line++ {
		cells, err := rows.Columns()
		w.visited += len(cells)
		if err != nil || w.visited > maxCells {
			return false
		}
		if !blank(cells) {
			return true
		}
	}
	return false
}

// grid returns the rows with content as people see them, and how many more there are.
func (w *workbook) grid(name string) (grid []Row, more int, err error) {
	shown, err := w.f.Rows(name)
	if err != nil {
		return nil, 0, ErrDamaged
	}
	defer shown.Close()
	raw, err := w.f.Rows(name)
	if err != nil {
		return nil, 0, ErrDamaged
	}
	defer raw.Close()
	for line := 1; shown.Next() && raw.Next(); line++ {
		cells, err := shown.Columns()
		if err != nil {
			return nil, 0, ErrDamaged
		}
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, 0, ErrDamaged
		}
		if w.visited += len(cells); w.visited > maxCells {
			return nil, 0, ErrTooLarge
		}
		switch {
		case blank(cells):
		case len(grid) > MaxRows+headingRows:
			more++
		default:
			grid = append(grid, Row{Line: line, Cells: w.dates(cells[:filledWidth(cells)], values)})
		}
	}
	if shown.Error() != nil || raw.Error() != nil {
		return nil, 0, ErrDamaged
	}
	return grid, more, nil
}

var dateShown = regexp.MustCompile(`[年月]|(?:^|\D)\d{1,2}[/-]\d{1,2}(?:\D|$)|\d{4}[/-]\d{1,2}(?:\D|$)|\d\.\d{1,2}\.\d|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`)

// firstDay and lastDay bound, in Excel's numbers, what is taken for a day: 1927 to 9999.
const (
	firstDay = 10_000
	lastDay  = 2_958_465
)

// dates writes out the days that their format shows in part only (4月1日, Apr-26) or
// that its reader does not know (an era).
func (w *workbook) dates(shown, raw []string) []string {
	for i, cell := range shown {
		if i >= len(raw) || cell == raw[i] || !dateShown.MatchString(cell) {
			continue
		}
		number, err := strconv.ParseFloat(raw[i], 64)
		if err != nil || number < firstDay || number > lastDay {
			continue
		}
		moment, err := excelize.ExcelDateToTime(number, w.is1904)
		if err != nil || sameDay(cell, moment) {
			continue
		}
		shown[i] = moment.Format("2006/1/2")
		if h, m, s := moment.Clock(); h+m+s > 0 {
			shown[i] = moment.Format("2006/1/2 15:04:05")
		}
	}
	return shown
}

// sameDay tells whether a cell names the moment's day, year included.
func sameDay(cell string, moment time.Time) bool {
	for _, year := range []int{0, 40} { // a day without a year moves along
		y, m, d, ok := text.ParseDate(cell, moment.AddDate(year, 0, 0))
		if !ok || y != moment.Year() || m != int(moment.Month()) || d != moment.Day() {
			return false
		}
	}
	return true
}

// fillDown gives the rows of a merged range the value of its first cell, as people
// read it, up to budget cells.
func fillDown(grid []Row, merged []area, budget int) {
	for _, m := range merged {
		at, found := slices.BinarySearchFunc(grid, m.top, func(r Row, line int) int { return r.Line - line })
		if !found || m.left >= len(grid[at].Cells) || m.left >= MaxColumns {
			continue
		}
		value := grid[at].Cells[m.left]
		for at++; at < len(grid) && grid[at].Line <= m.bottom && budget > 0; at++ {
			budget--
			row := &grid[at]
			for len(row.Cells) <= m.left {
				row.Cells = append(row.Cells, "")
			}
			if row.Cells[m.left] == "" {
				row.Cells[m.left] = value
			}
		}
	}
}
