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
	for c, covers := range st.covers {
		allowed[c] = len(covers) > 0
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
