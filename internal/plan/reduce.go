package plan

import (
	"cmp"
	"math"
	"slices"

	"tasuki/internal/jsonfile"
)

// task is a problem in numbers: people, trainings and demanded skills are positions
// in the order of their ids, and only what is of use is left of the rest.
type task struct {
	people, trainings []string
	needs             []need
	columns           []column // ordered by training, then person
	hours             []int64  // of a training, in thousandths
	maxHours          []int64  // of a person
	class             []int64  // of a training: what holding it costs
	seats             []int    // of a training
	maxCount          int      // trainings of one person
	budget            *int64   // the most that a plan may cost, or nil
	covering          [][]int  // of a need: the columns that cover it
	of                [][]int  // of a training: its columns

	price int64 // of a unit of weight that is uncovered: more than any plan needs
	unit  int64 // of weight, in thousandths
	grain int64 // every cost is a multiple of it
	fine  int64 // parts of a yen in which fees are told
	usual int64 // hours of a training, in thousandths
}

// need is a skill that lacks people.
type need struct {
	skill  string
	people int
	weight int64
}

// column is a training that somebody could take and that makes them a new holder.
type column struct {
	person, training int
	cost             int64
	covers           []int // needs, in ascending order
}

const (
	noLimit   = math.MaxInt32 // of people
	unlimited = math.MaxInt64 // of hours
)

// mostValue is the largest sum that is computed with.
const mostValue = math.MaxInt64 / 8

func newTask(p Problem, o Options) (*task, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	t := &task{maxCount: noLimit, budget: o.Budget}
	if o.MaxPerPerson > 0 {
		t.maxCount = o.MaxPerPerson
	}
	people, trainings := sorted(p.People, func(w Person) string { return w.ID }), sorted(p.Trainings, func(r Training) string { return r.ID })
	for _, w := range people {
		t.people = append(t.people, w.ID)
		limit := int64(unlimited)
		if w.MaxHours != nil {
			limit = thousandths(*w.MaxHours)
		}
		t.maxHours = append(t.maxHours, limit)
	}
	for _, r := range trainings {
		t.trainings = append(t.trainings, r.ID)
		t.hours = append(t.hours, thousandths(r.Hours))
		t.class = append(t.class, r.ClassCost)
		seats := noLimit
		if r.Seats != nil {
			seats = *r.Seats
		}
		t.seats = append(t.seats, seats)
	}
	lacking := t.lacking(p)
	t.columns = t.useful(people, trainings, lacking, seatCosts(p))
	t.index()
	return t, t.setPrices()
}

func thousandths(f float64) int64 { return int64(math.Round(f * 1000)) }

func sorted[T any](list []T, id func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int { return cmp.Compare(id(a), id(b)) })
}

// lacking finds the skills that lack people, and returns them in the order of needs.
func (t *task) lacking(p Problem) []Skill {
	var list []Skill
	for _, s := range sorted(p.Skills, func(s Skill) string { return s.ID }) {
		if !s.Critical {
			continue
		}
		people := s.Minimum + s.Redundancy
		for _, w := range p.People {
			if holds(w, s) {
				people--
			}
		}
		if people > 0 {
			t.needs = append(t.needs, need{skill: s.ID, people: people, weight: max(1, thousandths(s.Weight))})
			list = append(list, s)
		}
	}
	for _, n := range t.needs {
		t.unit = gcd(t.unit, n.weight)
	}
	for i := range t.needs {
		t.needs[i].weight /= t.unit
	}
	return list
}

func holds(w Person, s Skill) bool {
	level, assessed := w.Levels[s.ID]
	return assessed && level >= s.Required
}

// seatCosts returns what a seat costs, and whether it can be had.
func seatCosts(p Problem) func(Person, Training) (int64, bool) {
	if p.Offers == nil {
		return func(_ Person, t Training) (int64, bool) { return t.SeatCost, true }
	}
	costs := make(map[Assignment]int64, len(p.Offers))
	for _, o := range p.Offers {
		costs[Assignment{o.Person, o.Training}] = o.Cost
	}
	return func(w Person, t Training) (int64, bool) {
		cost, ok := costs[Assignment{w.ID, t.ID}]
		return cost, ok
	}
}

// useful returns the columns that cover something and that nothing forbids.
func (t *task) useful(people []Person, trainings []Training, lacking []Skill, cost func(Person, Training) (int64, bool)) []column {
	var list []column
	for j, training := range trainings {
		if t.seats[j] == 0 {
			continue
		}
		for i, w := range people {
			if t.hours[j] > t.maxHours[i] || !ready(w, training) {
				continue
			}
			c, possible := cost(w, training)
			if !possible {
				continue
			}
			var covers []int
			for n, s := range lacking {
				if level, grants := training.Grants[s.ID]; grants && level >= s.Required && !holds(w, s) {
					covers = append(covers, n)
				}
			}
			if len(covers) > 0 {
				list = append(list, column{i, j, c, covers})
			}
		}
	}
	return list
}

// ready tells whether somebody has what a training asks for. Nothing at all is
// enough for level 0.
func ready(w Person, t Training) bool {
	for skill, level := range t.Prerequisite {
		if w.Levels[skill] < level {
			return false
		}
	}
	return true
}

func (t *task) index() {
	t.covering, t.of = make([][]int, len(t.needs)), make([][]int, len(t.trainings))
	for c, col := range t.columns {
		t.of[col.training] = append(t.of[col.training], c)
		for _, n := range col.covers {
			t.covering[n] = append(t.covering[n], c)
		}
	}
}

// setPrices sets what a person costs who is not found: so much that no plan leaves
// weight uncovered which another one covers. A plan in which nothing can be left out
// has at most a seat for each person that is lacking, and each class once.
func (t *task) setPrices() error {
	most, weight := 0.0, 0.0
	for j, list := range t.of {
		if len(list) > 0 {
			most += float64(t.class[j])
			t.grain = gcd(t.grain, t.class[j])
		}
	}
	for n, list := range t.covering {
		dearest := int64(0)
		for _, c := range list {
			dearest = max(dearest, t.columns[c].cost)
			t.grain = gcd(t.grain, t.columns[c].cost)
		}
		most += float64(dearest) * float64(min(t.needs[n].people, len(list)))
		weight += float64(t.needs[n].weight) * float64(t.needs[n].people)
	}
	t.grain = max(1, t.grain)
	if (most+float64(t.grain)+1)*(weight+1) > mostValue {
		return jsonfile.Problem{Rule: "too_much_together"}
	}
	t.fine, t.usual = 1, 1
	if (most+1)*(weight+1) < mostValue/64 {
		t.fine = 16
	}
	for _, h := range t.hours {
		t.usual += h / int64(len(t.hours))
	}
	t.price = (int64(most)/t.grain + 1) * t.grain
	return nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
