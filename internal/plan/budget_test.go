package plan

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// everyBudget tries every set of pairs, and returns what it costs to leave each weight
// uncovered, in thousandths.
func everyBudget(p Problem, most int) map[int64]int64 {
	least := map[int64]int64{}
	for set := range 1 << (len(p.People) * len(p.Trainings)) {
		weight, cost, ok := outcome(p, most, set)
		if known, seen := least[weight]; ok && (!seen || cost < known) {
			least[weight] = cost
		}
	}
	return least
}

// outcome returns what a set of pairs leaves uncovered and costs, if it is possible.
func outcome(p Problem, most, set int) (weight, cost int64, ok bool) {
	ok = true
	n := len(p.Trainings)
	for t, x := range p.Trainings {
		seats := 0
		for i, w := range p.People {
			if set>>(i*n+t)&1 == 0 {
				continue
			}
			seats++
			for s, level := range x.Prerequisite {
				ok = ok && w.Levels[s] >= level
			}
			if p.Offers == nil {
				cost += x.SeatCost
				continue
			}
			at := slices.IndexFunc(p.Offers, func(o Offer) bool { return o.Person == w.ID && o.Training == x.ID })
			if ok = ok && at >= 0; at >= 0 {
				cost += p.Offers[at].Cost
			}
		}
		if seats > 0 {
			cost += x.ClassCost
		}
		ok = ok && (x.Seats == nil || seats <= *x.Seats)
	}
	for i, w := range p.People {
		mine, hours := set>>(i*n)&(1<<n-1), 0.0
		for t, x := range p.Trainings {
			hours += float64(mine>>t&1) * x.Hours
		}
		ok = ok && (most == 0 || bits.OnesCount(uint(mine)) <= most) && (w.MaxHours == nil || hours <= *w.MaxHours)
	}
	return left(p, set), cost, ok
}

func left(p Problem, set int) (weight int64) {
	n := len(p.Trainings)
	for _, s := range p.Skills {
		lack := s.Minimum + s.Redundancy
		for i, w := range p.People {
			level, assessed := w.Levels[s.ID]
			has := assessed && level >= s.Required
			for t, x := range p.Trainings {
				granted, grants := x.Grants[s.ID]
				has = has || set>>(i*n+t)&1 == 1 && grants && granted >= s.Required
			}
			if has {
				lack--
			}
		}
		if s.Critical {
			weight += int64(max(0, lack)) * max(1, int64(math.Round(s.Weight*1000)))
		}
	}
	return weight
}

func TestABudgetCoversTheMostWeightAndThenCostsLeast(t *testing.T) {
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 2))
		p, most := small(r)
		for len(p.People)*len(p.Trainings) > 12 {
			p, most = small(r)
		}
		least := everyBudget(p, most)
		budget := int64(r.IntN(30)) * 10
		best, cost := int64(math.MaxInt64), int64(0)
		for weight, c := range least {
			if c <= budget && weight < best {
				best, cost = weight, c
			}
		}
		l := solved(t, p, Options{MaxPerPerson: most, Budget: &budget})
		if got := uncovered(p, l); !l.Proven || got != best || l.Cost != cost || l.Bound != cost || int64(math.Round(l.OpenWeight*1000)) != best || l.OpenBound != l.OpenWeight {
			t.Fatalf("seed %d, budget %d: got %+v (%d), want %d at %d", seed, budget, l, got, best, cost)
		}
		checkPlan(t, p, most, l)
	}
}
