package team_test

import (
	"testing"

	"tasuki/internal/team"
)

func day(s string) team.Date {
	d, err := team.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func whole(n int) team.Credits { return team.WholeCredits(n) }

// The rules of the worked examples, as bodies publish them.
var (
	riss = team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorRegistered, ApplyBeforeDays: 60, RenewBy: []team.RenewBy{team.RenewByCourse},
		Events: []team.RequiredEvent{{Key: "online", Name: "オンライン講習", Per: team.PerYear, Count: 1}, {Key: "practical", Name: "実践講習・特定講習", Per: team.PerCycle, Count: 1}}}
	cissp = team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorCertified, CycleTotal: whole(120), AnnualMin: whole(40),
		Categories: []team.CreditCategory{{Key: "A", Minimum: whole(90)}, {Key: "B", Maximum: whole(30)}},
		CarryOver:  team.CarryOver{Maximum: whole(40), Categories: []string{"A"}, LastMonths: 6}}
	isaca = team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorCalendarYear, CycleTotal: whole(120), AnnualMin: whole(20), AnnualMinIsHard: true}
	giac  = team.CertificationRules{ValidityMonths: 48, CycleMonths: 48, CycleAnchor: team.AnchorEndOfMonth, CycleTotal: whole(36)}
)

func TestALastDayIsTheOneBeforeTheSameDayOfItsMonth(t *testing.T) {
	year := team.CertificationRules{ValidityMonths: 12, CycleAnchor: team.AnchorCertified}
	for _, c := range []struct {
		what     string
		rules    team.CertificationRules
		from, to string
	}{
		{"RISS registered in October", riss, "2024-10-01", "2027-09-30"},
		{"on 1 April, to 31 March", riss, "2024-04-01", "2027-03-31"},
		{"on 31 March", riss, "2024-03-31", "2027-03-30"},
		{"on a leap day, three years have none: the end of February", cissp, "2024-02-29", "2027-02-28"},
		{"on a leap day, one year", year, "2024-02-29", "2025-02-28"},
		{"the day after February ends", year, "2025-03-01", "2026-02-28"},
		{"the same in a leap year", year, "2027-03-01", "2028-02-29"},
		{"four years from a leap day", team.CertificationRules{ValidityMonths: 48, CycleAnchor: team.AnchorCertified}, "2024-02-29", "2028-02-28"},
		{"a month that is shorter", team.CertificationRules{ValidityMonths: 6, CycleAnchor: team.AnchorCertified}, "2026-08-31", "2027-02-28"},
		{"GIAC runs to the end of its month", giac, "2024-05-15", "2028-05-31"},
		{"also from the end of a month", giac, "2024-05-31", "2028-05-31"},
		{"and its renewal too", giac, "2028-06-01", "2032-05-31"},
		{"ISACA's years begin in January after it", isaca, "2023-06-10", "2026-12-31"},
		{"and on the day itself on 1 January", isaca, "2024-01-01", "2026-12-31"},
		{"for life", team.CertificationRules{}, "2024-01-01", ""},
	} {
		if got := c.rules.LastDay(day(c.from)); got != day(c.to) {
			t.Errorf("%s: %s to %s, want %s", c.what, c.from, got, c.to)
		}
	}
}

func standing(r team.CertificationRules, today string, spans []team.ValidSpan, credits ...team.Credit) team.Standing {
	return team.Keeping{Rules: r, Spans: spans, Credits: credits}.Standing(day(today))
}

func span(from, to string) team.ValidSpan { return team.ValidSpan{From: day(from), To: day(to)} }

func credit(on string, n int, category string) team.Credit {
	return team.Credit{Day: day(on), Credits: whole(n), Category: category}
}

func event(on, key string) team.Credit { return team.Credit{Day: day(on), Event: key} }

func TestRISSIsAppliedForSixtyDaysBeforeItEnds(t *testing.T) {
	spans := []team.ValidSpan{span("2024-10-01", "2027-09-30")}
	all := []team.Credit{event("2025-06-01", "online"), event("2026-05-10", "online"), event("2026-11-03", "online"), event("2026-12-01", "practical")}
	s := standing(riss, "2027-01-10", spans, all...)
	if s.ApplyBy != day("2027-08-01") || s.State != team.CertificateActive || !s.Tally.Met() {
		t.Errorf("apply by %s, %s, met %v", s.ApplyBy, s.State, s.Tally.Met())
	}
	applied := spans[0]
	applied.AppliedOn = day("2027-06-01")
	for _, c := range []struct {
		what, today string
		spans       []team.ValidSpan
		credits     []team.Credit
		want        team.CertificateState
	}{
		{"half a year before the application", "2027-02-02", spans, all, team.CertificateInWindow},
		{"on the last day to apply", "2027-08-01", spans, all, team.CertificateInWindow},
		{"the day after it", "2027-08-02", spans, all, team.CertificateAtRisk},
		{"applied", "2027-08-02", []team.ValidSpan{applied}, all, team.CertificateActive},
		{"the last day", "2027-09-30", []team.ValidSpan{applied}, all, team.CertificateActive},
		{"the day after the last", "2027-10-01", []team.ValidSpan{applied}, all, team.CertificateLapsed},
		{"renewed, and logged weeks later", "2027-10-01", []team.ValidSpan{applied, span("2027-10-01", "2030-09-30")}, all, team.CertificateActive},
		{"an online course was missed in the first year", "2025-10-01", spans, all[1:], team.CertificateAtRisk},
		{"no online course in this year yet, which ends in 89 days", "2025-07-04", spans, nil, team.CertificateAtRisk},
		{"the same half a year before", "2025-03-01", spans, nil, team.CertificateActive},
		{"no practical course, and 80 days are left to apply", "2027-05-13", spans, all[:3], team.CertificateAtRisk},
		{"the online course of the last year came after the day to apply", "2027-08-10", []team.ValidSpan{applied}, append(all[:2:2], event("2027-08-05", "online"), all[3]), team.CertificateAtRisk},
	} {
		if got := standing(riss, c.today, c.spans, c.credits...); got.State != c.want {
			t.Errorf("%s: %s, want %s (%+v)", c.what, got.State, c.want, got.Wants)
		}
	}
}

func TestCISSPWithOneCreditTooFewCannotBeRenewed(t *testing.T) {
	spans := []team.ValidSpan{span("2023-04-01", "2026-03-31")}
	s := standing(cissp, "2026-03-31", spans, credit("2023-08-01", 40, "A"), credit("2024-08-01", 40, "A"), credit("2025-08-01", 39, "A"))
	if s.Tally.Counted != whole(119) || s.Tally.Met() || s.Tally.Missing() != whole(1) || s.State != team.CertificateAtRisk {
		t.Errorf("119 of 120: %+v, %s", s.Tally, s.State)
	}
	s = standing(cissp, "2026-03-31", spans, credit("2023-08-01", 40, "A"), credit("2024-08-01", 40, "A"), credit("2025-08-01", 20, "A"), credit("2025-09-01", 50, "B"))
	if s.Tally.Counted != whole(130) || s.Tally.Over != whole(20) || !s.Tally.Met() {
		t.Errorf("no more than 30 of group B count: %+v", s.Tally)
	}
	s = standing(cissp, "2026-03-31", spans, credit("2023-08-01", 89, "A"), credit("2025-09-01", 50, "B"))
	if s.Tally.Counted != whole(119) || s.Tally.Met() {
		t.Errorf("89 of group A: %+v", s.Tally)
	}
}

func TestAYearBelowAHardMinimumIsABreachWhateverTheTotal(t *testing.T) {
	spans := []team.ValidSpan{span("2024-01-01", "2026-12-31")}
	s := standing(isaca, "2026-12-31", spans, credit("2024-05-01", 60, ""), credit("2025-05-01", 60, ""), credit("2026-05-01", 19, ""))
	if s.Tally.Counted != whole(139) || s.Tally.Missing() != 0 || s.Tally.Met() {
		t.Errorf("139 of 120: %+v", s.Tally)
	}
	if y := s.Tally.Years[2]; y.Counted != whole(19) || !y.Hard || y.From != day("2026-01-01") || y.To != day("2026-12-31") {
		t.Errorf("the third year: %+v", y)
	}
	if s.State != team.CertificateAtRisk || len(s.Wants) == 0 || s.Wants[0].Kind != team.WantYear || s.Wants[0].Credits != whole(1) {
		t.Errorf("%s, %+v", s.State, s.Wants)
	}
	// What was earned between the certificate and its first January counts for that year.
	s = standing(isaca, "2024-02-01", []team.ValidSpan{span("2023-06-10", "2026-12-31")}, credit("2023-08-01", 20, ""))
	if len(s.Tally.Years) != 3 || s.Tally.Years[0].Counted != whole(20) || s.Tally.Years[0].To != day("2024-12-31") {
		t.Errorf("years %+v", s.Tally.Years)
	}
}

func TestTheBestOfWhatIsValidCounts(t *testing.T) {
	at := day("2026-11-24")
	said := func(kind team.AssessmentKind, level team.Level, until string) *team.Assessment {
		return &team.Assessment{Kind: kind, Level: level, Day: day("2025-01-01"), ValidTo: day(until)}
	}
	grant := func(level team.Level, until string) []team.Grant {
		return []team.Grant{{Level: level, From: day("2025-01-01"), To: day(until)}}
	}
	for _, c := range []struct {
		what string
		cell team.Cell
		want team.Level
	}{
		{"a certificate of level 3 that expired, and a validated level 2", team.Cell{Validated: said(team.Validated, 2, ""), Granted: grant(3, "2026-11-23")}, 2},
		{"one on its last day", team.Cell{Validated: said(team.Validated, 2, ""), Granted: grant(3, "2026-11-24")}, 3},
		{"a validated level above it", team.Cell{Validated: said(team.Validated, 4, ""), Granted: grant(3, "")}, 4},
		{"a validated one that ran out, and the certificate", team.Cell{Validated: said(team.Validated, 4, "2026-01-01"), Granted: grant(3, "")}, 3},
		{"own word above it, which counts up to 2", team.Cell{Declared: said(team.Declared, 4, ""), Granted: grant(1, "")}, 2},
		{"evidence alone gives nothing", team.Cell{Granted: grant(team.NotAssessed, "")}, team.NotAssessed},
		{"a certificate and nothing else", team.Cell{Granted: grant(3, "")}, 3},
		{"one that begins tomorrow", team.Cell{Granted: []team.Grant{{Level: 3, From: day("2026-11-25")}}}, team.NotAssessed},
	} {
		if got := c.cell.On(at); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}
