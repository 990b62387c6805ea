package plan

import (
	"cmp"
	"slices"
)

// value returns what columns cost, with the price of who is not found.
func (s *solver) value(columns, wanted []int) int64 {
	value := int64(0)
	held := make([]bool, len(s.trainings))
	for _, c := range columns {
		t := s.columns[c].training
		value += s.columns[c].cost
		if !held[t] {
			held[t] = true
			value += s.class[t]
		}
	}
	holders := s.holders(columns)
	for n, need := range s.needs {
		value += need.price * int64(max(0, wanted[n]-len(holders[n])))
	}
	return value
}

// holders returns whom columns make holders of each need, and by how many columns.
func (s *solver) holders(columns []int) []map[int]int {
	list := make([]map[int]int, len(s.needs))
	for n := range list {
		list[n] = map[int]int{}
	}
	for _, c := range columns {
		for _, n := range s.columns[c].covers {
			list[n][s.columns[c].person]++
		}
	}
	return list
}

// possible tells whether people and trainings have room for columns.
func (s *solver) possible(columns []int) bool {
	r := s.room()
	for _, c := range columns {
		if !r.has(c) {
			return false
		}
		r.add(c)
	}
	return true
}

// room is what people and trainings can still take.
type room struct {
	*task
	count []int
	hours []int64
	seats []int
}

func (t *task) room() *room {
	return &room{t, slices.Repeat([]int{t.maxCount}, len(t.people)), slices.Clone(t.maxHours), slices.Clone(t.seats)}
}

func (r *room) has(c int) bool {
	col := r.columns[c]
	return r.count[col.person] > 0 && r.hours[col.person] >= r.task.hours[col.training] && r.seats[col.training] > 0
}

func (r *room) add(c int) {
	col := r.columns[c]
	r.count[col.person]--
	r.hours[col.person] -= r.task.hours[col.training]
	r.seats[col.training]--
}

func (r *room) remove(c int) {
	col := r.columns[c]
	r.count[col.person]++
	r.hours[col.person] += r.task.hours[col.training]
	r.seats[col.training]++
}

// tidy leaves out what is not needed, the dearest first.
func (s *solver) tidy(columns, wanted []int) []int {
	holders := s.holders(columns)
	list := slices.Clone(columns)
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(s.columns[b].cost, s.columns[a].cost), b-a) })
	list = slices.DeleteFunc(list, func(c int) bool {
		col := s.columns[c]
		for _, n := range col.covers {
			if holders[n][col.person] == 1 && len(holders[n]) <= wanted[n] {
				return false
			}
		}
		for _, n := range col.covers {
			if holders[n][col.person]--; holders[n][col.person] == 0 {
				delete(holders[n], col.person)
			}
		}
		return true
	})
	slices.Sort(list)
	return list
}

// complete drops what does not fit, adds what covers most for its cost, and so makes
// a possible plan of any choice.
func (w *walk) complete(st *standing, columns []int) []int {
	r := w.room()
	var list []int
	held := make([]bool, len(w.trainings))
	holders := w.holders(nil)
	add := func(c int) {
		r.add(c)
		list = append(list, c)
		held[w.columns[c].training] = true
		for _, n := range w.columns[c].covers {
			holders[n][w.columns[c].person]++
		}
	}
	for _, c := range columns {
		if r.has(c) && w.gain(c, holders) > 0 {
			add(c)
		}
	}
	allowed := make([]bool, len(w.columns))
	for c := range st.covers {
		allowed[c] = true
	}
	for _, c := range list {
		allowed[c] = false
	}
	for {
		best, price := -1, 0.0
		for c := range w.columns {
			if !allowed[c] || !r.has(c) {
				continue
			}
			gain := w.gain(c, holders)
			if gain == 0 {
				continue
			}
			cost := w.columns[c].cost
			if t := w.columns[c].training; !held[t] {
				cost += w.class[t]
			}
			if p := float64(cost) / float64(gain); best < 0 || p < price {
				best, price = c, p
			}
		}
		if best < 0 {
			slices.Sort(list)
			return list
		}
		allowed[best] = false
		add(best)
	}
}

// gain returns how much weight a column would newly cover.
func (w *walk) gain(c int, holders []map[int]int) int64 {
	gain := int64(0)
	for _, n := range w.columns[c].covers {
		if holders[n][w.columns[c].person] == 0 && len(holders[n]) < w.wanted[n] {
			gain += w.needs[n].weight
		}
	}
	return gain
}

// seating gives the seats of a choice to other people where somebody has too many or
// would be counted twice. What a seat costs and covers stays, so the choice costs the
// same.
type seating struct {
	st    *standing
	room  *room
	seats []int // columns; each may change into one of its training that can do as much
	at    map[int][]int
	tried map[[2]int]bool
}

// reseat returns the columns after people have changed seats, as far as they can.
func (w *walk) reseat(st *standing, columns []int) []int {
	g := &seating{st: st, room: w.room(), at: map[int][]int{}}
	var list []int
	for _, c := range columns {
		if slices.Contains(st.taken, c) {
			g.room.add(c)
			list = append(list, c)
		} else {
			g.seats = append(g.seats, c)
		}
	}
	wanted := slices.Clone(g.seats)
	for i := range g.seats {
		g.seats[i] = -1
	}
	for i, c := range wanted {
		g.tried = map[[2]int]bool{}
		if !g.give(i, c, wanted) {
			list = append(list, c) // nobody else can: it stays in conflict
		}
	}
	for _, c := range g.seats {
		if c >= 0 {
			list = append(list, c)
		}
	}
	slices.Sort(list)
	return list
}

// give finds somebody for a seat, who may have to pass another one on.
func (g *seating) give(seat, wanted int, all []int) bool {
	for _, c := range g.able(wanted) {
		p := g.st.columns[c].person
		if g.tried[[2]int{seat, p}] {
			continue
		}
		g.tried[[2]int{seat, p}] = true
		in := g.against(c, seat)
		if len(in) == 0 && g.room.has(c) {
			g.sit(seat, c)
			return true
		}
		if len(in) == 0 {
			in = slices.Clone(g.at[p])
		}
		for _, other := range in {
			held := g.seats[other]
			g.leave(other)
			if len(g.against(c, seat)) == 0 && g.room.has(c) {
				g.sit(seat, c)
				if g.give(other, all[other], all) {
					return true
				}
				g.leave(seat)
			}
			g.sit(other, held)
		}
	}
	return false
}

// able returns the columns of the same training that cost no more and cover as much,
// first the one that is wanted.
func (g *seating) able(wanted int) []int {
	col := g.st.columns[wanted]
	list := []int{wanted}
	for _, c := range g.st.of[col.training] {
		if covers, open := g.st.covers[c]; open && c != wanted && g.st.columns[c].cost <= col.cost && subset(g.st.covers[wanted], covers) {
			list = append(list, c)
		}
	}
	return list
}

// against returns the seats of the same person that are of the same training or cover
// the same.
func (g *seating) against(c, seat int) []int {
	var list []int
	for _, other := range g.at[g.st.columns[c].person] {
		o := g.seats[other]
		if other != seat && (g.st.columns[o].training == g.st.columns[c].training || meet(g.st.covers[o], g.st.covers[c])) {
			list = append(list, other)
		}
	}
	return list
}

func (g *seating) sit(seat, c int) {
	g.seats[seat] = c
	p := g.st.columns[c].person
	g.at[p] = append(g.at[p], seat)
	g.room.add(c)
}

func (g *seating) leave(seat int) {
	c := g.seats[seat]
	p := g.st.columns[c].person
	g.at[p] = slices.DeleteFunc(slices.Clone(g.at[p]), func(s int) bool { return s == seat })
	g.room.remove(c)
	g.seats[seat] = -1
}

// subset tells whether b has all of a; both are ascending.
func subset(a, b []int) bool {
	for _, n := range a {
		if _, found := slices.BinarySearch(b, n); !found {
			return false
		}
	}
	return true
}

func meet(a, b []int) bool {
	return slices.ContainsFunc(a, func(n int) bool {
		_, found := slices.BinarySearch(b, n)
		return found
	})
}
