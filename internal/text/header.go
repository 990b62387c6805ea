package text

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DecodeHeader returns a mail header's value in plain text on one line. Encoded
// words (RFC 2047) that follow each other in the same charset are joined before they
// are decoded, since many programs split them in the middle of a letter; what was
// sent without encoding in Shift_JIS, EUC-JP or ISO-2022-JP is detected.
func DecodeHeader(s string) string {
	if !utf8.ValidString(s) || strings.IndexByte(s, esc) >= 0 {
		if decoded, _, err := Decode([]byte(s), ""); err == nil {
			s = decoded
		}
	}
	var out strings.Builder
	var open *word // read, but the next one may go on with it
	flush := func() {
		if open != nil {
			out.WriteString(open.decode())
			open = nil
		}
	}
	done := 0
	for at := nextWord(s, 0); at >= 0; at = nextWord(s, at) {
		w, n := readWord(s[at:])
		if n == 0 {
			at += 2
			continue
		}
		between := s[done:at]
		at, done = at+n, at+n
		if open != nil && strings.TrimSpace(between) == "" {
			if strings.EqualFold(open.charset, w.charset) {
				open.bytes = append(open.bytes, w.bytes...)
				continue
			}
			between = "" // blanks between encoded words are not part of the text
		}
		flush()
		out.WriteString(between)
		open = &w
	}
	flush()
	out.WriteString(s[done:])
	return oneLine(out.String())
}

// nextWord returns where the next encoded word may begin at or after from, else -1.
func nextWord(s string, from int) int {
	i := strings.Index(s[from:], "=?")
	if i < 0 {
		return -1
	}
	return from + i
}

// word is an encoded word, or several that belong together.
type word struct {
	charset string
	bytes   []byte
}

// decode returns what the word says; one that holds no text says nothing.
func (w word) decode() string {
	s, _, err := Decode(w.bytes, w.charset)
	if err != nil {
		return ""
	}
	return s
}

// readWord reads the encoded word at the start of s and returns how many bytes it
// takes; 0 if there is none.
func readWord(s string) (word, int) {
	const longestCharset = 64
	charset, _, ok := strings.Cut(s[2:min(len(s), 2+longestCharset)], "?")
	if !ok || charset == "" {
		return word{}, 0
	}
	rest := s[2+len(charset)+1:]
	if len(rest) < 2 || rest[1] != '?' {
		return word{}, 0
	}
	body, _, ok := strings.Cut(rest[2:], "?")
	end := 2 + len(charset) + 1 + 2 + len(body)
	if !ok || !strings.HasPrefix(s[end:], "?=") {
		return word{}, 0
	}
	charset, _, _ = strings.Cut(charset, "*") // a language may follow: utf-8*ja
	switch rest[0] {
	case 'b', 'B':
		return word{charset, fromBase64(body)}, end + 2
	case 'q', 'Q':
		return word{charset, fromQ(body)}, end + 2
	}
	return word{}, 0
}

// fromBase64 decodes what can be decoded: padding may be missing, blanks are skipped.
func fromBase64(s string) []byte {
	s = strings.Map(func(r rune) rune {
		if r == '=' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(s)))
	n, _ := base64.RawStdEncoding.Decode(out, []byte(s)) // what came before an error is kept
	return out[:n]
}

// fromQ decodes the "Q" encoding: _ is a blank, =41 is A.
func fromQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && hex(s[i+1]) >= 0 && hex(s[i+2]) >= 0:
			out = append(out, byte(hex(s[i+1])<<4|hex(s[i+2])))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}

// hex returns the value of a hexadecimal digit, -1 for other letters.
func hex(c byte) int {
	i := strings.IndexByte("0123456789ABCDEFabcdef", c)
	if i > 15 {
		i -= 6
	}
	return i
}

// oneLine joins folded lines and drops control characters: a line end hidden in an
// encoded word must not become a header of its own.
func oneLine(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	lines := strings.Split(s, "\n")
	for i, line := range lines[1:] {
		lines[i+1] = " " + strings.TrimLeft(line, " ")
	}
	return Clean(strings.Join(lines, ""))
}
