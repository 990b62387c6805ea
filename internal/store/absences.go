package store

import (
	"context"

	"tasuki/internal/team"
)

const absenceColumns = "a.id, a.member_id, a.kind, a.starts_on, a.ends_on, COALESCE(a.created_by, '') AS created_by, a.created_at, a.version"

// Absences returns the planned absences that have not ended before a day, the
// nearest first: all for leads, for others their own.
func (s *Store) Absences(ctx context.Context, by team.Member, from team.Date) (list []team.Absence, err error) {
	if !team.CanWrite(by) {
		return nil, nil
	}
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT "+absenceColumns+` FROM absences a JOIN members m ON m.id = a.member_id
			WHERE m.active AND (a.ends_on IS NULL OR a.ends_on >= ?) AND (? OR a.member_id = ?) ORDER BY a.starts_on, a.id`, from, team.CanManage(by), by.ID)
	})
	return list, err
}

// Absence returns a planned absence. The person and leads may; for others there is none.
func (s *Store) Absence(ctx context.Context, by team.Member, id string) (a team.Absence, err error) {
	err = s.read(ctx, func(t tx) error {
		err := t.get(ctx, &a, "SELECT "+absenceColumns+" FROM absences a WHERE a.id = ?", id)
		if err == nil && !team.CanPlanAbsence(by, a.MemberID) {
			err = team.ErrNotFound
		}
		return err
	})
	return a, err
}

// SaveAbsence plans an absence (empty id) or changes one at the version it was read
// at. The person and leads may; for others there is none.
func (s *Store) SaveAbsence(ctx context.Context, by team.Member, a team.Absence) (team.Absence, error) {
	err := s.write(ctx, func(t tx) error {
		if err := ownAbsence(ctx, t, by, &a); err != nil {
			return err
		}
		if err := a.Validate(); err != nil {
			return err
		}
		return firstError(writeAbsence(ctx, t, by, &a), func() error { return audit(ctx, t, by, "save", "absence", a.ID) })
	})
	return a, err
}

// ownAbsence checks whose absence it is; of one that is there the database says it.
func ownAbsence(ctx context.Context, t tx, by team.Member, a *team.Absence) error {
	if a.ID != "" {
		if err := t.get(ctx, &a.MemberID, "SELECT member_id FROM absences WHERE id = ?", a.ID); err != nil {
			return err
		}
	}
	if !team.CanPlanAbsence(by, a.MemberID) {
		return team.ErrNotFound
	}
	var n int
	err := t.get(ctx, &n, "SELECT COUNT(*) FROM members WHERE id = ? AND active", a.MemberID)
	if err == nil && n == 0 {
		err = team.Invalid{{Field: "member", Rule: team.Unknown}}
	}
	return err
}

func writeAbsence(ctx context.Context, t tx, by team.Member, a *team.Absence) error {
	if a.ID != "" {
		err := t.update(ctx, "UPDATE absences SET kind = ?, starts_on = ?, ends_on = ?, version = version + 1 WHERE id = ? AND version = ?",
			a.Kind, a.StartsOn, a.EndsOn, a.ID, a.Version)
		a.Version++
		return err
	}
	a.ID, a.By, a.CreatedAt, a.Version = newID(), by.ID, t.now, 1
	return insertAbsence(ctx, t, *a)
}

func insertAbsence(ctx context.Context, t tx, a team.Absence) error {
	return t.run(ctx, "INSERT INTO absences (id, member_id, kind, starts_on, ends_on, created_by, created_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.MemberID, a.Kind, a.StartsOn, a.EndsOn, null(a.By), a.CreatedAt, max(a.Version, 1))
}

// DeleteAbsence takes a planned absence back. The person and leads may.
func (s *Store) DeleteAbsence(ctx context.Context, by team.Member, id string) error {
	return s.write(ctx, func(t tx) error {
		return firstError(ownAbsence(ctx, t, by, &team.Absence{ID: id}),
			func() error { return t.run(ctx, "DELETE FROM absences WHERE id = ?", id) },
			func() error { return audit(ctx, t, by, "delete", "absence", id) })
	})
}
