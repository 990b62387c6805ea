// Package text works on Japanese and English text as people type, paste and
// export it: comparing forms, sort keys, mail, encodings and dates. It is pure,
// and its work grows in step with the length of its input.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns s fit to be stored and shown: valid UTF-8, line feeds only, no
// control characters but tab and line feed, no blanks at line ends or around the
// whole. It never changes what is legible, so ① stays ①.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r == '\uFEFF':
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// variants maps kanji that are one letter to people to the one they are compared
// as. NFKC leaves these apart, so that a search for 高田 would miss 髙田.
var variants = func() map[rune]rune {
	m := map[rune]rune{}
	for _, group := range strings.Fields("高髙 崎﨑嵜 辺邉邊 浜濵濱 斎齋齊斉 吉𠮷 桑桒 島嶋嶌 広廣 沢澤 徳德 恵惠 栄榮 国國 真眞 竜龍 滝瀧 渡渡 " +
		"桜櫻 秀秀 富冨 峰峯 松枩 条條 静靜 与與 万萬 応應 関關 検檢 黒黑 緑綠 神神 福福 塚塚 館舘 群羣 船舩 巌巖 寿壽 実實") {
		runes := []rune(group)
		for _, r := range runes[1:] {
			if r != runes[0] {
				m[r] = runes[0]
			}
		}
	}
	return m
}()

// Fold returns the form in which texts are compared: NFKC, lower case, variant
// kanji as one, runs of blanks as one space. Folding twice changes nothing.
func Fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD")))
	s = norm.NFKC.String(strings.Map(func(r rune) rune {
		if v, ok := variants[r]; ok {
			return v
		}
		return r
	}, s))
	return strings.Join(strings.Fields(s), " ")
}

// Key returns the form under which a name is unique: folded, without blanks,
// middle dots and the many dashes that look alike.
func Key(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '・', r == '･', unicode.Is(unicode.Pd, r) && r != '-':
			return -1
		}
		return r
	}, Fold(s))
}

// kanaBase gives a hiragana without its voicing or smallness.
var kanaBase = func() map[rune]rune {
	pairs := "がかぎきぐくげけごこざさじしずすぜせぞそだたぢちづつでてどとばはびひぶふべへぼほぱはぴひぷふぺへぽほゔう" +
		"ぁあぃいぅうぇえぉおっつゃやゅゆょよゎわ"
	m := map[rune]rune{}
	runes := []rune(pairs)
	for i := 0; i+1 < len(runes); i += 2 {
		m[runes[i]] = runes[i+1]
	}
	return m
}()

// vowels groups hiragana by the vowel that a long mark after them stands for.
var vowels = map[rune]string{
	'あ': "あかさたなはまやらわ", 'い': "いきしちにひみり", 'う': "うくすつぬふむゆる", 'え': "えけせてねへめれ", 'お': "おこそとのほもよろを",
}

// SortKey returns a key that sorts readings as a Japanese name list does (the idea
// of JIS X 4061): first without voicing, small letters and long marks, then, among
// equals, by the reading itself. Hiragana and katakana sort alike.
func SortKey(reading string) string {
	folded := []rune(Key(reading))
	base := make([]rune, 0, len(folded))
	for i, r := range folded {
		if r >= 'ァ' && r <= 'ヶ' {
			r -= 'ァ' - 'ぁ'
			folded[i] = r
		}
		if b, ok := kanaBase[r]; ok {
			r = b
		}
		if r == 'ー' && len(base) > 0 {
			r = longVowel(base[len(base)-1])
		}
		base = append(base, r)
	}
	return string(base) + "\x01" + string(folded)
}

func longVowel(before rune) rune {
	for vowel, row := range vowels {
		if strings.ContainsRune(row, before) {
			return vowel
		}
	}
	return 'ー'
}

// Runes returns the length of s as people count it.
func Runes(s string) int { return utf8.RuneCountInString(s) }

// Snippet returns the first max runes of s on one line, with "…" where more followed.
func Snippet(s string, max int) string {
	s = strings.Join(strings.Fields(s), " ")
	if Runes(s) <= max {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:max])) + "…"
}
