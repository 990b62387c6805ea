package store_test

import (
	"errors"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestAProfileTellsHowLevelsCameAbout(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		word := c.level(c.aoi, team.Declared, 2, lastWeek)
		word.Note, word.Confidence = "夜間の当番を3回", 4
		testdb.Level(t, s, c.aoi, today, word)
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 3, monday))
		if _, err := s.SaveTarget(t.Context(), c.aoi, today, team.Target{MemberID: c.aoi.ID, SkillID: c.skill.ID, Level: 4}, ""); err != nil {
			t.Fatal(err)
		}
		for name, reader := range map[string]struct {
			by     team.Member
			inside bool
		}{"herself": {c.aoi, true}, "the lead": {c.lead, true}, "a colleague": {c.ben, false}} {
			p, err := s.Profile(t.Context(), reader.by, c.aoi.ID, today)
			if err != nil || len(p.History) != 2 || len(p.Cells) != 1 || p.Holders[0] != 1 || p.Cells[0].On(today) != 3 {
				t.Fatalf("%s: %+v, %v", name, p, err)
			}
			note := p.History[0].Note != "" && p.History[0].Confidence == 4
			if note != reader.inside || p.Figures != reader.inside || (p.Cells[0].Target != nil) != reader.inside {
				t.Errorf("%s: note %v, figures %v, target %v; want all %v", name, note, p.Figures, p.Cells[0].Target, reader.inside)
			}
		}
		before, err := s.Profile(t.Context(), c.aoi, c.aoi.ID, monday.AddDays(-1))
		if err != nil || len(before.History) != 1 || before.Cells[0].On(before.History[0].Day) != 2 {
			t.Errorf("the day before: %+v, %v", before, err)
		}
	})
}

func TestAHiddenProfileDoesNotExist(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		viewer := sample.Member("viewer")
		viewer.Role = team.RoleViewer
		viewer = testdb.Person(t, s, viewer)
		see := func(by team.Member, id string) error { _, err := s.Profile(t.Context(), by, id, today); return err }
		if err := errors.Join(see(c.ben, c.aoi.ID), see(viewer, c.aoi.ID)); err != nil {
			t.Errorf("with names for everybody: %v", err)
		}
		if err := s.SaveNamesVisible(t.Context(), c.lead, false); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(see(c.aoi, c.aoi.ID), see(c.lead, c.aoi.ID)); err != nil {
			t.Errorf("herself and the lead: %v", err)
		}
		for name, err := range map[string]error{"a colleague": see(c.ben, c.aoi.ID), "a viewer": see(viewer, c.aoi.ID), "nobody": see(c.lead, "none"), "of a viewer": see(c.lead, viewer.ID)} {
			if !errors.Is(err, team.ErrNotFound) {
				t.Errorf("%s: %v, want it missing", name, err)
			}
		}
	})
}

func TestAWordWaitsUntilSomebodyConfirmsIt(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		expert := testdb.Person(t, s, sample.Member("expert"))
		testdb.Level(t, s, c.lead, today, c.level(expert, team.Validated, 4, lastWeek))
		word := c.level(c.aoi, team.Declared, 3, monday)
		word.Note, word.Confidence = "解析を2件", 3
		testdb.Level(t, s, c.aoi, today, word)
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 1, lastWeek))
		testdb.Level(t, s, c.lead, today, store.LevelChange{Assessment: c.level(c.lead, team.Declared, 2, today)}.Assessment)
		wait := func(by team.Member) []store.WaitingLevel {
			t.Helper()
			list, err := s.WaitingLevels(t.Context(), by, today)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		if list := wait(c.lead); len(list) != 1 || list[0].Declared.Level != 3 || list[0].Declared.Note != "解析を2件" || list[0].Validated.Level != 1 || list[0].Member.ID != c.aoi.ID {
			t.Errorf("the lead has %+v", list)
		}
		if list := wait(expert); len(list) != 2 || list[0].Declared.Note != "" || list[0].Declared.Confidence != 0 {
			t.Errorf("the expert has %+v", list)
		}
		if list := wait(c.ben); len(list) != 0 {
			t.Errorf("a colleague has %+v", list)
		}
		if err := s.SaveNamesVisible(t.Context(), c.lead, false); err != nil {
			t.Fatal(err)
		}
		if list := wait(expert); len(list) != 0 {
			t.Errorf("names are hidden, but the expert has %+v", list)
		}
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 3, today))
		if list := wait(c.lead); len(list) != 0 {
			t.Errorf("confirmed, but still %+v", list)
		}
		testdb.Level(t, s, c.aoi, today, c.level(c.aoi, team.Declared, 4, today))
		if list := wait(c.lead); len(list) != 1 || list[0].Declared.Level != 4 {
			t.Errorf("said anew on the same day: %+v", list)
		}
	})
}
