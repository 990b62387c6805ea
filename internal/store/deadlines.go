package store

import (
	"context"

	"tasuki/internal/team"
)

// deadlines returns everybody's deadlines between two days, both included, as they
// stand today.
func deadlines(ctx context.Context, t tx, today, from, until team.Date) ([]team.Deadline, error) {
	certificates, err := certificateDeadlines(ctx, t, today, from, until)
	if err != nil {
		return nil, err
	}
	trainings, err := trainingDeadlines(ctx, t, from, until)
	return append(certificates, trainings...), err
}

// deadlinesOf returns a member's deadlines between two days, both included.
func deadlinesOf(ctx context.Context, t tx, memberID string, today, from, until team.Date) ([]team.Deadline, error) {
	all, err := deadlines(ctx, t, today, from, until)
	var own []team.Deadline
	for _, d := range all {
		if d.MemberID == memberID {
			own = append(own, d)
		}
	}
	return own, err
}

// ShownDeadlines returns what is near for the person themselves, or has just passed,
// the nearest day first, without what they put aside.
func (s *Store) ShownDeadlines(ctx context.Context, by team.Member, today team.Date) (list []team.Deadline, err error) {
	if !team.CanSeeDeadlines(by, by.ID) {
		return nil, nil
	}
	err = s.read(ctx, func(t tx) error {
		own, err := deadlinesOf(ctx, t, by.ID, today, today.AddDays(-team.OverdueShown), today.AddDays(team.SoonAhead))
		if err != nil || len(own) == 0 {
			return err
		}
		var aside []team.Reminder
		err = t.list(ctx, &aside, "SELECT member_id, kind, object_id, part, on_day, stage FROM dismissed_deadlines WHERE member_id = ?", by.ID)
		list = team.DeadlinesShown(today, own, aside)
		return err
	})
	return list, err
}

// PutAside takes one of the person's own deadlines off their list until its next stage.
// What does not stand there is team.ErrNotFound.
func (s *Store) PutAside(ctx context.Context, by team.Member, today team.Date, kind team.DeadlineKind, objectID, part string) error {
	return s.write(ctx, func(t tx) error {
		own, err := deadlinesOf(ctx, t, by.ID, today, today.AddDays(-team.OverdueShown), today.AddDays(team.SoonAhead))
		if err != nil {
			return err
		}
		for _, d := range own {
			if d.Kind != kind || d.ObjectID != objectID || d.Part != part || !team.CanSeeDeadlines(by, d.MemberID) {
				continue
			}
			if stage, shown := d.Shown(today); shown {
				return putAside(ctx, t, by, d, stage)
			}
		}
		return team.ErrNotFound
	})
}

func putAside(ctx context.Context, t tx, by team.Member, d team.Deadline, stage int) error {
	err := t.run(ctx, `INSERT INTO dismissed_deadlines (member_id, kind, object_id, part, on_day, stage) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (member_id, kind, object_id, part, on_day) DO UPDATE SET stage = excluded.stage`, by.ID, d.Kind, d.ObjectID, d.Part, d.On, stage)
	return firstError(err, func() error { return audit(ctx, t, by, "put_aside", string(d.Kind), d.ObjectID) })
}
