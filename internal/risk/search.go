package risk

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
)

// searchLoss finds the worst loss of k people by branch and bound.
func (d Department) searchLoss(ctx context.Context, k int) Loss {
	m := d.model()
	s := newSearch(ctx, m, math.MaxInt64)
	s.improve(m.greedy(k, math.MaxInt64))
	s.run(k)
	slices.Sort(s.best)
	loss := Loss{Weight: m.weight(s.units), Members: s.best, Exact: !s.stopped}
	loss.Bound = m.weight(max(s.units, s.open))
	loss.Exact = loss.Exact || loss.Bound == loss.Weight
	return loss
}

// Partial is how many people have to go until a given part of the department is
// broken.
type Partial struct {
	Possible bool  // the loss of everybody breaks that much
	Exact    bool  // Lower and Upper are the same, and proven
	Lower    int   // no fewer people break that much
	Upper    int   // Members do
	Members  []int // a group of Upper people who do
}

// PartialTruckFactor returns the fewest people whose loss leaves at least q critical
// skills below their minimum, those that are below already included. It is exact
// unless ctx ends first; then Lower is proven, and Upper is only the best known.
func (d Department) PartialTruckFactor(ctx context.Context, q int) Partial {
	return d.model().equal().partial(ctx, int64(q))
}

// PartialTruckFactorByWeight is PartialTruckFactor for at least that much weight.
func (d Department) PartialTruckFactorByWeight(ctx context.Context, weight float64) Partial {
	m := d.model()
	// Part of a unit is a whole one more; rounding alone is not.
	return m.partial(ctx, int64(math.Ceil(weight*m.scale-1e-6)))
}

func (m *model) partial(ctx context.Context, target int64) Partial {
	target -= m.below
	all := int64(0)
	for _, u := range m.units {
		all += u
	}
	switch {
	case target <= 0:
		return Partial{Possible: true, Exact: true} // nobody has to go
	case target > all:
		return Partial{}
	}
	p := Partial{Possible: true, Lower: 1}
	p.Members, _ = m.greedy(m.people, target)
	for p.Upper = len(p.Members); p.Lower < p.Upper; p.Lower++ {
		s := newSearch(ctx, m, target)
		s.units = target - 1
		s.run(p.Lower)
		if s.units >= target {
			p.Members, p.Upper = s.best, len(s.best)
			break
		}
		if s.stopped && s.open >= target {
			break
		}
	}
	slices.Sort(p.Members)
	p.Exact = p.Lower >= p.Upper
	return p
}

// greedy takes, again and again, the skill that breaks the most weight for each
// person it costs, until k people are taken or target is reached. It is only where a
// search starts: the true number can be far better.
func (m *model) greedy(k int, target int64) (group []int, units int64) {
	gone := newSet(m.people)
	for units < target {
		best, price := -1, 0.0
		for s := range m.need {
			left := m.left(s, gone)
			if left > 0 && left <= k-len(group) && (best < 0 || float64(m.units[s])/float64(left) > price) {
				best, price = s, float64(m.units[s])/float64(left)
			}
		}
		if best < 0 {
			return group, units
		}
		left := m.left(best, gone)
		m.holders[best].each(func(p int) bool {
			if left > 0 && !gone.has(p) {
				gone.add(p)
				group = append(group, p)
				left--
			}
			return left > 0
		})
		units = m.broken(gone)
	}
	return group, units
}

// left returns how many more holders of a skill have to go.
func (m *model) left(s int, gone set) int {
	n := m.need[s]
	for i, w := range m.holders[s] {
		n -= bits.OnesCount64(w & gone[i])
	}
	return max(0, n)
}

// broken returns the units that a group breaks.
func (m *model) broken(gone set) int64 {
	var n int64
	for s := range m.need {
		if m.left(s, gone) == 0 {
			n += m.units[s]
		}
	}
	return n
}

// search looks for the group of people that breaks the most. Its bound: a skill that
// is broken by n more people is shared out among them, a part each; no group can
// then break more than the parts of those people who have the largest.
type search struct {
	m       *model
	ctx     context.Context
	target  int64 // enough: the search ends there
	need    []int // of a skill: how many more have to go
	free    []set // of a skill: holders who may still be taken
	may     set   // people who may still be taken
	group   []int
	steps   int
	units   int64 // the best so far
	best    []int
	stopped bool  // ctx ended first
	open    int64 // the largest bound of what was then left unseen
}

func newSearch(ctx context.Context, m *model, target int64) *search {
	s := &search{m: m, ctx: ctx, target: target, need: slices.Clone(m.need), may: newSet(m.people)}
	for _, h := range m.holders {
		s.free = append(s.free, slices.Clone(h))
	}
	for p := range m.people {
		if !m.holds[p].empty() {
			s.may.add(p)
		}
	}
	return s
}

func (s *search) improve(group []int, units int64) {
	if units > s.units {
		s.units, s.best = units, slices.Clone(group)
	}
}

func (s *search) run(k int) { s.branch(k, 0) }

// branch takes or leaves the person who promises most.
func (s *search) branch(budget int, lost int64) {
	s.improve(s.group, lost)
	parts, reachable := s.parts(budget)
	bound := min(lost+reachable, lost+topParts(parts, budget))
	if budget == 0 || bound <= s.units || s.units >= s.target {
		return
	}
	if s.steps++; s.stopped || s.steps%256 == 1 && s.ctx.Err() != nil {
		s.stopped, s.open = true, max(s.open, bound)
		return
	}
	p := parts[0].person
	broken := s.take(p)
	s.group = append(s.group, p)
	s.branch(budget-1, lost+broken)
	s.group = s.group[:len(s.group)-1]
	s.giveBack(p)
	left := s.leave(p)
	s.branch(budget, lost)
	for _, q := range left {
		s.allow(q)
	}
}

// part is how much of the weight within reach a person stands for.
type part struct {
	person int
	share  float64
}

// parts shares every skill that can still be broken out among its holders, and
// returns the people with the largest part first, and the units of those skills.
func (s *search) parts(budget int) ([]part, int64) {
	shares := make([]float64, s.m.people)
	var reachable int64
	for k, need := range s.need {
		if need <= 0 || need > budget || s.free[k].count() < need {
			continue
		}
		reachable += s.m.units[k]
		each := float64(s.m.units[k]) / float64(need)
		s.free[k].each(func(p int) bool { shares[p] += each; return true })
	}
	var list []part
	for p, share := range shares {
		if share > 0 {
			list = append(list, part{p, share})
		}
	}
	slices.SortStableFunc(list, func(a, b part) int { return cmp.Compare(b.share, a.share) })
	return list, reachable
}

// topParts returns the units that no group of k people exceeds.
func topParts(parts []part, k int) int64 {
	sum := 0.0
	for _, p := range parts[:min(k, len(parts))] {
		sum += p.share
	}
	// What rounding may have lost must not cut off the best group.
	return int64(sum*(1+1e-12) + 1e-6)
}

// take removes a person from the department and returns the units that breaks.
func (s *search) take(p int) int64 {
	var broken int64
	s.may.remove(p)
	s.m.holds[p].each(func(k int) bool {
		if s.need[k]--; s.need[k] == 0 {
			broken += s.m.units[k]
		}
		s.free[k].remove(p)
		return true
	})
	return broken
}

func (s *search) giveBack(p int) {
	s.m.holds[p].each(func(k int) bool { s.need[k]++; return true })
	s.allow(p)
}

func (s *search) allow(p int) {
	s.may.add(p)
	s.m.holds[p].each(func(k int) bool { s.free[k].add(p); return true })
}

// leave settles that a person stays, and with them everybody whose loss would break
// no more than theirs: a group with one of those is no better than with p, and the
// groups with p were all seen. It returns who is settled.
func (s *search) leave(p int) []int {
	unbroken := newSet(len(s.need))
	for k, need := range s.need {
		if need > 0 && !s.m.holds[p].has(k) {
			unbroken.add(k)
		}
	}
	var left []int
	s.may.each(func(q int) bool {
		if q == p || !s.m.holds[q].meets(unbroken) {
			left = append(left, q)
		}
		return true
	})
	for _, q := range left {
		s.may.remove(q)
		s.m.holds[q].each(func(k int) bool { s.free[k].remove(q); return true })
	}
	return left
}
