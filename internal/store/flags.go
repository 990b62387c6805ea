package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// FlagArticle marks an article as wrong or outdated, with a note for whoever mends it.
func (s *Store) FlagArticle(ctx context.Context, by team.Member, id, note string) error {
	if !team.CanWrite(by) {
		return team.ErrForbidden
	}
	note = text.Clean(note)
	if note == "" {
		return team.Invalid{{Field: "note", Rule: team.Required}}
	}
	if text.Runes(note) > 500 {
		return team.Invalid{{Field: "note", Rule: team.TooLong, Limit: 500}}
	}
	return s.write(ctx, func(t tx) error {
		if _, err := article(ctx, t, by, id); err != nil {
			return err
		}
		err := t.run(ctx, "INSERT INTO flags (id, article_id, note, raised_by, raised_at) VALUES (?, ?, ?, ?, ?)", newID(), id, note, null(by.ID), t.now)
		return firstError(err, func() error { return audit(ctx, t, by, "flag", team.KindArticle, id) })
	})
}

// Flags returns the open flags of an article, the oldest first.
func (s *Store) Flags(ctx context.Context, by team.Member, articleID string) (list []team.Flag, err error) {
	err = s.read(ctx, func(t tx) error {
		if _, err := article(ctx, t, by, articleID); err != nil {
			return err
		}
		return t.list(ctx, &list, "SELECT "+flagColumns+" FROM flags WHERE article_id = ? AND resolved_at IS NULL ORDER BY raised_at, id", articleID)
	})
	return list, err
}

// ResolveFlag settles a flag.
func (s *Store) ResolveFlag(ctx context.Context, by team.Member, articleID, flagID string) error {
	if !team.CanWrite(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		if _, err := article(ctx, t, by, articleID); err != nil {
			return err
		}
		n, err := t.exec(ctx, "UPDATE flags SET resolved_by = ?, resolved_at = ? WHERE id = ? AND article_id = ? AND resolved_at IS NULL",
			null(by.ID), t.now, flagID, articleID)
		if err == nil && n == 0 {
			err = team.ErrNotFound
		}
		return firstError(err, func() error { return audit(ctx, t, by, "resolve_flag", team.KindArticle, articleID) })
	})
}
