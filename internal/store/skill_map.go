package store

import (
	"context"
	"database/sql"

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
	if err != nil {
		return m, err
	}
	m.Day = day
	c, err := catalogue(ctx, t)
	m.Categories, m.Skills = inUse(c)
	err = firstError(err,
		func() error {
			return t.list(ctx, &m.Members, "SELECT "+memberColumns+` FROM members m WHERE m.active AND m.role <> ? ORDER BY m.sort_key COLLATE "C", m.id`, team.RoleViewer)
		},
		func() error { return fillCells(ctx, t, &m) })
	m.Narrow(by, visible)
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
	err := firstError(fillLevels(ctx, t, at), func() error { return fillObserved(ctx, t, at) })
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

// fillLevels reads what was last said of every cell by the day of the map. A large
// map has tens of thousands of them, so the rows are read column by column, days as
// the text they are; who said it and on what grounds is in the history.
func fillLevels(ctx context.Context, t tx, at places) error {
	rows, err := t.QueryContext(ctx, t.Rebind(`SELECT a.member_id, a.skill_id, a.kind, a.id, a.level, a.confidence, CAST(a.day AS TEXT), CAST(a.valid_to AS TEXT)
		FROM assessments a WHERE a.day <= ? AND (a.replaced_on IS NULL OR a.replaced_on > ?)`), at.m.Day, at.m.Day)
	if err != nil {
		return err
	}
	defer rows.Close()
	days := dayReader{}
	for rows.Next() {
		var member, skill, kind, day, validTo sql.RawBytes
		var a team.Assessment
		if err := rows.Scan(&member, &skill, &kind, &a.ID, &a.Level, &a.Confidence, &day, &validTo); err != nil {
			return err
		}
		i, known := at.skills[string(skill)]
		j, present := at.members[string(member)]
		if !known || !present {
			continue
		}
		a.SkillID, a.MemberID, a.Kind = at.m.Skills[i].ID, at.m.Members[j].ID, kindOf(kind)
		if a.Day, a.ValidTo, err = days.read(day, validTo); err != nil {
			return err
		}
		at.m.Cells[i][j].Put(&a)
	}
	return rows.Err()
}

func kindOf(raw []byte) team.AssessmentKind {
	if string(raw) == string(team.Declared) {
		return team.Declared
	}
	return team.Validated
}

// dayReader reads days that many rows share.
type dayReader map[string]team.Date

func (d dayReader) read(first, second []byte) (a, b team.Date, err error) {
	if a, err = d.one(first); err == nil {
		b, err = d.one(second)
	}
	return a, b, err
}

func (d dayReader) one(raw []byte) (team.Date, error) {
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
