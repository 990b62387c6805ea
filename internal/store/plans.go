package store

import (
	"context"
	"errors"

	"tasuki/internal/team"
)

const (
	planColumns = "d.id, d.starts_on, d.budget, d.hours_each, d.most_each, d.without_reserve, d.basis, d.basis_at, d.version"
	lineColumns = `l.id, l.plan_id, l.member_id, l.training_id, COALESCE(l.owner_id, '') AS owner_id, l.due, l.cost, l.class_cost, l.dropped, l.note,
		COALESCE(l.created_by, '') AS created_by, l.created_at, l.version`
)

// PlanFacts is what the gaps of the department and the cheapest way to close them are
// made of, as they are at one moment.
type PlanFacts struct {
	Map       team.SkillMap // of the whole department
	People    []team.Member // those who have left too
	Absences  []team.Absence
	Trainings []team.Training
	Records   []team.TrainingRecord // since the first day of the half-year or the days of an effect, and those to come
	Reviews   []TrainingReview      // after trainings that are over: nobody has said yet what became of the level
	Plan      team.DevelopmentPlan  // of the half-year; without an id where there is none yet
}

// PlanFacts returns what a plan of the half-year of a day is made of. Leads may.
func (s *Store) PlanFacts(ctx context.Context, by team.Member, today team.Date) (f PlanFacts, err error) {
	if !team.CanPlan(by) {
		return f, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { f, err = planFacts(ctx, t, by, today); return err })
	return f, err
}

func planFacts(ctx context.Context, t tx, by team.Member, today team.Date) (f PlanFacts, err error) {
	first, _ := team.HalfYear(today)
	since := today.AddDays(-team.EffectDays)
	if first.Before(since) {
		since = first
	}
	f.Map, err = wholeMap(ctx, t, today)
	return f, firstError(err,
		func() error {
			return t.list(ctx, &f.People, "SELECT "+memberColumns+` FROM members m ORDER BY m.sort_key COLLATE "C", m.id`)
		},
		func() error {
			return t.list(ctx, &f.Absences, "SELECT "+absenceColumns+` FROM absences a JOIN members m ON m.id = a.member_id
				WHERE m.active AND (a.ends_on IS NULL OR a.ends_on >= ?) ORDER BY a.starts_on, a.id`, today)
		},
		func() (err error) { f.Trainings, err = trainings(ctx, t); return err },
		func() (err error) {
			f.Records, err = readRecords(ctx, t, by, "WHERE r.withdrawn_at IS NULL AND r.day >= ? ORDER BY r.day, r.id", since)
			return err
		},
		func() (err error) { f.Reviews, err = openReviews(ctx, t, by, today); return err },
		func() (err error) { f.Plan, err = planOf(ctx, t, first); return err })
}

// openReviews returns the levels that nobody has looked at since a training: the lead's
// own and everybody else's.
func openReviews(ctx context.Context, t tx, by team.Member, today team.Date) ([]TrainingReview, error) {
	own, err := trainingReviews(ctx, t, by, today, true)
	if err != nil {
		return nil, err
	}
	others, err := trainingReviews(ctx, t, by, today, false)
	return append(own, others...), err
}

// planOf returns the plan that begins on a day, with its lines; one without an id where
// there is none.
func planOf(ctx context.Context, t tx, first team.Date) (p team.DevelopmentPlan, err error) {
	err = t.get(ctx, &p, "SELECT "+planColumns+" FROM development_plans d WHERE d.starts_on = ?", first)
	if errors.Is(err, team.ErrNotFound) {
		return team.DevelopmentPlan{StartsOn: first}, nil
	}
	if err == nil {
		p.Lines, err = planLines(ctx, t, "WHERE l.plan_id = ?", p.ID)
	}
	return p, err
}

func planLines(ctx context.Context, t tx, where string, args ...any) (list []team.PlanLine, err error) {
	var skills []team.PlanSkill
	err = firstError(t.list(ctx, &list, "SELECT "+lineColumns+" FROM plan_lines l JOIN development_plans d ON d.id = l.plan_id "+where+" ORDER BY l.due, l.created_at, l.id", args...),
		func() error {
			return t.list(ctx, &skills, `SELECT k.line_id, k.skill_id, k.level FROM plan_line_skills k JOIN plan_lines l ON l.id = k.line_id
				JOIN development_plans d ON d.id = l.plan_id `+where+" ORDER BY k.line_id, k.skill_id", args...)
		})
	at := map[string]*team.PlanLine{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	for _, k := range skills {
		at[k.LineID].Skills = append(at[k.LineID].Skills, k)
	}
	return list, err
}

// PlanLines returns what the plan of the half-year of a day has for somebody, without
// what was dropped. The person and leads may; for others there is nothing.
func (s *Store) PlanLines(ctx context.Context, by team.Member, memberID string, today team.Date) (list []team.PlanLine, err error) {
	if !team.CanSeeLine(by, team.PlanLine{MemberID: memberID}) {
		return nil, nil
	}
	first, _ := team.HalfYear(today)
	err = s.read(ctx, func(t tx) error {
		list, err = planLines(ctx, t, "WHERE d.starts_on = ? AND l.member_id = ? AND NOT l.dropped", first, memberID)
		return err
	})
	return list, err
}

// SavePlan says what limits the plan of a half-year, at the version it was read at; 0
// where there was none. Leads may.
func (s *Store) SavePlan(ctx context.Context, by team.Member, p team.DevelopmentPlan) error {
	if !team.CanPlan(by) {
		return team.ErrForbidden
	}
	if err := p.Validate(); err != nil {
		return err
	}
	return s.write(ctx, func(t tx) error {
		now, err := planOf(ctx, t, p.StartsOn)
		if err != nil {
			return err
		}
		if now.Version != p.Version {
			return team.ErrStale
		}
		now.Budget, now.HoursEach, now.MostEach, now.WithoutReserve = p.Budget, p.HoursEach, p.MostEach, p.WithoutReserve
		if now.ID == "" {
			now.ID = newID()
			err = insertPlan(ctx, t, now)
			if isUniqueViolation(err) {
				err = team.ErrStale // somebody else began it at the same moment
			}
		} else {
			err = t.update(ctx, "UPDATE development_plans SET budget = ?, hours_each = ?, most_each = ?, without_reserve = ?, version = version + 1 WHERE id = ? AND version = ?",
				now.Budget, now.HoursEach, now.MostEach, now.WithoutReserve, now.ID, now.Version)
		}
		return firstError(err, func() error { return audit(ctx, t, by, "save", "plan", now.ID) })
	})
}

func insertPlan(ctx context.Context, t tx, p team.DevelopmentPlan) error {
	return t.run(ctx, `INSERT INTO development_plans (id, starts_on, budget, hours_each, most_each, without_reserve, basis, basis_at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, p.StartsOn, p.Budget, p.HoursEach, p.MostEach, p.WithoutReserve, p.Basis, p.BasisAt, max(p.Version, 1))
}

// TakeOver puts lines into the plan of the half-year of a day and returns how many are
// new. A line that is there already stays as it is; one that was dropped comes back.
// What a line costs comes from the catalogue. basis is kept where the plan has none yet,
// or in place of the one it has (anew). Leads may.
func (s *Store) TakeOver(ctx context.Context, by team.Member, today team.Date, lines []team.PlanLine, basis string, anew bool) (added int, err error) {
	if !team.CanPlan(by) {
		return 0, team.ErrForbidden
	}
	err = s.write(ctx, func(t tx) error {
		added = 0
		p, err := beginPlan(ctx, t, today)
		if err == nil && (anew || p.Basis == "") {
			err = t.run(ctx, "UPDATE development_plans SET basis = ?, basis_at = ?, version = version + 1 WHERE id = ?", basis, t.now, p.ID)
		}
		return firstError(err, func() error {
			return each(lines, func(l team.PlanLine) error {
				fresh, err := takeOverLine(ctx, t, by, p, l)
				if fresh {
					added++
				}
				return err
			})
		})
	})
	return added, err
}

// beginPlan returns the plan of the half-year of a day, which others wait for from here.
func beginPlan(ctx context.Context, t tx, today team.Date) (team.DevelopmentPlan, error) {
	first, _ := team.HalfYear(today)
	err := firstError(t.run(ctx, "INSERT INTO development_plans (id, starts_on) VALUES (?, ?) ON CONFLICT (starts_on) DO NOTHING", newID(), first),
		func() error {
			return t.run(ctx, "UPDATE development_plans SET version = version WHERE starts_on = ?", first)
		})
	if err != nil {
		return team.DevelopmentPlan{}, err
	}
	return planOf(ctx, t, first)
}

func takeOverLine(ctx context.Context, t tx, by team.Member, p team.DevelopmentPlan, l team.PlanLine) (fresh bool, err error) {
	for _, now := range p.Lines {
		if now.MemberID != l.MemberID || now.TrainingID != l.TrainingID {
			continue
		}
		if !now.Dropped {
			return false, nil
		}
		return true, firstError(t.run(ctx, "UPDATE plan_lines SET dropped = ?, version = version + 1 WHERE id = ?", false, now.ID),
			func() error { return audit(ctx, t, by, "take_over", "plan_line", now.ID) })
	}
	n, err := findTraining(ctx, t, l.TrainingID, "")
	if err == nil && n.ID == "" {
		err = team.Invalid{{Field: "training", Rule: team.Unknown}}
	}
	if err != nil {
		return false, err
	}
	l.ID, l.PlanID, l.By, l.CreatedAt, l.Version, l.Dropped = newID(), p.ID, by.ID, t.now, 1, false
	l.Cost, l.ClassCost = n.Fee, n.ClassCost
	if l.OwnerID == "" {
		l.OwnerID = by.ID
	}
	if l.Due.IsZero() {
		l.Due = p.LastDay()
	}
	return true, firstError(l.Validate(p.StartsOn),
		func() error { return holdPeople(ctx, t, []string{l.MemberID}) },
		func() error { return insertLine(ctx, t, l) },
		func() error { return audit(ctx, t, by, "take_over", "plan_line", l.ID) })
}

func insertLine(ctx context.Context, t tx, l team.PlanLine) error {
	err := t.run(ctx, `INSERT INTO plan_lines (id, plan_id, member_id, training_id, owner_id, due, cost, class_cost, dropped, note, created_by, created_at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, l.ID, l.PlanID, l.MemberID, l.TrainingID, null(l.OwnerID), l.Due, l.Cost, l.ClassCost, l.Dropped, l.Note,
		null(l.By), l.CreatedAt, max(l.Version, 1))
	return firstError(err, func() error {
		return each(l.Skills, func(k team.PlanSkill) error {
			return t.run(ctx, "INSERT INTO plan_line_skills (line_id, skill_id, level) VALUES (?, ?, ?)", l.ID, k.SkillID, k.Level)
		})
	})
}

// SavePlanLine changes who sees to a line, by when, what it costs and what is to be
// known of it, or drops it, at the version it was read at. Leads may.
func (s *Store) SavePlanLine(ctx context.Context, by team.Member, l team.PlanLine) error {
	if !team.CanPlan(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		var now team.PlanLine
		var first team.Date
		err := firstError(t.get(ctx, &now, "SELECT "+lineColumns+" FROM plan_lines l WHERE l.id = ?", l.ID),
			func() error {
				return t.get(ctx, &first, "SELECT d.starts_on FROM development_plans d WHERE d.id = ?", now.PlanID)
			})
		if err != nil {
			return err
		}
		l.MemberID, l.TrainingID = now.MemberID, now.TrainingID
		return firstError(l.Validate(first),
			func() error {
				return t.update(ctx, "UPDATE plan_lines SET owner_id = ?, due = ?, cost = ?, class_cost = ?, dropped = ?, note = ?, version = version + 1 WHERE id = ? AND version = ?",
					null(l.OwnerID), l.Due, l.Cost, l.ClassCost, l.Dropped, l.Note, l.ID, l.Version)
			},
			func() error { return audit(ctx, t, by, "save", "plan_line", l.ID) })
	})
}
