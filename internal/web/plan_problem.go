package web

import (
	"tasuki/internal/plan"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// planModel says in the words of package plan what the store holds.
type planModel struct {
	facts       store.PlanFacts
	first, last team.Date // of the half-year
}

func newPlanModel(f store.PlanFacts) planModel {
	first, last := team.HalfYear(f.Map.Day)
	return planModel{f, first, last}
}

// pair is a member and a skill or a training.
type pair struct{ member, other string }

// onTheWay returns the levels that people are going to have by trainings that are
// planned, and by those that are over while nobody has looked at the level since.
func (m planModel) onTheWay() map[pair]team.Level {
	levels := map[pair]team.Level{}
	for _, r := range m.facts.Records {
		if r.State != team.RecordPlanned {
			continue
		}
		for _, k := range r.Skills {
			levels[pair{r.MemberID, k.SkillID}] = max(levels[pair{r.MemberID, k.SkillID}], k.Level)
		}
	}
	for _, v := range m.facts.Reviews {
		if !v.Record.Day.AddDays(team.EffectDays).Before(m.facts.Map.Day) {
			levels[pair{v.Member.ID, v.Skill.ID}] = max(levels[pair{v.Member.ID, v.Skill.ID}], v.Level)
		}
	}
	return levels
}

// problem returns what the cheapest plan is sought for. Who leaves within the half-year
// holds nothing in it, and only who can be sent is offered trainings. Somebody is
// offered what they are ready for, have not done within the days of an effect and are
// not going to anyway; a class that somebody goes to already is paid.
func (m planModel) problem() plan.Problem {
	p := plan.Problem{Offers: []plan.Offer{}}
	reserve := !m.facts.Plan.WithoutReserve
	for _, k := range m.facts.Map.Skills {
		s := plan.Skill{ID: k.ID, Required: int(k.RequiredLevel), Minimum: k.Minimum, Critical: k.Critical, Weight: float64(k.Weight)}
		if reserve {
			s.Redundancy = k.Redundancy
		}
		p.Skills = append(p.Skills, s)
	}
	m.addPeople(&p)
	m.addTrainings(&p)
	return p
}

func (m planModel) addPeople(p *plan.Problem) {
	coming := m.onTheWay()
	for j, person := range m.facts.Map.Members {
		if !team.Stays(person.ID, m.facts.Absences, m.last) {
			continue
		}
		who := plan.Person{ID: person.ID, Levels: map[string]int{}}
		for i, k := range m.facts.Map.Skills {
			level := m.facts.Map.Cells[i][j].On(m.facts.Map.Day)
			if soon, known := coming[pair{person.ID, k.ID}]; known {
				level = max(level, soon)
			}
			if level.Assessed() {
				who.Levels[k.ID] = int(level)
			}
		}
		if h := m.facts.Plan.HoursEach; h > 0 {
			left := max(0, float64(h)-m.hoursOf(person.ID))
			who.MaxHours = &left
		}
		p.People = append(p.People, who)
	}
}

// hoursOf returns the hours of somebody's trainings of the half-year, past and to come.
func (m planModel) hoursOf(id string) float64 {
	minutes := 0
	for _, r := range m.facts.Records {
		if r.MemberID == id && r.State != team.RecordCancelled && !r.Day.Before(m.first) && !m.last.Before(r.Day) {
			minutes += r.Minutes
		}
	}
	return float64(minutes) / 60
}

func (m planModel) addTrainings(p *plan.Problem) {
	taken, going := map[pair]bool{}, map[string]int{}
	for _, r := range m.facts.Records {
		if r.State != team.RecordCancelled {
			taken[pair{r.MemberID, r.TrainingID}] = true
		}
		if r.State == team.RecordPlanned {
			going[r.TrainingID]++
		}
	}
	for _, n := range m.facts.Trainings {
		if !n.Active || len(n.Skills) == 0 {
			continue
		}
		t := trainingOf(n, going[n.ID])
		p.Trainings = append(p.Trainings, t)
		for _, who := range p.People {
			if !taken[pair{who.ID, n.ID}] && team.CanBeSent(who.ID, m.facts.Absences, m.facts.Map.Day, m.last) && ready(who, t) {
				p.Offers = append(p.Offers, plan.Offer{Person: who.ID, Training: n.ID, Cost: int64(n.Fee)})
			}
		}
	}
}

// trainingOf is a training to which some people go already.
func trainingOf(n team.Training, going int) plan.Training {
	t := plan.Training{ID: n.ID, Grants: map[string]int{}, Prerequisite: map[string]int{}, SeatCost: int64(n.Fee), ClassCost: int64(n.ClassCost), Hours: float64(n.Minutes) / 60}
	for _, k := range n.Skills {
		t.Grants[k.SkillID] = int(k.Level)
		if k.Prerequisite.Assessed() {
			t.Prerequisite[k.SkillID] = int(k.Prerequisite)
		}
	}
	if going > 0 {
		t.ClassCost = 0
	}
	if n.Seats > 0 {
		left := max(0, n.Seats-going)
		t.Seats = &left
	}
	return t
}

// ready tells whether somebody has all that a training asks for.
func ready(who plan.Person, t plan.Training) bool {
	for skill, least := range t.Prerequisite {
		if level, known := who.Levels[skill]; !known || level < least {
			return false
		}
	}
	return true
}
