package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
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

func TestWholeMailsComeDownToTheirQuestion(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a full Japanese mail": {"差出人: 大野 さやか <ohno@example.co.jp>\n宛先: セキュリティ部門 <sec@example.co.jp>\n件名: Re: USBメモリの利用について\n\nセキュリティ部門 ご担当者様\n\nいつもお世話になっております。\n製造部の大野です。\n\n取引先へ図面を渡すためにUSBメモリを使えますか。\n教えていただけると助かります。\n\n以上、よろしくお願いいたします。\n\n────────────\n株式会社サンプル精機\n製造部 大野 さやか\n内線：1234\nohno@example.co.jp\n────────────",
			"USBメモリの利用について\n取引先へ図面を渡すためにUSBメモリを使えますか。\n教えていただけると助かります。"},
		"a full English mail":                   {"Dear Security team,\n\nI hope this e-mail finds you well. Can I install a browser plug-in on my work laptop?\n\nThank you in advance.\nBest regards,\nJohn Smith\nSales\nTel: +81-3-0000-0000", "Can I install a browser plug-in on my work laptop?"},
		"greeting and question on one line":     {"お疲れさまです、VPNがつながりません。どうすればよいですか？", "VPNがつながりません。どうすればよいですか？"},
		"an English greeting before a question": {"Hi team, can I use Dropbox with a customer?", "can I use Dropbox with a customer?"},
		"hello without a comma stays":           {"Hello can I use USB?", "Hello can I use USB?"},
		"three greetings on one line":           {"お世話になっております。製造部の大野です。先日はありがとうございました。私物のスマホは使えますか？", "私物のスマホは使えますか？"},
		"a bare name after a greeting":          {"お疲れ様です！ 大野です。\nパスワードを忘れました。", "パスワードを忘れました。"},
		"no introduction but a problem":         {"お疲れさまです。\n情報システム部の端末が故障です。\n至急です。代わりはありますか？", "情報システム部の端末が故障です。\n至急です。代わりはありますか？"},
		"a greeting below a subject":            {"件名：VPN\n\nお疲れさまです。\nつながりません。", "VPN\nつながりません。"},
		"the day of an event opens no quote":    {"VPNについてです。\n2026/11/2 10:12 に起きたこと：\nログインできません", "VPNについてです。\n2026/11/2 10:12 に起きたこと：\nログインできません"},
		"a company in a question":               {"確認です。\n取引先の株式会社サンプルへ図面を送りたい", "確認です。\n取引先の株式会社サンプルへ図面を送りたい"},
		"an address in a question":              {"次のサイトが開けません\nhttps://example.com/login", "次のサイトが開けません\nhttps://example.com/login"},
		"a phone number in a question":          {"困っています\n内線 1234 に電話しましたが出ません", "困っています\n内線 1234 に電話しましたが出ません"},
		"a table":                               {"次の2つで迷います。\n| A | USB |\n| B | 箱 |", "次の2つで迷います。\n| A | USB |\n| B | 箱 |"},
		"a frame around the question":           {"以下の件です\n────\nVPNがつながりません。\n────", "以下の件です\n────\nVPNがつながりません。"},
		"a report that begins with its day":     {"日時：昨日 10時\n画面が青くなりました。", "日時：昨日 10時\n画面が青くなりました。"},
		"a request with the closing's words":    {"USBの利用許可をよろしくお願いします。", "USBの利用許可をよろしくお願いします。"},
		"Outlook's block below":                 {"申請書はどこにありますか。\n\n差出人: 高田 <t@example.com>\n送信日時: 2026年11月2日 10:12\n宛先: 大野\n件名: RE: USB\n\nUSBは使えません。", "申請書はどこにありますか。"},
		"a Japanese attribution":                {"外付けSSDも同じですか？\n\n2026年11月2日(月) 10:12 高田 <takada@example.com>:\n\n> USBは使えません。\n＞ あずけ箱を使ってください。", "外付けSSDも同じですか？"},
		"an attribution on two lines":           {"What about SSDs?\n\nOn Mon, Nov 2, 2026 at 10:12 AM Takada Kenji\n<takada@example.com> wrote:\n\nUSB is not allowed.", "What about SSDs?"},
		"an answer below a quote":               {"On Mon, Nov 2, 2026 at 10:12 AM Takada wrote:\n> USB is not allowed.\n\nAnd what about SSDs?", "And what about SSDs?"},
		"a forwarded question":                  {"転送します。\n\n---------- Forwarded message ---------\nFrom: Ohno <ohno@example.com>\nDate: Mon, 2 Nov 2026\nSubject: Fwd: USB\n\nUSBは使えますか？", "USB\n転送します。\n\nUSBは使えますか？"},
		"only a forwarded question":             {"お疲れさまです。\n-----Original Message-----\nFrom: Ohno <ohno@example.com>\nSent: Monday\n\nUSBは使えますか？", "USBは使えますか？"},
		"stars around a signature":              {"AIで議事録を作りたいです。\n*****************\n営業部 三浦 はるか\nTEL 03-0000-0000\n*****************", "AIで議事録を作りたいです。"},
		"a signed name alone":                   {"申請の方法を教えてください。\nよろしくお願いいたします。\n製造部 大野 さやか", "申請の方法を教えてください。"},
		"sent from a telephone":                 {"Is the VPN down?\n\nSent from my iPhone", "Is the VPN down?"},
		"words after a department":              {"USB 禁止 理由\n総務部 申請", "USB 禁止 理由\n総務部 申請"},
		"a rule above Outlook's block":          {"Is there a policy for ChatGPT?\n\nThanks,\nEmma\n\n________________________________\nFrom: Sec <s@example.com>\nSent: Monday\nTo: Emma\nSubject: RE: AI\n\nNo.", "Is there a policy for ChatGPT?"},
		"Windows line ends":                     {"お疲れさまです。\r\nVPNの申請先は？\r\n", "VPNの申請先は？"},
	} {
		if got := StripMail(c.in).Text; got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestNothingIsReportedAsRemovedWhereAllWouldGo(t *testing.T) {
	for _, in := range []string{"お疲れさまです。製造部の大野です。\nよろしくお願いいたします。", "-- \n総務部 井上", "Best regards,"} {
		if got := StripMail(in); got.Text != Clean(in) || len(got.Removed) != 0 {
			t.Errorf("%q became %+v", in, got)
		}
	}
}

func TestTheWriterIsNotTheOneAddressedOrQuoted(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want Hints
	}{
		"addressed":              {"セキュリティ部門 御中\n営業部の三浦です。お疲れさまです。\n使えますか？", Hints{[]string{"営業部"}, "三浦"}},
		"asked about":            {"お疲れさまです。大野です。\n経理部に送ってもよいですか？", Hints{nil, "大野"}},
		"quoted":                 {"SSDは使えますか？\n2026年11月2日(月) 10:12 高田 <t@example.com>:\n総務部の高田です。使えません。", Hints{}},
		"shown with the address": {"差出人: 製造部 大野 さやか <o@example.com>\n件名: USB\n\n使えますか？", Hints{[]string{"製造部"}, "大野 さやか"}},
		"signed in English":      {"Is the VPN down?\n\nBest regards,\nAnna Schmidt\nPurchasing\nanna@example.com", Hints{nil, "Anna Schmidt"}},
		"only a department":      {"経理部の者ですが、USBは使えますか？", Hints{[]string{"経理部"}, ""}},
		"signed in two lines":    {"使えますか？\n\n株式会社サンプル精機\n製造部 大野 さやか\nTEL: 03-0000-0000", Hints{[]string{"製造部"}, "大野 さやか"}},
	} {
		got := MailHints(c.in)
		if got.Name != c.want.Name || strings.Join(got.Departments, " ") != strings.Join(c.want.Departments, " ") {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestSentencesJoinedAreTheLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOf(rapid.SampledFrom([]rune("あ。！？.!? a\u00a0"))).Draw(t, "line")
		if got := strings.Join(Sentences(line), ""); got != line {
			t.Fatalf("%q became %q", line, got)
		}
	})
}

func FuzzStripMail(f *testing.F) {
	f.Add("お世話になっております。\n> a\nUSB？\n--\nx")
	f.Add("From: a@b.c\nSubject: x\n\nHi all,\n-----Original Message-----\nOn 2026-11-02 10:12 a\n<a@b.c> wrote:\nThanks")
	f.Add("\xff製造部の大野です。\n差出人: 大野\n件名:\n────\n内線 1")
	f.Fuzz(func(t *testing.T, s string) {
		got := StripMail(s).Text
		if !utf8.ValidString(got) || (got == "") != (Clean(s) == "") {
			t.Fatalf("%q became %q", s, got)
		}
		MailHints(s)
	})
}
