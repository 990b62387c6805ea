package risk

import (
	"math"
	"slices"

	"tasuki/internal/team"
)

// BusFactors is how a skill's bus factor changes. NoBusFactor stands for none.
type BusFactors struct {
	Skill         int
	Before, After int
}

// NoBusFactor is the bus factor of a skill that nothing can break.
const NoBusFactor = math.MaxInt

// WhatIf is what the loss of some members does to a department.
type WhatIf struct {
	Before, After Department
	NewlyBelow    []int        // skills, critical or not, that are then below their minimum and were not
	Changed       []BusFactors // skills that others hold up less than before
}

// WhatIf computes the department without some members.
func (d Department) WhatIf(gone ...int) WhatIf {
	w := WhatIf{Before: d, After: d.Without(gone...)}
	for s, before := range d.Skills {
		after := w.After.Skills[s]
		if after.Below() && !before.Below() {
			w.NewlyBelow = append(w.NewlyBelow, s)
		}
		if b, a := busFactor(before), busFactor(after); a != b {
			w.Changed = append(w.Changed, BusFactors{s, b, a})
		}
	}
	return w
}

func busFactor(h Held) int {
	if n, ok := h.BusFactor(); ok {
		return n
	}
	return NoBusFactor
}

// Gap is a skill that an absence brings below its minimum.
type Gap struct {
	Skill  int
	Breach // the first day, and who is left on it
}

// Gaps returns, in the order of skills, which of them some people's absence brings
// below the minimum on a day on which it would be kept if they were there: what a
// leave guard has to say, with all leave that is planned already. Each absence has a
// first day.
func Gaps(skills []Outlook, away []Away) []Gap {
	var list []Gap
	for s, o := range skills {
		with := o
		with.Away = append(slices.Clone(o.Away), away...)
		if b, ok := with.newBreach(o, away); ok {
			list = append(list, Gap{s, b})
		}
	}
	return list
}

// newBreach returns the first day that is a breach with an absence and not without.
func (o Outlook) newBreach(without Outlook, away []Away) (Breach, bool) {
	var best Breach
	found := false
	for _, a := range away {
		for _, day := range o.turns(a.From, a.To) {
			n := len(o.Holders(day))
			if n < o.Minimum && len(without.Holders(day)) >= o.Minimum && (!found || day.Before(best.On)) {
				best, found = Breach{day, n}, true
			}
		}
	}
	return best, found
}

// Topic is what a what-if has to know of a topic.
type Topic struct {
	Answers Concentration
	// Secured tells whether a reviewed answer exists that somebody else has reused.
	Secured bool
}

// Orphaned returns the positions of the topics that some members' loss leaves
// without their knowledge: half of it or more was theirs, and nothing written
// has carried it to others.
func Orphaned(topics []Topic, gone ...string) []int {
	var list []int
	for i, t := range topics {
		if !t.Secured && t.Answers.Share(gone...) >= 0.5-1e-9 {
			list = append(list, i)
		}
	}
	return list
}

// Remaining returns how many holders there are on a day without some members: what
// a mandatory certificate comes down to.
func (o Outlook) Remaining(on team.Date, gone ...string) int {
	return len(slices.DeleteFunc(o.Holders(on), func(m string) bool { return slices.Contains(gone, m) }))
}
