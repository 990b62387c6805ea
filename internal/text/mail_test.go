package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTheQuestionIsWhatStays(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"greeting and self-introduction": {"お世話になっております。製造部の大野です。\n来週、図面を渡します。USBメモリを使ってもよいでしょうか。", "来週、図面を渡します。USBメモリを使ってもよいでしょうか。"},
		"the other way round":            {"営業部の三浦です。お疲れさまです。\n無料のChatGPTで要約したいです。", "無料のChatGPTで要約したいです。"},
		"addressee and closing":          {"セキュリティ部門 御中\nいつもお世話になっております。\nVPNがつながりません。\n以上、よろしくお願いいたします。", "VPNがつながりません。"},
		"a signature with a rule":        {"パスワードを忘れました。\n-- \n総務部 井上 久美子\n内線 1234", "パスワードを忘れました。"},
		"a signature without a rule":     {"パスワードを忘れました。\n\n株式会社サンプル精機 総務部\n井上 久美子\nTEL: 03-0000-0000", "パスワードを忘れました。"},
		"a quoted reply":                 {"ありがとうございます。スマホでも使えますか？\n> あずけ箱を使ってください。\n> よろしくお願いします。", "スマホでも使えますか？"},
		"an original message below":      {"追加で質問です。外付けSSDは？\n-----Original Message-----\nFrom: a@example.com\nUSBは使えません。", "追加で質問です。外付けSSDは？"},
		"headers, the subject stays":     {"From: 大野 <ohno@example.com>\nDate: Mon, 2 Nov 2026\nSubject: USBメモリの件\n\n使ってもよいですか？", "USBメモリの件\n使ってもよいですか？"},
		"English":                        {"Hi team,\nCan I use my own phone for mail?\nBest regards,", "Can I use my own phone for mail?"},
		"English quote":                  {"What about SSDs?\nOn Mon, Nov 2, 2026 at 10:12 AM Takada wrote:\n> USB is not allowed.", "What about SSDs?"},
		"only a greeting is kept":        {"お世話になっております。", "お世話になっております。"},
		"only a quote is kept":           {"> USBは使えますか", "> USBは使えますか"},
		"words stay words":               {"vpn 申請", "vpn 申請"},
		"thanks for an answer is not a closing of the question": {"教えていただけると助かります。", "教えていただけると助かります。"},
	} {
		if got := StripMail(c.in).Text; got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestWhatIsTakenOffIsShown(t *testing.T) {
	got := StripMail("お世話になっております。\nVPNの件です？\n--\n総務部 井上")
	if len(got.Removed) != 2 || got.Removed[0].Kind != "signature" || got.Removed[1].Kind != "greeting" {
		t.Errorf("got %+v", got.Removed)
	}
}

func TestWhoWrote(t *testing.T) {
	for in, want := range map[string]Hints{
		"お世話になっております。製造部の大野です。":                     {[]string{"製造部"}, "大野"},
		"助けてください\n-- \n総務部 井上 久美子":                  {[]string{"総務部"}, "井上 久美子"},
		"From: John Smith <j@example.com>\n\nHello": {nil, "John Smith"},
		"vpn": {},
	} {
		got := MailHints(in)
		if got.Name != want.Name || strings.Join(got.Departments, " ") != strings.Join(want.Departments, " ") {
			t.Errorf("%q: got %+v, want %+v", in, got, want)
		}
	}
}

func FuzzStripMail(f *testing.F) {
	f.Add("お世話になっております。\n> a\nUSB？\n--\nx")
	f.Fuzz(func(t *testing.T, s string) {
		got := StripMail(s).Text
		if !utf8.ValidString(got) || (got == "") != (Clean(s) == "") {
			t.Fatalf("%q became %q", s, got)
		}
		MailHints(s)
	})
}
