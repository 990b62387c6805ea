package risk

import (
	"cmp"
	"math"
	"slices"

	"tasuki/internal/team"
)

// Future is who will hold what in the days ahead, and who is known to be away.
type Future struct {
	Skills []Skill
	// Holdings are those of each skill; the ones of a member do not overlap.
	Holdings [][]Holding
	Away     []Away
}

// Severity is how much an absence takes from a skill, the worst first.
type Severity int

// The severities.
const (
	Lost       Severity = iota // somebody could, and nobody is left
	NewlyBelow                 // it had enough people, and then has too few
	Worse                      // it had too few people already, and then has fewer
	OnOne                      // enough are left, but one more loss breaks it
	Thinner                    // enough are left, and more than one loss it can bear
)

// Spell is a run of days; no last day means that it does not end within what was asked.
type Spell struct{ From, To team.Date }

// Effect is what the absence of some people does to a skill on the worst day.
type Effect struct {
	Skill    int
	Severity Severity
	On       team.Date // the first of the worst days
	Before   int       // holders on it if they were there
	After    int       // holders on it without them
	Lacking  []Spell   // when the skill is without anybody, or below its minimum, because of them
	Holders  []string  // those of them who hold it
	Staying  []string  // who holds it and is there on the worst day
}

// BusFactors returns how many losses the skill bears before and after.
func (e Effect) BusFactors(s Skill) (before, after int) {
	return max(0, e.Before-s.Minimum+1), max(0, e.After-s.Minimum+1)
}

// Warning is a critical skill that one absence, together with what is planned, leaves
// with too few people.
type Warning struct {
	Skill  int
	Spells []Spell
	Fewest int // holders left
}

// point says how many holders there are from a day until the next point.
type point struct{ day, n int }

// course is the number of holders of a skill over time.
type course []point

const always = math.MaxInt32 // beyond every day

func dayNumber(d team.Date) int { return int(d.Time().Unix() / 86400) }

func firstDay(d team.Date) int {
	if d.IsZero() {
		return -always
	}
	return dayNumber(d)
}

// dayAfter is the first day that does not count any more.
func dayAfter(last team.Date) int {
	if last.IsZero() {
		return always
	}
	return dayNumber(last) + 1
}

func dateOf(day int) team.Date { return team.Date{Year: 1970, Month: 1, Day: 1}.AddDays(day) }

// stretch is a run of days from one up to another that does not belong to it.
type stretch struct{ from, to int }

// stretches are somebody's absences, in order and without overlap.
type stretches []stretch

func (s stretches) covers(day int) bool {
	return slices.ContainsFunc(s, func(x stretch) bool { return x.from <= day && day < x.to })
}

// awayOf returns everybody's absences.
func awayOf(lists ...[]Away) map[string]stretches {
	of := map[string]stretches{}
	for _, list := range lists {
		for _, a := range list {
			if s := (stretch{firstDay(a.From), dayAfter(a.To)}); s.from < s.to {
				of[a.Member] = append(of[a.Member], s)
			}
		}
	}
	for member, all := range of {
		of[member] = joined(all)
	}
	return of
}

func joined(all stretches) (out stretches) {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for _, s := range all {
		if last := len(out) - 1; last >= 0 && s.from <= out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// courseOf counts the holders of a skill over time without those who are away.
func courseOf(holdings []Holding, away map[string]stretches) course {
	var turns course
	add := func(from, to int) {
		if from < to {
			turns = append(turns, point{from, 1}, point{to, -1})
		}
	}
	for _, h := range holdings {
		from, end := firstDay(h.From), dayAfter(h.To)
		for _, gone := range away[h.Member] {
			if gone.to <= from || gone.from >= end {
				continue
			}
			add(from, gone.from)
			from = gone.to
		}
		add(from, end)
	}
	slices.SortFunc(turns, func(a, b point) int { return cmp.Compare(a.day, b.day) })
	sum, out := 0, turns[:0]
	for _, t := range turns {
		sum += t.n
		if last := len(out) - 1; last >= 0 && out[last].day == t.day {
			out[last].n = sum
		} else {
			out = append(out, point{t.day, sum})
		}
	}
	return out
}

// on returns the number of holders on a day.
func (c course) on(day int) int {
	at, found := slices.BinarySearchFunc(c, day, func(p point, day int) int { return cmp.Compare(p.day, day) })
	switch {
	case found:
		return c[at].n
	case at == 0:
		return 0
	}
	return c[at-1].n
}

// turnsOf returns the first day and every one up to an end on which one of the courses turns.
func turnsOf(from, end int, courses ...course) []int {
	all := []int{from}
	for _, c := range courses {
		for _, p := range c {
			if p.day > from && p.day < end {
				all = append(all, p.day)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
