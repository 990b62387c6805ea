package text

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"pgregory.net/rapid"
)

func TestHeadersArePlainText(t *testing.T) {
	sjis, _ := EncodeCP932("USBメモリの件")
	jis, _ := japanese.ISO2022JP.NewEncoder().String("USBメモリの件")
	for name, c := range map[string]struct{ in, want string }{
		"plain":                       {"USB memory", "USB memory"},
		"one word":                    {"=?UTF-8?B?44GC44GE?=", "あい"},
		"Q, lower case":               {"=?utf-8?q?=e3=81=82_=41?=", "あ A"},
		"a language":                  {"=?utf-8*ja?Q?a?=", "a"},
		"split inside a letter":       {"=?UTF-8?B?44GC4w==?=\r\n =?utf-8?B?gYQ=?= x", "あい x"},
		"split inside a letter, B, Q": {"=?utf-8?Q?=E3=81?= =?UTF-8?B?gg==?=", "あ"},
		"two charsets":                {"=?utf-8?B?44GC?= =?iso-2022-jp?B?GyRCJCQbKEI=?=", "あい"},
		"ISO-2022-JP that stays open": {"=?ISO-2022-JP?B?GyRCJCI=?= =?ISO-2022-JP?B?JCQbKEI=?=", "あい"},
		"Microsoft's ①":               {"=?cp50221?B?GyRCLSEbKEI=?=", "①"},
		"text around":                 {"Re: =?UTF-8?B?44GC?= (2)", "Re: あ (2)"},
		"no blank between":            {"=?UTF-8?B?44GC?==?UTF-8?B?44GE?=", "あい"},
		"no padding":                  {"=?UTF-8?B?44GC44G?=", "あ\uFFFD"},
		"folded":                      {"a\r\n\t b\r\n c", "a b c"},
		"a hidden header":             {"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"},
		"raw Shift_JIS":               {string(sjis), "USBメモリの件"},
		"raw ISO-2022-JP":             {jis, "USBメモリの件"},
		"raw Shift_JIS and words":     {string(sjis) + " =?UTF-8?B?44GC?=", "USBメモリの件 あ"},
		"not a word after all":        {"1 =? 2 =?x?y?z?= =?", "1 =? 2 =?x?y?z?= =?"},
		"an unknown charset":          {"=?x-none?B?44GC?=", "あ"},
	} {
		if got := DecodeHeader(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestAWordMayBeSplitAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("あ髙①aZ9?=_")), 1, 30, -1).Draw(t, "s")
		label := rapid.SampledFrom([]string{"UTF-8", "cp932"}).Draw(t, "charset")
		b := []byte(s)
		if label == "cp932" {
			b, _ = EncodeCP932(s)
		}
		cut := rapid.IntRange(0, len(b)).Draw(t, "cut")
		var header strings.Builder
		for _, part := range [][]byte{b[:cut], b[cut:]} {
			header.WriteString(" =?" + label + "?B?" + base64.StdEncoding.EncodeToString(part) + "?=")
		}
		if got := DecodeHeader(header.String()); got != s {
			t.Fatalf("%q: got %q, want %q", header.String(), got, s)
		}
	})
}

func FuzzDecodeHeader(f *testing.F) {
	f.Add("Re: =?UTF-8?B?44GC?= =?utf-8?Q?=E3=81?=")
	f.Add("\x1b$B$\"\x1b(B =?cp932?B?gqA=?=\r\n x")
	f.Add("=?=?a?b?=?x*ja?q?==?=\x82\xa0")
	f.Fuzz(func(t *testing.T, s string) {
		got := DecodeHeader(s)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\x00") || len(got) > 3*len(s)+3 {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
