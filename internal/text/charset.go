package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// Names of the encodings that Decode detects.
const (
	UTF8      = "UTF-8"
	UTF8BOM   = "UTF-8 BOM"
	UTF16LE   = "UTF-16LE"
	UTF16BE   = "UTF-16BE"
	CP932     = "CP932"
	EUCJP     = "EUC-JP"
	ISO2022JP = "ISO-2022-JP"
)

// ErrNotText says that a file holds something else than text, such as a picture.
var ErrNotText = errors.New("not a text file")

// Encodings returns the names that Decode detects and accepts, the usual first.
func Encodings() []string {
	return []string{UTF8BOM, UTF8, CP932, EUCJP, ISO2022JP, UTF16LE, UTF16BE}
}

// labels maps what mails and people call an encoding to our names. It comes before
// the tables of x/text: their IANA index answers "windows-31j" with neither an
// encoding nor an error, and their HTML index knows no cp932 and no cp50221.
var labels = func() map[string]string {
	m := map[string]string{}
	for name, list := range map[string]string{
		UTF8:      "utf-8 utf8 unicode-1-1-utf-8 utf-8-bom utf8-bom utf-8-sig utf-8n utf8n cp65001 65001",
		UTF16LE:   "utf-16le utf16le ucs-2le unicode 1200",
		UTF16BE:   "utf-16be utf16be ucs-2be 1201",
		CP932:     "cp932 ms932 windows-932 windows-31j mswin31j cswindows31j ms-kanji csshiftjis sjis s-jis x-sjis shift-jis shiftjis x-ms-cp932 ibm-943 932",
		EUCJP:     "euc-jp eucjp x-euc-jp x-eucjp eucjp-ms eucjp-win cp51932 cp20932 ujis cseucpkdfmtjapanese 51932 extended-unix-code-packed-format-for-japanese",
		ISO2022JP: "iso-2022-jp iso2022jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 iso-2022-jp-ms iso2022jp-ms csiso2022jp csiso2022jp2 cp50220 cp50221 cp50222 x-iso-2022-jp jis 50220 50221 50222",
	} {
		for _, label := range strings.Fields(list) {
			m[label] = name
		}
	}
	return m
}()

// encodingOf returns the name and the encoding behind a label; both are empty for
// labels that say nothing (us-ascii is put on every kind of mail) or are unknown.
func encodingOf(label string) (string, encoding.Encoding) {
	label = strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.Trim(label, " \t\r\n\"'")))
	switch name := labels[label]; name {
	case "":
		if label == "us-ascii" || label == "ascii" || label == "utf-16" {
			return "", nil
		}
		enc, err := htmlindex.Get(label)
		if err != nil || enc == nil || enc == encoding.Replacement {
			return "", nil
		}
		name, err = htmlindex.Name(enc)
		if err != nil || name == "replacement" || name == "x-user-defined" {
			return "", nil
		}
		return name, enc
	case UTF8:
		return name, encoding.Nop
	case UTF16LE:
		return name, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		return name, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case CP932:
		return name, japanese.ShiftJIS
	case EUCJP:
		return name, japanese.EUCJP
	default:
		return name, japanese.ISO2022JP
	}
}

// Decode returns b as valid UTF-8 without byte order mark, and the name of the
// encoding it was read as; bytes that mean nothing in it become U+FFFD. An empty or
// unknown label, and ISO-2022-JP on bytes that cannot be it, are detected. The
// error is ErrNotText, for bytes that were detected to be no text.
func Decode(b []byte, label string) (s string, encodingName string, err error) {
	name, enc := encodingOf(label)
	if name == ISO2022JP && !bytes.Contains(b, []byte{esc}) && !ascii(b) {
		name = ""
	}
	if name == "" {
		if name, err = detect(b); err != nil {
			return "", "", err
		}
		name, enc = encodingOf(name)
	}
	switch name {
	case UTF8:
		if rest, ok := bytes.CutPrefix(b, bomUTF8); ok {
			b, name = rest, UTF8BOM
		}
		return strings.ToValidUTF8(string(b), "\uFFFD"), name, nil
	case ISO2022JP:
		b = tidyISO2022(b)
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return "", "", fmt.Errorf("decode %s: %w", name, err)
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(out), "\uFEFF"), "\uFFFD"), name, nil
}

// CharsetReader returns a reader of UTF-8 for a part of a mail that says to be in
// the given charset, believed as far as Decode believes labels. It reads all of r at
// the first Read, because detecting needs the whole.
func CharsetReader(charset string, r io.Reader) (io.Reader, error) {
	return &charsetReader{charset: charset, from: r}, nil
}

type charsetReader struct {
	charset string
	from    io.Reader
	decoded *strings.Reader
}

func (c *charsetReader) Read(p []byte) (int, error) {
	if c.decoded == nil {
		b, err := io.ReadAll(c.from)
		if err != nil {
			return 0, fmt.Errorf("read text in %s: %w", c.charset, err)
		}
		s, _, err := Decode(b, c.charset)
		if err != nil {
			return 0, fmt.Errorf("read text in %s: %w", c.charset, err)
		}
		c.decoded = strings.NewReader(s)
	}
	return c.decoded.Read(p)
}

const (
	esc      = 0x1b
	shiftOut = 0x0e
	shiftIn  = 0x0f
)

// tidyISO2022 rewrites what mail programs send and x/text does not read: lines that
// end in the middle of kanji (a CR there would swallow the LF), half-width kana
// between shift-out and shift-in (CP50222), and half-width kana with the eighth bit.
func tidyISO2022(b []byte) []byte {
	const toASCII, toKana = "\x1b(B", "\x1b(I"
	out := make([]byte, 0, len(b)+16)
	state := toASCII
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == esc:
			n := escapeLength(b[i:])
			state = string(b[i : i+n])
			out = append(out, state...)
			i += n - 1
		case (c == '\r' || c == '\n') && state != toASCII:
			state = toASCII
			out = append(append(out, toASCII...), c)
		case c == shiftOut:
			out = append(out, toKana...)
		case c == shiftIn:
			out = append(out, state...)
		case c >= 0xa1 && c <= 0xdf:
			out = append(append(append(out, toKana...), c&0x7f), state...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// escapeLength returns how many bytes belong to the escape sequence b begins with.
func escapeLength(b []byte) int {
	switch {
	case len(b) >= 4 && b[1] == '$' && b[2] == '(':
		return 4
	case len(b) >= 3 && (b[1] == '$' || b[1] == '('):
		return 3
	}
	return 1
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
