package plan

import "slices"

// fees are what the time of people costs beyond their seats, in parts of a yen: so
// much for each training, and so much for each usual training's length. They make the
// cheapest choice spare people who are asked too much. What all people together could
// owe comes off again, so no possible plan becomes dearer: the bound still holds.
type fees struct {
	count, hours []int64 // of a person
}

// mostFee keeps sums of fees far from what a number holds.
const mostFee = 1 << 40

// of returns what somebody owes for a training.
func (f fees) of(t *task, person, training int) int64 {
	return f.count[person] + f.hours[person]*t.hours[training]/t.usual
}

// most returns what everybody together owes at the most for what they have left.
func (f fees) most(st *standing) int64 {
	sum := int64(0)
	for p := range f.count {
		if f.count[p] > 0 {
			sum += f.count[p] * st.count[p]
		}
		if f.hours[p] > 0 {
			sum += (f.hours[p]*st.hours[p] + st.usual - 1) / st.usual
		}
	}
	return sum
}

// limited tells whether there is anything that one person may only take so much of.
func (t *task) limited() bool {
	return t.maxCount < noLimit || slices.ContainsFunc(t.maxHours, func(h int64) bool { return h != unlimited })
}

// ascend raises the fees of people who are asked too much, and lowers those of the
// others, as long as that proves more.
func (w *walk) ascend(st *standing, n *node, steps int) {
	f := fees{slices.Clone(n.fees.count), slices.Clone(n.fees.hours)}
	columns := n.columns
	pace, since := 1.0, 0
	for range steps {
		gap := min(float64(w.best.value-n.bound), float64(w.best.value%w.price)/10+float64(w.grain))
		if n.bound >= w.best.value || w.ctx.Err() != nil || pace < 1e-2 || !w.move(st, f, columns, pace*gap) {
			return
		}
		a := w.relaxed(st, f)
		columns = a.columns
		if since++; a.bound > n.bound {
			n.answer, since = answer{bound: a.bound, columns: a.columns}, 0
			n.fees = fees{slices.Clone(f.count), slices.Clone(f.hours)}
		}
		if since >= 4 {
			pace, since = pace/2, 0
		}
		w.keep(w.complete(st, w.reseat(st, columns)))
	}
}

// move changes fees by a step along the subgradient; false where nothing moves.
func (w *walk) move(st *standing, f fees, columns []int, gap float64) bool {
	count, hours := make([]int64, len(w.people)), make([]int64, len(w.people))
	for _, c := range columns {
		if !slices.Contains(st.taken, c) {
			count[w.columns[c].person]++
			hours[w.columns[c].person] += w.hours[w.columns[c].training]
		}
	}
	over, long := make([]float64, len(w.people)), make([]float64, len(w.people))
	square := 0.0
	for p := range count {
		if over[p] = float64(count[p] - st.count[p]); over[p] < 0 && f.count[p] == 0 {
			over[p] = 0
		}
		if st.hours[p] < unlimited/2 {
			long[p] = float64(hours[p]-st.hours[p]) / float64(w.usual)
		}
		if long[p] < 0 && f.hours[p] == 0 {
			long[p] = 0
		}
		square += float64(over[p]*over[p]) + float64(long[p]*long[p])
	}
	moved := false
	step := gap * float64(w.fine) / square
	for p := range over {
		for _, x := range []struct {
			fee *int64
			by  float64
		}{{&f.count[p], over[p]}, {&f.hours[p], long[p]}} {
			if x.by != 0 {
				to := int64(min(mostFee, max(0, float64(*x.fee)+float64(step*x.by))))
				moved = moved || to != *x.fee
				*x.fee = to
			}
		}
	}
	return moved
}

// relaxed solves what is left of a task at some rate and with some fees, part by part.
// Its bound is told in the values of plans.
func (w *walk) relaxed(st *standing, f fees) answer {
	if f.none() {
		a := w.sum(st, st.classes, 1, w.grain)
		a.bound = w.bound(st, a.bound)
		return a
	}
	classes := slices.Clone(st.classes)
	for t := range classes {
		c := &classes[t]
		c.cost *= w.fine
		c.offers = slices.Clone(c.offers)
		for i := range c.offers {
			o := &c.offers[i]
			o.cost = o.cost*w.fine + f.of(w.task, w.columns[o.column].person, t)
		}
	}
	a := w.sum(st, classes, w.fine, 1)
	a.bound = w.bound(st, up(a.bound-f.most(st), w.fine)/w.fine)
	return a
}

// bound returns the least value of a plan, from what its cost is at least together
// with the weight that it leaves uncovered, at the rate. Within a budget, that much
// weight has to stay uncovered at least as the budget falls short.
func (w *walk) bound(st *standing, yen int64) int64 {
	if w.budget == nil {
		return up(yen, w.grain)
	}
	weight := st.short
	if beyond := yen - *w.budget; beyond > 0 && w.rate > 0 {
		weight = max(weight, up(beyond, w.rate)/w.rate)
	}
	return weight*w.price + up(max(st.paid, yen-weight*w.rate), w.grain)
}

// sum solves the parts of what is left; costs are told in parts of a yen.
func (w *walk) sum(st *standing, classes []class, fine, grain int64) answer {
	prices := make([]int64, len(w.needs))
	for n, need := range w.needs {
		prices[n] = need.weight * w.rate * fine
	}
	if w.rate%grain != 0 {
		grain = 1
	}
	start := (st.paid + st.short*w.rate) * fine
	a := answer{value: start, bound: start, columns: slices.Clone(st.taken)}
	for _, part := range st.parts() {
		key := st.key(part, classes, fine, w.rate)
		solved, known := w.parts[key]
		if !known {
			solved = solveCover(w.ctx, st.blocks(part, classes, grain), st.left, prices, grain)
			if solved.value == solved.bound {
				if len(w.parts) >= mostRemembered {
					clear(w.parts)
				}
				w.parts[key] = solved
			}
		}
		a.value += solved.value
		a.bound += solved.bound
		a.columns = append(a.columns, solved.columns...)
	}
	slices.Sort(a.columns)
	return a
}

// mostRemembered is how many solved parts are kept.
const mostRemembered = 20_000

func (f fees) none() bool {
	owed := func(fee int64) bool { return fee != 0 }
	return !slices.ContainsFunc(f.count, owed) && !slices.ContainsFunc(f.hours, owed)
}

// up rounds up to a multiple of step.
func up(n, step int64) int64 { return (n + step - 1) / step * step }
