package plan

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// oracle finds the least weight (in thousandths) that has to stay uncovered, and the
// least that a plan costs which leaves no more: person by person over what every
// skill still lacks, for every set of classes that could be held. It shares nothing
// with the solver.
type oracle struct {
	p       Problem
	most    int // trainings of one person
	skills  []Skill
	held    []bool
	results map[string][2]int64
}

func oracleOf(p Problem, most int) (uncovered, cost int64) {
	best := [2]int64{math.MaxInt64, 0}
	o := &oracle{p: p, most: most}
	var lack []int
	for _, s := range p.Skills {
		if !s.Critical {
			continue
		}
		n := s.Minimum + s.Redundancy
		for _, w := range p.People {
			if level, ok := w.Levels[s.ID]; ok && level >= s.Required {
				n--
			}
		}
		o.skills, lack = append(o.skills, s), append(lack, max(0, n))
	}
	for set := range 1 << len(p.Trainings) {
		o.held, o.results = make([]bool, len(p.Trainings)), map[string][2]int64{}
		paid, seats := int64(0), make([]int, len(p.Trainings))
		for t, x := range p.Trainings {
			if o.held[t] = set>>t&1 == 1; o.held[t] {
				paid += x.ClassCost
			}
			seats[t] = 1000
			if x.Seats != nil {
				seats[t] = *x.Seats
			}
		}
		if r := o.rest(0, lack, seats); r[0] < best[0] || r[0] == best[0] && r[1]+paid < best[1] {
			best = [2]int64{r[0], r[1] + paid}
		}
	}
	return best[0], best[1]
}

// rest returns the best that the people from a given one on can make of a lack.
func (o *oracle) rest(person int, lack, seats []int) [2]int64 {
	if person == len(o.p.People) {
		var sum int64
		for s, n := range lack {
			sum += max(1, int64(math.Round(o.skills[s].Weight*1000))) * int64(n)
		}
		return [2]int64{sum, 0}
	}
	key := fmt.Sprint(person, lack, seats)
	if r, known := o.results[key]; known {
		return r
	}
	best := [2]int64{math.MaxInt64, 0}
	for set := range 1 << len(o.p.Trainings) {
		after, left, cost, ok := o.with(o.p.People[person], set, lack, seats)
		if !ok {
			continue
		}
		r := o.rest(person+1, after, left)
		if r[1] += cost; r[0] < best[0] || r[0] == best[0] && r[1] < best[1] {
			best = r
		}
	}
	o.results[key] = best
	return best
}

// with sends somebody to a set of trainings.
func (o *oracle) with(w Person, set int, lack, seats []int) (after, left []int, cost int64, ok bool) {
	left = slices.Clone(seats)
	hours, count, gets := 0.0, 0, map[string]bool{}
	for t, x := range o.p.Trainings {
		if set>>t&1 == 0 {
			continue
		}
		seat := x.SeatCost
		if o.p.Offers != nil {
			i := slices.IndexFunc(o.p.Offers, func(f Offer) bool { return f.Person == w.ID && f.Training == x.ID })
			if i < 0 {
				return nil, nil, 0, false
			}
			seat = o.p.Offers[i].Cost
		}
		for skill, level := range x.Prerequisite {
			if level > 0 && w.Levels[skill] < level {
				return nil, nil, 0, false
			}
		}
		left[t]--
		count++
		cost += seat
		hours += x.Hours
		if !o.held[t] || left[t] < 0 {
			return nil, nil, 0, false
		}
		for skill, level := range x.Grants {
			if i := slices.IndexFunc(o.skills, func(s Skill) bool { return s.ID == skill }); i >= 0 && level >= o.skills[i].Required {
				gets[skill] = true
			}
		}
	}
	if o.most > 0 && count > o.most || w.MaxHours != nil && hours > *w.MaxHours {
		return nil, nil, 0, false
	}
	after = slices.Clone(lack)
	for i, s := range o.skills {
		level, assessed := w.Levels[s.ID]
		if gets[s.ID] && (!assessed || level < s.Required) {
			after[i] = max(0, after[i]-1)
		}
	}
	return after, left, cost, true
}

// small returns a random problem that the oracle can solve.
func small(r *rand.Rand) (Problem, int) {
	var p Problem
	skills, people, trainings := 1+r.IntN(4), 1+r.IntN(5), 1+r.IntN(4)
	for s := range skills {
		p.Skills = append(p.Skills, Skill{ID: fmt.Sprint("s", s), Required: 1 + r.IntN(3), Minimum: r.IntN(3), Redundancy: r.IntN(3), Critical: r.IntN(8) > 0, Weight: float64(r.IntN(4)) / 2})
	}
	some := func(most, below int) map[string]int {
		m := map[string]int{}
		for range r.IntN(most + 1) {
			m[p.Skills[r.IntN(skills)].ID] = r.IntN(below)
		}
		return m
	}
	for i := range people {
		w := Person{ID: fmt.Sprint("p", i), Levels: some(3, 5)}
		if r.IntN(4) == 0 {
			hours := float64(r.IntN(40)) / 2
			w.MaxHours = &hours
		}
		p.People = append(p.People, w)
	}
	for t := range trainings {
		x := Training{ID: fmt.Sprint("t", t), Grants: some(4, 5), SeatCost: int64(r.IntN(8)) * 10, Hours: float64(r.IntN(20)) / 2}
		if r.IntN(3) == 0 {
			x.Prerequisite = some(1, 3)
		}
		if r.IntN(5) < 2 {
			x.ClassCost = int64(r.IntN(20)) * 10
		}
		if r.IntN(3) == 0 {
			seats := r.IntN(4)
			x.Seats = &seats
		}
		p.Trainings = append(p.Trainings, x)
	}
	if r.IntN(2) == 0 {
		p.Offers = []Offer{}
		for _, w := range p.People {
			for _, x := range p.Trainings {
				if r.IntN(3) > 0 {
					p.Offers = append(p.Offers, Offer{w.ID, x.ID, int64(r.IntN(30)) * 5})
				}
			}
		}
	}
	return p, r.IntN(4)
}

func TestEveryPlanIsAsCheapAsTheOracleSays(t *testing.T) {
	for seed := range uint64(4000) {
		p, most := small(rand.New(rand.NewPCG(seed, 1)))
		l, err := Solve(context.Background(), p, Options{MaxPerPerson: most})
		if err != nil {
			t.Fatal(seed, err)
		}
		weight, cost := oracleOf(p, most)
		if got := uncovered(p, l); !l.Proven || got != weight || l.Cost != cost || l.Bound != cost {
			t.Fatalf("seed %d: got uncovered %d, cost %d, bound %d, proven %v; want %d, %d", seed, got, l.Cost, l.Bound, l.Proven, weight, cost)
		}
		checkPlan(t, p, most, l)
	}
}

// uncovered returns the weight that a plan leaves uncovered, in thousandths.
func uncovered(p Problem, l Plan) int64 {
	var sum int64
	for _, u := range l.Uncovered {
		for _, s := range p.Skills {
			if s.ID == u.Skill {
				sum += max(1, int64(math.Round(s.Weight*1000))) * int64(u.Missing)
			}
		}
	}
	return sum
}

// checkPlan checks a plan against its problem: limits, cost, and what it leaves.
func checkPlan(t *testing.T, p Problem, most int, l Plan) {
	t.Helper()
	cost, classes := int64(0), []string{}
	levels := map[string]map[string]int{}
	load := map[string]*Load{}
	seats := map[string]int{}
	for _, w := range p.People {
		levels[w.ID], load[w.ID] = map[string]int{}, &Load{}
		for s, n := range w.Levels {
			levels[w.ID][s] = n
		}
	}
	for _, a := range l.Assignments {
		x := p.Trainings[slices.IndexFunc(p.Trainings, func(x Training) bool { return x.ID == a.Training })]
		w := p.People[slices.IndexFunc(p.People, func(w Person) bool { return w.ID == a.Person })]
		for s, n := range x.Prerequisite {
			if w.Levels[s] < n {
				t.Errorf("%v lacks its prerequisite", a)
			}
		}
		for s, n := range x.Grants {
			if have, ok := levels[a.Person][s]; !ok || have < n {
				levels[a.Person][s] = n
			}
		}
		seat := x.SeatCost
		if p.Offers != nil {
			seat = p.Offers[slices.IndexFunc(p.Offers, func(o Offer) bool { return o.Person == a.Person && o.Training == a.Training })].Cost
		}
		cost += seat
		if seats[x.ID]++; seats[x.ID] == 1 && x.ClassCost > 0 {
			classes = append(classes, x.ID)
			cost += x.ClassCost
		}
		if load[w.ID].Trainings++; most > 0 && load[w.ID].Trainings > most || x.Seats != nil && seats[x.ID] > *x.Seats {
			t.Errorf("%v is one too many", a)
		}
		if load[w.ID].Hours += x.Hours; w.MaxHours != nil && load[w.ID].Hours > *w.MaxHours {
			t.Errorf("%v takes more hours than there are", a)
		}
	}
	slices.Sort(classes)
	if cost != l.Cost || !slices.Equal(classes, l.Classes) {
		t.Errorf("cost %d and classes %v are said to be %d and %v", cost, classes, l.Cost, l.Classes)
	}
	for _, s := range p.Skills {
		lack := s.Minimum + s.Redundancy
		for _, w := range p.People {
			if n, ok := levels[w.ID][s.ID]; ok && n >= s.Required {
				lack--
			}
		}
		said := 0
		if i := slices.IndexFunc(l.Uncovered, func(m Missing) bool { return m.Skill == s.ID }); i >= 0 {
			said = l.Uncovered[i].Missing
		}
		if s.Critical && max(0, lack) != said {
			t.Errorf("%s lacks %d after the plan, which says %d", s.ID, lack, said)
		}
	}
}
