package team_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tasuki/internal/team"
)

func ymd(year int, month time.Month, d int) team.Date {
	return team.Date{Year: year, Month: month, Day: d}
}

func TestTheFiscalYearBeginsInApril(t *testing.T) {
	for on, want := range map[team.Date]int{
		ymd(2026, 3, 31): 2025, ymd(2026, 4, 1): 2026, ymd(2026, 12, 31): 2026, ymd(2027, 1, 1): 2026, ymd(2027, 3, 31): 2026,
		ymd(2028, 2, 29): 2027, ymd(2028, 4, 1): 2028,
	} {
		if first, last := team.FiscalYear(on); first != ymd(want, 4, 1) || last != ymd(want+1, 3, 31) {
			t.Errorf("%s lies in %s to %s", on, first, last)
		}
	}
}

func TestAClassIsPaidForOnce(t *testing.T) {
	first, last := team.FiscalYear(ymd(2026, 11, 24))
	in := func(member string, on team.Date) team.TrainingRecord {
		return team.TrainingRecord{MemberID: member, TrainingID: "class", State: team.RecordDone, Day: on, Minutes: 90, Cost: 1000, ClassCost: 50_000}
	}
	twice := []team.TrainingRecord{in("a", last), in("b", last), in("a", first)}
	if got, want := team.TotalsOf(twice, first, last), (team.TrainingTotals{Records: 3, Minutes: 270, Cost: 103_000}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	withdrawn, planned, before, after := in("c", first), in("d", first), in("e", first.AddDays(-1)), in("f", last.AddDays(1))
	withdrawn.WithdrawnAt, planned.State = team.At(time.Now()), team.RecordPlanned
	if got := team.TotalsOf([]team.TrainingRecord{withdrawn, planned, before, after}, first, last); got != (team.TrainingTotals{}) {
		t.Errorf("nothing of these counts: %+v", got)
	}
}

func TestADayToComeIsAPlan(t *testing.T) {
	today := ymd(2028, 2, 29)
	for on, want := range map[team.Date]team.RecordState{today.AddDays(-1): team.RecordDone, today: team.RecordDone, today.AddDays(1): team.RecordPlanned} {
		if got := team.StateOn(on, today); got != want {
			t.Errorf("%s is %s, want %s", on, got, want)
		}
	}
}

func TestWhatIsWrongWithATrainingIsSaid(t *testing.T) {
	good := team.Training{Title: "研修", Kind: team.TrainingExternal, Minutes: 60, Link: "https://example.com/a", Skills: []team.TrainingSkill{{SkillID: "s", Level: 3, Prerequisite: 2}}}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*team.Training){
		"title":      func(n *team.Training) { n.Title = " " },
		"kind":       func(n *team.Training) { n.Kind = "party" },
		"hours":      func(n *team.Training) { n.Minutes = 0 },
		"days":       func(n *team.Training) { n.Days = -1 },
		"fee":        func(n *team.Training) { n.Fee = -1 },
		"class_cost": func(n *team.Training) { n.ClassCost = 1 << 40 },
		"seats":      func(n *team.Training) { n.Seats = -3 },
		"skills":     func(n *team.Training) { n.Skills = []team.TrainingSkill{{SkillID: "s", Level: 2, Prerequisite: 2}} },
	} {
		bad := good
		change(&bad)
		wantProblem(t, bad.Validate(), field)
	}
	for _, link := range []string{"javascript:alert(1)", "//example.com", "http:", "ftp://example.com", strings.Repeat("a", 600), "data:text/html,x"} {
		bad := good
		bad.Link = link
		wantProblem(t, bad.Validate(), "link")
	}
	for _, skills := range [][]team.TrainingSkill{{{SkillID: "s", Level: 5, Prerequisite: -1}}, {{SkillID: "", Level: 2, Prerequisite: -1}}, {{SkillID: strings.Repeat("s", 61), Level: 2, Prerequisite: -1}}, {{SkillID: "s", Level: 0, Prerequisite: -1}},
		{{SkillID: "s", Level: 2, Prerequisite: -2}}, {{SkillID: "s", Level: 2, Prerequisite: 1}, {SkillID: "s", Level: 3, Prerequisite: 1}}, make([]team.TrainingSkill, 11)} {
		bad := good
		bad.Skills = skills
		wantProblem(t, bad.Validate(), "skills")
	}
}

func wantProblem(t *testing.T, err error, field string) {
	t.Helper()
	var v team.Invalid
	if errors.As(err, &v); len(v) == 0 || v[0].Field != field {
		t.Errorf("got %v, want a problem of %s", err, field)
	}
}

func TestWhatIsWrongWithARecordIsSaid(t *testing.T) {
	today := ymd(2026, 11, 24)
	good := team.TrainingRecord{Title: "研修", Kind: team.TrainingOnline, State: team.RecordDone, Day: today, Minutes: 60, Skills: []team.RecordSkill{{SkillID: "s", Level: team.NotAssessed}}}
	if err := good.Validate(today); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		field  string
		change func(*team.TrainingRecord)
	}{
		"no title":               {"title", func(r *team.TrainingRecord) { r.Title = "" }},
		"an unknown kind":        {"kind", func(r *team.TrainingRecord) { r.Kind = "" }},
		"an unknown state":       {"state", func(r *team.TrainingRecord) { r.State = "held" }},
		"no day":                 {"day", func(r *team.TrainingRecord) { r.Day = team.Date{} }},
		"done tomorrow":          {"day", func(r *team.TrainingRecord) { r.Day = today.AddDays(1) }},
		"planned far ahead":      {"day", func(r *team.TrainingRecord) { r.State, r.Day = team.RecordPlanned, today.AddDays(team.FarthestPlan+1) }},
		"before anybody was one": {"day", func(r *team.TrainingRecord) { r.Day = ymd(1026, 11, 24) }},
		"no time":                {"hours", func(r *team.TrainingRecord) { r.Minutes = 0 }},
		"money back":             {"cost", func(r *team.TrainingRecord) { r.Cost = -1 }},
		"a class that pays":      {"class_cost", func(r *team.TrainingRecord) { r.ClassCost = -1 }},
		"six of five":            {"rating", func(r *team.TrainingRecord) { r.Rating = 6 }},
		"a novel":                {"note", func(r *team.TrainingRecord) { r.Note = strings.Repeat("あ", 1001) }},
		"no id of a skill":       {"skills", func(r *team.TrainingRecord) { r.Skills[0].SkillID = strings.Repeat("s", 61) }},
		"a skill twice":          {"skills", func(r *team.TrainingRecord) { r.Skills = append(r.Skills, r.Skills[0]) }},
	} {
		bad := good
		bad.Skills = append([]team.RecordSkill(nil), good.Skills...)
		c.change(&bad)
		t.Run(name, func(t *testing.T) { wantProblem(t, bad.Validate(today), c.field) })
	}
}

func TestWhoMayLogAndCorrect(t *testing.T) {
	person := func(id string, role team.Role) team.Member { return team.Member{ID: id, Role: role, Active: true} }
	lead, aoi, ben, viewer := person("lead", team.RoleLead), person("aoi", team.RoleMember), person("ben", team.RoleMember), person("viewer", team.RoleViewer)
	left := aoi
	left.Active = false
	for name, c := range map[string]struct {
		by     team.Member
		people []string
		log    bool
		edit   bool // a record of aoi that ben wrote down
	}{
		"a lead for anyone":           {lead, []string{"aoi"}, true, true},
		"the person":                  {aoi, []string{"aoi"}, true, true},
		"who was there for others":    {ben, []string{"aoi", "ben"}, true, true},
		"who was not there":           {person("emi", team.RoleMember), []string{"aoi"}, false, false},
		"a viewer of themselves":      {viewer, []string{"viewer"}, false, false},
		"somebody who has left":       {left, []string{"aoi"}, false, false},
		"a member who names nobody":   {aoi, nil, false, true},
		"who wrote it, not being one": {ben, []string{"aoi"}, false, true},
	} {
		if got := team.CanLogTraining(c.by, c.people); got != c.log {
			t.Errorf("%s: may log %v", name, got)
		}
		if got := team.CanEditRecord(c.by, team.TrainingRecord{MemberID: "aoi", By: "ben"}); got != c.edit {
			t.Errorf("%s: may edit %v", name, got)
		}
	}
}

// said is a level that was confirmed, or declared, of one skill.
func said(kind team.AssessmentKind, level team.Level, on team.Date) team.Assessment {
	return team.Assessment{SkillID: "s", Kind: kind, Level: level, Day: on, MadeAt: team.At(on.Time().Add(9 * time.Hour))}
}

func TestALevelIsLookedAtAgainAfterATraining(t *testing.T) {
	held := ymd(2028, 1, 31)
	r := team.TrainingRecord{State: team.RecordDone, Day: held, CreatedAt: team.At(held.Time().Add(18 * time.Hour))}
	k := team.RecordSkill{SkillID: "s", Level: 3}
	two := said(team.Validated, 2, held.AddDays(-100))
	for name, c := range map[string]struct {
		record     func(*team.TrainingRecord)
		level      team.Level
		history    []team.Assessment
		dismissals []team.Date
		today      team.Date
		want       bool
	}{
		"on the day":                         {nil, 3, nil, nil, held, true},
		"before the day":                     {nil, 3, nil, nil, held.AddDays(-1), false},
		"a year later":                       {nil, 3, nil, nil, held.AddDays(365), true},
		"more than a year later":             {nil, 3, nil, nil, held.AddDays(366), false},
		"with a lower level before":          {nil, 3, []team.Assessment{two}, nil, held, true},
		"with the level already":             {nil, 2, []team.Assessment{two}, nil, held, false},
		"with one's own word up to 2":        {nil, 3, []team.Assessment{said(team.Declared, 4, held.AddDays(-9))}, nil, held, true},
		"of a skill without a named level":   {nil, team.NotAssessed, []team.Assessment{two}, nil, held, true},
		"at the highest level":               {nil, team.NotAssessed, []team.Assessment{said(team.Validated, 4, held.AddDays(-9))}, nil, held, false},
		"a level of another skill since":     {nil, 3, []team.Assessment{{SkillID: "other", Kind: team.Validated, Level: 3, Day: held.AddDays(2)}}, nil, held.AddDays(3), true},
		"one's own word since":               {nil, 3, []team.Assessment{said(team.Declared, 2, held.AddDays(1))}, nil, held.AddDays(1), false},
		"a lower level since":                {nil, 3, []team.Assessment{two, said(team.Validated, 1, held.AddDays(1))}, nil, held.AddDays(1), false},
		"a level that morning":               {nil, 3, []team.Assessment{said(team.Validated, 2, held)}, nil, held, true},
		"a level that evening":               {nil, 3, []team.Assessment{{SkillID: "s", Kind: team.Validated, Level: 2, Day: held, MadeAt: team.At(held.Time().Add(20 * time.Hour))}}, nil, held, false},
		"waved away today":                   {nil, 3, nil, []team.Date{held}, held, false},
		"29 days after, over a leap day":     {nil, 3, nil, []team.Date{held}, ymd(2028, 2, 29), false},
		"30 days after, over a leap day":     {nil, 3, nil, []team.Date{held}, ymd(2028, 3, 1), true},
		"30 days after, in another year":     {func(r *team.TrainingRecord) { r.Day = ymd(2027, 1, 31) }, 3, nil, []team.Date{ymd(2027, 1, 31)}, ymd(2027, 3, 2), true},
		"waved away twice":                   {nil, 3, nil, []team.Date{held, held.AddDays(40)}, held.AddDays(90), false},
		"only planned":                       {func(r *team.TrainingRecord) { r.State = team.RecordPlanned }, 3, nil, nil, held, false},
		"taken back":                         {func(r *team.TrainingRecord) { r.WithdrawnAt = r.CreatedAt }, 3, nil, nil, held, false},
		"written down late, assessed before": {func(r *team.TrainingRecord) { r.CreatedAt = team.At(held.AddDays(20).Time()) }, 3, []team.Assessment{said(team.Validated, 2, held.AddDays(10))}, nil, held.AddDays(20), false},
	} {
		t.Run(name, func(t *testing.T) {
			r, k := r, k
			k.Level = c.level
			if c.record != nil {
				c.record(&r)
			}
			if got := team.AsksForReview(r, k, c.history, c.dismissals, c.today); got != c.want {
				t.Errorf("asks: %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheEffectIsTheRiseWithin180Days(t *testing.T) {
	held := ymd(2027, 8, 31)
	end := ymd(2028, 2, 27) // 180 days later
	if held.AddDays(team.EffectDays) != end {
		t.Fatal(held.AddDays(team.EffectDays))
	}
	r := team.TrainingRecord{State: team.RecordDone, Day: held, Skills: []team.RecordSkill{{SkillID: "s"}}}
	before := said(team.Validated, 2, held.AddDays(-300))
	for name, c := range map[string]struct {
		history []team.Assessment
		today   team.Date
		want    team.Outcome
	}{
		"a rise on the last day":             {[]team.Assessment{before, said(team.Validated, 3, end)}, end.AddDays(1), team.OutcomeRose},
		"a rise one day too late":            {[]team.Assessment{before, said(team.Validated, 3, end.AddDays(1))}, end.AddDays(2), team.OutcomeSame},
		"a rise and a fall":                  {[]team.Assessment{before, said(team.Validated, 3, held.AddDays(9)), said(team.Validated, 2, end)}, end.AddDays(1), team.OutcomeRose},
		"a fall":                             {[]team.Assessment{before, said(team.Validated, 1, end)}, end.AddDays(1), team.OutcomeSame},
		"nothing since":                      {[]team.Assessment{before}, end.AddDays(1), team.OutcomeSame},
		"the same again":                     {[]team.Assessment{before, said(team.Validated, 2, end)}, end.AddDays(1), team.OutcomeSame},
		"one's own word":                     {[]team.Assessment{before, said(team.Declared, 4, held.AddDays(9))}, end.AddDays(1), team.OutcomeSame},
		"nothing before":                     {[]team.Assessment{said(team.Validated, 3, held.AddDays(9))}, end.AddDays(1), team.OutcomeUnknown},
		"taken back before":                  {[]team.Assessment{before, said(team.Validated, team.NotAssessed, held.AddDays(-9)), said(team.Validated, 3, end)}, end.AddDays(1), team.OutcomeUnknown},
		"the time is not over":               {[]team.Assessment{before, said(team.Validated, 3, held.AddDays(9))}, end, team.OutcomeOpen},
		"a level of the day is of before":    {[]team.Assessment{before, said(team.Validated, 3, held)}, end.AddDays(1), team.OutcomeSame},
		"what had run out was the level":     {[]team.Assessment{{SkillID: "s", Kind: team.Validated, Level: 2, Day: held.AddDays(-900), ValidTo: held.AddDays(-170)}, said(team.Validated, 2, end)}, end.AddDays(1), team.OutcomeSame},
		"of two on one day the later counts": {[]team.Assessment{said(team.Validated, 3, held.AddDays(-5)), said(team.Validated, 2, held.AddDays(-5)), said(team.Validated, 3, end)}, end.AddDays(1), team.OutcomeRose},
	} {
		t.Run(name, func(t *testing.T) {
			if got := team.OutcomeOf(r, c.history, c.today); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	two := r
	two.Skills = append(two.Skills, team.RecordSkill{SkillID: "other"})
	if got := team.OutcomeOf(two, []team.Assessment{before, said(team.Validated, 3, end)}, end.AddDays(1)); got != team.OutcomeRose {
		t.Errorf("a rise in one of two skills is enough: %s", got)
	}
}

func TestPropertiesOfReviewsAndEffects(t *testing.T) {
	start := ymd(2027, 1, 1)
	rapid.Check(t, func(t *rapid.T) {
		held := start.AddDays(rapid.IntRange(0, 800).Draw(t, "held"))
		r := team.TrainingRecord{State: team.RecordDone, Day: held, CreatedAt: team.At(held.Time().Add(12 * time.Hour)), Skills: []team.RecordSkill{{SkillID: "s", Level: team.Level(rapid.IntRange(1, 4).Draw(t, "to"))}}}
		var history []team.Assessment
		last := start.AddDays(-200)
		for range rapid.IntRange(0, 6).Draw(t, "words") {
			last = last.AddDays(rapid.IntRange(0, 200).Draw(t, "later"))
			history = append(history, said(rapid.SampledFrom(team.AssessmentKinds).Draw(t, "kind"), team.Level(rapid.IntRange(0, 4).Draw(t, "level")), last))
		}
		today := held.AddDays(rapid.IntRange(0, 600).Draw(t, "today"))
		if team.AsksForReview(r, r.Skills[0], history, []team.Date{today.AddDays(-rapid.IntRange(0, 29).Draw(t, "waved"))}, today) {
			t.Fatal("asks within 30 days of being waved away")
		}
		since := append(history, said(team.Declared, 1, held.AddDays(1)))
		if team.AsksForReview(r, r.Skills[0], since, nil, today) {
			t.Fatal("asks although somebody has looked since")
		}
		switch o := team.OutcomeOf(r, history, today); {
		case o == team.OutcomeOpen && held.AddDays(team.EffectDays).Before(today):
			t.Fatal("open for ever")
		case (o == team.OutcomeRose || o == team.OutcomeSame) && !held.AddDays(team.EffectDays).Before(today):
			t.Fatal("counted before its time")
		case team.OutcomeOf(r, history, today.AddDays(1)) != o && o != team.OutcomeOpen:
			t.Fatalf("what was %s changes without a new level", o)
		}
	})
}

func TestFewPeopleAreNobodysNumber(t *testing.T) {
	member := team.Member{ID: "m", Role: team.RoleMember, Active: true}
	lead := team.Member{ID: "l", Role: team.RoleLead, Active: true}
	var e team.TrainingEffect
	for range 4 {
		e.Add(team.OutcomeRose)
	}
	if team.CanSeeEffect(member, e) || !team.CanSeeEffect(lead, e) {
		t.Errorf("four people: %+v", e)
	}
	e.Add(team.OutcomeOpen)
	e.Add(team.OutcomeUnknown)
	if team.CanSeeEffect(member, e) {
		t.Errorf("those that are open are not counted: %+v", e)
	}
	e.Add(team.OutcomeSame)
	if !team.CanSeeEffect(member, e) || e != (team.TrainingEffect{Rose: 4, Measured: 5, Open: 1}) {
		t.Errorf("five people: %+v", e)
	}
}
