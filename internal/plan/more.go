package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Price is what one dependency costs: how much cheaper the plan would be if nobody
// more were wanted for the skill.
type Price struct {
	Skill  string
	Yen    int64 // below 0 where others, who had been left out, would be trained instead
	Proven bool  // that both plans are the cheapest
}

// Prices returns the price of each skill that lacks people, in the order of their
// ids; l is the plan that Solve found. The error is that of Solve.
func Prices(ctx context.Context, p Problem, o Options, l Plan) ([]Price, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return nil, err
	}
	var list []Price
	for n, need := range s.needs {
		without := s.within(ctx, o, change{needs: []int{n}})
		list = append(list, Price{need.skill, l.Cost - without.Cost, l.Proven && without.Proven})
	}
	return list, nil
}

// within solves a task in the time that one search has.
func (s *solver) within(ctx context.Context, o Options, ch change) Plan {
	ctx, stop := o.limit(ctx)
	defer stop()
	return s.plan(s.solve(ctx, ch))
}

// Alternatives returns other plans that leave as little uncovered as l, which Solve
// found: the cheapest one without each of its assignments, without each of its people
// and without each of its trainings. They are ordered by cost and each is there once,
// so that a caller can choose by what the cost does not tell. The error is that of Solve.
func Alternatives(ctx context.Context, p Problem, o Options, l Plan) ([]Plan, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{fmt.Sprint(l.Assignments): true}
	var list []Plan
	for _, forbidden := range s.forbidden(l) {
		other := s.within(ctx, o, change{columns: forbidden})
		key := fmt.Sprint(other.Assignments)
		if seen[key] || s.weight(other) > s.weight(l) {
			continue
		}
		seen[key] = true
		list = append(list, other)
	}
	slices.SortStableFunc(list, func(a, b Plan) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(len(a.Assignments), len(b.Assignments)),
			slices.CompareFunc(a.Assignments, b.Assignments, func(a, b Assignment) int {
				return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Training, b.Training))
			}))
	})
	return list, nil
}

// forbidden returns what each alternative does without: sets of columns.
func (s *solver) forbidden(l Plan) [][]int {
	var single, people, trainings [][]int
	var seenPeople, seenTrainings []string
	for _, a := range l.Assignments {
		single = append(single, s.where(func(b Assignment) bool { return b == a }))
		if !slices.Contains(seenPeople, a.Person) {
			seenPeople = append(seenPeople, a.Person)
			people = append(people, s.where(func(b Assignment) bool { return b.Person == a.Person }))
		}
		if !slices.Contains(seenTrainings, a.Training) {
			seenTrainings = append(seenTrainings, a.Training)
			trainings = append(trainings, s.where(func(b Assignment) bool { return b.Training == a.Training }))
		}
	}
	return slices.Concat(single, people, trainings)
}

// where returns the columns whose pair is wanted.
func (s *solver) where(wanted func(Assignment) bool) []int {
	var list []int
	for c, col := range s.columns {
		if wanted(Assignment{s.people[col.person], s.trainings[col.training]}) {
			list = append(list, c)
		}
	}
	return list
}

// weight returns the units of weight that a plan leaves uncovered.
func (s *solver) weight(l Plan) int64 {
	sum := int64(0)
	for _, m := range l.Uncovered {
		for _, n := range s.needs {
			if n.skill == m.Skill {
				sum += n.weight * int64(m.Missing)
			}
		}
	}
	return sum
}
