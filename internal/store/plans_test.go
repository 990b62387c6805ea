package store_test

import (
	"errors"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestALineThatIsTakenOverTwiceIsThereOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead, member := sample.Member("lead"), testdb.Person(t, s, sample.Member("ben"))
		lead.Role = team.RoleLead
		lead = testdb.Person(t, s, lead)
		k := testdb.Skill(t, s, team.Operator(), "解析")
		n, err := s.SaveTraining(ctx, lead, sample.Training("解析講座", k))
		if err != nil {
			t.Fatal(err)
		}
		day := team.Date{Year: 2026, Month: time.November, Day: 25}
		lines := []team.PlanLine{{MemberID: member.ID, TrainingID: n.ID, Skills: []team.PlanSkill{{SkillID: k.ID, Level: 3}}}}
		for i, want := range []int{1, 0} {
			if added, err := s.TakeOver(ctx, lead, day, lines, "then", false); err != nil || added != want {
				t.Errorf("time %d: added %d, %v", i+1, added, err)
			}
		}
		f, err := s.PlanFacts(ctx, lead, day)
		if err != nil || len(f.Plan.Lines) != 1 || f.Plan.Basis != "then" {
			t.Fatalf("got %v %+v", err, f.Plan)
		}
		l := f.Plan.Lines[0]
		if l.Cost != n.Fee || l.ClassCost != n.ClassCost || l.OwnerID != lead.ID || l.Due.String() != "2027-03-31" || len(l.Skills) != 1 {
			t.Errorf("got %+v", l)
		}
		l.Dropped, l.Note = true, "来期に"
		if err := s.SavePlanLine(ctx, lead, l); err != nil {
			t.Fatal(err)
		}
		if err := s.SavePlanLine(ctx, lead, l); !errors.Is(err, team.ErrStale) {
			t.Errorf("a line that somebody else saved: %v", err)
		}
		if added, err := s.TakeOver(ctx, lead, day, lines, "now", false); err != nil || added != 1 {
			t.Errorf("a dropped line comes back: %d, %v", added, err)
		}
		if own, err := s.PlanLines(ctx, member, member.ID, day); err != nil || len(own) != 1 || own[0].Dropped {
			t.Errorf("the member's own: %v %+v", err, own)
		}
		if none, err := s.PlanLines(ctx, member, lead.ID, day); err != nil || none != nil {
			t.Errorf("somebody else's: %v %+v", err, none)
		}
		_, errFacts := s.PlanFacts(ctx, member, day)
		_, errTake := s.TakeOver(ctx, member, day, lines, "", false)
		for _, err := range []error{errFacts, errTake, s.SavePlanLine(ctx, member, l), s.SavePlan(ctx, member, f.Plan)} {
			if !errors.Is(err, team.ErrForbidden) {
				t.Errorf("a member plans: %v", err)
			}
		}
	})
}
