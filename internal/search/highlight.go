package search

import (
	"sort"
	"strings"
	"unicode/utf8"

	"tasuki/internal/text"
)

// Span is a piece of a text, marked where it matches a word of the question.
type Span struct {
	Text  string
	Match bool
}

// Highlight cuts a text to about max runes around its first match and marks the
// words, which come folded from a Result. The pieces are the text's own letters, in
// their own spelling; escaping them is the page's work.
func Highlight(s string, words []string, max int) []Span {
	s = strings.Join(strings.Fields(s), " ")
	folded, offsets := foldWithOffsets(s)
	marks := merge(matches(folded, offsets, words))
	start, end := window(s, marks, max)
	var spans []Span
	add := func(from, to int, match bool) {
		if from, to = clamp(from, start, end), clamp(to, start, end); from < to {
			spans = append(spans, Span{s[from:to], match})
		}
	}
	if start > 0 {
		spans = append(spans, Span{Text: "…"})
	}
	at := start
	for _, m := range marks {
		add(at, m[0], false)
		add(m[0], m[1], true)
		at = clamp(m[1], at, end)
	}
	add(at, end, false)
	if end < len(s) {
		spans = append(spans, Span{Text: "…"})
	}
	return spans
}

func clamp(n, low, high int) int { return min(max(n, low), high) }

// foldWithOffsets folds a text letter by letter and remembers, for every byte of
// the result, where in the text it came from: folding moves bytes.
func foldWithOffsets(s string) (string, []int) {
	var b strings.Builder
	var offsets []int
	for i, w := 0, 0; i < len(s); i += w {
		_, w = utf8.DecodeRuneInString(s[i:])
		// A voicing mark that stands alone belongs to the letter before it.
		for next, n := utf8.DecodeRuneInString(s[i+w:]); n > 0 && (next == 'ﾞ' || next == 'ﾟ' || next == '\u3099' || next == '\u309a'); next, n = utf8.DecodeRuneInString(s[i+w:]) {
			w += n
		}
		one := text.Fold(s[i : i+w])
		if one == "" {
			one = " "
		}
		b.WriteString(one)
		for range len(one) {
			offsets = append(offsets, i)
		}
	}
	return b.String(), append(offsets, len(s))
}

func matches(folded string, offsets []int, words []string) [][2]int {
	var marks [][2]int
	for _, w := range words {
		for from := 0; w != ""; {
			i := strings.Index(folded[from:], w)
			if i < 0 {
				break
			}
			i += from
			from = i + len(w)
			marks = append(marks, [2]int{offsets[i], offsets[from]})
		}
	}
	return marks
}

// merge joins marks that touch or overlap.
func merge(marks [][2]int) [][2]int {
	sort.Slice(marks, func(i, j int) bool { return marks[i][0] < marks[j][0] })
	var merged [][2]int
	for _, m := range marks {
		if n := len(merged); n > 0 && m[0] <= merged[n-1][1] {
			merged[n-1][1] = max(merged[n-1][1], m[1])
			continue
		}
		merged = append(merged, m)
	}
	return merged
}

// window returns the bytes to show: from the start where the first match fits,
// else from a little before it.
func window(s string, marks [][2]int, max int) (int, int) {
	starts := []int{}
	for i := range s {
		starts = append(starts, i)
	}
	starts = append(starts, len(s))
	n := len(starts) - 1
	if n <= max {
		return 0, len(s)
	}
	first := 0
	if len(marks) > 0 {
		at := sort.SearchInts(starts, marks[0][0])
		if at > max*3/4 {
			first = min(at-max/4, n-max)
		}
	}
	return starts[first], starts[first+max]
}
