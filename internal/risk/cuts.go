package risk

import "math/bits"

// LargestCut is the size up to which minimal cuts are listed; larger ones are too
// many to act on.
const LargestCut = 3

// Cuts are the minimal cuts of a department: groups of up to LargestCut people
// whose loss breaks a critical skill that is not broken yet, while the loss of any
// fewer of them does not.
type Cuts struct {
	Sets              // the smaller ones first; at most as many as were asked for
	OfSize   [4]int   // how many there are of each size
	ByMember [][4]int // of a member: in how many of each size they are
	pairs    []set    // of a person: with whom they are a cut
	singles  set      // who is a cut alone
	m        *model   // what they were counted in
	limit    int      // how many are listed
}

// MinimalCuts returns the minimal cuts, exactly; at most limit of them are listed,
// all are counted.
func (d Department) MinimalCuts(limit int) Cuts {
	c := Cuts{m: d.model(), limit: limit, ByMember: make([][4]int, len(d.Members)), singles: newSet(len(d.Members))}
	c.alone()
	c.twos()
	c.threes()
	return c
}

func (c *Cuts) add(group ...int) {
	c.Total++
	c.OfSize[len(group)]++
	for _, p := range group {
		c.ByMember[p][len(group)]++
	}
	if len(c.List) < c.limit {
		c.List = append(c.List, append([]int(nil), group...))
	}
}

// alone finds the key persons: every holder of a skill that one loss breaks.
func (c *Cuts) alone() {
	for s, need := range c.m.need {
		if need == 1 {
			c.singles.addAll(c.m.holders[s])
		}
	}
	c.singles.each(func(p int) bool { c.add(p); return true })
}

// twos finds the pairs of holders of a skill that two losses break, neither of
// whom breaks anything alone.
func (c *Cuts) twos() {
	c.pairs = make([]set, c.m.people)
	for p := range c.pairs {
		c.pairs[p] = newSet(c.m.people)
		if c.singles.has(p) {
			continue
		}
		c.m.holds[p].each(func(s int) bool {
			if c.m.need[s] == 2 {
				c.pairs[p].addAll(c.m.holders[s])
			}
			return true
		})
		c.pairs[p].removeAll(c.singles)
		c.pairs[p].remove(p)
	}
	for p, with := range c.pairs {
		with.each(func(q int) bool {
			if q > p {
				c.add(p, q)
			}
			return true
		})
	}
}

// threes finds, for each pair that breaks nothing, who completes a cut of three.
func (c *Cuts) threes() {
	triple := newSet(len(c.m.need))
	for s, need := range c.m.need {
		if need == 3 {
			triple.add(s)
		}
	}
	thirds := newSet(c.m.people)
	for p := range c.m.people {
		for q := p + 1; q < c.m.people; q++ {
			if c.singles.has(p) || c.singles.has(q) || c.pairs[p].has(q) || !c.thirds(p, q, triple, thirds) {
				continue
			}
			thirds.each(func(r int) bool {
				if r > q {
					c.add(p, q, r)
				}
				return true
			})
		}
	}
}

// thirds fills into with the people who complete a minimal cut with p and q, and
// tells whether there may be any.
func (c *Cuts) thirds(p, q int, triple, into set) bool {
	clear(into)
	found := false
	for i, w := range triple {
		for w &= c.m.holds[p][i] & c.m.holds[q][i]; w != 0; w &= w - 1 {
			into.addAll(c.m.holders[i*64+bits.TrailingZeros64(w)])
			found = true
		}
	}
	if found {
		into.removeAll(c.singles)
		into.removeAll(c.pairs[p])
		into.removeAll(c.pairs[q])
	}
	return found
}

// Criticality is what hangs on one member. It is for that member and the lead only.
type Criticality struct {
	Member int
	Cuts   [4]int  // in how many minimal cuts of each size they are
	Loss   float64 // the weight that is lost when only they are gone
	Skills []int   // the skills that are lost with it
}

// Criticalities returns what hangs on each member, in the order of members.
func (d Department) Criticalities() []Criticality {
	cuts := d.MinimalCuts(0)
	list := make([]Criticality, len(d.Members))
	for p := range list {
		list[p] = Criticality{Member: p, Cuts: cuts.ByMember[p]}
	}
	for s, h := range d.Skills {
		if !h.Critical || !h.Alone() {
			continue
		}
		for _, p := range h.Holders {
			list[p].Loss += h.Weight
			list[p].Skills = append(list[p].Skills, s)
		}
	}
	return list
}
