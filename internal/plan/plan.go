// Package plan finds the cheapest set of trainings that brings every critical skill
// to the people it needs and its reserve (risk.md, section 9). Its functions take
// plain values and return plain values: no database and no language; the clock only
// ends a search that takes too long. A plan that is proven to be the cheapest never
// depends on the clock, nor on the order in which people, skills and trainings come.
package plan

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Problem is who stands where, what is wanted, and what could be learned how.
type Problem struct {
	People    []Person   `json:"people"`
	Skills    []Skill    `json:"skills"`
	Trainings []Training `json:"trainings"`
	// Offers are the only pairs that are possible, at their costs. Where it is nil
	// everybody may take every training at its seat cost; an empty list allows nothing.
	Offers []Offer `json:"offers,omitempty"`

	// Unknown holds the paths of what a file says beyond this; it was left out.
	Unknown []string `json:"-"`
}

// Person is somebody who may be trained.
type Person struct {
	ID       string         `json:"id"`
	Levels   map[string]int `json:"levels"`              // by skill; not assessed where missing
	MaxHours *float64       `json:"max_hours,omitempty"` // of training; nil is no limit
}

// Skill is what is wanted of one skill. Only critical ones ask for anybody: Minimum
// and Redundancy people together, at the required level.
type Skill struct {
	ID         string `json:"id"`
	Required   int    `json:"required_level"`
	Minimum    int    `json:"minimum"`
	Redundancy int    `json:"redundancy"`
	Critical   bool   `json:"critical"`
	// Weight says which skills go first where not all can be had: in thousandths, and
	// at least one of them.
	Weight float64 `json:"weight"`
}

// Training leads everybody who has the prerequisite to the levels it grants.
type Training struct {
	ID           string         `json:"id"`
	Grants       map[string]int `json:"grants"`
	Prerequisite map[string]int `json:"prerequisite,omitempty"`
	SeatCost     int64          `json:"seat_cost"`            // yen for each who takes it
	ClassCost    int64          `json:"class_cost,omitempty"` // yen once, where anybody takes it
	Seats        *int           `json:"seats,omitempty"`      // nil is no limit
	Hours        float64        `json:"hours"`                // of each who takes it, in thousandths
}

// Offer is a training that somebody could take, and what their seat costs in yen.
type Offer struct {
	Person   string `json:"person"`
	Training string `json:"training"`
	Cost     int64  `json:"cost"`
}

// Options limit a plan and the search for it.
type Options struct {
	TimeLimit    time.Duration // of one search; 0 is no limit but the context's
	MaxPerPerson int           // trainings of one person; 0 is no limit
	// Budget is the most that the plan may cost, in yen; nil is no limit. What does not
	// fit in is uncovered, the least weight of it that is possible.
	Budget *int64
}

// Plan is who takes which training. Its lists are ordered by their ids.
type Plan struct {
	// Proven tells that no other plan leaves less weight uncovered, nor as little for
	// less. Otherwise the plan is the best that was found in time.
	Proven      bool         `json:"proven"`
	Cost        int64        `json:"cost"`  // in yen
	Bound       int64        `json:"bound"` // no plan that leaves as little uncovered costs less
	Assignments []Assignment `json:"assignments"`
	Classes     []string     `json:"classes"` // trainings whose class cost is paid
	Uncovered   []Missing    `json:"uncovered"`

	// OpenWeight is the weight of what is uncovered, and OpenBound what no plan falls
	// below. Only within a budget, or where nothing is proven, are they not the same.
	OpenWeight float64 `json:"-"`
	OpenBound  float64 `json:"-"`
}

// Assignment is a training that somebody takes.
type Assignment struct {
	Person   string `json:"person"`
	Training string `json:"training"`
}

// Missing is how many people a skill still lacks after the plan.
type Missing struct {
	Skill   string `json:"skill"`
	Missing int    `json:"missing"`
}

// Load is what a plan asks of one person.
type Load struct {
	Person    string
	Trainings int
	Hours     float64
	Cost      int64 // of their seats, in yen
}

// Solve returns the cheapest plan among those that leave the least weight uncovered,
// and proves it where time allows. When ctx or the time limit ends first, the plan is
// the best one known, and Bound says how much cheaper one could still be. The error
// is a jsonfile.Problem that names the field of a value that no problem can have.
func Solve(ctx context.Context, p Problem, o Options) (Plan, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return Plan{}, err
	}
	ctx, stop := o.limit(ctx)
	defer stop()
	return s.plan(s.solve(ctx, change{})), nil
}

// Lacking returns how many people each critical skill lacks, in the order of ids.
func (p Problem) Lacking() []Missing {
	var t task
	t.lacking(p)
	list := make([]Missing, len(t.needs))
	for n, need := range t.needs {
		list[n] = Missing{need.skill, need.people}
	}
	return list
}

func (o Options) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.TimeLimit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, o.TimeLimit)
}

// PerPerson returns what the plan asks of each person who takes part, ordered by id.
func (l Plan) PerPerson(p Problem) []Load {
	cost := map[Assignment]int64{}
	for _, o := range p.Offers {
		cost[Assignment{o.Person, o.Training}] = o.Cost
	}
	training := map[string]Training{}
	for _, t := range p.Trainings {
		training[t.ID] = t
	}
	var list []Load
	for _, a := range l.Assignments {
		i, found := slices.BinarySearchFunc(list, a.Person, func(l Load, id string) int { return cmp.Compare(l.Person, id) })
		if !found {
			list = slices.Insert(list, i, Load{Person: a.Person})
		}
		seat := training[a.Training].SeatCost
		if p.Offers != nil {
			seat = cost[a]
		}
		list[i].Trainings++
		list[i].Hours += training[a.Training].Hours
		list[i].Cost += seat
	}
	return list
}
