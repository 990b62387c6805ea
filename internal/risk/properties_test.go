package risk

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// small draws departments of at most seven people, whose groups can all be tried.
func small(t *rapid.T) Department {
	var d Department
	n := rapid.IntRange(0, 7).Draw(t, "people")
	for p := range n {
		d.Members = append(d.Members, fmt.Sprint("m", p))
	}
	for s := range rapid.IntRange(0, 8).Draw(t, "skills") {
		h := Held{Skill: Skill{ID: fmt.Sprint("s", s), Required: 3, Minimum: rapid.IntRange(0, 4).Draw(t, "minimum"),
			Critical: rapid.IntRange(0, 9).Draw(t, "critical") > 0, Weight: float64(rapid.IntRange(0, 5).Draw(t, "weight")) / 10}}
		mask := rapid.IntRange(0, 1<<n-1).Draw(t, "holders")
		for p := range n {
			if mask>>p&1 == 1 {
				h.Holders = append(h.Holders, p)
			}
		}
		d.Skills = append(d.Skills, h)
	}
	return d
}

// sound draws one in which nothing is below its minimum.
func sound(t *rapid.T) Department { return small(t).Sound() }

// lost returns what is below its minimum without a group, as skills and as tenths of
// weight: all of it, and what the group took.
func lost(d Department, gone int) (skills, tenths, taken int) {
	for _, h := range d.Skills {
		left := 0
		for _, p := range h.Holders {
			left += 1 - gone>>p&1
		}
		if h.Critical && left < h.Minimum {
			skills++
			tenths += int(math.Round(h.Weight * 10))
			if !h.Below() {
				taken += int(math.Round(h.Weight * 10))
			}
		}
	}
	return skills, tenths, taken
}

// every returns all groups of k people, in order.
func every(n, k int) []int {
	var list []int
	for g := range 1 << n {
		if bits.OnesCount(uint(g)) == k {
			list = append(list, g)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return slices.Compare(members(a), members(b)) })
	return list
}

func members(g int) []int {
	list := []int{}
	for ; g != 0; g &= g - 1 {
		list = append(list, bits.TrailingZeros(uint(g)))
	}
	return list
}

func same(t *rapid.T, what string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func TestTruckFactorAndWitnessesAreWhatTryingEveryGroupFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		n, ok := d.TruckFactor()
		found := d.Witnesses(math.MaxInt)
		for k := range len(d.Members) + 1 {
			var want [][]int
			for _, g := range every(len(d.Members), k) {
				if broken, _, _ := lost(d, g); broken > 0 {
					want = append(want, members(g))
				}
			}
			if want != nil {
				same(t, "truck factor", n, k)
				same(t, "witnesses", found.List, want)
				same(t, "total", found.Total, len(want))
				return
			}
		}
		same(t, "nothing can break", ok, false)
		same(t, "witnesses", found.Total, 0)
	})
}

func TestACutListOfWitnessesStillKnowsHowManyThereAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		all, some := d.Witnesses(math.MaxInt), d.Witnesses(1)
		same(t, "total", some.Total, all.Total)
		same(t, "list", some.List, all.List[:min(1, len(all.List))])
		cuts, few := d.MinimalCuts(math.MaxInt), d.MinimalCuts(2)
		same(t, "cuts", few.Total, cuts.Total)
		same(t, "listed", few.List, cuts.List[:min(2, len(cuts.List))])
	})
}

func TestMinimalCutsAreWhatTryingEveryGroupFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		var want [][]int
		var known []int
		for k := 1; k <= LargestCut; k++ {
			for _, g := range every(len(d.Members), k) {
				broken, _, _ := lost(d.Sound(), g)
				if broken > 0 && !slices.ContainsFunc(known, func(c int) bool { return c&g == c }) {
					want, known = append(want, members(g)), append(known, g)
				}
			}
		}
		cuts := d.MinimalCuts(math.MaxInt)
		same(t, "cuts", cuts.List, want)
		for p, by := range cuts.ByMember {
			count := [4]int{}
			for _, c := range want {
				if slices.Contains(c, p) {
					count[len(c)]++
				}
			}
			same(t, "cuts of one member", by, count)
		}
	})
}

func TestResilienceAndWorstLossAreWhatTryingEveryGroupFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		k := rapid.IntRange(0, 8).Draw(t, "k")
		groups := every(len(d.Members), min(k, len(d.Members)))
		kept, most, first := 0, 0, []int(nil)
		for _, g := range groups {
			broken, _, taken := lost(d, g)
			if broken == 0 {
				kept++
			}
			if taken > most {
				most, first = taken, members(g)
			}
		}
		same(t, "resilience", resilience(d, k).Value, float64(kept)/float64(len(groups)))
		worst, searched := worstLoss(d, k), d.searchLoss(t.Context(), min(k, len(d.Members)))
		same(t, "worst loss", worst, Loss{float64(most) / 10, first, true, float64(most) / 10})
		same(t, "searched", searched.Weight, worst.Weight)
		gone := 0
		for _, p := range searched.Members {
			gone |= 1 << p
		}
		_, _, taken := lost(d, gone)
		same(t, "what the found group takes", taken, most)
	})
}

func TestThePartialTruckFactorIsWhatTryingEveryGroupFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		q := rapid.IntRange(0, 9).Draw(t, "q")
		fewest := [2]int{-1, -1} // by skills, by tenths of weight
		for k := len(d.Members); k >= 0; k-- {
			for _, g := range every(len(d.Members), k) {
				skills, tenths, _ := lost(d, g)
				if skills >= q {
					fewest[0] = k
				}
				if tenths >= q {
					fewest[1] = k
				}
			}
		}
		for i, p := range []Partial{d.PartialTruckFactor(t.Context(), q), d.PartialTruckFactorByWeight(t.Context(), float64(q)/10)} {
			if fewest[i] < 0 {
				same(t, "impossible", p, Partial{})
				continue
			}
			n := fewest[i]
			same(t, "fewest", []any{p.Possible, p.Exact, p.Lower, p.Upper, len(p.Members)}, []any{true, true, n, n, n})
		}
	})
}

func TestTheJointProbabilityIsTheSumOverWhoIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		absence := rapid.SliceOfN(rapid.SampledFrom([]float64{0, .05, .1, .3, .9, 1}), len(d.Members), len(d.Members)).Draw(t, "absence")
		want, single := 0.0, make([]float64, len(d.Skills))
		for g := range 1 << len(d.Members) {
			p := 1.0
			for m, away := range absence {
				p *= []float64{1 - away, away}[g>>m&1]
			}
			if broken, _, _ := lost(d, g); broken == 0 {
				want += p
			}
			for s, h := range d.Skills {
				one := Department{Members: d.Members, Skills: []Held{h}}
				one.Skills[0].Critical = true
				if broken, _, _ := lost(one, g); broken == 0 {
					single[s] += p
				}
			}
		}
		a := d.Availability(absence)
		if !a.Joint.Exact || math.Abs(a.Joint.Value-want) > 1e-9 {
			t.Fatalf("joint: got %+v, want %v", a.Joint, want)
		}
		for s, p := range a.Skills {
			if math.Abs(p-single[s]) > 1e-9 {
				t.Fatalf("skill %d: got %v, want %v", s, p, single[s])
			}
		}
	})
}

// factor returns a bus or truck factor in which none is more than any.
func factor(n int, ok bool) int {
	if !ok {
		return math.MaxInt
	}
	return n
}

func TestAHolderMoreNeverMakesItWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		if len(d.Members) == 0 || len(d.Skills) == 0 {
			return
		}
		more := Department{Members: d.Members, Skills: slices.Clone(d.Skills)}
		s, p := rapid.IntRange(0, len(d.Skills)-1).Draw(t, "skill"), rapid.IntRange(0, len(d.Members)-1).Draw(t, "member")
		if h := &more.Skills[s]; !slices.Contains(h.Holders, p) {
			h.Holders = append(slices.Clone(h.Holders), p)
			slices.Sort(h.Holders)
		}
		noWorse(t, more, d)
	})
}

func TestAHigherMinimumNeverMakesItBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		if len(d.Skills) == 0 {
			return
		}
		less := Department{Members: d.Members, Skills: slices.Clone(d.Skills)}
		less.Skills[rapid.IntRange(0, len(d.Skills)-1).Draw(t, "skill")].Minimum++
		noWorse(t, d, less)
	})
}

// noWorse checks that nothing hangs on fewer people in one department than in another.
func noWorse(t *rapid.T, one, other Department) {
	if factor(one.TruckFactor()) < factor(other.TruckFactor()) {
		t.Fatal("the truck factor is lower")
	}
	for s := range one.Skills {
		if factor(one.Skills[s].BusFactor()) < factor(other.Skills[s].BusFactor()) {
			t.Fatal("a bus factor is lower")
		}
	}
	for k := range 4 {
		if resilience(one, k).Value < resilience(other, k).Value {
			t.Fatalf("the resilience against %d is lower", k)
		}
	}
	if one.Coverage() < other.Coverage()-1e-12 {
		t.Fatal("the coverage is lower")
	}
}

func TestTheTruckFactorIsTheLeastBusFactorAndPartsGrowWithIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		for _, h := range d.Skills {
			if h.Critical && factor(h.BusFactor()) < factor(d.TruckFactor()) {
				t.Fatalf("%s breaks sooner than the department", h.ID)
			}
		}
		before := 0
		for q := range len(d.Skills) + 1 {
			p := d.PartialTruckFactor(t.Context(), q)
			if !p.Possible {
				break
			}
			if q == 1 {
				same(t, "one skill", p.Upper, factor(d.TruckFactor()))
			}
			if p.Upper < before {
				t.Fatalf("%d skills need fewer people than %d", q, q-1)
			}
			before = p.Upper
		}
	})
}

func TestOtherNamesChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := small(t)
		renamed := Department{Skills: slices.Clone(d.Skills)}
		for p := range d.Members {
			renamed.Members = append(renamed.Members, fmt.Sprint("z", 9-p))
		}
		for s := range renamed.Skills {
			renamed.Skills[s].ID = fmt.Sprint("z", 9-s)
		}
		same(t, "numbers", numbers(t, renamed), numbers(t, d))
	})
}

func TestAnotherOrderOfPeopleAndSkillsChangesNoNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := sound(t)
		people := rapid.Permutation(positions(len(d.Members))).Draw(t, "people")
		turned := Department{Members: d.Members, Skills: slices.Clone(d.Skills)}
		for s, h := range turned.Skills {
			turned.Skills[s].Holders = nil
			for _, p := range h.Holders {
				turned.Skills[s].Holders = append(turned.Skills[s].Holders, people[p])
			}
			slices.Sort(turned.Skills[s].Holders)
		}
		turned.Skills = rapid.Permutation(turned.Skills).Draw(t, "skills")
		a, b := numbers(t, d), numbers(t, turned)
		a.witnesses, b.witnesses = turn(a.witnesses, people), turn(b.witnesses, positions(len(people)))
		a.cuts, b.cuts = turn(a.cuts, people), turn(b.cuts, positions(len(people)))
		same(t, "numbers", b, a)
	})
}

type found struct {
	truckFactor      int
	witnesses, cuts  [][]int
	resilience, loss [4]float64
	joint            string
}

func numbers(t *rapid.T, d Department) found {
	f := found{truckFactor: factor(d.TruckFactor()), witnesses: d.Witnesses(99).List, cuts: d.MinimalCuts(99).List}
	for k := range 4 {
		f.resilience[k], f.loss[k] = resilience(d, k).Value, worstLoss(d, k).Weight
	}
	absence := slices.Repeat([]float64{.1}, len(d.Members))
	f.joint = fmt.Sprintf("%.9f", d.Availability(absence).Joint.Value)
	return f
}

func positions(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// turn gives the people of groups other positions, and puts the groups in order.
func turn(groups [][]int, to []int) [][]int {
	var list [][]int
	for _, g := range groups {
		var moved []int
		for _, p := range g {
			moved = append(moved, to[p])
		}
		slices.Sort(moved)
		list = append(list, moved)
	}
	slices.SortFunc(list, func(a, b []int) int { return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b)) })
	return list
}

func TestSharesOfKnowledgeKeepTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on := testDay()
		var answers []Answer
		names := []string{"a", "b", "c", "d"}
		for range rapid.IntRange(1, 12).Draw(t, "answers") {
			by := []Contribution{{rapid.SampledFrom(names).Draw(t, "who"), 1}}
			if rapid.Bool().Draw(t, "together") {
				by = append(by, Contribution{rapid.SampledFrom(names).Draw(t, "with"), 1})
			}
			answers = append(answers, Answer{on.AddDays(-rapid.IntRange(0, 900).Draw(t, "age")), by})
		}
		k := Knowledge{HalfLife: 180, Active: names}
		now, later := k.Concentration(answers, on), k.Concentration(answers, on.AddDays(180))
		n := 0.0
		for _, a := range now.Answerers {
			if a.Weight > 0 {
				n++
			}
		}
		if now.HHI > 1+1e-9 || now.HHI < 1/n-1e-9 {
			t.Fatalf("HHI %v of %v people", now.HHI, n)
		}
		if math.Abs(later.Weight-now.Weight/2) > 1e-9 || math.Abs(later.HHI-now.HHI) > 1e-9 || now.Half > now.Most {
			t.Fatalf("now %+v, half a life later %+v", now, later)
		}
		split := slices.Clone(answers)
		for i := range split {
			split[i].By = slices.Clone(split[i].By)
			if rapid.Bool().Draw(t, "split") && split[i].By[0].Member == "a" {
				split[i].By[0].Member = "a2"
			}
		}
		if parted := k.Concentration(split, on); parted.HHI > now.HHI+1e-9 {
			t.Fatalf("one author made two raised HHI from %v to %v", now.HHI, parted.HHI)
		}
	})
}
