package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// today is a day in the middle of a month, in the middle of a week.
var today = time.Date(2026, 11, 25, 10, 30, 0, 0, japan)

func TestTheFifteenAnswersThatWereGivenAreKeptWordForWord(t *testing.T) {
	sum := sha256.New()
	for _, q := range readQuestions()[:15] {
		parts := append([]string{q.ID, q.Topic, q.FromName, q.Channel, q.Subject, q.Body}, q.Variants...)
		parts = append(append(append(parts, q.Decision, q.Short, q.Why, q.Pros, q.Cons), q.Steps...), q.Alternative, q.Due)
		parts = append(append(parts, q.Rule...), fmt.Sprint(q.ReviewMonths))
		fmt.Fprintln(sum, strings.Join(parts, "\n"))
	}
	if got, want := hex.EncodeToString(sum.Sum(nil)), "cb90d861578a4170dcb196424fdb1e977c425d969faded23ac4698093acf1dce"; got != want {
		t.Errorf("the text has changed: got %s, want %s", got, want)
	}
}

var stockPhrases = regexp.MustCompile(`社内規程により|セキュリティ上必要|禁止されて(いる|います)|決まって(いる|います)|周知済み`)

func TestEveryAnswerReadsAsTheGuideAsks(t *testing.T) {
	questions := readQuestions()
	if len(questions) != 40 {
		t.Fatalf("got %d questions, want 40", len(questions))
	}
	for _, q := range questions {
		t.Run(q.ID, func(t *testing.T) {
			within(t, "characters of the short answer", text.Runes(q.Short), 10, 60)
			within(t, "characters of the reason without stock phrases", text.Runes(stockPhrases.ReplaceAllString(q.Why, "")), 20, 120)
			within(t, "steps", len(q.Steps), 2, 4)
			within(t, "paraphrases", len(q.Variants), 3, 3)
			within(t, "keywords", len(q.Keywords), 2, 5)
			if (q.Decision == "no" || q.Decision == "conditional") && q.Alternative == "" {
				t.Error("there is no other way")
			}
			if a := q.answer(); a.Due != "" && a.DueReason == "" {
				t.Error("the day has no reason")
			}
			all := strings.Join(append([]string{q.Short, q.Why, q.Pros, q.Cons, q.Alternative, q.Due}, q.Steps...), "")
			within(t, "characters of the answer", text.Runes(all), 235, 373)
			checkSentences(t, q)
		})
	}
}

func checkSentences(t *testing.T, q question) {
	t.Helper()
	var count, runes int
	for _, box := range append([]string{q.Short, q.Why, q.Pros, q.Cons, q.Alternative, q.Due}, q.Steps...) {
		for _, s := range strings.SplitAfter(box, "。") {
			if n := text.Runes(s); n > 0 {
				count, runes = count+1, runes+n
				if n > 60 || strings.Count(s, "、") > 3 {
					t.Errorf("a long sentence: %s", s)
				}
			}
		}
	}
	if mean := float64(runes) / float64(count); mean > 27 {
		t.Errorf("sentences have %.1f characters on average, want 27 at most", mean)
	}
}

func within(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: got %d, want %d to %d", what, got, low, high)
	}
}

// hardWords finds abbreviations and long katakana words, which the field may not know.
var hardWords = regexp.MustCompile(`[A-Z]{2,}|[ァ-ヶー]{8,}`)

func TestHardWordsAreFewAndKnownToTheField(t *testing.T) {
	known := []string{"USB", "ZIP", "AI", "GPT", "ID", "LAN", "VPN", "OS", "PCI", "DSS"}
	for _, q := range readQuestions() {
		all := strings.Join(append([]string{q.Short, q.Why, q.Pros, q.Cons, q.Alternative, q.Due}, q.Steps...), "\n")
		for _, word := range hardWords.FindAllString(all, -1) {
			if !slices.Contains(known, word) {
				t.Errorf("%s uses %s", q.ID, word)
			}
		}
	}
}

var ruleForm = regexp.MustCompile(`^R-(0[1-9]|1[0-2]) \S+ルール( 第\d章|（.+）)$`)

func TestRulesAreNamedAlikeEverywhere(t *testing.T) {
	names := map[string]map[string]bool{}
	for _, q := range readQuestions() {
		for _, rule := range q.Rule {
			if !ruleForm.MatchString(rule) {
				t.Errorf("%s: %q", q.ID, rule)
			}
			code, name, _ := strings.Cut(rule, " ")
			name, _, _ = strings.Cut(name, "（")
			if names[code] == nil {
				names[code] = map[string]bool{}
			}
			names[code][strings.Fields(name)[0]] = true
		}
	}
	for code, different := range names {
		// The given answers call the second rule by two names.
		if len(different) > 1 && code != "R-02" {
			t.Errorf("%s has the names %v", code, different)
		}
	}
	if len(names) != 12 {
		t.Errorf("got %d rules, want 12", len(names))
	}
}

// The paraphrases test the search: neither search words chosen with them in view
// nor the questions of the year may give them away.
func TestParaphrasesStandNowhereInTheDemo(t *testing.T) {
	list := Paraphrases()
	if len(list) != 120 {
		t.Fatalf("got %d paraphrases, want 120", len(list))
	}
	var all strings.Builder
	c := Demo(today)
	for _, a := range c.Articles {
		fmt.Fprintln(&all, a.Title, a.Keywords, a.Wordings)
	}
	for _, x := range c.Consultations {
		fmt.Fprintln(&all, x.Subject, x.Text)
	}
	text := all.String()
	for _, p := range list {
		if strings.Contains(text, p.Text) {
			t.Errorf("%s: %q is in the demo", p.Question, p.Text)
		}
	}
}

func TestKeywordsOfTheFifteenOnlyRepeatTheirOwnText(t *testing.T) {
	for _, q := range readQuestions()[:15] {
		own := strings.Join(append([]string{q.Subject, q.Body, q.Short, q.Why, q.Pros, q.Cons, q.Alternative, q.Due, q.Topic}, q.Steps...), "\n")
		for _, k := range q.Keywords {
			if !strings.Contains(own, k) {
				t.Errorf("%s: %s", q.ID, k)
			}
		}
	}
}

func TestSubjectsOfAsksAreDifferent(t *testing.T) {
	seen := map[string]string{}
	for id, list := range read[map[string][]ask](asksJSON) {
		for _, a := range list {
			if other := seen[a.Subject]; other != "" {
				t.Errorf("%s and %s share %q", id, other, a.Subject)
			}
			seen[a.Subject] = id
		}
	}
}

func TestWithoutGreeting(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a greeting and a name go", "お世話になっております。\n製造部の大野です。\n図面を渡したいです。", "図面を渡したいです。"},
		{"a name before a greeting goes", "営業部の三浦です。お疲れさまです。\n録画したいです。", "録画したいです。"},
		{"a section is a name as well", "営業企画の中山です。使ってもよいですか。", "使ってもよいですか。"},
		{"a sentence that only begins like a name stays", "総務部の棚にあるものです。", "総務部の棚にあるものです。"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := withoutGreeting(c.body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWorkingTime(t *testing.T) {
	moment := func(s string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04", s, japan)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		name, from string
		work       time.Duration
		want       string
	}{
		{"lunch does not count", "2026-11-25 11:30", time.Hour, "2026-11-25 13:30"},
		{"the night does not count", "2026-11-25 17:00", time.Hour, "2026-11-26 09:30"},
		{"a weekend with a holiday does not count", "2026-11-20 17:00", time.Hour, "2026-11-24 09:30"},
		{"the new year does not count", "2026-12-28 17:00", time.Hour, "2027-01-04 09:30"},
		{"what came at night starts in the morning", "2026-11-24 22:00", time.Hour, "2026-11-25 10:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := addWork(moment(c.from), c.work)
			if !got.Equal(moment(c.want)) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if back := workBetween(moment(c.from), got); back != c.work {
				t.Errorf("counted back %s, want %s", back, c.work)
			}
		})
	}
}

func TestHolidays(t *testing.T) {
	for _, c := range []struct {
		day  string
		want bool
	}{
		{"2026-01-12", false}, {"2026-03-20", false}, {"2026-05-06", false}, {"2026-09-21", false}, {"2026-09-22", false}, {"2026-09-23", false},
		{"2026-11-23", false}, {"2026-11-24", true}, {"2027-03-22", false}, {"2027-03-23", true}, {"2026-12-28", true},
	} {
		d, err := team.ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := workday(d); got != c.want {
			t.Errorf("%s is a working day: got %v, want %v", c.day, got, c.want)
		}
	}
}
