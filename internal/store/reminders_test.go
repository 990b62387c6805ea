package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func eachWithDeadlines(t *testing.T, test func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member)) {
	t.Helper()
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		at := &testdb.Clock{}
		at.Set(today)
		s.Now = at.Now
		test(t, s, at, testdb.Person(t, s, sample.Member("aoi")))
	})
}

// expires says until when a member's certificate of a name is valid: it is logged, or
// what was logged is corrected.
func expires(t *testing.T, s *store.Store, m team.Member, name string, on team.Date) {
	t.Helper()
	p := team.CertificatePeriod{Place: 1, StartsOn: today.AddDays(-1000), EndsOn: on}
	if c, held := certificateOf(t, s, m, name); held {
		if err := s.CorrectCertificate(t.Context(), m, today, c.ID, c.Version, p); err != nil {
			t.Fatal(err)
		}
		return
	}
	kinds, err := s.Certifications(t.Context(), team.Operator())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(kinds, func(k team.Certification) bool { return k.Name == name })
	if i < 0 {
		kinds, i = []team.Certification{kind(t, s, team.Operator(), sample.Certification(name))}, 0
	}
	if _, err := s.AddCertificate(t.Context(), m, today, team.Certificate{MemberID: m.ID, CertificationID: kinds[i].ID}, p, ""); err != nil {
		t.Fatal(err)
	}
}

// renew logs, on a day, that a certificate is valid until another one.
func renew(t *testing.T, s *store.Store, m team.Member, name string, day, until team.Date) {
	t.Helper()
	c, _ := certificateOf(t, s, m, name)
	next := team.CertificatePeriod{StartsOn: c.Last().EndsOn.AddDays(1), EndsOn: until}
	if err := s.RenewCertificate(t.Context(), m, day, c.ID, c.Version, next); err != nil {
		t.Fatal(err)
	}
}

func certificateOf(t *testing.T, s *store.Store, m team.Member, name string) (team.Certificate, bool) {
	t.Helper()
	list, err := s.Certificates(t.Context(), team.Operator(), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range list {
		if h.MemberID == m.ID && h.Certification.Name == name {
			return h.Certificate, true
		}
	}
	return team.Certificate{}, false
}

// reserve returns today's digest of a member, or "" for none.
func reserve(t *testing.T, s *store.Store, m team.Member, day team.Date) team.Digest {
	t.Helper()
	d, err := s.ReserveDigest(t.Context(), m.ID, day)
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		t.Fatal(err)
	}
	return d
}

func end(t *testing.T, s *store.Store, d team.Digest, outcome team.DigestOutcome) {
	t.Helper()
	if err := s.EndDigest(t.Context(), d, outcome, map[bool]string{true: "refused"}[outcome != team.DigestSent]); err != nil {
		t.Fatal(err)
	}
}

// walk lets the days around every stage of some deadlines pass, and one on which
// something happens, and returns the days before a deadline on which a digest was sent.
func walk(t *testing.T, s *store.Store, at *testdb.Clock, m team.Member, deadlines []team.Date, when team.Date, happens func()) (days []string) {
	t.Helper()
	for day := deadlines[0].AddDays(-182); !deadlines[len(deadlines)-1].AddDays(2).Before(day); day = day.AddDays(1) {
		if !nearAStage(day, deadlines) && day != when {
			continue
		}
		at.Set(day)
		if day == when {
			happens()
		}
		due, err := s.DigestsDue(t.Context(), day)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second run of the day has nothing left to tell
			d := reserve(t, s, m, day)
			if (d.ID != "") != (len(due) == 1) {
				t.Fatalf("%s: %v are due, reserved %+v", day, due, d)
			}
			if d.ID == "" {
				continue
			}
			due = nil
			for _, r := range d.Reminders {
				days = append(days, fmt.Sprintf("%d before %s", r.DaysLeft(day), r.On))
			}
			end(t, s, d, team.DigestSent)
		}
	}
	return days
}

func nearAStage(day team.Date, deadlines []team.Date) bool {
	return slices.ContainsFunc(deadlines, func(on team.Date) bool {
		left := (team.Deadline{On: on}).DaysLeft(day)
		return slices.ContainsFunc([]int{180, 90, 30, 29, 7, 0}, func(stage int) bool { return left-stage <= 1 && stage-left <= 1 })
	})
}

func TestACertificateIsToldFourTimesAndItsRenewalStartsAnew(t *testing.T) {
	leapDay, march := team.Date{Year: 2028, Month: 2, Day: 29}, team.Date{Year: 2027, Month: 3, Day: 31}
	for _, test := range []struct {
		name  string
		first team.Date
		moved team.Date // on which day the renewal is logged
		until team.Date // the new day
		want  []string
	}{
		{"31 March, and its renewal logged on 1 April", march, march.AddDays(1), march.AddMonths(12),
			[]string{"180 before 2027-03-31", "90 before 2027-03-31", "30 before 2027-03-31", "7 before 2027-03-31",
				"180 before 2028-03-31", "90 before 2028-03-31", "30 before 2028-03-31", "7 before 2028-03-31"}},
		{"29 February, renewed between two stages", leapDay, leapDay.AddDays(-50), leapDay.AddMonths(12),
			[]string{"180 before 2028-02-29", "90 before 2028-02-29",
				"180 before 2029-02-28", "90 before 2029-02-28", "30 before 2029-02-28", "7 before 2029-02-28"}},
		{"logged a month late, with the next day near", march, march.AddDays(31), march.AddDays(60),
			[]string{"180 before 2027-03-31", "90 before 2027-03-31", "30 before 2027-03-31", "7 before 2027-03-31",
				"29 before 2027-05-30", "7 before 2027-05-30"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
				expires(t, s, aoi, "CISSP", test.first)
				got := walk(t, s, at, aoi, []team.Date{test.first, test.until}, test.moved, func() { renew(t, s, aoi, "CISSP", test.moved, test.until) })
				if !slices.Equal(got, test.want) {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		})
	}
}

func TestAfterALongStopOneDigestTellsEverythingAtItsMostUrgentStage(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		for i, days := range []int{5, 20, 60, 170, 200} {
			expires(t, s, aoi, fmt.Sprint("C", i), today.AddDays(days))
		}
		d := reserve(t, s, aoi, today)
		var stages []int
		for _, r := range d.Reminders {
			stages = append(stages, r.Stage)
		}
		if !slices.Equal(stages, []int{7, 30, 90, 180}) {
			t.Errorf("got %v", stages)
		}
	})
}

func TestWhoWantsNoMailOrHasLeftGetsNone(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		expires(t, s, aoi, "CISSP", today.AddDays(3))
		ben := testdb.Person(t, s, sample.Member("ben"))
		expires(t, s, ben, "CISSP", today.AddDays(3))
		if err := s.SavePreferences(t.Context(), aoi, "ja", true, false); err != nil {
			t.Fatal(err)
		}
		ben.Active = false
		if _, err := s.SaveMember(t.Context(), team.Operator(), ben); err != nil {
			t.Fatal(err)
		}
		due, err := s.DigestsDue(t.Context(), today)
		if err != nil || len(due) > 0 || reserve(t, s, aoi, today).ID != "" || reserve(t, s, ben, today).ID != "" {
			t.Errorf("%v, %v", due, err)
		}
		if list, err := s.ShownDeadlines(t.Context(), aoi, today); err != nil || len(list) != 1 {
			t.Errorf("on the page there is %v, %v", list, err)
		}
	})
}

func TestADigestThatFailedIsDueAgainAfterAWhile(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		expires(t, s, aoi, "CISSP", today.AddDays(90))
		first := reserve(t, s, aoi, today)
		end(t, s, first, team.DigestFailed)
		for _, wait := range []time.Duration{10 * time.Minute, 20 * time.Minute, 40 * time.Minute} {
			at.Pass(wait - time.Second)
			if d := reserve(t, s, aoi, today); d.ID != "" {
				t.Fatalf("tried again after less than %s", wait)
			}
			at.Pass(time.Second)
			d := reserve(t, s, aoi, today)
			if d.ID == "" || d.ID == first.ID || len(d.Reminders) != 1 {
				t.Fatalf("after %s: %+v", wait, d)
			}
			end(t, s, d, team.DigestFailed)
		}
		// The renewal came in meanwhile: the old day is told no more.
		expires(t, s, aoi, "CISSP", today.AddDays(400))
		at.Set(today.AddDays(1))
		if d := reserve(t, s, aoi, today.AddDays(1)); d.ID != "" {
			t.Errorf("told of a day that is no longer true: %+v", d)
		}
		problems, err := s.DigestProblems(t.Context(), team.Operator(), today.Time())
		if err != nil || len(problems) != 4 || problems[0].MemberID != aoi.ID || problems[0].Problem != "refused" || problems[0].State != team.DigestFailed {
			t.Errorf("%+v, %v", problems, err)
		}
		if _, err := s.DigestProblems(t.Context(), testdb.Person(t, s, sample.Lead("lead")), today.Time()); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a lead: %v", err)
		}
	})
}

func TestADigestWhoseSenderDiedGoesOutUnderItsOldName(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		expires(t, s, aoi, "CISSP", today.AddDays(90))
		first := reserve(t, s, aoi, today)
		at.Pass(4 * time.Minute)
		if d := reserve(t, s, aoi, today); d.ID != "" {
			t.Fatal("two are at it")
		}
		at.Pass(time.Minute)
		second := reserve(t, s, aoi, today)
		if second.ID != first.ID || second.CreatedAt != first.CreatedAt || second.Attempts != 2 || len(second.Reminders) != 1 || second.Reminders[0] != first.Reminders[0] {
			t.Fatalf("got %+v, want %+v again", second, first)
		}
		end(t, s, first, team.DigestFailed) // from the one that was thought dead
		end(t, s, second, team.DigestSent)
		at.Pass(time.Hour)
		if d := reserve(t, s, aoi, today); d.ID != "" {
			t.Errorf("told again: %+v", d)
		}
	})
}

func TestADigestWhoseSenderDiedIsDroppedWhenItIsNoLongerTrue(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		expires(t, s, aoi, "CISSP", today.AddDays(90))
		first := reserve(t, s, aoi, today)
		expires(t, s, aoi, "CISSP", today.AddDays(20))
		at.Pass(time.Hour)
		second := reserve(t, s, aoi, today)
		if second.ID == "" || second.ID == first.ID || len(second.Reminders) != 1 || second.Reminders[0].Stage != 30 {
			t.Errorf("got %+v", second)
		}
	})
}

func TestADigestOfUnknownFateIsNotSentForEver(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		expires(t, s, aoi, "CISSP", today.AddDays(90))
		ids := map[string]int{}
		for range 20 {
			if d := reserve(t, s, aoi, today); d.ID != "" {
				ids[d.ID]++
				end(t, s, d, team.DigestUnclear)
			}
			at.Pass(5 * time.Minute)
		}
		if len(ids) != 1 {
			t.Fatalf("got %v, want one name", ids)
		}
		for _, n := range ids {
			if n != 5 {
				t.Errorf("sent %d times", n)
			}
		}
		if problems, err := s.DigestProblems(t.Context(), team.Operator(), today.Time()); err != nil || len(problems) != 1 || problems[0].State != team.DigestUnclear {
			t.Errorf("%+v, %v", problems, err)
		}
	})
}

// givenUpOn are the members with a digest whose senders died so often that nobody tries
// any more; administrators see them.
func givenUpOn(t *testing.T, s *store.Store) map[string]bool {
	t.Helper()
	problems, err := s.DigestProblems(t.Context(), team.Operator(), today.Time())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, p := range problems {
		ids[p.MemberID] = p.State == team.DigestUnclear
	}
	return ids
}

func TestADigestThatNobodyComesBackFromIsGivenUpOnForAllToSee(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		expires(t, s, aoi, "CISSP", today.AddDays(90))
		tries := 0
		for range 10 {
			if d := reserve(t, s, aoi, today); d.ID != "" {
				tries++
			}
			at.Pass(10 * time.Minute)
		}
		if tries != 5 || !givenUpOn(t, s)[aoi.ID] {
			t.Errorf("%d tries, given up on: %v", tries, givenUpOn(t, s))
		}
	})
}

// Several processes on one database, of which each dies at any step: every stage
// reaches the mail server under one name, unless all died before it, and a mail whose end was noted never again.
func TestOfManyProcessesThatDieAtAnyStepEachStageIsMailedUnderOneName(t *testing.T) {
	for kind, address := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			at := &testdb.Clock{}
			at.Set(today)
			var processes []*store.Store
			for range 3 {
				s := testdb.Open(t, address)
				s.Now = at.Now
				processes = append(processes, s)
			}
			var people []team.Member
			for i := range 6 {
				m := testdb.Person(t, processes[0], sample.Member(fmt.Sprintf("m%d", i)))
				expires(t, processes[0], m, "CISSP", today.AddDays(30))
				people = append(people, m)
			}
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			box := newMailbox(rand.New(rand.NewPCG(seed, 7)))
			for range 8 {
				var all sync.WaitGroup
				for _, s := range processes {
					all.Go(func() {
						for _, m := range people {
							box.runOnce(t, s, m)
						}
					})
				}
				all.Wait()
				at.Pass(6 * time.Minute)
			}
			givenUp := givenUpOn(t, processes[0])
			for _, m := range people {
				if names := box.names[m.ID]; len(names) > 1 || len(names) == 0 && !givenUp[m.ID] {
					t.Errorf("%s got %d different mails", m.Name, len(names))
				}
			}
			if box.afterEnd > 0 || box.deaths == 0 {
				t.Errorf("%d mails were sent after their end was noted; %d deaths", box.afterEnd, box.deaths)
			}
		})
	}
}

// mailbox is what a mail server took over, by person and Message-ID.
type mailbox struct {
	mu       sync.Mutex
	random   *rand.Rand
	names    map[string]map[string]int
	ended    map[string]bool
	afterEnd int
	deaths   int
}

func newMailbox(random *rand.Rand) *mailbox {
	return &mailbox{random: random, names: map[string]map[string]int{}, ended: map[string]bool{}}
}

// dies tells, at first and now and then, that the process ends here.
func (b *mailbox) dies() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	dead := b.deaths == 0 || b.random.IntN(4) == 0
	if dead {
		b.deaths++
	}
	return dead
}

func (b *mailbox) take(d team.Digest) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended[d.ID] {
		b.afterEnd++
	}
	if b.names[d.Member.ID] == nil {
		b.names[d.Member.ID] = map[string]int{}
	}
	b.names[d.Member.ID][d.ID]++
}

// runOnce is what a process does for one person, unless it dies on the way.
func (b *mailbox) runOnce(t *testing.T, s *store.Store, m team.Member) {
	d, err := s.ReserveDigest(t.Context(), m.ID, today)
	if errors.Is(err, team.ErrNotFound) {
		return
	}
	if err != nil {
		t.Error(err)
		return
	}
	if b.dies() {
		return
	}
	b.take(d)
	if b.dies() {
		return
	}
	if err := s.EndDigest(t.Context(), d, team.DigestSent, ""); err != nil {
		t.Error(err)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended[d.ID] = true
}

func TestWhatIsPutAsideComesBackAtItsNextStage(t *testing.T) {
	eachWithDeadlines(t, func(t *testing.T, s *store.Store, at *testdb.Clock, aoi team.Member) {
		ben := testdb.Person(t, s, sample.Member("ben"))
		on := today.AddDays(60)
		expires(t, s, aoi, "CISSP", on)
		held, _ := certificateOf(t, s, aoi, "CISSP")
		shown := func(day team.Date) int {
			list, err := s.ShownDeadlines(t.Context(), aoi, day)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if err := s.PutAside(t.Context(), ben, today, team.CertificateExpires, held.ID, ""); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("somebody else: %v", err)
		}
		if shown(today) != 1 {
			t.Fatal("it is not shown")
		}
		for _, step := range []struct {
			day    team.Date
			before int
		}{{today, 1}, {on.AddDays(-30), 1}, {on.AddDays(-7), 1}, {on.AddDays(1), 1}, {on.AddDays(30), 0}, {on.AddDays(31), 0}} {
			if got := shown(step.day); got != step.before {
				t.Errorf("%s: %d shown, want %d", step.day, got, step.before)
			}
			err := s.PutAside(t.Context(), aoi, step.day, team.CertificateExpires, held.ID, "")
			if (err == nil) != (step.day != on.AddDays(31)) || shown(step.day) != 0 {
				t.Errorf("%s: %v, %d left", step.day, err, shown(step.day))
			}
		}
	})
}
