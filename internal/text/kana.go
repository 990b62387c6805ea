package text

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// small gives the full letter of a small one.
var small = pairs("ぁあぃいぅうぇえぉおっつゃやゅゆょよゎわゕかゖけ")

// longMark gives the vowel that a long mark after a letter stands for.
var longMark = pairs("ああかあさあたあなあはあまあやあらあわあいいきいしいちいにいひいみいりいゐい" +
	"ううくうすうつうぬうふうむうゆうるうええけえせえてえねえへえめえれえゑえおおこおそおとおのおほおもおよおろおをお")

func pairs(s string) map[rune]rune {
	m := map[rune]rune{}
	runes := []rune(s)
	for i := 0; i+1 < len(runes); i += 2 {
		m[runes[i]] = runes[i+1]
	}
	return m
}

// SortKey returns a key that sorts readings as a Japanese name list does (the idea
// of JIS X 4061), to be compared byte by byte: first without voicing, small letters
// and long marks, then, among equals, は before ば before ぱ, then ー before っ before
// つ. Hiragana and katakana sort alike, blanks between names do not count.
func SortKey(reading string) string {
	var base, voicing, shape []byte
	last := rune(0)
	for _, r := range norm.NFKD.String(Key(reading)) {
		if r >= 'ァ' && r <= 'ヶ' || r == 'ヽ' {
			r -= 'ァ' - 'ぁ'
		}
		form := byte('3')
		switch {
		case (r == '\u3099' || r == '\u309a') && last != 0:
			voicing[len(voicing)-1] = byte('1' + r - '\u3099')
			continue
		case r == 'ー' && longMark[last] != 0:
			r, form = longMark[last], '0'
		case small[r] != 0:
			r, form = small[r], '1'
		case r == 'ゝ' && last != 0:
			r, form = last, '2'
		}
		base = utf8.AppendRune(base, r)
		voicing, shape = append(voicing, '0'), append(shape, form)
		last = r
	}
	return string(base) + "\x01" + string(voicing) + "\x01" + string(shape)
}
