package plan

// conflict finds something that the cheapest choice of a part of the search does and
// that cannot be, and returns what to decide about it.
func (w *walk) conflict(n node, columns []int) (d decision, ok bool) {
	decided := map[decision]bool{}
	for _, d := range n.decisions {
		d.yes = false
		decided[d] = true
	}
	free := func(c int) bool { return !decided[decision{which: c}] }
	count, hours := make([]int, len(w.people)), make([]int64, len(w.people))
	seats, paid := make([]int, len(w.trainings)), make([]int64, len(w.trainings))
	for _, c := range columns {
		col := w.columns[c]
		count[col.person]++
		hours[col.person] += w.hours[col.training]
		seats[col.training]++
		paid[col.training]++
	}
	for _, c := range columns {
		col := w.columns[c]
		over := count[col.person] > w.maxCount || hours[col.person] > w.maxHours[col.person] || seats[col.training] > w.seats[col.training]
		if over && free(c) {
			return decision{which: c}, true
		}
	}
	if c := w.double(columns, free); c >= 0 {
		return decision{which: c}, true
	}
	for t, k := range seats {
		if d := (decision{class: true, which: t}); k > 0 && w.class[t] > 0 && !decided[d] && n.bound < w.value(columns, w.wanted) {
			return d, true
		}
	}
	return decision{}, false
}

// double finds a column of somebody who is counted twice for a need that then lacks
// people, or -1.
func (w *walk) double(columns []int, free func(int) bool) int {
	holders, by := make([]int, len(w.needs)), map[[2]int][]int{}
	for _, c := range columns {
		for _, n := range w.columns[c].covers {
			pair := [2]int{w.columns[c].person, n}
			if by[pair] = append(by[pair], c); len(by[pair]) == 1 {
				holders[n]++
			}
		}
	}
	for _, c := range columns {
		for _, n := range w.columns[c].covers {
			pair := [2]int{w.columns[c].person, n}
			if holders[n] < w.wanted[n] && len(by[pair]) > 1 && free(c) {
				return c
			}
		}
	}
	return -1
}

// undecided finds something to decide about in a choice that breaks nothing, but is
// not proven to be the best: what it costs most, and else anything that is possible.
func (w *walk) undecided(n node) (d decision, ok bool) {
	if w.budget == nil {
		return d, false
	}
	decided := map[decision]bool{}
	for _, d := range n.decisions {
		d.yes = false
		decided[d] = true
	}
	dearest := int64(-1)
	for _, c := range n.plain {
		t := w.columns[c].training
		if x := (decision{class: true, which: t}); w.class[t] > dearest && w.class[t] > 0 && !decided[x] {
			d, ok, dearest = x, true, w.class[t]
		}
		if x := (decision{which: c}); w.columns[c].cost > dearest && !decided[x] {
			d, ok, dearest = x, true, w.columns[c].cost
		}
	}
	if st := w.stand(n.decisions, w.change); !ok && st != nil {
		for c, covers := range st.covers {
			if len(covers) > 0 {
				return decision{which: c}, true
			}
		}
	}
	return d, ok
}
