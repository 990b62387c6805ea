package team

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day without a time or a zone. The zero Date means "none" and is NULL
// in the database.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-11-24"; an empty text is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: %w", s, err)
	}
	return DateOf(t), nil
}

// IsZero tells whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Before tells whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Time().Before(other.Time()) }

// DaysTo counts the days from d to another day; negative where that is earlier.
func (d Date) DaysTo(other Date) int {
	return int(other.Time().Sub(d.Time()) / (24 * time.Hour))
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later, or that month's last day where
// the month is shorter.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// String returns "2026-11-24", or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// Value stores the ISO form, NULL for no date.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a DATE column of either database.
func (d *Date) Scan(src any) (err error) {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = DateOf(v.UTC())
	case string:
		*d, err = ParseDate(v[:min(len(v), len(time.DateOnly))])
	case []byte:
		return d.Scan(string(v))
	default:
		err = fmt.Errorf("date from %T", src)
	}
	return err
}

// Stamp is a moment, kept in UTC at the microseconds that both databases can
// hold. The zero Stamp means "not yet" and is NULL in the database.
type Stamp struct{ time.Time }

// At returns t as a Stamp.
func At(t time.Time) Stamp {
	if t.IsZero() {
		return Stamp{}
	}
	return Stamp{t.UTC().Truncate(time.Microsecond)}
}

// Value stores UTC, because PostgreSQL drops the zone of a TIMESTAMP without converting.
func (s Stamp) Value() (driver.Value, error) {
	if s.IsZero() {
		return nil, nil
	}
	return s.UTC().Truncate(time.Microsecond), nil
}

// stampLayouts are the texts in which SQLite gives back a moment that an
// expression (MAX and the like) computed.
var stampLayouts = []string{"2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05.999999999", time.RFC3339Nano,
	"2006-01-02 15:04:05.999999999 -0700 MST"}

// Scan reads a TIMESTAMP column or an expression over one.
func (s *Stamp) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = Stamp{}
		return nil
	case time.Time:
		*s = At(v)
		return nil
	case []byte:
		return s.Scan(string(v))
	case string:
		for _, layout := range stampLayouts {
			if t, err := time.Parse(layout, v); err == nil {
				*s = At(t)
				return nil
			}
		}
		return fmt.Errorf("moment from %q", v)
	}
	return fmt.Errorf("moment from %T", src)
}
