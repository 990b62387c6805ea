package search

import (
	"strings"
	"sync"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"

	"tasuki/internal/text"
)

// A token begins with the letter of its kind, so that one field can hold all kinds.
const (
	morpheme   = 'm' // base form of a Japanese word
	bigram     = 'b' // two letters of Japanese
	stem       = 's' // English word, stemmed
	fourGram   = 'g' // four letters of English text
	wordBigram = 'w' // two English words in a row
)

// Kagome's search mode takes time with the square of a run of one letter class, so
// runs are cut, and the text is tokenised in pieces.
const (
	maxRun   = 64
	maxPiece = 1000
)

var dictionary = sync.OnceValues(func() (*tokenizer.Tokenizer, error) {
	return tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
})

// LoadDictionary loads the Japanese dictionary (about a second of work, 90 MB);
// whatever needs it later finds it ready.
func LoadDictionary() error {
	_, err := dictionary()
	return err
}

// tokens returns the tokens of a text, in order, repeated as often as they occur.
func tokens(s string) []string {
	var out []string
	for _, part := range split(text.Fold(s)) {
		if part.japanese {
			out = japaneseTokens(out, part.text)
		} else {
			out = latinTokens(out, part.words)
		}
	}
	return out
}

// part is a stretch of one script: Japanese text, or the words of a latin one.
type part struct {
	japanese bool
	text     string
	words    []string
}

// split cuts a folded text where the script changes. Latin words stay in one part
// across blanks and commas, so that word pairs can be seen.
func split(s string) []part {
	var parts []part
	var run []rune
	japanese := false
	flush := func() {
		if len(run) == 0 {
			return
		}
		word := string(run)
		run = run[:0]
		if japanese {
			parts = append(parts, part{japanese: true, text: word})
			return
		}
		if n := len(parts); n > 0 && !parts[n-1].japanese {
			parts[n-1].words = append(parts[n-1].words, word)
			return
		}
		parts = append(parts, part{words: []string{word}})
	}
	for _, r := range s {
		ja := isJapanese(r)
		switch {
		case !ja && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r):
			flush()
		default:
			if ja != japanese || len(run) >= maxPiece {
				flush()
			}
			japanese = ja
			run = append(run, r)
		}
	}
	flush()
	return parts
}

func isJapanese(r rune) bool {
	return r >= 0x2E80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー' || r == '々')
}

// letter classes of Japanese, for bigrams and for cutting runs
const (
	hiragana = iota
	katakana
	kanji
)

func class(r rune) int {
	switch {
	case r == 'ー' || unicode.Is(unicode.Katakana, r):
		return katakana
	case unicode.Is(unicode.Hiragana, r):
		return hiragana
	}
	return kanji
}

func japaneseTokens(out []string, s string) []string {
	for _, piece := range cutRuns([]rune(s)) {
		out = morphemes(out, piece)
	}
	runes := []rune(s)
	if len(runes) == 1 {
		return append(out, string(bigram)+s)
	}
	for i := 0; i+1 < len(runes); i++ {
		if class(runes[i]) == hiragana && class(runes[i+1]) == hiragana {
			continue // these are in every sentence and tell nothing
		}
		out = append(out, string(bigram)+string(runes[i:i+2]))
	}
	return out
}

// cutRuns cuts a text so that no stretch of one letter class is longer than maxRun.
func cutRuns(runes []rune) []string {
	var pieces []string
	start, run := 0, 0
	for i := range runes {
		if i > 0 && class(runes[i]) == class(runes[i-1]) {
			run++
		} else {
			run = 0
		}
		if run >= maxRun {
			pieces = append(pieces, string(runes[start:i]))
			start, run = i, 0
		}
	}
	return append(pieces, string(runes[start:]))
}

func morphemes(out []string, s string) []string {
	t, err := dictionary()
	if err != nil {
		return out // bigrams alone still find; LoadDictionary reports the fault
	}
	for _, word := range t.Analyze(s, tokenizer.Search) {
		if functionWord(word.POS()) {
			continue
		}
		base, ok := word.BaseForm()
		if !ok || base == "*" {
			base = word.Surface
		}
		if runes := []rune(base); len(runes) >= 4 && runes[len(runes)-1] == 'ー' {
			base = string(runes[:len(runes)-1])
		}
		out = append(out, string(morpheme)+base)
	}
	return out
}

// functionWord tells whether a word only holds a sentence together.
func functionWord(pos []string) bool {
	if len(pos) == 0 {
		return false
	}
	switch pos[0] {
	case "助詞", "助動詞", "記号", "フィラー":
		return true
	}
	return len(pos) > 1 && (pos[1] == "非自立" || (pos[0] == "動詞" && pos[1] == "接尾"))
}

func latinTokens(out []string, words []string) []string {
	// Four-grams run over blanks and stop words too: they carry typing errors and
	// turns of phrase that stems lose.
	out = fourGrams(out, " "+strings.Join(words, " ")+" ")
	before := ""
	for _, word := range words {
		if runes := []rune(word); len(runes) > maxRun {
			word = string(runes[:maxRun])
		}
		if stopWords[word] {
			continue
		}
		root := stemmed(word)
		out = append(out, string(stem)+root)
		if before != "" {
			out = append(out, string(wordBigram)+before+" "+root)
		}
		before = root
	}
	return out
}

func stemmed(word string) string {
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	return env.Current()
}

func fourGrams(out []string, s string) []string {
	runes := []rune(s)
	for i := 0; i+4 <= len(runes); i++ {
		out = append(out, string(fourGram)+string(runes[i:i+4]))
	}
	return out
}

// weight is what a token counts in a score: whole words most, letter pairs least.
func weight(token string) float64 {
	switch token[0] {
	case wordBigram:
		return 0.25
	case fourGram:
		return 0.15
	case bigram:
		return 0.25
	}
	return 1
}

// stopWords are the English words that hold sentences together.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`a an and are as at be been but by can could did do does for from had has have he her his how i if in
		into is it its me my no not of on or our she should so some such that the their them then there these they this to was we were what
		when where which who why will with would you your am any i'm t s d ll re ve m don`) {
		m[w] = true
	}
	return m
}()
