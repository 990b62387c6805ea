package sample

import (
	"testing"
	"time"

	"tasuki/internal/team"
)

func TestTheTrainingsOfTheDemoHaveTheirShape(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		today := team.DateOf(now.In(japan))
		kinds := map[team.TrainingKind]int{}
		for _, n := range c.Trainings {
			kinds[n.Kind]++
			if err := n.Validate(); err != nil || n.TitleEn == "" {
				t.Errorf("%s: %v", n.Title, err)
			}
		}
		within(t, "external", kinds[team.TrainingExternal], 7, 7)
		within(t, "in the house", kinds[team.TrainingInHouse], 8, 8)
		within(t, "online", kinds[team.TrainingOnline], 3, 3)
		within(t, "alone", kinds[team.TrainingSelfStudy], 2, 2)
		within(t, "records", len(c.Records), 80, 95)

		histories := map[string][]team.Assessment{}
		for _, a := range c.Assessments {
			histories[a.MemberID] = append(histories[a.MemberID], a)
		}
		var effect team.TrainingEffect
		states, asks, perPerson, unlisted := map[team.RecordState]int{}, 0, map[string]int{}, 0
		for _, r := range c.Records {
			if err := r.Validate(today); err != nil || r.CreatedAt.After(now) {
				t.Errorf("%s on %s, written down %s: %v", r.Title, r.Day, r.CreatedAt, err)
			}
			states[r.State]++
			if r.TrainingID == "" {
				unlisted++
			}
			if !r.Counts() {
				continue
			}
			perPerson[r.MemberID] += r.Minutes
			effect.Add(team.OutcomeOf(r, histories[r.MemberID], today))
			for _, k := range r.Skills {
				if team.AsksForReview(r, k, histories[r.MemberID], nil, today) {
					asks++
				}
			}
		}
		if effect.Rose != 11 || effect.Measured != 24 {
			t.Errorf("effect %d/%d, want 11/24", effect.Rose, effect.Measured)
		}
		within(t, "planned", states[team.RecordPlanned], 7, 7)
		within(t, "called off", states[team.RecordCancelled], 1, 1)
		within(t, "not in the catalogue", unlisted, 2, 2)
		within(t, "asked to look at a level again", asks, 8, 40)
		within(t, "people", len(perPerson), 12, 12)
		sum := team.TotalsOf(c.Records, today.AddDays(-239), today)
		within(t, "hours of eight months", sum.Minutes/60, 280, 380)
		within(t, "yen of eight months", sum.Cost, 1_000_000, 1_500_000)
	})
}

// The shortest way that the plan of the demo shows: from Routine to Independent in
// malware analysis by the sessions in the house.
func TestTheDemoHasTrainingsForWhatItMisses(t *testing.T) {
	c := Demo(time.Now())
	leads := map[string]bool{}
	for _, n := range c.Trainings {
		for _, k := range n.Skills {
			if k.Level >= team.Independent {
				leads[k.SkillID] = true
			}
		}
	}
	for _, key := range []string{"A3", "D2", "D4", "E2", "E5", "F1", "F2", "F3"} {
		if !leads[DemoSkill(key)] {
			t.Errorf("nothing leads to level 3 of %s", key)
		}
	}
}
