package risk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tasuki/internal/team"
)

// span is an absence as a table writes it; no last day is a leaving.
func span(t *testing.T, member, from, to string) Away {
	t.Helper()
	return Away{Member: member, From: day(t, from), To: day(t, to)}
}

// twoOf is one critical skill of which the department wants two people.
func twoOf(holders string, away ...Away) Future {
	f := Future{Skills: []Skill{{ID: "S", Required: 3, Minimum: 2, Critical: true}}, Holdings: [][]Holding{nil}, Away: away}
	for _, m := range strings.Fields(holders) {
		f.Holdings[0] = append(f.Holdings[0], Holding{Member: m})
	}
	return f
}

func TestWhatAnAbsenceDoesToASkill(t *testing.T) {
	for name, test := range map[string]struct {
		f        Future
		gone     string
		want     Severity
		none     bool
		on       string
		before   int
		after    int
		lacking  string
		staying  string
		from, to string
	}{
		"the only one goes":               {f: twoOf("a"), gone: "a", want: Lost, on: "2027-01-04", before: 1, lacking: "2027-01-04 2027-01-08"},
		"one of two goes":                 {f: twoOf("a b"), gone: "a", want: NewlyBelow, on: "2027-01-04", before: 2, after: 1, lacking: "2027-01-04 2027-01-08", staying: "b"},
		"one of three goes":               {f: twoOf("a b c"), gone: "a", want: OnOne, on: "2027-01-04", before: 3, after: 2, staying: "b c"},
		"one of four goes":                {f: twoOf("a b c d"), gone: "a", want: Thinner, on: "2027-01-04", before: 4, after: 3, staying: "b c d"},
		"two of four go":                  {f: twoOf("a b c d"), gone: "a b", want: OnOne, on: "2027-01-04", before: 4, after: 2, staying: "c d"},
		"somebody who does not hold it":   {f: twoOf("a b"), gone: "z", none: true},
		"another's leave begins in it":    {f: twoOf("a b c", span(t, "b", "2027-01-06", "2027-01-20")), gone: "a", want: NewlyBelow, on: "2027-01-06", before: 2, after: 1, lacking: "2027-01-06 2027-01-08", staying: "c"},
		"another's leave ends in it":      {f: twoOf("a b c", span(t, "b", "2026-12-01", "2027-01-05")), gone: "a", want: NewlyBelow, on: "2027-01-04", before: 2, after: 1, lacking: "2027-01-04 2027-01-05", staying: "c"},
		"their own leave covers it":       {f: twoOf("a b", span(t, "a", "2027-01-01", "2027-01-31")), gone: "a", none: true},
		"two leaves break it twice":       {f: twoOf("a b c", span(t, "b", "2027-01-04", "2027-01-04"), span(t, "c", "2027-01-08", "2027-01-08")), gone: "a", want: NewlyBelow, on: "2027-01-04", before: 2, after: 1, lacking: "2027-01-04 2027-01-04 2027-01-08 2027-01-08", staying: "c"},
		"they leave for good":             {f: twoOf("a b"), gone: "a", want: NewlyBelow, on: "2027-01-04", before: 2, after: 1, lacking: "2027-01-04 2028-01-04", staying: "b", to: "never"},
		"another leaves after they do":    {f: twoOf("a b c", span(t, "b", "2027-06-01", "")), gone: "a", want: NewlyBelow, on: "2027-06-01", before: 2, after: 1, lacking: "2027-06-01 2028-01-04", staying: "c", to: "never"},
		"too few are there already":       {f: twoOf("a b c", span(t, "b", "2026-12-01", "2027-12-01"), span(t, "c", "2026-12-01", "2027-12-01")), gone: "a", want: Lost, on: "2027-01-04", before: 1, lacking: "2027-01-04 2027-01-08"},
		"of three that are wanted two go": {f: func() Future { f := twoOf("a b"); f.Skills[0].Minimum = 3; return f }(), gone: "a", want: Worse, on: "2027-01-04", before: 2, after: 1, staying: "b"},
		"nothing can break it":            {f: func() Future { f := twoOf("a"); f.Skills[0].Minimum = 0; return f }(), gone: "a", none: true},
	} {
		to := day(t, "2027-01-08")
		if test.to != "" {
			to = team.Date{}
		}
		got := test.f.Without(strings.Fields(test.gone), day(t, "2027-01-04"), to)
		if test.none {
			if len(got) != 0 {
				t.Errorf("%s: %+v, want nothing", name, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Errorf("%s: %+v, want one skill", name, got)
			continue
		}
		e := got[0]
		var spells []string
		for _, s := range e.Lacking {
			spells = append(spells, s.From.String(), s.To.String())
		}
		if e.Severity != test.want || e.On.String() != test.on || e.Before != test.before || e.After != test.after ||
			strings.Join(spells, " ") != test.lacking || strings.Join(e.Staying, " ") != test.staying {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// Example F: the count of holders by their certificates and leave.
func TestCertificatesAndLeaveAreCountedOnTheDaysOnWhichTheyTurn(t *testing.T) {
	f := Future{Skills: []Skill{{ID: "RISS", Minimum: 1, Critical: true}}, Holdings: [][]Holding{{
		{Member: "A", To: day(t, "2026-09-30")}, {Member: "B", To: day(t, "2027-03-31")}, {Member: "C", To: day(t, "2028-03-31")}}},
		Away: []Away{{"C", day(t, "2027-04-01"), day(t, "2027-09-30")}}}
	c := courseOf(f.Holdings[0], awayOf(f.Away))
	for on, want := range map[string]int{"2026-09-30": 3, "2026-10-01": 2, "2027-03-31": 2, "2027-04-01": 0, "2027-09-30": 0, "2027-10-01": 1, "2028-03-31": 1, "2028-04-01": 0} {
		if got := c.on(dayNumber(day(t, on))); got != want {
			t.Errorf("%s: %d holders, want %d", on, got, want)
		}
	}
	got := f.Without([]string{"B"}, day(t, "2026-10-01"), team.Date{})
	if len(got) != 1 || got[0].Severity != OnOne || got[0].On != day(t, "2026-10-01") {
		t.Errorf("without B: %+v", got)
	}
	if got := f.Guard().Warnings(f.Away[0]); len(got) != 1 || got[0].Fewest != 0 || got[0].Spells[0] != (Spell{day(t, "2027-04-01"), day(t, "2027-09-30")}) {
		t.Errorf("C's leave: %+v", got)
	}
}

func TestTheGuardWarnsOfTheLeaveThatBreaksASkill(t *testing.T) {
	mine := span(t, "a", "2027-01-04", "2027-01-08")
	for name, test := range map[string]struct {
		f    Future
		want string
	}{
		"enough are left":                          {twoOf("a b c"), ""},
		"it breaks the skill alone":                {twoOf("a b"), "2027-01-04 2027-01-08 1"},
		"with the leave of another":                {twoOf("a b c", span(t, "b", "2027-01-07", "2027-01-12")), "2027-01-07 2027-01-08 1"},
		"with leave that had broken it already":    {twoOf("a b c d", span(t, "b", "2027-01-04", "2027-01-08"), span(t, "c", "2027-01-08", "2027-01-08")), "2027-01-08 2027-01-08 1"},
		"who does not hold it takes leave":         {twoOf("b c"), ""},
		"it has too few people anyway, some left":  {func() Future { f := twoOf("a b"); f.Skills[0].Minimum = 3; return f }(), ""},
		"it has too few people anyway, none left":  {twoOf("a"), "2027-01-04 2027-01-08 0"},
		"a skill that nobody would miss":           {func() Future { f := twoOf("a b"); f.Skills[0].Critical = false; return f }(), ""},
		"somebody has left, and it was short then": {twoOf("a b c", span(t, "b", "2026-12-01", ""), span(t, "c", "2026-12-01", "")), "2027-01-04 2027-01-08 0"},
	} {
		test.f.Away = append(test.f.Away, mine)
		var got []string
		for _, w := range test.f.Guard().Warnings(mine) {
			for _, s := range w.Spells {
				got = append(got, fmt.Sprint(s.From, " ", s.To, " ", w.Fewest))
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// The count over time is what counting every single day gives.
func TestTheCourseOfASkillIsTheCountOfEachDay(t *testing.T) {
	start := day(t, "2027-01-01")
	rapid.Check(t, func(t *rapid.T) {
		date := func(name string, open bool) team.Date {
			n := rapid.IntRange(-1, 30).Draw(t, name)
			if n < 0 && open {
				return team.Date{}
			}
			return start.AddDays(max(n, 0))
		}
		var f Future
		f.Skills = []Skill{{Minimum: 1}}
		f.Holdings = make([][]Holding, 1)
		for _, m := range []string{"a", "b", "c"} {
			f.Holdings[0] = append(f.Holdings[0], Holding{m, date("from", true), date("to", true)})
		}
		for range rapid.IntRange(0, 5).Draw(t, "absences") {
			f.Away = append(f.Away, Away{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "who"), date("first", false), date("last", true)})
		}
		c, o := courseOf(f.Holdings[0], awayOf(f.Away)), Outlook{Holdings: f.Holdings[0], Away: f.Away}
		for i := range 32 {
			on := start.AddDays(i)
			if got, want := c.on(dayNumber(on)), len(o.Holders(on)); got != want {
				t.Fatalf("%s: %d, want %d", on, got, want)
			}
		}
		from, to := start.AddDays(3), start.AddDays(20)
		with := o
		with.Away = append(slices.Clone(o.Away), Away{"a", from, to})
		lacking := map[team.Date]bool{}
		for _, e := range f.Without([]string{"a"}, from, to) {
			for _, s := range e.Lacking {
				for d := s.From; !s.To.Before(d); d = d.AddDays(1) {
					lacking[d] = true
				}
			}
		}
		for i := range 32 {
			on := start.AddDays(i)
			want := len(with.Holders(on)) == 0 && len(o.Holders(on)) > 0
			if lacking[on] != want {
				t.Fatalf("%s: nobody left %v, want %v", on, lacking[on], want)
			}
		}
	})
}

func TestTheFutureBeginsWithWhoHoldsASkillToday(t *testing.T) {
	today := day(t, "2027-01-01")
	said := func(kind team.AssessmentKind, level team.Level, to string) *team.Assessment {
		return &team.Assessment{Kind: kind, Level: level, Day: day(t, "2026-06-01"), ValidTo: day(t, to)}
	}
	for name, test := range map[string]struct {
		c        team.Cell
		required team.Level
		want     bool
	}{
		"confirmed":                          {team.Cell{Validated: said(team.Validated, 3, "")}, 3, true},
		"confirmed until later":              {team.Cell{Validated: said(team.Validated, 3, "2027-01-02")}, 3, true},
		"run out":                            {team.Cell{Validated: said(team.Validated, 4, "2026-12-31")}, 3, false},
		"only their own word":                {team.Cell{Declared: said(team.Declared, 4, "")}, 3, false},
		"only their own word, up to the cap": {team.Cell{Declared: said(team.Declared, 4, "")}, 2, true},
		"nothing is known":                   {team.Cell{}, 1, false},
	} {
		m := team.SkillMap{Day: today, Members: []team.Member{{ID: "a"}}, Skills: []team.Skill{{ID: "S", Requirement: team.Requirement{RequiredLevel: test.required, Minimum: 1, Critical: true}}}, Cells: [][]team.Cell{{test.c}}}
		f := FutureOf(m, []team.Absence{{MemberID: "a", StartsOn: today, EndsOn: today}})
		if got := len(f.Holdings[0]) == 1; got != test.want {
			t.Errorf("%s: a holder %v, want %v", name, got, test.want)
		}
		if got := f.Alone()["a"] == 1; got != test.want {
			t.Errorf("%s: it depends on them %v, want %v", name, got, test.want)
		}
		if len(f.Away) != 1 || f.Away[0] != (Away{"a", today, today}) {
			t.Errorf("%s: %+v", name, f.Away)
		}
	}
}
