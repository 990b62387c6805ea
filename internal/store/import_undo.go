package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
)

// undoItem is a thing that an import wrote beside what has become of it.
type undoItem struct {
	team.ImportItem
	Former string `db:"former"`
	Now    int    `db:"now"`  // its version; 0 when it is gone
	Used   bool   `db:"used"` // it was used, flagged or made into an article since
}

// UndoImport takes an import back: what it added goes, what it changed is again as
// it was before (as a new version). What somebody edited or used since stays, and
// is what ImportItems lists afterwards. Leads who may know of the import may; a
// second undo does nothing, and an import that has not run is team.ErrStale.
func (s *Store) UndoImport(ctx context.Context, by team.Member, id string, progress func(done, total int)) error {
	return s.writeMuch(ctx, func(t tx) error {
		i, err := s.oneImport(ctx, t, by, id)
		if err != nil {
			return err
		}
		if i.State == team.ImportUndone {
			return nil
		}
		// The state is asked for again in the write, which waits for another undo.
		err = t.update(ctx, "UPDATE imports SET state = ?, undone_at = ?, undone_by = ? WHERE id = ? AND state = ?",
			team.ImportUndone, t.now, null(by.ID), id, team.ImportDone)
		if err != nil {
			return err
		}
		u := undo{by: by, id: id, progress: progress}
		return firstError(u.articles(ctx, t),
			func() error { return u.consultations(ctx, t) },
			func() error { return u.names(ctx, t) },
			func() error { return u.skillMap(ctx, t) },
			func() error { return audit(ctx, t, by, "undo", kindImport, id) },
			func() error { return recordChange(ctx, t, team.KindArticle, u.changedArticles...) },
			func() error { return recordChange(ctx, t, team.KindConsultation, u.changedConsultations...) })
	})
}

type undo struct {
	by                                    team.Member
	id                                    string
	progress                              func(done, total int)
	done, total                           int
	changedArticles, changedConsultations []string
}

func (u *undo) step(n int) {
	u.done += n
	if u.progress != nil {
		u.progress(u.done, max(u.total, u.done))
	}
}

// articles takes the articles back. A use since then keeps one: somebody's answer
// refers to it.
func (u *undo) articles(ctx context.Context, t tx) error {
	var items []undoItem
	err := t.list(ctx, &items, `SELECT x.kind, x.object_id, x.action, x.version, x.former, a.version AS now,
		(EXISTS (SELECT 1 FROM article_links l WHERE l.article_id = a.id AND (x.action = 'new' OR l.linked_at > i.finished_at))
			OR EXISTS (SELECT 1 FROM flags f WHERE f.article_id = a.id AND f.raised_at > i.finished_at)) AS used
		FROM import_items x JOIN imports i ON i.id = x.import_id JOIN articles a ON a.id = x.object_id
		WHERE x.import_id = ? AND x.kind = 'article' ORDER BY x.object_id`, u.id)
	if err != nil {
		return err
	}
	u.changedArticles, err = u.things(ctx, t, items, "articles", func(item undoItem) (int, error) {
		var former team.Article
		if err := json.Unmarshal([]byte(item.Former), &former); err != nil {
			return 0, fmt.Errorf("read what was there before: %w", err)
		}
		former.Version = item.Now
		return item.Now + 1, firstError(writeArticle(ctx, t, u.by, &former), func() error {
			return t.run(ctx, "UPDATE articles SET verified_by = ?, verified_at = ? WHERE id = ?", null(former.VerifiedBy), former.VerifiedAt, former.ID)
		})
	})
	return err
}

func (u *undo) consultations(ctx context.Context, t tx) error {
	var items []undoItem
	err := t.list(ctx, &items, `SELECT x.kind, x.object_id, x.action, x.version, x.former, c.version AS now,
		EXISTS (SELECT 1 FROM article_links l WHERE l.consultation_id = c.id AND (x.action = 'new' OR l.linked_at > i.finished_at)) AS used
		FROM import_items x JOIN imports i ON i.id = x.import_id JOIN consultations c ON c.id = x.object_id
		WHERE x.import_id = ? AND x.kind = 'consultation' ORDER BY x.object_id`, u.id)
	if err != nil {
		return err
	}
	requesters, err := requestersOf(ctx, t, items)
	if err != nil {
		return err
	}
	u.changedConsultations, err = u.things(ctx, t, items, "consultations", func(item undoItem) (int, error) {
		var former team.Consultation
		if err := json.Unmarshal([]byte(item.Former), &former); err != nil {
			return 0, fmt.Errorf("read what was there before: %w", err)
		}
		former.Version = item.Now
		was := former
		return item.Now + 1, firstError(writeConsultation(ctx, t, u.by, &former), func() error {
			return t.run(ctx, "UPDATE consultations SET first_response_at = ?, answered_at = ?, answered_by = ? WHERE id = ?",
				was.FirstResponseAt, was.AnsweredAt, null(was.AnsweredBy), was.ID)
		})
	})
	return firstError(err, func() error {
		// Of a requester who is only a name, nothing is left once nobody refers to them.
		return eachChunk(requesters, func(part []string) error {
			return execIn(ctx, t, `DELETE FROM requesters WHERE id IN (?) AND reading = '' AND email = '' AND reader_level = ''
				AND NOT EXISTS (SELECT 1 FROM consultations c WHERE c.requester_id = requesters.id)`, part)
		})
	})
}

func requestersOf(ctx context.Context, t tx, items []undoItem) (ids []string, err error) {
	var consultations []string
	for _, i := range items {
		consultations = append(consultations, i.ObjectID)
	}
	err = eachChunk(consultations, func(part []string) error {
		var more []string
		err := listIn(ctx, t, &more, "SELECT DISTINCT requester_id FROM consultations WHERE requester_id IS NOT NULL AND id IN (?)", part)
		ids = append(ids, more...)
		return err
	})
	return ids, err
}

// things takes one kind of things back and returns the ids of those that it touched.
func (u *undo) things(ctx context.Context, t tx, items []undoItem, table string, restore func(undoItem) (int, error)) (touched []string, err error) {
	u.total += len(items)
	var gone []string
	for _, item := range items {
		switch {
		case item.Now != item.Version || item.Used:
			u.step(1)
			continue
		case item.Action == team.ImportNew:
			gone = append(gone, item.ObjectID)
			err = audit(ctx, t, u.by, "undo", item.Kind, item.ObjectID)
		default:
			var version int
			if version, err = restore(item); err == nil {
				err = u.handBack(ctx, t, item, version)
			}
			u.step(1)
		}
		if err != nil {
			return nil, err
		}
		touched = append(touched, item.ObjectID)
	}
	err = eachChunk(gone, func(part []string) error {
		u.step(len(part))
		return firstError(execIn(ctx, t, "DELETE FROM "+table+" WHERE id IN (?)", part),
			func() error { return execIn(ctx, t, "DELETE FROM import_items WHERE object_id IN (?)", part) })
	})
	return touched, err
}

// handBack forgets that this import wrote a thing. Where an earlier import wrote the
// version that is back now, it is that import's again, to be undone in its turn.
func (u *undo) handBack(ctx context.Context, t tx, item undoItem, version int) error {
	return firstError(t.run(ctx, "DELETE FROM import_items WHERE import_id = ? AND kind = ? AND object_id = ?", u.id, item.Kind, item.ObjectID),
		func() error {
			return t.run(ctx, "UPDATE import_items SET version = ? WHERE kind = ? AND object_id = ? AND version = ?", version, item.Kind, item.ObjectID, item.Version-1)
		})
}

// names takes back the topics and departments that nothing else uses by now.
func (u *undo) names(ctx context.Context, t tx) error {
	unused := map[string]string{
		"topic": `DELETE FROM topics WHERE id = ? AND version = 1 AND NOT EXISTS (SELECT 1 FROM article_topics a WHERE a.topic_id = topics.id)
			AND NOT EXISTS (SELECT 1 FROM consultations c WHERE c.topic_id = topics.id)`,
		"department": `DELETE FROM departments WHERE id = ? AND version = 1 AND NOT EXISTS (SELECT 1 FROM consultations c WHERE c.department_id = departments.id)
			AND NOT EXISTS (SELECT 1 FROM requesters r WHERE r.department_id = departments.id)`,
	}
	var items []team.ImportItem
	err := t.list(ctx, &items, "SELECT kind, object_id FROM import_items WHERE import_id = ? AND kind IN ('topic', 'department') ORDER BY kind, object_id", u.id)
	return firstError(err, func() error {
		return each(items, func(i team.ImportItem) error {
			n, err := t.exec(ctx, unused[i.Kind], i.ObjectID)
			if err != nil || n == 0 {
				return err
			}
			return firstError(audit(ctx, t, u.by, "undo", i.Kind, i.ObjectID), func() error {
				return t.run(ctx, "DELETE FROM import_items WHERE import_id = ? AND object_id = ?", u.id, i.ObjectID)
			})
		})
	})
}

// execIn runs a statement with one list of ids in it; the list must not be empty.
func execIn(ctx context.Context, t tx, query string, ids []string) error {
	query, args, err := sqlx.In(query, ids)
	if err != nil {
		return err
	}
	return t.run(ctx, query, args...)
}
