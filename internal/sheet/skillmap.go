package sheet

import (
	"errors"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"tasuki/internal/text"
)

// ErrNoSkillMap says that a file has no table of people, skills and levels.
var ErrNoSkillMap = errors.New("the file has no skill map")

// SkillMap is who stands where in which skill, as a table says that people keep
// themselves. No name and no skill stands in it twice.
type SkillMap struct {
	File     string
	Format   Format
	Encoding string   // the name text.Decode gave, "" for a workbook
	Sheet    string   // the sheet that was read
	Sheets   []string // all that can be chosen
	PeopleIn PeopleIn
	Scale    Scale

	People     []string
	Mails      []string // of each person, where the table has a column for them; "" without one
	Skills     []string
	Categories []string // of each skill; "" without one
	Levels     [][]*int // 0 to 4, of each person in each skill; nil is not assessed
	Targets    [][]*int // the same; nil is without a target

	// Where each level and each target stands, as in Excel (C5).
	LevelCells, TargetCells [][]string

	// What each skill needs, where the table has a line for it; nil where not.
	RequiredLevels []*int
	RequiredPeople []*int

	Doubts []Doubt
}

// PeopleIn tells on which side of the table the people stand.
type PeopleIn string

// The two sides.
const (
	PeopleInRows    PeopleIn = "rows"
	PeopleInColumns PeopleIn = "columns"
)

// Doubt is something that a person should look at before they trust the map. Cell is
// its address as in Excel (C5), "" where it concerns the whole file.
type Doubt struct {
	Kind   DoubtKind
	Cell   string
	Detail string
}

// DoubtKind says what a Doubt is about.
type DoubtKind string

// The kinds of doubts. Detail holds what is named behind each.
const (
	DoubtMark        DoubtKind = "mark"         // what stands there; read as not assessed
	DoubtWord        DoubtKind = "word"         // the words that were read as a level
	DoubtScale       DoubtKind = "scale"        // the scale that was taken, though others fit as well
	DoubtLegend      DoubtKind = "legend"       // the mark whose meaning is not known, read as usual
	DoubtPeople      DoubtKind = "people"       // the side on which people were taken to stand
	DoubtNoName      DoubtKind = "no_name"      // nothing: levels without a name, left out
	DoubtTwice       DoubtKind = "twice"        // the name; its lines were joined
	DoubtConflict    DoubtKind = "conflict"     // the second level, left out
	DoubtMerged      DoubtKind = "merged"       // the level of a merged range, read for each cell
	DoubtEmptySkill  DoubtKind = "empty_skill"  // a skill in which nobody is assessed, kept
	DoubtEmptyBeside DoubtKind = "empty_beside" // the heading of an empty line beside the map, left out
	DoubtSecondTable DoubtKind = "second_table" // the heading with which another table begins, left out
	DoubtRequirement DoubtKind = "requirement"  // what stands in a line of requirements and is not used
	DoubtFormula     DoubtKind = "formula"      // nothing: a formula without a stored value
	DoubtMoreSheets  DoubtKind = "more_sheets"  // the names of the other sheets with rows
	DoubtUndecodable DoubtKind = "undecodable"  // how many letters
	DoubtOpenQuote   DoubtKind = "open_quote"   // nothing: a quotation mark that is never closed
	DoubtColumnsCut  DoubtKind = "columns_cut"  // nothing: columns over MaxColumns, left out
	DoubtMore        DoubtKind = "more"         // nothing: there are more doubts than are listed
)

// SkillMapOptions override what ReadSkillMap would find out by itself; zero values
// find out.
type SkillMapOptions struct {
	Encoding  string   // one of text.Encodings
	Sheet     string   // name of a sheet
	Members   []string // names that are known to be people
	PeopleIn  PeopleIn
	Scale     Scale
	HeaderRow int // the row of the sheet, from 1, in which the headings stand
}

// mostLines is how many rows a skill map may have; a longer table is none.
const mostLines = 2000

// ReadSkillMap reads a skill map from a workbook or from CSV or TSV, such as a paste
// from Excel under the name "". Its errors are ErrNoSkillMap and those of Read.
func ReadSkillMap(name string, content []byte, o SkillMapOptions) (SkillMap, error) {
	if len(content) > MaxFile {
		return SkillMap{}, ErrTooLarge
	}
	format, err := formatOf(name, content)
	if err != nil {
		return SkillMap{}, err
	}
	switch extension := strings.ToLower(path.Ext(name)); {
	case format == FormatXLSX:
		m, err := skillMapInWorkbook(content, o)
		m.File, m.Format = name, format
		return m, err
	case format != FormatCSV && format != FormatTSV && extension != "" && extension != ".txt":
		return SkillMap{}, ErrNotSupported
	}
	b := &builder{table: Table{Format: format}}
	s, err := decode(b, content, o.Encoding)
	if err != nil {
		return SkillMap{}, err
	}
	grid, err := csvGrid(b, s)
	if err != nil {
		return SkillMap{}, err
	}
	m, err := skillMapIn(grid, nil, o, b.table.Notes)
	m.File, m.Format, m.Encoding = name, b.table.Format, b.table.Encoding
	return m, err
}

// skillMapInWorkbook reads the wanted sheet, else the first that holds a skill map.
func skillMapInWorkbook(content []byte, o SkillMapOptions) (m SkillMap, err error) {
	err = withWorkbook(content, func(w *workbook) error {
		found := false
		var others []string
		defer func() { m.Sheets = w.visible() }()
		for _, name := range w.visible() {
			if o.Sheet == "" && found {
				if w.hasRows(name) {
					others = append(others, name)
				}
				continue
			}
			if o.Sheet != "" && o.Sheet != name {
				continue
			}
			here, err := w.skillMap(name, o)
			switch {
			case errors.Is(err, ErrNoSkillMap) && o.Sheet == "":
			case err != nil:
				return err
			default:
				m, found = here, true
			}
		}
		switch {
		case !found && o.Sheet != "":
			return ErrNoSheet
		case !found:
			return ErrNoSkillMap
		case len(others) > 0:
			m.Doubts = append(m.Doubts, Doubt{DoubtMoreSheets, "", text.Snippet(strings.Join(others, " / "), 200)})
		}
		return nil
	})
	return m, err
}

func (w *workbook) skillMap(name string, o SkillMapOptions) (SkillMap, error) {
	grid, _, err := w.grid(name)
	if err != nil {
		return SkillMap{}, err
	}
	extras, err := readExtras(w.parts, name)
	if err != nil {
		return SkillMap{}, err
	}
	var notes []Note
	for _, cell := range extras.formulas {
		notes = append(notes, Note{Kind: NoteFormula, Detail: cell.name})
	}
	m, err := skillMapIn(grid, extras.merged, o, notes)
	m.Sheet = name
	return m, err
}

// skillMapIn reads the skill map among rows of cells.
func skillMapIn(grid []Row, merged []area, o SkillMapOptions, notes []Note) (SkillMap, error) {
	keys := make([]string, len(o.Members))
	for i, name := range o.Members {
		keys[i] = text.Key(name)
	}
	o.Members = keys
	r := &mapReader{options: o, merged: merged}
	for _, n := range notes {
		switch n.Kind {
		case NoteFormula:
			r.doubt(DoubtFormula, n.Detail, "")
		case NoteUndecodable:
			r.doubt(DoubtUndecodable, "", n.Detail)
		case NoteOpenQuote:
			r.doubt(DoubtOpenQuote, cellName(0, n.Line), "")
		}
	}
	r.load(grid)
	r.readLegend()
	if err := r.findBlock(); err != nil {
		return SkillMap{}, err
	}
	return r.skillMap()
}

// cellName returns the address of a cell; columns count from 0, rows from 1.
func cellName(column, line int) string {
	name, err := excelize.CoordinatesToCellName(column+1, line)
	if err != nil {
		return ""
	}
	return name
}
