// Package risk computes how much a department depends on single people: coverage,
// bus and truck factors, what the absence of people takes away, where knowledge
// gathers. Its functions take plain values and return plain values: no database,
// no clock, no language, so that every rule can be checked with a small table.
//
// People and skills are positions in the lists of a Department. Every list that
// comes back is in the order of those positions, so a name never decides anything.
package risk

import (
	"math"
	"slices"
)

// NotAssessed is the level of somebody about whom nothing is known. It is not 0:
// nobody has said that they cannot do it.
const NotAssessed = -1

// Skill is what the department wants of one skill.
type Skill struct {
	ID       string
	Required int     // the level from which somebody counts as a holder
	Minimum  int     // how many holders there have to be; 0 means that nothing can break it
	Critical bool    // only critical skills count for the department's numbers
	Weight   float64 // how much it counts; finite and not negative
}

// Held is a skill with its holders, as positions of members in ascending order.
type Held struct {
	Skill
	Holders []int
}

// Margin returns how many holders there are beyond the minimum; below 0 it is short of them.
func (h Held) Margin() int { return len(h.Holders) - h.Minimum }

// Below tells whether the skill has fewer holders than it needs.
func (h Held) Below() bool { return h.Margin() < 0 }

// Breakable tells whether losing people can bring the skill below its minimum.
func (h Held) Breakable() bool { return h.Minimum > 0 }

// BusFactor returns the fewest people whose loss brings the skill below its
// minimum, 0 where it is below already. Where nothing can break the skill there is
// no such number, and ok is false.
func (h Held) BusFactor() (n int, ok bool) {
	return max(0, h.Margin()+1), h.Breakable()
}

// Alone tells whether the skill depends on single people: any one holder's loss breaks it.
func (h Held) Alone() bool {
	n, ok := h.BusFactor()
	return ok && n == 1
}

// Coverage returns the share of the minimum that is there, at most 1.
func (h Held) Coverage() float64 {
	if !h.Below() {
		return 1
	}
	return float64(len(h.Holders)) / float64(h.Minimum)
}

// Department is who holds what on one day.
type Department struct {
	Members []string // ids of the people who are there
	Skills  []Held
}

// New returns the department in which level tells where a member stands in a
// skill, NotAssessed included.
func New(members []string, skills []Skill, level func(member, skill int) int) Department {
	d := Department{Members: members, Skills: make([]Held, len(skills))}
	for s, skill := range skills {
		d.Skills[s].Skill = skill
		for m := range members {
			if l := level(m, s); l != NotAssessed && l >= skill.Required {
				d.Skills[s].Holders = append(d.Skills[s].Holders, m)
			}
		}
	}
	return d
}

// Coverage returns the weighted share of the minimum heads of critical skills that
// are there: 1 where each has enough, and where no weight is given at all.
func (d Department) Coverage() float64 {
	sum, all := 0.0, 0.0
	for _, h := range d.Skills {
		if h.Critical {
			sum += h.Weight * h.Coverage()
			all += h.Weight
		}
	}
	if all == 0 {
		return 1
	}
	return sum / all
}

// Seats returns how many of the places that critical skills ask for are taken, and
// how many there are. Their ratio is the coverage in which a skill weighs its minimum.
func (d Department) Seats() (taken, wanted int) {
	for _, h := range d.Skills {
		if h.Critical {
			taken += min(len(h.Holders), h.Minimum)
			wanted += h.Minimum
		}
	}
	return taken, wanted
}

// Below returns the positions of the critical skills that have too few holders already.
func (d Department) Below() []int {
	var list []int
	for s, h := range d.Skills {
		if h.Critical && h.Below() {
			list = append(list, s)
		}
	}
	return list
}

// Sound returns the department with only those skills that can be lost yet: the
// ones below their minimum are left out, so that its numbers speak of the others.
func (d Department) Sound() Department {
	d.Skills = slices.DeleteFunc(slices.Clone(d.Skills), Held.Below)
	return d
}

// Without returns the department after some members are gone. The positions of
// those who stay move up.
func (d Department) Without(gone ...int) Department {
	moved := make([]int, len(d.Members))
	out := Department{Skills: make([]Held, len(d.Skills))}
	for m, id := range d.Members {
		moved[m] = -1
		if !slices.Contains(gone, m) {
			moved[m] = len(out.Members)
			out.Members = append(out.Members, id)
		}
	}
	for s, h := range d.Skills {
		out.Skills[s].Skill = h.Skill
		for _, m := range h.Holders {
			if moved[m] >= 0 {
				out.Skills[s].Holders = append(out.Skills[s].Holders, moved[m])
			}
		}
	}
	return out
}

// Names returns the ids of members by their positions.
func (d Department) Names(members []int) []string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = d.Members[m]
	}
	return names
}

// binomial returns how many k-subsets n things have, and math.MaxInt where that is
// more than an int holds.
func binomial(n, k int) int {
	if k < 0 || k > n {
		return 0
	}
	k = min(k, n-k)
	c := 1
	for i := 1; i <= k; i++ {
		if c > math.MaxInt/(n-k+i) {
			return math.MaxInt
		}
		c = c * (n - k + i) / i
	}
	return c
}
