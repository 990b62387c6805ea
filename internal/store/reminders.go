package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"tasuki/internal/team"
)

// How long one attempt at a digest is nobody else's, which is longer than an attempt
// may take; how long the next one waits after a failure, doubling with each; and how
// often one is sent again whose fate is unknown.
const (
	digestClaim    = 5 * time.Minute
	digestWait     = 10 * time.Minute
	digestMaxWait  = 4 * time.Hour
	digestAttempts = 5
)

// outdated is the problem of a digest that was true no more when it could be sent.
const outdated = "outdated"

// stopped is the problem of a digest that was given up on because no attempt came back:
// the program ended in the middle of each. Administrators see it as any other.
const stopped = "stopped"

// DigestsDue returns the members to whom a digest may have to be sent today: those
// with a reminder due, or with a digest that was begun and not ended. Those who want
// no mail, or have left, are not among them.
func (s *Store) DigestsDue(ctx context.Context, today team.Date) (ids []string, err error) {
	err = s.read(ctx, func(t tx) error {
		all, err := deadlines(ctx, t, today, today, today.AddDays(team.RemindAhead))
		if err != nil {
			return err
		}
		var told []team.Reminder
		if err := t.list(ctx, &told, "SELECT member_id, kind, object_id, part, on_day, stage FROM reminders WHERE on_day >= ?", today); err != nil {
			return err
		}
		due := map[string]bool{}
		for _, r := range team.RemindersDue(today, all, told) {
			due[r.MemberID] = true
		}
		var open, people []string
		if err := t.list(ctx, &open, "SELECT member_id FROM digests WHERE state = 'sending'"); err != nil {
			return err
		}
		for _, id := range open {
			due[id] = true
		}
		err = t.list(ctx, &people, "SELECT m.id FROM members m WHERE m.active AND NOT m.no_mails ORDER BY m.id")
		for _, id := range people {
			if due[id] {
				ids = append(ids, id)
			}
		}
		return err
	})
	return ids, err
}

// ReserveDigest reserves what is to be mailed to a member today, before it is sent:
// whoever asks after that, in whatever process, gets team.ErrNotFound, as when there is
// nothing to tell, when the member already had today's digest, or when a failure is too
// recent. It is to be followed by EndDigest within digestClaim.
//
// A process can die after the mail server took a mail over and before EndDigest. Then
// nobody can know whether it arrived. Such a digest is reserved again once its claim is
// over, under the same id, and so goes out with the same Message-ID: mailboxes that
// compare those show it once, others show it twice. The other choice would lose
// reminders without a word. In every other case a stage of a deadline is mailed once.
func (s *Store) ReserveDigest(ctx context.Context, memberID string, today team.Date) (d team.Digest, err error) {
	nothing := false
	err = s.write(ctx, func(t tx) error {
		d, nothing = team.Digest{}, false
		if err := t.get(ctx, &d.Member, "SELECT "+memberColumns+" FROM members m WHERE m.id = ? AND m.active AND NOT m.no_mails", memberID); err != nil {
			return err
		}
		own, err := deadlinesOf(ctx, t, memberID, today, today, today.AddDays(team.RemindAhead))
		if err != nil {
			return err
		}
		again, err := resumeDigest(ctx, t, &d, own, today)
		if err != nil || again {
			return err
		}
		err = beginDigest(ctx, t, &d, own, today)
		if nothing = errors.Is(err, team.ErrNotFound); nothing {
			return nil // a digest that was ended on the way stays ended
		}
		return err
	})
	if nothing || isUniqueViolation(err) { // or another process was a moment earlier
		err = team.ErrNotFound
	}
	if err != nil {
		return team.Digest{}, err
	}
	return d, nil
}

// beginDigest reserves a new digest.
func beginDigest(ctx context.Context, t tx, d *team.Digest, own []team.Deadline, today team.Date) error {
	if err := mayBeginDigest(ctx, t, d.Member.ID, today); err != nil {
		return err
	}
	var told []team.Reminder
	if err := t.list(ctx, &told, "SELECT member_id, kind, object_id, part, on_day, stage FROM reminders WHERE member_id = ?", d.Member.ID); err != nil {
		return err
	}
	if d.Reminders = team.RemindersDue(today, own, told); len(d.Reminders) == 0 {
		return team.ErrNotFound
	}
	d.ID, d.CreatedAt, d.Attempts = newID(), t.now, 1
	err := t.run(ctx, "INSERT INTO digests (id, member_id, day, state, created_at, claimed_until, attempts) VALUES (?, ?, ?, 'sending', ?, ?, 1)",
		d.ID, d.Member.ID, today, t.now, team.At(t.now.Add(digestClaim)))
	return firstError(err, func() error {
		return each(d.Reminders, func(r team.Reminder) error {
			return t.run(ctx, "INSERT INTO reminders (member_id, kind, object_id, part, on_day, stage, digest_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
				r.MemberID, r.Kind, r.ObjectID, r.Part, r.On, r.Stage, d.ID)
		})
	})
}

// mayBeginDigest is team.ErrNotFound where a member had today's digest, or where the
// last failure is too recent.
func mayBeginDigest(ctx context.Context, t tx, memberID string, today team.Date) error {
	var n int
	err := t.get(ctx, &n, "SELECT COUNT(*) FROM digests WHERE member_id = ? AND day = ? AND state <> 'failed'", memberID, today)
	if err != nil || n > 0 {
		return firstError(err, func() error { return team.ErrNotFound })
	}
	var failures struct {
		Count int        `db:"n"`
		Last  team.Stamp `db:"last"`
	}
	err = t.get(ctx, &failures, `SELECT COUNT(*) AS n, MAX(ended_at) AS last FROM digests
		WHERE member_id = ? AND day = ? AND state = 'failed' AND problem <> ?`, memberID, today, outdated)
	if err != nil || failures.Count == 0 {
		return err
	}
	wait := min(digestWait<<min(failures.Count-1, 8), digestMaxWait)
	if t.now.Sub(failures.Last.Time) < wait {
		return team.ErrNotFound
	}
	return nil
}

// resumeDigest takes over a digest whose sender did not come back, as far as it is
// still true, and tells whether there was one. A digest that is being sent is
// team.ErrNotFound for others.
func resumeDigest(ctx context.Context, t tx, d *team.Digest, own []team.Deadline, today team.Date) (bool, error) {
	err := t.get(ctx, d, "SELECT id, created_at, attempts FROM digests WHERE member_id = ? AND state = 'sending' ORDER BY created_at, id LIMIT 1", d.Member.ID)
	if errors.Is(err, team.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	// Of two processes that come at the same moment, one finds the claim over.
	n, err := t.exec(ctx, "UPDATE digests SET attempts = attempts + 1, claimed_until = ? WHERE id = ? AND state = 'sending' AND claimed_until <= ?",
		team.At(t.now.Add(digestClaim)), d.ID, t.now)
	if err != nil || n == 0 {
		return false, firstError(err, func() error { return team.ErrNotFound })
	}
	var told []team.Reminder
	if err := t.list(ctx, &told, "SELECT member_id, kind, object_id, part, on_day, stage FROM reminders WHERE digest_id = ?", d.ID); err != nil {
		return false, err
	}
	d.Reminders = stillTrue(today, own, told)
	switch {
	case d.Attempts >= digestAttempts:
		err = t.run(ctx, "UPDATE digests SET state = 'unclear', problem = CASE problem WHEN '' THEN ? ELSE problem END, ended_at = ? WHERE id = ?", stopped, t.now, d.ID)
	case len(d.Reminders) == len(told):
		d.Attempts++
		return true, nil
	default:
		err = dropDigest(ctx, t, d.ID, outdated)
	}
	d.ID, d.Reminders = "", nil
	return false, err
}

// stillTrue returns the reminders whose deadline stands as it did, at the same stage.
func stillTrue(today team.Date, own []team.Deadline, told []team.Reminder) (list []team.Reminder) {
	for _, now := range team.RemindersDue(today, own, nil) {
		if slices.ContainsFunc(told, now.Same) {
			list = append(list, now)
		}
	}
	return list
}

// dropDigest ends a digest that was not sent: what it was to tell is due again.
func dropDigest(ctx context.Context, t tx, id, problem string) error {
	return firstError(t.run(ctx, "DELETE FROM reminders WHERE digest_id = ?", id),
		func() error {
			return t.run(ctx, "UPDATE digests SET state = 'failed', problem = ?, ended_at = ? WHERE id = ?", problem, t.now, id)
		})
}

// EndDigest notes how an attempt at a digest went; problem names the fault. A failed
// one is due again after a while; one with an unclear end is sent again under its id.
// An attempt that another process took over meanwhile changes nothing, except that a
// digest which was sent is sent.
func (s *Store) EndDigest(ctx context.Context, d team.Digest, outcome team.DigestOutcome, problem string) error {
	return s.write(ctx, func(t tx) error {
		if outcome == team.DigestSent {
			return t.run(ctx, "UPDATE digests SET state = 'sent', problem = '', ended_at = ? WHERE id = ? AND state = 'sending'", t.now, d.ID)
		}
		n, err := t.exec(ctx, "UPDATE digests SET problem = ?, ended_at = ? WHERE id = ? AND state = 'sending' AND attempts = ?", problem, t.now, d.ID, d.Attempts)
		if err != nil || n == 0 || outcome == team.DigestUnclear {
			return err
		}
		return dropDigest(ctx, t, d.ID, problem)
	})
}

// DigestsSent counts the digests that were sent since a moment, and tells when the
// last one was. Administrators may.
func (s *Store) DigestsSent(ctx context.Context, by team.Member, since time.Time) (n int, last team.Stamp, err error) {
	if !team.CanLookAfterProgram(by) {
		return 0, last, team.ErrForbidden
	}
	var sent struct {
		Count int        `db:"n"`
		Last  team.Stamp `db:"last"`
	}
	err = s.read(ctx, func(t tx) error {
		return t.get(ctx, &sent, "SELECT COUNT(*) AS n, MAX(ended_at) AS last FROM digests WHERE state = 'sent' AND ended_at >= ?", team.At(since))
	})
	return sent.Count, sent.Last, err
}

// DigestProblems returns the latest mails that did not go out since a moment, the
// latest first. Administrators may.
func (s *Store) DigestProblems(ctx context.Context, by team.Member, since time.Time) (list []team.DigestProblem, err error) {
	if !team.CanLookAfterProgram(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, `SELECT d.member_id, CASE d.state WHEN 'sending' THEN 'unclear' ELSE d.state END AS state, d.problem, d.ended_at FROM digests d
			WHERE d.ended_at >= ? AND d.problem <> '' AND d.problem <> ? ORDER BY d.ended_at DESC, d.id LIMIT 20`, team.At(since), outdated)
	})
	return list, err
}

// TidyReminders forgets digests, and what was put aside, long after their days.
func (s *Store) TidyReminders(ctx context.Context, today team.Date) error {
	const kept = 400 // days: more than the longest time from a reminder to its deadline
	return s.write(ctx, func(t tx) error {
		return firstError(t.run(ctx, "DELETE FROM digests WHERE day < ?", today.AddDays(-kept)),
			func() error {
				return t.run(ctx, "DELETE FROM dismissed_deadlines WHERE on_day < ?", today.AddDays(-kept))
			})
	})
}
