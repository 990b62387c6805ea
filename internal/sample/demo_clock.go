package sample

import (
	"slices"
	"time"

	"tasuki/internal/team"
)

// japan has had no summer time since 1951, so a fixed offset needs no zone files.
var japan = time.FixedZone("JST", 9*60*60)

// shifts are the working hours of a day, in minutes after midnight.
var shifts = [][2]int{{9 * 60, 12 * 60}, {13 * 60, 17*60 + 30}}

// workday tells whether people are in the office: not at weekends, not on
// national holidays, not from 29 December to 3 January.
func workday(d team.Date) bool {
	switch d.Time().Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	newYear := d.Month == time.December && d.Day >= 29 || d.Month == time.January && d.Day <= 3
	return !newYear && !holiday(d) && !substitute(d)
}

// holidays are the national holidays of Japan on fixed days; mondays those on the
// n-th Monday of a month.
var (
	holidays = map[time.Month][]int{time.January: {1}, time.February: {11, 23}, time.April: {29}, time.May: {3, 4, 5}, time.August: {11}, time.November: {3, 23}}
	mondays  = map[time.Month]int{time.January: 2, time.July: 3, time.September: 3, time.October: 2}
)

// holiday tells whether a day is a national holiday by its own name. The equinoxes
// follow the usual approximation, which holds until 2099.
func holiday(d team.Date) bool {
	if n := mondays[d.Month]; n > 0 && d.Time().Weekday() == time.Monday && (d.Day+6)/7 == n {
		return true
	}
	years := d.Year - 1980
	switch drift := 0.242194*float64(years) - float64(years/4); d.Month {
	case time.March:
		return d.Day == int(20.8431+drift)
	case time.September:
		return d.Day == int(23.2488+drift)
	}
	return slices.Contains(holidays[d.Month], d.Day)
}

// substitute tells whether a day is off because a holiday fell on a Sunday before
// it, or because it lies between two holidays.
func substitute(d team.Date) bool {
	for before := d.AddDays(-1); holiday(before); before = before.AddDays(-1) {
		if before.Time().Weekday() == time.Sunday {
			return true
		}
	}
	return holiday(d.AddDays(-1)) && holiday(d.AddDays(1))
}

// workdays lists the working days from a day up to, not including, another.
func workdays(from, until team.Date) (list []team.Date) {
	for d := from; d.Before(until); d = d.AddDays(1) {
		if workday(d) {
			list = append(list, d)
		}
	}
	return list
}

// workdayBefore returns the n-th working day before d.
func workdayBefore(d team.Date, n int) team.Date {
	for n > 0 {
		if d = d.AddDays(-1); workday(d) {
			n--
		}
	}
	return d
}

// at returns the moment so many minutes after midnight of a day in Japan.
func at(d team.Date, minutes int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, minutes, 0, 0, japan)
}

// addWork returns the moment when so much working time has passed since t.
func addWork(t time.Time, work time.Duration) time.Time {
	for d := team.DateOf(t.In(japan)); ; d = d.AddDays(1) {
		if !workday(d) {
			continue
		}
		for _, s := range shifts {
			from, until := later(t, at(d, s[0])), at(d, s[1])
			if open := until.Sub(from); open >= work && open > 0 {
				return from.Add(work)
			} else if open > 0 {
				work -= open
			}
		}
	}
}

// workBetween returns the working time from one moment to another.
func workBetween(a, b time.Time) (sum time.Duration) {
	for _, d := range workdays(team.DateOf(a.In(japan)), team.DateOf(b.In(japan)).AddDays(1)) {
		for _, s := range shifts {
			from, until := later(a, at(d, s[0])), at(d, s[1])
			if b.Before(until) {
				until = b
			}
			sum += max(0, until.Sub(from))
		}
	}
	return sum
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
