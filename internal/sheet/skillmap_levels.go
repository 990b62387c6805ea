package sheet

import (
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"tasuki/internal/text"
)

// skillMap takes the map out of the block that was found.
func (r *mapReader) skillMap() (SkillMap, error) {
	rows, cols := r.rowAxis(), r.columnAxis()
	if len(rows.names) == 0 || len(cols.names) == 0 {
		return SkillMap{}, ErrNoSkillMap
	}
	m := SkillMap{PeopleIn: r.peopleIn(rows, cols)}
	values := r.values(&m)
	people, skills := rows, cols
	if m.PeopleIn == PeopleInColumns {
		people, skills = cols, rows
	}
	p, s := r.index(people, &m.People), r.index(skills, &m.Skills)
	if len(m.People) == 0 || len(m.Skills) == 0 {
		return SkillMap{}, ErrNoSkillMap
	}
	m.Categories = make([]string, len(m.Skills))
	for i, at := range s {
		if at >= 0 && m.Categories[at] == "" {
			m.Categories[at] = skills.groups[i]
		}
	}
	m.RequiredLevels, m.RequiredPeople = make([]*int, len(m.Skills)), make([]*int, len(m.Skills))
	m.Levels, m.Targets = table[*int](len(m.People), len(m.Skills)), table[*int](len(m.People), len(m.Skills))
	m.LevelCells, m.TargetCells = table[string](len(m.People), len(m.Skills)), table[string](len(m.People), len(m.Skills))
	m.Mails = r.mails(len(m.People), m.PeopleIn, p)
	f := filler{r: r, m: &m, values: values, people: p, skills: s}
	f.levels(rows, cols)
	f.requirements()
	f.emptySkills(skills)
	r.mergedLevels()
	m.Doubts = r.doubts
	return m, nil
}

func table[T any](rows, columns int) [][]T {
	list := make([][]T, rows)
	for i := range list {
		list[i] = make([]T, columns)
	}
	return list
}

var mailTitle = regexp.MustCompile(`^(?i:メール(?:アドレス)?|e-?mail(?: address)?|mail)$`)

// mails reads the addresses of people in rows from a column left of the levels.
func (r *mapReader) mails(people int, side PeopleIn, places []int) []string {
	list := make([]string, people)
	for c := range r.cols[0] {
		if side != PeopleInRows || !r.isMail(c) {
			continue
		}
		for n, i := range r.lines {
			if places[n] >= 0 && list[places[n]] == "" {
				list[places[n]] = r.cell(i, c)
			}
		}
	}
	return list
}

// isMail tells whether a column holds addresses.
func (r *mapReader) isMail(c int) bool {
	return slices.ContainsFunc(r.titles(c), mailTitle.MatchString)
}

// peopleIn tells on which side the people stand: a heading says so, or the names do.
func (r *mapReader) peopleIn(rows, cols axis) PeopleIn {
	if r.options.PeopleIn != "" {
		return r.options.PeopleIn
	}
	score := func(a axis) (sum float64) {
		for _, l := range a.names {
			sum += nameScore(l.text, r.options.Members) / float64(len(a.names))
		}
		return sum
	}
	inRows, inColumns := score(rows), score(cols)
	sure, side := inRows-inColumns, PeopleInRows
	switch {
	case rows.title == "person":
		sure += 2
	case rows.title == "skill":
		sure, side = 2-sure, PeopleInColumns
	case sure < 0:
		sure, side = -sure, PeopleInColumns
	}
	if sure < 0.2 {
		r.doubt(DoubtPeople, r.name(r.header, 0), string(side))
	}
	return side
}

// values returns what the marks of the map mean, and says which scale that is.
func (r *mapReader) values(m *SkillMap) map[string]int {
	count := map[string]int{}
	firstCell := ""
	for _, i := range r.lines {
		for _, c := range r.cols {
			if mark := markOf(r.cell(i, c)); r.like[i][c] && mark != "-" {
				count[mark]++
				if firstCell == "" {
					firstCell = r.name(i, c)
				}
			}
		}
	}
	if r.options.Scale != "" && presets[r.options.Scale] != nil {
		m.Scale = r.options.Scale
		return valuesOf(m.Scale, count)
	}
	scale, sure := scaleOf(count, r.around())
	values, explained := map[string]int{}, 0
	for mark, level := range valuesOf(scale, count) {
		values[mark] = level
	}
	m.Scale = scale
	for mark := range count {
		if level, ok := r.legend[mark]; ok {
			values[mark], m.Scale = level, ScaleLegend
			explained++
		}
	}
	if !sure && explained < len(count) && len(count) > 0 {
		r.doubt(DoubtScale, firstCell, string(scale))
	}
	return values
}

// around returns the short texts outside the levels, which may speak of the scale.
func (r *mapReader) around() (list []string) {
	for i := range r.rows {
		for c, cell := range r.rows[i].Cells {
			if inside := i >= r.first && i <= r.last && slices.Contains(r.cols, c); !inside && cell != "" && len(cell) < 400 {
				list = append(list, cell)
			}
		}
	}
	return list
}

// index gives each line of an axis its place among names without repetition; -1 where
// it has no name.
func (r *mapReader) index(a axis, names *[]string) []int {
	at, places := map[string]int{}, make([]int, len(a.names))
	seen := map[[2]string]bool{}
	for i, l := range a.names {
		if l.text == "" {
			places[i] = -1
			r.doubt(DoubtNoName, l.cell, "")
			continue
		}
		key := text.Key(l.text)
		place, known := at[key]
		if !known {
			place = len(*names)
			at[key], *names = place, append(*names, l.text)
		}
		side := [2]string{key, strconv.FormatBool(a.target[i])}
		if seen[side] {
			r.doubt(DoubtTwice, l.cell, l.text)
		}
		seen[side], places[i] = true, place
	}
	return places
}

// filler writes levels into a map.
type filler struct {
	r              *mapReader
	m              *SkillMap
	values         map[string]int
	people, skills []int
}

func (f *filler) levels(rows, cols axis) {
	for y, i := range f.r.lines {
		for x, c := range f.r.cols {
			p, s := y, x
			if f.m.PeopleIn == PeopleInColumns {
				p, s = x, y
			}
			into, cells := f.m.Levels, f.m.LevelCells
			if rows.target[y] || cols.target[x] {
				into, cells = f.m.Targets, f.m.TargetCells
			}
			level, ok := f.level(i, c)
			if !ok || f.people[p] < 0 || f.skills[s] < 0 {
				continue
			}
			at := &into[f.people[p]][f.skills[s]]
			switch {
			case *at == nil:
				*at, cells[f.people[p]][f.skills[s]] = &level, f.r.name(i, c)
			case **at != level:
				f.r.doubt(DoubtConflict, f.r.name(i, c), f.r.cell(i, c))
			}
		}
	}
}

// level reads a cell; false is not assessed.
func (f *filler) level(i, c int) (int, bool) {
	cell := f.r.cell(i, c)
	mark := markOf(cell)
	if cell == "" || mark == "-" {
		return 0, false
	}
	if level, known := f.values[mark]; known {
		return level, true
	}
	if level, known := meaningOf(cell); known {
		f.r.doubt(DoubtWord, f.r.name(i, c), cell)
		return level, true
	}
	f.r.doubt(DoubtMark, f.r.name(i, c), cell)
	return 0, false
}

var (
	needsPeople = regexp.MustCompile(`^(?i:必要な?人数|必要数|最低人数|目標人数|required (?:people|holders|head ?count|number)|minimum(?: people| holders)?)$`)
	needsLevel  = regexp.MustCompile(`^(?i:(?:必要|要求|求める|基準)な?レベル|required levels?|minimum level)$`)
	headCount   = regexp.MustCompile(`^([0-9]{1,4})(?:\.0+)?\s*(?:人|名)?$`)
)

// requirements reads a line that says how many people, or which level, a skill needs.
func (f *filler) requirements() {
	if f.m.PeopleIn == PeopleInColumns {
		for c := range f.r.width {
			if t := f.r.titles(c); len(t) > 0 && !slices.Contains(f.r.cols, c) {
				f.requirement(t[0], func(s int) (int, int) { return f.r.lines[s], c })
			}
		}
		return
	}
	for i := range f.r.rows {
		for c := range f.r.cols[0] {
			title := plain(f.r.cell(i, c))
			if !slices.Contains(f.r.lines, i) && (needsPeople.MatchString(title) || needsLevel.MatchString(title)) {
				f.requirement(title, func(s int) (int, int) { return i, f.r.cols[s] })
				break
			}
		}
	}
}

func (f *filler) requirement(title string, at func(skill int) (row, column int)) {
	people, level := needsPeople.MatchString(title), needsLevel.MatchString(title)
	if !people && !level {
		return
	}
	for n, s := range f.skills {
		i, c := at(n)
		cell := norm.NFKC.String(f.r.cell(i, c))
		if s < 0 || cell == "" || markOf(cell) == "-" {
			continue
		}
		value, ok := f.values[markOf(cell)]
		into := f.m.RequiredLevels
		if people {
			m := headCount.FindStringSubmatch(cell)
			if ok = m != nil; ok {
				value, _ = strconv.Atoi(m[1])
			}
			into = f.m.RequiredPeople
		}
		if !ok || into[s] != nil && *into[s] != value {
			f.r.doubt(DoubtRequirement, f.r.name(i, c), cell)
			continue
		}
		into[s] = &value
	}
}

// emptySkills names the skills in which nobody is assessed.
func (f *filler) emptySkills(skills axis) {
	for i, s := range f.skills {
		if s < 0 || skills.target[i] {
			continue
		}
		if !slices.ContainsFunc(f.m.Levels, func(row []*int) bool { return row[s] != nil }) {
			f.r.doubt(DoubtEmptySkill, skills.names[i].cell, f.m.Skills[s])
		}
	}
}

// mergedLevels names the levels that stand in a merged range.
func (r *mapReader) mergedLevels() {
	for _, m := range r.merged {
		at, found := slices.BinarySearchFunc(r.rows, m.top, func(row Row, line int) int { return row.Line - line })
		if found && slices.Contains(r.lines, at) && slices.Contains(r.cols, m.left) && r.like[at][m.left] {
			r.doubt(DoubtMerged, r.name(at, m.left), r.cell(at, m.left))
		}
	}
}
