package team

import "time"

// HalfYear returns the first and the last day of the half of the fiscal year of a day:
// 上期 is from April to September, 下期 from October to March.
func HalfYear(day Date) (first, last Date) {
	begin, end := FiscalYear(day)
	middle := Date{begin.Year, time.October, 1}
	if day.Before(middle) {
		return begin, middle.AddDays(-1)
	}
	return middle, end
}

// DevelopmentPlan is what the department wants to learn in half a fiscal year.
type DevelopmentPlan struct {
	ID             string `db:"id" json:"id,omitzero"`
	StartsOn       Date   `db:"starts_on" json:"starts_on"`                      // the first day of the half-year
	Budget         *int   `db:"budget" json:"budget,omitempty"`                  // in yen; nil is no limit
	HoursEach      int    `db:"hours_each" json:"hours_each,omitzero"`           // of each person in the half-year; 0 is no limit
	MostEach       int    `db:"most_each" json:"most_each,omitzero"`             // trainings that are added for one person; 0 is no limit
	WithoutReserve bool   `db:"without_reserve" json:"without_reserve,omitzero"` // aims at the minimum only
	// Basis is what the plan was made from, as the pages write it, and BasisAt when.
	Basis   string `db:"basis" json:"basis,omitzero"`
	BasisAt Stamp  `db:"basis_at" json:"basis_at,omitzero"`
	Version int    `db:"version" json:"version,omitzero"`

	Lines []PlanLine `db:"-" json:"lines,omitempty"`
}

// LastDay is the last day of the half-year.
func (p DevelopmentPlan) LastDay() Date {
	_, last := HalfYear(p.StartsOn)
	return last
}

// PlanLine is one training that somebody is to take.
type PlanLine struct {
	ID         string `db:"id" json:"id,omitzero"`
	PlanID     string `db:"plan_id" json:"-"`
	MemberID   string `db:"member_id" json:"member_id"`
	TrainingID string `db:"training_id" json:"training_id"`
	OwnerID    string `db:"owner_id" json:"owner_id,omitzero"` // who sees to it
	Due        Date   `db:"due" json:"due"`
	Cost       int    `db:"cost" json:"cost,omitzero"`             // of the seat, in yen
	ClassCost  int    `db:"class_cost" json:"class_cost,omitzero"` // of the class, in yen: once for all lines of a training
	Dropped    bool   `db:"dropped" json:"dropped,omitzero"`
	Note       string `db:"note" json:"note,omitzero"`
	By         string `db:"created_by" json:"by,omitzero"`
	CreatedAt  Stamp  `db:"created_at" json:"created_at,omitzero"`
	Version    int    `db:"version" json:"version,omitzero"`

	Skills []PlanSkill `db:"-" json:"skills,omitempty"`
}

// PlanSkill is a skill that a line is for, with the level it is to lead to.
type PlanSkill struct {
	LineID  string `db:"line_id" json:"-"`
	SkillID string `db:"skill_id" json:"skill_id"`
	Level   Level  `db:"level" json:"level"`
}

// LineState says how far a line of a plan is.
type LineState string

// The states of a line.
const (
	LinePlanned LineState = "planned"
	LineBooked  LineState = "booked" // a training record says when
	LineDone    LineState = "done"
	LineDropped LineState = "dropped"
)

// The largest numbers of a plan.
const (
	maxBudget   = 1_000_000_000
	maxHours    = 1000
	maxEach     = 100
	maxPlanNote = 500
)

// Validate checks what a person typed.
func (p DevelopmentPlan) Validate() error {
	var v Invalid
	if first, _ := HalfYear(p.StartsOn); p.StartsOn.IsZero() || first != p.StartsOn {
		v = append(v, Problem{Field: "starts_on", Rule: NotValid})
	}
	if p.Budget != nil {
		v.number("budget", *p.Budget, 0, maxBudget)
	}
	v.number("hours", p.HoursEach, 0, maxHours)
	v.number("most", p.MostEach, 0, maxEach)
	return v.Or()
}

// Validate checks what a person typed; first is the first day of the plan.
func (l PlanLine) Validate(first Date) error {
	var v Invalid
	v.text("member", l.MemberID, true, 60)
	v.text("training", l.TrainingID, true, 60)
	switch {
	case l.Due.IsZero():
		v = append(v, Problem{Field: "due", Rule: Required})
	case l.Due.Before(first), first.AddDays(FarthestPlan).Before(l.Due):
		v = append(v, Problem{Field: "due", Rule: NotValid})
	}
	v.number("cost", l.Cost, 0, maxYen)
	v.number("class_cost", l.ClassCost, 0, maxYen)
	v.text("note", l.Note, false, maxPlanNote)
	return v.Or()
}

// State returns how far a line is by the training records of the member since the first
// day of the plan, with the record that says so: one that is done comes before one that
// is booked.
func (l PlanLine) State(first Date, records []TrainingRecord) (LineState, *TrainingRecord) {
	state, found := LinePlanned, (*TrainingRecord)(nil)
	if l.Dropped {
		return LineDropped, nil
	}
	for i := range records {
		r := &records[i]
		if r.MemberID != l.MemberID || r.TrainingID != l.TrainingID || !r.WithdrawnAt.IsZero() || r.Day.Before(first) {
			continue
		}
		switch r.State {
		case RecordDone:
			return LineDone, r
		case RecordPlanned:
			state, found = LineBooked, r
		}
	}
	return state, found
}

// PlanProgress is how far a plan is; dropped lines do not count. Money is whole yen.
type PlanProgress struct {
	Lines, Done, Booked, Late int
	Spent                     int // on what is done
	Promised                  int // for what is booked
	Open                      int // for what is only planned
	Minutes                   int // of all lines, where a record says it; else of the training
}

// Left is what of a budget is neither spent nor promised nor planned.
func (g PlanProgress) Left(budget int) int { return budget - g.Spent - g.Promised - g.Open }

// Progress adds up the lines of a plan. What a class costs once counts once for each
// training, with the first of: done, booked, planned.
func (p DevelopmentPlan) Progress(records []TrainingRecord, trainings []Training, today Date) (g PlanProgress) {
	minutes := map[string]int{}
	for _, t := range trainings {
		minutes[t.ID] = t.Minutes
	}
	paid := map[string]bool{}
	for _, wanted := range []LineState{LineDone, LineBooked, LinePlanned} {
		for _, l := range p.Lines {
			state, r := l.State(p.StartsOn, records)
			if state != wanted {
				continue
			}
			g.add(l, state, r, paid[l.TrainingID], minutes[l.TrainingID], today)
			paid[l.TrainingID] = true
		}
	}
	return g
}

func (g *PlanProgress) add(l PlanLine, state LineState, r *TrainingRecord, paid bool, minutes int, today Date) {
	cost, class := l.Cost, l.ClassCost
	if r != nil {
		cost, class, minutes = r.Cost, r.ClassCost, r.Minutes
	}
	if !paid {
		cost += class
	}
	g.Lines, g.Minutes = g.Lines+1, g.Minutes+minutes
	switch state {
	case LineDone:
		g.Done, g.Spent = g.Done+1, g.Spent+cost
	case LineBooked:
		g.Booked, g.Promised = g.Booked+1, g.Promised+cost
	default:
		g.Open += cost
	}
	if state != LineDone && l.Due.Before(today) {
		g.Late++
	}
}

// CanPlan tells whether a person may see the gaps of the department with what closing
// them costs, and make the plan: leads may.
func CanPlan(by Member) bool { return CanManage(by) }

// CanSeeLine tells whether a person may see a line of a plan: leads, and whom it is for.
func CanSeeLine(by Member, l PlanLine) bool { return CanSeeFigures(by, l.MemberID) }

// Stays tells whether somebody is still in the department on a day, by the leavings that
// are planned. Who does not is no holder in a plan up to that day.
func Stays(memberID string, absences []Absence, until Date) bool {
	for _, a := range absences {
		if a.MemberID == memberID && a.Kind == Leaving && !until.Before(a.StartsOn) {
			return false
		}
	}
	return true
}

// CanBeSent tells whether somebody can take a training between two days: nobody whose
// leaving is planned, at any time, and nobody who is away on each of the days.
func CanBeSent(memberID string, absences []Absence, from, until Date) bool {
	var own []Absence
	for _, a := range absences {
		if a.MemberID == memberID {
			if a.Kind == Leaving {
				return false
			}
			own = append(own, a)
		}
	}
	for day := from; !until.Before(day); day = day.AddDays(1) {
		there := true
		for _, a := range own {
			there = there && !a.Covers(day)
		}
		if there {
			return true
		}
	}
	return false
}
