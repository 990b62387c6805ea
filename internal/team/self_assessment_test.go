package team

import "testing"

var (
	roundDay  = Date{2026, 11, 24}
	roundFrom = roundDay.AddDays(-RoundDays)
)

func said(skill string, level Level, day, replaced Date) Assessment {
	return Assessment{SkillID: skill, Kind: Declared, Level: level, Day: day, ReplacedOn: replaced}
}

func TestARoundAsksForTheUnknownFirstThenTheOldest(t *testing.T) {
	skills := []Skill{{ID: "fresh"}, {ID: "old"}, {ID: "older"}, {ID: "never"}, {ID: "taken back"}, {ID: "by the lead"}}
	long := roundFrom.AddDays(-100)
	history := []Assessment{
		said("older", 2, long.AddDays(-1), Date{}), said("old", 1, long, roundDay), said("taken back", 1, long, long.AddDays(1)),
		said("taken back", NotAssessed, long.AddDays(1), Date{}), said("fresh", 1, long.AddDays(50), roundFrom),
		{SkillID: "by the lead", Kind: Validated, Level: 3, Day: long},
		said("fresh", 3, roundFrom, Date{}), said("old", 2, roundDay, Date{}),
	}
	steps := Round(skills, history, roundFrom)
	want := []struct {
		id     string
		before Level
		done   bool
	}{{"never", NotAssessed, false}, {"taken back", NotAssessed, false}, {"by the lead", NotAssessed, false}, {"older", 2, false}, {"old", 1, true}, {"fresh", 1, true}}
	for i, w := range want {
		if s := steps[i]; s.Skill.ID != w.id || s.Before != w.before || s.Done != w.done {
			t.Errorf("step %d is %s, before %d, done %v; want %+v", i, s.Skill.ID, s.Before, s.Done, w)
		}
	}
	if steps[4].Last == nil || steps[4].Last.Level != 2 || steps[0].Last != nil {
		t.Errorf("the last words are %+v and %+v", steps[4].Last, steps[0].Last)
	}
}

func TestALargeStepAsksForEvidence(t *testing.T) {
	one := &Assessment{Level: 1}
	for _, test := range []struct {
		name string
		last *Assessment
		to   Level
		want bool
	}{{"the first word", nil, 4, false}, {"what was taken back", &Assessment{Level: NotAssessed}, 3, false}, {"one step", one, 2, false},
		{"two steps", one, 3, true}, {"three steps", one, 4, true}, {"the same", one, 1, false}, {"down", &Assessment{Level: 4}, 0, false}} {
		if got := AsksForEvidence(test.last, test.to); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestTheLevelsOfADayComeFromTheHistory(t *testing.T) {
	skills := []Skill{{ID: "a"}, {ID: "b"}}
	history := []Assessment{said("a", 4, roundFrom, roundDay), {SkillID: "a", Kind: Validated, Level: 3, Day: roundFrom.AddDays(5), ValidTo: roundDay}, said("a", 1, roundDay, Date{})}
	for day, want := range map[Date]Level{roundFrom.AddDays(-1): NotAssessed, roundFrom: 2, roundFrom.AddDays(5): 3, roundDay: 3, roundDay.AddDays(1): 1} {
		if got := LevelsOn(history, nil, skills, day); got[0] != want || got[1] != NotAssessed {
			t.Errorf("on %s: %v, want %d", day, got, want)
		}
	}
	if mean, known := Mean([]Level{NotAssessed, 1, 4}); mean != 2.5 || !known {
		t.Errorf("mean %v, %v", mean, known)
	}
	if _, known := Mean([]Level{NotAssessed}); known {
		t.Error("a mean of nothing")
	}
}
