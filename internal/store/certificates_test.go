package store_test

import (
	"errors"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// hold logs a certificate that was obtained some days ago.
func hold(t *testing.T, s *store.Store, by, holder team.Member, kind team.Certification, daysAgo int) team.Certificate {
	t.Helper()
	from := today.AddDays(-daysAgo)
	c, err := s.AddCertificate(ctx, by, today, team.Certificate{MemberID: holder.ID, CertificationID: kind.ID},
		team.CertificatePeriod{StartsOn: from, EndsOn: kind.Rules.LastDay(from), Number: "第000123号"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func kind(t *testing.T, s *store.Store, by team.Member, c team.Certification) team.Certification {
	t.Helper()
	c, err := s.SaveCertification(ctx, by, c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func heldBy(t *testing.T, s *store.Store, by team.Member, id string, day team.Date) store.HeldCertificate {
	t.Helper()
	h, err := s.Certificate(ctx, by, id, day)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestARenewalAndACorrectionNeverOverwriteWhatWasSaid(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		k := kind(t, s, c.lead, sample.Certification("支援士"))
		held := hold(t, s, c.aoi, c.aoi, k, 1000)
		first := held.Periods[0]
		wrong := first
		wrong.Number, wrong.EndsOn = "第000124号", first.EndsOn.AddDays(1)
		if err := s.CorrectCertificate(ctx, c.aoi, today, held.ID, 1, wrong); err != nil {
			t.Fatal(err)
		}
		next := k.Rules.Renewal(wrong)
		if err := s.RenewCertificate(ctx, c.lead, today, held.ID, 1, next); !errors.Is(err, team.ErrStale) {
			t.Errorf("a lead who had not seen the correction: %v", err)
		}
		if err := s.RenewCertificate(ctx, c.lead, today, held.ID, 2, next); err != nil {
			t.Fatal(err)
		}
		h := heldBy(t, s, c.aoi, held.ID, today)
		if len(h.Periods) != 3 || len(h.Said()) != 2 || h.Periods[0].Number != first.Number || h.Periods[0].EndsOn != first.EndsOn || h.Periods[0].ReplacedAt.IsZero() {
			t.Errorf("the history is %+v", h.Periods)
		}
		if h.Standing.Until != next.EndsOn || !h.Standing.Renewed || h.Standing.To != wrong.EndsOn {
			t.Errorf("stands %+v", h.Standing)
		}
		var invalid team.Invalid
		if err := s.RenewCertificate(ctx, c.aoi, today, held.ID, 3, team.CertificatePeriod{StartsOn: first.StartsOn}); !errors.As(err, &invalid) {
			t.Errorf("a renewal before the last one: %v", err)
		}
	})
}

func TestACertificateIsHeldOnceAndEndsAfterItBegan(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		k := kind(t, s, c.lead, sample.Certification("支援士"))
		held := hold(t, s, c.aoi, c.aoi, k, 10)
		add := func(by, holder team.Member, kind string, p team.CertificatePeriod) error {
			_, err := s.AddCertificate(ctx, by, today, team.Certificate{MemberID: holder.ID, CertificationID: kind}, p, "")
			return err
		}
		good := team.CertificatePeriod{StartsOn: today}
		for what, err := range map[string]struct {
			err  error
			want team.Problem
		}{
			"twice":                 {add(c.aoi, c.aoi, k.ID, good), team.Problem{Field: "certification", Rule: team.Taken}},
			"of no kind":            {add(c.ben, c.ben, "nowhere", good), team.Problem{Field: "certification", Rule: team.Unknown}},
			"of nobody":             {add(c.lead, team.Member{ID: "nobody"}, k.ID, good), team.Problem{Field: "member", Rule: team.Unknown}},
			"tomorrow":              {add(c.ben, c.ben, k.ID, team.CertificatePeriod{StartsOn: today.AddDays(1)}), team.Problem{Field: "starts_on", Rule: team.NotValid}},
			"over before it began":  {add(c.ben, c.ben, k.ID, team.CertificatePeriod{StartsOn: today, EndsOn: today.AddDays(-1)}), team.Problem{Field: "ends_on", Rule: team.TooEarly}},
			"without a day at all":  {add(c.ben, c.ben, k.ID, team.CertificatePeriod{}), team.Problem{Field: "starts_on", Rule: team.Required}},
			"in the name of others": {add(c.ben, c.aoi, k.ID, good), team.Problem{}},
		} {
			var invalid team.Invalid
			if what == "in the name of others" {
				if !errors.Is(err.err, team.ErrNotFound) {
					t.Errorf("%s: %v", what, err.err)
				}
				continue
			}
			if errors.As(err.err, &invalid); len(invalid) != 1 || invalid[0] != err.want {
				t.Errorf("%s: %v, want %v", what, err.err, err.want)
			}
		}
		// No last day is no end: it is not today.
		forLife := hold(t, s, c.ben, c.ben, kind(t, s, c.lead, team.Certification{Name: "SG", Active: true, Rules: team.CertificationRules{CycleAnchor: team.AnchorCertified}}), 100)
		if h := heldBy(t, s, c.ben, forLife.ID, today.AddDays(20000)); h.Standing.State != team.CertificateActive || !h.Standing.Until.IsZero() {
			t.Errorf("for life: %+v", h.Standing)
		}
		if err := s.WithdrawCertificate(ctx, c.aoi, today, held.ID, 1, today); err != nil {
			t.Fatal(err)
		}
		if err := add(c.aoi, c.aoi, k.ID, good); err != nil {
			t.Errorf("obtained anew after it was given up: %v", err)
		}
		if h := heldBy(t, s, c.aoi, held.ID, today); h.Standing.State != team.CertificateWithdrawn {
			t.Errorf("given up: %s", h.Standing.State)
		}
	})
}

func TestNumbersAndCreditsAreForTheHolderAndTheLead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		k := sample.Certification("CISSP")
		k.Rules.CycleTotal = team.WholeCredits(120)
		k = kind(t, s, c.lead, k)
		held := hold(t, s, c.aoi, c.aoi, k, 700)
		done, err := s.AddCredits(ctx, c.aoi, today, team.CreditActivity{MemberID: c.aoi.ID, Day: today, Title: "勉強会", Credits: team.WholeCredits(2),
			Claims: []team.CreditClaim{{CertificateID: held.ID, Credits: team.WholeCredits(2)}}}, "")
		if err != nil {
			t.Fatal(err)
		}
		for who, by := range map[string]team.Member{"the holder": c.aoi, "a lead": c.lead} {
			if h := heldBy(t, s, by, held.ID, today); h.Said()[0].Number == "" || len(h.Activities) != 1 || h.Standing.State != team.CertificateAtRisk || h.Standing.Tally.Counted != team.WholeCredits(2) {
				t.Errorf("%s sees %+v", who, h)
			}
		}
		if h := heldBy(t, s, c.ben, held.ID, today); h.Details || h.Said()[0].Number != "" || h.Activities != nil || h.Standing.Tally != nil || h.Standing.Wants != nil ||
			h.Standing.State != team.CertificateActive || h.Standing.Until.IsZero() {
			t.Errorf("a colleague sees %+v", h)
		}
		if err := s.SaveNamesVisible(ctx, c.lead, false); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Certificate(ctx, c.ben, held.ID, today); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("without names, a colleague's certificate: %v", err)
		}
		for who, want := range map[string]struct {
			by team.Member
			n  int
		}{"a colleague": {c.ben, 0}, "the holder": {c.aoi, 1}, "a lead": {c.lead, 1}} {
			if list, err := s.Certificates(ctx, want.by, today); err != nil || len(list) != want.n {
				t.Errorf("%s sees %d, %v", who, len(list), err)
			}
		}
		for what, err := range map[string]error{
			"takes credits back": s.TakeBackCredits(ctx, c.ben, done.ID),
			"withdraws it":       s.WithdrawCertificate(ctx, c.ben, today, held.ID, 1, today),
			"renews it":          s.RenewCertificate(ctx, c.ben, today, held.ID, 1, team.CertificatePeriod{StartsOn: today}),
			"renews what is not": s.RenewCertificate(ctx, c.ben, today, "nowhere", 1, team.CertificatePeriod{StartsOn: today}),
		} {
			if !errors.Is(err, team.ErrNotFound) {
				t.Errorf("a colleague %s: %v", what, err)
			}
		}
		if err := s.TakeBackCredits(ctx, c.aoi, done.ID); err != nil {
			t.Fatal(err)
		}
		if h := heldBy(t, s, c.aoi, held.ID, today); h.Standing.Tally.Counted != 0 || len(h.Activities) != 1 || h.Activities[0].RemovedAt.IsZero() {
			t.Errorf("after taking it back: %+v", h.Activities)
		}
	})
}

func TestDeadlinesOfCertificatesAreThoseAhead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		k := sample.Certification("支援士")
		k.Rules.ApplyBeforeDays = 60
		k.Rules.Events = []team.RequiredEvent{{Key: "online", Name: "オンライン講習", Per: team.PerYear, Count: 1}}
		k = kind(t, s, c.lead, k)
		held := hold(t, s, c.aoi, c.aoi, k, 900)
		ends := held.Periods[0].EndsOn
		list, err := s.CertificateDeadlines(ctx, today, today.AddDays(400))
		if err != nil {
			t.Fatal(err)
		}
		want := []team.Deadline{{Kind: team.CertificateExpires, ObjectID: held.ID, MemberID: c.aoi.ID, Title: "支援士", TitleEn: "Registered specialist", On: ends},
			{Kind: team.CreditsDue, ObjectID: held.ID, MemberID: c.aoi.ID, Part: "online", Title: "支援士 オンライン講習", TitleEn: "Registered specialist オンライン講習", On: ends.AddDays(-60)},
			{Kind: team.CertificateApplyBy, ObjectID: held.ID, MemberID: c.aoi.ID, Title: "支援士", TitleEn: "Registered specialist", On: ends.AddDays(-60)}}
		if len(list) != len(want) {
			t.Fatalf("%+v, want %+v", list, want)
		}
		for i := range want {
			if list[i] != want[i] {
				t.Errorf("deadline %+v, want %+v", list[i], want[i])
			}
		}
	})
}
