package team

import (
	"testing"
	"time"
)

func TestAHalfYearBeginsInAprilOrOctober(t *testing.T) {
	for _, test := range []struct{ day, first, last string }{
		{"2026-04-01", "2026-04-01", "2026-09-30"}, {"2026-09-30", "2026-04-01", "2026-09-30"},
		{"2026-10-01", "2026-10-01", "2027-03-31"}, {"2027-03-31", "2026-10-01", "2027-03-31"}, {"2028-02-29", "2027-10-01", "2028-03-31"},
	} {
		day, _ := ParseDate(test.day)
		if first, last := HalfYear(day); first.String() != test.first || last.String() != test.last {
			t.Errorf("%s: %s to %s", test.day, first, last)
		}
	}
}

func TestALineIsAsFarAsItsTrainingRecordSays(t *testing.T) {
	first := Date{2026, time.October, 1}
	line := PlanLine{MemberID: "ben", TrainingID: "dfir"}
	record := func(state RecordState, day Date) TrainingRecord {
		return TrainingRecord{MemberID: "ben", TrainingID: "dfir", State: state, Day: day}
	}
	withdrawn := record(RecordDone, first)
	withdrawn.WithdrawnAt = At(time.Unix(1, 0))
	other := record(RecordDone, first)
	other.MemberID = "chie"
	for _, test := range []struct {
		name    string
		dropped bool
		records []TrainingRecord
		want    LineState
	}{
		{"without a record it is planned", false, nil, LinePlanned},
		{"a day makes it booked", false, []TrainingRecord{record(RecordPlanned, first.AddDays(9))}, LineBooked},
		{"what took place is done, also when it is booked again", false, []TrainingRecord{record(RecordPlanned, first.AddDays(9)), record(RecordDone, first)}, LineDone},
		{"the half-year before does not count", false, []TrainingRecord{record(RecordDone, first.AddDays(-1))}, LinePlanned},
		{"nor what was called off, withdrawn or somebody else's", false, []TrainingRecord{record(RecordCancelled, first), withdrawn, other}, LinePlanned},
		{"what was dropped stays dropped", true, []TrainingRecord{record(RecordDone, first)}, LineDropped},
	} {
		line.Dropped = test.dropped
		if got, r := line.State(first, test.records); got != test.want || (r != nil) != (got == LineBooked || got == LineDone) {
			t.Errorf("%s: got %s with %v", test.name, got, r)
		}
	}
}

func TestAClassIsPaidOnceInAPlan(t *testing.T) {
	first := Date{2026, time.October, 1}
	p := DevelopmentPlan{StartsOn: first, Lines: []PlanLine{
		{MemberID: "ben", TrainingID: "inh", Cost: 20, ClassCost: 200, Due: first}, {MemberID: "chie", TrainingID: "inh", Cost: 20, ClassCost: 200, Due: first.AddDays(90)},
		{MemberID: "dai", TrainingID: "inh", Cost: 25, ClassCost: 200, Dropped: true}}}
	records := []TrainingRecord{{MemberID: "chie", TrainingID: "inh", State: RecordDone, Day: first, Cost: 30, ClassCost: 180, Minutes: 60}}
	got := p.Progress(records, []Training{{ID: "inh", Minutes: 90}}, first.AddDays(1))
	want := PlanProgress{Lines: 2, Done: 1, Late: 1, Spent: 210, Open: 20, Minutes: 150}
	if got != want || got.Left(500) != 270 {
		t.Errorf("got %+v, left %d", got, got.Left(500))
	}
}

func TestWhoIsAwayOrLeavesIsNotSent(t *testing.T) {
	from, until := Date{2026, time.November, 25}, Date{2027, time.March, 31}
	leave := func(from, to Date) Absence { return Absence{MemberID: "ben", Kind: Leave, StartsOn: from, EndsOn: to} }
	for _, test := range []struct {
		name        string
		absences    []Absence
		sent, stays bool
	}{
		{"somebody who is there", nil, true, true},
		{"a leave that leaves one day", []Absence{leave(from, until.AddDays(-1))}, true, true},
		{"a leave over all of it", []Absence{leave(from, until)}, false, true},
		{"two leaves that meet", []Absence{leave(from, from.AddDays(20)), leave(from.AddDays(21), until)}, false, true},
		{"a leaving within it", []Absence{{MemberID: "ben", Kind: Leaving, StartsOn: until}}, false, false},
		{"a leaving after it", []Absence{{MemberID: "ben", Kind: Leaving, StartsOn: until.AddDays(1)}}, false, true},
		{"somebody else's leaving", []Absence{{MemberID: "chie", Kind: Leaving, StartsOn: from}}, true, true},
	} {
		if got := CanBeSent("ben", test.absences, from, until); got != test.sent {
			t.Errorf("%s: sent %v", test.name, got)
		}
		if got := Stays("ben", test.absences, until); got != test.stays {
			t.Errorf("%s: stays %v", test.name, got)
		}
	}
}
