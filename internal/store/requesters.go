package store

import (
	"context"

	"tasuki/internal/team"
)

// The latest consultations that names are offered from, and how many names at most.
const (
	requestersFrom = 2000
	maxRequesters  = 200
)

// RecentRequesters returns who asked lately in consultations that are open to the whole
// department, with their department, the latest first. Who asked in a compartment is in
// it for nobody, so that the list is the same for everyone who may read.
func (s *Store) RecentRequesters(ctx context.Context, by team.Member) (list []team.Requester, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, `SELECT r.name, r.department_id FROM
			(SELECT c.requester AS name, COALESCE(c.department_id, '') AS department_id, c.received_at AS at FROM consultations c
				WHERE c.compartment_id IS NULL AND c.requester <> '' ORDER BY c.received_at DESC, c.id LIMIT ?) r
			GROUP BY r.name, r.department_id ORDER BY MAX(r.at) DESC, r.name COLLATE "C", r.department_id COLLATE "C" LIMIT ?`, requestersFrom, maxRequesters)
	})
	return list, err
}
