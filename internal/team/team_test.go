package team

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhoMayDoWhat(t *testing.T) {
	rules := []struct {
		name string
		may  func(Member) bool
		from Role // the smallest role that may
	}{
		{"read", CanRead, RoleViewer},
		{"write", CanWrite, RoleMember},
		{"manage", CanManage, RoleLead},
		{"give the role of an admin", func(m Member) bool { return CanGiveRole(m, RoleAdmin) }, RoleAdmin},
		{"give the role of a lead", func(m Member) bool { return CanGiveRole(m, RoleLead) }, RoleLead},
		{"give the role of a viewer", func(m Member) bool { return CanGiveRole(m, RoleViewer) }, RoleLead},
	}
	for _, rule := range rules {
		reached := false
		for _, role := range Roles {
			reached = reached || role == rule.from
			if got := rule.may(Member{Role: role, Active: true}); got != reached {
				t.Errorf("a %s may %s: %v", role, rule.name, got)
			}
			if rule.may(Member{Role: role}) {
				t.Errorf("a %s who left may %s", role, rule.name)
			}
			if ReadsAll(Member{Role: role, Active: true}) {
				t.Errorf("a %s reads every compartment", role)
			}
		}
		if !rule.may(Operator()) {
			t.Errorf("the operator may not %s", rule.name)
		}
		if rule.may(Member{Active: true}) || rule.may(Member{Role: "wizard", Active: true}) {
			t.Errorf("somebody without a role may %s", rule.name)
		}
	}
}

func TestWhatHasToBeCorrected(t *testing.T) {
	good := Article{Title: "USB", Answer: Answer{Short: "だめです"}, State: ArticleDraft, Audience: AudienceCompany}
	long := strings.Repeat("あ", MaxBox+1)
	for name, c := range map[string]struct {
		change func(*Article)
		field  string
		rule   Rule
	}{
		"a title of blanks":            {func(a *Article) { a.Title = " 　" }, "title", Required},
		"a title one letter too long":  {func(a *Article) { a.Title = strings.Repeat("あ", MaxTitle+1) }, "title", TooLong},
		"no short answer":              {func(a *Article) { a.Short = "" }, "short_answer", Required},
		"a box over its limit":         {func(a *Article) { a.Reason = long }, "reason", TooLong},
		"steps that are together long": {func(a *Article) { a.Steps = Lines{long} }, "steps", TooLong},
		"a state nobody knows":         {func(a *Article) { a.State = "published" }, "state", Unknown},
		"an audience nobody knows":     {func(a *Article) { a.Audience = "" }, "audience", Unknown},
		"a decision nobody knows":      {func(a *Article) { a.Decision = "perhaps" }, "decision", Unknown},
		"a wording too long":           {func(a *Article) { a.Wordings = []Wording{{Text: long}} }, "wordings", TooLong},
	} {
		a := good
		c.change(&a)
		invalid, _ := a.Validate().(Invalid)
		if p, found := invalid.Field(c.field); !found || p.Rule != c.rule || len(invalid) != 1 {
			t.Errorf("%s: %v", name, invalid)
		}
	}
	good.Title = strings.Repeat("𠮷", MaxTitle)
	if err := good.Validate(); err != nil {
		t.Errorf("a title of just the longest length: %v", err)
	}
}

func TestAnOpenConsultationNeedsNoAnswer(t *testing.T) {
	c := Consultation{Subject: "USB", Channel: ChannelMail, State: ConsultationOpen}
	if err := c.Validate(); err != nil {
		t.Errorf("open: %v", err)
	}
	if c.State = ConsultationAnswered; c.Validate() == nil {
		t.Error("answered without an answer")
	}
	if c.Reply = "だめです"; c.Validate() != nil {
		t.Errorf("answered with a reply: %v", c.Validate())
	}
}

func TestMonthsEndOnTheirLastDay(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2026-12-31", 2, "2027-02-28"},
		{"2026-11-24", 12, "2027-11-24"}, {"2028-02-29", 12, "2029-02-28"}, {"2026-03-31", -1, "2026-02-28"},
	} {
		from, err := ParseDate(c.from)
		if got := from.AddMonths(c.months).String(); err != nil || got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestADayIsTheSameDayHoweverItIsKept(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := Date{1900, 1, 1}.AddDays(rapid.IntRange(0, 100_000).Draw(r, "days"))
		stored, err := d.Value()
		var scanned, read, fromTime Date
		if err != nil || scanned.Scan(stored) != nil || fromTime.Scan(d.Time()) != nil {
			r.Fatal(err)
		}
		raw, err := json.Marshal(d)
		if err != nil || json.Unmarshal(raw, &read) != nil || scanned != d || fromTime != d || read != d {
			r.Fatalf("%v: %v %v %v, %v", d, scanned, fromTime, read, err)
		}
	})
	var none Date
	if v, err := none.Value(); v != nil || err != nil || !none.IsZero() || none.String() != "" {
		t.Errorf("no day: %v, %v", v, err)
	}
}

func TestAMomentIsTheSameMomentHoweverItIsKept(t *testing.T) {
	tokyo := time.FixedZone("Asia/Tokyo", 9*60*60)
	at := At(time.Date(2026, 11, 24, 8, 30, 0, 123_456_789, tokyo))
	if at.Location() != time.UTC || at.Hour() != 23 || at.Nanosecond() != 123_456_000 {
		t.Errorf("got %v", at)
	}
	for _, layout := range stampLayouts {
		var s Stamp
		if err := s.Scan(at.Format(layout)); err != nil || !s.Equal(at.Time) {
			t.Errorf("%s: %v, %v", layout, s, err)
		}
	}
	var s Stamp
	if s.Scan("gestern") == nil || s.Scan(42) == nil {
		t.Error("nonsense became a moment")
	}
	if err := s.Scan(nil); err != nil || !s.IsZero() {
		t.Errorf("not yet: %v, %v", s, err)
	}
}

func TestLinesKeepNoEmptyOnes(t *testing.T) {
	if got := LinesOf(" 一 \n\n　\n二\n"); len(got) != 2 || got.String() != "一\n二" {
		t.Errorf("got %q", got)
	}
}

func TestAnArticleIsOverdueTheDayAfter(t *testing.T) {
	due := Date{2026, 11, 24}
	a := Article{ReviewDue: due}
	if a.Overdue(due) || !a.Overdue(due.AddDays(1)) || (Article{}).Overdue(due) {
		t.Error("overdue on its day, not the day after, or without a day")
	}
}
