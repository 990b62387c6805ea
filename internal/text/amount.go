package text

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// longestAmount is how many bytes a number that somebody typed has at most.
const longestAmount = 60

var (
	hoursAlone      = regexp.MustCompile(`^\d{1,5}(?:\.\d{1,3})?$`)
	hoursAndMinutes = regexp.MustCompile(`^(?:(\d{1,5}(?:\.\d{1,3})?) ?(?:時間|h|hours?|hrs?))? ?(?:(半)|(\d{1,5}) ?(?:分|m|mins?|minutes?))?$`)
	clock           = regexp.MustCompile(`^(\d{1,5}):([0-5]\d)$`)
	money           = regexp.MustCompile(`^(?:¥|\\|jpy ?)?(\d{1,12})(?:\.(\d{1,4}))? ?(万)? ?(?:円|yen|jpy)?$`)
)

// ParseMinutes reads a length of time as people write it and returns whole minutes: 1.5,
// 1時間半, 1:30, 90分, 16h; a number alone is hours. Full-width and kanji figures are fine.
func ParseMinutes(s string) (minutes int, ok bool) {
	s, ok = amount(s)
	if !ok {
		return 0, false
	}
	if hoursAlone.MatchString(s) {
		s += "h"
	}
	if m := clock.FindStringSubmatch(s); m != nil {
		return 60*number(m[1]) + number(m[2]), true
	}
	m := hoursAndMinutes.FindStringSubmatch(s)
	if m == nil || (m[1] == "" && m[2] == "" && m[3] == "") || (m[1] == "" && m[2] != "") {
		return 0, false
	}
	hours, _ := strconv.ParseFloat("0"+m[1], 64) // the pattern lets nothing else through
	minutes = int(math.Round(60*hours)) + number(m[3])
	if m[2] != "" {
		minutes += 30
	}
	return minutes, true
}

// ParseYen reads an amount of money in whole yen as people write it: 165000, ¥165,000,
// 16.5万円. Full-width and kanji figures are fine; a fraction of a yen is not.
func ParseYen(s string) (yen int, ok bool) {
	s, ok = amount(s)
	if !ok {
		return 0, false
	}
	m := money.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	fraction := m[2]
	if m[3] == "" {
		return number(m[1]), strings.Trim(fraction, "0") == ""
	}
	return 10_000*number(m[1]) + number((fraction + "0000")[:4]), true
}

// amount brings what somebody typed as a number into one form, without the signs that
// part thousands.
func amount(s string) (string, bool) {
	if s == "" || len(s) > longestAmount {
		return "", false
	}
	s = strings.TrimSpace(kanjiFigures(Fold(s)))
	s = strings.NewReplacer(",", "", "、", "", "，", "").Replace(s)
	return s, s != ""
}
