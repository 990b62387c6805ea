package store

import (
	"context"

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

// fillCells puts the assessments and targets of the day into their places.
func fillCells(ctx context.Context, t tx, m *team.SkillMap) error {
	at := newPlaces(m)
	var list []team.Assessment
	err := t.list(ctx, &list, "SELECT "+assessmentColumns+" FROM assessments a WHERE a.day <= ? AND (a.replaced_on IS NULL OR a.replaced_on > ?)", m.Day, m.Day)
	for i := range list {
		if c := at.cell(list[i].SkillID, list[i].MemberID); c != nil && list[i].Kind == team.Declared {
			c.Declared = &list[i]
		} else if c != nil {
			c.Validated = &list[i]
		}
	}
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

// places finds the cell of a skill and a member.
type places struct {
	m              *team.SkillMap
	skills, member map[string]int
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
		p.member[person.ID] = j
	}
	return p
}

func (p places) cell(skillID, memberID string) *team.Cell {
	i, known := p.skills[skillID]
	j, present := p.member[memberID]
	if !known || !present {
		return nil
	}
	return &p.m.Cells[i][j]
}
