package text

import (
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFoldComparesAlike(t *testing.T) {
	for name, pair := range map[string][2]string{
		"髙田 is found by 高田":               {"髙田", "高田"},
		"山﨑 is found by 山崎":               {"山﨑", "山崎"},
		"𠮷田 (four bytes) is found by 吉田":  {"𠮷田", "吉田"},
		"渡邉 and 渡邊 are 渡辺":                {"渡邉渡邊", "渡辺渡辺"},
		"half-width kana":                 {"ﾊﾟｽﾜｰﾄﾞ", "パスワード"},
		"full-width letters, upper case":  {"ＵＳＢ", "usb"},
		"runs of blanks, ideographic too": {"a　 b", "a b"},
	} {
		if got, want := Fold(pair[0]), Fold(pair[1]); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if Fold("検疫") == Fold("検査") {
		t.Error("different words must stay different")
	}
}

func TestFoldTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Fold(s); Fold(once) != once {
			t.Fatalf("Fold(%q) = %q, again %q", s, once, Fold(once))
		}
	})
}

func TestCleanKeepsWhatIsLegible(t *testing.T) {
	for in, want := range map[string]string{
		"①㈱\r\nｶﾅ \r\n":  "①㈱\nｶﾅ",
		"a\x00b\x1b[31m": "ab[31m",
		"\xff\xfe":       "\uFFFD",
		"  \n x\ty  \n":  "x\ty",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSortKeyOrdersLikeANameList(t *testing.T) {
	want := []string{"あおき", "かとう", "がとう", "サトウ ジン", "さとう しんいち", "すーざん", "すうじ", "たかだ", "たかはし", "やまさき", "やまざき"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int {
		if SortKey(a) < SortKey(b) {
			return -1
		}
		return 1
	})
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func FuzzFold(f *testing.F) {
	f.Add("ﾊﾟ髙\xff")
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{Fold(s), Clean(s), Key(s), SortKey(s)} {
			if !utf8.ValidString(out) {
				t.Fatalf("%q became invalid %q", s, out)
			}
		}
	})
}
