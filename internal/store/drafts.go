package store

import (
	"context"
	"errors"
	"time"

	"tasuki/internal/team"
)

// maxPlace is the longest name of a form, and of a copy of one.
const maxPlace = 200

// SaveDraft keeps what somebody has typed into a form, in place of their draft before
// it, and returns it with the moment it was saved. Writers may, each for themselves; it
// is a write neither for the search nor for the audit log. A draft of a copy of the form
// (form) that was sent already is not kept. One that is too long is team.Invalid.
func (s *Store) SaveDraft(ctx context.Context, by team.Member, d team.Draft, form string) (team.Draft, error) {
	if !team.CanWrite(by) || by.ID == "" {
		return d, team.ErrForbidden
	}
	if len(d.Content) > team.MaxDraft || len(d.Place) > maxPlace || len(form) > maxPlace {
		return d, team.Invalid{{Field: "draft", Rule: team.TooLong, Limit: team.MaxDraft}}
	}
	err := s.write(ctx, func(t tx) error {
		d.SavedAt = t.now
		err := t.run(ctx, `INSERT INTO drafts (member_id, place, content, saved_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (member_id, place) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at
			WHERE drafts.sent_form = '' OR drafts.sent_form <> ?`, by.ID, d.Place, d.Content, t.now, form)
		return firstError(err, func() error { return dropOldDrafts(ctx, t, by) })
	})
	return d, err
}

// sentFor is how long the program remembers that a copy of a form was sent.
const sentFor = time.Hour

// dropOldDrafts forgets what is past its time, and of one person's drafts all but the
// latest team.MaxDrafts.
func dropOldDrafts(ctx context.Context, t tx, by team.Member) error {
	return firstError(
		t.run(ctx, "DELETE FROM drafts WHERE saved_at < ? OR (content = '' AND saved_at < ?)", team.At(t.now.Add(-team.DraftLife)), team.At(t.now.Add(-sentFor))),
		func() error {
			return t.run(ctx, `DELETE FROM drafts WHERE member_id = ? AND content <> '' AND place NOT IN
				(SELECT place FROM drafts WHERE member_id = ? AND content <> '' ORDER BY saved_at DESC, place LIMIT ?)`, by.ID, by.ID, team.MaxDrafts)
		})
}

// Draft returns somebody's own draft of a form; its content is "" when there is none.
func (s *Store) Draft(ctx context.Context, by team.Member, place string) (d team.Draft, err error) {
	err = s.read(ctx, func(t tx) error {
		err := t.get(ctx, &d, "SELECT place, content, saved_at FROM drafts WHERE member_id = ? AND place = ? AND content <> '' AND saved_at >= ?",
			by.ID, place, team.At(t.now.Add(-team.DraftLife)))
		if errors.Is(err, team.ErrNotFound) {
			return nil
		}
		return err
	})
	return d, err
}

// DropDraft throws somebody's own draft of a form away.
func (s *Store) DropDraft(ctx context.Context, by team.Member, place, form string) error {
	return s.write(Sending(ctx, by, place, form), func(tx) error { return nil })
}

// sentDraft is a form that is being sent.
type sentDraft struct {
	by          team.Member
	place, form string
}

type sentDraftName struct{}

// Sending returns a context in which what is written is what a form holds: its draft
// goes with the same commit, and a late draft of the same copy of the form stays out.
func Sending(ctx context.Context, by team.Member, place, form string) context.Context {
	return context.WithValue(ctx, sentDraftName{}, sentDraft{by, place, form})
}

// dropSent adds to a write that the draft of the form that is sent goes.
func dropSent(ctx context.Context, do func(tx) error) func(tx) error {
	d, _ := ctx.Value(sentDraftName{}).(sentDraft)
	if d.place == "" || d.by.ID == "" || len(d.place) > maxPlace || len(d.form) > maxPlace {
		return do
	}
	return func(t tx) error {
		err := t.run(ctx, `INSERT INTO drafts (member_id, place, content, saved_at, sent_form) VALUES (?, ?, '', ?, ?)
			ON CONFLICT (member_id, place) DO UPDATE SET content = '', saved_at = excluded.saved_at, sent_form = excluded.sent_form`,
			d.by.ID, d.place, t.now, d.form)
		return firstError(err, func() error { return do(t) })
	}
}
