package search

import (
	"strings"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// groups holds the department's dictionary as sets of spellings that mean one thing.
type groups struct {
	sets [][]spelling
}

// spelling is one way to write a word: folded, and as base forms of its Japanese
// words, so that 更新を延ばす is found in 更新をもう少し延ばしたいのですが.
type spelling struct {
	text  string
	bases []string
}

func newGroups(list []team.JargonTerm) *groups {
	g := &groups{}
	for _, j := range list {
		var set []spelling
		for _, s := range append([]string{j.Term}, j.Synonyms...) {
			if s = text.Fold(s); text.Runes(s) > 1 {
				set = append(set, spelling{s, baseForms(s)})
			}
		}
		if len(set) > 1 {
			g.sets = append(g.sets, set)
		}
	}
	return g
}

// baseForms returns the words of a folded text that carry meaning, in order.
func baseForms(s string) []string {
	var list []string
	for _, p := range split(s) {
		if !p.japanese {
			list = append(list, p.words...)
			continue
		}
		for _, piece := range cutRuns([]rune(p.text)) {
			for _, m := range morphemes(nil, piece) {
				list = append(list, m[1:])
			}
		}
	}
	return list
}

// others returns the other spellings of every dictionary word in a folded question.
func (g *groups) others(question string) []string {
	var list []string
	if len(g.sets) == 0 {
		return nil
	}
	bases := baseForms(question)
	at := map[string][]int{}
	for i, b := range bases {
		at[b] = append(at[b], i)
	}
	for _, set := range g.sets {
		for i, s := range set {
			if mentions(question, s.text) || follows(bases, at, s.bases) {
				for k, other := range set {
					if k != i {
						list = append(list, other.text)
					}
				}
				break
			}
		}
	}
	return list
}

// mayStandBetween is how many words may part two words of a spelling:
// パスワードを忘れた is meant by パスワードをまた忘れました too.
const mayStandBetween = 1

// follows tells whether words stand in a text in their order; at is where each
// word of the text stands.
func follows(bases []string, at map[string][]int, words []string) bool {
	if len(words) == 0 {
		return false
	}
	for _, start := range at[words[0]] {
		i, n := start, 1
		for n < len(words) {
			next := indexWithin(bases, i+1, i+1+mayStandBetween, words[n])
			if next < 0 {
				break
			}
			i, n = next, n+1
		}
		if n == len(words) {
			return true
		}
	}
	return false
}

func indexWithin(bases []string, from, to int, word string) int {
	for i := from; i <= to && i < len(bases); i++ {
		if bases[i] == word {
			return i
		}
	}
	return -1
}

// mentions tells whether a text has a word; a latin word only as a whole, so that
// "os" is not found in "password".
func mentions(s, word string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return false
		}
		i += from
		if !latinAt(s, i-1, word[0]) && !latinAt(s, i+len(word), word[len(word)-1]) {
			return true
		}
		from = i + 1
	}
}

// latinAt tells whether s continues with a latin letter or digit at i beside an edge that is one too.
func latinAt(s string, i int, edge byte) bool {
	return i >= 0 && i < len(s) && alphanumeric(s[i]) && alphanumeric(edge)
}

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
