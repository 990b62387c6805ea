package sheet

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// Incoming makes of each row an article or a consultation, as the mapping says. What
// cannot be read, is missing or is too long for its box is a Problem of the row, never
// cut. Times without a zone are in now's; days without a year lie in now's fiscal year.
// A consultation without a day has a zero ReceivedAt. State, audience and channel are
// empty where the file does not say: what is there already keeps its own. A mapping that does not fit the
// table gives nothing.
func (t Table) Incoming(m Mapping, now time.Time) []team.Incoming {
	if !m.Valid(t) {
		return nil
	}
	list := make([]team.Incoming, 0, len(t.Rows))
	for _, row := range t.Rows {
		r := newRecord(row, m, now)
		in := team.Incoming{File: t.File, Line: row.Line}
		if m.Kind == Consultations {
			r.consultation(&in)
		} else {
			r.article(&in)
		}
		in.Problems = r.problems
		list = append(list, in)
	}
	return list
}

// record is a row by its fields.
type record struct {
	cells    map[Field][]string
	now      time.Time
	problems team.Invalid
}

func newRecord(row Row, m Mapping, now time.Time) *record {
	r := &record{cells: map[Field][]string{}, now: now}
	for i, f := range m.Fields {
		if f == FieldNone {
			continue
		}
		if row.Cells[i] != "" {
			r.cells[f] = append(r.cells[f], row.Cells[i])
		}
		if slices.Contains(row.long, i) {
			r.problem(f, team.TooLong, MaxCell)
		}
	}
	return r
}

// problem files what is wrong with a field, once.
func (r *record) problem(f Field, rule team.Rule, limit int) {
	if _, known := r.problems.Field(string(f)); !known {
		r.problems = append(r.problems, team.Problem{Field: string(f), Rule: rule, Limit: limit})
	}
}

// check adds what Validate found to what could not be read.
func (r *record) check(err error) {
	if invalid, ok := err.(team.Invalid); ok {
		for _, p := range invalid {
			r.problem(Field(p.Field), p.Rule, p.Limit)
		}
	}
}

// text returns a field's columns as one text, lines as lines of one list, first the
// first column that is filled.
func (r *record) text(f Field) string      { return strings.Join(r.cells[f], "\n\n") }
func (r *record) lines(f Field) team.Lines { return listOf(strings.Join(r.cells[f], "\n")) }
func (r *record) first(f Field) string {
	if len(r.cells[f]) == 0 {
		return ""
	}
	return r.cells[f][0]
}

func (r *record) article(in *team.Incoming) {
	a := &team.Article{
		Title:      oneLine(labelled(r.first(FieldTitle), questionLabel)),
		Answer:     r.answer(),
		State:      word(r, FieldState, articleStates, ""),
		Audience:   word(r, FieldAudience, audiences, ""),
		Keywords:   r.words(FieldKeywords),
		ReviewDue:  r.day(FieldReviewDue),
		ExternalID: r.first(FieldExternalID),
	}
	a.Answer = r.whole(a.Answer)
	for _, line := range r.lines(FieldWordings) {
		a.Wordings = append(a.Wordings, team.Wording{Text: line})
	}
	in.Article, in.Topics = a, r.words(FieldTopics)
	whole := *a
	whole.State, whole.Audience = cmp.Or(a.State, team.ArticleNotVerified), cmp.Or(a.Audience, team.AudienceDepartment)
	r.check(whole.Validate())
}

// answer reads the boxes.
func (r *record) answer() team.Answer {
	return team.Answer{
		Decision: word(r, FieldDecision, decisions, ""),
		Short:    r.text(FieldShort), Reason: r.text(FieldReason), Merit: r.text(FieldMerit), Demerit: r.text(FieldDemerit),
		Steps: r.lines(FieldSteps), Alternative: r.text(FieldAlternative),
		Due: r.text(FieldDue), DueReason: r.text(FieldDueReason), Basis: r.text(FieldBasis),
	}
}

// whole adds a whole answer in one text to the boxes.
func (r *record) whole(a team.Answer) team.Answer {
	whole := r.text(FieldAnswer)
	if whole == "" {
		return a
	}
	return merge(a, takeApart(whole, a.Short == ""))
}

// defaultSubject is how long, in runes, a subject is that is taken from the text.
const defaultSubject = 40

func (r *record) consultation(in *team.Incoming) {
	c := &team.Consultation{
		Requester: oneLine(r.first(FieldRequester)), Channel: word(r, FieldChannel, channels, ""),
		Subject: oneLine(r.first(FieldSubject)), Text: r.text(FieldText), Reply: r.text(FieldReply), Answer: r.answer(),
		ReceivedAt: r.moment(FieldReceivedAt), AnsweredAt: r.moment(FieldAnsweredAt),
		State: team.ConsultationOpen, ExternalID: r.first(FieldExternalID),
	}
	if c.Subject == "" && c.Text != "" {
		c.Subject = text.Snippet(text.StripMail(c.Text).Text, defaultSubject)
	}
	if c.Reply != "" || !c.Answer.Empty() || !c.AnsweredAt.IsZero() {
		c.State = team.ConsultationAnswered
		c.FirstResponseAt = c.AnsweredAt
	}
	if c.ReceivedAt.IsZero() {
		c.ReceivedAt = c.AnsweredAt
	}
	in.Consultation, in.Topics = c, r.words(FieldTopics)
	in.Department, in.Answerer = oneLine(r.first(FieldDepartment)), oneLine(r.first(FieldAnsweredBy))
	whole := *c
	whole.Channel = cmp.Or(c.Channel, team.ChannelMail)
	r.check(whole.Validate())
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
