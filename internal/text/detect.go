package text

import (
	"bytes"
	"unicode/utf8"
)

var bomUTF8 = []byte("\xef\xbb\xbf")

// sampleSize is how much of a file the guess between Japanese encodings looks at.
const sampleSize = 256 << 10

// detect names the encoding of b: by byte order mark, as UTF-16, by escape
// sequences, as valid UTF-8, else whichever reading looks most like Japanese.
func detect(b []byte) (string, error) {
	if name := byMark(b); name != "" {
		return name, nil
	}
	if name := utf16Order(b); name != "" {
		return name, nil
	}
	if ascii(b) && hasEscape(b) {
		return ISO2022JP, nil
	}
	if utf8.Valid(b) {
		return UTF8, nil
	}
	sample := b[:min(len(b), sampleSize)]
	if 50*controls(sample) > len(sample) {
		return "", ErrNotText
	}
	best, bestScore := CP932, scoreCP932(sample)
	for _, other := range []struct {
		name  string
		score int
	}{{EUCJP, scoreEUC(sample)}, {UTF8, scoreUTF8(sample)}} {
		if other.score > bestScore {
			best, bestScore = other.name, other.score
		}
	}
	return best, nil
}

func byMark(b []byte) string {
	switch {
	case bytes.HasPrefix(b, bomUTF8):
		return UTF8
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return UTF16LE
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return UTF16BE
	}
	return ""
}

// hasEscape tells whether an escape sequence of ISO-2022-JP occurs; those that
// colour a terminal's text are others.
func hasEscape(b []byte) bool {
	for i := bytes.IndexByte(b, esc); i >= 0 && i+2 < len(b); {
		if b[i+1] == '$' && bytes.IndexByte([]byte("@B("), b[i+2]) >= 0 || b[i+1] == '(' && bytes.IndexByte([]byte("BJI"), b[i+2]) >= 0 {
			return true
		}
		next := bytes.IndexByte(b[i+1:], esc)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return false
}

// controls counts the bytes that no text holds.
func controls(b []byte) int {
	n := 0
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != esc || c == 0x7f {
			n++
		}
	}
	return n
}

// utf16Order returns the byte order of UTF-16 without a mark, empty if b is not it.
// Control bytes are what tells: Japanese and English UTF-16 both hold them (0x00
// before letters, 0x01 and 0x02 in 、 and 。), texts in other encodings do not.
func utf16Order(b []byte) string {
	sample := b[:min(len(b), sampleSize)&^1]
	if len(b)%2 != 0 || controls(sample) == 0 && utf8.Valid(b) {
		return ""
	}
	little, big := utf16Score(sample, 1, 0), utf16Score(sample, 0, 1)
	switch {
	case little > big && little > 0:
		return UTF16LE
	case big > 0 && big > little:
		return UTF16BE
	}
	return ""
}

// utf16Score says how much b looks like text if the high byte of each pair stands
// at offset high; not positive if it does not.
func utf16Score(b []byte, high, low int) int {
	plain, kanji, odd := 0, 0, 0
	for i := 0; i+1 < len(b); i += 2 {
		switch h, l := b[i+high], b[i+low]; {
		case h == 0 && (l >= 0x20 || l == '\t' || l == '\n' || l == '\r'), h == 0x30, h == 0xff && l <= 0xef:
			plain++
		case h >= 0x4e && h <= 0x9f && l != 0:
			kanji++
		case h >= 0x20 && h <= 0x26, h >= 0xd8 && h <= 0xdf, h == 0xf9 || h == 0xfa || h == 0xfe:
		default:
			odd++
		}
	}
	// Shift_JIS reads as a row of kanji, too; only kana and letters are proof.
	if 20*odd > plain+kanji || 6*plain < kanji {
		return 0
	}
	return 3*plain + kanji - 3*odd
}

// Points per byte that a reading of non-ASCII bytes earns. Rare kanji and
// half-width kana are what one encoding looks like when it is read as another.
const (
	likely   = 2
	rare     = -1
	mistaken = -12
)

// scoreCP932 says how much b looks like Japanese in CP932.
func scoreCP932(b []byte) int {
	score, kana := 0, 0
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c < 0x80:
		case c >= 0xa1 && c <= 0xdf:
			kana++
		case i+1 == len(b):
			score += ending(b)
		case !cp932Lead(c) || b[i+1] < 0x40 || b[i+1] == 0x7f || b[i+1] > 0xfc:
			score += mistaken
		default:
			score += 2 * cp932Points(c)
			i++
		}
	}
	if score == 0 && kana > 0 && pronounceable(b) {
		return kana*likely + 1
	}
	return score + kana*rare
}

// ending is what the first half of a letter at the end of b costs: nothing where a
// sample was cut there.
func ending(b []byte) int {
	if len(b) == sampleSize {
		return 0
	}
	return mistaken
}

// pronounceable tells whether half-width kana can be read aloud: voicing marks and
// small letters are there, and only behind letters that take them. Kanji of EUC-JP
// read as kana hardly ever fulfil that.
func pronounceable(b []byte) bool {
	proof := 0
	for i, c := range b {
		before := byte(0)
		if i > 0 {
			before = b[i-1]
		}
		ok := true
		switch c {
		case 0xde: // ﾞ
			ok = before >= 0xb6 && before <= 0xc4 || before >= 0xca && before <= 0xce || before == 0xb3
		case 0xdf: // ﾟ
			ok = before >= 0xca && before <= 0xce
		case 0xac, 0xad, 0xae: // ｬ ｭ ｮ
			ok = before == 0xde || bytes.IndexByte([]byte{0xb7, 0xbc, 0xc1, 0xc3, 0xc6, 0xcb, 0xcc, 0xd0, 0xd8}, before) >= 0
		default:
			continue
		}
		if !ok {
			return false
		}
		proof++
	}
	return proof > 0
}

func cp932Lead(c byte) bool {
	return c >= 0x81 && c <= 0x84 || c >= 0x87 && c <= 0x9f || c >= 0xe0 && c <= 0xea || c == 0xed || c == 0xee || c >= 0xfa && c <= 0xfc
}

func cp932Points(lead byte) int {
	if lead <= 0x83 || lead >= 0x87 && lead <= 0x97 {
		return likely
	}
	return rare
}

// scoreEUC says how much b looks like Japanese in EUC-JP.
func scoreEUC(b []byte) int {
	score, kana := 0, 0
	for i := 0; i < len(b); i++ {
		c, wasKana := b[i], kana
		kana = 0
		switch {
		case c < 0x80:
		case i+1 == len(b):
			score += ending(b)
		case c == 0x8e && b[i+1] >= 0xa1 && b[i+1] <= 0xdf:
			kana = wasKana + 1
			score += eucKanaPoints(kana)
			i++
		case c == 0x8f && i+2 < len(b) && b[i+1] >= 0xa1 && b[i+2] >= 0xa1:
			score += 3 * rare
			i += 2
		case !eucLead(c) || b[i+1] < 0xa1 || b[i+1] == 0xff:
			score += mistaken
		default:
			score += 2 * eucPoints(c)
			i++
		}
	}
	return score
}

// eucKanaPoints gives the points of the nth half-width kana in a row. Each begins
// with 0x8E; read as CP932 three of them are a row of kanji from one corner of the
// table, which nobody writes.
func eucKanaPoints(n int) int {
	switch {
	case n < 3:
		return 2 * rare
	case n == 3:
		return 3*2*likely - 2*2*rare + 1
	}
	return 2 * likely
}

func eucLead(c byte) bool {
	return c >= 0xa1 && c <= 0xa8 || c == 0xad || c >= 0xb0 && c <= 0xf4 || c >= 0xf9 && c <= 0xfc
}

func eucPoints(lead byte) int {
	if lead <= 0xa5 || lead == 0xad || lead >= 0xb0 && lead <= 0xcf {
		return likely
	}
	return rare
}

// scoreUTF8 says how much b looks like Japanese in UTF-8 with some bytes broken.
func scoreUTF8(b []byte) int {
	score := 0
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case n > 2:
			score += n * likely
		case r == utf8.RuneError && n == 1 && !utf8.FullRune(rest):
			return score + ending(b)
		case r == utf8.RuneError && n == 1:
			score += mistaken
		}
		rest = rest[n:]
	}
	return score
}
