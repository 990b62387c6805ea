package store

import (
	"context"
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const (
	assessmentColumns = `a.id, a.member_id, a.skill_id, a.kind, a.level, a.confidence, a.day, a.valid_to, a.replaced_on, COALESCE(a.assessed_by, '') AS assessed_by,
		a.made_at, a.note, a.import_id`
	targetColumns = `g.id, g.member_id, g.skill_id, g.level, g.due, g.day, g.replaced_on, COALESCE(g.set_by, '') AS set_by, g.made_at, g.import_id`
)

// LevelChange is a level that somebody gives, and the id of the last one of the same
// kind that they saw in the cell ("" for none).
type LevelChange struct {
	team.Assessment
	Last string
}

// SaveLevels gives levels, all or none: declared ones of oneself, validated ones of
// others as a lead or an expert. An empty day is today. Where somebody gave a level
// of the same kind since it was read, nothing is saved: team.ErrStale, with what now
// stands in those cells (a cell that was taken back comes as it is).
func (s *Store) SaveLevels(ctx context.Context, by team.Member, today team.Date, changes []LevelChange) (newer []team.Assessment, err error) {
	err = s.write(ctx, func(t tx) error {
		mine, err := prepareLevels(ctx, t, by, today, changes)
		if err != nil {
			return err
		}
		if newer, err = staleLevels(ctx, t, mine); err != nil || len(newer) > 0 {
			return firstError(err, func() error { return team.ErrStale })
		}
		return each(mine, func(c LevelChange) error {
			return firstError(addAssessment(ctx, t, &c.Assessment), func() error { return audit(ctx, t, by, string(c.Kind), "level", c.ID) })
		})
	})
	return newer, err
}

// prepareLevels checks who gives the levels and what they say, before anything is
// told of what stands there, and holds the cells.
func prepareLevels(ctx context.Context, t tx, by team.Member, today team.Date, changes []LevelChange) ([]LevelChange, error) {
	experts, err := expertIn(ctx, t, by, today)
	if err != nil {
		return nil, err
	}
	mine, members := slices.Clone(changes), make([]string, len(changes))
	for i := range mine {
		if err := prepareLevel(by, experts, today, &mine[i].Assessment); err != nil {
			return nil, err
		}
		members[i] = mine[i].MemberID
	}
	return mine, holdCells(ctx, t, members...)
}

func prepareLevel(by team.Member, experts map[string]bool, today team.Date, a *team.Assessment) error {
	may := team.CanValidate(by, experts[a.SkillID], a.MemberID)
	if a.Kind == team.Declared {
		may = team.CanDeclare(by, a.MemberID)
	}
	if !may {
		return team.ErrForbidden
	}
	if a.Day.IsZero() {
		a.Day = today
	}
	a.By, a.ImportID, a.Note = by.ID, "", text.Clean(a.Note)
	return a.Validate(today)
}

// holdCells makes others wait who are about to write into the cells of the same
// people, so that what is read from here on still stands when it is written. Always
// in the same order, so that no two wait for each other. Somebody who is not in the
// department is team.ErrNotFound.
func holdCells(ctx context.Context, t tx, members ...string) error {
	slices.Sort(members)
	return each(slices.Compact(members), func(id string) error {
		n, err := t.exec(ctx, "UPDATE members SET active = active WHERE id = ? AND active", id)
		if err == nil && n == 0 {
			return team.ErrNotFound
		}
		return err
	})
}

// expertIn returns the skills in which a person holds a validated level 4.
func expertIn(ctx context.Context, t tx, by team.Member, today team.Date) (map[string]bool, error) {
	var ids []string
	err := t.list(ctx, &ids, `SELECT skill_id FROM assessments WHERE member_id = ? AND kind = ? AND level = ? AND replaced_on IS NULL
		AND (valid_to IS NULL OR valid_to >= ?)`, by.ID, team.Validated, team.Deciding, today)
	experts := map[string]bool{}
	for _, id := range ids {
		experts[id] = true
	}
	return experts, err
}

// staleLevels returns what stands in the cells that changed since they were read.
func staleLevels(ctx context.Context, t tx, changes []LevelChange) (newer []team.Assessment, err error) {
	for _, c := range changes {
		last, err := lastAssessment(ctx, t, c.MemberID, c.SkillID, c.Kind)
		if err != nil {
			return nil, err
		}
		if last.ID != c.Last {
			newer = append(newer, last)
		}
	}
	return newer, nil
}

// lastAssessment returns the last assessment of a kind in a cell; without an id
// where there is none.
func lastAssessment(ctx context.Context, t tx, memberID, skillID string, kind team.AssessmentKind) (team.Assessment, error) {
	var list []team.Assessment
	err := t.list(ctx, &list, "SELECT "+assessmentColumns+" FROM assessments a WHERE a.member_id = ? AND a.skill_id = ? AND a.kind = ? AND a.replaced_on IS NULL",
		memberID, skillID, kind)
	if len(list) == 0 {
		return team.Assessment{MemberID: memberID, SkillID: skillID, Kind: kind, Level: team.NotAssessed}, err
	}
	return list[0], err
}

// addAssessment puts an assessment at its day in the history of its cell, which is
// held (holdCells). A validated one without a last day gets the one of its skill. A
// skill out of use is team.ErrNotFound.
func addAssessment(ctx context.Context, t tx, a *team.Assessment) error {
	var validDays int
	err := t.get(ctx, &validDays, "SELECT valid_days FROM skills WHERE id = ? AND active", a.SkillID)
	if err != nil {
		return err
	}
	if a.Kind == team.Validated && a.Level.Assessed() && a.ValidTo.IsZero() && validDays > 0 {
		a.ValidTo = a.Day.AddDays(validDays)
	}
	a.ID, a.MadeAt = newID(), t.now
	cell := []any{a.MemberID, a.SkillID, a.Kind, a.Day}
	err = t.run(ctx, `UPDATE assessments SET replaced_on = ? WHERE member_id = ? AND skill_id = ? AND kind = ? AND day <= ?
		AND (replaced_on IS NULL OR replaced_on > ?)`, append(append([]any{a.Day}, cell...), a.Day)...)
	if err != nil {
		return err
	}
	err = t.get(ctx, &a.ReplacedOn, "SELECT MIN(day) FROM assessments WHERE member_id = ? AND skill_id = ? AND kind = ? AND day > ?", cell...)
	return firstError(err, func() error { return insertAssessment(ctx, t, *a) })
}

func insertAssessment(ctx context.Context, t tx, a team.Assessment) error {
	return t.run(ctx, `INSERT INTO assessments (id, member_id, skill_id, kind, level, confidence, day, valid_to, replaced_on, assessed_by, made_at, note, import_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.MemberID, a.SkillID, a.Kind, a.Level, a.Confidence, a.Day, a.ValidTo, a.ReplacedOn, null(a.By), a.MadeAt, a.Note, a.ImportID)
}

// LevelHistory returns every assessment of one person's skill, the newest first,
// with the targets. Who may not see the person's levels gets team.ErrNotFound; notes
// are for the person, leads and who wrote them.
func (s *Store) LevelHistory(ctx context.Context, by team.Member, memberID, skillID string) (list []team.Assessment, targets []team.Target, err error) {
	err = s.read(ctx, func(t tx) error {
		visible, err := namesVisible(ctx, t)
		if err == nil && !team.CanSeeLevels(by, memberID, visible) {
			err = team.ErrNotFound
		}
		return firstError(err,
			func() error {
				return t.list(ctx, &list, "SELECT "+assessmentColumns+" FROM assessments a WHERE a.member_id = ? AND a.skill_id = ? ORDER BY a.day DESC, a.made_at DESC, a.id DESC",
					memberID, skillID)
			},
			func() error {
				return t.list(ctx, &targets, "SELECT "+targetColumns+" FROM targets g WHERE g.member_id = ? AND g.skill_id = ? ORDER BY g.day DESC, g.made_at DESC, g.id DESC",
					memberID, skillID)
			})
	})
	for i, a := range list {
		if !team.CanSeeFigures(by, memberID) && a.By != by.ID {
			list[i].Note = ""
		}
	}
	return list, targets, err
}

// SaveTarget sets where somebody wants to be; last is the id of the target that was
// seen ("" for none). Where another one was set since: team.ErrStale. The person and
// leads may.
func (s *Store) SaveTarget(ctx context.Context, by team.Member, today team.Date, g team.Target, last string) (team.Target, error) {
	if !team.CanSetTarget(by, g.MemberID) {
		return g, team.ErrForbidden
	}
	g.Day, g.By, g.ImportID = today, by.ID, ""
	if err := g.Validate(today); err != nil {
		return g, err
	}
	err := s.write(ctx, func(t tx) error {
		if err := holdCells(ctx, t, g.MemberID); err != nil {
			return err
		}
		var ids []string
		err := t.list(ctx, &ids, "SELECT id FROM targets WHERE member_id = ? AND skill_id = ? AND replaced_on IS NULL", g.MemberID, g.SkillID)
		if err == nil && first(ids) != last {
			err = team.ErrStale
		}
		return firstError(err, func() error { return addTarget(ctx, t, &g) },
			func() error { return audit(ctx, t, by, "set", "target", g.ID) })
	})
	return g, err
}

func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// addTarget replaces the target of a cell, which is held (holdCells). A skill out of
// use is team.ErrNotFound.
func addTarget(ctx context.Context, t tx, g *team.Target) error {
	var n int
	err := t.get(ctx, &n, "SELECT 1 FROM skills WHERE id = ? AND active", g.SkillID)
	g.ID, g.MadeAt = newID(), t.now
	return firstError(err,
		func() error {
			return t.run(ctx, "UPDATE targets SET replaced_on = ? WHERE member_id = ? AND skill_id = ? AND replaced_on IS NULL", g.Day, g.MemberID, g.SkillID)
		},
		func() error { return insertTarget(ctx, t, *g) })
}

func insertTarget(ctx context.Context, t tx, g team.Target) error {
	return t.run(ctx, `INSERT INTO targets (id, member_id, skill_id, level, due, day, replaced_on, set_by, made_at, import_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		g.ID, g.MemberID, g.SkillID, g.Level, g.Due, g.Day, g.ReplacedOn, null(g.By), g.MadeAt, g.ImportID)
}
