package i18n

import "time"

var weekdays = [...]string{"日", "月", "火", "水", "木", "金", "土"}

// Weekday returns the weekday of a moment as one Japanese letter.
func Weekday(t time.Time) string { return weekdays[t.Weekday()] }

// Day writes the day of a moment in its own zone: 2026年11月23日（月）, or 23 Nov 2026.
func Day(language string, t time.Time) string {
	if language == "en" {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2006年1月2日（") + Weekday(t) + "）"
}
