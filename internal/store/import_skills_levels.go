package store

import (
	"context"
	"slices"
	"strings"

	"tasuki/internal/team"
)

// heldCells are what stands in the cells of the map on the day of an import, and when
// something stands there next.
type heldCells struct {
	levels  map[cellKey]team.Assessment
	targets map[cellKey]team.Target
	next    map[cellKey]team.Date
}

func readHeld(ctx context.Context, t tx, day team.Date) (*heldCells, error) {
	h := &heldCells{levels: map[cellKey]team.Assessment{}, targets: map[cellKey]team.Target{}, next: map[cellKey]team.Date{}}
	var levels, later []team.Assessment
	var targets []team.Target
	err := firstError(
		t.list(ctx, &levels, "SELECT a.id, a.member_id, a.skill_id, a.kind, a.level, a.day, a.valid_to, a.import_id FROM assessments a WHERE a.day <= ? AND (a.replaced_on IS NULL OR a.replaced_on > ?)", day, day),
		func() error {
			return t.list(ctx, &later, "SELECT a.member_id, a.skill_id, a.kind, MIN(a.day) AS day FROM assessments a WHERE a.day > ? GROUP BY a.member_id, a.skill_id, a.kind", day)
		},
		func() error {
			return t.list(ctx, &targets, "SELECT g.id, g.member_id, g.skill_id, g.level, g.due, g.day, g.import_id FROM targets g WHERE g.replaced_on IS NULL")
		})
	for _, a := range levels {
		h.levels[cellKey{a.MemberID, a.SkillID, string(a.Kind)}] = a
	}
	for _, a := range later {
		h.next[cellKey{a.MemberID, a.SkillID, string(a.Kind)}] = a.Day
	}
	for _, g := range targets {
		h.targets[cellKey{g.MemberID, g.SkillID, team.KindTarget}] = g
	}
	return h, err
}

// planLevels settles what happens to each level and target.
func (p *mapPlanner) planLevels() {
	for _, l := range p.in.Levels {
		member, skill := p.memberOf[l.Person], p.skillOf[l.Skill]
		if member == "" || skill == "" {
			continue // said once for the whole name
		}
		r := team.ImportRow{Kind: team.KindLevel, Cell: l.Cell, Title: p.in.People[l.Person].Name + " ／ " + p.in.Skills[l.Skill].Name}
		key := cellKey{member, skill, string(p.choices.Kind)}
		if l.Target {
			r.Kind, key.kind = team.KindTarget, team.KindTarget
		} else if member == p.by.ID && p.choices.Kind == team.Validated {
			r.Own, key.kind = true, string(team.Declared)
		}
		if first, repeated := p.seen[key]; repeated {
			r.Action, r.FirstFile, r.Changes = team.ImportDuplicate, first.Cell, nil
			p.row(r)
			continue
		}
		p.seen[key] = r
		if l.Target {
			p.planTarget(r, key, l.Level)
		} else {
			p.planLevel(r, key, l.Level)
		}
	}
}

func (p *mapPlanner) planLevel(r team.ImportRow, key cellKey, level team.Level) {
	day := p.choices.Day
	held, known := p.held.levels[key]
	before := held.On(day)
	known = known && before.Assessed()
	r.ObjectID = held.ID
	switch {
	case known && before == level:
		r.Action = team.ImportSame
	case !known:
		r.Action = team.ImportNew
	case held.ImportID == "" && held.Day == day: // somebody's own word, of that very day
		r.Action, r.Edited = team.ImportKeep, true
	default:
		r.Action = team.ImportChange
	}
	if r.Action != team.ImportSame {
		r.Changes = []team.FieldChange{{Field: "level", Before: before.String(), After: level.String()}}
	}
	p.row(r)
	if r.Action != team.ImportNew && r.Action != team.ImportChange {
		return
	}
	a := team.Assessment{MemberID: key.member, SkillID: key.skill, Kind: team.AssessmentKind(key.kind), Level: level, Day: day, ReplacedOn: p.held.next[key], By: p.by.ID}
	if days := p.needs[key.skill].ValidDays; a.Kind == team.Validated && days > 0 {
		a.ValidTo = day.AddDays(days)
	}
	if held.ID != "" {
		p.replaced = append(p.replaced, held.ID)
	}
	p.levels = append(p.levels, a)
}

func (p *mapPlanner) planTarget(r team.ImportRow, key cellKey, level team.Level) {
	held, known := p.held.targets[key]
	before := team.NotAssessed
	if known {
		before = held.Level
	}
	r.ObjectID = held.ID
	switch {
	case before == level:
		r.Action = team.ImportSame
	case !before.Assessed() && !p.choices.Day.Before(held.Day):
		r.Action = team.ImportNew
	case held.ImportID == "" && !held.Day.Before(p.choices.Day), p.choices.Day.Before(held.Day):
		r.Action, r.Edited = team.ImportKeep, true
	default:
		r.Action = team.ImportChange
	}
	if r.Action != team.ImportSame {
		r.Changes = []team.FieldChange{{Field: "target", Before: before.String(), After: level.String()}}
	}
	p.row(r)
	if r.Action != team.ImportNew && r.Action != team.ImportChange {
		return
	}
	if held.ID != "" {
		p.replacedGoals = append(p.replacedGoals, held.ID)
	}
	p.targets = append(p.targets, team.Target{MemberID: key.member, SkillID: key.skill, Level: level, Day: p.choices.Day, By: p.by.ID})
}

// writeMap writes what was planned.
func (r *importRun) writeMap(ctx context.Context, t tx, p *mapPlanner) error {
	r.total.Store(int64(p.plan.Writes()))
	err := firstError(r.begin(ctx, t),
		func() error { return holdCells(ctx, t, p.knownMembers()...) },
		func() error { return r.writeMembers(ctx, t, p) },
		func() error { return r.writeSkills(ctx, t, p) },
		func() error { return r.writeLevels(ctx, t, p) },
		func() error { return r.writeTargets(ctx, t, p) })
	if err != nil {
		return err
	}
	for _, row := range p.plan.Rows {
		switch row.Action {
		case team.ImportNew:
			r.result.Created++
		case team.ImportChange:
			r.result.Changed++
		default:
			r.leave(&planned{ImportRow: row})
		}
	}
	return r.finish(ctx, t)
}

// knownMembers lists those whose cells are about to be written and who are there already.
func (p *mapPlanner) knownMembers() (ids []string) {
	for _, id := range p.memberOf {
		if p.member(id).ID != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *importRun) step(n int) {
	if done := r.done.Add(int64(n)); r.progress != nil {
		r.progress(int(done), int(r.total.Load()))
	}
}

func (r *importRun) writeMembers(ctx context.Context, t tx, p *mapPlanner) error {
	return each(p.newMembers, func(m team.Member) error {
		r.step(1)
		return firstError(addMember(ctx, t, m),
			func() error { return audit(ctx, t, r.by, "add", team.KindMember, m.ID) },
			func() error { return r.item(ctx, t, team.KindMember, m.ID, team.ImportNew, 1, nil) })
	})
}

func (r *importRun) writeSkills(ctx context.Context, t tx, p *mapPlanner) error {
	saved := func(kind, id string, action team.ImportAction, version int, former any) error {
		r.step(1)
		return firstError(audit(ctx, t, r.by, "save", kind, id), func() error { return r.item(ctx, t, kind, id, action, version, former) })
	}
	return firstError(
		each(p.newCategories, func(c team.Category) error {
			return firstError(addCategory(ctx, t, &c), func() error { return saved(team.KindCategory, c.ID, team.ImportNew, 1, nil) })
		}),
		func() error {
			return each(p.newSkills, func(k team.Skill) error {
				return firstError(addSkill(ctx, t, &k), func() error { return saved(team.KindSkill, k.ID, team.ImportNew, 1, nil) })
			})
		},
		func() error {
			return each(p.changed, func(c changedSkill) error {
				return firstError(changeSkill(ctx, t, c.after), func() error {
					return saved(team.KindSkill, c.after.ID, team.ImportChange, c.before.Version+1, c.before)
				})
			})
		})
}

// insertMany inserts rows of one table, many in a statement.
func insertMany(ctx context.Context, t tx, into string, rows [][]any) error {
	const inOne = 500
	for from := 0; from < len(rows); from += inOne {
		part := rows[from:min(from+inOne, len(rows))]
		row := "(" + strings.Repeat("?, ", len(part[0])-1) + "?)"
		values := strings.Repeat(row+", ", len(part)-1) + row
		if err := t.run(ctx, into+" VALUES "+values, slices.Concat(part...)...); err != nil {
			return err
		}
	}
	return nil
}

func (r *importRun) writeLevels(ctx context.Context, t tx, p *mapPlanner) error {
	err := eachChunk(p.replaced, func(part []string) error {
		return execInWith(ctx, t, "UPDATE assessments SET replaced_on = ? WHERE id IN (?)", p.choices.Day, part)
	})
	rows := make([][]any, len(p.levels))
	for i, a := range p.levels {
		rows[i] = []any{newID(), a.MemberID, a.SkillID, a.Kind, a.Level, 0, a.Day, a.ValidTo, a.ReplacedOn, null(a.By), t.now, "", r.id}
	}
	return firstError(err, func() error {
		return insertMany(ctx, t, "INSERT INTO assessments (id, member_id, skill_id, kind, level, confidence, day, valid_to, replaced_on, assessed_by, made_at, note, import_id)", rows)
	}, func() error { r.step(len(rows)); return nil })
}

func (r *importRun) writeTargets(ctx context.Context, t tx, p *mapPlanner) error {
	err := eachChunk(p.replacedGoals, func(part []string) error {
		return execInWith(ctx, t, "UPDATE targets SET replaced_on = ? WHERE id IN (?)", p.choices.Day, part)
	})
	rows := make([][]any, len(p.targets))
	for i, g := range p.targets {
		rows[i] = []any{newID(), g.MemberID, g.SkillID, g.Level, g.Due, g.Day, g.ReplacedOn, null(g.By), t.now, r.id}
	}
	return firstError(err, func() error {
		return insertMany(ctx, t, "INSERT INTO targets (id, member_id, skill_id, level, due, day, replaced_on, set_by, made_at, import_id)", rows)
	}, func() error { r.step(len(rows)); return nil })
}
