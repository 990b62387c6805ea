package auth

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"
)

// Guessing is estimated over the first letters only: the work grows with the square
// of the length, and what is longer is not short of guesses.
const estimated = 100

// fewGuesses is what an attacker who tries ten passwords in a quarter of an hour
// could get through in a year of trying on many accounts.
const fewGuesses = 1e7

// houseWords are in the mind of everybody who sees the sign-in page.
var houseWords = []string{"tasuki", "襷", "たすき", "タスキ", "security", "sekyuriti", "セキュリティ", "情報システム", "password", "パスワード", "admin", "管理者", "テスト"}

// Guessable tells whether a password is among those that are tried first: a common
// one, a row of keys or numbers, a few letters repeated, or little more than the
// words of this place or of the person (name, address, where the program runs).
func Guessable(password string, about ...string) bool {
	runes := []rune(strings.ToLower(norm.NFKC.String(password)))
	head := string(runes[:min(len(runes), estimated)])
	return distinct(head) < fewLetters || onlyKnown(head, about) || zxcvbn.PasswordStrength(head, nil).Guesses < fewGuesses
}

// fewLetters is how many different letters are too few, and how many besides a
// known word add nothing to it.
const fewLetters = 5

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// onlyKnown tells whether a password is known words with numbers and signs around.
func onlyKnown(password string, about []string) bool {
	words := append([]string{}, houseWords...)
	for _, s := range about {
		words = append(words, wordsOf(s)...)
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // the whole before its parts
	rest := password
	for _, word := range words {
		if len([]rune(word)) > 1 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return rest != password && letters < fewLetters
}

// wordsOf returns the parts of a name or an address, and the whole of it.
func wordsOf(s string) []string {
	s = strings.ToLower(norm.NFKC.String(s))
	if u, err := url.Parse(s); err == nil && u.Host != "" {
		s = u.Hostname()
	}
	return append(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), s)
}
