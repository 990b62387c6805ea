package text

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestDate is how many runes a date has at most, weekday and time included.
const longestDate = 48

// ParseDate reads a day as people and spreadsheets write it: 2026年4月1日,
// 令和8年4月1日, R8.4.1, 2026/4/1, '26/4/1, 20260401, 1 April 2026, Excel's 46113;
// full-width and kanji figures, a weekday and a time may be there. A day without
// year lies in the fiscal year (April to March) of the given time. Days that do not
// exist and words like 来週 are refused.
func ParseDate(s string, fiscalYearOf time.Time) (year, month, day int, ok bool) {
	if len(s) > 4*longestDate {
		return 0, 0, 0, false
	}
	s = kanjiFigures(Fold(s))
	s = strings.TrimSpace(timeOfDay.ReplaceAllString(s, "$1"))
	s = strings.TrimSpace(weekday.ReplaceAllString(s, ""))
	for _, p := range datePatterns {
		m := p.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		year, month, day = p.read(m[1:], fiscalYearOf)
		if exists(year, month, day) {
			return year, month, day, true
		}
		return 0, 0, 0, false
	}
	return 0, 0, 0, false
}

// exists tells whether the calendar has the day.
func exists(year, month, day int) bool {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return year > 0 && month > 0 && day > 0 && t.Year() == year && int(t.Month()) == month && t.Day() == day
}

const (
	monthNames = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`
	monthWords = "janfebmaraprmayjunjulaugsepoctnovdec"
)

var (
	timeOfDay = regexp.MustCompile(`(?:[ t]|([日)]))(?:\s?(?:午前|午後|am|pm))?\s?\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?|時(?:\d{1,2}分|半)?)\s?(?:am|pm|z|jst|utc|gmt|頃|ごろ)?(?:\s?[+-]\d{2}:?\d{2})?(?:\s?\([a-z]+\))?$`)
	weekday   = regexp.MustCompile(`\s?[(\[]?(?:[月火水木金土日](?:曜日?)?|mon|tue|wed|thu|fri|sat|sun)[)\]]$|\s[月火水木金土日]曜日?$|^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? `)
)

// datePattern is one way to write a day; read gets what its groups matched.
type datePattern struct {
	pattern *regexp.Regexp
	read    func(m []string, now time.Time) (year, month, day int)
}

// datePatterns are tried in this order on folded text.
var datePatterns = []datePattern{
	{regexp.MustCompile(`^(令和|平成|昭和|大正|明治|[rhstm])\s?\.?(元|\d{1,2})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})\s?日?$`), readEra},
	{regexp.MustCompile(`^(\d{4})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})\s?日?$`), readYMD},
	{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`), readYMD},
	{regexp.MustCompile(`^'(\d{2})[年./-](\d{1,2})[月./-](\d{1,2})日?$`), readShort},
	{regexp.MustCompile(`^(1[3-9]|[2-9]\d)[年./-](\d{1,2})[月./-](\d{1,2})日?$`), readShort}, // up to 12 it may be a month
	{regexp.MustCompile(`^(\d{5})(?:\.\d+)?$`), readSerial},
	{regexp.MustCompile(`^(\d{1,2})\s?[月/]\s?(\d{1,2})\s?日?$`), func(m []string, now time.Time) (int, int, int) {
		return inFiscalYear(number(m[0]), number(m[1]), now)
	}},
	{regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?[ -]` + monthNames + `(?:,?[ -](\d{4}|'?\d{2}))?$`), func(m []string, now time.Time) (int, int, int) {
		return readEnglish(m[2], m[1], m[0], now)
	}},
	{regexp.MustCompile(`^` + monthNames + ` (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$`), func(m []string, now time.Time) (int, int, int) {
		return readEnglish(m[2], m[0], m[1], now)
	}},
}

func readYMD(m []string, _ time.Time) (int, int, int) {
	return number(m[0]), number(m[1]), number(m[2])
}

func readShort(m []string, _ time.Time) (int, int, int) {
	return 2000 + number(m[0]), number(m[1]), number(m[2])
}

// eras gives the year before each era's first.
var eras = map[string]int{"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925, "大正": 1911, "t": 1911, "明治": 1867, "m": 1867}

func readEra(m []string, _ time.Time) (int, int, int) {
	year := 1
	if m[1] != "元" {
		year = number(m[1])
	}
	if year == 0 {
		return 0, 0, 0
	}
	return eras[m[0]] + year, number(m[2]), number(m[3])
}

// readSerial reads a cell of Excel that lost its format: days since the end of 1899.
// Numbers outside 1954 to 2119 are more likely something else.
func readSerial(m []string, _ time.Time) (int, int, int) {
	days := number(m[0])
	if days < 20000 || days > 80000 {
		return 0, 0, 0
	}
	t := time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC)
	return t.Year(), int(t.Month()), t.Day()
}

func readEnglish(year, month, day string, now time.Time) (int, int, int) {
	m := strings.Index(monthWords, month)/3 + 1
	year = strings.TrimPrefix(year, "'")
	switch len(year) {
	case 0:
		return inFiscalYear(m, number(day), now)
	case 2:
		return 2000 + number(year), m, number(day)
	}
	return number(year), m, number(day)
}

// inFiscalYear puts a day of a year that nobody wrote into now's fiscal year.
func inFiscalYear(month, day int, now time.Time) (int, int, int) {
	const first = 4
	year := now.Year()
	if int(now.Month()) < first {
		year--
	}
	if month < first {
		year++
	}
	return year, month, day
}

// number reads figures that a pattern has matched, so there is no error to expect.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

var kanjiNumber = regexp.MustCompile(`[〇一二三四五六七八九十]+`)

// kanjiFigures writes kanji numbers up to 99, and years figure by figure, as figures.
func kanjiFigures(s string) string {
	return kanjiNumber.ReplaceAllStringFunc(s, func(k string) string {
		before, after, tens := strings.Cut(k, "十")
		if !tens {
			return figures(k)
		}
		if before == "" {
			before = "一"
		}
		if after == "" {
			after = "〇"
		}
		return figures(before + after)
	})
}

// figures replaces each kanji figure by its Arabic one; 十 left over is no number.
func figures(k string) string {
	var b strings.Builder
	for _, r := range k {
		if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
			b.WriteByte(byte('0' + i/len("〇")))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
