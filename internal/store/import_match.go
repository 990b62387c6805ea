package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// importNames finds what files name in words. Topics and departments that do not
// exist get their id here when they are to be made; they are written with the rest.
type importNames struct {
	topics, departments, members map[string]string // key of a name → id
	named                        map[string]string // id → name
	newTopics                    []team.Topic
	newDepartments               []team.Department
}

func readImportNames(ctx context.Context, t tx) (*importNames, error) {
	n := &importNames{topics: map[string]string{}, departments: map[string]string{}, members: map[string]string{}, named: map[string]string{}}
	for _, catalogue := range []struct {
		table string
		keys  map[string]string
	}{{"topics", n.topics}, {"departments", n.departments}} {
		var rows []team.Topic
		if err := t.list(ctx, &rows, "SELECT id, name, name_en FROM "+catalogue.table+" ORDER BY active, id"); err != nil {
			return nil, err
		}
		for _, r := range rows { // those in use last, so that they win
			n.named[r.ID] = r.Name
			addName(catalogue.keys, r.NameEn, r.ID)
			addName(catalogue.keys, r.Name, r.ID)
		}
	}
	var people []team.Member
	if err := t.list(ctx, &people, "SELECT "+memberColumns+" FROM members m ORDER BY m.active, m.id"); err != nil {
		return nil, err
	}
	shared := map[string]bool{}
	for _, m := range people {
		n.named[m.ID] = m.Name
		for _, name := range []string{m.NameEn, m.Name} {
			if other := n.members[text.Key(name)]; other != "" && other != m.ID {
				shared[text.Key(name)] = true
			}
			addName(n.members, name, m.ID)
		}
	}
	for key := range shared { // two people of one name: nobody can tell who it was
		delete(n.members, key)
	}
	for _, m := range people {
		addName(n.members, m.Email, m.ID)
	}
	return n, nil
}

func addName(keys map[string]string, name, id string) {
	if key := text.Key(name); key != "" {
		keys[key] = id
	}
}

// topicIDs returns the topics a row names, and the names that no topic has.
func (n *importNames) topicIDs(names []string, create bool) (ids, unknown []string) {
	for _, name := range names {
		if name = text.Clean(name); name == "" {
			continue
		}
		id := n.topics[text.Key(name)]
		fresh := team.Topic{ID: id, Name: name, Active: true, Version: 1}
		if id == "" {
			unknown = append(unknown, name)
			if !create || fresh.Validate() != nil {
				continue
			}
			fresh.ID = newID()
			n.newTopics = append(n.newTopics, fresh)
			n.topics[text.Key(name)], n.named[fresh.ID] = fresh.ID, name
		} else if slices.ContainsFunc(n.newTopics, func(p team.Topic) bool { return p.ID == id }) {
			unknown = append(unknown, name)
		}
		if !slices.Contains(ids, fresh.ID) {
			ids = append(ids, fresh.ID)
		}
	}
	slices.Sort(ids)
	return ids, unknown
}

// departmentID returns the department a row names, and the name when no department
// has it.
func (n *importNames) departmentID(name string, create bool) (id, unknown string) {
	if name = text.Clean(name); name == "" {
		return "", ""
	}
	if id = n.departments[text.Key(name)]; id != "" {
		if slices.ContainsFunc(n.newDepartments, func(d team.Department) bool { return d.ID == id }) {
			unknown = name
		}
		return id, unknown
	}
	fresh := team.Department{ID: newID(), Name: name, Active: true, Version: 1}
	if !create || fresh.Validate() != nil {
		return "", name
	}
	n.newDepartments = append(n.newDepartments, fresh)
	n.departments[text.Key(name)], n.named[fresh.ID] = fresh.ID, name
	return fresh.ID, name
}

// list returns the names of some ids as one text.
func (n *importNames) list(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, n.named[id])
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// importMatches are the things of one compartment that rows may be about.
type importMatches struct {
	articles      map[string]team.Article
	consultations map[string]team.Consultation
	external      map[string]string   // kind and id in the file → id
	same          map[string][]string // key of a title or of a content → ids, the oldest first
	imported      map[string]int      // id → version that the last import left behind
}

func matchImport(ctx context.Context, t tx, by team.Member, rows []team.Incoming, compartment string) (*importMatches, error) {
	m := &importMatches{articles: map[string]team.Article{}, consultations: map[string]team.Consultation{}, external: map[string]string{},
		same: map[string][]string{}, imported: map[string]int{}}
	var titles, articleIDs, subjects, messageIDs []string
	for _, r := range rows {
		switch {
		case r.Article != nil:
			titles, articleIDs = append(titles, text.Key(r.Article.Title)), append(articleIDs, r.Article.ExternalID)
		case r.Consultation != nil:
			subjects, messageIDs = append(subjects, text.Key(r.Consultation.Subject)), append(messageIDs, r.Consultation.ExternalID)
		}
	}
	return m, firstError(m.loadArticles(ctx, t, by, compartment, titles, articleIDs),
		func() error { return m.loadConsultations(ctx, t, by, compartment, subjects, messageIDs) },
		func() error { return m.loadImported(ctx, t) })
}

// eachChunk runs a query with one list in it as often as the list needs; empty and
// repeated values are left out.
func eachChunk(values []string, do func(part []string) error) error {
	values = slices.Clone(values)
	slices.Sort(values)
	values = slices.DeleteFunc(slices.Compact(values), func(v string) bool { return v == "" })
	for part := range slices.Chunk(values, chunk) {
		if err := do(part); err != nil {
			return err
		}
	}
	return nil
}

// idsIn returns the ids of a compartment's rows whose column holds one of the values.
func idsIn(ctx context.Context, t tx, table, column, compartment string, values []string) (ids []string, err error) {
	err = eachChunk(values, func(part []string) error {
		query, args, err := sqlx.In("SELECT id FROM "+table+" WHERE COALESCE(compartment_id, '') = ? AND "+column+" IN (?)", compartment, part)
		if err != nil {
			return err
		}
		var more []string
		err = t.list(ctx, &more, query, args...)
		ids = append(ids, more...)
		return err
	})
	return ids, err
}

func (m *importMatches) loadArticles(ctx context.Context, t tx, by team.Member, compartment string, titles, external []string) error {
	ids, err := idsIn(ctx, t, "articles", "title_key", compartment, titles)
	if err != nil {
		return err
	}
	more, err := idsIn(ctx, t, "articles", "external_id", compartment, external)
	if err != nil {
		return err
	}
	var list []team.Article
	err = eachChunk(append(ids, more...), func(part []string) error {
		found, err := articlesByID(ctx, t, by, part)
		list = append(list, found...)
		return err
	})
	slices.SortFunc(list, func(a, b team.Article) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt.Time), strings.Compare(a.ID, b.ID))
	})
	for _, a := range list {
		m.articles[a.ID] = a
		m.add(team.KindArticle, a.ExternalID, text.Key(a.Title), a.ID)
	}
	return err
}

func (m *importMatches) loadConsultations(ctx context.Context, t tx, by team.Member, compartment string, subjects, external []string) error {
	ids, err := idsIn(ctx, t, "consultations", "subject_key", compartment, subjects)
	if err != nil {
		return err
	}
	more, err := idsIn(ctx, t, "consultations", "external_id", compartment, external)
	if err != nil {
		return err
	}
	var list []team.Consultation
	seen, args := visible(by, "c")
	err = eachChunk(append(ids, more...), func(part []string) error {
		query, args, err := sqlx.In("SELECT "+consultationColumns+" FROM consultations c WHERE "+seen+" AND c.id IN (?)", append(slices.Clone(args), part)...)
		if err != nil {
			return err
		}
		var found []team.Consultation
		err = t.list(ctx, &found, query, args...)
		list = append(list, found...)
		return err
	})
	slices.SortFunc(list, func(a, b team.Consultation) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt.Time), strings.Compare(a.ID, b.ID))
	})
	for _, c := range list {
		m.consultations[c.ID] = c
		m.add(team.KindConsultation, c.ExternalID, contentKey(c, true), c.ID)
		m.add(team.KindConsultation, "", contentKey(c, false), c.ID)
	}
	return err
}

// contentKey is what makes two consultations without an id in a file the same: what
// was asked and, where the file says so, when.
func contentKey(c team.Consultation, dated bool) string {
	key := text.Key(c.Subject) + "\n" + text.Key(c.Text)
	if dated && !c.ReceivedAt.IsZero() {
		key += "\n" + c.ReceivedAt.Format("2006-01-02T15:04:05")
	}
	return key
}

func (m *importMatches) add(kind, external, key, id string) {
	if external != "" {
		m.external[kind+external] = id
	}
	m.same[kind+key] = append(m.same[kind+key], id)
}

// loadImported finds out which version of each thing came from an import.
func (m *importMatches) loadImported(ctx context.Context, t tx) error {
	var ids []string
	for id := range m.articles {
		ids = append(ids, id)
	}
	for id := range m.consultations {
		ids = append(ids, id)
	}
	return eachChunk(ids, func(part []string) error {
		var items []team.ImportItem
		err := listIn(ctx, t, &items, "SELECT object_id, MAX(version) AS version FROM import_items WHERE object_id IN (?) GROUP BY object_id", part)
		for _, i := range items {
			m.imported[i.ObjectID] = i.Version
		}
		return err
	})
}

// find returns the thing a row is about, or "". An id that the file gives decides;
// the title or content only speaks for things that have no other id.
func (m *importMatches) find(kind, external, key string) string {
	if id := m.external[kind+external]; external != "" && id != "" {
		return id
	}
	for _, id := range m.same[kind+key] {
		if external == "" || m.articles[id].ExternalID+m.consultations[id].ExternalID == "" {
			return id
		}
	}
	return ""
}
