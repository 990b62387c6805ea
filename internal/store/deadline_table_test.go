package store

import (
	"context"
	"testing"

	"tasuki/internal/team"
)

// DeadlineTable makes the deadlines of a table, in place of those of certificates.
func DeadlineTable(t *testing.T, s *Store) {
	_, err := s.writer.Exec("CREATE TABLE deadlines (kind TEXT, object_id TEXT, member_id TEXT, title TEXT, on_day DATE)")
	if err != nil {
		t.Fatal(err)
	}
	deadlineSources = append(deadlineSources[:0], func(ctx context.Context, t tx, from, until team.Date) (list []team.Deadline, err error) {
		err = t.list(ctx, &list, "SELECT kind, object_id, member_id, title, on_day FROM deadlines WHERE on_day >= ? AND on_day <= ?", from, until)
		return list, err
	})
}

// SetDeadline moves a deadline of the table, or makes one.
func (s *Store) SetDeadline(t *testing.T, d team.Deadline) {
	t.Helper()
	err := s.write(t.Context(), func(x tx) error {
		return firstError(x.run(t.Context(), "DELETE FROM deadlines WHERE kind = ? AND object_id = ?", d.Kind, d.ObjectID), func() error {
			return x.run(t.Context(), "INSERT INTO deadlines (kind, object_id, member_id, title, on_day) VALUES (?, ?, ?, ?, ?)", d.Kind, d.ObjectID, d.MemberID, d.Title, d.On)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
