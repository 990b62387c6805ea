package plan

import "slices"

// standing is what some decisions leave of a task.
type standing struct {
	*task
	left    []int   // of a need: people still wanted who could be found
	paid    int64   // for what is settled, in yen
	short   int64   // the weight of who can never be found
	taken   []int   // columns that are settled
	covers  [][]int // of a column: what it still covers, if it is possible
	classes []class // of a training; without offers where nobody can take it

	count, hours []int64 // of a person: how many trainings and hours are left
	seats        []int   // of a training: how many are left
	held         []bool  // of a training: its class is paid for
}

// stand works out what is left; nil where the decisions cannot all be kept.
func (s *solver) stand(decisions []decision, ch change) *standing {
	st := &standing{task: s.task, left: s.wanted(ch), count: make([]int64, len(s.people)), hours: slices.Clone(s.maxHours),
		seats: slices.Clone(s.seats), held: make([]bool, len(s.trainings)), covers: make([][]int, len(s.columns))}
	for p := range st.count {
		st.count[p] = int64(s.maxCount)
	}
	out, closed := make([]bool, len(s.columns)), make([]bool, len(s.trainings))
	for _, c := range ch.columns {
		out[c] = true
	}
	for _, d := range decisions {
		switch {
		case d.class && d.yes:
			st.hold(d.which)
		case d.class:
			closed[d.which] = true
		case d.yes:
			st.take(d.which)
			out[d.which] = true
		default:
			out[d.which] = true
		}
	}
	for _, c := range st.taken {
		if col := s.columns[c]; closed[col.training] || st.seats[col.training] < 0 || st.count[col.person] < 0 || st.hours[col.person] < 0 {
			return nil
		}
	}
	if s.budget != nil && st.paid > *s.budget {
		return nil
	}
	st.remain(out, closed)
	return st
}

func (st *standing) hold(training int) {
	if !st.held[training] {
		st.held[training] = true
		st.paid += st.class[training]
	}
}

func (st *standing) take(c int) {
	col := st.columns[c]
	st.hold(col.training)
	st.paid += col.cost
	st.taken = append(st.taken, c)
	st.seats[col.training]--
	st.count[col.person]--
	st.hours[col.person] -= st.task.hours[col.training]
}

// remain works out what everybody else could still cover, and how many people can
// never be found.
func (st *standing) remain(out, closed []bool) {
	has := map[[2]int]bool{} // whom the settled columns make a holder
	for _, c := range st.taken {
		for _, n := range st.columns[c].covers {
			if pair := [2]int{st.columns[c].person, n}; !has[pair] {
				has[pair] = true
				st.left[n] = max(0, st.left[n]-1)
			}
		}
	}
	found := make([]map[int]bool, len(st.needs))
	for n := range found {
		found[n] = map[int]bool{}
	}
	seated := make([]int, len(st.needs))
	for t, list := range st.of {
		counts := map[int]int{}
		for _, c := range list {
			col := st.columns[c]
			if out[c] || closed[t] || st.seats[t] < 1 || st.count[col.person] < 1 || st.hours[col.person] < st.task.hours[t] {
				continue
			}
			var covers []int
			for _, n := range col.covers {
				if st.left[n] > 0 && !has[[2]int{col.person, n}] {
					covers = append(covers, n)
					found[n][col.person] = true
					counts[n]++
				}
			}
			st.covers[c] = covers
		}
		for n, k := range counts {
			seated[n] += min(k, st.seats[t])
		}
	}
	for n, left := range st.left {
		st.left[n] = min(left, len(found[n]), seated[n])
		st.short += st.needs[n].weight * int64(left-st.left[n])
	}
	st.classify()
}

// classify puts the columns that are left into their classes.
func (st *standing) classify() {
	st.classes = make([]class, len(st.trainings))
	for t, list := range st.of {
		c := class{seats: st.seats[t]}
		if !st.held[t] {
			c.cost = st.class[t]
		}
		in := map[int]bool{}
		for _, col := range list {
			for _, n := range st.covers[col] {
				if st.left[n] > 0 && !in[n] {
					in[n] = true
					c.rows = append(c.rows, n)
				}
			}
		}
		slices.Sort(c.rows)
		for _, col := range list {
			o := offer{column: col, cost: st.columns[col].cost}
			for i, r := range c.rows {
				if i < 64 && slices.Contains(st.covers[col], r) {
					o.covers |= 1 << i
				}
			}
			if len(st.covers[col]) > 0 {
				c.offers = append(c.offers, o)
			}
		}
		st.classes[t] = c
	}
}

// parts returns the trainings that have to be looked at together, since they serve
// the same needs.
func (st *standing) parts() [][]int {
	first := make([]int, len(st.needs)) // the first training of a need
	for n := range first {
		first[n] = -1
	}
	root := make([]int, len(st.trainings))
	find := func(t int) int {
		for root[t] != t {
			t = root[t]
		}
		return t
	}
	for t, c := range st.classes {
		root[t] = t
		for _, n := range c.rows {
			if first[n] < 0 {
				first[n] = t
			}
			a, b := find(first[n]), find(t)
			root[max(a, b)] = min(a, b)
		}
	}
	var list [][]int
	place := map[int]int{}
	for t, c := range st.classes {
		if len(c.rows) == 0 {
			continue
		}
		r := find(t)
		i, known := place[r]
		if !known {
			i = len(list)
			place[r] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], t)
	}
	return list
}

// blocks returns the choices that some trainings give. A class that is too large to
// be worked out is taken as single seats, which each pay a part of its cost.
func (st *standing) blocks(part []int, classes []class, grain int64) []*block {
	var list []*block
	for _, t := range part {
		c := classes[t]
		if len(c.rows) <= 64 {
			if b, ok := c.block(st.left); ok {
				list = append(list, b)
				continue
			}
		}
		for _, o := range c.offers {
			list = append(list, st.single(c, o, grain))
		}
	}
	return list
}

func (st *standing) single(c class, o offer, grain int64) *block {
	b := &block{taken: &takings{[]int32{int32(o.column)}, []int32{-1}}}
	for _, n := range st.covers[o.column] {
		if st.left[n] > 0 {
			b.rows = append(b.rows, n)
		}
	}
	part := c.cost / int64(min(c.seats, len(c.offers))) / grain * grain
	b.cost, b.from = []int64{0, o.cost + part}, []int32{-1, 0}
	b.serve = make([]uint16, 2*len(b.rows))
	for i := range b.rows {
		b.serve[len(b.rows)+i] = 1
	}
	return b
}
