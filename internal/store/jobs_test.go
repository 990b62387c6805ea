package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestAJobIsOneProcessesAtATime(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		at := &testdb.Clock{}
		at.Set(today)
		s.Now = at.Now
		take := func(who string) bool {
			taken, err := s.TakeJob(t.Context(), "reminders", who, 10*time.Minute, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return taken
		}
		var won atomic.Int64
		var all sync.WaitGroup
		for _, who := range []string{"a", "b", "c", "d", "e", "f"} {
			all.Go(func() {
				if taken, err := s.TakeJob(t.Context(), "reminders", who, 10*time.Minute, time.Minute); err != nil {
					t.Error(err)
				} else if taken {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d processes have it", won.Load())
		}
		at.Pass(time.Minute) // its holder died
		if !take("a") || take("b") {
			t.Fatal("the lease of a dead process does not pass on to one other")
		}
		at.Pass(50 * time.Second)
		if err := s.KeepJob(t.Context(), "reminders", "a", time.Minute); err != nil {
			t.Fatal(err)
		}
		at.Pass(50 * time.Second)
		if take("b") {
			t.Fatal("a lease that was kept ran out")
		}
		at.Pass(10 * time.Second)
		if !take("b") {
			t.Fatal("a lease that was not kept did not run out")
		}
		if err := s.KeepJob(t.Context(), "reminders", "a", time.Minute); !errors.Is(err, team.ErrStale) {
			t.Errorf("who lost it hears %v", err)
		}
		for _, who := range []string{"a", "b"} { // the end of one who lost it changes nothing
			if err := s.EndJob(t.Context(), "reminders", who, "done", 3, 1); err != nil {
				t.Fatal(err)
			}
		}
		if take("a") {
			t.Error("it is not due yet")
		}
		at.Pass(10 * time.Minute)
		if !take("a") {
			t.Error("it is due again")
		}
	})
}

func TestHowJobsWentIsForAdministrators(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		if _, err := s.TakeJob(t.Context(), "reminders", "a", time.Hour, time.Minute); err != nil {
			t.Fatal(err)
		}
		if err := s.EndJob(t.Context(), "reminders", "a", "failed", 2, 1); err != nil {
			t.Fatal(err)
		}
		admin := sample.Member("admin")
		admin.Role = team.RoleAdmin
		list, err := s.Jobs(t.Context(), testdb.Person(t, s, admin))
		if err != nil || len(list) != 1 || list[0].Outcome != "failed" || list[0].Done != 2 || list[0].Failed != 1 || list[0].EndedAt.IsZero() || list[0].Holder != "" {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := s.Jobs(t.Context(), testdb.Person(t, s, sample.Lead("lead"))); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a lead: %v", err)
		}
	})
}
