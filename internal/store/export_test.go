package store

import (
	"context"

	"tasuki/internal/team"
)

// ClaimImport begins a run that never goes on, as when the program is killed.
func (s *Store) ClaimImport(ctx context.Context, by team.Member, id string) error {
	run := importRun{store: s, by: by, id: id, key: newID()}
	return run.claim(ctx)
}

// CertificateDeadlines returns what reminders read.
func (s *Store) CertificateDeadlines(ctx context.Context, from, until team.Date) (list []team.Deadline, err error) {
	err = s.read(ctx, func(t tx) error { list, err = certificateDeadlines(ctx, t, from, from, until); return err })
	return list, err
}

// TrainingDeadlines returns the planned trainings of some days.
func (s *Store) TrainingDeadlines(ctx context.Context, from, until team.Date) (list []team.Deadline, err error) {
	err = s.read(ctx, func(t tx) error { list, err = trainingDeadlines(ctx, t, from, until); return err })
	return list, err
}
