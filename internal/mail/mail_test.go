package mail

import (
	"context"
	"crypto/tls"
	"io"
	"mime"
	"net"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"pgregory.net/rapid"
)

var sentAt = time.Date(2027, 3, 31, 23, 30, 0, 0, time.UTC)

func sample() Message {
	return Message{ID: "DIGEST1", At: sentAt, Name: "髙田 健吾", To: "takada@example.com", Subject: "【Tasuki】𠮷田さんの資格「情報処理安全確保支援士」の期限まで、あと30日です",
		Text:     "髙田 健吾さん\n\n・情報処理安全確保支援士: 更新の申請は2027年8月1日（日）まで\n.\n.. 点で始まる行\n" + strings.Repeat("長い行", 400) + "\n",
		Language: "ja", Stop: "https://tasuki.example.com/me"}
}

// readMail takes a mail apart with a library that did not compose it.
func readMail(t testing.TB, raw string) (message.Header, string) {
	t.Helper()
	m, err := message.Read(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, strings.ReplaceAll(string(body), "\r\n", "\n")
}

func TestAMailArrivesAsItWasWritten(t *testing.T) {
	for _, language := range []string{"ja", "en"} {
		t.Run(language, func(t *testing.T) {
			s, l := &server{}, listen(t)
			s.start(t, l, nil)
			m := sample()
			m.Language = language
			if err := postTo(t, l, plainText).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			all := s.all()
			if len(all) != 1 || all[0].from != "tasuki@example.com" || all[0].to != m.To {
				t.Fatalf("%+v", all)
			}
			header, body := readMail(t, all[0].raw)
			subject, err := header.Text("Subject")
			if err != nil || subject != m.Subject || body != m.Text {
				t.Errorf("%q, %q, %v", subject, body, err)
			}
			for name, want := range map[string]string{"Message-Id": "<DIGEST1.tasuki@example.com>", "Date": "Wed, 31 Mar 2027 23:30:00 +0000",
				"Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=UTF-8", "Mime-Version": "1.0", "List-Unsubscribe": "<https://tasuki.example.com/me>",
				"Content-Language": language} {
				if got := header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			to, err := mail.ParseAddress(header.Get("To"))
			if err != nil || to.Name != m.Name || to.Address != m.To {
				t.Errorf("to %v, %v", to, err)
			}
			checkLines(t, all[0].raw)
		})
	}
}

// checkLines wants what RFC 5322 wants of every line, and letters alone.
func checkLines(t testing.TB, raw string) {
	t.Helper()
	for line := range strings.SplitSeq(raw, "\n") {
		if len(strings.TrimSuffix(line, "\r")) > 78 {
			t.Errorf("a line of %d: %q", len(line), line)
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return r > 126 }); i >= 0 {
			t.Errorf("bare bytes in %q", line)
		}
	}
}

// Whatever stands in a name or a subject: it stays in its header, and the mail has the
// headers and the recipient of every other mail.
func TestNothingTypedMakesAHeaderOrARecipient(t *testing.T) {
	p, err := New(Config{URL: "smtp://127.0.0.1", From: "tasuki@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	rapid.Check(t, func(t *rapid.T) {
		evil := rapid.SampledFrom([]string{"\r\nBcc: eve@example.com\r\n", "\nSubject: x", "\r\n\r\nbody", "\u2028Bcc: eve@example.com", "\x00", "=?UTF-8?B?DQpCY2M6IGV2ZQ==?=", "\"", "<eve@example.com>", ", ", "\u202e", "𠮷"})
		text := rapid.Custom(func(t *rapid.T) string {
			return rapid.StringN(0, 20, -1).Draw(t, "a") + evil.Draw(t, "evil") + rapid.StringN(0, 80, -1).Draw(t, "b")
		})
		m := Message{ID: text.Draw(t, "id"), At: sentAt, Name: text.Draw(t, "name"), To: "aoi@example.com", Subject: text.Draw(t, "subject"), Text: text.Draw(t, "text"),
			Language: rapid.SampledFrom([]string{"ja", "en"}).Draw(t, "language")}
		msg, err := p.compose(m)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if _, err := msg.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		read, err := mail.ReadMessage(strings.NewReader(b.String()))
		if err != nil {
			t.Fatalf("%v in %q", err, b.String())
		}
		var got []string
		for name := range read.Header {
			got = append(got, name)
		}
		slices.Sort(got)
		if names == nil {
			names = got
		}
		to, err := read.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "aoi@example.com" || !slices.Equal(got, names) || len(read.Header["To"]) != 1 || len(read.Header["Subject"]) != 1 {
			t.Fatalf("headers %v to %v, %v in %q", got, to, err, b.String())
		}
		if subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject")); err != nil || strings.ContainsAny(subject, "\r\n") {
			t.Fatalf("subject %q, %v", subject, err)
		}
	})
}

func TestWhatIsNoAddressIsNotTried(t *testing.T) {
	p, err := New(Config{URL: "smtp://127.0.0.1", From: "tasuki@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"", "takada", "a@example.com, b@example.com", "Aoi <a@example.com>", "a@example.com\r\nRCPT TO:<b@example.com>", "a b@example.com"} {
		m := sample()
		m.To = to
		if err := p.Send(t.Context(), m); kindOf(err) != BadAddress {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func TestAMailIsProtectedOnTheWay(t *testing.T) {
	cert, roots := certificate(t, "mail.test")
	_, strangers := certificate(t, "mail.test")
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	for _, test := range []struct {
		name     string
		security int
		served   *tls.Config
		change   func(*Post)
		want     Kind
	}{
		{"STARTTLS", startTLS, config, func(p *Post) { p.roots = roots }, ""},
		{"TLS from the start", implicitTLS, config, func(p *Post) { p.roots = roots }, ""},
		{"a certificate that nobody vouches for", startTLS, config, func(p *Post) { p.roots = strangers }, Unprotected},
		{"the same with TLS from the start", implicitTLS, config, func(p *Post) { p.roots = strangers }, Unprotected},
		{"a certificate of another host", startTLS, config, func(p *Post) { p.roots, p.host = roots, "127.0.0.1" }, Unprotected},
		{"a server without TLS", startTLS, nil, func(p *Post) {}, Unprotected},
		{"one that wants STARTTLS, asked for TLS from the start", implicitTLS, nil, func(p *Post) {}, Unprotected},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, l := &server{password: "secret"}, listen(t)
			served := l
			if test.security == implicitTLS && test.served != nil {
				served = tls.NewListener(l, test.served)
			}
			s.start(t, served, test.served)
			p := postTo(t, l, test.security)
			p.host, p.user, p.password = "mail.test", "tasuki", "secret"
			test.change(p)
			err := sendThrough(t, p, l)
			if kindOf(err) != test.want || (test.want == "") != (err == nil) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if all := s.all(); test.want == "" && (len(all) != 1 || !all[0].secured || !all[0].signedIn) || test.want != "" && len(all) > 0 {
				t.Errorf("%+v", all)
			}
		})
	}
}

// sendThrough sends to a listener whatever host the Post believes it talks to.
func sendThrough(t *testing.T, p *Post, l net.Listener) error {
	t.Helper()
	p.connect = func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, l.Addr().String())
	}
	return p.Send(t.Context(), sample())
}

func TestSigningIn(t *testing.T) {
	for _, test := range []struct {
		name, wanted, given string
		ways                []string
		want                Kind
	}{
		{"the right password", "secret", "secret", nil, ""},
		{"a server that knows LOGIN alone", "secret", "secret", []string{"LOGIN"}, ""},
		{"a wrong password", "secret", "wrong", nil, SignIn},
		{"a wrong password by LOGIN", "secret", "wrong", []string{"LOGIN"}, SignIn},
		{"a server where nobody can sign in", "", "secret", nil, SignIn},
		{"a way we do not have", "secret", "secret", []string{"XOAUTH2"}, SignIn},
		{"nobody signs in where somebody must", "secret", "", nil, Refused},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, l := &server{password: test.wanted, ways: test.ways}, listen(t)
			s.start(t, l, nil)
			p := postTo(t, l, plainText)
			if test.given != "" {
				p.user, p.password = "tasuki", test.given
			}
			err := p.Send(t.Context(), sample())
			if kindOf(err) != test.want || (err != nil) != (test.want != "") {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "wrong") {
				t.Errorf("the log would show the password: %v", err)
			}
		})
	}
}

// ready are the answers of a server up to the end of a mail.
func ready(change map[string]string) map[string]string {
	all := map[string]string{"": "220 mail.test\r\n", "EHLO": "250 mail.test\r\n", "MAIL": "250 ok\r\n", "RCPT": "250 ok\r\n", "DATA": "354 go\r\n",
		".": "250 taken\r\n", "RSET": "250 ok\r\n", "QUIT": "221 bye\r\n"}
	for word, answer := range change {
		if answer == "" {
			delete(all, word)
			continue
		}
		all[word] = answer
	}
	return all
}

func TestWhateverTheServerDoesTheEndIsKnownOrSaidToBeUnknown(t *testing.T) {
	drops := func(net.Conn) {}
	hangs := func(c net.Conn) { io.Copy(io.Discard, c) }
	half := func(c net.Conn) { io.WriteString(c, "25") }
	for _, test := range []struct {
		name   string
		change map[string]string
		last   func(net.Conn)
		want   Kind
		code   int
	}{
		{"all is well", nil, drops, "", 0},
		{"no greeting, and silence", map[string]string{"": ""}, hangs, Unreachable, 0},
		{"no greeting, and gone", map[string]string{"": ""}, drops, Unreachable, 0},
		{"a greeting that sends everybody away", map[string]string{"": "554 no service\r\n"}, drops, Unreachable, 554},
		{"silence after the sender", map[string]string{"MAIL": ""}, hangs, Unreachable, 0},
		{"the sender is refused", map[string]string{"MAIL": "553 not you\r\n"}, drops, Refused, 553},
		{"the recipient is refused", map[string]string{"RCPT": "550 <takada@example.com> unknown\r\n"}, drops, Refused, 550},
		{"the recipient has to wait", map[string]string{"RCPT": "450 later\r\n"}, drops, Refused, 450},
		{"gone before the mail", map[string]string{"DATA": ""}, drops, Unreachable, 0},
		{"half an answer before the mail", map[string]string{"DATA": ""}, half, Unreachable, 0},
		{"no data wanted", map[string]string{"DATA": "451 not now\r\n"}, drops, Refused, 451},
		{"the mail is refused", map[string]string{".": "554 looks like spam\r\n"}, drops, Refused, 554},
		{"gone after the mail", map[string]string{".": ""}, drops, Unclear, 0},
		{"silence after the mail", map[string]string{".": ""}, hangs, Unclear, 0},
		{"half an answer after the mail", map[string]string{".": ""}, half, Unclear, 0},
		{"gone after the mail was taken", map[string]string{"RSET": ""}, drops, "", 0},
		{"silence after the mail was taken", map[string]string{"RSET": ""}, hangs, "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := postTo(t, script(t, ready(test.change), test.last), plainText)
			p.step, p.whole = 300*time.Millisecond, 2*time.Second
			err := p.Send(t.Context(), sample())
			var e *Error
			if err != nil {
				e = err.(*Error)
			}
			if kindOf(err) != test.want || (err != nil) != (test.want != "") || e != nil && e.Code != test.code {
				t.Fatalf("got %v, want %q with %d", err, test.want, test.code)
			}
			if e != nil && strings.Contains(e.Error(), "takada") {
				t.Errorf("the log would show an address: %v", e)
			}
		})
	}
}

func TestSendingEndsWithItsContext(t *testing.T) {
	p := postTo(t, script(t, ready(map[string]string{"MAIL": ""}), func(c net.Conn) { io.Copy(io.Discard, c) }), plainText)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	done := make(chan error, 1)
	go func() { done <- p.Send(ctx, sample()) }()
	select {
	case err := <-done:
		if kindOf(err) != Unreachable {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second): // a step may take 20
		t.Error("it goes on")
	}
}

func TestAConfigurationSaysWhatIsWrongWithIt(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		want   string // the setting named, "" for none
	}{
		{"no mail at all", Config{}, ""},
		{"STARTTLS", Config{URL: "smtp://mail.example.com", From: "t@example.com"}, ""},
		{"all of it", Config{URL: "smtps://mail.example.com:465", User: "u", Password: "p", From: "Tasuki <t@example.com>"}, ""},
		{"an open relay inside", Config{URL: "smtp://relay.example.com:25?tls=off", From: "t@example.com"}, ""},
		{"a program on this machine", Config{URL: "smtp://localhost:25", User: "u", Password: "p", From: "t@example.com"}, ""},
		{"settings without a server", Config{From: "t@example.com"}, "TASUKI_SMTP_URL"},
		{"no scheme", Config{URL: "mail.example.com:587", From: "t@example.com"}, "TASUKI_SMTP_URL"},
		{"another scheme", Config{URL: "https://mail.example.com", From: "t@example.com"}, "TASUKI_SMTP_URL"},
		{"a port that is none", Config{URL: "smtp://mail.example.com:99999", From: "t@example.com"}, "TASUKI_SMTP_URL"},
		{"a password in the address", Config{URL: "smtp://u:hunter2@mail.example.com", From: "t@example.com"}, "TASUKI_SMTP_PASSWORD"},
		{"something else after the question mark", Config{URL: "smtp://mail.example.com?tls=no", From: "t@example.com"}, "tls=off"},
		{"both", Config{URL: "smtps://mail.example.com?tls=off", From: "t@example.com"}, "TASUKI_SMTP_URL"},
		{"a password in the open", Config{URL: "smtp://mail.example.com?tls=off", User: "u", Password: "hunter2", From: "t@example.com"}, "TASUKI_SMTP_USER"},
		{"a user without a password", Config{URL: "smtp://mail.example.com", User: "u", From: "t@example.com"}, "TASUKI_SMTP_PASSWORD"},
		{"no sender", Config{URL: "smtp://mail.example.com"}, "TASUKI_MAIL_FROM"},
		{"a sender that is no address", Config{URL: "smtp://mail.example.com", From: "tasuki"}, "TASUKI_MAIL_FROM"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := New(test.config)
			if test.want == "" && (err != nil || (p == nil) != (test.config.URL == "")) || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("it shows the password: %v", err)
			}
		})
	}
}
