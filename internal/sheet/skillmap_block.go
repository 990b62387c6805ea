package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tasuki/internal/text"
)

// mapReader finds a skill map among rows of cells.
type mapReader struct {
	options SkillMapOptions
	merged  []area
	rows    []Row
	width   int
	like    [][]bool // which cells can be levels
	legend  map[string]int
	doubts  []Doubt

	first, last int   // the rows of the block, lines of totals included
	header      int   // the row right above it
	lines, cols []int // the rows and columns of levels
}

func (r *mapReader) doubt(kind DoubtKind, cell, detail string) {
	switch {
	case len(r.doubts) < maxNotes:
		r.doubts = append(r.doubts, Doubt{kind, cell, text.Snippet(text.Clean(detail), 100)})
	case len(r.doubts) == maxNotes:
		r.doubts = append(r.doubts, Doubt{Kind: DoubtMore})
	}
}

// name returns the address of a cell of r.rows.
func (r *mapReader) name(i, c int) string { return cellName(c, r.rows[i].Line) }

func (r *mapReader) cell(i, c int) string { return r.rows[i].Cells[c] }

// load keeps the cells as a rectangle in which merged ranges are filled.
func (r *mapReader) load(grid []Row) {
	cut := false
	for _, row := range grid {
		w := filledWidth(row.Cells)
		cut = cut || w > MaxColumns
		r.width = max(r.width, min(w, MaxColumns))
	}
	if cut {
		r.doubt(DoubtColumnsCut, "", "")
	}
	for _, row := range grid {
		cells := make([]string, r.width)
		for c, cell := range unguard(row.Cells[:min(len(row.Cells), r.width)]) {
			cells[c], _ = cutRunes(text.Clean(cell), MaxCell)
		}
		r.rows = append(r.rows, Row{Line: row.Line, Cells: cells})
	}
	r.fillMerged()
	for _, row := range r.rows {
		like := make([]bool, r.width)
		for c, cell := range row.Cells {
			like[c] = cell != "" && levelLike(markOf(cell))
		}
		r.like = append(r.like, like)
	}
}

// fillMerged gives each cell of a merged range the value of its first one, as people
// read it. Ranges that lie over one another do not cost more than maxCells.
func (r *mapReader) fillMerged() {
	budget := maxCells
	for _, m := range r.merged {
		at, found := slices.BinarySearchFunc(r.rows, m.top, func(row Row, line int) int { return row.Line - line })
		if !found || m.left >= r.width {
			continue
		}
		value := r.cell(at, m.left)
		for ; value != "" && at < len(r.rows) && r.rows[at].Line <= m.bottom; at++ {
			for c := m.left; c <= min(m.right, r.width-1) && budget > 0; c++ {
				budget--
				if r.rows[at].Cells[c] == "" {
					r.rows[at].Cells[c] = value
				}
			}
		}
	}
}

// findBlock finds the rows and columns in which levels stand. Sparse rows and columns
// belong to it: many people have been assessed in a few skills only.
func (r *mapReader) findBlock() error {
	if !r.findStart() {
		return ErrNoSkillMap
	}
	r.findColumns()
	if r.header < 0 {
		return ErrNoSkillMap
	}
	if r.dropColumns(); len(r.cols) == 0 || r.cols[0] == 0 {
		return ErrNoSkillMap
	}
	r.findEnd()
	r.addColumns()
	if len(r.cols) == 0 || r.cols[0] == 0 {
		return ErrNoSkillMap
	}
	r.findLines()
	if len(r.lines) == 0 {
		return ErrNoSkillMap
	}
	if len(r.lines) > mostLines {
		return ErrTooLarge
	}
	return nil
}

func (r *mapReader) likes(i int) (n int) {
	for _, like := range r.like[i] {
		if like {
			n++
		}
	}
	return n
}

// findStart finds the first row that is at least half as full of levels as the fullest.
func (r *mapReader) findStart() bool {
	most, from := 0, 0
	for i := range r.rows {
		if r.rows[i].Line <= r.options.HeaderRow {
			from = i + 1
			continue
		}
		if !r.counts(i) {
			most = max(most, r.likes(i))
		}
	}
	for i := from; i < len(r.rows); i++ {
		if n := r.likes(i); n >= 2 && 2*n >= most && !r.counts(i) {
			r.first, r.last, r.header = i, len(r.rows)-1, i-1
			return true
		}
	}
	return false
}

// counts tells whether a row only numbers the columns: 1, 2, 3 and no other texts than
// a heading for them.
func (r *mapReader) counts(i int) bool {
	n, others := 0, 0
	for c, cell := range r.rows[i].Cells {
		switch {
		case cell == "":
		case markOf(cell) == strconv.Itoa(n+1) || norm.NFKC.String(cell) == strconv.Itoa(n+1):
			n++
		case c > 0 && n > 0:
			return false
		default:
			others++
		}
	}
	return n >= 3 && others <= 1
}

// findColumns takes the columns that hold levels in a third of the rows, and goes up
// from the first row to sparse ones above it.
func (r *mapReader) findColumns() {
	n, in := 0, make([]int, r.width)
	for i := r.first; i <= r.last; i++ {
		if r.likes(i) == 0 {
			continue
		}
		n++
		for c, like := range r.like[i] {
			if like {
				in[c]++
			}
		}
	}
	for c := range in {
		if in[c] > 0 && 3*in[c] >= n {
			r.cols = append(r.cols, c)
		}
	}
	for r.first > 0 && r.rows[r.header].Line > r.options.HeaderRow && r.sparse(r.header) && !r.counts(r.header) {
		r.first, r.header = r.first-1, r.header-1
	}
}

// sparse tells whether a row holds levels rather than other texts in the columns of
// levels.
func (r *mapReader) sparse(i int) bool {
	levels, others := 0, 0
	for _, c := range r.cols {
		switch {
		case r.like[i][c] && markOf(r.cell(i, c)) != "-":
			levels++
		case r.cell(i, c) != "" && !r.like[i][c]:
			others++
		}
	}
	return levels > 0 && others <= levels
}

// findEnd ends the block where another table begins.
func (r *mapReader) findEnd() {
	for i := r.first; i <= r.last; i++ {
		texts := 0
		for _, c := range r.cols {
			if _, word := meaningOf(r.cell(i, c)); r.cell(i, c) != "" && !r.like[i][c] && !word {
				texts++
			}
		}
		if texts < 2 || 2*texts < len(r.cols) || r.dropped(i) || slices.Equal(r.rows[i].Cells, r.rows[r.header].Cells) {
			continue
		}
		later := slices.IndexFunc(r.like[i:r.last+1], func(row []bool) bool { return slices.Contains(row, true) })
		if r.last = i - 1; later >= 0 && i > r.first {
			r.doubt(DoubtSecondTable, r.name(i, r.cols[0]), r.cell(i, r.cols[0]))
		}
		return
	}
}

// notLevels are the headings of lines that no skill and no person has.
var notLevels = regexp.MustCompile(`^(?i:総計|合計.*|小計|計|平均.*|.*人数(?:合計)?|保有者数?|.*充足.*|必要数|.*備考.*|コメント|メモ|(?:最終)?更新(?:日|者)|記入日|評価日|説明|スキルの?説明|内容|定義|重要度|重み|優先度|(?:スキル|社員|管理)?コード|社員番号|職員番号|年齢|.*年数|年次|.*等級|職級|グレード|点数|得点|順位|(?:必要|要求|求める|基準)(?:な)?レベル|total|sum|average|avg|mean|count|head ?count|required.*|minimum.*|coverage|remarks?|notes?|comments?|updated?|description|importance|weight|priority|code|id|age|grade|score|rank)$`)

var (
	numberTitle = regexp.MustCompile(`^(?i:no\.?|№|番号|項番|連番|#|nr\.?)$`)
	inAnyParens = regexp.MustCompile(`[(\[【][^)\]】]*[)\]】]`)
)

// plain returns a heading without line breaks, brackets and figures around it.
func plain(heading string) string {
	s := strings.ReplaceAll(norm.NFKC.String(heading), "\n", "")
	if bare := strings.TrimSpace(inAnyParens.ReplaceAllString(s, "")); bare != "" {
		s = bare
	}
	return strings.Trim(s, " :※*■◆●")
}

// titles returns the texts above a column, the nearest first.
func (r *mapReader) titles(c int) (list []string) {
	for i := r.header; i >= 0 && i > r.header-3; i-- {
		if s := plain(r.cell(i, c)); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// dropColumns leaves out columns of totals and remarks, running numbers, and labels
// that only look like levels.
func (r *mapReader) dropColumns() {
	r.cols = slices.DeleteFunc(r.cols, func(c int) bool {
		t := r.titles(c)
		return len(t) > 0 && (notLevels.MatchString(t[0]) || numberTitle.MatchString(t[0]) || titleOf(t[0]) != "")
	})
	if len(r.cols) > 1 && r.running(r.cols[0]) {
		r.cols = r.cols[1:]
	}
}

// addColumns takes in the skills or people between the others in which hardly anybody,
// or nobody, has been assessed.
func (r *mapReader) addColumns() {
	from, to := r.cols[0], r.cols[len(r.cols)-1]
	for c := range r.width {
		t := r.titles(c)
		if slices.Contains(r.cols, c) || len(t) == 0 || notLevels.MatchString(t[0]) || numberTitle.MatchString(t[0]) {
			continue
		}
		levels, others := r.filling(c)
		switch {
		case c > from && c < to && others <= levels, c > 0 && (c < from || c > to) && levels > 0 && others == 0 && r.cell(r.header, c) != "":
			r.cols = append(r.cols, c)
		case c > to && levels+others == 0 && r.cell(r.header, c) != "" && r.cell(r.header, c) != r.cell(r.header, c-1):
			r.doubt(DoubtEmptyBeside, r.name(r.header, c), r.cell(r.header, c))
		}
	}
	slices.Sort(r.cols)
}

// running tells whether a column counts the rows: 1, 2, 3, with nothing left of it
// that could name them.
func (r *mapReader) running(c int) bool {
	n := 0
	for i := r.first; i <= r.last; i++ {
		s := norm.NFKC.String(r.cell(i, c))
		if _, err := strconv.Atoi(s); err != nil {
			continue
		}
		if n++; s != strconv.Itoa(n) {
			return false
		}
	}
	return n >= 3
}

// filling counts levels and other texts in a column of the block.
func (r *mapReader) filling(c int) (levels, others int) {
	for i := r.first; i <= r.last; i++ {
		switch {
		case r.like[i][c]:
			levels++
		case r.cell(i, c) != "":
			others++
		}
	}
	return levels, others
}

// labels returns the columns left of the levels.
func (r *mapReader) labels() (list []int) {
	for c := range r.cols[0] {
		if t := r.titles(c); len(t) == 0 || !numberTitle.MatchString(t[0]) && !notLevels.MatchString(t[0]) {
			if !r.running(c) {
				list = append(list, c)
			}
		}
	}
	return list
}

// dropped tells whether a row is one of totals, requirements or remarks.
func (r *mapReader) dropped(i int) bool {
	for c := range r.cols[0] {
		if notLevels.MatchString(plain(r.cell(i, c))) {
			return true
		}
	}
	return false
}

// findLines takes the rows of the block: those with levels, and those with a name
// between them.
func (r *mapReader) findLines() {
	labels, end := r.labels(), r.first
	for i := r.first; i <= r.last; i++ {
		if r.levelsIn(i) > 0 && !r.dropped(i) {
			end = i
		}
	}
	for i := r.first; i <= r.last; i++ {
		named := len(labels) > 0 && r.cell(i, labels[len(labels)-1]) != ""
		repeated := slices.Equal(r.rows[i].Cells, r.rows[r.header].Cells)
		switch {
		case r.dropped(i) || repeated || r.counts(i) && !named:
		case r.levelsIn(i) > 0, i < end && named:
			r.lines = append(r.lines, i)
		case i > end && named && r.blankLine(i):
			r.beside(i, labels)
		}
	}
}

// beside looks at a row below the levels that has a name only.
func (r *mapReader) beside(i int, labels []int) {
	for _, c := range labels {
		if nameScore(r.cell(i, c), r.options.Members) > 0.5 && len(r.lines) > 0 && r.lines[len(r.lines)-1] == i-1 {
			r.lines = append(r.lines, i)
			return
		}
	}
	if len(r.lines) > 0 && r.lines[len(r.lines)-1] == i-1 && text.Runes(r.cell(i, labels[len(labels)-1])) <= 20 {
		r.doubt(DoubtEmptyBeside, r.name(i, labels[len(labels)-1]), r.cell(i, labels[len(labels)-1]))
	}
}

func (r *mapReader) levelsIn(i int) (n int) {
	for _, c := range r.cols {
		if r.like[i][c] {
			n++
		}
	}
	return n
}

func (r *mapReader) blankLine(i int) bool {
	for _, c := range r.cols {
		if r.cell(i, c) != "" {
			return false
		}
	}
	return true
}
