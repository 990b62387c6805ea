package store

import (
	"context"

	"tasuki/internal/team"
)

// ArticleEntry is an article in an export, with everything that belongs to it.
type ArticleEntry struct {
	team.Article
	Versions []team.ArticleVersion `json:"versions,omitempty"`
	Flags    []team.Flag           `json:"flags,omitempty"`
	Uses     []team.ArticleLink    `json:"uses,omitempty"`
}

// AuditEntry is one line of the log of who did what.
type AuditEntry struct {
	ID     string     `db:"id" json:"id"`
	At     team.Stamp `db:"at" json:"at"`
	By     string     `db:"member_id" json:"by,omitempty"` // "" for the operator
	Action string     `db:"action" json:"action"`
	Kind   string     `db:"kind" json:"kind"`
	Object string     `db:"object_id" json:"object,omitempty"`
}

// exportChunk is how many rows with long texts are held in memory at once.
const exportChunk = 500

// Export hands over everything the department has written, restricted things
// included, as it was at one moment: departments, topics, members, compartments,
// requesters, the dictionary, settings, the skills with everybody's levels, targets and
// absences, certificates with their evidence, trainings with their records (TrainingRecordEntry, TrainingDismissal), consultations,
// articles (ArticleEntry) and the audit log (AuditEntry). A thing comes after those it refers to, and the order is always
// the same. Passwords, sessions and the files of imports stay behind. Operators may.
func (s *Store) Export(ctx context.Context, by team.Member, write func(entry any) error) error {
	if !team.ReadsAll(by) {
		return team.ErrForbidden
	}
	return s.read(ctx, func(t tx) error {
		return firstError(exportSettings(ctx, t, write),
			func() error { return exportSkills(ctx, t, write) },
			func() error { return exportCertificates(ctx, t, write) },
			func() error { return exportConsultations(ctx, t, write) },
			func() error { return exportArticles(ctx, t, write) },
			func() error {
				return exportList[AuditEntry](ctx, t, write, "SELECT id, at, COALESCE(member_id, '') AS member_id, action, kind, object_id FROM audit ORDER BY at, id")
			})
	})
}

func exportSettings(ctx context.Context, t tx, write func(any) error) error {
	return firstError(
		exportList[team.Department](ctx, t, write, "SELECT id, name, name_en, headcount, active, version FROM departments ORDER BY id"),
		func() error {
			return exportList[team.Topic](ctx, t, write, "SELECT id, name, name_en, active, version FROM topics ORDER BY id")
		},
		func() error {
			return exportList[team.Member](ctx, t, write, "SELECT "+memberColumns+" FROM members m ORDER BY m.id")
		},
		func() error {
			list, err := compartments(ctx, t, team.Operator())
			return firstError(err, func() error { return each(list, func(c team.Compartment) error { return write(c) }) })
		},
		func() error {
			return exportList[team.Requester](ctx, t, write, "SELECT id, name, reading, COALESCE(department_id, '') AS department_id, email, reader_level FROM requesters ORDER BY id")
		},
		func() error {
			return exportList[team.JargonTerm](ctx, t, write, "SELECT "+jargonColumns+" FROM jargon ORDER BY id")
		})
}

// exportList hands over every row of a query whose rows are short.
func exportList[T any](ctx context.Context, t tx, write func(any) error, query string) error {
	rows, err := t.QueryxContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.StructScan(&v); err != nil {
			return err
		}
		if err := write(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// inChunks reads a table in the order of its ids; query continues after an id.
func inChunks[T any](ctx context.Context, t tx, query string, id func(T) string, do func([]T) error) error {
	for after := ""; ; {
		var list []T
		if err := t.list(ctx, &list, query, after, exportChunk); err != nil || len(list) == 0 {
			return err
		}
		if err := do(list); err != nil {
			return err
		}
		after = id(list[len(list)-1])
	}
}

func exportConsultations(ctx context.Context, t tx, write func(any) error) error {
	return inChunks(ctx, t, "SELECT "+consultationColumns+" FROM consultations c WHERE c.id > ? ORDER BY c.id LIMIT ?",
		func(c team.Consultation) string { return c.ID },
		func(list []team.Consultation) error {
			return each(list, func(c team.Consultation) error { return write(c) })
		})
}

func exportArticles(ctx context.Context, t tx, write func(any) error) error {
	return inChunks(ctx, t, "SELECT "+articleColumns+" FROM articles a WHERE a.id > ? ORDER BY a.id LIMIT ?",
		func(a team.Article) string { return a.ID },
		func(list []team.Article) error {
			entries, err := articleEntries(ctx, t, list)
			return firstError(err, func() error { return each(entries, func(e ArticleEntry) error { return write(e) }) })
		})
}

// articleEntries reads what belongs to some articles, one query of a kind for all.
func articleEntries(ctx context.Context, t tx, list []team.Article) ([]ArticleEntry, error) {
	if err := attach(ctx, t, list); err != nil {
		return nil, err
	}
	entries, at, ids := make([]ArticleEntry, len(list)), map[string]*ArticleEntry{}, make([]string, len(list))
	for i, a := range list {
		entries[i].Article, ids[i] = a, a.ID
		at[a.ID] = &entries[i]
	}
	var versions []team.ArticleVersion
	var flags []team.Flag
	var uses []team.ArticleLink
	err := firstError(
		listIn(ctx, t, &versions, "SELECT "+versionColumns+" FROM article_versions WHERE article_id IN (?) ORDER BY article_id, version", ids),
		func() error {
			return listIn(ctx, t, &flags, "SELECT "+flagColumns+" FROM flags WHERE article_id IN (?) ORDER BY raised_at, id", ids)
		},
		func() error {
			return listIn(ctx, t, &uses, `SELECT consultation_id, article_id, kind, COALESCE(linked_by, '') AS linked_by, linked_at
				FROM article_links WHERE article_id IN (?) ORDER BY linked_at, consultation_id`, ids)
		})
	for _, v := range versions {
		at[v.ArticleID].Versions = append(at[v.ArticleID].Versions, v)
	}
	for _, f := range flags {
		at[f.ArticleID].Flags = append(at[f.ArticleID].Flags, f)
	}
	for _, u := range uses {
		at[u.ArticleID].Uses = append(at[u.ArticleID].Uses, u)
	}
	return entries, err
}
