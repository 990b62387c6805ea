package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tasuki/internal/team"
)

// SkillMap returns who can do what as it was on a day. Leads see everything; others
// what the department decided: all names, or the totals and their own place. Totals
// always count everybody.
func (s *Store) SkillMap(ctx context.Context, by team.Member, day team.Date) (m team.SkillMap, err error) {
	if !team.CanRead(by) {
		return m, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { m, err = skillMap(ctx, t, by, day); return err })
	return m, err
}

func skillMap(ctx context.Context, t tx, by team.Member, day team.Date) (m team.SkillMap, err error) {
	visible, err := namesVisible(ctx, t)
	if err == nil {
		m, err = wholeMap(ctx, t, day)
	}
	m.Narrow(by, visible)
	return m, err
}

// wholeMap is the map before it is narrowed to what somebody may see.
func wholeMap(ctx context.Context, t tx, day team.Date) (m team.SkillMap, err error) {
	c, err := catalogue(ctx, t)
	m.Day = day
	m.Categories, m.Skills = inUse(c)
	err = firstError(err,
		func() error {
			return t.list(ctx, &m.Members, "SELECT "+memberColumns+` FROM members m WHERE m.active AND m.role <> ? ORDER BY m.sort_key COLLATE "C", m.id`, team.RoleViewer)
		},
		func() error { return fillCells(ctx, t, &m) })
	return m, err
}

// inUse leaves out what the department has put aside.
func inUse(c Catalogue) (categories []team.Category, skills []team.Skill) {
	used := map[string]bool{}
	for _, g := range c.Categories {
		if g.Active {
			categories = append(categories, g)
			used[g.ID] = true
		}
	}
	for _, s := range c.Skills {
		if s.Active && used[s.CategoryID] {
			skills = append(skills, s)
		}
	}
	return categories, skills
}

// fillCells puts the levels and targets of the day into their places.
func fillCells(ctx context.Context, t tx, m *team.SkillMap) error {
	at := newPlaces(m)
	err := firstError(fillLevels(ctx, t, at), func() error { return fillObserved(ctx, t, at) }, func() error { return fillGrants(ctx, t, at) })
	var targets []team.Target
	err = firstError(err, func() error {
		return t.list(ctx, &targets, "SELECT "+targetColumns+" FROM targets g WHERE g.day <= ? AND (g.replaced_on IS NULL OR g.replaced_on > ?)", m.Day, m.Day)
	})
	for i := range targets {
		if c := at.cell(targets[i].SkillID, targets[i].MemberID); c != nil {
			c.Target = &targets[i]
		}
	}
	m.Count()
	return err
}

// fillLevels reads what was last said of every cell by the day of the map; who said
// it and on what grounds is in the history.
//
// A large map has tens of thousands of them, and both drivers spend more time on each
// column than on the rows: a row comes as one text, in half the time.
func fillLevels(ctx context.Context, t tx, at places) error {
	rows, err := t.QueryContext(ctx, t.Rebind("SELECT "+packed("a.member_id", "a.skill_id", "a.kind", "a.id", "a.level", "a.confidence", "a.day", "a.valid_to")+
		" FROM assessments a WHERE a.day <= ? AND (a.replaced_on IS NULL OR a.replaced_on > ?)"), at.m.Day, at.m.Day)
	if err != nil {
		return err
	}
	defer rows.Close()
	days := dayReader{}
	var row sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&row); err != nil {
			return err
		}
		if err := at.put(bytes.Split(row, []byte(packSeparator)), days); err != nil {
			return fmt.Errorf("read a level: %w", err)
		}
	}
	return rows.Err()
}

// packSeparator stands in no id, number or day.
const packSeparator = "\x1f"

// packed joins columns into one text, in which nothing stands for NULL.
func packed(columns ...string) string {
	for i, c := range columns {
		columns[i] = "COALESCE(CAST(" + c + " AS TEXT), '')"
	}
	return strings.Join(columns, " || '"+packSeparator+"' || ")
}

// put puts a packed level into its cell; one of a person or a skill that is not on
// the map is left out.
func (p places) put(row [][]byte, days dayReader) error {
	i, known := p.skills[string(row[1])]
	j, present := p.members[string(row[0])]
	if !known || !present {
		return nil
	}
	a := &team.Assessment{ID: string(row[3]), MemberID: p.m.Members[j].ID, SkillID: p.m.Skills[i].ID, Kind: kindOf(row[2]), Level: team.NotAssessed}
	a.Confidence = int(row[5][0] - '0')
	if len(row[4]) > 0 {
		a.Level = team.Level(row[4][0] - '0')
	}
	var err error
	if a.Day, err = days.read(row[6]); err == nil {
		a.ValidTo, err = days.read(row[7])
	}
	p.m.Cells[i][j].Put(a)
	return err
}

func kindOf(raw []byte) team.AssessmentKind {
	if string(raw) == string(team.Declared) {
		return team.Declared
	}
	return team.Validated
}

// dayReader reads days that many rows share.
type dayReader map[string]team.Date

func (d dayReader) read(raw []byte) (team.Date, error) {
	if day, known := d[string(raw)]; known {
		return day, nil
	}
	day, err := team.ParseDate(string(raw))
	d[string(raw)] = day
	return day, err
}

// places finds the cell of a skill and a member.
type places struct {
	m               *team.SkillMap
	skills, members map[string]int
}

func newPlaces(m *team.SkillMap) places {
	p := places{m, map[string]int{}, map[string]int{}}
	m.Cells = make([][]team.Cell, len(m.Skills))
	for i, s := range m.Skills {
		p.skills[s.ID] = i
		m.Cells[i] = make([]team.Cell, len(m.Members))
		for j := range m.Cells[i] {
			m.Cells[i][j].Observed = team.NotAssessed
		}
	}
	for j, person := range m.Members {
		p.members[person.ID] = j
	}
	return p
}

// cell returns nil where the skill or the member is not on the map.
func (p places) cell(skillID, memberID string) *team.Cell {
	i, known := p.skills[skillID]
	j, present := p.members[memberID]
	if !known || !present {
		return nil
	}
	return &p.m.Cells[i][j]
}
