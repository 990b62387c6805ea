package web

import (
	"slices"
	"time"

	"tasuki/internal/risk"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// riskModel says in the words of package risk what the store holds. Skills are in the
// order of facts.Map.Skills everywhere, and people go by their ids.
type riskModel struct {
	facts   store.RiskFacts
	alone   bool                     // a skill is lost when nobody can do it alone; else when fewer can than are needed
	answers map[string][]risk.Answer // by the topic, the first ones first
}

// newRiskModel returns the model of some facts. zone is where an answer has its day.
func newRiskModel(f store.RiskFacts, zone *time.Location, alone bool) riskModel {
	m := riskModel{facts: f, alone: alone, answers: map[string][]risk.Answer{}}
	for _, e := range slices.Backward(f.Answers) {
		m.answers[e.TopicID] = append(m.answers[e.TopicID], risk.Answer{On: team.DateOf(e.At.In(zone)), By: []risk.Contribution{{Member: e.MemberID, Part: 1}}})
	}
	return m
}

func (m riskModel) day() team.Date { return m.facts.Map.Day }

// required is what the numbers ask of a skill. Where only the last holder counts, each
// lost skill counts once.
func (m riskModel) required(k team.Skill) risk.Skill {
	r := risk.Skill{ID: k.ID, Required: int(k.RequiredLevel), Minimum: k.Minimum, Critical: k.Critical, Weight: float64(k.Weight)}
	if m.alone {
		r.Minimum, r.Weight = min(r.Minimum, 1), 1
	}
	return r
}

// department returns who holds what on the day. Who is away on it is not there.
func (m riskModel) department() risk.Department {
	var ids []string
	var columns []int
	for j, person := range m.facts.Map.Members {
		if !m.awayOn(person.ID, m.day()) {
			ids, columns = append(ids, person.ID), append(columns, j)
		}
	}
	var skills []risk.Skill
	for _, k := range m.facts.Map.Skills {
		skills = append(skills, m.required(k))
	}
	return risk.New(ids, skills, func(p, s int) int { return int(m.facts.Map.Cells[s][columns[p]].On(m.day())) })
}

func (m riskModel) awayOn(id string, day team.Date) bool {
	return slices.ContainsFunc(m.facts.Absences, func(a team.Absence) bool { return a.MemberID == id && a.Covers(day) })
}

// away returns the planned absences, those that have begun included.
func (m riskModel) away() []risk.Away {
	var list []risk.Away
	for _, a := range m.facts.Absences {
		list = append(list, risk.Away{Member: a.MemberID, From: a.StartsOn, To: a.EndsOn})
	}
	return list
}

// outlooks returns what is known of the holders of each skill in the days ahead.
func (m riskModel) outlooks() []risk.Outlook {
	away := m.away()
	list := make([]risk.Outlook, len(m.facts.Map.Skills))
	for i, k := range m.facts.Map.Skills {
		list[i] = risk.Outlook{Minimum: m.required(k).Minimum, Away: away}
		for j, c := range m.facts.Map.Cells[i] {
			list[i].Holdings = append(list[i].Holdings, holdings(m.facts.Map.Members[j].ID, k.RequiredLevel, c)...)
		}
	}
	return list
}

// holdings returns when somebody counts as a holder, as team.Cell.On counts: by what
// certificates give, by the validated level while it is valid, and after it by their
// own word up to the cap.
func holdings(id string, required team.Level, c team.Cell) []risk.Holding {
	var list []risk.Holding
	for _, g := range c.Granted {
		if g.Level >= required {
			list = append(list, risk.Holding{Member: id, From: g.From, To: g.To})
		}
	}
	v, d := c.Validated, c.Declared
	validated := v != nil && v.Level.Assessed()
	if validated && v.Level >= required {
		list = append(list, risk.Holding{Member: id, From: v.Day, To: v.ValidTo})
	}
	if d == nil || min(d.Level, team.DeclaredCap) < required {
		return list
	}
	own := risk.Holding{Member: id, From: d.Day, To: d.ValidTo}
	switch {
	case validated && v.ValidTo.IsZero():
		return list // it never comes to their own word
	case validated && own.From.Before(v.ValidTo.AddDays(1)):
		own.From = v.ValidTo.AddDays(1)
	}
	if own.To.IsZero() || !own.To.Before(own.From) {
		list = append(list, own)
	}
	return list
}

// active returns the members of today.
func (m riskModel) active() []string {
	var ids []string
	for _, person := range m.facts.Map.Members {
		ids = append(ids, person.ID)
	}
	return ids
}

// knowledge returns how far the answers of topics come from few people. The answers
// are those that the reader may see.
func (m riskModel) knowledge(topics ...string) risk.Concentration {
	var answers []risk.Answer
	for _, id := range topics {
		answers = append(answers, m.answers[id]...)
	}
	return risk.Knowledge{HalfLife: risk.DefaultHalfLife, Least: risk.DefaultLeast, Active: m.active()}.Concentration(answers, m.day())
}

// experts are the fewest people who hold half of the answers of a topic.
func experts(c risk.Concentration) []string {
	var ids []string
	for _, a := range c.Answerers[:min(c.Half, len(c.Answerers))] {
		ids = append(ids, a.Member)
	}
	return ids
}

// shared returns the articles on a topic that others than some experts answer with.
func (m riskModel) shared(topic string, experts []string) []team.SharedArticle {
	active := m.active()
	var list []team.SharedArticle
	for _, a := range m.facts.Articles {
		if slices.Contains(a.Topics, topic) && a.CarriedBeyond(active, experts) {
			list = append(list, a)
		}
	}
	return list
}

// topicsOf returns the topics in use that need a skill.
func (m riskModel) topicsOf(skill string) []team.Topic {
	var list []team.Topic
	for _, t := range m.facts.Topics {
		if t.Active && slices.ContainsFunc(m.facts.Needs, func(n team.TopicSkill) bool { return n.SkillID == skill && n.TopicID == t.ID }) {
			list = append(list, t)
		}
	}
	return list
}

// criticality returns what hangs on one member; nothing hangs on who is not there.
// Only that member and leads may see it: team.CanSeeFigures.
func (m riskModel) criticality(id string) risk.Criticality {
	d := m.department()
	if p := slices.Index(d.Members, id); p >= 0 {
		return d.Criticalities()[p]
	}
	return risk.Criticality{Member: -1}
}
