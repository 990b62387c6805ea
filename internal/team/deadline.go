package team

import (
	"cmp"
	"slices"
)

// DeadlineKind says what has to be done, or happens, by a day.
type DeadlineKind string

// The kinds of deadline.
const (
	// CertificateExpires: On is the last day on which the certificate is valid.
	CertificateExpires DeadlineKind = "certificate_expires"
	// CertificateApplyBy: On is the last day on which its renewal can be applied for.
	CertificateApplyBy DeadlineKind = "certificate_apply_by"
	// CreditsDue: On is the last day on which credits count for the year or cycle.
	CreditsDue DeadlineKind = "credits_due"
	// TrainingPlanned: On is the day of a training that somebody is going to.
	TrainingPlanned DeadlineKind = "training_planned"
)

// DeadlineKinds lists the kinds of deadline.
var DeadlineKinds = []DeadlineKind{CertificateExpires, CertificateApplyBy, CreditsDue, TrainingPlanned}

// Deadline is a day that matters to a member. ObjectID is the certificate or the
// training record that it comes from; together with the kind and the part it stays the
// same when the day moves.
type Deadline struct {
	Kind     DeadlineKind `db:"kind"`
	ObjectID string       `db:"object_id"`
	MemberID string       `db:"member_id"`
	Part     string       `db:"part"` // of the object, where several have a day: a course of a certificate; else ""
	Title    string       `db:"title"`
	TitleEn  string       `db:"title_en"` // "" where there is none
	On       Date         `db:"on_day"`
}

// DisplayTitle returns the title in a language, as far as there is one.
func (d Deadline) DisplayTitle(language string) string {
	if language == "en" && d.TitleEn != "" {
		return d.TitleEn
	}
	return d.Title
}

// DaysLeft counts the days from today to the deadline: 0 on the day, negative afterwards.
func (d Deadline) DaysLeft(today Date) int {
	return today.DaysTo(d.On)
}

// How many days before a deadline people are told of it. A training that is planned
// needs no half a year of warning, only the time to prepare and to travel.
var (
	reminderStages = []int{7, 30, 90, 180}
	trainingStages = []int{7, 30}
)

// How far ahead reminders look, and how long the pages go on showing what has passed,
// in days.
const (
	RemindAhead  = 180
	SoonAhead    = 90
	OverdueShown = 30
)

// Stage returns the most urgent stage that a deadline has reached, in days before it,
// and whether it has reached any. A day that has passed has none: a mail could only
// tell what the person knows, or what was entered late; the pages show it.
func (d Deadline) Stage(today Date) (int, bool) {
	stages := reminderStages
	if d.Kind == TrainingPlanned {
		stages = trainingStages
	}
	left := d.DaysLeft(today)
	if left < 0 {
		return 0, false
	}
	for _, stage := range stages {
		if left <= stage {
			return stage, true
		}
	}
	return 0, false
}

// Reminder is a stage of a deadline that a member is told of once. A deadline whose
// day moves is a new one, so that a renewal that was logged late starts again.
type Reminder struct {
	Deadline
	Stage int `db:"stage"`
}

// Same tells whether two reminders are of the same stage of the same deadline.
func (r Reminder) Same(other Reminder) bool {
	return r.Stage == other.Stage && r.reminded() == other.reminded()
}

// reminded names what was told, without the words it was told in.
type reminded struct {
	kind                     DeadlineKind
	objectID, part, memberID string
	on                       Date
}

func (d Deadline) reminded() reminded {
	return reminded{d.Kind, d.ObjectID, d.Part, d.MemberID, d.On}
}

// RemindersDue returns what is to be told today, the nearest day first: of every
// deadline its most urgent stage, unless that or a more urgent one was told before.
// Stages that were missed (the program was down, or the thing was entered late) are
// not told after the fact: the one that counts today stands for them.
func RemindersDue(today Date, deadlines []Deadline, told []Reminder) []Reminder {
	done := map[reminded]int{} // the most urgent stage that was told
	for _, r := range told {
		if stage, before := done[r.reminded()]; !before || r.Stage < stage {
			done[r.reminded()] = r.Stage
		}
	}
	var due []Reminder
	for _, d := range deadlines {
		stage, reached := d.Stage(today)
		if !reached {
			continue
		}
		if before, told := done[d.reminded()]; told && before <= stage {
			continue
		}
		done[d.reminded()] = stage // the same deadline twice is told once
		due = append(due, Reminder{d, stage})
	}
	slices.SortStableFunc(due, func(a, b Reminder) int { return CompareDeadlines(a.Deadline, b.Deadline) })
	return due
}

// SortDeadlines puts deadlines in the order of CompareDeadlines, in place, and returns them.
func SortDeadlines(list []Deadline) []Deadline {
	slices.SortStableFunc(list, CompareDeadlines)
	return list
}

// CompareDeadlines orders by day, then by what is to be done, then by name.
func CompareDeadlines(a, b Deadline) int {
	return cmp.Or(a.On.Time().Compare(b.On.Time()), cmp.Compare(slices.Index(DeadlineKinds, a.Kind), slices.Index(DeadlineKinds, b.Kind)),
		cmp.Compare(a.Title, b.Title), cmp.Compare(a.MemberID, b.MemberID), cmp.Compare(a.ObjectID, b.ObjectID))
}

// CanSeeDeadlines tells whether a person may see somebody's deadlines: the person and
// leads.
func CanSeeDeadlines(by Member, memberID string) bool {
	return CanManage(by) || (CanRead(by) && by.ID != "" && by.ID == memberID)
}
