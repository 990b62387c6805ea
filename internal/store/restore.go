package store

import (
	"context"
	"errors"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// Restore fills an empty instance with the things of an export, in one transaction,
// with the ids and moments they bring; next returns nil after the last. An instance
// that has members, articles, consultations or skills is team.ErrNotEmpty. The
// dictionary, the frameworks and the certifications of the export take the place of those there are. ErrTwice and ErrDangling name what
// cannot stand. Operators may.
func (s *Store) Restore(ctx context.Context, by team.Member, next func() (entry any, err error)) error {
	if !team.ReadsAll(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		if err := makeReady(ctx, t); err != nil {
			return err
		}
		for {
			entry, err := next()
			if err != nil {
				return err
			}
			if entry == nil {
				return audit(ctx, t, by, "restore", "instance", "")
			}
			if err := restore(ctx, t, entry); err != nil {
				return broken(err)
			}
		}
	})
}

// What can be wrong with an export that somebody changed by hand.
var (
	ErrTwice    = errors.New("is there already")
	ErrDangling = errors.New("refers to something that does not stand before it")
)

func broken(err error) error {
	switch {
	case isUniqueViolation(err):
		return ErrTwice
	case isForeignKeyViolation(err):
		return ErrDangling
	}
	return err
}

// makeReady checks that nothing would be mixed up. The new epoch makes every index
// start again.
func makeReady(ctx context.Context, t tx) error {
	var n int
	err := t.get(ctx, &n, `SELECT (SELECT COUNT(*) FROM members) + (SELECT COUNT(*) FROM articles) + (SELECT COUNT(*) FROM consultations) +
		(SELECT COUNT(*) FROM categories)`)
	if err == nil && n > 0 {
		return team.ErrNotEmpty
	}
	return firstError(err,
		func() error { return t.run(ctx, "DELETE FROM jargon") },
		func() error { return t.run(ctx, "DELETE FROM framework_entries") },
		func() error { return t.run(ctx, "DELETE FROM certifications") },
		func() error { return t.run(ctx, "DELETE FROM invitations") },
		func() error {
			return t.run(ctx, "UPDATE instance SET epoch = ?, starter_loaded = ?, certifications_loaded = ?", newID(), true, false)
		})
}

// restore writes one thing as it is. What it refers to has to be there.
func restore(ctx context.Context, t tx, entry any) error {
	switch v := entry.(type) {
	case team.Department:
		return t.run(ctx, "INSERT INTO departments (id, name, name_key, name_en, headcount, active, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
			v.ID, v.Name, text.Key(v.Name), v.NameEn, v.Headcount, v.Active, max(v.Version, 1))
	case team.Topic:
		return t.run(ctx, "INSERT INTO topics (id, name, name_key, name_en, active, version) VALUES (?, ?, ?, ?, ?, ?)",
			v.ID, v.Name, text.Key(v.Name), v.NameEn, v.Active, max(v.Version, 1))
	case team.Member:
		v.Version = max(v.Version, 1)
		return addMember(ctx, t, v)
	case team.Compartment:
		return restoreCompartment(ctx, t, v)
	case team.Requester:
		return t.run(ctx, "INSERT INTO requesters (id, name, name_key, reading, department_id, email, reader_level) VALUES (?, ?, ?, ?, ?, ?, ?)",
			v.ID, v.Name, text.Key(v.Name), v.Reading, null(v.DepartmentID), v.Email, v.Level)
	case team.JargonTerm:
		return firstError(addJargon(ctx, t, v), func() error { return recordChange(ctx, t, team.KindJargon, v.ID) })
	case team.Settings:
		return t.run(ctx, "UPDATE instance SET names_visible = ?", v.NamesVisible)
	case team.Consultation:
		return firstError(insertConsultationRow(ctx, t, v), func() error { return recordChange(ctx, t, team.KindConsultation, v.ID) })
	case ArticleEntry:
		return restoreArticle(ctx, t, v)
	case AuditEntry:
		return t.run(ctx, "INSERT INTO audit (id, at, member_id, action, kind, object_id) VALUES (?, ?, ?, ?, ?, ?)",
			v.ID, v.At, null(v.By), v.Action, v.Kind, v.Object)
	}
	return restoreSkills(ctx, t, entry)
}

func restoreCompartment(ctx context.Context, t tx, c team.Compartment) error {
	err := t.run(ctx, "INSERT INTO compartments (id, name, name_key, version) VALUES (?, ?, ?, ?)", c.ID, c.Name, text.Key(c.Name), max(c.Version, 1))
	return firstError(err,
		func() error {
			return each(c.Members, func(m string) error {
				return t.run(ctx, "INSERT INTO compartment_members (compartment_id, member_id) VALUES (?, ?)", c.ID, m)
			})
		},
		func() error { return recordChange(ctx, t, team.KindCompartment, c.ID) })
}

func restoreArticle(ctx context.Context, t tx, e ArticleEntry) error {
	return firstError(insertArticleRow(ctx, t, e.Article),
		func() error { return writeTopics(ctx, t, e.Article) },
		func() error {
			return each(e.Versions, func(v team.ArticleVersion) error {
				v.ArticleID = e.ID
				return insertVersion(ctx, t, v)
			})
		},
		func() error {
			return each(e.Flags, func(f team.Flag) error {
				return t.run(ctx, "INSERT INTO flags (id, article_id, note, raised_by, raised_at, resolved_by, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
					f.ID, e.ID, f.Note, null(f.RaisedBy), f.RaisedAt, null(f.ResolvedBy), f.ResolvedAt)
			})
		},
		func() error {
			return each(e.Uses, func(l team.ArticleLink) error {
				return t.run(ctx, "INSERT INTO article_links (consultation_id, article_id, kind, linked_by, linked_at) VALUES (?, ?, ?, ?, ?)",
					l.ConsultationID, e.ID, l.Kind, null(l.LinkedBy), l.LinkedAt)
			})
		},
		func() error {
			return each(e.Wordings, func(w team.Wording) error {
				return t.run(ctx, "INSERT INTO wordings (id, article_id, consultation_id, text, text_key, added_at) VALUES (?, ?, ?, ?, ?, ?)",
					w.ID, e.ID, null(w.ConsultationID), w.Text, text.Key(w.Text), w.AddedAt)
			})
		},
		func() error { return recordChange(ctx, t, team.KindArticle, e.ID) })
}
