package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// Departments returns every department, those in use first, then by name.
func (s *Store) Departments(ctx context.Context) (list []team.Department, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT id, name, name_en, headcount, active, version FROM departments ORDER BY active DESC, name_key COLLATE \"C\", id")
	})
	return list, err
}

// SaveDepartment adds a department (empty id) or changes one at the version it was
// read at. Leads may.
func (s *Store) SaveDepartment(ctx context.Context, by team.Member, d team.Department) (team.Department, error) {
	d.Name, d.NameEn = text.Clean(d.Name), text.Clean(d.NameEn)
	err := s.saveSetting(ctx, by, "department", &d.ID, &d.Version, d.Validate(), func(t tx, fresh bool) error {
		if fresh {
			return t.run(ctx, "INSERT INTO departments (id, name, name_key, name_en, headcount, active) VALUES (?, ?, ?, ?, ?, ?)",
				d.ID, d.Name, text.Key(d.Name), d.NameEn, d.Headcount, d.Active)
		}
		return t.update(ctx, `UPDATE departments SET name = ?, name_key = ?, name_en = ?, headcount = ?, active = ?, version = version + 1
			WHERE id = ? AND version = ?`, d.Name, text.Key(d.Name), d.NameEn, d.Headcount, d.Active, d.ID, d.Version)
	})
	return d, taken(err, "name")
}

const topicList = "SELECT id, name, name_en, active, version FROM topics ORDER BY active DESC, name_key COLLATE \"C\", id"

// Topics returns every topic, those in use first, then by name.
func (s *Store) Topics(ctx context.Context) (list []team.Topic, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, topicList)
	})
	return list, err
}

// SaveTopic adds a topic (empty id) or changes one at the version it was read at. Leads may.
func (s *Store) SaveTopic(ctx context.Context, by team.Member, p team.Topic) (team.Topic, error) {
	p.Name, p.NameEn = text.Clean(p.Name), text.Clean(p.NameEn)
	err := s.saveSetting(ctx, by, "topic", &p.ID, &p.Version, p.Validate(), func(t tx, fresh bool) error {
		if fresh {
			return t.run(ctx, "INSERT INTO topics (id, name, name_key, name_en, active) VALUES (?, ?, ?, ?, ?)",
				p.ID, p.Name, text.Key(p.Name), p.NameEn, p.Active)
		}
		return t.update(ctx, "UPDATE topics SET name = ?, name_key = ?, name_en = ?, active = ?, version = version + 1 WHERE id = ? AND version = ?",
			p.Name, text.Key(p.Name), p.NameEn, p.Active, p.ID, p.Version)
	})
	return p, taken(err, "name")
}

const jargonColumns = "id, term, plain, plain_en, synonyms, version"

// Jargon returns the whole dictionary by term.
func (s *Store) Jargon(ctx context.Context) (list []team.JargonTerm, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT "+jargonColumns+" FROM jargon ORDER BY term_key COLLATE \"C\", id")
	})
	return list, err
}

// SaveJargon adds a word to the dictionary (empty id) or changes one at the
// version it was read at. Leads may. Searches use it at once.
func (s *Store) SaveJargon(ctx context.Context, by team.Member, j team.JargonTerm) (team.JargonTerm, error) {
	j.Term, j.Plain, j.PlainEn = text.Clean(j.Term), text.Clean(j.Plain), text.Clean(j.PlainEn)
	err := s.saveSetting(ctx, by, "jargon", &j.ID, &j.Version, j.Validate(), func(t tx, fresh bool) error {
		if fresh {
			return addJargon(ctx, t, j)
		}
		return t.update(ctx, `UPDATE jargon SET term = ?, term_key = ?, plain = ?, plain_en = ?, synonyms = ?, version = version + 1
			WHERE id = ? AND version = ?`, j.Term, text.Key(j.Term), j.Plain, j.PlainEn, j.Synonyms, j.ID, j.Version)
	})
	return j, taken(err, "term")
}

func addJargon(ctx context.Context, t tx, j team.JargonTerm) error {
	return t.run(ctx, "INSERT INTO jargon (id, term, term_key, plain, plain_en, synonyms) VALUES (?, ?, ?, ?, ?, ?)",
		j.ID, j.Term, text.Key(j.Term), j.Plain, j.PlainEn, j.Synonyms)
}

// DeleteJargon takes a word out of the dictionary. Leads may.
func (s *Store) DeleteJargon(ctx context.Context, by team.Member, id string) error {
	if !team.CanManage(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "DELETE FROM jargon WHERE id = ?", id)
		if err != nil {
			return err
		}
		if n == 0 {
			return team.ErrNotFound
		}
		if err := audit(ctx, t, by, "delete", "jargon", id); err != nil {
			return err
		}
		return recordChange(ctx, t, team.KindJargon, id)
	})
}

// LoadStarter fills the dictionary of a new instance once; later calls do nothing,
// so that a word the team deleted stays deleted.
func (s *Store) LoadStarter(ctx context.Context, words []team.JargonTerm) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE instance SET starter_loaded = ? WHERE NOT starter_loaded", true)
		if err != nil || n == 0 {
			return err
		}
		ids := make([]string, len(words))
		for i, w := range words {
			w.ID = newID()
			ids[i] = w.ID
			if err := addJargon(ctx, t, w); err != nil {
				return err
			}
		}
		return recordChange(ctx, t, team.KindJargon, ids...)
	})
}

// saveSetting is what every small catalogue shares: leads only, an id for new
// things, one version more for changed ones, the audit log and the change feed.
func (s *Store) saveSetting(ctx context.Context, by team.Member, kind string, id *string, version *int, invalid error,
	save func(t tx, fresh bool) error) error {
	if !team.CanManage(by) {
		return team.ErrForbidden
	}
	if invalid != nil {
		return invalid
	}
	return s.write(ctx, func(t tx) error {
		fresh := *id == ""
		if fresh {
			*id = newID()
		}
		if err := save(t, fresh); err != nil {
			return err
		}
		*version++
		if err := audit(ctx, t, by, "save", kind, *id); err != nil {
			return err
		}
		if kind == team.KindJargon {
			return recordChange(ctx, t, kind, *id)
		}
		return nil
	})
}
