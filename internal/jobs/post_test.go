package jobs

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/emersion/go-smtp"

	"tasuki/internal/mail"
)

// office is a mail server of the tests: it keeps what it takes over.
type office struct {
	mu     sync.Mutex
	mails  []letter
	refuse map[string]bool // recipients
	// before is called with every mail before it is answered.
	before func(letter) error
}

type letter struct{ to, id, subject, text string }

func (o *office) all() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]letter{}, o.mails...)
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &counter{office: o}, nil }

// counter is where one connection is served.
type counter struct {
	*office
	to string
}

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	if c.refuse[to] {
		return &smtp.SMTPError{Code: 550, Message: "unknown"}
	}
	c.to = to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	m, err := message.Read(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	l := letter{to: c.to, id: m.Header.Get("Message-Id"), text: strings.ReplaceAll(string(body), "\r\n", "\n")}
	if l.subject, err = m.Header.Text("Subject"); err != nil {
		return err
	}
	if c.before != nil {
		if err := c.before(l); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mails = append(c.mails, l)
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

// open serves on this machine until the test ends, and returns how to reach it.
func (o *office) open(t *testing.T) *mail.Post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	server.Domain = "mail.test"
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return postAt(t, l.Addr().String())
}

func postAt(t *testing.T, address string) *mail.Post {
	t.Helper()
	post, err := mail.New(mail.Config{URL: "smtp://" + address, From: "tasuki@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	return post
}
