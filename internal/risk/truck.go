package risk

import "math"

// Sets are groups of people, each in ascending order, the groups too. Where there
// are more than were asked for, List has the first ones and Total says how many
// there are; Total is a lower bound where even counting would take too long.
type Sets struct {
	List    [][]int
	Total   int
	AtLeast bool
}

// More returns how many groups are not listed.
func (s Sets) More() int { return s.Total - len(s.List) }

// TruckFactor returns the fewest people whose loss breaks some critical skill,
// 0 where one is broken already. Where nothing can break there is no such number,
// and ok is false.
//
// It is exact: a group breaks a skill only by taking as many of its holders as the
// skill's bus factor, and the cheapest such group is that many holders of one skill.
func (d Department) TruckFactor() (n int, ok bool) {
	for _, h := range d.Skills {
		if b, breaks := h.BusFactor(); breaks && h.Critical && (!ok || b < n) {
			n, ok = b, true
		}
	}
	return n, ok
}

// Witnesses returns the groups of TruckFactor people whose loss breaks a critical
// skill, each once; at most limit are listed. Where a skill is broken already, the
// only one is the group of nobody.
func (d Department) Witnesses(limit int) Sets {
	n, ok := d.TruckFactor()
	if !ok {
		return Sets{}
	}
	if n == 0 {
		return Sets{List: [][]int{{}}, Total: 1}
	}
	m := d.model()
	w := witnesses{m: m, size: n, limit: limit}
	cheapest := newSet(len(m.need))
	for s, need := range m.need {
		if need == n {
			cheapest.add(s)
		}
	}
	w.extend(nil, cheapest)
	return w.found
}

// mostSteps ends counting groups that nobody will read.
const mostSteps = 200_000

// witnesses walks the groups in order, person by person. A group is met once,
// whatever number of skills it breaks, because the walk carries all of them.
type witnesses struct {
	m           *model
	size, limit int
	steps       int
	found       Sets
}

// extend goes through the groups that begin with these people; skills are those
// that all of them hold.
func (w *witnesses) extend(group []int, skills set) {
	if len(group) == w.size {
		w.add(1, group)
		return
	}
	if len(w.found.List) >= w.limit && w.countOnly(group, skills) {
		return
	}
	first := 0
	if len(group) > 0 {
		first = group[len(group)-1] + 1
	}
	for p := first; p < w.m.people; p++ {
		if left := w.left(p, skills, w.size-len(group)); left != nil {
			w.extend(append(group, p), left)
		}
	}
}

// left returns the skills that p holds too and that have enough holders from p on
// to fill the rest of a group, or nil for none.
func (w *witnesses) left(p int, skills set, rest int) set {
	w.steps++
	var left set
	skills.each(func(s int) bool {
		if w.m.holders[s].has(p) && countFrom(w.m.holders[s], p) >= rest {
			if left == nil {
				left = newSet(len(w.m.need))
			}
			left.add(s)
		}
		return true
	})
	return left
}

// countOnly adds what follows a group without walking it, where that can be known
// or has to be given up.
func (w *witnesses) countOnly(group []int, skills set) bool {
	if w.steps > mostSteps {
		w.found.AtLeast = true
		return true
	}
	if skills.count() != 1 {
		return false
	}
	skills.each(func(s int) bool {
		after := 0
		if len(group) > 0 {
			after = group[len(group)-1] + 1
		}
		w.add(binomial(countFrom(w.m.holders[s], after), w.size-len(group)), nil)
		return true
	})
	return true
}

// add counts groups, and lists the one that is given while there is room.
func (w *witnesses) add(n int, group []int) {
	if w.found.Total > math.MaxInt-n || n == math.MaxInt {
		w.found.Total, w.found.AtLeast = math.MaxInt, true
	} else {
		w.found.Total += n
	}
	if group != nil && len(w.found.List) < w.limit {
		w.found.List = append(w.found.List, append([]int(nil), group...))
	}
}

// countFrom returns how many numbers of s are p or more.
func countFrom(s set, p int) int {
	n := 0
	s.each(func(i int) bool {
		if i >= p {
			n++
		}
		return true
	})
	return n
}
