package sheet

import (
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"tasuki/internal/text"
)

// SkillMapWords are the headings of a written skill map, in words that ReadSkillMap
// knows.
type SkillMapWords struct {
	About                         string // above the table: it must say "0～4"
	Category, Name, Mail, Kind    string
	Now, Target                   string
	RequiredLevel, RequiredPeople string
}

// notAssessed stands where nobody knows a level; a blank cell could be overlooked, and
// a table whose last lines are blank would end before them.
const notAssessed = "―"

// Lines returns a map as the rows of a table that ReadSkillMap reads back: people in
// rows, and a second row for the targets of each where there are any.
func (m SkillMap) Lines(w SkillMapWords) [][]string {
	paired := false
	for _, row := range m.Targets {
		for _, level := range row {
			paired = paired || level != nil
		}
	}
	lead := func(name, mail, kind string) []string {
		if paired {
			return []string{name, mail, kind}
		}
		return []string{name, mail}
	}
	rows := [][]string{{w.About}, append(lead(w.Category, "", ""), m.Categories...), append(lead(w.Name, w.Mail, w.Kind), m.Skills...)}
	for p, name := range m.People {
		rows = append(rows, append(lead(name, m.Mails[p], w.Now), marks(m.Levels[p])...))
		if paired {
			rows = append(rows, append(lead(name, m.Mails[p], w.Target), marks(m.Targets[p])...))
		}
	}
	return append(rows, append(lead(w.RequiredLevel, "", ""), marks(m.RequiredLevels)...), append(lead(w.RequiredPeople, "", ""), marks(m.RequiredPeople)...))
}

func marks(numbers []*int) []string {
	list := make([]string, len(numbers))
	for i, n := range numbers {
		if list[i] = notAssessed; n != nil {
			list[i] = strconv.Itoa(*n)
		}
	}
	return list
}

// SkillMapSheet is one sheet of a workbook with the rows of a map.
type SkillMapSheet struct {
	Name string
	Rows [][]string
}

// WriteXLSX writes sheets as a workbook. Figures are numbers and everything else is
// text, which no spreadsheet takes for a formula; what begins like one has a ' before
// it, so that saving the sheet as CSV does not make it one.
func WriteXLSX(w io.Writer, sheets []SkillMapSheet) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, s := range sheets {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", s.Name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(s.Name); err != nil {
			return err
		}
		if err := writeSheet(f, s); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func writeSheet(f *excelize.File, s SkillMapSheet) error {
	out, err := f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	// Names stay in sight while people look at the far end of a large map.
	lead := 2
	if len(s.Rows) > 2 && len(s.Rows[2]) > 2 && len(s.Rows[1]) > 2 && s.Rows[1][2] == "" {
		lead = 3
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: lead, YSplit: 3, TopLeftCell: cellName(lead, 4), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := out.SetColWidth(1, 2, 20); err != nil {
		return err
	}
	for i, row := range s.Rows {
		cells := make([]any, len(row))
		for c, cell := range row {
			cells[c] = cellValue(cell, i > 2 && c >= lead)
		}
		if err := out.SetRow(cellName(0, i+1), cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cellValue is a number where a figure was meant, and text elsewhere.
func cellValue(cell string, figure bool) any {
	if n, err := strconv.Atoi(cell); err == nil && figure {
		return n
	}
	return guard(text.Clean(cell))
}
