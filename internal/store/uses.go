package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// UseArticle is the reuse of an answer as one action: it records the consultation
// (or takes the open one named), links the article, stamps first response and
// answer, and keeps the asker's wording with the article. A repeated key returns
// the first result. An article that the person may not read is team.ErrNotFound.
func (s *Store) UseArticle(ctx context.Context, by team.Member, u team.Use) (c team.Consultation, err error) {
	if !team.CanWrite(by) {
		return c, team.ErrForbidden
	}
	err = s.write(ctx, func(t tx) error {
		if done, err := once(ctx, t, by, u.Key); err != nil || done != "" {
			return firstError(err, func() error { c, err = consultation(ctx, t, by, done); return err })
		}
		a, err := article(ctx, t, by, u.ArticleID)
		if err != nil {
			return err
		}
		if c, err = answered(ctx, t, by, a, u); err != nil {
			return err
		}
		worded, err := link(ctx, t, by, c, a, u.Kind, text.Clean(u.Wording))
		return firstError(err,
			func() error { return remember(ctx, t, by, u.Key, c.ID) },
			func() error { return recordChange(ctx, t, team.KindConsultation, c.ID) },
			func() error { return recordWordings(ctx, t, a.ID, worded) })
	})
	return c, err
}

// answered records the answer of a reuse on a new or an open consultation.
func answered(ctx context.Context, t tx, by team.Member, a team.Article, u team.Use) (c team.Consultation, err error) {
	if u.ConsultationID != "" {
		if c, err = consultation(ctx, t, by, u.ConsultationID); err != nil {
			return c, err
		}
		if c.State == team.ConsultationAnswered {
			return c, team.ErrStale
		}
	} else {
		c = team.Consultation{Compartment: u.Compartment, Requester: u.Requester, DepartmentID: u.DepartmentID, TopicID: u.TopicID,
			Channel: u.Channel, Subject: u.Subject, Text: u.Text}
		if c.Subject == "" {
			c.Subject = a.Title
		}
		if c.Compartment == "" {
			// What is asked of a restricted article is as restricted as the article.
			c.Compartment = a.Compartment
		}
	}
	if a.Compartment != "" && c.Compartment != a.Compartment {
		// The answer's text is about to be copied: its readers must be those of the article.
		return c, team.Invalid{{Field: "compartment", Rule: team.OtherGroup}}
	}
	if c.TopicID == "" && len(a.Topics) > 0 {
		c.TopicID = a.Topics[0]
	}
	c.State, c.Answer, c.Reply = team.ConsultationAnswered, u.Answer, u.Reply
	cleanConsultation(&c)
	return c, firstError(c.Validate(), func() error { return writeConsultation(ctx, t, by, &c) })
}

// link joins the two, and tells whether the article has a new wording. The wording
// stays with the article only where everyone who reads the article may also read the
// consultation it came from.
func link(ctx context.Context, t tx, by team.Member, c team.Consultation, a team.Article, kind team.LinkKind, wording string) (bool, error) {
	err := t.run(ctx, `INSERT INTO article_links (consultation_id, article_id, kind, linked_by, linked_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (consultation_id, article_id) DO UPDATE SET kind = excluded.kind`, c.ID, a.ID, kind, null(by.ID), t.now)
	if err != nil || wording == "" || (c.Compartment != "" && c.Compartment != a.Compartment) {
		return false, err
	}
	return addWording(ctx, t, a.ID, c.ID, wording)
}

// recordWordings tells the indexes of an article whose wordings changed. Without
// such a change nothing is told: an open article that is written again each time
// somebody uses it in secret would show that to the statistics of the search.
func recordWordings(ctx context.Context, t tx, articleID string, changed bool) error {
	if !changed {
		return nil
	}
	return recordChange(ctx, t, team.KindArticle, articleID)
}

// UndoUse takes a reuse back within team.UndoWindow, by the person who made it, as
// long as nobody has touched the consultation since: a consultation it recorded
// goes, one that was open before is open again. Otherwise team.ErrTooLate.
func (s *Store) UndoUse(ctx context.Context, by team.Member, consultationID string) error {
	if !team.CanWrite(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		c, err := consultation(ctx, t, by, consultationID)
		if err != nil {
			return err
		}
		if c.AnsweredBy != by.ID || len(c.Links) != 1 || t.now.Sub(c.AnsweredAt.Time) > team.UndoWindow {
			return team.ErrTooLate
		}
		// Whoever saved it since would lose what they wrote.
		var edits int
		if err := t.get(ctx, &edits, "SELECT COUNT(*) FROM audit WHERE at > ? AND kind = ? AND object_id = ?", c.AnsweredAt, team.KindConsultation, c.ID); err != nil {
			return err
		}
		if edits > 0 {
			return team.ErrTooLate
		}
		worded, err := t.exec(ctx, "DELETE FROM wordings WHERE consultation_id = ?", c.ID)
		return firstError(err,
			func() error { return takeBack(ctx, t, c) },
			func() error { return audit(ctx, t, by, "undo", team.KindConsultation, c.ID) },
			func() error { return recordChange(ctx, t, team.KindConsultation, c.ID) },
			func() error { return recordWordings(ctx, t, c.Links[0].ArticleID, worded > 0) })
	})
}

func takeBack(ctx context.Context, t tx, c team.Consultation) error {
	if c.CreatedAt == c.AnsweredAt {
		// Its links go with it; so does the key, or a retry would find nothing.
		return firstError(t.run(ctx, "DELETE FROM request_keys WHERE result = ?", c.ID),
			func() error { return t.run(ctx, "DELETE FROM consultations WHERE id = ?", c.ID) })
	}
	args := append(answerArgs(team.Answer{}), team.ConsultationOpen, c.ID, c.Version)
	return firstError(t.run(ctx, "DELETE FROM article_links WHERE consultation_id = ?", c.ID),
		func() error {
			return t.update(ctx, "UPDATE consultations SET "+answerSets+`, state = ?, reply = '', first_response_at = NULL, answered_at = NULL,
				answered_by = NULL, version = version + 1 WHERE id = ? AND version = ?`, args...)
		})
}
