package store

import (
	"context"
	"time"

	"tasuki/internal/team"
)

// How far back and ahead a calendar goes, in months.
const (
	calendarBack  = 12
	calendarAhead = 48
)

// Calendar tells of the person's own calendar address; team.ErrNotFound when they have none.
func (s *Store) Calendar(ctx context.Context, by team.Member) (c team.Calendar, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.get(ctx, &c, "SELECT created_at, used_at FROM calendars WHERE member_id = ?", by.ID)
	})
	return c, err
}

// RenewCalendar returns the secret of a new calendar address of the person, of which
// only the hash is kept: it can be shown only now. The one before stops working.
func (s *Store) RenewCalendar(ctx context.Context, by team.Member) (string, error) {
	if !team.CanSeeDeadlines(by, by.ID) {
		return "", team.ErrForbidden
	}
	secret := newID()
	err := s.write(ctx, func(t tx) error {
		err := t.run(ctx, `INSERT INTO calendars (member_id, token_hash, created_at) VALUES (?, ?, ?)
			ON CONFLICT (member_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at, used_at = NULL`,
			by.ID, hashToken(secret), t.now)
		return firstError(err, func() error { return audit(ctx, t, by, "renew", "calendar", by.ID) })
	})
	return secret, err
}

// RevokeCalendar ends the person's calendar address at once. One that is not there is
// no fault.
func (s *Store) RevokeCalendar(ctx context.Context, by team.Member) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "DELETE FROM calendars WHERE member_id = ?", by.ID)
		if err != nil || n == 0 {
			return err
		}
		return audit(ctx, t, by, "revoke", "calendar", by.ID)
	})
}

// CalendarEvents returns whose calendar a secret opens, and their deadlines by day. An
// unknown or revoked secret, and one of somebody who left, are all team.ErrNotFound.
// Nobody has to be signed in: the secret is the permission. What was changed since the
// last time is noted, so that calendar programs see a revision.
func (s *Store) CalendarEvents(ctx context.Context, secret string, today team.Date) (m team.Member, events []team.CalendarEvent, err error) {
	var stale bool
	err = s.read(ctx, func(t tx) error {
		var used team.Stamp
		if m, used, err = calendarMember(ctx, t, secret); err != nil {
			return err
		}
		var changed []team.CalendarEvent
		events, changed, err = calendarEvents(ctx, t, m.ID, today)
		stale = len(changed) > 0 || t.now.Sub(used.Time) > time.Hour
		return err
	})
	if err != nil || !stale {
		return m, events, err
	}
	err = s.write(ctx, func(t tx) error {
		if m, _, err = calendarMember(ctx, t, secret); err != nil {
			return err
		}
		events, err = noteEvents(ctx, t, m.ID, today)
		return err
	})
	return m, events, err
}

func calendarMember(ctx context.Context, t tx, secret string) (m team.Member, used team.Stamp, err error) {
	row := struct {
		team.Member
		UsedAt team.Stamp `db:"used_at"`
	}{}
	err = t.get(ctx, &row, "SELECT "+memberColumns+`, c.used_at FROM calendars c JOIN members m ON m.id = c.member_id
		WHERE c.token_hash = ? AND m.active`, hashToken(secret))
	return row.Member, row.UsedAt, err
}

// calendarEvents returns the events of a member, and those of them that are not noted
// as they are.
func calendarEvents(ctx context.Context, t tx, memberID string, today team.Date) (events, changed []team.CalendarEvent, err error) {
	own, err := deadlinesOf(ctx, t, memberID, today, today.AddMonths(-calendarBack), today.AddMonths(calendarAhead))
	if err != nil {
		return nil, nil, err
	}
	var noted []team.CalendarEvent
	if err := t.list(ctx, &noted, "SELECT member_id, kind, object_id, part, nth, on_day, title, title_en, sequence, changed_at FROM calendar_events WHERE member_id = ?", memberID); err != nil {
		return nil, nil, err
	}
	for _, e := range team.Calendared(own, noted, t.now) {
		events = append(events, e)
		if e.ChangedAt == t.now {
			changed = append(changed, e)
		}
	}
	return events, changed, nil
}

func noteEvents(ctx context.Context, t tx, memberID string, today team.Date) ([]team.CalendarEvent, error) {
	// Two who ask at the same moment wait here for each other.
	if err := t.run(ctx, "UPDATE calendars SET used_at = ? WHERE member_id = ?", t.now, memberID); err != nil {
		return nil, err
	}
	events, changed, err := calendarEvents(ctx, t, memberID, today)
	return events, firstError(err, func() error {
		return each(changed, func(e team.CalendarEvent) error {
			return t.run(ctx, `INSERT INTO calendar_events (member_id, kind, object_id, part, nth, on_day, title, title_en, sequence, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (member_id, kind, object_id, part, nth) DO UPDATE SET on_day = excluded.on_day, title = excluded.title, title_en = excluded.title_en, sequence = excluded.sequence,
				changed_at = excluded.changed_at`, e.MemberID, e.Kind, e.ObjectID, e.Part, e.Nth, e.On, e.Title, e.TitleEn, e.Sequence, e.ChangedAt)
		})
	})
}
