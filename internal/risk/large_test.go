package risk

import (
	"math"
	"slices"
	"testing"
)

func TestAnEstimateHoldsTheTrueShare(t *testing.T) {
	d := demo(t, false).Sound()
	for k := 2; k <= 6; k++ {
		exact, guess := resilience(d, k), d.sampleResilience(k)
		if guess.Exact || guess.Low > exact.Value || guess.High < exact.Value || guess.High-guess.Low > .02 {
			t.Errorf("%d people: estimated %+v, truly %v", k, guess, exact.Value)
		}
	}
	absence := slices.Repeat([]float64{.1}, len(d.Members))
	exact, guess := d.Availability(absence).Joint, d.model().sampleJoint(absence)
	if !exact.Exact || guess.Exact || guess.Low > exact.Value || guess.High < exact.Value {
		t.Errorf("joint: estimated %+v, truly %+v", guess, exact)
	}
	if again := d.model().sampleJoint(absence); again != guess {
		t.Errorf("a second time it is %+v, not %+v", again, guess)
	}
}

func TestAJointProbabilityOfManyStaysBetweenWhatIsProven(t *testing.T) {
	d := large(.1, 0)
	a := d.Availability(slices.Repeat([]float64{.6}, len(d.Members)))
	product, least := 1.0, 1.0
	for _, p := range a.Skills {
		product, least = product*p, min(least, p)
	}
	if j := a.Joint; j.Exact || j.Low < product || j.High > least || j.Value < j.Low || j.Value > j.High || j.Low >= j.High {
		t.Errorf("joint %+v, product %v, least %v", j, product, least)
	}
	a = d.Availability(slices.Repeat([]float64{.01}, len(d.Members)))
	if j := a.Joint; j.High-j.Low > 1e-4 || j.Value < j.Low || j.Value > j.High {
		t.Errorf("where all are there, nearly all is certain: %+v", j)
	}
}

func TestMoreWitnessesThanAnybodyReadsAreCountedAndNotListed(t *testing.T) {
	d := Department{Members: make([]string, 200)}
	d.Skills = []Held{{Skill: Skill{Minimum: 1, Critical: true}, Holders: positions(40)}}
	if w := d.Witnesses(10); len(w.List) != 1 || w.Total != 1 {
		t.Errorf("all forty have to go: %+v", w)
	}
	d.Skills[0].Minimum = 36
	if w := d.Witnesses(10); len(w.List) != 10 || w.Total != binomial(40, 5) || w.AtLeast || w.More() != w.Total-10 {
		t.Errorf("five of forty: %d listed of %d", len(w.List), w.Total)
	}
	d.Skills[0] = Held{Skill: Skill{Minimum: 100, Critical: true}, Holders: positions(200)}
	if w := d.Witnesses(10); len(w.List) != 10 || w.Total != math.MaxInt || !w.AtLeast {
		t.Errorf("half of two hundred: %d listed of %d %v", len(w.List), w.Total, w.AtLeast)
	}
	d.Skills = nil
	for s := range 30 { // every skill misses another person, so no group is one skill's alone
		d.Skills = append(d.Skills, Held{Skill: Skill{Minimum: 20, Critical: true}, Holders: slices.Delete(positions(40), s, s+1)})
	}
	if w := d.Witnesses(10); len(w.List) != 10 || !w.AtLeast || w.Total < 10 {
		t.Errorf("twenty of forty in thirty skills: %d listed of %d %v", len(w.List), w.Total, w.AtLeast)
	}
}

func TestAThousandPeopleWhoAllHoldEverything(t *testing.T) {
	d := Department{Members: make([]string, 1000)}
	d.Skills = []Held{{Skill: Skill{Minimum: 998, Critical: true, Weight: 1}, Holders: positions(1000)}}
	cuts := d.MinimalCuts(5)
	if len(cuts.List) != 5 || cuts.Total != binomial(1000, 3) || cuts.More() != cuts.Total-5 {
		t.Errorf("%d listed of %d", len(cuts.List), cuts.Total)
	}
}
