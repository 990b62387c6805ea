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

func TestACalendarAddressWorksUntilItIsRenewedRevokedOrItsOwnerLeaves(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		opens := func(secret string) bool {
			m, _, err := s.CalendarEvents(t.Context(), secret, today)
			if err != nil && !errors.Is(err, team.ErrNotFound) {
				t.Fatal(err)
			}
			return err == nil && m.ID == aoi.ID
		}
		renew := func() string {
			secret, err := s.RenewCalendar(t.Context(), aoi)
			if err != nil || len(secret) < 26 {
				t.Fatalf("%q, %v", secret, err)
			}
			return secret
		}
		first := renew()
		if !opens(first) || opens("") || opens(first+"x") {
			t.Fatal("the secret and only the secret opens it")
		}
		second := renew()
		if opens(first) || !opens(second) {
			t.Fatal("a new address did not replace the old one")
		}
		if err := s.RevokeCalendar(t.Context(), aoi); err != nil || opens(second) {
			t.Fatalf("revoked and open: %v", err)
		}
		if _, err := s.Calendar(t.Context(), aoi); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("after revoking: %v", err)
		}
		third := renew()
		for _, active := range []bool{false, true} {
			aoi.Active = active
			var err error
			if aoi, err = s.SaveMember(t.Context(), team.Operator(), aoi); err != nil || opens(third) {
				t.Errorf("active %t: open, or %v", active, err)
			}
		}
	})
}

func TestACalendarHoldsItsOwnersDeadlinesWithTheirRevisions(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		ben := testdb.Person(t, s, sample.Member("ben"))
		expires(t, s, aoi, "CISSP", today.AddDays(30))
		expires(t, s, ben, "CISSP", today.AddDays(10))
		secret, err := s.RenewCalendar(t.Context(), aoi)
		if err != nil {
			t.Fatal(err)
		}
		read := func() team.CalendarEvent {
			t.Helper()
			_, events, err := s.CalendarEvents(t.Context(), secret, today)
			if err != nil || len(events) != 1 || events[0].MemberID != aoi.ID {
				t.Fatalf("%+v, %v", events, err)
			}
			return events[0]
		}
		first := read()
		at.Pass(2 * time.Hour)
		if again := read(); again != first || first.Sequence != 0 {
			t.Errorf("nothing changed, and yet %+v became %+v", first, again)
		}
		if c, err := s.Calendar(t.Context(), aoi); err != nil || c.UsedAt.IsZero() {
			t.Errorf("%+v, %v", c, err)
		}
		expires(t, s, aoi, "CISSP", today.AddDays(400))
		moved := read()
		if moved.Sequence != 1 || moved.On != today.AddDays(400) || !moved.ChangedAt.After(first.ChangedAt.Time) {
			t.Errorf("moved: %+v", moved)
		}
		at.Pass(time.Minute)
		if again := read(); again != moved {
			t.Errorf("%+v became %+v", moved, again)
		}
	})
}
