package store_test

import (
	"errors"
	"sync"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func starterCount() (n int) {
	for _, g := range sample.StarterSkills() {
		n += len(g.Skills)
	}
	return n
}

func TestTakingTheStarterSkillsTwiceAddsNothingTwice(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by, all := testdb.Person(t, s, sample.Lead("takahashi")), sample.StarterSkills()
		some := []team.StarterCategory{{Key: all[0].Key, Category: all[0].Category, Skills: all[0].Skills[:2]}}
		if n, err := s.TakeStarterSkills(t.Context(), by, some); n != 2 || err != nil {
			t.Fatalf("two chosen: %d, %v", n, err)
		}
		c, err := s.Catalogue(t.Context(), by)
		if err != nil || len(c.Categories) != 1 || len(c.Skills) != 2 {
			t.Fatalf("%d categories, %d skills, %v", len(c.Categories), len(c.Skills), err)
		}
		renamed := c.Skills[0]
		renamed.Name = "わたしたちの呼び方"
		if _, err := s.SaveSkill(t.Context(), by, renamed); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int{starterCount() - 2, 0} {
			if n, err := s.TakeStarterSkills(t.Context(), by, all); n != want || err != nil {
				t.Errorf("run %d added %d, %v; want %d", i+1, n, err, want)
			}
		}
		c, err = s.Catalogue(t.Context(), by)
		if err != nil || len(c.Skills) != starterCount() || len(c.Categories) != len(all) {
			t.Errorf("%d skills in %d categories, %v", len(c.Skills), len(c.Categories), err)
		}
		k, err := s.Skill(t.Context(), by, c.Skills[1].ID)
		if err != nil || k.Anchors[4] == "" || k.AnchorsEn[0] == "" {
			t.Errorf("the sentences of the levels are gone: %+v, %v", k, err)
		}
	})
}

func TestTwoLeadsTakeTheStarterSkillsAtTheSameMoment(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Lead("takahashi"))
		var together sync.WaitGroup
		added, faults := make([]int, 2), make([]error, 2)
		for i := range added {
			together.Go(func() { added[i], faults[i] = s.TakeStarterSkills(t.Context(), by, sample.StarterSkills()) })
		}
		together.Wait()
		if err := errors.Join(faults...); err != nil || added[0]+added[1] != starterCount() {
			t.Errorf("added %v of %d, %v", added, starterCount(), err)
		}
	})
}

func TestOnlyLeadsTakeTheStarterSkills(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("suzuki"))
		if _, err := s.TakeStarterSkills(t.Context(), by, sample.StarterSkills()); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("got %v", err)
		}
		if c, err := s.Catalogue(t.Context(), by); err != nil || len(c.Skills)+len(c.Categories) != 0 {
			t.Errorf("%d skills, %v", len(c.Skills), err)
		}
	})
}
