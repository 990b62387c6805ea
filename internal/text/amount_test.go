package text_test

import (
	"testing"

	"tasuki/internal/text"
)

func TestLengthsOfTimeAreReadAsPeopleWriteThem(t *testing.T) {
	for s, want := range map[string]int{
		"2": 120, "1.5": 90, "１．５": 90, "1.5h": 90, "1.5時間": 90, "1時間半": 90, "1:30": 90, "90分": 90, "90 min": 90, "1時間30分": 90, "1h30m": 90,
		"16h": 960, " 16 hours ": 960, "十六時間": 960, "0.25": 15, "1.333": 80, "2時間 15分": 135, "0": 0, "1,000": 60000,
	} {
		if got, ok := text.ParseMinutes(s); !ok || got != want {
			t.Errorf("%q: %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", " ", "半", "たくさん", "-1", "1:75", "1.5.5", "1h2h", "999999", "1e3", "90分半分", "∞", "2日"} {
		if got, ok := text.ParseMinutes(s); ok {
			t.Errorf("%q was read as %d minutes", s, got)
		}
	}
}

func TestMoneyIsReadAsPeopleWriteIt(t *testing.T) {
	for s, want := range map[string]int{
		"165000": 165000, "165,000": 165000, "¥165,000": 165000, "￥１６５，０００": 165000, "165,000円": 165000, "16.5万": 165000, "16万5": -1, "16.5万円": 165000,
		"0": 0, "無料": -1, "0円": 0, "5000 yen": 5000, "JPY 5000": 5000, "1.50": -1, "5.0": 5, "-5": -1, "": -1, "1e9": -1, "$100": -1, "十万": 100000,
	} {
		got, ok := text.ParseYen(s)
		if ok != (want >= 0) || (ok && got != want) {
			t.Errorf("%q: %d, %v; want %d", s, got, ok, want)
		}
	}
}

func FuzzAmounts(f *testing.F) {
	for _, s := range []string{"1.5", "1時間半", "1:30", "90分", "¥165,000", "16.5万円", "", "半", "十万", "１，０００", "99999h99999分"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := text.ParseMinutes(s); got < 0 || (!ok && got != 0) {
			t.Errorf("%q: %d minutes, %v", s, got, ok)
		}
		if got, ok := text.ParseYen(s); got < 0 {
			t.Errorf("%q: %d yen, %v", s, got, ok)
		}
	})
}
