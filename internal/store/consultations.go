package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const consultationColumns = "c.id, c.ref, COALESCE(c.compartment_id, '') AS compartment_id, COALESCE(c.requester_id, '') AS requester_id, c.requester, " +
	"COALESCE(c.department_id, '') AS department_id, COALESCE(c.topic_id, '') AS topic_id, c.channel, c.subject, c.original, c.state, c.received_at, " +
	"c.first_response_at, c.answered_at, COALESCE(c.answered_by, '') AS answered_by, c.decision, c.short_answer, c.reason, c.merit, c.demerit, c.steps, " +
	"c.alternative, c.due, c.due_reason, c.basis, c.reply, c.version, c.external_id, COALESCE(c.created_by, '') AS created_by, c.created_at"

// Consultation returns one consultation by its id or by the reference that people
// quote, with its links, or team.ErrNotFound when there is none that the person
// may know of.
func (s *Store) Consultation(ctx context.Context, by team.Member, idOrRef string) (c team.Consultation, err error) {
	err = s.read(ctx, func(t tx) error {
		c, err = consultation(ctx, t, by, idOrRef)
		return err
	})
	return c, err
}

func consultation(ctx context.Context, t tx, by team.Member, idOrRef string) (c team.Consultation, err error) {
	seen, args := visible(by, "c")
	err = t.get(ctx, &c, "SELECT "+consultationColumns+" FROM consultations c WHERE "+seen+" AND (c.id = ? OR c.ref = ?)", append(args, idOrRef, idOrRef)...)
	if err != nil {
		return c, err
	}
	// A link is only shown with an article that the person may read.
	seen, args = visible(by, "a")
	err = t.list(ctx, &c.Links, `SELECT l.consultation_id, l.article_id, l.kind, COALESCE(l.linked_by, '') AS linked_by, l.linked_at
		FROM article_links l JOIN articles a ON a.id = l.article_id WHERE `+seen+" AND l.consultation_id = ? ORDER BY l.linked_at, l.article_id", append(args, c.ID)...)
	return c, err
}

// ConsultationsByID returns those of the consultations that exist and that the
// person may read, by id, without their links.
func (s *Store) ConsultationsByID(ctx context.Context, by team.Member, ids []string) (map[string]team.Consultation, error) {
	all := map[string]team.Consultation{}
	if len(ids) == 0 {
		return all, nil
	}
	seen, args := visible(by, "c")
	query, args, err := sqlx.In("SELECT "+consultationColumns+" FROM consultations c WHERE "+seen+" AND c.id IN (?)", append(args, ids)...)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(t tx) error {
		var list []team.Consultation
		err := t.list(ctx, &list, query, args...)
		for _, c := range list {
			all[c.ID] = c
		}
		return err
	})
	return all, err
}

// ConsultationFilter narrows the list. Empty fields narrow nothing.
type ConsultationFilter struct {
	State      team.ConsultationState
	Department string
	Topic      string
	Member     string // who answered
	Article    string // answered with this article
	Words      string // part of the subject
	Page       int    // from 0
	All        bool   // every page at once
}

// Consultations returns one page of the list, the latest first, and how many there
// are in all, counting only what the person may read.
func (s *Store) Consultations(ctx context.Context, by team.Member, f ConsultationFilter) (list []team.Consultation, total int, err error) {
	where, args := visible(by, "c")
	add := func(value, condition string) {
		if value != "" {
			where, args = where+" AND "+condition, append(args, value)
		}
	}
	add(string(f.State), "c.state = ?")
	add(f.Department, "c.department_id = ?")
	add(f.Topic, "c.topic_id = ?")
	add(f.Member, "c.answered_by = ?")
	add(f.Article, "EXISTS (SELECT 1 FROM article_links l WHERE l.consultation_id = c.id AND l.article_id = ?)")
	if f.Words != "" {
		add("%"+likeEscape(text.Key(f.Words))+"%", "c.subject_key LIKE ? ESCAPE '!'")
	}
	err = s.read(ctx, func(t tx) error {
		if err := t.get(ctx, &total, "SELECT COUNT(*) FROM consultations c WHERE "+where, args...); err != nil {
			return err
		}
		return t.list(ctx, &list, "SELECT "+consultationColumns+" FROM consultations c WHERE "+where+" ORDER BY c.received_at DESC, c.id LIMIT ? OFFSET ?",
			append(args, pageOf(f.Page, f.All)...)...)
	})
	return list, total, err
}

// SaveConsultation records a question (empty id), or saves what was typed about one
// at the version it was read at. With state answered it stamps the first response
// and the answer, once, with this person as the one who answered. A key makes a
// repeated create return the first result.
func (s *Store) SaveConsultation(ctx context.Context, by team.Member, c team.Consultation, key string) (team.Consultation, error) {
	if !team.CanWrite(by) {
		return c, team.ErrForbidden
	}
	cleanConsultation(&c)
	if err := c.Validate(); err != nil {
		return c, err
	}
	err := s.write(ctx, func(t tx) error {
		if done, err := once(ctx, t, by, key); err != nil || done != "" {
			return firstError(err, func() error { c, err = consultation(ctx, t, by, done); return err })
		}
		if err := writeConsultation(ctx, t, by, &c); err != nil {
			return err
		}
		if err := remember(ctx, t, by, key, c.ID); err != nil {
			return err
		}
		return recordChange(ctx, t, team.KindConsultation, c.ID)
	})
	return c, err
}

func cleanConsultation(c *team.Consultation) {
	c.Subject, c.Text, c.Requester, c.Reply = text.Clean(c.Subject), text.Clean(c.Text), text.Clean(c.Requester), text.Clean(c.Reply)
	cleanAnswer(&c.Answer)
	if c.State == "" {
		c.State = team.ConsultationOpen
	}
}

func writeConsultation(ctx context.Context, t tx, by team.Member, c *team.Consultation) error {
	err := checkCatalogues(ctx, t, *c)
	if err != nil {
		return err
	}
	if c.RequesterID, err = requester(ctx, t, c.Requester, c.DepartmentID); err != nil {
		return err
	}
	if c.ID == "" {
		err = insertConsultation(ctx, t, by, c)
	} else {
		err = updateConsultation(ctx, t, by, c)
	}
	return firstError(err, func() error { return audit(ctx, t, by, "save", team.KindConsultation, c.ID) })
}

// checkCatalogues refuses a department or a topic that there is none of.
func checkCatalogues(ctx context.Context, t tx, c team.Consultation) error {
	for _, one := range []struct{ field, query, id string }{
		{"department", "SELECT 1 FROM departments WHERE id = ?", c.DepartmentID},
		{"topic", "SELECT 1 FROM topics WHERE id = ?", c.TopicID},
	} {
		if one.id == "" {
			continue
		}
		var n int
		err := t.get(ctx, &n, one.query, one.id)
		if errors.Is(err, team.ErrNotFound) {
			return team.Invalid{{Field: one.field, Rule: team.Unknown}}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func insertConsultation(ctx context.Context, t tx, by team.Member, c *team.Consultation) error {
	if err := checkCompartment(ctx, t, by, c.Compartment); err != nil {
		return err
	}
	c.ID, c.Version, c.CreatedBy, c.CreatedAt = newID(), 1, by.ID, t.now
	if c.ReceivedAt.IsZero() {
		c.ReceivedAt = t.now
	}
	stampAnswer(t, by, c)
	// Five letters leave 28 million references; a collision is rare, and tried again.
	for range 8 {
		c.Ref = newRef()
		var used int
		if err := t.get(ctx, &used, "SELECT COUNT(*) FROM consultations WHERE ref = ?", c.Ref); err != nil {
			return err
		}
		if used == 0 {
			return insertConsultationRow(ctx, t, *c)
		}
	}
	return errors.New("find a free reference for a consultation")
}

func insertConsultationRow(ctx context.Context, t tx, c team.Consultation) error {
	args := []any{c.ID, c.Ref, null(c.Compartment), null(c.RequesterID), c.Requester, null(c.DepartmentID), null(c.TopicID), c.Channel, c.Subject,
		text.Key(c.Subject), c.Text, c.State, c.ReceivedAt, c.FirstResponseAt, c.AnsweredAt, null(c.AnsweredBy)}
	args = append(args, answerArgs(c.Answer)...)
	args = append(args, c.Reply, c.Version, c.ExternalID, null(c.CreatedBy), c.CreatedAt)
	return t.run(ctx, `INSERT INTO consultations (id, ref, compartment_id, requester_id, requester, department_id, topic_id, channel, subject,
		subject_key, original, state, received_at, first_response_at, answered_at, answered_by, `+answerColumns+`, reply, version, external_id, created_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, `+answerMarks+", ?, ?, ?, ?, ?)", args...)
}

// stampAnswer sets the moments of an answer the first time there is one.
func stampAnswer(t tx, by team.Member, c *team.Consultation) {
	if c.State != team.ConsultationAnswered {
		return
	}
	if c.FirstResponseAt.IsZero() {
		c.FirstResponseAt = t.now
	}
	if c.AnsweredAt.IsZero() {
		c.AnsweredAt, c.AnsweredBy = t.now, by.ID
	}
}

// refLetters leaves out what looks alike (0 O, 1 I L, 8 B, 5 S, 2 Z, U V).
const refLetters = "ACDEFGHJKMNPQRTWXY34679"

func newRef() string {
	b := make([]byte, 5)
	for i := range b {
		for {
			var one [1]byte
			rand.Read(one[:])
			if int(one[0]) < 256/len(refLetters)*len(refLetters) {
				b[i] = refLetters[int(one[0])%len(refLetters)]
				break
			}
		}
	}
	return string(b)
}

func updateConsultation(ctx context.Context, t tx, by team.Member, c *team.Consultation) error {
	before, err := consultation(ctx, t, by, c.ID)
	if err != nil {
		return err
	}
	c.ID, c.Ref, c.Compartment, c.Text, c.ReceivedAt = before.ID, before.Ref, before.Compartment, before.Text, before.ReceivedAt
	c.FirstResponseAt, c.AnsweredAt, c.AnsweredBy = before.FirstResponseAt, before.AnsweredAt, before.AnsweredBy
	stampAnswer(t, by, c)
	args := []any{null(c.RequesterID), c.Requester, null(c.DepartmentID), null(c.TopicID), c.Channel, c.Subject, text.Key(c.Subject), c.State,
		c.FirstResponseAt, c.AnsweredAt, null(c.AnsweredBy)}
	args = append(append(args, answerArgs(c.Answer)...), c.Reply, c.ID, c.Version)
	err = t.update(ctx, `UPDATE consultations SET requester_id = ?, requester = ?, department_id = ?, topic_id = ?, channel = ?, subject = ?, subject_key = ?,
		state = ?, first_response_at = ?, answered_at = ?, answered_by = ?, `+answerSets+", reply = ?, version = version + 1 WHERE id = ? AND version = ?", args...)
	c.Version++
	return err
}

// requester finds the person of that name in the department, or adds them.
func requester(ctx context.Context, t tx, name, departmentID string) (string, error) {
	if name == "" {
		return "", nil
	}
	var id string
	err := t.get(ctx, &id, "SELECT id FROM requesters WHERE name_key = ? AND COALESCE(department_id, '') = ? ORDER BY id LIMIT 1", text.Key(name), departmentID)
	if !errors.Is(err, team.ErrNotFound) {
		return id, err
	}
	id = newID()
	err = t.run(ctx, "INSERT INTO requesters (id, name, name_key, department_id) VALUES (?, ?, ?, ?)", id, name, text.Key(name), null(departmentID))
	if err != nil {
		return "", fmt.Errorf("add the requester: %w", err)
	}
	return id, nil
}

// MakeArticle turns an answered consultation into an article of its own, linked as
// is, in the same compartment, not yet verified; it returns the new article.
func (s *Store) MakeArticle(ctx context.Context, by team.Member, consultationID, wording string) (a team.Article, err error) {
	if !team.CanWrite(by) {
		return a, team.ErrForbidden
	}
	err = s.write(ctx, func(t tx) error {
		// Two clicks at the same moment wait for each other here.
		if err := t.run(ctx, "UPDATE consultations SET version = version WHERE id = ?", consultationID); err != nil {
			return err
		}
		c, err := consultation(ctx, t, by, consultationID)
		if err != nil {
			return err
		}
		if len(c.Links) > 0 {
			// A second click on the same button finds the article of the first.
			a, err = article(ctx, t, by, c.Links[0].ArticleID)
			return err
		}
		a = team.Article{Compartment: c.Compartment, Title: c.Subject, Answer: c.Answer, State: team.ArticleNotVerified, Audience: team.AudienceDepartment}
		if c.TopicID != "" {
			a.Topics = []string{c.TopicID}
		}
		cleanArticle(&a)
		return firstError(a.Validate(),
			func() error { return writeArticle(ctx, t, by, &a) },
			func() error {
				_, err := link(ctx, t, by, c, a, team.LinkAsIs, text.Clean(wording))
				return err
			},
			func() error { return recordChange(ctx, t, team.KindArticle, a.ID) },
			func() error { return recordChange(ctx, t, team.KindConsultation, c.ID) })
	})
	return a, err
}
