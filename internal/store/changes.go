package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
)

// Epoch names this database's history; it changes after a restore, and every
// index then starts again.
func (s *Store) Epoch(ctx context.Context) (epoch string, err error) {
	err = s.read(ctx, func(t tx) error { return t.get(ctx, &epoch, "SELECT epoch FROM instance WHERE one = 1") })
	return epoch, err
}

// CompartmentIDs returns every compartment's id, and first "" for the whole department.
func (s *Store) CompartmentIDs(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.read(ctx, func(t tx) error { return t.list(ctx, &ids, "SELECT id FROM compartments ORDER BY id") })
	return append([]string{""}, ids...), err
}

// Changes returns at most limit changes after a number, in order.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (list []team.Change, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT seq, kind, id FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
	})
	return list, err
}

// LastChange returns the number of the latest change.
func (s *Store) LastChange(ctx context.Context) (seq int64, err error) {
	err = s.read(ctx, func(t tx) error { return t.get(ctx, &seq, "SELECT value FROM change_clock WHERE one = 1") })
	return seq, err
}

// Documents returns the things of some changes as the index should hold them now;
// what is gone or archived is missing.
func (s *Store) Documents(ctx context.Context, changes []team.Change) (docs []team.Document, err error) {
	var articles, consultations []string
	for _, c := range changes {
		switch c.Kind {
		case team.KindArticle:
			articles = append(articles, c.ID)
		case team.KindConsultation:
			consultations = append(consultations, c.ID)
		}
	}
	err = s.read(ctx, func(t tx) error {
		list, err := articlesByID(ctx, t, team.Operator(), articles)
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.State != team.ArticleArchived {
				docs = append(docs, articleDocument(a))
			}
		}
		more, err := consultationDocuments(ctx, t, consultations)
		docs = append(docs, more...)
		return err
	})
	return docs, err
}

func articleDocument(a team.Article) team.Document {
	d := team.Document{Kind: team.KindArticle, ID: a.ID, Compartment: a.Compartment, Class: team.ClassArticle, Title: a.Title,
		Keywords: a.Keywords, Body: a.Answer.Text()}
	for _, w := range a.Wordings {
		d.Wordings = append(d.Wordings, w.Text)
	}
	return d
}

func consultationDocuments(ctx context.Context, t tx, ids []string) (docs []team.Document, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	query, args, err := sqlx.In("SELECT "+consultationColumns+`, (SELECT COUNT(*) FROM article_links l WHERE l.consultation_id = c.id) AS links
		FROM consultations c WHERE c.id IN (?)`, ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		team.Consultation
		LinkCount int `db:"links"`
	}
	if err := t.list(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	for _, r := range rows {
		class := team.ClassOther
		if r.State == team.ConsultationAnswered && r.LinkCount == 0 {
			class = team.ClassAnswered
		}
		docs = append(docs, team.Document{Kind: team.KindConsultation, ID: r.ID, Compartment: r.Compartment, Class: class,
			Title: r.Subject, Body: r.Text + "\n" + r.Reply})
	}
	return docs, nil
}
