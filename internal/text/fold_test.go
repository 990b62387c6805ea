package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
		"both wave dashes":                {"4月〜6月", "4月～6月"},
		"the many dashes":                 {"Wi‐Fi Wi–Fi Wi−Fi Wi－Fi", "Wi-Fi Wi-Fi Wi-Fi Wi-Fi"},
		"curly quotation marks":           {"don’t “do”", "don't \"do\""},
		"a variation selector":            {"葛\U000e0100城", "葛城"},
		"a soft hyphen, a zero-width gap": {"pass\u00adword パス\u200bワード", "password パスワード"},
		"kana as Macs write them":         {"か\u3099", "が"},
		"a voicing mark of its own":       {"か゛は゜", "がぱ"},
		"old letters":                     {"學會 圓 龍", "学会 円 竜"},
		"the name of the era in one sign": {"㋿8年", "令和8年"},
	} {
		if got, want := Fold(pair[0]), Fold(pair[1]); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if Fold("検疫") == Fold("検査") {
		t.Error("different words must stay different")
	}
}

// awkward are letters that change when they are composed, lowered or cut apart.
var awkward = []rune("a\u0301\u0323か\u3099ﾞﾟ゛゜ 　-‐・´¨\u200d\ufe0f\u034f髙ÅIİJ\u030cῼ한\u1161\u11a8각\u0f71\u0f72\u0344ſßẞΣς\u0345ᾳ\u0650ﷺ㌔½\u00ad\u1e9b⁻")

func TestFoldTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom(awkward))).Draw(t, "s")
		for name, f := range map[string]func(string) string{"Fold": Fold, "Key": Key, "Clean": Clean} {
			if once := f(s); f(once) != once {
				t.Fatalf("%s(%q) = %q, again %q", name, s, once, f(once))
			}
		}
	})
}

func TestRowsOfMarksAreCutShort(t *testing.T) {
	if got := Runes(Fold("a" + strings.Repeat("\u0301", 100000) + strings.Repeat("ﾞ", 100000))); got > 9 {
		t.Errorf("%d runes left", got)
	}
}

func TestKeysOfTheSameNameAreAlike(t *testing.T) {
	for _, names := range [][]string{{"髙田　健吾", "高田健吾", "高田 健吾"}, {"ジョン・スミス", "ｼﾞｮﾝ･ｽﾐｽ", "ジョン スミス"}, {"Wi-Fi", "wi‐fi", "ＷＩ－ＦＩ"}} {
		for _, name := range names {
			if Key(name) != Key(names[0]) {
				t.Errorf("%q and %q: %q, %q", names[0], name, Key(names[0]), Key(name))
			}
		}
	}
	if Key("a-b@example.com") == Key("ab@example.com") {
		t.Error("two addresses share a key")
	}
}

func TestEveryVariantStandsForOneLetter(t *testing.T) {
	seen := map[rune]string{}
	for _, group := range strings.Fields(variantGroups) {
		for _, r := range group {
			if other, ok := seen[r]; ok || norm.NFKC.String(string(r)) != string(r) {
				t.Errorf("%c (%U) in %s: also in %q, or NFKC replaces it", r, r, group, other)
			}
			seen[r] = group
		}
	}
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
	for name, want := range map[string][]string{
		"a staff list":               {"あおき", "かとう", "がとう", "グエン", "サトウ ジン", "さとう しんいち", "すーざん", "すうじ", "たかだ", "たかはし", "やまさき", "やまざき"},
		"は before ば before ぱ":        {"ははは", "はばは", "ばはは", "ぱはは", "ひ"},
		"ー before small before full": {"カー", "かぁ", "かあ", "かい"},
		"a mark that repeats":        {"いすゞ", "いすず", "いすみ"},
		"letters before kana":        {"007", "Abe", "Smith", "あべ", "安部"},
		"voicing only breaks ties":   {"やまさき あや", "やまざき まこと", "やまさき わたる"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	for _, same := range [][2]string{{"やまだ はな", "ヤマダ　ハナ"}, {"ﾔﾏﾀﾞ", "やまだ"}, {"ヴァイス", "ゔぁいす"}, {"いすゞ", "イスヾ"}} {
		if SortKey(same[0]) != SortKey(same[1]) {
			t.Errorf("%q and %q sort apart", same[0], same[1])
		}
	}
}

func TestSnippetDoesNotCutLettersApart(t *testing.T) {
	for _, c := range []struct {
		name, in string
		max      int
		want     string
	}{
		{"short enough", "あいう", 3, "あいう"},
		{"cut", "あいうえ", 3, "あいう…"},
		{"on one line", "a\n\n b", 9, "a b"},
		{"a mark stays with its letter", "かか\u3099か", 2, "か…"},
		{"half-width voicing too", "ﾊﾊﾟﾊ", 2, "ﾊ…"},
		{"an emoji of several people", "a👩\u200d👧b", 3, "a…"},
		{"a row of marks is cut anywhere", "a" + strings.Repeat("\u0301", 50), 30, "a" + strings.Repeat("\u0301", 29) + "…"},
		{"nothing", "abc", 0, "…"},
	} {
		if got := Snippet(c.in, c.max); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
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
		if Fold(Fold(s)) != Fold(s) || Key(Key(s)) != Key(s) || Clean(Clean(s)) != Clean(s) || Fold(Clean(s)) != Fold(s) && !hasControl(s) {
			t.Fatalf("%q folds to %q, then to %q", s, Fold(s), Fold(Fold(s)))
		}
	})
}

// hasControl tells whether Clean takes something out that Fold keeps.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}
