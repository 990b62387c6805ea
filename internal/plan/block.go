package plan

import "math"

// block is a choice among entries: how a training, or several together, can serve the
// rows it has. Of entries that serve as much, only the cheapest is there.
type block struct {
	rows  []int    // needs, in ascending order
	serve []uint16 // of entry e: how many people of row i, at e*len(rows)+i
	cost  []int64
	from  []int32 // where an entry came from: see columns

	taken  *takings   // where this is one training
	merged [2]*block  // where it is two blocks, or one without one of its rows
	pairs  [][2]int32 // of two: their entries
}

// takings are lists of columns that share their ends.
type takings struct {
	column []int32
	rest   []int32 // the list it was added to, or -1
}

func (b *block) entries() int { return len(b.cost) }

func (b *block) served(e int) []uint16 { return b.serve[e*len(b.rows) : (e+1)*len(b.rows)] }

// columns appends the columns of an entry to list.
func (b *block) columns(e int, list []int) []int {
	at := b.from[e]
	switch {
	case b.taken != nil:
		for ; at >= 0; at = b.taken.rest[at] {
			list = append(list, int(b.taken.column[at]))
		}
		return list
	case b.pairs != nil:
		pair := b.pairs[at]
		return b.merged[1].columns(int(pair[1]), b.merged[0].columns(int(pair[0]), list))
	}
	return b.merged[0].columns(int(at), list)
}

const never = math.MaxInt64 / 4

// grid holds a cost and an origin for each vector of counts up to top.
type grid struct {
	top    []int
	stride []int
	cost   []int64
	from   []int32
}

// gridSize returns how many vectors there are up to top, at most limit+1.
func gridSize(top []int, limit int) int {
	size := 1
	for _, t := range top {
		if size *= t + 1; size > limit {
			return limit + 1
		}
	}
	return size
}

func newGrid(top []int) *grid {
	g := &grid{top: top, stride: make([]int, len(top))}
	size := 1
	for i, t := range top {
		g.stride[i] = size
		size *= t + 1
	}
	g.cost, g.from = make([]int64, size), make([]int32, size)
	for i := range g.cost {
		g.cost[i], g.from[i] = never, -1
	}
	return g
}

// best returns the positions that no other one beats: none that serves more costs as
// little.
func (g *grid) best() []int {
	closed := make([]int64, len(g.cost)) // the least that serving as much or more costs
	copy(closed, g.cost)
	for i, stride := range g.stride {
		for at := len(closed) - 1; at >= 0; at-- {
			if at/stride%(g.top[i]+1) < g.top[i] {
				closed[at] = min(closed[at], closed[at+stride])
			}
		}
	}
	var list []int
	for at, cost := range g.cost {
		beaten := cost >= never
		for i, stride := range g.stride {
			if beaten {
				break
			}
			beaten = at/stride%(g.top[i]+1) < g.top[i] && closed[at+stride] <= cost
		}
		if !beaten {
			list = append(list, at)
		}
	}
	return list
}

// merge joins two blocks: every entry of one with every entry of the other.
func merge(a, b *block, left []int) *block {
	m := &block{rows: union(a.rows, b.rows), merged: [2]*block{a, b}, pairs: [][2]int32{}}
	g := newGrid(tops(m.rows, left))
	ia, ib := places(a.rows, m.rows), places(b.rows, m.rows)
	sum := make([]int, len(m.rows))
	for i := range a.cost {
		for j := range b.cost {
			clear(sum)
			for k, n := range a.served(i) {
				sum[ia[k]] += int(n)
			}
			at := 0
			for k, n := range b.served(j) {
				sum[ib[k]] += int(n)
			}
			for k, n := range sum {
				at += min(n, g.top[k]) * g.stride[k]
			}
			if cost := a.cost[i] + b.cost[j]; cost < g.cost[at] {
				g.cost[at], g.from[at] = cost, int32(len(m.pairs))
				m.pairs = append(m.pairs, [2]int32{int32(i), int32(j)})
			}
		}
	}
	m.fill(g)
	return m
}

// without settles a row that no other block serves: who is not found has their price.
func (b *block) without(row, left int, price int64) *block {
	var rows []int
	gone := 0
	for i, r := range b.rows {
		if r == row {
			gone = i
		} else {
			rows = append(rows, r)
		}
	}
	m := &block{rows: rows, merged: [2]*block{b}}
	g := &grid{}
	var top []int
	for i := range b.rows {
		if i != gone {
			most := 0
			for e := range b.cost {
				most = max(most, int(b.served(e)[i]))
			}
			top = append(top, most)
		}
	}
	g = newGrid(top)
	for e := range b.cost {
		at, k := 0, 0
		for i, n := range b.served(e) {
			if i != gone {
				at += int(n) * g.stride[k]
				k++
			}
		}
		if cost := b.cost[e] + price*int64(left-int(b.served(e)[gone])); cost < g.cost[at] {
			g.cost[at], g.from[at] = cost, int32(e)
		}
	}
	m.fill(g)
	return m
}

// fill takes over the best entries of a grid over its rows.
func (b *block) fill(g *grid) {
	for _, at := range g.best() {
		for i, stride := range g.stride {
			b.serve = append(b.serve, uint16(at/stride%(g.top[i]+1)))
		}
		b.cost, b.from = append(b.cost, g.cost[at]), append(b.from, g.from[at])
	}
}

func tops(rows, left []int) []int {
	top := make([]int, len(rows))
	for i, r := range rows {
		top[i] = left[r]
	}
	return top
}

// union joins two ascending lists.
func union(a, b []int) []int {
	var list []int
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			list, a = append(list, a[0]), a[1:]
		case len(a) == 0 || b[0] < a[0]:
			list, b = append(list, b[0]), b[1:]
		default:
			list, a, b = append(list, a[0]), a[1:], b[1:]
		}
	}
	return list
}

// places returns where the members of part stand in whole; both are ascending.
func places(part, whole []int) []int {
	list := make([]int, len(part))
	at := 0
	for i, r := range part {
		for whole[at] != r {
			at++
		}
		list[i] = at
	}
	return list
}
