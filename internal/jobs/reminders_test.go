package jobs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tasuki/internal/i18n"
	"tasuki/internal/mail"
	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var (
	tokyo = time.FixedZone("JST", 9*60*60)
	march = team.Date{Year: 2027, Month: 3, Day: 31}
)

// noonOf is noon of a day in Tokyo.
func noonOf(day team.Date) time.Time { return day.Time().Add(3 * time.Hour) }

// bureau is a process with its clock, on a database.
type bureau struct {
	*Runner
	store *store.Store
	at    *testdb.Clock
}

func newBureau(t *testing.T, s *store.Store, at *testdb.Clock, post *mail.Post) bureau {
	t.Helper()
	words, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	if at.Now().IsZero() {
		at.At(noonOf(march.AddDays(-30)))
	}
	s.Now = at.Now
	r := &Reminders{Store: s, Post: post, Words: words, BaseURL: "https://tasuki.example.com", Zone: tokyo}
	return bureau{New(s, r.Job(), Tidy(s, tokyo)), s, at}
}

func TestTheDayIsTheDepartmentsAndTheMailComesInTheMorning(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		o, at := &office{}, &testdb.Clock{}
		b := newBureau(t, s, at, o.open(t))
		m := sample.Member("takada")
		m.Name = "髙田 健吾"
		m = testdb.Person(t, s, m)
		testdb.Certificate(t, s, m, "情報処理安全確保支援士", march.AddDays(-100), march)
		// Told at 30 days, so that the 7th day before 31 March is the next.
		at.At(noonOf(march.AddDays(-30)))
		b.Tick(t.Context())
		before := len(o.all())
		for _, step := range []struct {
			at   time.Time
			want int
		}{
			{time.Date(2027, 3, 23, 14, 0, 0, 0, tokyo), 0},                 // 8 days before
			{time.Date(2027, 3, 23, 15, 30, 0, 0, time.UTC), 0},             // already the 24th in Tokyo, in the night
			{time.Date(2027, 3, 23, 22, 59, 0, 0, time.UTC), 0},             // 7:59 in Tokyo
			{time.Date(2027, 3, 23, 23, 10, 0, 0, time.UTC), 1},             // 8:10 on the 24th
			{time.Date(2027, 3, 24, 5, 0, 0, 0, time.UTC), 1},               // the same day
			{time.Date(2027, 3, 31, 12, 0, 0, 0, tokyo), 1},                 // the last day
			{time.Date(2027, 4, 1, 12, 0, 0, 0, tokyo), 1},                  // and the one after it
			{time.Date(2027, 4, 1, 12, 0, 0, 0, tokyo).AddDate(0, 1, 0), 1}, // and so on
		} {
			at.At(step.at)
			b.Tick(t.Context())
			if got := len(o.all()) - before; got != step.want {
				t.Fatalf("%s: %d mails, want %d", step.at, got, step.want)
			}
		}
		got := o.all()[before]
		if got.to != "takada@example.com" || got.subject != "【Tasuki】情報処理安全確保支援士の有効期限（あと7日）" {
			t.Errorf("to %s: %q", got.to, got.subject)
		}
		for _, want := range []string{"髙田 健吾さん\n", "・情報処理安全確保支援士：有効期限は2027年3月31日（水）（あと7日）\n", "https://tasuki.example.com/me#deadlines"} {
			if !strings.Contains(got.text, want) {
				t.Errorf("%q is not in %s", want, got.text)
			}
		}
		if strings.Contains(got.text, "000123") {
			t.Errorf("the number of a certificate is in %s", got.text)
		}
	})
}

func TestEverybodyIsToldInTheirLanguageOfTheirOwn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		o, at := &office{}, &testdb.Clock{}
		b := newBureau(t, s, at, o.open(t))
		smith := sample.Member("smith")
		smith.Language, smith.NameEn = "en", "John SMITH"
		smith = testdb.Person(t, s, smith)
		aoi := testdb.Person(t, s, sample.Member("aoi"))
		testdb.Certificate(t, s, smith, "CISA", march.AddDays(-100), march)
		testdb.Certificate(t, s, smith, "CISM", march.AddDays(-100), march.AddDays(-5))
		testdb.Certificate(t, s, aoi, "CCSP", march.AddDays(-100), march)
		at.At(noonOf(march.AddDays(-30)))
		b.Tick(t.Context())
		all := o.all()
		slices.SortFunc(all, func(a, b letter) int { return strings.Compare(a.to, b.to) })
		if len(all) != 2 || all[0].to != "aoi@example.com" || strings.Contains(all[0].text, "CIS") || strings.Contains(all[1].text, "CCSP") {
			t.Fatalf("%+v", all)
		}
		if all[1].subject != "[Tasuki] 2 deadlines are coming up" || !strings.Contains(all[1].text, "Dear John SMITH,") || !strings.Contains(all[1].text, "valid until 26 Mar 2027 (25 days left)") {
			t.Errorf("%q\n%s", all[1].subject, all[1].text)
		}
	})
}

func TestManyProcessesAtOnceMailEverybodyOnce(t *testing.T) {
	for kind, address := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			o, at := &office{}, &testdb.Clock{}
			post := o.open(t)
			at.At(noonOf(march.AddDays(-30)))
			var all []bureau
			for range 4 {
				all = append(all, newBureau(t, testdb.Open(t, address), at, post))
			}
			const people = 12
			for i := range people {
				m := testdb.Person(t, all[0].store, sample.Member(fmt.Sprintf("m%02d", i)))
				testdb.Certificate(t, all[0].store, m, fmt.Sprintf("C%02d", i), march.AddDays(-100), march)
			}
			for range 3 {
				var wait sync.WaitGroup
				for _, b := range all {
					wait.Go(func() { b.Tick(t.Context()) })
				}
				wait.Wait()
				at.Pass(11 * time.Minute)
			}
			to := map[string]int{}
			for _, l := range o.all() {
				to[l.to]++
			}
			if len(to) != people || len(o.all()) != people {
				t.Errorf("%d mails to %d people: %v", len(o.all()), len(to), to)
			}
		})
	}
}

func TestOneAddressThatIsRefusedKeepsNobodyElseFromTheirs(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		o, at := &office{refuse: map[string]bool{"a@example.com": true}}, &testdb.Clock{}
		b := newBureau(t, s, at, o.open(t))
		for _, name := range []string{"a", "b", "c"} {
			testdb.Certificate(t, s, testdb.Person(t, s, sample.Member(name)), name, march.AddDays(-100), march)
		}
		at.At(noonOf(march.AddDays(-30)))
		b.Tick(t.Context())
		if len(o.all()) != 2 {
			t.Fatalf("%+v", o.all())
		}
		jobs, err := s.Jobs(t.Context(), team.Operator())
		if err != nil || len(jobs) != 2 || jobs[0].Name != "reminders" || jobs[0].Done != 2 || jobs[0].Failed != 1 || jobs[0].Outcome != "done" {
			t.Errorf("%+v, %v", jobs, err)
		}
		o.refuse = nil
		at.Pass(11 * time.Minute)
		b.Tick(t.Context())
		if len(o.all()) != 3 || o.all()[2].to != "a@example.com" {
			t.Errorf("after it was accepted: %+v", o.all())
		}
	})
}

func TestAMailServerThatIsAwayLosesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		away := postAt(t, l.Addr().String())
		l.Close()
		o, at := &office{}, &testdb.Clock{}
		m := testdb.Person(t, s, sample.Member("aoi"))
		testdb.Certificate(t, s, m, "CISSP", march.AddDays(-400), march)
		at.At(noonOf(march.AddDays(-180)))
		dark := newBureau(t, s, at, away)
		for day := march.AddDays(-180); day.Before(march.AddDays(-20)); day = day.AddDays(10) {
			at.At(noonOf(day))
			dark.Tick(t.Context())
		}
		jobs, err := s.Jobs(t.Context(), team.Operator())
		if err != nil || jobs[0].Outcome != "failed" {
			t.Errorf("%+v, %v", jobs, err)
		}
		at.At(noonOf(march.AddDays(-19)))
		b := newBureau(t, s, at, o.open(t))
		b.Tick(t.Context())
		if all := o.all(); len(all) != 1 || !strings.Contains(all[0].text, "あと19日") {
			t.Errorf("after it came back: %+v", all)
		}
	})
}

func TestWithoutAMailServerNothingCountsAsTold(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		o, at := &office{}, &testdb.Clock{}
		testdb.Certificate(t, s, testdb.Person(t, s, sample.Member("aoi")), "CISSP", march.AddDays(-100), march)
		at.At(noonOf(march.AddDays(-30)))
		newBureau(t, s, at, nil).Tick(t.Context())
		at.Pass(time.Hour)
		newBureau(t, s, at, o.open(t)).Tick(t.Context())
		if len(o.all()) != 1 {
			t.Errorf("%+v", o.all())
		}
	})
}

// A process that dies after the mail server took a mail and before it could note that:
// the mail goes out again under the same Message-ID, and once that is noted never more.
func TestAMailWhoseEndNobodySawGoesOutAgainUnderItsName(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		o, at := &office{}, &testdb.Clock{}
		post := o.open(t)
		m := testdb.Person(t, s, sample.Member("aoi"))
		testdb.Certificate(t, s, m, "CISSP", march.AddDays(-100), march)
		at.At(noonOf(march.AddDays(-30)))
		s.Now = at.Now
		d, err := s.ReserveDigest(t.Context(), m.ID, march.AddDays(-30))
		if err != nil {
			t.Fatal(err)
		}
		words, err := i18n.New()
		if err != nil {
			t.Fatal(err)
		}
		dying := &Reminders{Store: s, Post: post, Words: words, Zone: tokyo}
		if err := post.Send(t.Context(), dying.compose(d, march.AddDays(-30))); err != nil {
			t.Fatal(err)
		}
		b := newBureau(t, s, at, post)
		for range 5 {
			at.Pass(11 * time.Minute)
			b.Tick(t.Context())
		}
		if all := o.all(); len(all) != 2 || all[0].id != all[1].id || all[0].id == "" {
			t.Errorf("%+v", all)
		}
	})
}

func TestStoppingLetsTheMailBeingSentEnd(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		at := &testdb.Clock{}
		ctx, stop := context.WithCancel(t.Context())
		o := &office{before: func(letter) error { stop(); return nil }}
		b := newBureau(t, s, at, o.open(t))
		for _, name := range []string{"a", "b"} {
			testdb.Certificate(t, s, testdb.Person(t, s, sample.Member(name)), name, march.AddDays(-100), march)
		}
		at.At(noonOf(march.AddDays(-30)))
		b.Run(ctx)
		if len(o.all()) != 1 {
			t.Fatalf("%d mails after the stop", len(o.all())-1)
		}
		jobs, err := s.Jobs(t.Context(), team.Operator())
		if err != nil || jobs[0].Holder != "" {
			t.Errorf("the lease was not given back: %+v, %v", jobs, err)
		}
		at.Pass(11 * time.Minute)
		o.before = nil
		b.Tick(t.Context())
		if all := o.all(); len(all) != 2 || all[0].to == all[1].to {
			t.Errorf("after the next start: %+v", all)
		}
	})
}

func TestAJobThatPanicsIsAFailureAndTheOthersGoOn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		ran := false
		r := New(s, Job{Name: "broken", Every: time.Hour, Do: func(context.Context) (Result, error) { panic("oh") }},
			Job{Name: "failing", Every: time.Hour, Do: func(context.Context) (Result, error) { return Result{1, 2}, errors.New("no") }},
			Job{Name: "good", Every: time.Hour, Do: func(context.Context) (Result, error) { ran = true; return Result{Done: 3}, nil }})
		r.Tick(t.Context())
		list, err := s.Jobs(t.Context(), team.Operator())
		if err != nil || !ran || len(list) != 3 || list[0].Outcome != "failed" || list[1].Outcome != "failed" || list[1].Failed != 2 || list[2].Outcome != "done" || list[2].Done != 3 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestATestMailSaysThatItIsOne(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		words, err := i18n.New()
		if err != nil {
			t.Fatal(err)
		}
		o := &office{}
		r := &Reminders{Store: s, Words: words, BaseURL: "https://tasuki.example.com", Zone: tokyo}
		m := sample.Member("aoi")
		if err := r.Test(t.Context(), m); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("without a server: %v", err)
		}
		r.Post = o.open(t)
		if err := r.Test(t.Context(), m); err != nil || len(o.all()) != 1 || o.all()[0].subject != "【Tasuki】メールの確認" {
			t.Errorf("%v, %+v", err, o.all())
		}
		if server, from := r.SetUp(); server == "" || from != "tasuki@example.com" {
			t.Errorf("%q, %q", server, from)
		}
	})
}
