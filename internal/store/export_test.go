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
