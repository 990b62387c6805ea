package plan

import (
	"cmp"
	"slices"
)

// plan tells an answer by ids.
func (s *solver) plan(a answer) Plan {
	l := Plan{Proven: a.value == a.bound, Assignments: []Assignment{}, Classes: []string{}, Uncovered: []Missing{}}
	held := make([]bool, len(s.trainings))
	for _, c := range a.columns {
		col := s.columns[c]
		l.Assignments = append(l.Assignments, Assignment{s.people[col.person], s.trainings[col.training]})
		l.Cost += col.cost
		held[col.training] = true
	}
	slices.SortFunc(l.Assignments, func(a, b Assignment) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Training, b.Training))
	})
	for t, yes := range held {
		if yes && s.class[t] > 0 {
			l.Classes = append(l.Classes, s.trainings[t])
			l.Cost += s.class[t]
		}
	}
	holders := s.holders(a.columns)
	for n, need := range s.needs {
		if missing := need.people - len(holders[n]); missing > 0 {
			l.Uncovered = append(l.Uncovered, Missing{need.skill, missing})
		}
	}
	weight := func(value int64) float64 { return float64(value/s.price*s.unit) / 1000 }
	l.OpenWeight, l.OpenBound = weight(a.value), weight(a.bound)
	l.Bound = max(0, l.Cost-(a.value-a.bound))
	return l
}
