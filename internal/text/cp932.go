package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

// geta is 〓 in CP932, what Japanese printing puts where a letter is missing.
const geta = "\x81\xac"

// twins are letters that Windows' table writes with another code than other systems.
var twins = strings.NewReplacer("〜", "～", "−", "－", "—", "―", "‖", "∥", "¥", "￥", "¢", "￠", "£", "￡", "¬", "￢", "\u00a0", " ")

// EncodeCP932 returns s in CP932 (the Shift_JIS of Windows and old Excel). Letters it
// lacks become 〓 and are returned, each once, in the order they were met.
func EncodeCP932(s string) ([]byte, []rune) {
	src := []byte(twins.Replace(composeKana(strings.ToValidUTF8(s, "\uFFFD"))))
	out := make([]byte, 0, len(src)+2)
	var missing []rune
	seen := map[rune]bool{}
	encoder := japanese.ShiftJIS.NewEncoder()
	for len(src) > 0 {
		n, read, err := encoder.Transform(out[len(out):cap(out)], src, true)
		out, src = out[:len(out)+n], src[read:]
		if err == nil {
			break
		}
		r, size := utf8.DecodeRune(src)
		src = src[size:]
		if invisible(r) {
			continue
		}
		if !seen[r] {
			seen[r] = true
			missing = append(missing, r)
		}
		out = append(out, geta...)
	}
	return out, missing
}

// composeKana joins か and a voicing mark of its own, as Macs write file names. The
// whole text must not be composed: U+FA19, a 神 that CP932 has, would become U+795E.
func composeKana(s string) string {
	if !strings.ContainsAny(s, "\u3099\u309a") {
		return s
	}
	out := make([]rune, 0, len(s)/2)
	for _, r := range s {
		if n := len(out); n > 0 && (r == '\u3099' || r == '\u309a') {
			if one := []rune(norm.NFC.String(string([]rune{out[n-1], r}))); len(one) == 1 {
				out[n-1] = one[0]
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}

// invisible tells whether r only shapes or joins letters (variation selectors, zero
// width blanks, text direction): what is written means the same without it.
func invisible(r rune) bool {
	return r >= 0x80 && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u034f')
}
