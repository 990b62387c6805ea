package sample

import (
	"slices"
	"testing"
	"unicode/utf8"

	"tasuki/internal/text"
)

func TestStarterJargonIsLargeEnoughToHelpFromTheFirstDay(t *testing.T) {
	if n := len(StarterJargon()); n < 300 {
		t.Errorf("%d words, want at least 300", n)
	}
}

func TestEverySpellingBelongsToOneWord(t *testing.T) {
	owner := map[string]string{}
	for _, j := range StarterJargon() {
		for _, s := range append([]string{j.Term}, j.Synonyms...) {
			k := text.Key(s)
			if other, ok := owner[k]; ok {
				t.Errorf("%q is a spelling of %q and of %q", s, other, j.Term)
			}
			owner[k] = j.Term
		}
	}
}

func TestEveryWordCanBeSavedFoundAndExplained(t *testing.T) {
	for _, j := range StarterJargon() {
		if err := j.Validate(); err != nil {
			t.Errorf("%s: %v", j.Term, err)
		}
		if n := utf8.RuneCountInString(j.Plain); n == 0 || n > 40 {
			t.Errorf("%s: plain wording of %d letters, want 1 to 40", j.Term, n)
		}
		if j.PlainEn == "" || len(j.PlainEn) > 60 {
			t.Errorf("%s: English wording of %d letters, want 1 to 60", j.Term, len(j.PlainEn))
		}
		if len(j.Synonyms) == 0 {
			t.Errorf("%s: no other spelling, so it joins nothing", j.Term)
		}
	}
}

// A short word would be found inside others (ログ in ログイン, IT in every English
// sentence) and pull in answers that have nothing to do with the question.
func TestNoSpellingIsFoundEverywhere(t *testing.T) {
	general := []string{"データ", "情報", "システム", "会社", "ログ", "ポート", "ボット", "ラベル", "it", "is", "or", "as", "us", "ad"}
	for _, j := range StarterJargon() {
		for _, s := range append([]string{j.Term}, j.Synonyms...) {
			if utf8.RuneCountInString(text.Key(s)) < 2 || slices.Contains(general, text.Key(s)) {
				t.Errorf("%s: %q is too general", j.Term, s)
			}
		}
	}
}
