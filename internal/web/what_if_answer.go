package web

import (
	"slices"
	"strings"

	"tasuki/internal/risk"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// whatIf is the answer to a question, ready to print.
type whatIf struct {
	Sentence string
	Counts   []whatIfCount
	Skills   []effectRow // those with something to do, the worst first
	Thinner  []effectRow // those that others hold up less than before
	Topics   []orphanRow
	Open     []openRow
	// Certificates are those that the department wants, OtherCertificates what else they hold.
	Certificates, OtherCertificates []certificateEffect
}

// whatIfCount is one number of the summary, and where its rows are.
type whatIfCount struct {
	Label, Href string
	N           int
}

// effectRow is what the absence does to a skill.
type effectRow struct {
	ID, Name       string
	Badge          badge
	Before, After  int
	Minimum        int
	BusBefore, Bus int
	When           []string
	Staying        []string // who is left
	StandIns       []standIn
	MoreStandIns   int
	Documents      []documentRow
}

// Nobody tells that nobody is near enough to learn the skill.
func (r effectRow) Nobody() bool { return len(r.StandIns) == 0 }

// orphanRow is a topic whose knowledge goes with the people.
type orphanRow struct {
	ID, Name  string
	Share     int // percent of the answers
	Next      []string
	Documents []documentRow
}

// openRow is an open consultation that they recorded.
type openRow struct {
	Consultation team.Consultation
	Who, Topic   string
	Next         []string
}

// documentRow is an article that exists.
type documentRow struct {
	ID, Title string
	State     badge
	Due       bool // verified, and due for a review
}

// answering holds what an answer is made from.
type answering struct {
	p       page
	f       store.Foresight
	model   riskModel
	q       absenceQuestion
	future  risk.Future
	names   map[string]string
	answers map[string]risk.Concentration // by topic
	alone   map[string]int
	places  map[string]int // of a member on the map
}

func newAnswering(p page, f store.Foresight, q absenceQuestion) answering {
	a := answering{p: p, f: f, q: q, model: newRiskModel(f.RiskFacts, p.look.zone, false), future: risk.FutureOf(f.Map, f.Absences),
		names: map[string]string{}, places: map[string]int{}, answers: map[string]risk.Concentration{}}
	for i, m := range f.Map.Members {
		a.names[m.ID], a.places[m.ID] = m.DisplayName(p.Language), i
	}
	for _, t := range f.Topics {
		a.answers[t.ID] = a.model.knowledge(t.ID)
	}
	a.alone = a.future.Alone()
	return a
}

func newWhatIf(p page, f store.Foresight, q absenceQuestion) (w whatIf) {
	a := newAnswering(p, f, q)
	w.Sentence = a.sentence()
	for _, e := range a.future.Without(q.Members, q.From, q.To) {
		row := a.effect(e)
		if e.Severity == risk.Thinner {
			w.Thinner = append(w.Thinner, row)
		} else {
			w.Skills = append(w.Skills, row)
		}
		w.count(p, e.Severity)
	}
	w.Topics, w.Open = a.orphans(), a.open()
	w.Certificates, w.OtherCertificates = a.certificateEffects()
	if len(w.Certificates) > 0 {
		w.Counts = append(w.Counts, whatIfCount{p.T("what_if.certificates"), "#certificates", len(w.Certificates)})
	}
	w.Counts = append(w.Counts, whatIfCount{p.T("what_if.orphans"), "#topics", len(w.Topics)}, whatIfCount{p.T("what_if.open"), "#open", len(w.Open)})
	return w
}

// severities are what the summary counts, in its order.
var severities = []risk.Severity{risk.Lost, risk.NewlyBelow, risk.Worse, risk.OnOne}

var severityNames = map[risk.Severity]string{risk.Lost: "lost", risk.NewlyBelow: "below", risk.Worse: "worse", risk.OnOne: "on_one", risk.Thinner: "thinner"}

func (w *whatIf) count(p page, v risk.Severity) {
	if w.Counts == nil {
		for _, s := range severities {
			w.Counts = append(w.Counts, whatIfCount{p.Word("severity", severityNames[s]), "#skills", 0})
		}
	}
	if i := slices.Index(severities, v); i >= 0 {
		w.Counts[i].N++
	}
}

func (a answering) sentence() string {
	var names []string
	for _, id := range a.q.Members {
		names = append(names, a.p.T("common.honorific", "Name", a.names[id]))
	}
	who := strings.Join(names, a.p.T("what_if.and"))
	if a.q.To.IsZero() {
		return a.p.T("what_if.leaves", "Names", who, "From", a.p.Date(a.q.From))
	}
	return a.p.T("what_if.away", "Names", who, "From", a.p.Date(a.q.From), "To", a.p.Date(a.q.To))
}

func (a answering) effect(e risk.Effect) effectRow {
	k := a.f.Map.Skills[e.Skill]
	row := effectRow{ID: k.ID, Name: k.DisplayName(a.p.Language), Badge: a.p.Badge("severity", severityNames[e.Severity]),
		Before: e.Before, After: e.After, Minimum: k.Minimum, Staying: a.people(e.Staying)}
	row.BusBefore, row.Bus = e.BusFactors(a.future.Skills[e.Skill])
	row.When = a.spells(e.Lacking)
	if e.Severity != risk.Thinner {
		row.StandIns = a.standIns(e.Skill)
		row.Documents = a.documentsOf(a.topicsOf(k.ID))
	}
	if len(row.StandIns) > shownStandIns {
		row.MoreStandIns = len(row.StandIns) - shownStandIns
		row.StandIns = row.StandIns[:shownStandIns]
	}
	return row
}

// spell writes a run of days as part of what was asked.
func (a answering) spell(s risk.Spell) string {
	end := a.q.To
	if end.IsZero() {
		end = a.q.From.AddDays(risk.LookAhead)
	}
	switch {
	case s.From == a.q.From && s.To == end:
		return a.p.T("what_if.throughout")
	case s.To == end && a.q.To.IsZero():
		return a.p.T("what_if.since", "From", a.p.Date(s.From))
	case s.From == s.To:
		return a.p.Date(s.From)
	}
	return a.p.T("what_if.span", "From", a.p.Date(s.From), "To", a.p.Date(s.To))
}

func (a answering) people(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, a.names[id])
	}
	return names
}

// topicsOf returns the topics that need a skill.
func (a answering) topicsOf(skillID string) (ids []string) {
	for _, t := range a.f.Needs {
		if t.SkillID == skillID {
			ids = append(ids, t.TopicID)
		}
	}
	return ids
}

// documentsOf returns the articles about some topics, each once, the verified ones first.
func (a answering) documentsOf(topics []string) (list []documentRow) {
	seen := map[string]bool{}
	for _, state := range []team.ArticleState{team.ArticleVerified, team.ArticleNotVerified} {
		for _, d := range a.f.Documents {
			if d.State == state && slices.Contains(topics, d.TopicID) && !seen[d.ArticleID] {
				seen[d.ArticleID] = true
				list = append(list, documentRow{d.ArticleID, d.Title, a.p.Badge("article_state", d.State), !d.ReviewDue.IsZero() && d.ReviewDue.Before(a.f.Map.Day)})
			}
		}
	}
	return list
}

func (a answering) orphans() (list []orphanRow) {
	topics := make([]risk.Topic, len(a.f.Topics))
	for i, t := range a.f.Topics {
		topics[i].Secured = !t.Active || len(a.model.shared(t.ID, a.q.Members)) > 0
		topics[i].Answers = a.answers[t.ID]
	}
	for _, i := range risk.Orphaned(topics, a.q.Members...) {
		t := a.f.Topics[i]
		list = append(list, orphanRow{ID: t.ID, Name: t.DisplayName(a.p.Language), Share: int(100*topics[i].Answers.Share(a.q.Members...) + .5),
			Next: a.next(t.ID), Documents: a.documentsOf([]string{t.ID})})
	}
	return list
}

func (a answering) open() (list []openRow) {
	names := map[string]string{}
	for _, t := range a.f.Topics {
		names[t.ID] = t.DisplayName(a.p.Language)
	}
	for _, c := range a.f.Open {
		list = append(list, openRow{c, a.names[c.CreatedBy], names[c.TopicID], a.next(c.TopicID)})
	}
	return list
}

// Quiet tells whether the absence takes nothing that is missed.
func (w whatIf) Quiet() bool { return len(w.Skills)+len(w.Topics)+len(w.Open)+len(w.Certificates) == 0 }
