package team

import (
	"slices"
	"time"
)

// Credit is what one activity counts for one certificate.
type Credit struct {
	Day      Date
	Credits  Credits
	Category string
	Event    string
}

// Tally is what a cycle of a certificate asks for and what is there. Every credit is
// in one place: it counts for this cycle, is carried over to the next, or is over a
// limit and counts for nothing.
type Tally struct {
	From, To   Date // the last day is none where the cycle has no end
	Due        Date // by which everything has to be done: where a renewal is applied for earlier, that day
	Need       Credits
	Counted    Credits // for this cycle, with what was carried in
	CarriedIn  Credits
	Carried    Credits // for the next cycle
	Over       Credits // beyond a limit
	Categories []CategoryTally
	Years      []YearTally
	Events     []EventTally
}

// CategoryTally is a group of credits in a cycle.
type CategoryTally struct {
	CreditCategory
	Counted Credits
}

// YearTally is a year of a cycle.
type YearTally struct {
	From, To Date
	Need     Credits
	Hard     bool // less than Need is a breach
	Counted  Credits
}

// EventTally is something that is required in a year or a cycle.
type EventTally struct {
	Event    RequiredEvent
	From, By Date // By is the last day on which it counts
	Done     int
}

// Missing tells how many more it takes.
func (e EventTally) Missing() int { return max(0, e.Event.Count-e.Done) }

// Missing tells how many more credits the cycle takes, whatever their year: as many as
// the total or the categories want, the larger of both, since a credit of a category
// counts for the total too.
func (t Tally) Missing() Credits {
	categories := Credits(0)
	for _, c := range t.Categories {
		categories += max(0, c.Minimum-c.Counted)
	}
	return max(0, t.Need-t.Counted, categories)
}

// Met tells whether the certificate can be renewed after this cycle.
func (t Tally) Met() bool {
	return t.Missing() == 0 &&
		!slices.ContainsFunc(t.Years, func(y YearTally) bool { return y.Hard && y.Counted < y.Need }) &&
		!slices.ContainsFunc(t.Events, func(e EventTally) bool { return e.Missing() > 0 })
}

// Expected is how many credits would be there by a day at an even pace.
func (t Tally) Expected(day Date) Credits {
	whole, gone := daysFromTo(t.From, t.To), min(daysFromTo(t.From, day), daysFromTo(t.From, t.To))
	if whole <= 0 || gone <= 0 {
		return 0
	}
	return Credits(int(t.Need) * gone / whole)
}

// daysFromTo counts days, both included.
func daysFromTo(from, to Date) int {
	return int(to.Time().Sub(from.Time())/(24*time.Hour)) + 1
}

// Tallies returns the cycles of some spans of validity, in order, up to the one of a
// day, with what some credits make of them.
//
// It is the best that can be made of them: each cycle gets what it needs before
// anything is carried over, and then as much is carried over as the rules let. Nothing
// else is to be chosen: what is over the limit of a category counts nowhere.
func (r CertificationRules) Tallies(spans []ValidSpan, credits []Credit, until Date) []Tally {
	var list []Tally
	for _, s := range spans {
		if s.Through != "" {
			continue // whoever renewed it that way has no credits to show for it
		}
		for _, cycle := range r.cycles(s, until) {
			t := r.tally(cycle, credits)
			if n := len(list); n > 0 && !list[n-1].To.IsZero() && !list[n-1].To.AddDays(1+r.GraceDays).Before(t.From) {
				r.carry(&list[n-1], &t, credits)
			}
			list = append(list, t)
		}
	}
	return list
}

// cycles cuts a span into its cycles, up to the one of a day.
func (r CertificationRules) cycles(s ValidSpan, until Date) []Tally {
	whole := []Tally{{From: s.From, To: s.To, Due: r.due(s)}}
	if r.CycleMonths == 0 || (r.CycleMonths >= r.ValidityMonths && !r.Lifetime()) {
		return whole
	}
	n := r.ValidityMonths / r.CycleMonths // the last one ends with the span, whenever that is
	var list []Tally
	for from := s.From; (r.Lifetime() || len(list) < n-1) && !until.Before(from); {
		to := r.lastDay(from, r.CycleMonths)
		if !s.To.IsZero() && !to.Before(s.To) {
			break
		}
		list = append(list, Tally{From: from, To: to, Due: to})
		from = to.AddDays(1)
	}
	from := s.From
	if len(list) > 0 {
		from = list[len(list)-1].To.AddDays(1)
	}
	if until.Before(from) || s.To.IsZero() {
		return list
	}
	return append(list, Tally{From: from, To: s.To, Due: r.due(s)})
}

// due is by when all has to be done for a renewal.
func (r CertificationRules) due(s ValidSpan) Date {
	if s.To.IsZero() {
		return Date{}
	}
	return s.To.AddDays(-r.ApplyBeforeDays)
}

func (r CertificationRules) tally(t Tally, credits []Credit) Tally {
	t.Need = r.CycleTotal
	t.Years = r.years(t)
	t.Events = r.events(t)
	for _, c := range r.Categories {
		t.Categories = append(t.Categories, CategoryTally{CreditCategory: c})
	}
	for _, c := range credits {
		if (ValidSpan{From: t.From, To: t.To}).Covers(c.Day) {
			t.add(c)
		}
	}
	return t
}

// add counts a credit in the order in which it was earned. Limits leave the same
// amount in any order.
func (t *Tally) add(c Credit) {
	for i := range t.Events {
		e := &t.Events[i]
		if e.Event.Key == c.Event && (ValidSpan{From: e.From, To: e.By}).Covers(c.Day) {
			e.Done++
		}
	}
	counts := c.Credits
	for i := range t.Categories {
		g := &t.Categories[i]
		if g.Key != c.Category {
			continue
		}
		if g.Maximum > 0 {
			counts = min(counts, g.Maximum-g.Counted)
		}
		g.Counted += counts
	}
	t.Counted += counts
	t.Over += c.Credits - counts
	for i := range t.Years {
		if y := &t.Years[i]; (ValidSpan{From: y.From, To: y.To}).Covers(c.Day) {
			y.Counted += counts
		}
	}
}

// carry moves what a cycle has too many of into the next one: as much as the rules let,
// and never what the cycle itself needs.
func (r CertificationRules) carry(last, next *Tally, credits []Credit) {
	if r.CarryOver.Maximum == 0 || last.Missing() > 0 {
		return
	}
	left := min(r.CarryOver.Maximum, last.Counted-last.Need)
	for i := range last.Categories {
		g := &last.Categories[i]
		if len(r.CarryOver.Categories) > 0 && !slices.Contains(r.CarryOver.Categories, g.Key) {
			continue
		}
		n := max(0, min(left, g.Counted-g.Minimum, r.late(*last, credits, func(c Credit) bool { return c.Category == g.Key })))
		if g.Maximum > 0 { // what comes in shares the place with what is earned
			n = min(n, max(0, next.categoryRoom(g.Key)))
		}
		g.Counted -= n
		next.bring(g.Key, n)
		last.Counted, last.Carried, left = last.Counted-n, last.Carried+n, left-n
	}
	if len(r.Categories) == 0 {
		n := max(0, min(left, r.late(*last, credits, func(Credit) bool { return true })))
		next.bring("", n)
		last.Counted, last.Carried = last.Counted-n, last.Carried+n
	}
}

// late is what some credits of the last months of a cycle come to.
func (r CertificationRules) late(t Tally, credits []Credit, of func(Credit) bool) (sum Credits) {
	from := t.From
	if r.CarryOver.LastMonths > 0 {
		from = lastMonths(t.To, r.CarryOver.LastMonths)
	}
	for _, c := range credits {
		if of(c) && (ValidSpan{From: from, To: t.To}).Covers(c.Day) && !c.Day.Before(t.From) {
			sum += c.Credits
		}
	}
	return sum
}

// lastMonths returns the first day of the last months up to a day: after 31 August,
// six months begin on 1 March.
func lastMonths(to Date, months int) Date { return to.AddDays(1).AddMonths(-months) }

func (t Tally) categoryRoom(key string) Credits {
	for _, g := range t.Categories {
		if g.Key == key {
			return g.Maximum - g.Counted
		}
	}
	return 0
}

func (t *Tally) bring(category string, n Credits) {
	t.Counted, t.CarriedIn = t.Counted+n, t.CarriedIn+n
	for i := range t.Categories {
		if t.Categories[i].Key == category {
			t.Categories[i].Counted += n
		}
	}
}

// years cuts a cycle into its years: those of the calendar, or those from its first
// day. The first one of the calendar takes what was earned before it began, and the
// last one ends with the cycle.
func (r CertificationRules) years(t Tally) []YearTally {
	n := max(r.CycleMonths, r.ValidityMonths) / 12
	if r.CycleMonths > 0 {
		n = r.CycleMonths / 12
	}
	yearly := slices.ContainsFunc(r.Events, func(e RequiredEvent) bool { return e.Per == PerYear })
	if n == 0 || t.To.IsZero() || (r.AnnualMin == 0 && !yearly) {
		return nil
	}
	var list []YearTally
	from := t.From
	for i := 1; i <= n && !t.To.Before(from); i++ {
		to := t.From.AddMonths(12 * i)
		if to.Day == t.From.Day {
			to = to.AddDays(-1)
		}
		if r.CycleAnchor == AnchorCalendarYear {
			to = Date{t.To.Year - n + i, time.December, 31}
		}
		if i == n || t.To.Before(to) {
			to = t.To
		}
		if to.Before(from) {
			continue // a cycle that somebody made shorter
		}
		list = append(list, YearTally{From: from, To: to, Need: r.AnnualMin, Hard: r.AnnualMinIsHard})
		from = to.AddDays(1)
	}
	return list
}

// events lists what is required in a cycle, the nearest first. What has to be done for
// a renewal counts up to the day by which it is applied for.
func (r CertificationRules) events(t Tally) []EventTally {
	var list []EventTally
	for _, e := range r.Events {
		if e.Per == PerCycle {
			list = append(list, EventTally{Event: e, From: t.From, By: t.Due})
			continue
		}
		for _, y := range t.Years {
			by := y.To
			if !t.Due.IsZero() && t.Due.Before(by) {
				by = t.Due
			}
			list = append(list, EventTally{Event: e, From: y.From, By: by})
		}
	}
	slices.SortStableFunc(list, func(a, b EventTally) int { return a.By.Time().Compare(b.By.Time()) })
	return list
}
