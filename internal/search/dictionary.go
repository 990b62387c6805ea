package search

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// groups holds the department's dictionary as sets of spellings that mean one thing.
type groups struct {
	sets    [][]spelling
	letters map[string][]place // by the first two letters of a spelling
	words   map[string][]place // by its first word
}

// place is where a spelling stands in sets.
type place struct{ set, spelling int }

// spelling is one way to write a word: folded, and as base forms of its Japanese
// words, so that 更新を延ばす is found in 更新をもう少し延ばしたいのですが.
type spelling struct {
	text  string
	bases []string
}

func newGroups(list []team.JargonTerm) *groups {
	g := &groups{letters: map[string][]place{}, words: map[string][]place{}}
	for _, j := range list {
		var set []spelling
		for _, s := range append([]string{j.Term}, j.Synonyms...) {
			if s = text.Fold(s); text.Runes(s) > 1 {
				set = append(set, spelling{s, baseForms(s)})
			}
		}
		if len(set) > 1 {
			g.add(set)
		}
	}
	return g
}

func (g *groups) add(set []spelling) {
	for i, s := range set {
		at := place{len(g.sets), i}
		start := firstTwo(s.text)
		g.letters[start] = append(g.letters[start], at)
		if len(s.bases) > 0 {
			g.words[s.bases[0]] = append(g.words[s.bases[0]], at)
		}
	}
	g.sets = append(g.sets, set)
}

// firstTwo returns the first two letters of a text, or what there is.
func firstTwo(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	_, second := utf8.DecodeRuneInString(s[first:])
	return s[:first+second]
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
	if len(g.sets) == 0 {
		return nil
	}
	found := map[int]int{} // set → the spelling that the question has
	for i := range question {
		for _, at := range g.letters[firstTwo(question[i:])] {
			if standsAt(question, i, g.sets[at.set][at.spelling].text) {
				found[at.set] = at.spelling
			}
		}
	}
	bases := baseForms(question)
	for i, word := range bases {
		for _, at := range g.words[word] {
			if _, known := found[at.set]; !known && follows(bases[i:], g.sets[at.set][at.spelling].bases) {
				found[at.set] = at.spelling
			}
		}
	}
	var list []string
	for _, set := range slices.Sorted(maps.Keys(found)) {
		for k, other := range g.sets[set] {
			if k != found[set] {
				list = append(list, other.text)
			}
		}
	}
	return list
}

// mayStandBetween is how many words may part two words of a spelling:
// パスワードを忘れた is meant by パスワードをまた忘れました too.
const mayStandBetween = 1

// follows tells whether the words stand in their order at the start of a text.
func follows(bases, words []string) bool {
	i := 0
	for _, word := range words[1:] {
		near := bases[i+1 : min(i+2+mayStandBetween, len(bases))]
		step := slices.Index(near, word)
		if step < 0 {
			return false
		}
		i += 1 + step
	}
	return true
}

// standsAt tells whether a text has a word at i; a latin word only as a whole, so
// that "os" is not found in "password".
func standsAt(s string, i int, word string) bool {
	return strings.HasPrefix(s[i:], word) && !latinAt(s, i-1, word[0]) && !latinAt(s, i+len(word), word[len(word)-1])
}

// latinAt tells whether s continues with a latin letter or digit at i beside an edge that is one too.
func latinAt(s string, i int, edge byte) bool {
	return i >= 0 && i < len(s) && alphanumeric(s[i]) && alphanumeric(edge)
}

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
