package plan

import "slices"

// seating gives the seats of a choice to other people where somebody has too many or
// would be counted twice. What a seat costs and covers stays, so the choice costs the
// same.
type seating struct {
	st     *standing
	room   *room
	wanted []int   // of a seat: the column that was chosen
	able   [][]int // of a seat: the columns that can stand in for it
	seats  []int   // of a seat: the column that has it, or -1
	at     [][]int // of a person: their seats
	tried  map[[2]int]bool
}

// reseat returns the columns after people have changed seats, as far as they can.
func (w *walk) reseat(st *standing, columns []int) []int {
	g := &seating{st: st, room: w.room(), at: make([][]int, len(w.people))}
	var list []int
	for _, c := range columns {
		if slices.Contains(st.taken, c) {
			g.room.add(c)
			list = append(list, c)
		} else {
			g.wanted, g.seats = append(g.wanted, c), append(g.seats, -1)
		}
	}
	g.able = make([][]int, len(g.wanted))
	for i, c := range g.wanted {
		g.tried = map[[2]int]bool{}
		if !g.give(i) {
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

// give finds somebody for a seat: who is free, or else who can pass another one on.
func (g *seating) give(seat int) bool {
	able := g.ableFor(seat)
	for _, c := range able {
		if g.room.has(c) && len(g.against(c)) == 0 {
			g.sit(seat, c)
			return true
		}
	}
	for _, c := range able {
		p := g.st.columns[c].person
		if g.tried[[2]int{seat, p}] {
			continue
		}
		g.tried[[2]int{seat, p}] = true
		in := g.against(c)
		if len(in) == 0 {
			in = g.at[p]
		}
		for _, other := range slices.Clone(in) {
			if g.instead(seat, c, other) {
				return true
			}
		}
	}
	return false
}

// instead gives a seat to somebody who passes on another one that they have.
func (g *seating) instead(seat, c, other int) bool {
	held := g.seats[other]
	g.leave(other)
	if g.room.has(c) && len(g.against(c)) == 0 {
		g.sit(seat, c)
		if g.give(other) {
			return true
		}
		g.leave(seat)
	}
	g.sit(other, held)
	return false
}

// ableFor returns the columns of the same training that cost no more and cover as
// much, first the one that was chosen.
func (g *seating) ableFor(seat int) []int {
	if g.able[seat] == nil {
		wanted := g.wanted[seat]
		col := g.st.columns[wanted]
		g.able[seat] = []int{wanted}
		for _, c := range g.st.of[col.training] {
			if c != wanted && g.st.columns[c].cost <= col.cost && subset(g.st.covers[wanted], g.st.covers[c]) {
				g.able[seat] = append(g.able[seat], c)
			}
		}
	}
	return g.able[seat]
}

// against returns the seats of the same person that are of the same training or cover
// the same.
func (g *seating) against(c int) []int {
	var list []int
	for _, other := range g.at[g.st.columns[c].person] {
		o := g.seats[other]
		if g.st.columns[o].training == g.st.columns[c].training || meet(g.st.covers[o], g.st.covers[c]) {
			list = append(list, other)
		}
	}
	return list
}

func (g *seating) sit(seat, c int) {
	p := g.st.columns[c].person
	g.seats[seat], g.at[p] = c, append(g.at[p], seat)
	g.room.add(c)
}

func (g *seating) leave(seat int) {
	c := g.seats[seat]
	p := g.st.columns[c].person
	g.at[p] = slices.DeleteFunc(g.at[p], func(s int) bool { return s == seat })
	g.room.remove(c)
	g.seats[seat] = -1
}

// subset tells whether b has all of a; both are ascending.
func subset(a, b []int) bool {
	for _, n := range a {
		if !slices.Contains(b, n) {
			return false
		}
	}
	return true
}

func meet(a, b []int) bool {
	return slices.ContainsFunc(a, func(n int) bool { return slices.Contains(b, n) })
}
