package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// DemoData is a whole department with its history, as values that refer to each
// other by id.
type DemoData struct {
	Members       []team.Member
	Departments   []team.Department
	Topics        []team.Topic
	Requesters    []team.Requester
	Compartments  []team.Compartment
	Articles      []team.Article
	Versions      []team.ArticleVersion
	Flags         []team.Flag
	Consultations []team.Consultation
}

// LoadDemo fills an empty instance with a department in one transaction, with the
// ids and moments it brings. An instance that has members is team.ErrNotEmpty.
func (s *Store) LoadDemo(ctx context.Context, d DemoData) error {
	return s.write(ctx, func(t tx) error {
		var n int
		if err := t.get(ctx, &n, "SELECT COUNT(*) FROM members"); err != nil {
			return err
		}
		if n > 0 {
			return team.ErrNotEmpty
		}
		if err := t.run(ctx, "UPDATE instance SET demo = ?", true); err != nil {
			return err
		}
		return firstError(loadPeople(ctx, t, d),
			func() error { return loadArticles(ctx, t, d) },
			func() error { return loadConsultations(ctx, t, d) },
			func() error { return loadWordings(ctx, t, d) })
	})
}

// each runs do for every value until one fails.
func each[T any](list []T, do func(T) error) error {
	for _, v := range list {
		if err := do(v); err != nil {
			return err
		}
	}
	return nil
}

func loadPeople(ctx context.Context, t tx, d DemoData) error {
	return firstError(each(d.Members, func(m team.Member) error { return addMember(ctx, t, m) }),
		func() error {
			return each(d.Departments, func(p team.Department) error {
				return t.run(ctx, "INSERT INTO departments (id, name, name_key, name_en, headcount, active) VALUES (?, ?, ?, ?, ?, ?)",
					p.ID, p.Name, text.Key(p.Name), p.NameEn, p.Headcount, p.Active)
			})
		},
		func() error {
			return each(d.Topics, func(p team.Topic) error {
				return t.run(ctx, "INSERT INTO topics (id, name, name_key, name_en, active) VALUES (?, ?, ?, ?, ?)", p.ID, p.Name, text.Key(p.Name), p.NameEn, p.Active)
			})
		},
		func() error {
			return each(d.Requesters, func(r team.Requester) error {
				return t.run(ctx, "INSERT INTO requesters (id, name, name_key, reading, department_id, email, reader_level) VALUES (?, ?, ?, ?, ?, ?, ?)",
					r.ID, r.Name, text.Key(r.Name), r.Reading, null(r.DepartmentID), r.Email, r.Level)
			})
		},
		func() error {
			return each(d.Compartments, func(c team.Compartment) error {
				err := t.run(ctx, "INSERT INTO compartments (id, name, name_key) VALUES (?, ?, ?)", c.ID, c.Name, text.Key(c.Name))
				return firstError(err, func() error {
					return each(c.Members, func(m string) error {
						return t.run(ctx, "INSERT INTO compartment_members (compartment_id, member_id) VALUES (?, ?)", c.ID, m)
					})
				})
			})
		})
}

func loadArticles(ctx context.Context, t tx, d DemoData) error {
	err := each(d.Articles, func(a team.Article) error {
		return firstError(insertArticleRow(ctx, t, a),
			func() error { return writeTopics(ctx, t, a) },
			func() error { return recordChange(ctx, t, team.KindArticle, a.ID) })
	})
	return firstError(err,
		func() error {
			return each(d.Versions, func(v team.ArticleVersion) error { return insertVersion(ctx, t, v) })
		},
		func() error {
			return each(d.Flags, func(f team.Flag) error {
				return t.run(ctx, "INSERT INTO flags (id, article_id, note, raised_by, raised_at, resolved_by, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
					f.ID, f.ArticleID, f.Note, null(f.RaisedBy), f.RaisedAt, null(f.ResolvedBy), f.ResolvedAt)
			})
		})
}

func loadConsultations(ctx context.Context, t tx, d DemoData) error {
	return each(d.Consultations, func(c team.Consultation) error {
		return firstError(insertConsultationRow(ctx, t, c),
			func() error {
				return each(c.Links, func(l team.ArticleLink) error {
					return t.run(ctx, "INSERT INTO article_links (consultation_id, article_id, kind, linked_by, linked_at) VALUES (?, ?, ?, ?, ?)",
						c.ID, l.ArticleID, l.Kind, null(l.LinkedBy), l.LinkedAt)
				})
			},
			func() error { return recordChange(ctx, t, team.KindConsultation, c.ID) })
	})
}

// loadWordings comes last: a wording points at the consultation it came from.
func loadWordings(ctx context.Context, t tx, d DemoData) error {
	return each(d.Articles, func(a team.Article) error {
		return each(a.Wordings, func(w team.Wording) error {
			return t.run(ctx, "INSERT INTO wordings (id, article_id, consultation_id, text, text_key, added_at) VALUES (?, ?, ?, ?, ?, ?)",
				w.ID, a.ID, null(w.ConsultationID), w.Text, text.Key(w.Text), w.AddedAt)
		})
	})
}
