package plan

import (
	"context"
	"math"
	"slices"
)

// cover is a choice of one entry from each block that serves the rows at least cost.
// What is not served has its price.
type cover struct {
	ctx    context.Context
	blocks []*block
	rows   []int   // needs that are in some block
	left   []int   // of a need
	price  []int64 // of a need
	grain  int64
	fixed  int64 // of blocks that have no choice left
	done   []*block

	at    [][]int // of a block: the places of its rows in rows
	scale int64   // multipliers are whole numbers of 1/scale yen
	value int64   // the best so far
	best  []int32 // its entries
	stop  bool
}

// The limits of what joining blocks may cost; what is larger is searched.
const (
	largestGrid  = 1 << 13
	largestMerge = 1 << 17
)

// answer is the best known choice of columns, and what none falls below.
type answer struct {
	value, bound int64
	columns      []int
}

// solveCover joins blocks as long as that is cheap, which often leaves nothing to
// search, and searches the rest.
func solveCover(ctx context.Context, blocks []*block, left []int, price []int64, grain int64) answer {
	c := &cover{ctx: ctx, blocks: blocks, left: left, price: price, grain: grain}
	for c.eliminate() {
	}
	var a answer
	if len(c.blocks) > 0 {
		a.bound = c.search() + c.fixed
		a.value = c.value + c.fixed
		for b, e := range c.best {
			a.columns = c.blocks[b].columns(int(e), a.columns)
		}
	} else {
		a.value, a.bound = c.fixed, c.fixed
	}
	for _, b := range c.done {
		a.columns = b.columns(0, a.columns)
	}
	slices.Sort(a.columns)
	return a
}

// eliminate settles the row whose blocks are joined most cheaply, and tells whether
// there was one.
func (c *cover) eliminate() bool {
	c.rows = nil
	in := map[int][]int{}
	for i, b := range c.blocks {
		for _, r := range b.rows {
			in[r] = append(in[r], i)
		}
	}
	for r := range in {
		c.rows = append(c.rows, r)
	}
	slices.Sort(c.rows)
	row, least := -1, 0
	for _, r := range c.rows {
		if size, ok := c.joined(in[r]); ok && (row < 0 || size < least) {
			row, least = r, size
		}
	}
	if row < 0 {
		return false
	}
	var rest []*block
	joined := c.blocks[in[row][0]]
	for i, b := range c.blocks {
		switch {
		case !slices.Contains(in[row], i):
			rest = append(rest, b)
		case i != in[row][0]:
			joined = merge(joined, b, c.left)
		}
	}
	joined = joined.without(row, c.left[row], c.price[row])
	if len(joined.rows) == 0 {
		c.fixed += joined.cost[0]
		c.done = append(c.done, joined)
	} else {
		rest = append(rest, joined)
	}
	c.blocks = rest
	return true
}

// joined returns how much work it is to join some blocks, and whether that is cheap.
func (c *cover) joined(list []int) (work int, ok bool) {
	rows, entries := c.blocks[list[0]].rows, c.blocks[list[0]].entries()
	work = entries
	for _, i := range list[1:] {
		b := c.blocks[i]
		rows = union(rows, b.rows)
		size := gridSize(tops(rows, c.left), largestGrid)
		if size > largestGrid || entries*b.entries() > largestMerge {
			return 0, false
		}
		work += entries*b.entries() + size
		entries = min(size, entries*b.entries())
	}
	return work, true
}

// search sets the best choice, and returns what none falls below.
func (c *cover) search() int64 {
	c.at = make([][]int, len(c.blocks))
	most := int64(0)
	allowed := make([][]int32, len(c.blocks))
	cheapest := make([]int32, len(c.blocks))
	for i, b := range c.blocks {
		c.at[i] = places(b.rows, c.rows)
		dearest := int64(0)
		for e, cost := range b.cost {
			allowed[i] = append(allowed[i], int32(e))
			dearest = max(dearest, cost)
			if cost < b.cost[cheapest[i]] {
				cheapest[i] = int32(e)
			}
		}
		most += dearest
	}
	for _, r := range c.rows {
		most += c.price[r] * int64(c.left[r])
	}
	c.scale = 1
	for c.scale < 1<<12 && most < mostValue/2/c.scale {
		c.scale *= 2
	}
	c.value = never
	c.improve(cheapest, allowed)
	return c.branch(allowed, make([]int64, len(c.rows)), true)
}

// total returns what a choice costs, with the price of who is not found.
func (c *cover) total(chosen []int32) int64 {
	served, value := make([]int, len(c.rows)), int64(0)
	for i, b := range c.blocks {
		value += b.cost[chosen[i]]
		for k, n := range b.served(int(chosen[i])) {
			served[c.at[i][k]] += int(n)
		}
	}
	for k, r := range c.rows {
		value += c.price[r] * int64(max(0, c.left[r]-served[k]))
	}
	return value
}

// improve changes one block after the other as long as that makes a choice cheaper,
// and keeps the choice if it is the best so far.
func (c *cover) improve(chosen []int32, allowed [][]int32) {
	served := make([]int, len(c.rows))
	for i, b := range c.blocks {
		for k, n := range b.served(int(chosen[i])) {
			served[c.at[i][k]] += int(n)
		}
	}
	for better := true; better; {
		better = false
		for i, b := range c.blocks {
			for k, n := range b.served(int(chosen[i])) {
				served[c.at[i][k]] -= int(n)
			}
			best, least := chosen[i], c.with(i, chosen[i], served)
			for _, e := range allowed[i] {
				if v := c.with(i, e, served); v < least {
					best, least, better = e, v, true
				}
			}
			chosen[i] = best
			for k, n := range b.served(int(best)) {
				served[c.at[i][k]] += int(n)
			}
		}
	}
	if value := c.total(chosen); value < c.value {
		c.value, c.best = value, slices.Clone(chosen)
	}
}

// with returns what an entry of a block costs, with what its rows then lack.
func (c *cover) with(block int, entry int32, served []int) int64 {
	b := c.blocks[block]
	value := b.cost[entry]
	for k, n := range b.served(int(entry)) {
		r := c.at[block][k]
		if lack := c.left[b.rows[k]] - served[r] - int(n); lack > 0 {
			value += c.price[b.rows[k]] * int64(lack)
		}
	}
	return value
}

// up returns the least value a choice can have that costs at least so many parts.
func (c *cover) up(parts int64) int64 {
	if parts <= 0 {
		return 0
	}
	yen := (parts + c.scale - 1) / c.scale
	return (yen + c.grain - 1) / c.grain * c.grain
}

// dual is what a price for each row tells: no choice among the allowed entries costs
// less than parts.
type dual struct {
	parts  int64
	price  []int64     // of a row, in parts
	least  []int64     // of a block: of its cheapest entry at these prices
	served [][]float64 // of a block: how much it serves on average
}

// priced returns what an entry costs beyond what its rows pay for it.
func (c *cover) priced(block int, entry int32, price []int64) int64 {
	b := c.blocks[block]
	v := b.cost[entry] * c.scale
	for k, n := range b.served(int(entry)) {
		v -= price[c.at[block][k]] * int64(n)
	}
	return v
}

// ascend looks for the prices that prove most, by steps along the subgradient.
func (c *cover) ascend(allowed [][]int32, start []int64, steps int) dual {
	price := slices.Clone(start)
	best := dual{parts: math.MinInt64, least: make([]int64, len(c.blocks))}
	mean := make([][]float64, len(c.blocks))
	for i, b := range c.blocks {
		mean[i] = make([]float64, len(b.rows))
	}
	chosen, lack, least := make([]int32, len(c.blocks)), make([]int, len(c.rows)), make([]int64, len(c.blocks))
	pace, since := 1.0, 0
	for step := range steps {
		parts := c.cheapest(allowed, price, chosen, lack, least)
		for i, b := range c.blocks {
			for k, n := range b.served(int(chosen[i])) {
				mean[i][k] = float64(mean[i][k]*0.9) + float64(float64(n)*0.1)
			}
		}
		if since++; parts > best.parts {
			best.parts, best.price, since = parts, slices.Clone(price), 0
			copy(best.least, least)
		}
		if step%8 == 0 {
			c.improve(slices.Clone(chosen), allowed)
		}
		if c.up(best.parts) >= c.value || step%16 == 15 && c.ctx.Err() != nil {
			break
		}
		if since >= 6 {
			pace, since = pace/2, 0
		}
		if pace < 1e-3 || step+1 == steps || !c.step(price, lack, pace*float64(c.value*c.scale-parts)) {
			c.improve(slices.Clone(chosen), allowed)
			break
		}
	}
	best.served = mean
	return best
}

// cheapest chooses the cheapest entries at some prices, and returns their sum.
func (c *cover) cheapest(allowed [][]int32, price []int64, chosen []int32, lack []int, least []int64) (parts int64) {
	for k, r := range c.rows {
		lack[k] = c.left[r]
		parts += price[k] * int64(c.left[r])
	}
	for i, list := range allowed {
		least[i] = math.MaxInt64
		for _, e := range list {
			if v := c.priced(i, e, price); v < least[i] {
				least[i], chosen[i] = v, e
			}
		}
		parts += least[i]
		for k, n := range c.blocks[i].served(int(chosen[i])) {
			lack[c.at[i][k]] -= int(n)
		}
	}
	return parts
}

// step moves prices towards what is lacking; false where nothing is.
func (c *cover) step(price []int64, lack []int, gap float64) bool {
	square := 0.0
	for k, n := range lack {
		if n > 0 || price[k] > 0 {
			square += float64(n * n)
		}
	}
	if square == 0 {
		return false
	}
	moved := false
	for k, n := range lack {
		if n == 0 {
			continue
		}
		most := float64(c.price[c.rows[k]]) * float64(c.scale)
		to := int64(min(most, max(0, float64(price[k])+float64(gap/square*float64(n)))))
		moved = moved || to != price[k]
		price[k] = to
	}
	return moved
}

// branch searches the choices among the allowed entries, and returns a value that
// none of them falls below, as far as it is below the best.
func (c *cover) branch(allowed [][]int32, price []int64, root bool) int64 {
	steps := 40
	if root {
		steps = 400
	}
	d := c.ascend(allowed, price, steps)
	bound := c.up(d.parts)
	if bound >= c.value {
		return c.value
	}
	if c.ctx.Err() != nil {
		c.stop = true
		return bound
	}
	allowed, open := c.kept(allowed, d)
	if !open {
		return c.value
	}
	i, k, cut := c.split(allowed, d)
	if i < 0 { // one entry of each block is left
		chosen := make([]int32, len(allowed))
		for b, list := range allowed {
			chosen[b] = list[0]
		}
		c.improve(chosen, allowed)
		return c.value
	}
	few, many := c.parted(allowed, i, k, cut)
	first, second := many, few
	if d.served[i][k]-float64(cut) < 0.5 {
		first, second = few, many
	}
	low := min(c.branch(first, d.price, false), c.branchUnlessStopped(second, d, bound))
	return max(bound, min(low, c.value))
}

func (c *cover) branchUnlessStopped(allowed [][]int32, d dual, bound int64) int64 {
	if c.stop {
		return bound
	}
	return c.branch(allowed, d.price, false)
}

// kept leaves out the entries that no better choice can have; open is false where one
// block has none left.
func (c *cover) kept(allowed [][]int32, d dual) (kept [][]int32, open bool) {
	kept = make([][]int32, len(allowed))
	for i, list := range allowed {
		for _, e := range list {
			if c.up(d.parts-d.least[i]+c.priced(i, e, d.price)) < c.value {
				kept[i] = append(kept[i], e)
			}
		}
		if len(kept[i]) == 0 {
			return nil, false
		}
	}
	return kept, true
}

// split finds the block and the row that the prices leave most undecided, and where
// to cut: at most so many are served, or more.
func (c *cover) split(allowed [][]int32, d dual) (block, row, cut int) {
	block = -1
	best := 0.0
	for i, list := range allowed {
		if len(list) < 2 {
			continue
		}
		for k := range c.blocks[i].rows {
			low, high := math.MaxInt, 0
			for _, e := range list {
				n := int(c.blocks[i].served(int(e))[k])
				low, high = min(low, n), max(high, n)
			}
			if low == high {
				continue
			}
			at := min(max(int(math.Floor(d.served[i][k])), low), high-1)
			fraction := min(max(d.served[i][k]-float64(at), 0), 1)
			if score := 1 + min(fraction, 1-fraction); score > best {
				best, block, row, cut = score, i, k, at
			}
		}
	}
	return block, row, cut
}

func (c *cover) parted(allowed [][]int32, i, k, cut int) (few, many [][]int32) {
	few, many = slices.Clone(allowed), slices.Clone(allowed)
	few[i], many[i] = nil, nil
	for _, e := range allowed[i] {
		if int(c.blocks[i].served(int(e))[k]) <= cut {
			few[i] = append(few[i], e)
		} else {
			many[i] = append(many[i], e)
		}
	}
	return few, many
}
