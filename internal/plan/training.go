package plan

import (
	"cmp"
	"math/bits"
	"slices"
)

// offer is a column with what it still covers.
type offer struct {
	column int
	cost   int64
	covers uint64 // places in the rows of its class
}

// class is a training as it stands in some part of the search.
type class struct {
	rows   []int // needs that it can serve, in ascending order
	offers []offer
	cost   int64 // of holding it, if that is not paid yet
	seats  int
}

// largestClass is how many vectors of counts a class is worked out for.
const largestClass = 1 << 15

// block works out the cheapest way to serve each vector of counts, person by person.
// ok is false where there are too many of them.
func (c class) block(left []int) (b *block, ok bool) {
	c.offers = c.undominated(left)
	groups, group := c.groups()
	top := make([]int, len(groups))
	for g, rows := range groups {
		for _, i := range rows {
			top[g] = max(top[g], left[c.rows[i]])
		}
		top[g] = min(top[g], c.reach(rows[0]))
	}
	// One seat more than there are people to serve is never taken.
	people := len(c.offers)
	if all := sum(top); all < people {
		people = all
	}
	counted := top
	if c.seats < people {
		counted = append(slices.Clone(top), c.seats)
	}
	if gridSize(counted, largestClass) > largestClass {
		return nil, false
	}
	g, taken := c.fill(counted, group)
	return c.collapse(g, taken, groups, top, left), true
}

func sum(list []int) int {
	n := 0
	for _, v := range list {
		n += v
	}
	return n
}

// undominated leaves out who is never needed: where enough others cover as much for
// no more, one of them is free, or all that a person covers is covered without them.
func (c class) undominated(left []int) []offer {
	list := slices.Clone(c.offers)
	slices.SortStableFunc(list, func(a, b offer) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(bits.OnesCount64(b.covers), bits.OnesCount64(a.covers)))
	})
	kept := map[uint64]int{}
	var kinds []uint64
	return slices.DeleteFunc(list, func(o offer) bool {
		better, most := 0, 0
		for _, covers := range kinds {
			if covers&o.covers == o.covers {
				better += kept[covers]
			}
		}
		for i, row := range c.rows {
			if o.covers>>i&1 == 1 {
				most = max(most, left[row])
			}
		}
		if better >= most {
			return true
		}
		if kept[o.covers]++; kept[o.covers] == 1 {
			kinds = append(kinds, o.covers)
		}
		return false
	})
}

// groups puts rows together that the same people cover: they are counted once. It
// returns the rows of each group, and the group of each row.
func (c class) groups() (groups [][]int, group []int) {
	group = make([]int, len(c.rows))
	for i := range c.rows {
		group[i] = len(groups)
		for g, rows := range groups {
			if !slices.ContainsFunc(c.offers, func(o offer) bool { return o.covers>>i&1 != o.covers>>rows[0]&1 }) {
				group[i] = g
				break
			}
		}
		if group[i] == len(groups) {
			groups = append(groups, nil)
		}
		groups[group[i]] = append(groups[group[i]], i)
	}
	return groups, group
}

// reach returns how many people could cover a row.
func (c class) reach(row int) int {
	n := 0
	for _, o := range c.offers {
		n += int(o.covers >> row & 1)
	}
	return n
}

// fill takes one person after the other into account. Where seats run out, the last
// count is that of the people.
func (c class) fill(top []int, group []int) (*grid, *takings) {
	g, taken := newGrid(top), &takings{}
	g.cost[0] = 0
	groups := 0
	for _, i := range group {
		groups = max(groups, i+1)
	}
	adds := make([]bool, len(top))
	for _, o := range c.offers {
		for i := range adds {
			adds[i] = i >= groups
		}
		for i, in := range group {
			adds[in] = adds[in] || o.covers>>i&1 == 1
		}
		for at := len(g.cost) - 1; at >= 0; at-- {
			if g.cost[at] >= never {
				continue
			}
			to := at
			full := false
			for i, add := range adds {
				if !add {
					continue
				}
				if at/g.stride[i]%(top[i]+1) < top[i] {
					to += g.stride[i]
				} else if i >= groups {
					full = true // no seat is left
				}
			}
			if cost := g.cost[at] + o.cost; !full && cost < g.cost[to] {
				g.cost[to] = cost
				taken.column, taken.rest = append(taken.column, int32(o.column)), append(taken.rest, g.from[at])
				g.from[to] = int32(len(taken.column) - 1)
			}
		}
	}
	return g, taken
}

// collapse adds the cost of the class, forgets who sat where, and tells the counts of
// groups as counts of rows.
func (c class) collapse(g *grid, taken *takings, groups [][]int, top, left []int) *block {
	flat := newGrid(top)
	for at, cost := range g.cost {
		to := at % len(flat.cost)
		if at > 0 {
			cost += c.cost
		}
		if cost < flat.cost[to] {
			flat.cost[to], flat.from[to] = cost, g.from[at]
		}
	}
	b := &block{rows: c.rows, taken: taken}
	for _, at := range flat.best() {
		counts := make([]uint16, len(c.rows))
		for i, rows := range groups {
			for _, r := range rows {
				counts[r] = uint16(min(at/flat.stride[i]%(top[i]+1), left[c.rows[r]]))
			}
		}
		b.serve = append(b.serve, counts...)
		b.cost, b.from = append(b.cost, flat.cost[at]), append(b.from, flat.from[at])
	}
	return b
}
