package plan

import (
	"cmp"
	"slices"
)

// cost returns what columns cost, in yen.
func (s *solver) cost(columns []int) int64 {
	cost := int64(0)
	held := make([]bool, len(s.trainings))
	for _, c := range columns {
		t := s.columns[c].training
		cost += s.columns[c].cost
		if !held[t] {
			held[t] = true
			cost += s.class[t]
		}
	}
	return cost
}

// value returns what columns cost, with the price of who is not found.
func (s *solver) value(columns, wanted []int) int64 {
	value := s.cost(columns)
	holders := s.holders(columns)
	for n, need := range s.needs {
		value += s.price * need.weight * int64(max(0, wanted[n]-len(holders[n])))
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
	return s.budget == nil || s.cost(columns) <= *s.budget
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

// filling makes a possible plan of any choice.
type filling struct {
	*walk
	room    *room
	list    []int
	held    []bool
	holders []map[int]int
	spent   int64
}

// complete takes over what fits, and adds what covers most for its cost.
func (w *walk) complete(st *standing, columns []int) []int {
	f := &filling{walk: w, room: w.room(), held: make([]bool, len(w.trainings)), holders: w.holders(nil)}
	chosen, allowed := make([]bool, len(w.columns)), make([]bool, len(w.columns))
	for c, covers := range st.covers {
		allowed[c] = len(covers) > 0
	}
	for _, c := range columns {
		if chosen[c] = true; w.budget == nil && f.room.has(c) && w.gain(c, f.holders) > 0 {
			f.add(c)
		}
	}
	for _, c := range f.list {
		allowed[c], chosen[c] = false, false
	}
	f.fill(chosen)
	f.fill(allowed)
	slices.Sort(f.list)
	return f.list
}

func (f *filling) add(c int) {
	f.spent += f.extra(c)
	f.room.add(c)
	f.list = append(f.list, c)
	f.held[f.columns[c].training] = true
	for _, n := range f.columns[c].covers {
		f.holders[n][f.columns[c].person]++
	}
}

// extra returns what a column adds to the cost.
func (f *filling) extra(c int) int64 {
	col := f.columns[c]
	if f.held[col.training] {
		return col.cost
	}
	return col.cost + f.class[col.training]
}

// fill adds columns as long as one of those that are allowed fits.
func (f *filling) fill(allowed []bool) {
	for {
		best, least := -1, 0.0
		for c, may := range allowed {
			if !may || !f.room.has(c) || f.budget != nil && f.spent+f.extra(c) > *f.budget {
				continue
			}
			gain := f.gain(c, f.holders)
			if price := float64(f.extra(c)) / float64(gain); gain > 0 && (best < 0 || price < least) {
				best, least = c, price
			}
		}
		if best < 0 {
			return
		}
		allowed[best] = false
		f.add(best)
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
