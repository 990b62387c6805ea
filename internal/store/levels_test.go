package store_test

import (
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
