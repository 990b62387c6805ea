package store

import (
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// merger notes what changes. A field that a file leaves empty stays as it is: a
// list with two columns must not empty the other boxes.
type merger struct{ changes []team.FieldChange }

func (m *merger) set(field, before, after string, apply func()) {
	if after == "" || after == before {
		return
	}
	apply()
	m.changes = append(m.changes, team.FieldChange{Field: field, Before: before, After: after})
}

func (m *merger) answer(a *team.Answer, in team.Answer) {
	m.set("decision", string(a.Decision), string(in.Decision), func() { a.Decision = in.Decision })
	for _, box := range []struct {
		field string
		into  *string
		from  string
	}{
		{"short_answer", &a.Short, in.Short}, {"reason", &a.Reason, in.Reason}, {"merit", &a.Merit, in.Merit}, {"demerit", &a.Demerit, in.Demerit},
		{"alternative", &a.Alternative, in.Alternative}, {"due", &a.Due, in.Due}, {"due_reason", &a.DueReason, in.DueReason}, {"basis", &a.Basis, in.Basis},
	} {
		m.set(box.field, *box.into, box.from, func() { *box.into = box.from })
	}
	m.set("steps", a.Steps.String(), in.Steps.String(), func() { a.Steps = in.Steps })
}

// mergeArticle puts what a file says into an article and returns what that changes.
func mergeArticle(a *team.Article, in team.Article, topics []string, n *importNames) []team.FieldChange {
	var m merger
	m.set("title", a.Title, in.Title, func() { a.Title = in.Title })
	m.answer(&a.Answer, in.Answer)
	m.set("state", string(a.State), string(in.State), func() { a.State = in.State })
	m.set("audience", string(a.Audience), string(in.Audience), func() { a.Audience = in.Audience })
	m.set("keywords", a.Keywords.String(), in.Keywords.String(), func() { a.Keywords = in.Keywords })
	m.set("review_due", a.ReviewDue.String(), in.ReviewDue.String(), func() { a.ReviewDue = in.ReviewDue })
	m.set("topics", n.list(a.Topics), n.list(topics), func() { a.Topics = topics })
	m.wordings(a, in)
	return m.changes
}

// wordings adds to those that an article has: how people asked is never taken away.
func (m *merger) wordings(a *team.Article, in team.Article) {
	known := map[string]bool{"": true}
	for _, w := range a.Wordings {
		known[text.Key(w.Text)] = true
	}
	a.Wordings = slices.Clone(a.Wordings)
	for _, w := range in.Wordings {
		if key := text.Key(w.Text); !known[key] {
			known[key] = true
			m.set("wordings", "", w.Text, func() { a.Wordings = append(a.Wordings, team.Wording{Text: w.Text}) })
		}
	}
}

// mergeConsultation puts what a file says into a consultation and returns what that
// changes. What was asked, and when, stays.
func mergeConsultation(c *team.Consultation, in team.Consultation, n *importNames) []team.FieldChange {
	var m merger
	m.set("subject", c.Subject, in.Subject, func() { c.Subject = in.Subject })
	m.set("requester", c.Requester, in.Requester, func() { c.Requester = in.Requester })
	m.set("department", n.named[c.DepartmentID], n.named[in.DepartmentID], func() { c.DepartmentID = in.DepartmentID })
	m.set("topics", n.named[c.TopicID], n.named[in.TopicID], func() { c.TopicID = in.TopicID })
	m.set("channel", string(c.Channel), string(in.Channel), func() { c.Channel = in.Channel })
	if in.State == team.ConsultationAnswered {
		m.answer(&c.Answer, in.Answer)
		m.set("reply", c.Reply, in.Reply, func() { c.Reply = in.Reply })
		if c.State != team.ConsultationAnswered {
			m.set("state", string(c.State), string(in.State), func() {
				c.State, c.FirstResponseAt, c.AnsweredAt, c.AnsweredBy = in.State, in.FirstResponseAt, in.AnsweredAt, in.AnsweredBy
			})
		}
	}
	return m.changes
}
