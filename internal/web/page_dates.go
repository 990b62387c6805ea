package web

import (
	"time"

	"tasuki/internal/i18n"
	"tasuki/internal/team"
)

// Date writes a day: 2026年11月23日（月）, or 23 Nov 2026. No day is "".
func (p page) Date(d team.Date) string {
	if d.IsZero() {
		return ""
	}
	return i18n.Day(p.Language, d.Time())
}

// Time writes a moment in the zone of the page: 11/23（月）15:30, or 23 Nov 15:30;
// with the year when it is another one than now's. Not yet is "".
func (p page) Time(s team.Stamp) string {
	if s.IsZero() {
		return ""
	}
	t := s.In(p.look.zone)
	sameYear := t.Year() == p.look.now().In(p.look.zone).Year()
	switch {
	case p.Language == "en" && sameYear:
		return t.Format("2 Jan 15:04")
	case p.Language == "en":
		return t.Format("2 Jan 2006 15:04")
	case sameYear:
		return t.Format("1/2（") + i18n.Weekday(t) + t.Format("）15:04")
	}
	return t.Format("2006/1/2（") + i18n.Weekday(t) + t.Format("）15:04")
}

// Day writes the day of a moment in the zone of the page.
func (p page) Day(s team.Stamp) string {
	if s.IsZero() {
		return ""
	}
	return p.Date(team.DateOf(s.In(p.look.zone)))
}

// Ago writes how long ago a moment was, up to a week; before that it is the day.
// Show the exact time beside it or in a title.
func (p page) Ago(s team.Stamp) string {
	if s.IsZero() {
		return ""
	}
	now := p.look.now()
	gone := now.Sub(s.Time)
	days := daysBetween(s.In(p.look.zone), now.In(p.look.zone))
	switch {
	case gone < time.Minute:
		return p.T("common.just_now")
	case gone < time.Hour:
		return p.T("common.minutes_ago", "Count", int(gone/time.Minute))
	case days == 0:
		return p.T("common.hours_ago", "Count", int(gone/time.Hour))
	case days == 1:
		return p.T("common.yesterday")
	case days < 7:
		return p.T("common.days_ago", "Count", days)
	}
	return p.Day(s)
}

// daysBetween counts calendar days from a to b.
func daysBetween(a, b time.Time) int {
	return team.DateOf(a).DaysTo(team.DateOf(b))
}

// Machine writes a moment for the datetime attribute of <time>.
func (p page) Machine(s team.Stamp) string {
	if s.IsZero() {
		return ""
	}
	return s.In(p.look.zone).Format(time.RFC3339)
}
