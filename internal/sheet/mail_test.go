package sheet

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// mails reads mail and returns its rows as consultations.
func mails(t *testing.T, content string) []team.Incoming {
	t.Helper()
	table := read(t, "box.mbox", strings.ReplaceAll(content, "\n", "\r\n"))
	m := Guess(table)
	if m.Kind != Consultations {
		t.Fatalf("mails became %s", m.Kind)
	}
	return table.Incoming(m, now)
}

func TestAReplyWithItsQuestionIsAnAnsweredConsultation(t *testing.T) {
	jis := func(s string) string {
		out, err := japanese.ISO2022JP.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, mail := range map[string]string{
		"quoted below, ISO-2022-JP": "From: =?ISO-2022-JP?B?" + base64.StdEncoding.EncodeToString([]byte(jis("高田 健吾"))) + "?= <Takada@example.com>\nDate: Mon, 2 Nov 2026 15:00:00 +0900\nSubject: =?ISO-2022-JP?B?" +
			base64.StdEncoding.EncodeToString([]byte(jis("Re: USBメモリの件"))) + "?=\nMessage-ID: <a1@example.com>\nIn-Reply-To: <q1@example.com>\nContent-Type: text/plain; charset=ISO-2022-JP\n\n" +
			jis("「あずけ箱」を使ってください。\n\n2026年11月2日(月) 10:12 大野 さやか <ohno@example.com>:\n\n> 製造部の大野です。\n> USBメモリを使ってもよいですか。\n"),
		"Outlook, base64 UTF-8": "From: \"=?utf-8?B?6auY55SwIOWBpeWQvg==?=\" <takada@example.com>\nDate: Mon, 2 Nov 2026 06:00:00 +0000\nSubject: =?UTF-8?B?UmU6IFVTQuODoeODog==?=\n =?UTF-8?B?44Oq44Gu5Lu2?=\nIn-Reply-To: <q1@example.com>\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
			base64.StdEncoding.EncodeToString([]byte("「あずけ箱」を使ってください。\n\n-----Original Message-----\nFrom: 大野 さやか <ohno@example.com>\nSent: Monday, November 2, 2026 10:12 AM\nTo: 窓口\nSubject: USBメモリの件\n\n製造部の大野です。\nUSBメモリを使ってもよいですか。")),
		"HTML only": "From: takada@example.com\nDate: Mon, 2 Nov 2026 15:00:00 +0900\nSubject: RE: USB\nReferences: <x@example.com> <q1@example.com>\nContent-Type: text/html; charset=utf-8\n\n" +
			"<html><head><style>p{}</style></head><body><div>「あずけ箱」を使って<br>ください。</div><hr><div><b>差出人:</b> 大野 さやか &lt;ohno@example.com&gt;<br><b>送信日時:</b> 2026年11月2日 10:12<br><b>宛先:</b> 窓口<br><b>件名:</b> USB</div><p>製造部の大野です。</p><p>USBメモリを使ってもよいですか。</p></body></html>",
		"alternatives and an attachment, quoted-printable": "From: takada@example.com\nDate: Mon, 2 Nov 2026 15:00:00 +0900\nSubject: Re: USB\nIn-Reply-To: <q1@example.com>\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" +
			"=E3=80=8C=E3=81=82=E3=81=9A=E3=81=91=E7=AE=B1=E3=80=8D=E3=82=92=E4=BD=BF=E3=81=A3=E3=81=A6=E3=81=8F=E3=81=A0=E3=81=95=E3=81=84=E3=80=82\n\n2026/11/02 10:12 =E5=A4=A7=E9=87=8E <ohno@example.com>:\n> USB=E3=83=A1=E3=83=A2=E3=83=AA=E3=82=92=E4=BD=BF=E3=81=A3=E3=81=A6=E3=82=82=E3=82=88=E3=81=84=E3=81=A7=E3=81=99=E3=81=8B=E3=80=82\n--a\nContent-Type: text/html\n\n<b>no</b>\n--a--\n--m\nContent-Type: application/pdf; name=\"rule.pdf\"\n\nx\n--m--\n",
		"answered below the quote, Shift_JIS": func() string {
			b, _ := text.EncodeCP932("On Mon, Nov 2, 2026 at 10:12 AM 大野 <ohno@example.com> wrote:\n> 製造部の大野です。\n> USBメモリを使ってもよいですか。\n\n「あずけ箱」を使ってください。\n")
			return "From: takada@example.com\nDate: Mon, 2 Nov 2026 15:00:00 +0900\nSubject: Re: USB\nIn-Reply-To: <q1@example.com>\nContent-Type: text/plain; charset=\"Windows-31J\"\n\n" + string(b)
		}(),
	} {
		list := mails(t, mail)
		if len(list) != 1 || len(list[0].Problems) > 0 {
			t.Fatalf("%s: %+v", name, list)
		}
		c := list[0].Consultation
		if !strings.HasSuffix(c.Text, "USBメモリを使ってもよいですか。") || strings.ReplaceAll(c.Reply, "\n", "") != "「あずけ箱」を使ってください。" || !strings.HasPrefix(c.Subject, "USB") ||
			c.State != team.ConsultationAnswered || c.ExternalID != "<q1@example.com>" || list[0].Answerer != "takada@example.com" || !strings.HasPrefix(c.Requester, "大野") ||
			c.ReceivedAt.In(now.Location()).Format("01-02 15:04") != "11-02 10:12" || c.AnsweredAt.In(now.Location()).Format("01-02 15:04") != "11-02 15:00" {
			t.Errorf("%s: %+v\nconsultation %+v", name, list[0], *c)
		}
	}
}

// mailOf writes a plain mail of a box.
func mailOf(from, id, answers, subject, body string) string {
	reply := ""
	if answers != "" {
		reply = "In-Reply-To: <" + answers + "@example.com>\n"
	}
	return fmt.Sprintf("From x@example.com Mon Nov  2 10:12:00 2026\nFrom: %s@example.com\nMessage-ID: <%s@example.com>\n%sDate: Mon, 2 Nov 2026 10:%02d:00 +0900\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n\n",
		from, id, reply, id[0]-'a', subject, body)
}

func TestAThreadIsJoinedToItsQuestion(t *testing.T) {
	box := mailOf("ohno", "a", "", "USB", "USBは使えますか。\n>From 品証\n") +
		mailOf("takada", "b", "a", "Re: USB", "使えません。\n\n> USBは使えますか。") +
		mailOf("sato", "c", "b", "Re: USB", "補足です。") +
		mailOf("ohno", "d", "b", "Re: USB", "ありがとうございました。\n> 使えません。") +
		mailOf("ohno", "e", "b", "Re: USB", "SSDも使えませんか？\n> 使えません。") +
		mailOf("takada", "f", "e", "Re: USB", "はい、SSDもです。\n> SSDも使えませんか？") +
		mailOf("miura", "g", "", "AI", "AIは使えますか？") +
		mailOf("takada", "b", "a", "Re: USB", "写し")
	list := mails(t, box)
	var got []string
	for _, in := range list {
		c := in.Consultation
		got = append(got, fmt.Sprintf("%d %s %s %q %q %s %s", in.Line, c.State, c.Requester, c.Text, c.Reply, in.Answerer, c.ExternalID))
	}
	want := []string{
		`1 answered ohno@example.com "USBは使えますか。\nFrom 品証" "使えません。\n\n補足です。" takada@example.com <a@example.com>`,
		`45 answered ohno@example.com "SSDも使えませんか？" "はい、SSDもです。" takada@example.com <e@example.com>`,
		`67 open miura@example.com "AIは使えますか？" ""  <g@example.com>`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if table := read(t, "box.mbox", box); kinds(table) != "follow_up" {
		t.Errorf("notes %v", table.Notes)
	}
}

func TestWhatIsLostOfAMailIsNamed(t *testing.T) {
	table := read(t, "a.eml", "From: a@example.com\nSubject: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\nUSB?\n--m\nContent-Type: image/png\nContent-Disposition: attachment; filename*=utf-8''%E7%94%BB%E9%9D%A2.png\n\nx\n--m\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n!!!!\n--m--\n")
	if kinds(table) != "attachment bad_part" || table.Notes[0].Detail != "画面.png" || table.Rows[0].Cells[1] != "USB?" {
		t.Errorf("notes %v, rows %v", table.Notes, table.Rows)
	}
	long := strings.Repeat("長い件名", 40)
	table = read(t, "a.eml", "From: a@example.com\nSubject: "+long+"\n\nUSB?")
	in := table.Incoming(Guess(table), now)[0]
	if kinds(table) != "subject_cut" || len(in.Problems) > 0 || !strings.HasPrefix(in.Consultation.Text, long) || in.Consultation.State != team.ConsultationOpen {
		t.Errorf("notes %v, %+v", table.Notes, in)
	}
}

func TestAMailWithoutAnIDIsTheSameMailNextTime(t *testing.T) {
	mail := "From: a@example.com\nSubject: x\n\nUSB?"
	first, second := mails(t, mail), mails(t, mail)
	other := mails(t, mail+"!")
	if id := first[0].Consultation.ExternalID; id == "" || id != second[0].Consultation.ExternalID || id == other[0].Consultation.ExternalID {
		t.Errorf("ids %q %q %q", id, second[0].Consultation.ExternalID, other[0].Consultation.ExternalID)
	}
}

func TestWrappedLinesAreJoined(t *testing.T) {
	for in, want := range map[string]string{
		"これは長い文 \nです。\n次": "これは長い文です。\n次", "> a \n> b\nc": "> ab\nc", ">> a \n> b": ">> a\n> b", "a\n\n-- \nx": "a\n\n-- \nx", " a \nb": "ab",
	} {
		if got := unflow(in, true); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestHTMLComesDownToItsWords(t *testing.T) {
	for in, want := range map[string]string{
		"<p>a  b</p>\n<p>c</p>": "a b\n\nc", "a<br>b": "a\nb", "<b>a</b>b <i>c</i>": "ab c", "<script>x</script>a<style>y</style>": "a",
		"a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e": "a\n> b\n> c\n> > d\ne", "<ul><li>a</li><li>b</li></ul>": "・a\n・b",
		`<a href="https://example.com/a">手順</a>です`: "手順 (https://example.com/a)です", `<a href="https://example.com/">https://example.com</a>`: "https://example.com",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc", "<pre>a\n  b</pre>": "a\n  b", "日本\n語": "日本 語", "&lt;b&gt;": "<b>",
	} {
		if got := strings.TrimRight(htmlText(in), "\n"); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func FuzzReadMail(f *testing.F) {
	f.Add([]byte(mailOf("a", "a", "", "USB", "USB?\n>From x") + mailOf("b", "b", "a", "Re: USB", "No.\n> USB?") + mailOf("a", "c", "b", "Re: USB", "thanks")))
	f.Add([]byte("From: a@example.com\nSubject: =?utf-8?B?44GC?=\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/html\n\n<p>a<blockquote>b\n--a\nContent-Type: text/plain; format=flowed; delsp=yes\nContent-Transfer-Encoding: quoted-printable\n\na =\n=E3\n--a--"))
	f.Add([]byte("From: a\nContent-Type: multipart/mixed; boundary=\"\"\n\n--\nContent-Type: message/rfc822\n\nFrom: b\n\nx\n----\n"))
	f.Add([]byte("Message-ID: <a>\nIn-Reply-To: <b>\n\nx\n\nFrom b@x 10:12\nMessage-ID: <b>\nIn-Reply-To: <a>\n\ny\n"))
	f.Fuzz(func(t *testing.T, content []byte) { wellFormed(t, "a.mbox", content) })
}
