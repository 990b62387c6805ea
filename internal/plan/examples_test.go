package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// columns returns a problem in which each line is a person, a training, what it costs
// and the skills it leads to; skills lack the people given, and nobody holds any.
func columns(lack map[string]int, lines ...string) Problem {
	p := Problem{Offers: []Offer{}}
	for skill, n := range lack {
		p.Skills = append(p.Skills, Skill{ID: skill, Required: 3, Minimum: n, Critical: true, Weight: 1})
	}
	for _, line := range lines {
		var who, training, skills string
		var cost int64
		fmt.Sscan(line, &who, &training, &cost, &skills)
		if !slices.ContainsFunc(p.People, func(w Person) bool { return w.ID == who }) {
			p.People = append(p.People, Person{ID: who})
		}
		if !slices.ContainsFunc(p.Trainings, func(x Training) bool { return x.ID == training }) {
			grants := map[string]int{}
			for skill := range strings.SplitSeq(skills, ",") {
				grants[skill] = 3
			}
			p.Trainings = append(p.Trainings, Training{ID: training, Grants: grants})
		}
		p.Offers = append(p.Offers, Offer{who, training, cost})
	}
	return p
}

func bundles() Problem {
	return columns(map[string]int{"s1": 1, "s2": 1, "s3": 1, "s4": 1}, "Ben TA 165 s1,s2,s3", "Ben T1 115 s1,s2", "Chie T2 115 s3,s4", "Dai TA 170 s1,s2,s3", "Dai T4 90 s4")
}

func inHouse() Problem {
	p := columns(map[string]int{"s1": 2}, "Ben EXT 130 s1", "Chie EXT 130 s1", "Ben INH 20 s1", "Chie INH 20 s1", "Dai INH 25 s1")
	p.Trainings[1].ClassCost = 200
	return p
}

func contested() Problem {
	return columns(map[string]int{"A": 1, "B": 1}, "p TA 10 A", "p TB 20 B", "q TA 15 A", "q TB 100 B")
}

func twice() Problem {
	return columns(map[string]int{"A": 2}, "p T1 10 A", "p T2 10 A", "q T1 50 A")
}

// office is a department in which Aoi alone holds FOR and Emi alone LAW.
func office() Problem {
	p := columns(map[string]int{"FOR": 1, "LAW": 1}, "Ben DFIR 300 FOR", "Fumi DFIR 320 FOR", "Chie DFIR 480 FOR", "Fumi LAWX 120 LAW", "Dai LAWX 260 LAW", "Fumi COMBO 380 FOR,LAW")
	for i := range p.Skills {
		p.Skills[i].Redundancy = 1
	}
	p.People = append(p.People, Person{ID: "Aoi", Levels: map[string]int{"FOR": 4, "LAW": 0}}, Person{ID: "Emi", Levels: map[string]int{"LAW": 4}})
	return p
}

func solved(t *testing.T, p Problem, o Options) Plan {
	t.Helper()
	l, err := Solve(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTheWorkedExamples(t *testing.T) {
	for _, test := range []struct {
		name    string
		problem Problem
		most    int
		cost    int64
		who     string
		classes string
	}{
		{"bundles: two that fit beat the one that covers most", bundles(), 0, 230, "[{Ben T1} {Chie T2}]", "[]"},
		{"a class in house pays for two, and whoever takes both counts once", inHouse(), 0, 240, "[{Ben INH} {Chie INH}]", "[INH]"},
		{"one person takes both", contested(), 0, 30, "[{p TA} {p TB}]", "[]"},
		{"unless each may take only one", contested(), 1, 35, "[{p TB} {q TA}]", "[]"},
		{"two trainings in the same skill make one holder", twice(), 0, 60, "[{p T1} {q T1}]", "[]"},
		{"a course for two skills beats two cheaper ones", office(), 0, 380, "[{Fumi COMBO}]", "[]"},
	} {
		l := solved(t, test.problem, Options{MaxPerPerson: test.most})
		if !l.Proven || l.Cost != test.cost || l.Bound != test.cost || fmt.Sprint(l.Assignments) != test.who || fmt.Sprint(l.Classes) != test.classes || len(l.Uncovered) > 0 {
			t.Errorf("%s: got %+v", test.name, l)
		}
	}
}

func TestTheSafestPlanIsAmongTheAlternatives(t *testing.T) {
	p := office()
	list, err := Alternatives(context.Background(), p, Options{}, solved(t, p, Options{}))
	if err != nil || len(list) == 0 || list[0].Cost != 420 || fmt.Sprint(list[0].Assignments) != "[{Ben DFIR} {Fumi LAWX}]" {
		t.Errorf("got %v %+v", err, list)
	}
	for i, l := range list {
		if !l.Proven || i > 0 && l.Cost < list[i-1].Cost {
			t.Errorf("%d: %+v", i, l)
		}
	}
}

func TestThePriceOfADependencyIsWhatThePlanSavesWithoutIt(t *testing.T) {
	p := office()
	prices, err := Prices(context.Background(), p, Options{}, solved(t, p, Options{}))
	if err != nil || fmt.Sprint(prices) != "[{FOR 260 true} {LAW 80 true}]" {
		t.Errorf("got %v %v", err, prices)
	}
}

func TestALoadIsWhatAPlanAsksOfOnePerson(t *testing.T) {
	p := contested()
	p.Trainings[0].Hours, p.Trainings[1].Hours = 7.5, 12
	if got := solved(t, p, Options{}).PerPerson(p); fmt.Sprint(got) != "[{p 2 19.5 30}]" {
		t.Errorf("got %v", got)
	}
}
