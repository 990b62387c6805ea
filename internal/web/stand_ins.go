package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tasuki/internal/risk"
	"tasuki/internal/team"
)

// shownStandIns is how many people are named for a skill or a topic.
const shownStandIns = 3

// standIn is somebody who could take over, and why they.
type standIn struct{ Name, Why string }

// standIns returns who could come to hold a skill, the best first. Who is asked about,
// and who is going to leave themselves, is not among them.
func (a answering) standIns(skill int) (list []standIn) {
	required := a.future.Skills[skill].Required
	var people []risk.Candidate
	for i, m := range a.f.Map.Members {
		if a.gone(m.ID) {
			continue
		}
		people = append(people, risk.Candidate{Member: m.ID, Level: int(a.f.Map.Cells[skill][i].On(a.f.Map.Day)), Alone: a.alone[m.ID],
			Weight: a.weight(m.ID, a.topicsOf(a.f.Map.Skills[skill].ID))})
	}
	by, seen := a.ways(a.f.Map.Skills[skill].ID), map[string]bool{}
	for _, c := range risk.Succession(people, required, by.hours) {
		seen[c.Member] = true
		list = append(list, standIn{a.names[c.Member], a.why(c, by)})
	}
	// Who would have to learn it without a training stands after those who need not.
	for _, c := range risk.Succession(people, required, func(int, int) (float64, bool) { return 0, true }) {
		if !seen[c.Member] {
			list = append(list, standIn{a.names[c.Member], a.why(c, by)})
		}
	}
	return list
}

// ways are the trainings on offer that lead to a skill.
type ways struct {
	lifts []risk.Lift
	// none: there is no training at all, so that every way is as long as its levels.
	none bool
}

func (a answering) ways(skillID string) ways {
	w := ways{none: true}
	for _, n := range a.f.Trainings {
		if !n.Active {
			continue
		}
		w.none = false
		for _, k := range n.Skills {
			if k.SkillID == skillID {
				w.lifts = append(w.lifts, risk.Lift{From: max(0, int(k.Prerequisite)), To: int(k.Level), Hours: float64(n.Minutes) / 60})
			}
		}
	}
	return w
}

// hours returns the hours of the cheapest way between two levels, and whether there is one.
func (w ways) hours(from, to int) (float64, bool) {
	if w.none {
		return 0, true
	}
	return risk.PathHours(w.lifts, from, to)
}

// gone tells whether somebody is not there to take over.
func (a answering) gone(id string) bool {
	return slices.Contains(a.q.Members, id) || slices.ContainsFunc(a.f.Absences, func(x team.Absence) bool {
		return x.MemberID == id && x.Kind == team.Leaving && x.StartsOn.Before(a.q.From.AddDays(risk.LookAhead))
	})
}

// weight is what somebody's answers on some topics count today.
func (a answering) weight(id string, topics []string) (sum float64) {
	for _, t := range topics {
		sum += a.answers[t].Of(id).Weight
	}
	return sum
}

// shortDate writes a day without its year: 11/24, or 24 Nov.
func (p page) shortDate(d team.Date) string {
	if p.Language == "en" {
		return d.Time().Format("2 Jan")
	}
	return d.Time().Format("1/2")
}

// why says in words what put a candidate into their place.
func (a answering) why(c risk.Candidate, by ways) string {
	words := []string{a.p.T("what_if.why_level", "Level", max(c.Level, 0), "Gap", c.Gap)}
	if c.Level == risk.NotAssessed {
		words[0] = a.p.T("what_if.why_unknown")
	}
	if length, ok := by.hours(max(0, c.Level), max(0, c.Level)+c.Gap); !ok {
		words = append(words, a.p.T("what_if.why_no_way"))
	} else if length > 0 {
		words = append(words, a.p.T("what_if.why_hours", "Hours", hours(int(60*length))))
	}
	if c.Weight >= 0.05 {
		words = append(words, a.p.T("what_if.why_answers", "Count", strconv.FormatFloat(c.Weight, 'f', 1, 64)))
	}
	if c.Alone > 0 {
		words = append(words, a.p.T("what_if.why_alone", "Count", c.Alone))
	}
	for _, x := range a.f.Absences {
		if x.MemberID == c.Member && x.Kind == team.Leave && (a.q.To.IsZero() || !a.q.To.Before(x.StartsOn)) && !x.EndsOn.Before(a.q.From) {
			words = append(words, a.p.T("what_if.why_away", "From", a.p.shortDate(x.StartsOn), "To", a.p.shortDate(x.EndsOn)))
		}
	}
	return strings.Join(words, a.p.T("what_if.between"))
}

// next returns who else could answer a topic: who has answered most of it, and then who
// holds the skills that it needs.
func (a answering) next(topicID string) (names []string) {
	var ids []string
	for _, x := range a.answers[topicID].Answerers {
		if _, here := a.places[x.Member]; here && !a.gone(x.Member) {
			ids = append(ids, x.Member)
		}
	}
	k := a.answers[topicID]
	slices.SortStableFunc(ids, func(x, y string) int { return cmp.Compare(k.Of(y).Weight, k.Of(x).Weight) })
	for _, t := range a.f.Needs {
		if t.TopicID == topicID {
			ids = append(ids, a.holders(t.SkillID)...)
		}
	}
	for _, id := range ids {
		if len(names) < shownStandIns && !slices.Contains(names, a.names[id]) {
			names = append(names, a.names[id])
		}
	}
	return names
}

// holders returns who stays of those who hold a skill.
func (a answering) holders(skillID string) (ids []string) {
	for s, k := range a.future.Skills {
		if k.ID != skillID {
			continue
		}
		for _, h := range a.future.Holdings[s] {
			if !a.gone(h.Member) {
				ids = append(ids, h.Member)
			}
		}
	}
	return ids
}
