package risk

import (
	"math"
	"math/bits"
)

// set is a set of small numbers. Its words are walked directly where every
// nanosecond is multiplied by a million groups of people.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func setOf(n int, members []int) set {
	s := newSet(n)
	for _, m := range members {
		s.add(m)
	}
	return s
}

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) remove(i int)   { s[i/64] &^= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

func (s set) meets(other set) bool {
	for i, w := range s {
		if w&other[i] != 0 {
			return true
		}
	}
	return false
}

// within tells whether every number of s is one of other.
func (s set) within(other set) bool {
	for i, w := range s {
		if w&^other[i] != 0 {
			return false
		}
	}
	return true
}

func (s set) addAll(other set) {
	for i, w := range other {
		s[i] |= w
	}
}

func (s set) removeAll(other set) {
	for i, w := range other {
		s[i] &^= w
	}
}

// each calls f with the numbers in ascending order until it returns false.
func (s set) each(f func(i int) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !f(i*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// model is a department prepared for counting: its critical skills that people can
// break yet, renumbered.
type model struct {
	people  int
	need    []int   // of a skill: how many holders have to go before it is broken
	units   []int64 // of a skill: its weight in whole units
	holders []set   // of a skill: people
	holds   []set   // of a person: skills
	scale   float64 // units in a weight of 1
	below   int64   // units of the skills that are broken already
	short   int     // how many those are
}

func (d Department) model() *model {
	m := &model{people: len(d.Members)}
	var weights []float64
	for _, h := range d.Skills {
		if h.Critical && h.Breakable() {
			weights = append(weights, h.Weight)
		}
	}
	m.scale = unitsOf(weights)
	for _, h := range d.Skills {
		switch {
		case !h.Critical || !h.Breakable():
		case h.Below():
			m.below += m.inUnits(h.Weight)
			m.short++
		default:
			m.need = append(m.need, h.Margin()+1)
			m.units = append(m.units, m.inUnits(h.Weight))
			m.holders = append(m.holders, setOf(m.people, h.Holders))
		}
	}
	m.turn()
	return m
}

// turn fills what each person holds from who holds each skill.
func (m *model) turn() {
	m.holds = make([]set, m.people)
	for p := range m.holds {
		m.holds[p] = newSet(len(m.need))
	}
	for s, people := range m.holders {
		people.each(func(p int) bool { m.holds[p].add(s); return true })
	}
}

// equal returns the model in which every skill weighs one unit.
func (m *model) equal() *model {
	e := *m
	e.scale, e.below, e.units = 1, int64(m.short), make([]int64, len(m.units))
	for i := range e.units {
		e.units[i] = 1
	}
	return &e
}

func (m *model) inUnits(weight float64) int64 { return int64(math.Round(weight * m.scale)) }

func (m *model) weight(units int64) float64 { return float64(units) / m.scale }

// unitsOf returns the power of ten that makes whole numbers of all weights. Sums of
// whole numbers do not depend on their order, so equal losses are equal: 0.1+0.2 is
// 0.3. Where no power does, the finest is taken at which sums stay exact.
func unitsOf(weights []float64) float64 {
	sum := 1.0
	for _, w := range weights {
		sum += w
	}
	scale := 1.0
	for sum*scale*10 < 1<<53 && !whole(weights, scale) {
		scale *= 10
	}
	return scale
}

func whole(weights []float64, scale float64) bool {
	for _, w := range weights {
		if math.Round(w*scale)/scale != w {
			return false
		}
	}
	return true
}

// sum returns the units of a set of skills.
func (m *model) sum(skills set) int64 {
	var n int64
	for i, w := range skills {
		for ; w != 0; w &= w - 1 {
			n += m.units[i*64+bits.TrailingZeros64(w)]
		}
	}
	return n
}
