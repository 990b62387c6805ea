package team

import (
	"slices"
	"strings"
)

// CertificateState says how a certificate stands.
type CertificateState string

// The states of a certificate, the most pressing first.
const (
	CertificateLapsed    CertificateState = "lapsed"    // not valid any more
	CertificateGrace     CertificateState = "grace"     // past its last day, and the body still takes a renewal
	CertificateAtRisk    CertificateState = "at_risk"   // something is missed, or will be at the present pace
	CertificateInWindow  CertificateState = "in_window" // it is time to renew it
	CertificateActive    CertificateState = "active"
	CertificateWithdrawn CertificateState = "withdrawn" // given up
)

// CertificateStates lists the states, the most pressing first.
var CertificateStates = []CertificateState{CertificateLapsed, CertificateGrace, CertificateAtRisk, CertificateInWindow, CertificateActive, CertificateWithdrawn}

// Valid tells whether a certificate in this state counts.
func (s CertificateState) Valid() bool {
	return s == CertificateAtRisk || s == CertificateInWindow || s == CertificateActive
}

// WantKind says what is missing to keep a certificate.
type WantKind string

// The kinds of what is missing.
const (
	WantCredits  WantKind = "credits"  // of the whole cycle
	WantCategory WantKind = "category" // of a group of credits
	WantYear     WantKind = "year"     // of a year in which the minimum is hard
	WantEvent    WantKind = "event"    // something that is required
	WantApply    WantKind = "apply"    // the renewal has to be applied for
	WantRenewal  WantKind = "renewal"  // it ends, and somebody has to do something
)

// Want is something that is missing to keep a certificate, and by when.
type Want struct {
	Kind    WantKind
	Key     string // the category or the event
	Credits Credits
	Count   int
	From    Date // from when on it counts
	By      Date
	Late    bool // the day has passed
	Behind  bool // at the present pace, it will not be there
}

// Standing is how a certificate stands on a day.
type Standing struct {
	State CertificateState
	ValidSpan
	Until      Date // the last day on which it is valid, renewals that are known included; none: for ever
	Renewed    bool // there is a period after this one
	ApplyBy    Date // the last day for a renewal; none where it does not end
	WindowFrom Date // from when it can be renewed, or has to be thought of
	GraceTo    Date
	Tally      *Tally // of the cycle of the day; nil where nothing is asked for
	Wants      []Want // what is missing, the nearest first
}

// Keeping is all that the standing of a certificate depends on.
type Keeping struct {
	Rules     CertificationRules
	Spans     []ValidSpan // in the order in which they begin
	Credits   []Credit
	Withdrawn Date
}

// What pace and nearness mean, in days.
const (
	paceAfter     = 90  // a pace shows only after so long
	eventNear     = 90  // an event that is not done is pressing from so long before
	defaultWindow = 180 // a renewal is thought of from so long before, where no rule says
)

// Standing returns how a certificate stands on a day.
//
// At the present pace means: what was earned in this cycle so far, over its days so
// far, and the same for the days that are left.
func (k Keeping) Standing(today Date) Standing {
	i := k.current(today)
	if i < 0 {
		return Standing{State: CertificateLapsed}
	}
	s := Standing{ValidSpan: k.Spans[i], Until: k.until(i)}
	s.Renewed = s.Until != s.To
	if !s.To.IsZero() {
		s.ApplyBy, s.GraceTo = s.To.AddDays(-k.Rules.ApplyBeforeDays), s.To.AddDays(k.Rules.GraceDays)
		s.WindowFrom = s.ApplyBy.AddDays(-k.window())
	}
	for _, t := range k.Rules.Tallies(k.Spans, k.Credits, today) {
		if !today.Before(t.From) && s.Through == "" && (t.Need > 0 || len(t.Years) > 0 || len(t.Events) > 0) {
			s.Tally = &t
		}
	}
	if !s.Renewed {
		s.Wants = k.wants(s, today)
	}
	s.State = k.state(s, today)
	return s
}

// window is how long before its last day a certificate is thought of.
func (k Keeping) window() int {
	if k.Rules.WindowDays > 0 {
		return k.Rules.WindowDays
	}
	return defaultWindow
}

// current finds the span of a day: the last one that has begun, else the first. -1
// where there is none.
func (k Keeping) current(today Date) int {
	at := min(0, len(k.Spans)-1)
	for i, s := range k.Spans {
		if !today.Before(s.From) {
			at = i
		}
	}
	return at
}

// until is the end of the stretch without a gap that a span is in.
func (k Keeping) until(i int) Date {
	end := k.Spans[i].To
	for _, s := range k.Spans[i+1:] {
		if end.IsZero() || end.AddDays(1).Before(s.From) {
			break
		}
		if s.To.IsZero() || end.Before(s.To) {
			end = s.To
		}
	}
	return end
}

func (k Keeping) state(s Standing, today Date) CertificateState {
	switch {
	case !k.Withdrawn.IsZero() && !today.Before(k.Withdrawn):
		return CertificateWithdrawn
	case !s.To.IsZero() && s.To.Before(today) && s.GraceTo.Before(today):
		return CertificateLapsed
	case !s.To.IsZero() && s.To.Before(today):
		return CertificateGrace
	case slices.ContainsFunc(s.Wants, func(w Want) bool { return w.Late || w.Behind }):
		return CertificateAtRisk
	case !s.Renewed && s.AppliedOn.IsZero() && !s.To.IsZero() && !today.Before(s.WindowFrom):
		return CertificateInWindow
	}
	return CertificateActive
}

// wants lists what is missing to keep a certificate, the nearest first.
func (k Keeping) wants(s Standing, today Date) []Want {
	var list []Want
	if s.Tally != nil {
		list = append(list, wantsOf(*s.Tally, today)...)
	}
	switch {
	case s.To.IsZero() || !s.AppliedOn.IsZero():
	case k.Rules.ApplyBeforeDays > 0:
		list = append(list, Want{Kind: WantApply, From: s.WindowFrom, By: s.ApplyBy, Late: s.ApplyBy.Before(today)})
	default:
		list = append(list, Want{Kind: WantRenewal, From: s.WindowFrom, By: s.To, Late: s.To.Before(today)})
	}
	slices.SortStableFunc(list, func(a, b Want) int { return a.By.Time().Compare(b.By.Time()) })
	return list
}

func wantsOf(t Tally, today Date) (list []Want) {
	if n := t.Need - t.Counted; n > 0 {
		list = append(list, t.want(WantCredits, "", n, t.behind(t.Counted-t.CarriedIn, n, t.From, t.Due, today), today))
	}
	for _, c := range t.Categories {
		if n := c.Minimum - c.Counted; n > 0 {
			list = append(list, t.want(WantCategory, c.Key, n, t.behind(c.Counted, n, t.From, t.Due, today), today))
		}
	}
	for _, y := range t.Years {
		n := y.Need - y.Counted
		if !y.Hard || n <= 0 || today.Before(y.From) {
			continue
		}
		list = append(list, Want{Kind: WantYear, Credits: n, From: y.From, By: y.To, Late: y.To.Before(today), Behind: t.behind(y.Counted, n, y.From, y.To, today)})
	}
	for _, e := range t.Events {
		if n := e.Missing(); n > 0 && !today.Before(e.From) {
			list = append(list, Want{Kind: WantEvent, Key: e.Event.Key, Count: n, From: e.From, By: e.By, Late: e.By.Before(today),
				Behind: !e.By.IsZero() && !today.Before(e.By.AddDays(-eventNear))})
		}
	}
	return list
}

func (t Tally) want(kind WantKind, key string, n Credits, behind bool, today Date) Want {
	return Want{Kind: kind, Key: key, Credits: n, From: t.From, By: t.Due, Late: !t.Due.IsZero() && t.Due.Before(today), Behind: behind}
}

// behind tells whether what is missing will still be missing at the end, when things
// go on as they did from a day on.
func (t Tally) behind(earned, missing Credits, from, to, today Date) bool {
	gone := daysFromTo(from, today)
	if to.IsZero() || gone < paceAfter {
		return false
	}
	left := max(0, daysFromTo(today, to)-1)
	return int(earned)*left < int(missing)*gone
}

// Outside returns what others than the holder and leads see of a standing: until when
// the certificate is valid, and nothing of what is missing to keep it.
func (s Standing) Outside() Standing {
	s.Tally, s.Wants, s.AppliedOn = nil, nil, Date{}
	if s.State == CertificateAtRisk || s.State == CertificateInWindow {
		s.State = CertificateActive
	}
	return s
}

// Standings returns how the certificates of one person stand on a day, by their ids.
// Certifications are by their ids; activities are that person's.
func Standings(certificates []Certificate, certifications map[string]Certification, activities []CreditActivity, today Date) map[string]Standing {
	credits := map[string][]Credit{}
	for _, a := range activities {
		if !a.RemovedAt.IsZero() {
			continue
		}
		for _, c := range a.Claims {
			credits[c.CertificateID] = append(credits[c.CertificateID], Credit{Day: a.Day, Credits: c.Credits, Category: c.Category, Event: c.Event})
		}
	}
	all := map[string]Standing{}
	for _, c := range certificates {
		k := Keeping{Rules: certifications[c.CertificationID].Rules, Spans: spansOf(c, certificates, certifications), Credits: credits[c.ID], Withdrawn: c.WithdrawnOn}
		all[c.ID] = k.Standing(today)
	}
	for _, c := range certificates {
		all[c.ID] = withUmbrella(all[c.ID], all)
	}
	return all
}

// spansOf returns when a certificate is valid, by itself and through those that renew it.
func spansOf(c Certificate, all []Certificate, certifications map[string]Certification) []ValidSpan {
	list := c.spans()
	for _, other := range all {
		if slices.Contains(certifications[other.CertificationID].Renews, c.CertificationID) {
			list = RenewedThrough(list, other.ID, other.spans(), certifications[c.CertificationID].Rules.GraceDays)
		}
	}
	if w := c.WithdrawnOn; !w.IsZero() {
		list = slices.DeleteFunc(list, func(s ValidSpan) bool { return s.Through != "" && !s.From.Before(w) })
	}
	slices.SortStableFunc(list, func(a, b ValidSpan) int { return a.From.Time().Compare(b.From.Time()) })
	return list
}

// withUmbrella makes a certificate that is kept through another one stand as that does.
func withUmbrella(s Standing, all map[string]Standing) Standing {
	if u, known := all[s.Through]; known && s.State.Valid() && u.State.Valid() && !s.Renewed {
		s.State, s.Wants = u.State, u.Wants
	}
	return s
}

// SpansOf returns when each of one person's certificates is valid, by their ids.
func SpansOf(certificates []Certificate, certifications map[string]Certification) map[string][]ValidSpan {
	all := map[string][]ValidSpan{}
	for _, c := range certificates {
		all[c.ID] = spansOf(c, certificates, certifications)
	}
	return all
}

// Deadlines returns the days that matter to whoever holds a certificate, from one day
// to another: its last day, by when to apply, and what is missing by when. Title is
// the name of the certification, with the name of an event where it is about one.
func (s Standing) Deadlines(c Certificate, kind Certification, from, until Date) (list []Deadline) {
	add := func(d Deadline) {
		d.ObjectID, d.MemberID = c.ID, c.MemberID
		d.Title = strings.TrimSpace(kind.Name + " " + d.Title)
		d.TitleEn = strings.TrimSpace(kind.DisplayName("en") + " " + d.TitleEn)
		if !d.On.IsZero() && !d.On.Before(from) && !until.Before(d.On) && !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	if s.State == CertificateWithdrawn {
		return nil
	}
	add(Deadline{Kind: CertificateExpires, On: s.Until})
	for _, w := range s.Wants {
		switch w.Kind {
		case WantApply:
			add(Deadline{Kind: CertificateApplyBy, On: w.By})
		case WantCredits, WantCategory, WantYear:
			add(Deadline{Kind: CreditsDue, On: w.By})
		case WantEvent:
			e, _ := kind.Rules.Event(w.Key)
			add(Deadline{Kind: CreditsDue, Part: w.Key, Title: e.Name, TitleEn: e.DisplayName("en"), On: w.By})
		}
	}
	return list
}
