package store

import (
	"context"
	"time"

	"tasuki/internal/team"
)

// TakeJob gives a process the lease of a job and tells whether it got it: nobody has
// it, and it is due, every so often after it last began. The lease of a process that
// died runs out by itself; the job is then due at once. Of all that ask at the same
// moment one gets it.
func (s *Store) TakeJob(ctx context.Context, name, holder string, every, lease time.Duration) (taken bool, err error) {
	err = s.write(ctx, func(t tx) error {
		if err := t.run(ctx, "INSERT INTO jobs (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name); err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE jobs SET holder = ?, held_until = ?, started_at = ? WHERE name = ? AND
			((holder <> '' AND held_until <= ?) OR (holder = '' AND (started_at IS NULL OR started_at <= ?)))`,
			holder, team.At(t.now.Add(lease)), t.now, name, t.now, team.At(t.now.Add(-every)))
		taken = n > 0
		return err
	})
	return taken && err == nil, err
}

// KeepJob makes a lease last longer. One that another process has by now is
// team.ErrStale: whoever had it must stop.
func (s *Store) KeepJob(ctx context.Context, name, holder string, lease time.Duration) error {
	return s.write(ctx, func(t tx) error {
		return t.update(ctx, "UPDATE jobs SET held_until = ? WHERE name = ? AND holder = ?", team.At(t.now.Add(lease)), name, holder)
	})
}

// EndJob gives the lease back and notes how the job went: how many things it did, and
// how many it could not do. A lease that is another's by now is left alone.
func (s *Store) EndJob(ctx context.Context, name, holder, outcome string, done, failed int) error {
	return s.write(ctx, func(t tx) error {
		return t.run(ctx, "UPDATE jobs SET holder = '', held_until = NULL, ended_at = ?, outcome = ?, done = ?, failed = ? WHERE name = ? AND holder = ?",
			t.now, outcome, done, failed, name, holder)
	})
}

// Jobs returns every job that ever ran, by name. Administrators may.
func (s *Store) Jobs(ctx context.Context, by team.Member) (list []team.Job, err error) {
	if !team.CanLookAfterProgram(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT name, holder, held_until, started_at, ended_at, outcome, done, failed FROM jobs ORDER BY name COLLATE \"C\"")
	})
	return list, err
}
