package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a small problem, and how many trainings one person may take.
func drawn(t *rapid.T) (Problem, int) {
	return small(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3)))
}

func best(t *rapid.T, p Problem, most int) Plan {
	l, err := Solve(context.Background(), p, Options{MaxPerPerson: most})
	if err != nil || !l.Proven {
		t.Fatalf("%v %+v", err, l)
	}
	return l
}

func TestATrainingMoreNeverMakesThePlanDearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, most := drawn(t)
		last := len(p.Trainings) - 1
		fewer := p
		fewer.Trainings = p.Trainings[:last]
		fewer.Offers = slices.DeleteFunc(slices.Clone(p.Offers), func(o Offer) bool { return o.Training == p.Trainings[last].ID })
		if p.Offers == nil {
			fewer.Offers = nil
		}
		more, less := best(t, p, most), best(t, fewer, most)
		if uncovered(p, more) > uncovered(p, less) || uncovered(p, more) == uncovered(p, less) && more.Cost > less.Cost {
			t.Fatalf("with it %+v, without %+v", more, less)
		}
	})
}

func TestWantingMoreNeverMakesThePlanCheaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, most := drawn(t)
		before := best(t, p, most)
		p.Skills = slices.Clone(p.Skills)
		p.Skills[rapid.IntRange(0, len(p.Skills)-1).Draw(t, "skill")].Redundancy++
		after := best(t, p, most)
		if a, b := uncovered(p, after), uncovered(p, before); a < b || len(after.Uncovered) == 0 && after.Cost < before.Cost {
			t.Fatalf("before %+v, after %+v", before, after)
		}
	})
}

func TestNamesChangeNothingInThePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, most := drawn(t)
		before := best(t, p, most)
		other := func(id string) string { return fmt.Sprintf("%c%s", 'z'-rune(id[len(id)-1]-'0'), id) }
		levels := func(m map[string]int) map[string]int {
			renamed := map[string]int{}
			for s, n := range m {
				renamed[other(s)] = n
			}
			return renamed
		}
		var q Problem
		for _, s := range p.Skills {
			s.ID = other(s.ID)
			q.Skills = append(q.Skills, s)
		}
		for _, w := range p.People {
			w.ID, w.Levels = other(w.ID), levels(w.Levels)
			q.People = append(q.People, w)
		}
		for _, x := range p.Trainings {
			x.ID, x.Grants, x.Prerequisite = other(x.ID), levels(x.Grants), levels(x.Prerequisite)
			q.Trainings = append(q.Trainings, x)
		}
		if p.Offers != nil {
			q.Offers = []Offer{}
		}
		for _, o := range p.Offers {
			q.Offers = append(q.Offers, Offer{other(o.Person), other(o.Training), o.Cost})
		}
		if after := best(t, q, most); after.Cost != before.Cost || uncovered(q, after) != uncovered(p, before) {
			t.Fatalf("before %+v, renamed %+v", before, after)
		}
	})
}

func TestThePlanIsTheSameInAnyOrderOfItsProblem(t *testing.T) {
	same := func(fail func(string, ...any), p Problem, most int, r *rand.Rand) {
		before, err := Solve(context.Background(), p, Options{MaxPerPerson: most})
		if err != nil {
			fail("%v", err)
		}
		p.People, p.Skills, p.Trainings, p.Offers = shuffled(r, p.People), shuffled(r, p.Skills), shuffled(r, p.Trainings), shuffled(r, p.Offers)
		after, err := Solve(context.Background(), p, Options{MaxPerPerson: most})
		a, _ := json.Marshal(before)
		b, _ := json.Marshal(after)
		if err != nil || string(a) != string(b) {
			fail("%v\n%s\n%s", err, a, b)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p, most := drawn(t)
		same(t.Fatalf, p, most, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 4)))
	})
	for i := range 6 {
		same(t.Fatalf, instance(i), i%3, rand.New(rand.NewPCG(uint64(i), 5)))
	}
}

func shuffled[T any](r *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

func TestAPriceIsNeverMoreThanThePlanCosts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, most := drawn(t)
		l := best(t, p, most)
		prices, err := Prices(context.Background(), p, Options{MaxPerPerson: most}, l)
		if err != nil || len(prices) != len(p.Lacking()) {
			t.Fatalf("%v %v", err, prices)
		}
		for i, price := range prices {
			q := p
			q.Skills = slices.Clone(p.Skills)
			q.Skills[slices.IndexFunc(q.Skills, func(s Skill) bool { return s.ID == price.Skill })].Critical = false
			if want := l.Cost - best(t, q, most).Cost; price.Skill != p.Lacking()[i].Skill || price.Yen != want || price.Yen > l.Cost || !price.Proven {
				t.Fatalf("%+v, want %d of %d", price, want, l.Cost)
			}
		}
	})
}

func TestAlternativesCoverAsMuchAndCostNoLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, most := drawn(t)
		l := best(t, p, most)
		list, err := Alternatives(context.Background(), p, Options{MaxPerPerson: most}, l)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{fmt.Sprint(l.Assignments): true}
		for i, a := range list {
			key := fmt.Sprint(a.Assignments)
			if seen[key] || a.Cost < l.Cost || uncovered(p, a) != uncovered(p, l) || i > 0 && a.Cost < list[i-1].Cost {
				t.Fatalf("%d: %+v beside %+v", i, a, l)
			}
			seen[key] = true
		}
	})
}
