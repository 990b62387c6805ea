package team_test

import (
	"testing"

	"pgregory.net/rapid"

	"tasuki/internal/team"
)

// anyCredits draws credits of two categories over two cycles of three years.
func anyCredits(t *rapid.T) []team.Credit {
	start := day("2023-04-01")
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) team.Credit {
		return team.Credit{Day: start.AddDays(rapid.IntRange(0, 2191).Draw(t, "day")), Credits: team.Credits(rapid.IntRange(0, 30).Draw(t, "credits")),
			Category: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "category")}
	}), 0, 12).Draw(t, "credits")
}

func anyRules(t *rapid.T) team.CertificationRules {
	number := func(name string, most int) team.Credits { return team.Credits(rapid.IntRange(0, most).Draw(t, name)) }
	return team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorCertified, CycleTotal: number("total", 90),
		Categories: []team.CreditCategory{{Key: "A", Minimum: number("least of A", 60)}, {Key: "B", Maximum: number("most of B", 40)}},
		CarryOver:  team.CarryOver{Maximum: number("carried", 40), Categories: []string{"A"}, LastMonths: rapid.IntRange(1, 12).Draw(t, "months")}}
}

var bothCycles = []team.ValidSpan{span("2023-04-01", "2026-03-31"), span("2026-04-01", "2029-03-31")}

// sumOf adds the credits of a category from one day to another.
func sumOf(credits []team.Credit, category string, from, to team.Date) (sum team.Credits) {
	for _, c := range credits {
		if c.Category == category && (team.ValidSpan{From: from, To: to}).Covers(c.Day) {
			sum += c.Credits
		}
	}
	return sum
}

// carriedBest tries every amount: the first cycle gets what it needs, or as much of it
// as there is, and then as much as possible goes on.
func carriedBest(r team.CertificationRules, credits []team.Credit) (best team.Credits) {
	cycle := bothCycles[0]
	a, b := sumOf(credits, "A", cycle.From, cycle.To), sumOf(credits, "B", cycle.From, cycle.To)
	if most := r.Categories[1].Maximum; most > 0 {
		b = min(b, most)
	}
	late := sumOf(credits, "A", cycle.To.AddDays(1).AddMonths(-r.CarryOver.LastMonths), cycle.To)
	missing := func(n team.Credits) team.Credits {
		return max(0, r.CycleTotal-(a-n+b), r.Categories[0].Minimum-(a-n))
	}
	for n := range r.CarryOver.Maximum + 1 {
		if n <= late && missing(n) == 0 {
			best = n
		}
	}
	return best
}

func TestCreditsAreSharedOutAsWellAsTheRulesLet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, credits := anyRules(t), anyCredits(t)
		list := r.Tallies(bothCycles, credits, day("2029-03-31"))
		if len(list) != 2 {
			t.Fatalf("%d cycles", len(list))
		}
		if want := carriedBest(r, credits); list[0].Carried != want || list[1].CarriedIn != want {
			t.Fatalf("carried %s, arrived %s, want %s", list[0].Carried, list[1].CarriedIn, want)
		}
		for i, tally := range list {
			all := sumOf(credits, "A", bothCycles[i].From, bothCycles[i].To) + sumOf(credits, "B", bothCycles[i].From, bothCycles[i].To)
			if got := tally.Counted - tally.CarriedIn + tally.Carried + tally.Over; got != all {
				t.Fatalf("cycle %d: %s of %s credits are somewhere", i, got, all)
			}
		}
	})
}

func TestOneMoreCreditNeverHurts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, credits := anyRules(t), anyCredits(t)
		until := day("2029-03-31")
		before := r.Tallies(bothCycles, credits, until)
		more := team.Credit{Day: day("2023-04-01").AddDays(rapid.IntRange(0, 2191).Draw(t, "extra")), Credits: team.Credits(rapid.IntRange(1, 20).Draw(t, "amount")),
			Category: rapid.SampledFrom([]string{"A", "B"}).Draw(t, "of")}
		after := r.Tallies(bothCycles, append(credits[:len(credits):len(credits)], more), until)
		for i := range before {
			if after[i].Missing() > before[i].Missing() || (before[i].Met() && !after[i].Met()) {
				t.Fatalf("cycle %d missed %s, and %s with one more", i, before[i].Missing(), after[i].Missing())
			}
		}
	})
}

func TestALastDayNeverComesEarlierForALaterStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := team.CertificationRules{ValidityMonths: rapid.IntRange(1, 60).Draw(t, "months"), CycleAnchor: rapid.SampledFrom(team.CycleAnchors).Draw(t, "anchor")}
		if r.CycleAnchor == team.AnchorCalendarYear {
			r.ValidityMonths = 12 * (1 + r.ValidityMonths/12)
		}
		from := day("2020-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "from"))
		one, next := r.LastDay(from), r.LastDay(from.AddDays(1))
		if one.Before(from) || next.Before(one) {
			t.Fatalf("%s to %s, and a day later to %s", from, one, next)
		}
		// A renewal begins where the last one ended, whatever the months.
		p := r.Renewal(team.CertificatePeriod{Place: 1, StartsOn: from, EndsOn: one})
		if p.StartsOn != one.AddDays(1) || p.EndsOn.Before(p.StartsOn) || p.Place != 2 {
			t.Fatalf("renewed %+v", p)
		}
	})
}

func TestWhatNeverEndsStandsOnEveryDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day("2010-02-28").AddDays(rapid.IntRange(0, 3000).Draw(t, "from"))
		today := from.AddDays(rapid.IntRange(0, 30000).Draw(t, "today"))
		s := team.Keeping{Rules: team.CertificationRules{CycleAnchor: team.AnchorCertified}, Spans: []team.ValidSpan{{From: from}}}.Standing(today)
		if s.State != team.CertificateActive || !s.Until.IsZero() || len(s.Wants) > 0 || s.Tally != nil {
			t.Fatalf("from %s, on %s: %+v", from, today, s)
		}
	})
}

func TestAStateFollowsTheDaysInOrder(t *testing.T) {
	r := team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorCertified, WindowDays: 60, GraceDays: 30}
	spans := []team.ValidSpan{span("2024-02-29", "2027-02-28")}
	for today, want := range map[string]team.CertificateState{"2024-02-29": team.CertificateActive, "2026-12-29": team.CertificateActive, "2026-12-30": team.CertificateInWindow,
		"2027-02-28": team.CertificateInWindow, "2027-03-01": team.CertificateGrace, "2027-03-30": team.CertificateGrace, "2027-03-31": team.CertificateLapsed} {
		if got := standing(r, today, spans); got.State != want {
			t.Errorf("%s: %s, want %s", today, got.State, want)
		}
	}
	// A renewal that was logged late, and one that came too late to be one.
	late := append(spans, span("2027-03-01", "2030-02-28"))
	if got := standing(r, "2027-05-10", late); got.State != team.CertificateActive || got.Until != day("2030-02-28") {
		t.Errorf("logged late: %+v", got)
	}
	gap := append(spans, span("2027-06-01", "2030-05-31"))
	if got := standing(r, "2027-05-10", gap); got.State != team.CertificateLapsed || got.Until != day("2027-02-28") {
		t.Errorf("in a gap: %+v", got)
	}
	if got := (team.Keeping{Rules: r, Spans: spans, Withdrawn: day("2026-01-01")}).Standing(day("2026-01-01")); got.State != team.CertificateWithdrawn {
		t.Errorf("given up: %s", got.State)
	}
}

func TestThePaceOfACycleSaysWhetherItWillDo(t *testing.T) {
	r := team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorCertified, CycleTotal: whole(120)}
	spans := []team.ValidSpan{span("2025-01-01", "2027-12-31")}
	for _, c := range []struct {
		what, today string
		credits     []team.Credit
		want        team.CertificateState
	}{
		{"nothing after 89 days says nothing", "2025-03-30", nil, team.CertificateActive},
		{"nothing after 90 days is late", "2025-03-31", nil, team.CertificateAtRisk},
		{"half of it at half time", "2026-07-01", []team.Credit{credit("2025-06-01", 60, "")}, team.CertificateActive},
		{"one less", "2026-07-01", []team.Credit{credit("2025-06-01", 59, "")}, team.CertificateAtRisk},
		{"all of it, long before", "2026-07-01", []team.Credit{credit("2025-06-01", 120, "")}, team.CertificateActive},
		{"what was earned before the cycle", "2026-07-01", []team.Credit{credit("2024-12-31", 120, "")}, team.CertificateAtRisk},
	} {
		if got := standing(r, c.today, spans, c.credits...); got.State != c.want {
			t.Errorf("%s: %s, want %s", c.what, got.State, c.want)
		}
	}
}

func TestARenewalOfAHigherCertificateReachesTheLowerOne(t *testing.T) {
	own := []team.ValidSpan{span("2023-05-10", "2026-05-09")}
	for _, c := range []struct {
		what  string
		other team.ValidSpan
		grace int
		until string
	}{
		{"earned while it is valid", span("2025-03-01", "2028-02-29"), 0, "2028-02-29"},
		{"on its last day", span("2026-05-09", "2029-05-08"), 0, "2029-05-08"},
		{"the day after", span("2026-05-10", "2029-05-09"), 0, "2026-05-09"},
		{"the day after, in its grace", span("2026-05-10", "2029-05-09"), 30, "2029-05-09"},
		{"one that ends before it", span("2023-06-01", "2025-05-31"), 0, "2026-05-09"},
	} {
		list := team.RenewedThrough(own, "high", []team.ValidSpan{c.other}, c.grace)
		if got := list[len(list)-1].To; got != day(c.until) {
			t.Errorf("%s: until %s, want %s", c.what, got, c.until)
		}
	}
}

func TestCreditsAreReadToTheHundredth(t *testing.T) {
	for typed, want := range map[string]team.Credits{"40": 4000, "2.5": 250, "0.25": 25, " 1 ": 100, "0": 0, "1.05": 105} {
		if got, err := team.ParseCredits(typed); err != nil || got != want {
			t.Errorf("%q: %d, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "a", "-1", "1.234", "1.-5", "1e3", "99999999999", "1.", ".5x", "+3"} {
		if got, err := team.ParseCredits(typed); err == nil && typed != "1." {
			t.Errorf("%q is read as %s", typed, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := team.Credits(rapid.IntRange(0, 10000000).Draw(t, "credits"))
		if got, err := team.ParseCredits(c.String()); err != nil || got != c {
			t.Fatalf("%s is read as %s, %v", c, got, err)
		}
	})
}
