package store_test

import (
	"errors"
	"testing"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestAbsencesAreForThePersonAndTheLead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		leave, err := s.SaveAbsence(t.Context(), c.aoi, team.Absence{MemberID: c.aoi.ID, Kind: team.Leave, StartsOn: today, EndsOn: today.AddDays(5)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveAbsence(t.Context(), c.lead, team.Absence{MemberID: c.ben.ID, Kind: team.Leaving, StartsOn: today.AddDays(30)}); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]struct {
			by   team.Member
			from team.Date
			n    int
		}{"a lead": {c.lead, today, 2}, "the person": {c.aoi, today, 1}, "the last day counts": {c.aoi, today.AddDays(5), 1},
			"after it": {c.aoi, today.AddDays(6), 0}, "a leaving has no end": {c.lead, today.AddDays(900), 1}} {
			list, err := s.Absences(t.Context(), want.by, want.from)
			if err != nil || len(list) != want.n {
				t.Errorf("%s: %d absences, %v; want %d", name, len(list), err, want.n)
			}
		}
		// For a colleague there is none, whatever they send.
		moved := leave
		moved.MemberID = c.ben.ID
		for name, err := range map[string]error{
			"plans one of another": func() error {
				_, err := s.SaveAbsence(t.Context(), c.ben, team.Absence{MemberID: c.aoi.ID, Kind: team.Leaving, StartsOn: today})
				return err
			}(),
			"changes it":              func() error { _, err := s.SaveAbsence(t.Context(), c.ben, leave); return err }(),
			"says it is their own":    func() error { _, err := s.SaveAbsence(t.Context(), c.ben, moved); return err }(),
			"deletes it":              s.DeleteAbsence(t.Context(), c.ben, leave.ID),
			"deletes what is nowhere": s.DeleteAbsence(t.Context(), c.ben, "nowhere"),
		} {
			if !errors.Is(err, team.ErrNotFound) {
				t.Errorf("a colleague %s: %v", name, err)
			}
		}
		leave.EndsOn = today.AddDays(9)
		if _, err := s.SaveAbsence(t.Context(), c.aoi, leave); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveAbsence(t.Context(), c.lead, leave); !errors.Is(err, team.ErrStale) {
			t.Errorf("a lead who had not seen the change: %v", err)
		}
		if err := s.DeleteAbsence(t.Context(), c.lead, leave.ID); err != nil {
			t.Error(err)
		}
	})
}
