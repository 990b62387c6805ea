package store_test

import (
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestACertificateGivesItsLevelWhileItIsValid(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		k := sample.Certification("GCFA")
		k.Skills = []team.CertificationSkill{{SkillID: c.skill.ID, Level: 3}}
		held := hold(t, s, c.aoi, c.aoi, kind(t, s, c.lead, k), 100)
		testdb.Level(t, s, c.lead, today, team.Assessment{MemberID: c.aoi.ID, SkillID: c.skill.ID, Kind: team.Validated, Level: 2, ValidTo: today.AddDays(4000)})
		ends := held.Periods[0].EndsOn
		for when, want := range map[team.Date]team.Level{today: 3, ends: 3, ends.AddDays(1): 2} {
			m, err := s.SkillMap(ctx, c.ben, when)
			if err != nil {
				t.Fatal(err)
			}
			for j, person := range m.Members {
				if got := m.Cells[0][j].On(when); person.ID == c.aoi.ID && got != want {
					t.Errorf("on %s: level %d, want %d", when, got, want)
				}
			}
			if n := m.Totals[0].Holders(3); (n == 1) != (want == 3) {
				t.Errorf("on %s: %d holders", when, n)
			}
		}
		p, err := s.Profile(ctx, c.aoi, c.aoi.ID, today)
		if err != nil || p.LevelsOn(today)[0] != 3 || p.LevelsOn(today.AddDays(-101))[0] != team.NotAssessed {
			t.Errorf("the profile says %v, %v", p.LevelsOn(today), err)
		}
		// With the names, the department hides who has it, and still counts them.
		if err := s.SaveNamesVisible(ctx, c.lead, false); err != nil {
			t.Fatal(err)
		}
		m, err := s.SkillMap(ctx, c.ben, today)
		if err != nil || len(m.Members) != 1 || m.Totals[0].Holders(3) != 1 {
			t.Errorf("without names: %d members, %d holders, %v", len(m.Members), m.Totals[0].Holders(3), err)
		}
	})
}

func TestRenewingAHigherCertificateRenewsTheLower(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		low := kind(t, s, c.lead, sample.Certification("Security+"))
		k := sample.Certification("CySA+")
		k.Renews = []string{low.ID}
		high := kind(t, s, c.lead, k)
		first, second := hold(t, s, c.aoi, c.aoi, low, 1000), hold(t, s, c.aoi, c.aoi, high, 200)
		h := heldBy(t, s, c.aoi, first.ID, today)
		if h.Standing.Until != second.Periods[0].EndsOn || h.Standing.Through != second.ID || h.Standing.State != team.CertificateActive {
			t.Errorf("the lower one stands %+v, want until %s", h.Standing, second.Periods[0].EndsOn)
		}
		// Years after the higher one ended, both have.
		if h := heldBy(t, s, c.aoi, first.ID, second.Periods[0].EndsOn.AddDays(1)); h.Standing.State != team.CertificateLapsed {
			t.Errorf("after both ended: %s", h.Standing.State)
		}
	})
}
