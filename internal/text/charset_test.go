package text

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// samples are texts as they stand in the files that people bring: long and short,
// rows of a table, half-width kana, names, code, hardly any Japanese.
var samples = []string{
	"手持ちのUSBメモリは使えません。「あずけ箱」で送ってください。",
	"来週、協力会社様に治具の図面データ（約3GB）をお渡しします。",
	"質問,回答,部門\r\nUSBは使えますか,使えません,製造部\r\n",
	"氏名\tふりがな\t部署\n髙田 健吾\tたかだ けんご\t情報セキュリティ部\n",
	"株式会社サンプル精機", "本社", "東京都", "会議室", "氏名", "資産管理台帳", "規程", "申請書", "部門,人数\n製造部,120\n",
	"ﾊﾟｽﾜｰﾄﾞ", "ｷｭｳﾖ ﾌﾘｺﾐ", "ﾔﾏﾀﾞ ﾀﾛｳ,ﾐﾂﾋﾞｼ,1234567\r\nｽｽﾞｷ ﾊﾅｺ,ﾐｽﾞﾎ,7654321\r\n", "ﾃｽﾄ", "製品ｺｰﾄﾞ", "①②③㈱№℡",
	"パスワードを90日ごとに変えていますが、覚えきれません。", "カタカナ", "ひらがな", "あ", "漢字", "ＡＢＣ１２３", "〜から−まで",
	"無料のChatGPTで議事録を要約してよいですか", "VPNが切れる。", "Wi-Fiのパスワード", "メール", "ログ", "はい", "いいえ", "？",
	"山﨑、渡邉、齋藤、濵田", "薔薇と檸檬と躊躇", "鬱陶しい蟋蟀", "嘔吐・下痢", "碇、鱈、鰯、鯖", "轟音", "■■■注意■■■", "【至急】ご確認ください", "→↑↓←", "Ａさん≧Ｂさん",
	"Subject: USBメモリ\n\nHello, 大野です。", "id,name\n1,大野\n2,三浦\n", "{\"question\": \"持ち出しできますか\"}", "# 見出し\n\n* 項目\n* 項目\n",
	"お世話になっております。\r\n製造部の大野です。\r\n", "取引先から「これまでどおりパスワード付きZIPで送ってほしい」と言われています。",
	"先日の訓練メールを開いてしまいました。", "生産管理サーバーの更新", "保存の期間を3か月に減らしてもよいでしょうか。", "審査が必要と聞きましたが、どのくらいかかりますか。",
	"銀行からの「口座の確認」というメール", "ウイルス対策ソフト", "二要素認証", "情報漏えい", "退職者のアカウント", "委託先", "外部記憶媒体持出申請",
	"がぎぐげござじずぜぞ", "ァィゥェォッャュョ", "令和8年11月23日（月）15:30", "内線3110", "ー", "々", "１，２００円",
	strings.Repeat("セキュリティの相談窓口です。困ったときはお電話ください。\n", 40),
}

var written = map[string]encoding.Encoding{
	UTF8: encoding.Nop, CP932: japanese.ShiftJIS, EUCJP: japanese.EUCJP, ISO2022JP: japanese.ISO2022JP,
	UTF16LE: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
}

func TestTheEncodingOfAFileIsFound(t *testing.T) {
	for _, s := range samples {
		for name, enc := range written {
			s := writable(s, name)
			b, err := enc.NewEncoder().Bytes([]byte(s))
			if err != nil {
				t.Fatalf("%s cannot write %q: %v", name, s, err)
			}
			if got, found, err := Decode(b, ""); got != s || found != name || err != nil {
				t.Errorf("%s of %.20q: read as %s %.40q %v", name, s, found, got, err)
			}
		}
	}
}

// writable gives s in letters that x/text writes in the named encoding.
func writable(s, name string) string {
	switch name {
	case CP932, EUCJP:
		return twins.Replace(s)
	case ISO2022JP:
		return strings.Map(func(r rune) rune {
			if r >= '｡' && r <= 'ﾟ' {
				return 'カ'
			}
			return r
		}, twins.Replace(s))
	}
	return s
}

func TestWhatALabelMeans(t *testing.T) {
	cp932, _ := EncodeCP932("髙橋①")
	euc, _ := japanese.EUCJP.NewEncoder().Bytes([]byte("高橋です"))
	for name, c := range map[string]struct {
		b               []byte
		label           string
		want, wantNamed string
	}{
		"windows-31j, which IANA's index answers with nothing": {cp932, "Windows-31J", "髙橋①", CP932},
		"cp932, which HTML's index does not know":              {cp932, "cp932", "髙橋①", CP932},
		"the other code of 髙":                                  {[]byte("\xee\xe0"), "x-sjis", "髙", CP932},
		"quoted and with underscores":                          {cp932, ` "SHIFT_JIS" `, "髙橋①", CP932},
		"unknown: detected":                                    {cp932, "x-unknown-8bit", "髙橋①", CP932},
		"us-ascii on 8-bit bytes: detected":                    {euc, "us-ascii", "高橋です", EUCJP},
		"an ISO-2022-JP label on EUC-JP: detected":             {euc, "iso-2022-jp", "高橋です", EUCJP},
		"a wrong but possible label is obeyed":                 {[]byte("a\xe9"), "iso-8859-1", "aé", "windows-1252"},
		"UTF-8 with a mark":                                    {[]byte("\xef\xbb\xbf箱"), "", "箱", UTF8BOM},
		"UTF-8 with a mark, so labelled":                       {[]byte("\xef\xbb\xbf箱"), "utf8", "箱", UTF8BOM},
		"UTF-8 cut in the middle":                              {[]byte("あずけ箱を使ってください。")[:17], "", "あずけ箱を\uFFFD", UTF8},
		"UTF-16 without a mark":                                {[]byte("U\x00S\x00B\x00\x6f\x30"), "", "USBは", UTF16LE},
		"UTF-16, big end first, without a mark":                {[]byte("\x30\x42\x30\x44\x30\x02"), "", "あい。", UTF16BE},
		"UTF-16, big end first, with a mark":                   {[]byte("\xfe\xff\x30\x42"), "", "あ", UTF16BE},
		"UTF-16 as a label goes by the mark":                   {[]byte("\xfe\xff\x30\x42"), "UTF-16", "あ", UTF16BE},
		"CP50221: ①㈱髙":                                         {[]byte("\x1b$B-!-j|b\x1b(B"), "cp50221", "①㈱髙", ISO2022JP},
		"half-width kana after ESC ( I":                        {[]byte("\x1b(I651\x1b(B"), "iso-2022-jp-ms", "ｶｵｱ", ISO2022JP},
		"half-width kana between SO and SI":                    {[]byte("a\x0e651\x0fb"), "cp50222", "aｶｵｱb", ISO2022JP},
		"half-width kana with the eighth bit":                  {[]byte("\x1b$B$\"\x1b(B\xb6"), "iso-2022-jp", "あｶ", ISO2022JP},
		"kanji left open at a line end":                        {[]byte("\x1b$B$\"\r\nabc"), "", "あ\r\nabc", ISO2022JP},
		"kanji with JIS C 6226's escape":                       {[]byte("\x1b$@$\"\x1b(J"), "iso-2022-jp-2", "あ", ISO2022JP},
		"a coloured terminal is not ISO-2022-JP":               {[]byte("\x1b[31mred\x1b[0m"), "", "\x1b[31mred\x1b[0m", UTF8},
		"nothing":                                              {nil, "", "", UTF8},
	} {
		got, named, err := Decode(c.b, c.label)
		if got != c.want || named != c.wantNamed || err != nil {
			t.Errorf("%s: got %q as %s, %v; want %q as %s", name, got, named, err, c.want, c.wantNamed)
		}
	}
}

func TestAPictureIsNoText(t *testing.T) {
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x02\x00\x08\x06\x00\x00\x00\xf4\x78\xd4\xfa")
	if s, name, err := Decode(png, ""); !errors.Is(err, ErrNotText) || s != "" || name != "" {
		t.Errorf("got %q as %q, %v", s, name, err)
	}
}

func TestEveryNameOnThePickListIsALabel(t *testing.T) {
	for _, name := range Encodings() {
		if got, _ := encodingOf(name); !strings.HasPrefix(name, got) || got == "" {
			t.Errorf("%s is read as %q", name, got)
		}
	}
}

func TestLettersOfOtherSystemsAreWrittenAsWindowsDoes(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		missing  []rune
	}{
		"twins":                        {"〜−—‖¥¢£¬", "～－―∥￥￠￡￢", nil},
		"four-byte kanji and emoji":    {"𠮷田😀𠮷", "〓田〓〓", []rune{'𠮷', '😀'}},
		"names that Windows has":       {"髙﨑①㈱\ufa19", "髙﨑①㈱\ufa19", nil},
		"kana as Macs write them":      {"か\u3099ハ\u309a", "がパ", nil},
		"a mark that fits no letter":   {"あ\u3099", "あ〓", []rune{'\u3099'}},
		"selectors and joiners vanish": {"葛\U000e0100城\u200b", "葛城", nil},
		"broken bytes":                 {"a\xff", "a〓", []rune{utf8.RuneError}},
		"half-width kana stay":         {"ｶﾞ", "ｶﾞ", nil},
	} {
		b, missing := EncodeCP932(c.in)
		got, err := japanese.ShiftJIS.NewDecoder().String(string(b))
		if got != c.want || err != nil || !slices.Equal(missing, c.missing) {
			t.Errorf("%s: got %q, missing %q, %v", name, got, missing, err)
		}
		if bytes.IndexByte(b, 0x1a) >= 0 {
			t.Errorf("%s: a control byte", name)
		}
	}
}

func TestWhatCP932HasComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("あアｱ亜髙①aZ9 \n\t、。ー〓￢∵"))).Draw(t, "s")
		b, missing := EncodeCP932(s)
		if got, _, err := Decode(b, "cp932"); got != s || len(missing) > 0 || err != nil {
			t.Fatalf("%q came back as %q, missing %q, %v", s, got, missing, err)
		}
	})
}

func TestAPartOfAMailIsReadInItsCharset(t *testing.T) {
	r, err := CharsetReader("iso-2022-jp-ms", strings.NewReader("\x1b$B$\"\x1b(B"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); string(got) != "あ" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	r, err = CharsetReader("cp932", io.MultiReader(strings.NewReader("a"), failing{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = io.ReadAll(r); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a broken line: got %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func FuzzDecode(f *testing.F) {
	for _, s := range samples[:20] {
		b, _ := EncodeCP932(s)
		f.Add(b, "")
		f.Add([]byte(s), "windows-31j")
	}
	f.Add([]byte("\x1b$B$\"\x1b"), "iso-2022-jp")
	f.Add([]byte("\x1b$(D\x0e\xb1\x1b(I"), "")
	f.Add([]byte("\xff\xfe\x00\xd8"), "UTF-16")
	f.Fuzz(func(t *testing.T, b []byte, label string) {
		s, name, err := Decode(b, label)
		if !utf8.ValidString(s) || (name == "") != (err != nil) || len(s) > 3*len(b)+3 {
			t.Fatalf("%q as %q: %q, %q, %v", b, label, s, name, err)
		}
		if err == nil && label == "" && !slices.Contains(Encodings(), name) {
			t.Fatalf("detected %q", name)
		}
		again, missing := EncodeCP932(s)
		if back, _, err := Decode(again, CP932); err != nil || Runes(back) > Runes(s) || len(missing) > len(s) {
			t.Fatalf("%q written and read is %q, %v", s, back, err)
		}
	})
}
