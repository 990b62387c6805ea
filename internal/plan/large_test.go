package plan

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// large returns a department of 200 people, 150 skills and 60 trainings, of which
// two in five are held in house, with a cost of their own and 12 seats. With offers,
// half of the people can go to each training, each at a cost of their own.
func large(seed uint64, offers bool) Problem {
	r := rand.New(rand.NewPCG(seed, 2026))
	var p Problem
	for s := range 150 {
		p.Skills = append(p.Skills, Skill{ID: fmt.Sprintf("s%03d", s), Required: 3, Minimum: 1 + r.IntN(4), Redundancy: 1 + r.IntN(2), Critical: r.IntN(10) > 0, Weight: 1})
	}
	for i := range 200 {
		w := Person{ID: fmt.Sprintf("p%03d", i), Levels: map[string]int{}}
		for range 6 + r.IntN(10) {
			w.Levels[p.Skills[r.IntN(150)].ID] = []int{1, 1, 1, 2, 2, 2, 2, 2, 3, 4}[r.IntN(10)]
		}
		p.People = append(p.People, w)
	}
	for t := range 60 {
		x := Training{ID: fmt.Sprintf("t%02d", t), Grants: map[string]int{}, SeatCost: int64(2+r.IntN(39)) * 10, Hours: float64(4 + r.IntN(36))}
		for range 1 + r.IntN(5) {
			x.Grants[p.Skills[r.IntN(150)].ID] = 3 + r.IntN(2)
		}
		if r.IntN(2) == 0 {
			x.Prerequisite = map[string]int{p.Skills[r.IntN(150)].ID: 1}
		}
		if r.IntN(5) < 2 {
			seats := 12
			x.SeatCost, x.ClassCost, x.Seats = int64(1+r.IntN(9))*10, int64(20+r.IntN(80))*10, &seats
		}
		p.Trainings = append(p.Trainings, x)
	}
	if offers {
		p.Offers = []Offer{}
		for _, t := range p.Trainings {
			for _, w := range p.People {
				if r.IntN(2) == 0 {
					p.Offers = append(p.Offers, Offer{w.ID, t.ID, t.SeatCost + int64(r.IntN(20))*5})
				}
			}
		}
	}
	return p
}

// instance returns one of the forty: every other one has offers.
func instance(i int) Problem { return large(uint64(i), i%2 == 1) }

const instances = 40

func TestFortyLargeDepartmentsHaveTheirProvenPlan(t *testing.T) {
	for i := range instances {
		p := instance(i)
		l := solved(t, p, Options{})
		if !l.Proven || l.Bound != l.Cost || len(l.Assignments) < 50 || len(l.Classes) == 0 || len(l.Uncovered) == 0 {
			t.Errorf("%d: proven %v, cost %d, bound %d, %d seats, %d classes", i, l.Proven, l.Cost, l.Bound, len(l.Assignments), len(l.Classes))
		}
		checkPlan(t, p, 0, l)
	}
}

func TestFortyLargeDepartmentsWithTwoTrainingsEach(t *testing.T) {
	for i := range instances {
		p := instance(i)
		l := solved(t, p, Options{MaxPerPerson: 2})
		if free := solved(t, p, Options{}); !l.Proven || uncovered(p, l) == uncovered(p, free) && l.Cost < free.Cost {
			t.Errorf("%d: proven %v, cost %d, without limit %d", i, l.Proven, l.Cost, free.Cost)
		}
		checkPlan(t, p, 2, l)
	}
}
