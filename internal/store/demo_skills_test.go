package store_test

import (
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// demoMap returns the skill map of the demo, as its lead sees it on a day.
func demoMap(t *testing.T, s *store.Store, now time.Time) team.SkillMap {
	t.Helper()
	d := sample.Demo(now)
	s.Now = func() time.Time { return now }
	testdb.Company(t, s, d)
	m, err := s.SkillMap(t.Context(), d.Members[0], team.DateOf(now))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var demoDay = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func TestTheDemoShowsWhatHangsOnOnePerson(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		m := demoMap(t, s, demoDay)
		have, need, met := 0, 0, 0
		histogram, names := map[int]int{}, map[int][]string{}
		for i, k := range m.Skills {
			n := m.Totals[i].Holders(k.RequiredLevel)
			histogram[n]++
			names[n] = append(names[n], k.Name)
			have, need = have+min(n, k.Minimum), need+k.Minimum
			if n >= k.Minimum {
				met++
			}
		}
		if have != 51 || need != 63 || met != 20 {
			t.Errorf("coverage %d of %d, %d skills have enough; want 51 of 63 and 20", have, need, met)
		}
		for n, want := range []int{2, 8, 11, 4, 4, 1} {
			if histogram[n] != want {
				t.Errorf("%d skills have %d holders, want %d: %v", histogram[n], n, want, names[n])
			}
		}
		if unknown := notAssessed(m); unknown != 8 {
			t.Errorf("%d cells are not assessed, want 8", unknown)
		}
	})
}

func notAssessed(m team.SkillMap) (n int) {
	for _, total := range m.Totals {
		n += total.NotAssessed
	}
	return n
}

func TestTheDemoHasGrownInHalfAYear(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		now := demoMap(t, s, demoDay)
		then, err := s.SkillMap(t.Context(), now.Members[0], now.Day.AddMonths(-6))
		if err != nil {
			t.Fatal(err)
		}
		sum := func(m team.SkillMap) (sum int) {
			for _, total := range m.Totals {
				for level, n := range total.Levels {
					sum += level * n
				}
			}
			return sum
		}
		if sum(then) == 0 || sum(then) >= sum(now) {
			t.Errorf("half a year ago the levels added up to %d, now to %d", sum(then), sum(now))
		}
	})
}
