package team

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestAnAbsenceHasItsDays(t *testing.T) {
	day := Date{2026, 11, 24}
	for name, c := range map[string]struct {
		absence Absence
		field   string
	}{
		"a day off":               {Absence{Kind: Leave, StartsOn: day, EndsOn: day}, ""},
		"a leaving":               {Absence{Kind: Leaving, StartsOn: day}, ""},
		"no first day":            {Absence{Kind: Leave, EndsOn: day}, "starts_on"},
		"leave without a last":    {Absence{Kind: Leave, StartsOn: day}, "ends_on"},
		"leave that ends before":  {Absence{Kind: Leave, StartsOn: day, EndsOn: day.AddDays(-1)}, "ends_on"},
		"a leaving with a return": {Absence{Kind: Leaving, StartsOn: day, EndsOn: day}, "ends_on"},
		"something else":          {Absence{Kind: "sick", StartsOn: day, EndsOn: day}, "kind"},
	} {
		var invalid Invalid
		errors.As(c.absence.Validate(), &invalid)
		if _, found := invalid.Field(c.field); len(invalid) > 0 != (c.field != "") || (c.field != "" && !found) {
			t.Errorf("%s: %v, want %q", name, invalid, c.field)
		}
	}
	leave, leaving := Absence{Kind: Leave, StartsOn: day, EndsOn: day.AddDays(1)}, Absence{Kind: Leaving, StartsOn: day}
	for n, want := range map[int][2]bool{-1: {false, false}, 0: {true, true}, 1: {true, true}, 2: {false, true}} {
		if got := [2]bool{leave.Covers(day.AddDays(n)), leaving.Covers(day.AddDays(n))}; got != want {
			t.Errorf("day %d: away %v, want %v", n, got, want)
		}
	}
}

func TestWhichLevelCounts(t *testing.T) {
	day := Date{2026, 11, 24}
	says := func(l Level) *Assessment { return &Assessment{Kind: Declared, Level: l, Day: day.AddDays(-9)} }
	confirms := func(l Level, last Date) *Assessment {
		return &Assessment{Kind: Validated, Level: l, Day: day.AddDays(-9), ValidTo: last}
	}
	for name, c := range map[string]struct {
		cell Cell
		want Level
	}{
		"nobody said anything":                       {Cell{}, NotAssessed},
		"one's own word of 1":                        {Cell{Declared: says(1)}, 1},
		"one's own word of 4 counts up to 2":         {Cell{Declared: says(4)}, 2},
		"a confirmed 4":                              {Cell{Declared: says(1), Validated: confirms(4, Date{})}, 4},
		"a confirmed 0 is less than one's own word":  {Cell{Declared: says(4), Validated: confirms(0, Date{})}, 0},
		"the last day counts":                        {Cell{Validated: confirms(3, day)}, 3},
		"the day after, one's own word is left":      {Cell{Declared: says(3), Validated: confirms(3, day.AddDays(-1))}, 2},
		"the day after, nothing is left":             {Cell{Validated: confirms(3, day.AddDays(-1))}, NotAssessed},
		"a level taken back":                         {Cell{Declared: says(NotAssessed), Validated: confirms(NotAssessed, Date{})}, NotAssessed},
		"what is said later does not count today":    {Cell{Declared: &Assessment{Level: 2, Day: day.AddDays(1)}}, NotAssessed},
		"an observed level does not count by itself": {Cell{Observed: 3}, NotAssessed},
	} {
		if got := c.cell.On(day); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestNotAssessedIsNotZeroInAnExport(t *testing.T) {
	for level, want := range map[Level]string{NotAssessed: `"level":null`, None: `"level":0`, Deciding: `"level":4`} {
		data, err := json.Marshal(TopicSkill{Level: level})
		if err != nil || !json.Valid(data) || string(data) != `{"topic_id":"","skill_id":"",`+want+`}` {
			t.Errorf("%s, %v", data, err)
		}
		var back TopicSkill
		if err := json.Unmarshal(data, &back); err != nil || back.Level != level {
			t.Errorf("%d came back as %d, %v", level, back.Level, err)
		}
	}
}

func TestAnchorsKeepTheirPlaces(t *testing.T) {
	for _, a := range []Anchors{{}, {"", "", "", "", "教えられる"}, {"なし", "", "二", "", ""}} {
		value, err := a.Value()
		if err != nil {
			t.Fatal(err)
		}
		var back Anchors
		if err := back.Scan(value); err != nil || back != a {
			t.Errorf("%q came back as %q, %v", a, back, err)
		}
	}
}

func TestASkillHasItsLimits(t *testing.T) {
	good := NewSkill()
	good.CategoryID, good.Name = "C", "フォレンジック"
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*Skill){
		"category":       func(s *Skill) { s.CategoryID = "" },
		"name":           func(s *Skill) { s.Name = " " },
		"required_level": func(s *Skill) { s.RequiredLevel = 0 },
		"minimum":        func(s *Skill) { s.Minimum = -1 },
		"redundancy":     func(s *Skill) { s.Redundancy = maxHeadCount + 1 },
		"weight":         func(s *Skill) { s.Weight = maxWeight + 1 },
		"half_life_days": func(s *Skill) { s.HalfLifeDays = 0 },
		"valid_days":     func(s *Skill) { s.ValidDays = -1 },
		"codes":          func(s *Skill) { s.Codes = []SkillCode{{Framework: "NICE"}} },
	} {
		s := good
		change(&s)
		var invalid Invalid
		errors.As(s.Validate(), &invalid)
		if _, found := invalid.Field(field); !found || len(invalid) != 1 {
			t.Errorf("%s: %v", field, invalid)
		}
	}
}
