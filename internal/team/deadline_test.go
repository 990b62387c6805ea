package team

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func onDay(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDaysLeftAreDaysOfTheCalendar(t *testing.T) {
	for _, test := range []struct {
		name, today, on string
		want            int
	}{
		{"the day itself", "2027-03-31", "2027-03-31", 0},
		{"31 March to 1 April is one day", "2027-03-31", "2027-04-01", 1},
		{"the day after", "2027-04-01", "2027-03-31", -1},
		{"February of a leap year has its 29th", "2028-02-28", "2028-03-01", 2},
		{"February of another year has none", "2027-02-28", "2027-03-01", 1},
		{"a whole leap year", "2028-01-01", "2029-01-01", 366},
		{"over the change of clocks elsewhere", "2027-03-01", "2027-11-30", 274},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := (Deadline{On: onDay(t, test.on)}).DaysLeft(onDay(t, test.today)); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestADeadlineReachesItsStages(t *testing.T) {
	for _, test := range []struct {
		name, today, on string
		kind            DeadlineKind
		want            int
		none            bool
	}{
		{"181 days before: not yet", "2026-10-01", "2027-03-31", CertificateExpires, 0, true},
		{"180 days before 31 March", "2026-10-02", "2027-03-31", CertificateExpires, 180, false},
		{"91 days before", "2026-12-30", "2027-03-31", CertificateExpires, 180, false},
		{"90 days before", "2026-12-31", "2027-03-31", CertificateExpires, 90, false},
		{"30 days before", "2027-03-01", "2027-03-31", CertificateExpires, 30, false},
		{"7 days before", "2027-03-24", "2027-03-31", CertificateExpires, 7, false},
		{"on the day", "2027-03-31", "2027-03-31", CertificateExpires, 7, false},
		{"1 April is too late", "2027-04-01", "2027-03-31", CertificateExpires, 0, true},
		{"180 days before 29 February", "2027-09-02", "2028-02-29", CertificateExpires, 180, false},
		{"30 days before 1 March of a leap year", "2028-01-31", "2028-03-01", CertificateApplyBy, 30, false},
		{"30 days before 1 March of another year", "2027-01-30", "2027-03-01", CertificateApplyBy, 30, false},
		{"a training 90 days ahead is no news", "2026-12-31", "2027-03-31", TrainingPlanned, 0, true},
		{"a training 30 days ahead", "2027-03-01", "2027-03-31", TrainingPlanned, 30, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, reached := Deadline{Kind: test.kind, On: onDay(t, test.on)}.Stage(onDay(t, test.today))
			if got != test.want || reached == test.none {
				t.Errorf("got %d, %t; want %d, %t", got, reached, test.want, !test.none)
			}
		})
	}
}

func TestRemindersDue(t *testing.T) {
	expires := func(on string) Deadline {
		return Deadline{Kind: CertificateExpires, ObjectID: "cert", MemberID: "aoi", Title: "CISSP", On: onDay(t, on)}
	}
	told := func(on string, stages ...int) (list []Reminder) {
		for _, stage := range stages {
			list = append(list, Reminder{expires(on), stage})
		}
		return list
	}
	for _, test := range []struct {
		name, today string
		deadlines   []Deadline
		told        []Reminder
		want        []int
	}{
		{"nothing is near", "2026-01-01", []Deadline{expires("2027-03-31")}, nil, nil},
		{"the first stage", "2026-10-02", []Deadline{expires("2027-03-31")}, nil, []int{180}},
		{"a stage is told once", "2026-10-03", []Deadline{expires("2027-03-31")}, told("2027-03-31", 180), nil},
		{"the next stage", "2026-12-31", []Deadline{expires("2027-03-31")}, told("2027-03-31", 180), []int{90}},
		{"after a long stop only the most urgent stage", "2027-03-25", []Deadline{expires("2027-03-31")}, told("2027-03-31", 180), []int{7}},
		{"what is entered 20 days before is told at once", "2027-03-11", []Deadline{expires("2027-03-31")}, nil, []int{30}},
		{"what has passed is not mailed", "2027-04-01", []Deadline{expires("2027-03-31")}, told("2027-03-31", 180), nil},
		{"a renewal logged late is far away again", "2027-04-05", []Deadline{expires("2030-03-31")}, told("2027-03-31", 180, 90, 30, 7), nil},
		{"and starts anew for its new day", "2029-10-02", []Deadline{expires("2030-03-31")}, told("2027-03-31", 180, 90, 30, 7), []int{180}},
		{"a day that was moved back was told before", "2027-03-11", []Deadline{expires("2027-03-31")}, told("2027-03-31", 180, 30), nil},
		{"a clock that was set back tells nothing again", "2026-12-31", []Deadline{expires("2027-03-31")}, told("2027-03-31", 30), nil},
		{"the same thing twice is told once", "2027-03-24", []Deadline{expires("2027-03-31"), expires("2027-03-31")}, nil, []int{7}},
		{"two kinds of one certificate are two things", "2027-01-30",
			[]Deadline{expires("2027-03-31"), {Kind: CertificateApplyBy, ObjectID: "cert", MemberID: "aoi", Title: "CISSP", On: onDay(t, "2027-02-01")}}, nil, []int{7, 90}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []int
			for _, r := range RemindersDue(onDay(t, test.today), test.deadlines, test.told) {
				got = append(got, r.Stage)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Whatever days the program ran on, each stage of each deadline is told at most once,
// the stages only become more urgent, and running on the last day tells of it.
func TestHoweverTheDaysAreCutNothingIsToldTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := Date{2027, time.January, 1}.AddDays(rapid.IntRange(0, 1500).Draw(t, "start"))
		var deadlines []Deadline
		for i := range rapid.IntRange(1, 6).Draw(t, "deadlines") {
			deadlines = append(deadlines, Deadline{Kind: rapid.SampledFrom(DeadlineKinds).Draw(t, "kind"), ObjectID: fmt.Sprint(i), MemberID: "aoi",
				On: start.AddDays(rapid.IntRange(0, 400).Draw(t, "days"))})
		}
		var told []Reminder
		last := map[Deadline]int{}
		for day := range 401 {
			if rapid.IntRange(0, 9).Draw(t, "runs") > 0 && day < 400 {
				continue
			}
			today := start.AddDays(day)
			for _, r := range RemindersDue(today, deadlines, told) {
				if before, any := last[r.Deadline]; any && r.Stage >= before {
					t.Fatalf("%v: stage %d after %d", r.Deadline, r.Stage, before)
				}
				if left := r.DaysLeft(today); left < 0 || left > r.Stage {
					t.Fatalf("%v: stage %d with %d days left", r.Deadline, r.Stage, left)
				}
				last[r.Deadline] = r.Stage
				told = append(told, r)
			}
			for _, d := range deadlines {
				if stage, reached := d.Stage(today); reached && last[d] != stage {
					t.Fatalf("%v: at %d, told %d", d, stage, last[d])
				}
			}
		}
	})
}

func TestDeadlinesAreForThePersonAndLeads(t *testing.T) {
	aoi := Member{ID: "aoi", Role: RoleMember, Active: true}
	for _, test := range []struct {
		name string
		by   Member
		want bool
	}{
		{"the person", aoi, true},
		{"the person who may only look", Member{ID: "aoi", Role: RoleViewer, Active: true}, true},
		{"a colleague", Member{ID: "ben", Role: RoleMember, Active: true}, false},
		{"a lead", Member{ID: "lead", Role: RoleLead, Active: true}, true},
		{"the person after they left", Member{ID: "aoi", Role: RoleMember}, false},
		{"nobody", Member{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := CanSeeDeadlines(test.by, "aoi"); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
