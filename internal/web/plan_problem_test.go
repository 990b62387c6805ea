package web

import (
	"fmt"
	"testing"
	"time"

	"tasuki/internal/plan"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// office is the department of the worked examples, as the store holds it: Aoi alone can
// do forensics and Emi alone law, and the plan aims at one more of each. What somebody
// may not take asks for a level that they do not have.
func office() store.PlanFacts {
	day := team.Date{Year: 2026, Month: time.November, Day: 25}
	f := store.PlanFacts{Map: team.SkillMap{Day: day}}
	levels := map[string][2]team.Level{"Aoi": {4, 0}, "Ben": {2, 0}, "Chie": {1, 0}, "Dai": {0, 1}, "Emi": {0, 4}, "Fumi": {2, 2}}
	for _, id := range []string{"FOR", "LAW"} {
		f.Map.Skills = append(f.Map.Skills, team.Skill{ID: id, Requirement: team.Requirement{RequiredLevel: 3, Minimum: 1, Redundancy: 1, Critical: true, Weight: 1}})
	}
	f.Map.Cells = make([][]team.Cell, 2)
	for _, id := range []string{"Aoi", "Ben", "Chie", "Dai", "Emi", "Fumi"} {
		f.Map.Members = append(f.Map.Members, team.Member{ID: id})
		for s := range f.Map.Cells {
			f.Map.Cells[s] = append(f.Map.Cells[s], team.Cell{Validated: &team.Assessment{Kind: team.Validated, Level: levels[id][s], Day: day}})
		}
	}
	need := func(id string, fee int, skills ...team.TrainingSkill) {
		f.Trainings = append(f.Trainings, team.Training{ID: id, Fee: fee, Minutes: 480, Active: true, Skills: skills})
	}
	need("DFIR", 300, team.TrainingSkill{SkillID: "FOR", Level: 3, Prerequisite: 2})
	need("LAWX", 120, team.TrainingSkill{SkillID: "LAW", Level: 3, Prerequisite: 2})
	need("COMBO", 380, team.TrainingSkill{SkillID: "FOR", Level: 3, Prerequisite: 2}, team.TrainingSkill{SkillID: "LAW", Level: 3, Prerequisite: 2})
	return f
}

func TestThePlanOfTheOfficeIsTheOneOfTheWorkedExample(t *testing.T) {
	leaving := func(id string) []team.Absence {
		return []team.Absence{{MemberID: id, Kind: team.Leaving, StartsOn: team.Date{Year: 2027, Month: 3, Day: 31}}}
	}
	day := team.Date{Year: 2026, Month: time.November, Day: 25}
	for _, test := range []struct {
		name   string
		change func(*store.PlanFacts)
		cost   int64
		who    string
		lacks  int
	}{
		{"one course for two skills is the cheapest", func(*store.PlanFacts) {}, 380, "[{Fumi COMBO}]", 0},
		{"nothing is wanted beyond the minimum", func(f *store.PlanFacts) { f.Plan.WithoutReserve = true }, 0, "[]", 0},
		{"who leaves is not sent", func(f *store.PlanFacts) { f.Absences = leaving("Fumi") }, 300, "[{Ben DFIR}]", 1},
		{"who leaves is no holder, and somebody steps in", func(f *store.PlanFacts) { f.Absences = leaving("Aoi") }, 680, "[{Ben DFIR} {Fumi COMBO}]", 0},
		{"who goes already costs nothing more", func(f *store.PlanFacts) {
			f.Records = []team.TrainingRecord{{MemberID: "Ben", TrainingID: "DFIR", State: team.RecordPlanned, Day: day, Skills: []team.RecordSkill{{SkillID: "FOR", Level: 3}}}}
		}, 120, "[{Fumi LAWX}]", 0},
		{"whose hours are used up is not sent", func(f *store.PlanFacts) {
			f.Plan.HoursEach = 8
			f.Records = []team.TrainingRecord{{MemberID: "Fumi", State: team.RecordDone, Day: day, Minutes: 60}}
		}, 300, "[{Ben DFIR}]", 1},
	} {
		f := office()
		test.change(&f)
		l, err := plan.Solve(ctx, newPlanModel(f).problem(), plan.Options{})
		missing := 0
		for _, u := range l.Uncovered {
			missing += u.Missing
		}
		if err != nil || !l.Proven || l.Cost != test.cost || fmt.Sprint(l.Assignments) != test.who || missing != test.lacks {
			t.Errorf("%s: got %v %+v", test.name, err, l)
		}
	}
}
