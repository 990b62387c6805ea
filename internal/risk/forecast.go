package risk

import (
	"slices"

	"tasuki/internal/team"
)

// Holding says that a member is a holder of a skill for some time: a level with an
// end, or a certificate.
type Holding struct {
	Member string
	From   team.Date // no date: since ever
	To     team.Date // the last day, included; no date: without end
}

// Away says that a member is absent, or leaves for good.
type Away struct {
	Member string
	From   team.Date
	To     team.Date // the last day, included; no date: for good
}

// Outlook is what is known about the holders of one skill in the days ahead.
type Outlook struct {
	Minimum  int
	Holdings []Holding
	Away     []Away
}

// Breach is a day on which a skill is below its minimum.
type Breach struct {
	On      team.Date
	Holders int
}

// Holders returns the members who hold the skill and are there on a day, in the
// order of their first holding.
func (o Outlook) Holders(on team.Date) []string {
	var there []string
	for _, h := range o.Holdings {
		if covers(h.From, h.To, on) && !slices.Contains(there, h.Member) && !o.away(h.Member, on) {
			there = append(there, h.Member)
		}
	}
	return there
}

func (o Outlook) away(member string, on team.Date) bool {
	return slices.ContainsFunc(o.Away, func(a Away) bool { return a.Member == member && covers(a.From, a.To, on) })
}

// covers tells whether a day lies from one day to another, both included; no date
// is an open end.
func covers(from, to, on team.Date) bool {
	return (from.IsZero() || !on.Before(from)) && (to.IsZero() || !to.Before(on))
}

// FirstBreach returns the first day from today on which the skill has fewer holders
// than it needs, and whether there is one.
func (o Outlook) FirstBreach(today team.Date) (Breach, bool) {
	return o.firstBreach(today, team.Date{})
}

// firstBreach looks at the days on which something changes, up to an end.
func (o Outlook) firstBreach(from, to team.Date) (Breach, bool) {
	for _, day := range o.turns(from, to) {
		if n := len(o.Holders(day)); n < o.Minimum {
			return Breach{day, n}, true
		}
	}
	return Breach{}, false
}

// turns returns the first day and every later one, up to an end, on which the
// number of holders can change.
func (o Outlook) turns(from, to team.Date) []team.Date {
	all := []team.Date{from}
	add := func(start, end team.Date) {
		all = append(all, start)
		if !end.IsZero() {
			all = append(all, end.AddDays(1))
		}
	}
	for _, h := range o.Holdings {
		add(h.From, h.To)
	}
	for _, a := range o.Away {
		add(a.From, a.To)
	}
	all = slices.DeleteFunc(all, func(d team.Date) bool { return d.IsZero() || !covers(from, to, d) })
	slices.SortFunc(all, func(a, b team.Date) int { return a.Time().Compare(b.Time()) })
	return slices.Compact(all)
}
