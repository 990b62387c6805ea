package plan

import (
	"container/heap"
	"context"
	"encoding/binary"
	"slices"
)

// solver finds plans of one task, and of the same with something taken away. It
// remembers the parts that it has solved, since most of them come again.
type solver struct {
	*task
	parts map[string]answer
}

// change is what is taken away from a task.
type change struct {
	needs   []int // nobody is wanted for these
	columns []int // and these are not possible
}

func newSolver(p Problem, o Options) (*solver, error) {
	t, err := newTask(p, o)
	if err != nil {
		return nil, err
	}
	return &solver{task: t, parts: map[string]answer{}}, nil
}

// wanted returns how many people each need asks for.
func (s *solver) wanted(ch change) []int {
	list := make([]int, len(s.needs))
	for n, need := range s.needs {
		list[n] = need.people
	}
	for _, n := range ch.needs {
		list[n] = 0
	}
	return list
}

// decision is what some part of the search has settled: somebody takes a training or
// does not; or its class is held and paid for, or is not.
type decision struct {
	class bool
	which int // a training or a column
	yes   bool
}

// node is a part of the search. Its bound holds for all plans that keep its decisions.
type node struct {
	decisions []decision
	answer          // without what the search forgets, at some fees
	plain     []int // the columns without fees
	fees      fees  // those of the answer
	order     int   // in which it was found
}

type nodes []node

func (n nodes) Len() int { return len(n) }
func (n nodes) Less(i, j int) bool {
	return n[i].bound < n[j].bound || n[i].bound == n[j].bound && n[i].order > n[j].order
}
func (n nodes) Swap(i, j int) { n[i], n[j] = n[j], n[i] }
func (n *nodes) Push(x any)   { *n = append(*n, x.(node)) }
func (n *nodes) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}

// solve first forgets what one person may take, and that two trainings in the same
// skill make only one holder. Where the cheapest choice breaks that, it tries to
// change seats at no cost, and else decides about one seat, both ways, beginning with
// what looks cheapest.
func (s *solver) solve(ctx context.Context, ch change) answer {
	w := &walk{solver: s, ctx: ctx, change: ch, wanted: s.wanted(ch), rate: s.price}
	w.best.value, w.lost = never, never
	w.keep(nil)
	if s.budget != nil {
		w.setRate()
	}
	w.open(nil, node{})
	for len(w.queue) > 0 && w.queue[0].bound < w.best.value && ctx.Err() == nil {
		w.expand(heap.Pop(&w.queue).(node))
	}
	w.best.bound = min(w.best.value, w.lost)
	if len(w.queue) > 0 {
		w.best.bound = min(w.best.bound, w.queue[0].bound)
	}
	return w.best
}

// walk is one search.
type walk struct {
	*solver
	ctx    context.Context
	change change
	wanted []int // of a need: how many people
	rate   int64 // what a unit of weight is worth in the search, in yen
	queue  nodes
	found  int
	best   answer
	lost   int64 // the least bound of what could not be finished
}

// open solves a part of the search, without what it forgets.
func (w *walk) open(decisions []decision, from node) {
	st := w.stand(decisions, w.change)
	if st == nil {
		return // what was decided is not possible
	}
	n := node{decisions: decisions, answer: w.relaxed(st, fees{}), order: w.found, fees: from.fees}
	n.plain = n.columns
	w.found++
	w.keep(w.reseat(st, n.columns))
	if n.bound < w.best.value {
		w.keep(w.complete(st, w.reseat(st, n.columns)))
	}
	if n.bound < w.best.value && w.limited() && w.budget == nil {
		w.charge(st, &n)
	}
	if n.bound = max(n.bound, from.bound); n.bound < w.best.value {
		heap.Push(&w.queue, n)
	}
}

// charge looks for fees that prove more, beginning with those of the part before.
func (w *walk) charge(st *standing, n *node) {
	steps := 8
	if n.fees.count == nil {
		steps = 80
		n.fees = fees{make([]int64, len(w.people)), make([]int64, len(w.people))}
	} else if a := w.relaxed(st, n.fees); a.bound > n.bound {
		n.answer = answer{bound: a.bound, columns: a.columns}
	}
	w.ascend(st, n, steps)
}

// keep keeps a plan if it is possible and the best so far.
func (w *walk) keep(columns []int) {
	if !w.possible(columns) {
		return
	}
	columns = w.tidy(columns, w.wanted)
	if v := w.value(columns, w.wanted); v < w.best.value {
		w.best.value, w.best.columns = v, columns
	}
}

// expand decides about one more thing, both ways.
func (w *walk) expand(n node) {
	d, ok := w.conflict(n, n.columns)
	if !ok {
		d, ok = w.conflict(n, n.plain)
	}
	if !ok {
		d, ok = w.undecided(n)
	}
	if !ok { // its own search was ended by the clock
		w.lost = min(w.lost, n.bound)
		return
	}
	for _, yes := range []bool{false, true} {
		d.yes = yes
		w.open(append(slices.Clip(n.decisions), d), n)
	}
}

// key tells parts of the search apart that are solved apart.
func (st *standing) key(part []int, classes []class, fine, rate int64) string {
	var b []byte
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	number(int(fine))
	number(int(rate))
	for _, t := range part {
		c := classes[t]
		number(t)
		number(int(c.cost))
		number(c.seats)
		number(len(c.rows))
		for _, r := range c.rows {
			number(r)
			number(st.left[r])
		}
		number(len(c.offers))
		for _, o := range c.offers {
			number(o.column)
			number(int(o.cost))
			if b = binary.AppendUvarint(b, o.covers); len(c.rows) > 64 {
				number(len(st.covers[o.column]))
				for _, n := range st.covers[o.column] {
					number(n)
				}
			}
		}
	}
	return string(b)
}
