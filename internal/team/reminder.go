package team

import "slices"

// Shown returns the stage under which a deadline stands in the person's list on the
// pages, and whether it stands there: within SoonAhead days, and for OverdueShown days
// after it has passed, at stage -1. A training that is over needs nothing any more.
func (d Deadline) Shown(today Date) (stage int, shown bool) {
	left := d.DaysLeft(today)
	if left < 0 {
		return -1, d.Kind != TrainingPlanned && left >= -OverdueShown
	}
	stage, reached := d.Stage(today)
	return stage, reached && left <= SoonAhead
}

// DeadlinesShown returns what stands in a person's list, the nearest day first.
// What they put aside stays away until its next stage or another day.
func DeadlinesShown(today Date, deadlines []Deadline, aside []Reminder) []Deadline {
	done := map[reminded]int{}
	for _, r := range aside {
		done[r.reminded()] = r.Stage
	}
	var list []Deadline
	for _, d := range deadlines {
		stage, shown := d.Shown(today)
		if put, away := done[d.reminded()]; shown && !(away && put <= stage) {
			list = append(list, d)
		}
	}
	SortDeadlines(list)
	return list
}

// Digest is one mail to one person with everything that is due for them.
type Digest struct {
	ID        string     `db:"id"`
	Member    Member     `db:"-"`
	Reminders []Reminder `db:"-"`
	CreatedAt Stamp      `db:"created_at"`
	Attempts  int        `db:"attempts"` // this one included
}

// DigestOutcome says how sending a digest went.
type DigestOutcome string

// The outcomes of sending a digest.
const (
	// DigestSent: the mail server took it over.
	DigestSent DigestOutcome = "sent"
	// DigestFailed: it was certainly not taken over.
	DigestFailed DigestOutcome = "failed"
	// DigestUnclear: the whole mail was handed over and no answer came.
	DigestUnclear DigestOutcome = "unclear"
)

// DigestProblem is a mail that did not go out, as administrators see it.
type DigestProblem struct {
	MemberID string        `db:"member_id"`
	State    DigestOutcome `db:"state"`
	Problem  string        `db:"problem"` // the kind of fault, as the mail package names it
	At       Stamp         `db:"ended_at"`
}

// Job is one kind of periodic work with how it went last.
type Job struct {
	Name      string `db:"name"`
	Holder    string `db:"holder"` // the process that is at it, "" for none
	HeldUntil Stamp  `db:"held_until"`
	StartedAt Stamp  `db:"started_at"`
	EndedAt   Stamp  `db:"ended_at"`
	Outcome   string `db:"outcome"` // "" before the first end, "done" or "failed"
	Done      int    `db:"done"`
	Failed    int    `db:"failed"`
}

// Calendar tells of a person's secret calendar address, without the address.
type Calendar struct {
	CreatedAt Stamp `db:"created_at"`
	UsedAt    Stamp `db:"used_at"` // when a calendar program last asked
}

// CalendarEvent is a deadline with how often, and when last, it was changed. Kind,
// ObjectID, Part and Nth name it for good; its day can move.
type CalendarEvent struct {
	Deadline
	Nth       int   `db:"nth"` // among those of the same name, by day
	Sequence  int   `db:"sequence"`
	ChangedAt Stamp `db:"changed_at"`
}

// Calendared returns deadlines as events by day. One that is as it was noted keeps its
// revision and the moment of it; any other has the next revision, and was changed now.
func Calendared(deadlines []Deadline, noted []CalendarEvent, now Stamp) (events []CalendarEvent) {
	type name struct {
		kind           DeadlineKind
		objectID, part string
		nth            int
	}
	before := map[name]CalendarEvent{}
	for _, e := range noted {
		before[name{e.Kind, e.ObjectID, e.Part, e.Nth}] = e
	}
	count := map[name]int{}
	for _, d := range slices.Compact(SortDeadlines(slices.Clone(deadlines))) {
		n := name{kind: d.Kind, objectID: d.ObjectID, part: d.Part}
		n.nth, count[n] = count[n], count[n]+1
		e, known := before[n]
		if known && e.Deadline != d {
			e = CalendarEvent{Deadline: d, Nth: n.nth, Sequence: e.Sequence + 1, ChangedAt: now}
		}
		if !known {
			e = CalendarEvent{Deadline: d, Nth: n.nth, ChangedAt: now}
		}
		events = append(events, e)
	}
	return events
}

// CanLookAfterProgram tells whether a person may see how periodic work and mail are doing.
func CanLookAfterProgram(by Member) bool { return by.is(RoleAdmin) }
