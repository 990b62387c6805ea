package store_test

import (
	"context"
	"errors"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var (
	today    = team.Date{Year: 2026, Month: 11, Day: 24}
	monday   = today.AddDays(-1)
	lastWeek = today.AddDays(-7)
)

// crew is a lead and two members with one skill.
type crew struct {
	lead, aoi, ben team.Member
	skill          team.Skill
}

func newCrew(t *testing.T, s *store.Store) crew {
	c := crew{lead: testdb.Person(t, s, sample.Lead("lead")), aoi: testdb.Person(t, s, sample.Member("aoi")), ben: testdb.Person(t, s, sample.Member("ben"))}
	c.skill = testdb.Skill(t, s, c.lead, "フォレンジック")
	return c
}

func (c crew) level(m team.Member, kind team.AssessmentKind, l team.Level, day team.Date) team.Assessment {
	return team.Assessment{MemberID: m.ID, SkillID: c.skill.ID, Kind: kind, Level: l, Day: day}
}

// on returns the level of Aoi that counts on a day.
func (c crew) on(t *testing.T, s *store.Store, day team.Date) team.Level {
	t.Helper()
	m, err := s.SkillMap(t.Context(), c.lead, day)
	if err != nil {
		t.Fatal(err)
	}
	for j, person := range m.Members {
		if person.ID == c.aoi.ID {
			return m.Cells[0][j].On(day)
		}
	}
	t.Fatal("Aoi is not on the map")
	return 0
}

func TestTheMapOfAnyDayIsAsItWas(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		testdb.Level(t, s, c.aoi, today, c.level(c.aoi, team.Declared, 4, lastWeek))
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 3, monday))
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 1, today))
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 4, today))
		for day, want := range map[team.Date]team.Level{
			lastWeek.AddDays(-1): team.NotAssessed,
			lastWeek:             2, // one's own word counts up to 2
			monday:               3,
			today:                4,
			today.AddDays(730):   4,
			today.AddDays(731):   2, // the validated level has run out
		} {
			if got := c.on(t, s, day); got != want {
				t.Errorf("on %s: level %d, want %d", day, got, want)
			}
		}
	})
}

func TestOfTwoInOneCellTheSecondSeesTheFirst(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		change := store.LevelChange{Assessment: c.level(c.aoi, team.Validated, 3, today)}
		if _, err := s.SaveLevels(t.Context(), c.lead, today, []store.LevelChange{change}); err != nil {
			t.Fatal(err)
		}
		change.Level = 1
		newer, err := s.SaveLevels(t.Context(), c.lead, today, []store.LevelChange{change})
		if !errors.Is(err, team.ErrStale) || len(newer) != 1 || newer[0].Level != 3 {
			t.Errorf("the second got %v and %+v, want the level of the first", err, newer)
		}
		if got := c.on(t, s, today); got != 3 {
			t.Errorf("level %d stands, want the first", got)
		}
	})
}

// give tries to give a level and returns what came of it.
func (c crew) give(t *testing.T, s *store.Store, by team.Member, a team.Assessment, last string) error {
	t.Helper()
	_, err := s.SaveLevels(t.Context(), by, today, []store.LevelChange{{Assessment: a, Last: last}})
	return err
}

func TestWhoMayGiveALevel(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		expert, former := testdb.Person(t, s, sample.Member("expert")), testdb.Person(t, s, sample.Member("former"))
		viewer := sample.Member("viewer")
		viewer.Role = team.RoleViewer
		viewer = testdb.Person(t, s, viewer)
		testdb.Level(t, s, c.lead, today, c.level(expert, team.Validated, 4, today))
		old := c.level(former, team.Validated, 4, lastWeek)
		old.ValidTo = monday
		testdb.Level(t, s, c.lead, today, old)
		for name, try := range map[string]struct {
			by, of team.Member
			kind   team.AssessmentKind
			want   error
		}{
			"a member says it of themselves":              {c.ben, c.ben, team.Declared, nil},
			"a member says it of a colleague":             {c.ben, c.aoi, team.Declared, team.ErrForbidden},
			"a lead does not speak for a member":          {c.lead, c.aoi, team.Declared, team.ErrForbidden},
			"a member confirms a colleague":               {c.ben, c.aoi, team.Validated, team.ErrForbidden},
			"a member confirms themselves":                {c.ben, c.ben, team.Validated, team.ErrForbidden},
			"a lead confirms themselves":                  {c.lead, c.lead, team.Validated, team.ErrForbidden},
			"an expert confirms a colleague":              {expert, c.lead, team.Validated, nil},
			"an expert confirms themselves":               {expert, expert, team.Validated, team.ErrForbidden},
			"an expert whose own level has run out tries": {former, c.aoi, team.Validated, team.ErrForbidden},
			"a viewer says it of themselves":              {viewer, viewer, team.Declared, team.ErrForbidden},
		} {
			if err := c.give(t, s, try.by, c.level(try.of, try.kind, 2, today), ""); !errors.Is(err, try.want) {
				t.Errorf("%s: %v, want %v", name, err, try.want)
			}
		}
	})
}

func TestALevelIsOfSomebodyInTheDepartmentAndASkillInUse(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		gone := c.ben
		gone.Active = false
		if _, err := s.SaveMember(t.Context(), c.lead, gone); err != nil {
			t.Fatal(err)
		}
		if err := c.give(t, s, c.lead, c.level(gone, team.Validated, 2, today), ""); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("of somebody who left: %v", err)
		}
		c.skill.Active = false
		if _, err := s.SaveSkill(t.Context(), c.lead, c.skill); err != nil {
			t.Fatal(err)
		}
		if err := c.give(t, s, c.lead, c.level(c.aoi, team.Validated, 2, today), ""); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("of a skill out of use: %v", err)
		}
		var invalid team.Invalid
		for _, a := range []team.Assessment{c.level(c.aoi, team.Validated, 5, today), c.level(c.aoi, team.Validated, 3, today.AddDays(1)), c.level(c.aoi, "guessed", 3, today)} {
			if err := c.give(t, s, c.lead, a, ""); !errors.As(err, &invalid) {
				t.Errorf("%+v: %v", a, err)
			}
		}
	})
}

func TestTakingALevelBackIsNotALevelOfNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 0, monday))
		if got := c.on(t, s, monday); got != team.None {
			t.Errorf("level %d, want 0", got)
		}
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, team.NotAssessed, today))
		if got := c.on(t, s, today); got != team.NotAssessed {
			t.Errorf("level %d, want none", got)
		}
		if got := c.on(t, s, monday); got != team.None {
			t.Errorf("yesterday's level is %d now", got)
		}
	})
}

func TestWhatIsSaidOfAnEarlierDayGoesIntoTheHistory(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 1, lastWeek))
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 4, today))
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 3, monday))
		for day, want := range map[team.Date]team.Level{lastWeek: 1, monday: 3, today: 4} {
			if got := c.on(t, s, day); got != want {
				t.Errorf("on %s: level %d, want %d", day, got, want)
			}
		}
	})
}

func TestOfManyAtTheSameMomentOneGivesTheLevel(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		for _, last := range []string{"", "the one before"} {
			if last != "" {
				history, _, err := s.LevelHistory(t.Context(), c.lead, c.aoi.ID, c.skill.ID)
				if err != nil {
					t.Fatal(err)
				}
				last = history[0].ID
			}
			results := make(chan error, 4)
			for n := range cap(results) {
				go func() {
					_, err := s.SaveLevels(context.Background(), c.lead, today, []store.LevelChange{{Assessment: c.level(c.aoi, team.Validated, team.Level(n), today), Last: last}})
					results <- err
				}()
			}
			saved := 0
			for range cap(results) {
				if err := <-results; err == nil {
					saved++
				} else if !errors.Is(err, team.ErrStale) {
					t.Errorf("a loser got %v", err)
				}
			}
			if saved != 1 {
				t.Errorf("%d were saved, want 1", saved)
			}
		}
	})
}

func TestSeveralLevelsAreSavedTogetherOrNotAtAll(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		changes := []store.LevelChange{{Assessment: c.level(c.aoi, team.Validated, 3, today)}, {Assessment: c.level(c.lead, team.Validated, 3, today)}}
		if _, err := s.SaveLevels(t.Context(), c.lead, today, changes); !errors.Is(err, team.ErrForbidden) {
			t.Fatalf("a lead confirmed themselves: %v", err)
		}
		if got := c.on(t, s, today); got != team.NotAssessed {
			t.Errorf("the other level was saved: %d", got)
		}
		once := store.Once(t.Context(), c.lead, "form-1")
		for range 2 { // the reply to the first was lost
			if _, err := s.SaveLevels(once, c.lead, today, changes[:1]); err != nil {
				t.Fatal(err)
			}
		}
		history, _, err := s.LevelHistory(t.Context(), c.lead, c.aoi.ID, c.skill.ID)
		if err != nil || len(history) != 1 {
			t.Errorf("%d levels, %v; want 1", len(history), err)
		}
	})
}

func TestNamesAreSeenAsTheDepartmentDecided(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		a := c.level(c.aoi, team.Validated, 3, today)
		a.Note = "単独で2件を調べた"
		testdb.Level(t, s, c.lead, today, a)
		see := func(by team.Member) (people int, holders int, note string) {
			t.Helper()
			m, err := s.SkillMap(t.Context(), by, today)
			if err != nil {
				t.Fatal(err)
			}
			history, _, err := s.LevelHistory(t.Context(), by, c.aoi.ID, c.skill.ID)
			if err != nil && !errors.Is(err, team.ErrNotFound) {
				t.Fatal(err)
			}
			for _, h := range history {
				note = h.Note
			}
			return len(m.Members), m.Totals[0].Holders(3), note
		}
		type seen struct {
			people, holders int
			note            string
		}
		for _, hidden := range []bool{false, true} {
			if err := s.SaveNamesVisible(t.Context(), c.lead, !hidden); err != nil {
				t.Fatal(err)
			}
			others := map[bool]int{false: 3, true: 1}[hidden]
			for name, want := range map[string]struct {
				by   team.Member
				want seen
			}{"the person": {c.aoi, seen{others, 1, a.Note}}, "a lead": {c.lead, seen{3, 1, a.Note}}, "a colleague": {c.ben, seen{others, 1, ""}}} {
				people, holders, note := see(want.by)
				if got := (seen{people, holders, note}); got != want.want {
					t.Errorf("names hidden %v, %s sees %+v, want %+v", hidden, name, got, want.want)
				}
			}
		}
		if err := s.SaveNamesVisible(t.Context(), c.ben, true); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a member decided: %v", err)
		}
	})
}

func TestTargetsAreSetByThePersonAndTheLead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		target := team.Target{MemberID: c.aoi.ID, SkillID: c.skill.ID, Level: 3, Due: today.AddDays(90)}
		if _, err := s.SaveTarget(t.Context(), c.ben, today, target, ""); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a colleague: %v", err)
		}
		set, err := s.SaveTarget(t.Context(), c.aoi, today, target, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveTarget(t.Context(), c.lead, today, target, ""); !errors.Is(err, team.ErrStale) {
			t.Errorf("a lead who had not seen it: %v", err)
		}
		target.Level = 4
		if _, err := s.SaveTarget(t.Context(), c.lead, today, target, set.ID); err != nil {
			t.Fatal(err)
		}
		_, history, err := s.LevelHistory(t.Context(), c.aoi, c.aoi.ID, c.skill.ID)
		if err != nil || len(history) != 2 || history[0].Level != 4 || history[1].ReplacedOn != today {
			t.Errorf("%+v, %v; want both, the last first", history, err)
		}
	})
}
