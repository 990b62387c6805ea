package risk

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// office is the department of the worked examples: levels in FOR, IR, CLD, NET, LAW, CRY.
const office = `
Aoi  4 3 1 2 0 2
Ben  2 3 3 3 0 0
Chie 1 2 3 3 0 3
Dai  0 3 2 3 1 0
Emi  0 1 0 0 4 0
Fumi 2 2 3 1 2 1`

var officeSkills = []Skill{{"FOR", 3, 1, true, 3}, {"IR", 3, 2, true, 3}, {"CLD", 3, 2, true, 2}, {"NET", 3, 1, true, 2}, {"LAW", 3, 1, true, 2}, {"CRY", 3, 0, false, 1}}

// tableOf reads "name level level …" lines: a member each.
func tableOf(t testing.TB, table string) (members []string, levels [][]int) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		fields := strings.Fields(line)
		members = append(members, fields[0])
		var row []int
		for _, f := range fields[1:] {
			n, err := strconv.Atoi(f)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, n)
		}
		levels = append(levels, row)
	}
	return members, levels
}

func officeOf(t testing.TB) Department {
	members, levels := tableOf(t, office)
	return New(members, officeSkills, func(m, s int) int { return levels[m][s] })
}

// holding returns a department in which each skill is "a b c": its holders, with
// minimum 1 and weight 1.
func holding(skills ...string) Department {
	var d Department
	for _, holders := range skills {
		for _, name := range strings.Fields(holders) {
			if !slices.Contains(d.Members, name) {
				d.Members = append(d.Members, name)
			}
		}
	}
	slices.Sort(d.Members)
	for i, holders := range skills {
		h := Held{Skill: Skill{ID: strconv.Itoa(i), Required: 3, Minimum: 1, Critical: true, Weight: 1}}
		for m, name := range d.Members {
			if slices.Contains(strings.Fields(holders), name) {
				h.Holders = append(h.Holders, m)
			}
		}
		d.Skills = append(d.Skills, h)
	}
	return d
}

func resilience(d Department, k int) Share {
	share, _ := d.Absence(context.Background(), k)
	return share
}

func worstLoss(d Department, k int) Loss {
	_, worst := d.Absence(context.Background(), k)
	return worst
}

// said writes groups as "Aoi; Ben Chie".
func said(d Department, groups [][]int) string {
	var list []string
	for _, g := range groups {
		list = append(list, strings.Join(d.Names(g), " "))
	}
	return strings.Join(list, "; ")
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestTheHoldersOfTheOffice(t *testing.T) {
	d := officeOf(t)
	for i, want := range []struct {
		holders   string
		busFactor int
		breaks    bool
	}{
		{"Aoi", 1, true}, {"Aoi Ben Dai", 2, true}, {"Ben Chie Fumi", 2, true}, {"Ben Chie Dai", 3, true}, {"Emi", 1, true}, {"Chie", 0, false},
	} {
		h := d.Skills[i]
		if got := strings.Join(d.Names(h.Holders), " "); got != want.holders {
			t.Errorf("%s is held by %s, want %s", h.ID, got, want.holders)
		}
		if n, ok := h.BusFactor(); ok != want.breaks || ok && n != want.busFactor {
			t.Errorf("%s has bus factor %d %v, want %d %v", h.ID, n, ok, want.busFactor, want.breaks)
		}
	}
	near(t, "coverage", d.Coverage(), 1, 0)
}

func TestTheTruckFactorOfTheOffice(t *testing.T) {
	d := officeOf(t)
	if n, ok := d.TruckFactor(); n != 1 || !ok {
		t.Errorf("got %d %v, want 1", n, ok)
	}
	if got := said(d, d.Witnesses(100).List); got != "Aoi; Emi" {
		t.Errorf("witnesses: %s", got)
	}
	cuts := d.MinimalCuts(100)
	if got := said(d, cuts.List); got != "Aoi; Emi; Ben Chie; Ben Dai; Ben Fumi; Chie Fumi" {
		t.Errorf("minimal cuts: %s", got)
	}
	if cuts.Total != 6 || cuts.OfSize != [4]int{0, 2, 4, 0} || cuts.ByMember[1] != [4]int{0, 0, 3, 0} {
		t.Errorf("counts: %d %v %v", cuts.Total, cuts.OfSize, cuts.ByMember)
	}
}

func TestAbsencesOfTheOffice(t *testing.T) {
	d := officeOf(t)
	for k, want := range map[int]struct {
		kept, weight float64
		members      string
	}{1: {4.0 / 6, 3, "Aoi"}, 2: {2.0 / 15, 6, "Aoi Ben"}, 3: {0, 8, "Aoi Ben Chie"}} {
		kept := resilience(d, k)
		if near(t, "resilience", kept.Value, want.kept, 1e-12); !kept.Exact {
			t.Errorf("%d: not exact", k)
		}
		worst := worstLoss(d, k)
		if worst.Weight != want.weight || !worst.Exact || strings.Join(d.Names(worst.Members), " ") != want.members {
			t.Errorf("%d: got %+v, want %+v", k, worst, want)
		}
	}
}

func TestHowManyBreakAPartOfTheOffice(t *testing.T) {
	d := officeOf(t)
	for q, want := range []int{0, 1, 2, 3, 4, 5} {
		p := d.PartialTruckFactor(t.Context(), q)
		if !p.Exact || !p.Possible || p.Lower != want || p.Upper != want || len(p.Members) != want {
			t.Errorf("%d skills: got %+v, want %d people", q, p, want)
		}
	}
	if p := d.PartialTruckFactor(t.Context(), 6); p.Possible {
		t.Errorf("six of five skills cannot break: %+v", p)
	}
	if p := d.PartialTruckFactorByWeight(t.Context(), 6); !p.Exact || p.Upper != 2 {
		t.Errorf("two people break a weight of 6: %+v", p)
	}
}

func TestTheOfficeAtTenPercentAbsence(t *testing.T) {
	a := officeOf(t).Availability(slices.Repeat([]float64{0.1}, 6))
	for s, want := range []float64{.9, .972, .972, .999, .9, 1} {
		near(t, officeSkills[s].ID, a.Skills[s], want, 5e-7)
	}
	if near(t, "joint", a.Joint.Value, .780759, 5e-7); !a.Joint.Exact {
		t.Error("the joint probability of six people is exact")
	}
}

func TestGreedyIsNotTheTruckFactor(t *testing.T) {
	d := holding("a b d", "a b e", "a b f", "c", "c")
	for q, want := range map[int]int{2: 1, 3: 4, 5: 6} {
		if p := d.PartialTruckFactor(t.Context(), q); !p.Exact || p.Upper != want || p.Lower != want {
			t.Errorf("%d skills: got %+v, want %d", q, p, want)
		}
	}
}

func TestASearchThatIsStoppedGivesItsBoundAndNotTheGreedyNumber(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var skills []string // pairs of a ring: every two neighbours share a skill
	for i := range 12 {
		skills = append(skills, string(rune('a'+i))+" "+string(rune('a'+(i+1)%12)))
	}
	d := holding(skills...)
	full := d.PartialTruckFactor(t.Context(), 6)
	p := d.PartialTruckFactor(ctx, 6)
	if p.Exact || !full.Exact || p.Lower > full.Upper || p.Upper < full.Upper || len(p.Members) != p.Upper {
		t.Errorf("stopped %+v, full %+v", p, full)
	}
	best, stopped := d.searchLoss(t.Context(), 5), d.searchLoss(ctx, 5)
	if stopped.Exact || !best.Exact || stopped.Weight > best.Weight || stopped.Bound < best.Weight {
		t.Errorf("stopped %+v, full %+v", stopped, best)
	}
}

func TestASkillThatIsBelowItsMinimumAlready(t *testing.T) {
	d := officeOf(t)
	d.Skills[1].Minimum = 4
	if n, ok := d.TruckFactor(); n != 0 || !ok {
		t.Errorf("truck factor %d %v, want 0", n, ok)
	}
	if got := d.Witnesses(9); got.Total != 1 || len(got.List[0]) != 0 {
		t.Errorf("nobody has to go: %+v", got)
	}
	if got := resilience(d, 1); got.Value != 0 {
		t.Errorf("resilience %v, want 0", got)
	}
	if got := d.Below(); !slices.Equal(got, []int{1}) {
		t.Errorf("below: %v", got)
	}
	if n, _ := d.Sound().TruckFactor(); n != 1 {
		t.Errorf("truck factor over the others: %d, want 1", n)
	}
	if got := said(d, d.MinimalCuts(9).List); got != "Aoi; Emi; Ben Chie; Ben Fumi; Chie Fumi" {
		t.Errorf("cuts of the others: %s", got)
	}
	if got := worstLoss(d, 1); got.Weight != 3 {
		t.Errorf("what is broken is not lost again: %+v", got)
	}
	if a := d.Availability(make([]float64, 6)); a.Joint.Value != 0 || a.Skills[1] != 0 {
		t.Errorf("availability: %+v", a)
	}
	near(t, "coverage", d.Coverage(), (3+3*.75+2+2+2)/12, 1e-12)
}

func TestADepartmentThatNothingCanBreak(t *testing.T) {
	d := Department{Members: []string{"a"}, Skills: []Held{{Skill: Skill{ID: "x", Critical: true, Weight: 1}}}}
	if _, ok := d.TruckFactor(); ok || d.Witnesses(9).Total != 0 || d.MinimalCuts(9).Total != 0 {
		t.Error("there is no truck factor")
	}
	if got := resilience(d, 3); got.Value != 1 {
		t.Errorf("resilience %v", got)
	}
	if got := worstLoss(d, 3); got.Weight != 0 || got.Members != nil {
		t.Errorf("worst loss %+v", got)
	}
	if got := resilience(Department{}, 1); got.Value != 1 {
		t.Errorf("nobody: %v", got)
	}
}

func TestEqualLossesAreEqualWhateverTheirSum(t *testing.T) {
	d := holding("a", "b", "b", "a", "c")
	for s, weight := range []float64{0.3, 0.1, 0.2, 0, 0.3} {
		d.Skills[s].Weight = weight
	}
	worst := worstLoss(d, 1)
	if worst.Weight != 0.3 || !slices.Equal(worst.Members, []int{0}) {
		t.Errorf("got %+v, want the first of three equal ones", worst)
	}
}

func TestWhatTheOfficeLosesWithOnePerson(t *testing.T) {
	d := officeOf(t)
	list := d.Criticalities()
	if c := list[0]; c.Cuts != [4]int{0, 1, 0, 0} || c.Loss != 3 || !slices.Equal(c.Skills, []int{0}) {
		t.Errorf("Aoi: %+v", c)
	}
	if c := list[5]; c.Cuts != [4]int{0, 0, 2, 0} || c.Loss != 0 || c.Skills != nil {
		t.Errorf("Fumi: %+v", c)
	}
	w := d.WhatIf(0)
	if !slices.Equal(w.NewlyBelow, []int{0}) || !slices.Equal(w.Changed, []BusFactors{{0, 1, 0}, {1, 2, 1}}) {
		t.Errorf("without Aoi: %v %v", w.NewlyBelow, w.Changed)
	}
}

// The office after two ways of training it; the joint probability shows which is better.
func TestTheOfficeAfterTraining(t *testing.T) {
	for _, test := range []struct {
		name           string
		forensics, law int // who learns it
		cuts, fumi     int
		kept, joint    float64
	}{{"one person learns both", 5, 5, 8, 4, 7.0 / 15, .933120}, {"two people learn one each", 1, 5, 7, 3, 8.0 / 15, .939681}} {
		t.Run(test.name, func(t *testing.T) {
			d := officeOf(t)
			d.Skills[0].Holders = append(d.Skills[0].Holders, test.forensics)
			d.Skills[4].Holders = append(d.Skills[4].Holders, test.law)
			cuts := d.MinimalCuts(100)
			if n, _ := d.TruckFactor(); n != 2 || cuts.OfSize[2] != test.cuts || cuts.ByMember[5][2] != test.fumi {
				t.Errorf("truck factor %d, cuts %v, Fumi in %v", n, cuts.OfSize, cuts.ByMember[5])
			}
			near(t, "resilience", resilience(d, 2).Value, test.kept, 1e-12)
			near(t, "joint", d.Availability(slices.Repeat([]float64{0.1}, 6)).Joint.Value, test.joint, 5e-7)
		})
	}
}
