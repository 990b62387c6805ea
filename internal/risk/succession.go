package risk

import (
	"cmp"
	"slices"
)

// Widest is how many levels below the wanted one a candidate may stand.
const Widest = 2

// Lift is a training of a skill: who stands at From or higher comes to To.
type Lift struct {
	From, To int
	Hours    float64
}

// PathHours returns the hours of the cheapest way through trainings from one level
// to another or higher; ok is false where there is none.
func PathHours(lifts []Lift, from, to int) (hours float64, ok bool) {
	cheapest := map[int]float64{from: 0}
	for done := map[int]bool{}; ; {
		at, found := nearest(cheapest, done)
		if !found || at >= to {
			return cheapest[at], found
		}
		done[at] = true
		for _, l := range lifts {
			if l.From > at || l.To <= at || l.Hours < 0 {
				continue
			}
			if known, seen := cheapest[l.To]; !seen || cheapest[at]+l.Hours < known {
				cheapest[l.To] = cheapest[at] + l.Hours
			}
		}
	}
}

// nearest returns the open level that is reached in the fewest hours; of several
// the highest, so that a goal among them ends the search.
func nearest(cheapest map[int]float64, done map[int]bool) (at int, found bool) {
	for level, hours := range cheapest {
		if done[level] {
			continue
		}
		if !found || hours < cheapest[at] || hours == cheapest[at] && level > at {
			at, found = level, true
		}
	}
	return at, found
}

// Candidate is somebody who could learn a skill.
type Candidate struct {
	Member string
	Level  int     // NotAssessed counts as 0 here, as somebody to ask
	Weight float64 // of their answers on it
	Alone  int     // how many skills depend on them alone already
	Gap    int     // filled by Succession: levels to go
	Hours  float64 // filled by Succession: of the cheapest way
}

// Succession returns who could come to a level in a skill, the best first: the
// smallest gap, the fewest hours, the most answers, the fewest skills that depend on
// them already, and then the order in which they came. hours tells the cheapest way
// from one level to another and whether there is one, as PathHours does. Nobody
// means: hire or buy.
func Succession(people []Candidate, level int, hours func(from, to int) (float64, bool)) []Candidate {
	var list []Candidate
	for _, c := range people {
		from := max(0, c.Level)
		if c.Gap = level - from; c.Gap <= 0 || c.Gap > Widest {
			continue
		}
		var ok bool
		if c.Hours, ok = hours(from, level); ok {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Gap, b.Gap), cmp.Compare(a.Hours, b.Hours), cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Alone, b.Alone))
	})
	return list
}
