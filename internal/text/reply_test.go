package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAReplyIsSplitFromWhatItAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want Reply
	}{
		"quoted below": {"使えません。\n\n2026年11月2日(月) 10:12 大野 さやか <ohno@example.com>:\n\n> USBは使えますか？\n> 大野",
			Reply{Text: "使えません。", Quoted: "USBは使えますか？\n大野", Name: "大野 さやか", Address: "ohno@example.com", Sent: "2026年11月2日(月) 10:12"}},
		"quoted above": {"On Mon, Nov 2, 2026 at 10:12 AM Ohno <Ohno@example.com> wrote:\n> Can I use USB?\n\nNo.",
			Reply{Text: "No.", Quoted: "Can I use USB?", Name: "Ohno", Address: "ohno@example.com", Sent: "Mon, Nov 2, 2026 10:12 AM"}},
		"on two lines": {"No.\n\nOn Mon, Nov 2, 2026 at 10:12 AM Ohno Sayaka\n<ohno@example.com> wrote:\n\n> Can I?",
			Reply{Text: "No.", Quoted: "Can I?", Name: "Ohno Sayaka", Address: "ohno@example.com", Sent: "Mon, Nov 2, 2026 10:12 AM"}},
		"an original message": {"使えません。\n\n-----Original Message-----\nFrom: 大野 さやか [mailto:ohno@example.com]\nSent: Monday, November 2, 2026 10:12 AM\nTo: 窓口\nSubject: USBの件\n\nUSBは使えますか？",
			Reply{Text: "使えません。", Quoted: "USBは使えますか？", Name: "大野 さやか", Address: "ohno@example.com", Sent: "Monday, November 2, 2026 10:12 AM", Subject: "USBの件"}},
		"Outlook's block in Japanese": {"使えません。\n________________________________\n差出人: 大野 さやか <ohno@example.com>\n送信日時: 2026年11月2日 10:12\n宛先: 窓口\n件名: RE: USBの件\n\nUSBは使えますか？",
			Reply{Text: "使えません。", Quoted: "USBは使えますか？", Name: "大野 さやか", Address: "ohno@example.com", Sent: "2026年11月2日 10:12", Subject: "USBの件"}},
		"between the lines": {"> USBは使えますか？\n使えません。\n> SSDは？\n使えません。",
			Reply{Text: "> USBは使えますか？\n使えません。\n> SSDは？\n使えません。", Quoted: "USBは使えますか？\nSSDは？"}},
		"marks only":       {"使えません。\n＞ USBは使えますか？\n＞＞前の話", Reply{Text: "使えません。", Quoted: "USBは使えますか？\n＞前の話"}},
		"written by":       {"使えません。\n大野さんは書きました：\n> USBは？", Reply{Text: "使えません。", Quoted: "USBは？", Name: "大野"}},
		"no reply":         {"USBは使えますか？", Reply{Text: "USBは使えますか？"}},
		"only a quote":     {"> USBは使えますか？", Reply{Text: "> USBは使えますか？"}},
		"a forwarded mail": {"確認をお願いします。\n---------- Forwarded message ---------\nFrom: a@example.com\nUSBは？", Reply{Text: "確認をお願いします。\n---------- Forwarded message ---------\nFrom: a@example.com\nUSBは？"}},
		"nothing":          {"", Reply{}},
	} {
		if got := SplitReply(c.in); got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
	}
}

func TestAMailboxHasANameAndAnAddress(t *testing.T) {
	for in, want := range map[string]string{
		"大野 さやか <Ohno@Example.com>": "大野 さやか|ohno@example.com", `"Ohno, Sayaka" <o@example.com>`: "Ohno, Sayaka|o@example.com", "o@example.com": "|o@example.com",
		"o@example.com (Ohno)": "Ohno|o@example.com", "大野": "大野|", "": "|", "<o@example.com>": "|o@example.com",
	} {
		if name, address := SplitAddress(in); name+"|"+address != want {
			t.Errorf("%s: got %q %q", in, name, address)
		}
	}
}

func FuzzSplitReply(f *testing.F) {
	f.Add("使えません。\n\n2026年11月2日(月) 10:12 大野 <ohno@example.com>:\n> USBは？")
	f.Add("No.\n-----Original Message-----\nFrom: a@example.com\nSent: Monday\nSubject: x\n\nUSB?")
	f.Add("> a\nb\n> c\nd\nOn Mon, Nov 2, 2026 at 10:12 AM x wrote:\n> y")
	f.Fuzz(func(t *testing.T, s string) {
		r := SplitReply(s)
		for _, part := range []string{r.Text, r.Quoted, r.Name, r.Address, r.Sent, r.Subject} {
			if !utf8.ValidString(part) || len(part) > len(Clean(s)) || strings.Contains(r.Name, "\n") {
				t.Fatalf("%q: %+v", s, r)
			}
		}
		if Clean(s) != "" && r.Text == "" {
			t.Fatalf("%q: nothing said", s)
		}
	})
}
