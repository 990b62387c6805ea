package team

// Settings are what the department decided once for everybody.
type Settings struct {
	// NamesVisible: everybody sees the names on the map, not only the totals and themselves.
	NamesVisible bool `db:"names_visible" json:"names_visible"`
}

// SkillMap is who can do what on a day, as one person may see it.
type SkillMap struct {
	Day        Date
	Categories []Category // in their order
	Skills     []Skill    // those in use, in the order of their categories and their own
	Members    []Member   // those of the department whom the reader may see, in the order of their readings
	// Hidden says that others are left out of Members and Cells.
	Hidden bool
	// Totals tells of every skill how many people of the whole department have a level.
	Totals []Totals
	// Cells has a row for every skill and a place in it for every member.
	Cells [][]Cell
}

// Totals is how many people have each level of a skill that counts for coverage,
// and of how many nothing is known.
type Totals struct {
	Levels      [5]int
	NotAssessed int
}

// Holders tells how many people have at least a level.
func (t Totals) Holders(level Level) int {
	n := 0
	for l := max(level, None); l <= Deciding; l++ {
		n += t.Levels[l]
	}
	return n
}

// Count makes the totals from the cells.
func (m *SkillMap) Count() {
	m.Totals = make([]Totals, len(m.Skills))
	for i, row := range m.Cells {
		for _, c := range row {
			if l := c.On(m.Day); l.Assessed() {
				m.Totals[i].Levels[l]++
			} else {
				m.Totals[i].NotAssessed++
			}
		}
	}
}

// Narrow leaves what a person may see: names and levels as the department decided,
// and what is computed of somebody for leads and the person alone. Totals stay.
func (m *SkillMap) Narrow(by Member, namesVisible bool) {
	var keep []int
	for j, person := range m.Members {
		if CanSeeLevels(by, person.ID, namesVisible) {
			keep = append(keep, j)
		}
	}
	m.Hidden = len(keep) < len(m.Members)
	members := make([]Member, len(keep))
	for k, j := range keep {
		members[k] = m.Members[j]
	}
	for i, row := range m.Cells {
		m.Cells[i] = make([]Cell, len(keep))
		for k, j := range keep {
			m.Cells[i][k] = row[j].narrow(by, members[k].ID)
		}
	}
	m.Members = members
}

// NarrowFigures leaves everybody's levels, which the numbers of the department need,
// and takes out what only leads and the person see.
func (m *SkillMap) NarrowFigures(by Member) {
	for _, row := range m.Cells {
		for j := range row {
			row[j] = row[j].narrow(by, m.Members[j].ID)
		}
	}
}

// narrow leaves out what others than the person and leads do not see.
func (c Cell) narrow(by Member, memberID string) Cell {
	if CanSeeFigures(by, memberID) {
		return c
	}
	c.Observed, c.Target = NotAssessed, nil
	for _, a := range []*Assessment{c.Declared, c.Validated} {
		if a != nil {
			a.Note, a.Confidence = "", 0
		}
	}
	return c
}

// CanForesee tells whether a person may ask what somebody's absence would do. The
// answer shows what hangs on people and how much they answered, which is for leads.
func CanForesee(by Member) bool { return CanManage(by) }
