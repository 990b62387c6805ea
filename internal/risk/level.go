package risk

import "tasuki/internal/team"

// Record is one statement that somebody has a level in a skill.
type Record struct {
	Level   int
	From    team.Date // the first day on which it holds; no date: ever since
	To      team.Date // the last day, included; no date: without end
	Revoked team.Date // the day from which it does not count any more; no date: never
}

// Holds tells whether the record counts on a day.
func (r Record) Holds(on team.Date) bool {
	return (r.From.IsZero() || !on.Before(r.From)) && (r.To.IsZero() || !r.To.Before(on)) &&
		(r.Revoked.IsZero() || on.Before(r.Revoked))
}

// DefaultPeriod is after how many days without use a level asks for review.
const DefaultPeriod = 365

// LevelOn returns the highest level among the records that count on a day, so that
// a lower one that is valid counts where a higher one has expired. Without any it is
// NotAssessed.
func LevelOn(records []Record, on team.Date) int {
	best := NotAssessed
	for _, r := range records {
		if r.Holds(on) {
			best = max(best, r.Level)
		}
	}
	return best
}

// Decayed returns what a level may have become on a day when it was last used on
// another: one less for each full period without use, never below 0. It is the
// pessimistic view, which asks for review; no record is changed by it.
func Decayed(level int, lastUse, on team.Date, period int) int {
	if level == NotAssessed || lastUse.IsZero() || period <= 0 || on.Before(lastUse) {
		return level
	}
	return max(0, level-days(lastUse, on)/period)
}

// days returns how many days there are from one day to another.
func days(from, to team.Date) int { return int(to.Time().Sub(from.Time()).Hours()) / 24 }
