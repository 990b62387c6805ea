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

// firstBreach goes through the days on which something changes, up to an end, and
// keeps count: a large department has hundreds of such days for each skill.
func (o Outlook) firstBreach(from, to team.Date) (Breach, bool) {
	changes := o.changes(from)
	held, away, there := map[string]int{}, map[string]int{}, 0
	for i := 0; i < len(changes); {
		day := changes[i].on
		if !covers(from, to, day) {
			break
		}
		for ; i < len(changes) && changes[i].on == day; i++ {
			c := changes[i]
			before := held[c.member] > 0 && away[c.member] == 0
			held[c.member] += c.held
			away[c.member] += c.away
			switch after := held[c.member] > 0 && away[c.member] == 0; {
			case after && !before:
				there++
			case before && !after:
				there--
			}
		}
		if there < o.Minimum {
			return Breach{day, there}, true
		}
	}
	return Breach{}, false
}

// change is what a day changes for a member: holdings and absences that begin or are over.
type change struct {
	on         team.Date
	member     string
	held, away int
}

// changes returns what changes from a day on, the earliest first; what holds on that
// day already is its change.
func (o Outlook) changes(from team.Date) []change {
	list := []change{{on: from}}
	add := func(member string, start, end team.Date, held, away int) {
		if !end.IsZero() && end.Before(from) {
			return
		}
		if start.IsZero() || start.Before(from) {
			start = from
		}
		if !end.IsZero() && end.Before(start) {
			return
		}
		list = append(list, change{start, member, held, away})
		if !end.IsZero() {
			list = append(list, change{end.AddDays(1), member, -held, -away})
		}
	}
	for _, h := range o.Holdings {
		add(h.Member, h.From, h.To, 1, 0)
	}
	for _, a := range o.Away {
		add(a.Member, a.From, a.To, 0, 1)
	}
	slices.SortStableFunc(list, func(a, b change) int { return a.on.Time().Compare(b.on.Time()) })
	return list
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
