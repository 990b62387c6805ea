package store

import (
	"context"

	"tasuki/internal/team"
)

// ArticleVersions returns an article's versions, the newest first.
func (s *Store) ArticleVersions(ctx context.Context, by team.Member, id string) (list []team.ArticleVersion, err error) {
	err = s.read(ctx, func(t tx) error {
		if _, err := article(ctx, t, by, id); err != nil {
			return err
		}
		return t.list(ctx, &list, "SELECT "+versionColumns+" FROM article_versions WHERE article_id = ? ORDER BY version DESC", id)
	})
	return list, err
}

const versionColumns = "article_id, version, title, " + answerColumns + ", state, audience, keywords, review_due, COALESCE(saved_by, '') AS saved_by, saved_at"

// RestoreArticle saves what an old version said as a new version of an article at
// the version it was read at (team.ErrStale otherwise). Topics and wordings stay.
// What was verified is not any more: somebody has to look at the old text again.
func (s *Store) RestoreArticle(ctx context.Context, by team.Member, id string, old, at int) error {
	if !team.CanWrite(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		a, err := article(ctx, t, by, id)
		if err != nil {
			return err
		}
		var v team.ArticleVersion
		if err := t.get(ctx, &v, "SELECT "+versionColumns+" FROM article_versions WHERE article_id = ? AND version = ?", id, old); err != nil {
			return err
		}
		a.Version, a.Title, a.Answer, a.Audience, a.Keywords, a.ReviewDue = at, v.Title, v.Answer, v.Audience, v.Keywords, v.ReviewDue
		if a.State == team.ArticleVerified {
			a.State = team.ArticleNotVerified
		}
		return firstError(writeArticle(ctx, t, by, &a), func() error { return recordChange(ctx, t, team.KindArticle, id) })
	})
}

// RemoveWording takes an asked wording away from an article, so that it no longer
// finds it: some were kept from a question that did not fit. An unknown one is
// team.ErrNotFound.
func (s *Store) RemoveWording(ctx context.Context, by team.Member, articleID, wordingID string) error {
	if !team.CanWrite(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		if _, err := article(ctx, t, by, articleID); err != nil {
			return err
		}
		n, err := t.exec(ctx, "DELETE FROM wordings WHERE id = ? AND article_id = ?", wordingID, articleID)
		if err == nil && n == 0 {
			err = team.ErrNotFound
		}
		return firstError(err, func() error { return audit(ctx, t, by, "remove_wording", team.KindArticle, articleID) },
			func() error { return recordChange(ctx, t, team.KindArticle, articleID) })
	})
}
