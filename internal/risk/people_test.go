package risk

import (
	"slices"
	"strings"
	"testing"

	"tasuki/internal/team"
)

func day(t *testing.T, s string) team.Date {
	t.Helper()
	d, err := team.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestALevelFallsByOneForEachPeriodWithoutUse(t *testing.T) {
	last := day(t, "2024-02-28")
	for since, want := range map[int]int{-1: 3, 0: 3, 364: 3, 365: 2, 729: 2, 730: 1, 1095: 0, 4000: 0} {
		if got := Decayed(3, last, last.AddDays(since), DefaultPeriod); got != want {
			t.Errorf("%d days: got %d, want %d", since, got, want)
		}
	}
	if got := Decayed(NotAssessed, last, last.AddDays(4000), DefaultPeriod); got != NotAssessed {
		t.Errorf("not assessed became %d", got)
	}
	if got := Decayed(3, team.Date{}, last, DefaultPeriod); got != 3 {
		t.Errorf("a use that nobody recorded made it %d", got)
	}
}

func TestTheBestRecordThatIsValidCounts(t *testing.T) {
	on := day(t, "2026-11-25")
	expired := Record{Level: 3, To: day(t, "2026-11-24")}
	valid := Record{Level: 2, From: on, To: on}
	for _, test := range []struct {
		name    string
		records []Record
		want    int
	}{
		{"a lower valid one beside a higher expired one", []Record{expired, valid}, 2},
		{"only an expired one", []Record{expired}, NotAssessed},
		{"none", nil, NotAssessed},
		{"one that is revoked from today", []Record{{Level: 4, Revoked: on}}, NotAssessed},
		{"one that is revoked from tomorrow", []Record{{Level: 4, Revoked: on.AddDays(1)}}, 4},
		{"one that begins tomorrow", []Record{{Level: 4, From: on.AddDays(1)}}, NotAssessed},
		{"a level of nought is a level", []Record{{Level: 0}}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := LevelOn(test.records, on); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

// topic returns the answers of the worked example, by age in days on a day.
func topic(on team.Date) []Answer {
	var list []Answer
	for _, a := range []struct {
		who string
		age int
	}{{"Aoi", 0}, {"Aoi", 90}, {"Aoi", 180}, {"Aoi", 540}, {"Ben", 180}, {"Chie", 360}} {
		list = append(list, Answer{on.AddDays(-a.age), []Contribution{{a.who, 1}}})
	}
	return list
}

var three = Knowledge{HalfLife: 180, Least: 1, Active: []string{"Aoi", "Ben", "Chie"}}

func TestKnowledgeGathersWhereAnswersComeFrom(t *testing.T) {
	on := day(t, "2026-11-25")
	c := three.Concentration(topic(on), on)
	near(t, "weight", c.Weight, 3.082107, 5e-7)
	for i, want := range []struct {
		who           string
		weight, share float64
	}{{"Aoi", 2.332107, .756660}, {"Ben", .5, .162227}, {"Chie", .25, .081113}} {
		a := c.Answerers[i]
		if a.Member != want.who || !a.Active {
			t.Errorf("%d is %+v, want %s", i, a, want.who)
		}
		near(t, want.who, a.Weight, want.weight, 5e-7)
		near(t, want.who, a.Share, want.share, 5e-7)
	}
	near(t, "HHI", c.HHI, .605431, 5e-7)
	near(t, "effective", c.Effective, 1.651715, 5e-7)
	near(t, "normalized", c.Normalized, .408147, 5e-7)
	if c.Half != 1 || c.Most != 2 || c.Orphaned != 0 {
		t.Errorf("half %d, most %d, orphaned %v", c.Half, c.Most, c.Orphaned)
	}
}

func TestKnowledgeWithoutNewAnswersLosesWeightAndKeepsItsShares(t *testing.T) {
	on := day(t, "2026-11-25")
	answers, later := topic(on), on.AddDays(180)
	c := three.Concentration(answers, later)
	near(t, "weight", c.Weight, 1.541053, 1e-6)
	near(t, "HHI", c.HHI, .605431, 5e-7)
	c = three.Concentration(append(answers, Answer{later, []Contribution{{"Ben", 1}}}), later)
	near(t, "Aoi", c.Of("Aoi").Share, .458886, 5e-7)
	near(t, "Ben", c.Of("Ben").Share, .491922, 5e-7)
	near(t, "Chie", c.Of("Chie").Share, .049192, 5e-7)
	near(t, "HHI", c.HHI, .454983, 5e-7)
	near(t, "effective", c.Effective, 2.1979, 5e-5)
	if c.Answerers[0].Member != "Ben" {
		t.Errorf("the largest share comes first: %+v", c.Answerers)
	}
	slow := Knowledge{HalfLife: 1e12, Active: three.Active}
	near(t, "undecayed HHI", slow.Concentration(topic(on), on).HHI, .5, 1e-8)
}

func TestTooFewAnswersSayNothing(t *testing.T) {
	on := day(t, "2026-11-25")
	k := Knowledge{Least: DefaultLeast, Active: []string{"Aoi"}}
	c := k.Concentration([]Answer{{on, []Contribution{{"Aoi", 1}}}}, on)
	if c.Enough || c.HHI != 0 || c.Half != 0 || c.Of("Aoi").Weight != 1 {
		t.Errorf("one answer is not enough: %+v", c)
	}
	if c = k.Concentration([]Answer{{on.AddDays(1), []Contribution{{"Aoi", 1}}}, {on, nil}}, on); c.Weight != 0 {
		t.Errorf("an answer of tomorrow, or of nobody, counted: %+v", c)
	}
	if c = (Knowledge{}).Concentration(nil, on); c.Enough {
		t.Errorf("nothing is never enough: %+v", c)
	}
}

func TestKnowledgeOfThoseWhoLeftIsOrphaned(t *testing.T) {
	on := day(t, "2026-11-25")
	k := Knowledge{HalfLife: 180, Least: 1, Active: []string{"Ben", "Chie"}}
	c := k.Concentration(topic(on), on)
	near(t, "orphaned", c.Orphaned, .756660, 5e-7)
	near(t, "HHI", c.HHI, .605431, 5e-7)
	got := Orphaned([]Topic{{c, false}, {c, true}, {k.Concentration(nil, on), false}}, "Aoi", "Chie")
	if !slices.Equal(got, []int{0}) {
		t.Errorf("orphaned topics: %v, want the one that nothing secures", got)
	}
}

func TestAnAnswerIsSharedOutInProportion(t *testing.T) {
	on := day(t, "2026-11-25")
	answers := slices.Repeat([]Answer{{on, []Contribution{{"a", 7}, {"b", 3}, {"c", -1}}}}, 3)
	c := Knowledge{Least: 2, Active: []string{"a", "b"}}.Concentration(answers, on)
	near(t, "a", c.Of("a").Share, .7, 1e-12)
	near(t, "weight", c.Weight, 3, 1e-12)
	if c.Half != 1 || c.Most != 2 {
		t.Errorf("half %d, most %d", c.Half, c.Most)
	}
	five := slices.Repeat([]Answer{{on, []Contribution{{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}}}, 3)
	if c = (Knowledge{Least: 2}).Concentration(five, on); c.Most != 4 {
		t.Errorf("four of five hold 80 %%, got %d", c.Most)
	}
}

// observed returns the worked example of levels against answers.
func observed(enough bool) Observed {
	o := Observed{Required: 3, BusFactor: 3, Answers: Concentration{Weight: 4.082107, Enough: enough, Effective: 1 / .46}}
	for _, m := range []struct {
		who    string
		level  int
		weight float64
	}{{"Aoi", 3, 2.332107}, {"Ben", 4, 0}, {"Chie", 3, .25}, {"Dai", 1, 1.5}, {"Emi", 2, 0}, {"Fumi", 0, 0}} {
		o.Members = append(o.Members, Evidence{Member: m.who, Level: m.level})
		a := Answerer{Member: m.who, Weight: m.weight, Active: true}
		if enough {
			a.Share = m.weight / o.Answers.Weight
		}
		o.Answers.Answerers = append(o.Answers.Answerers, a)
	}
	return o
}

func TestLevelsAndAnswersThatContradictEachOther(t *testing.T) {
	on := day(t, "2026-11-25")
	o := observed(true)
	if got := o.Mismatches(on); !slices.Equal(got, []Mismatch{{SilentExpert, "Ben"}, {HiddenExpert, "Dai"}}) {
		t.Errorf("got %v", got)
	}
	near(t, "Dai's share", o.Answers.Of("Dai").Share, .3675, 5e-5)
	a := o.Agreement()
	if a.Concordant != 6 || a.Discordant != 5 || a.TiedLevel != 1 || a.TiedWeight != 3 || !a.Known {
		t.Errorf("pairs: %+v", a)
	}
	near(t, "tau", a.Tau, .077152, 5e-7)
}

func TestMismatchesNeedEvidence(t *testing.T) {
	on := day(t, "2026-11-25")
	if got := observed(false).Mismatches(on); len(got) != 0 {
		t.Errorf("too few answers say nothing of anybody: %v", got)
	}
	for weight, want := range map[float64]int{.9: 0, 1: 1} { // the share is large in both
		few := Observed{Required: 3, Members: []Evidence{{Member: "a", Level: NotAssessed}},
			Answers: Concentration{Weight: 2.5, Enough: true, Effective: 2, Answerers: []Answerer{{"a", weight, weight / 2.5, true}}}}
		if got := few.Mismatches(on); len(got) != want {
			t.Errorf("answers that weigh %v: %v", weight, got)
		}
	}
	lone := Observed{Required: 3, BusFactor: 2, Answers: Concentration{Weight: 5, Enough: true, Effective: 1, Answerers: []Answerer{{"a", 5, 1, true}}}}
	if got := lone.Mismatches(on); !slices.Equal(got, []Mismatch{{Kind: Illusion}}) {
		t.Errorf("two holders and one who answers: %v", got)
	}
	paper := Observed{Required: 3, Members: []Evidence{{"a", 2, true, on.AddDays(-730)}, {"b", 2, true, on.AddDays(-729)}, {"c", NotAssessed, false, team.Date{}}}}
	if got := paper.Mismatches(on); !slices.Equal(got, []Mismatch{{PaperSkill, "a"}}) {
		t.Errorf("certificates without use: %v", got)
	}
	if a := paper.Agreement(); a.Known || a.Tau != 0 {
		t.Errorf("equal levels order nobody: %+v", a)
	}
}

// candidates are the members who do not hold a skill of the office.
func candidates(t *testing.T, skill int, weights map[string]float64) []Candidate {
	members, levels := tableOf(t, office)
	var list []Candidate
	for m, name := range members {
		list = append(list, Candidate{Member: name, Level: levels[m][skill], Weight: weights[name]})
	}
	return list
}

func TestWhoCouldLearnASkillOfTheOffice(t *testing.T) {
	weights := map[string]float64{"Aoi": 2.332107, "Ben": .5, "Chie": .25}
	free := func(int, int) (float64, bool) { return 0, true }
	for skill, want := range map[int]string{0: "Ben Fumi Chie", 4: "Fumi Dai", 5: "Aoi Fumi"} {
		var got []string
		for _, c := range Succession(candidates(t, skill, weights), 3, free) {
			got = append(got, c.Member)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("skill %d: got %v, want %s", skill, got, want)
		}
	}
}

func TestFewerHoursComeBeforeMoreAnswers(t *testing.T) {
	people := []Candidate{{Member: "a", Level: 2, Weight: 9}, {Member: "b", Level: 2, Alone: 1}, {Member: "c", Level: 2}, {Member: "d", Level: 1}, {Member: "e", Level: NotAssessed}, {Member: "f", Level: 4}}
	lifts := []Lift{{2, 3, 8}, {1, 2, 4}, {0, 3, 40}, {1, 3, 11}}
	list := Succession(people, 3, func(from, to int) (float64, bool) { return PathHours(lifts, from, to) })
	var got []string
	for _, c := range list {
		got = append(got, c.Member)
	}
	if strings.Join(got, "") != "acbd" || list[3].Hours != 11 || list[3].Gap != 2 {
		t.Errorf("got %v %+v", got, list)
	}
	if list := Succession(people, 3, func(from, to int) (float64, bool) { return PathHours(nil, from, to) }); len(list) != 0 {
		t.Errorf("without trainings there is nobody: %v", list)
	}
}

func TestTheCheapestWayThroughTrainings(t *testing.T) {
	for _, test := range []struct {
		name     string
		lifts    []Lift
		from, to int
		want     float64
		ok       bool
	}{
		{"two short ones beat a long one", []Lift{{0, 3, 40}, {0, 2, 10}, {2, 3, 10}}, 0, 3, 20, true},
		{"a higher one may be the cheaper", []Lift{{0, 3, 40}, {0, 4, 30}}, 0, 3, 30, true},
		{"what nobody can begin does not help", []Lift{{2, 3, 5}}, 1, 3, 0, false},
		{"whoever is there needs none", nil, 3, 3, 0, true},
		{"one that leads down is none", []Lift{{0, 0, 0}}, 1, 2, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, ok := PathHours(test.lifts, test.from, test.to); ok != test.ok || ok && got != test.want {
				t.Errorf("got %v %v, want %v %v", got, ok, test.want, test.ok)
			}
		})
	}
}

// specialists are the holders of a certificate in the worked example.
func specialists(t *testing.T) Outlook {
	return Outlook{Minimum: 1, Holdings: []Holding{{"A", team.Date{}, day(t, "2026-09-30")}, {"B", team.Date{}, day(t, "2027-03-31")}, {"C", team.Date{}, day(t, "2028-03-31")}},
		Away: []Away{{"C", day(t, "2027-04-01"), day(t, "2027-09-30")}}}
}

func TestTheFirstDayBelowTheMinimum(t *testing.T) {
	o := specialists(t)
	for on, want := range map[string]int{"2026-09-30": 3, "2026-10-01": 2, "2027-03-31": 2, "2027-04-01": 0, "2027-10-01": 1, "2028-03-31": 1, "2028-04-01": 0} {
		if got := len(o.Holders(day(t, on))); got != want {
			t.Errorf("%s: %d holders, want %d", on, got, want)
		}
	}
	for today, want := range map[string]string{"2026-09-01": "2027-04-01", "2027-05-05": "2027-05-05", "2027-10-01": "2028-04-01", "2030-01-01": "2030-01-01"} {
		if got, ok := o.FirstBreach(day(t, today)); !ok || got != (Breach{On: day(t, want)}) {
			t.Errorf("from %s: got %v, want %s", today, got, want)
		}
	}
	o.Holdings = append(o.Holdings, Holding{Member: "D"})
	if got, ok := o.FirstBreach(day(t, "2026-09-01")); ok {
		t.Errorf("somebody is always there, got %v", got)
	}
	if got := o.Remaining(day(t, "2027-04-01"), "D", "A"); got != 0 {
		t.Errorf("without D there are %d", got)
	}
}

func TestTwoHoldingsOfOnePersonAreOneHolder(t *testing.T) {
	o := Outlook{Minimum: 1, Holdings: []Holding{{Member: "A"}, {Member: "A"}}}
	if got := o.Holders(day(t, "2026-11-25")); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestTheLeaveGuardSpeaksOnlyOfWhatTheLeaveBreaks(t *testing.T) {
	o := specialists(t)
	leave := func(who, from, to string) []Away { return []Away{{who, day(t, from), day(t, to)}} }
	if got := Gaps([]Outlook{o}, leave("B", "2026-12-24", "2027-01-05")); len(got) != 0 {
		t.Errorf("C is there: %v", got)
	}
	o.Away = append(o.Away, leave("C", "2026-12-28", "2026-12-30")...)
	got := Gaps([]Outlook{{Minimum: 0}, o}, leave("B", "2026-12-24", "2027-01-05"))
	if len(got) != 1 || got[0] != (Gap{1, Breach{On: day(t, "2026-12-28")}}) {
		t.Errorf("both are away on the 28th: %v", got)
	}
	if got := Gaps([]Outlook{o}, leave("B", "2027-04-02", "2027-04-03")); len(got) != 0 {
		t.Errorf("nobody is there anyway: %v", got)
	}
}

func testDay() team.Date { return team.Date{Year: 2026, Month: 11, Day: 25} }
