package main

import (
	"database/sql"
	"fmt"
	"io"
	"log"
	"net"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"tasuki/internal/sample"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// counter is a mail server of the tests: Message-IDs by recipient.
type counter struct {
	mu    sync.Mutex
	taken map[string][]string
	// then is called with the number of mails so far, before the mail is answered.
	then func(n int)
}

func (c *counter) NewSession(*smtp.Conn) (smtp.Session, error) { return &counted{counter: c}, nil }

type counted struct {
	*counter
	to string
}

func (c *counted) Mail(string, *smtp.MailOptions) error      { return nil }
func (c *counted) Rcpt(to string, _ *smtp.RcptOptions) error { c.to = to; return nil }
func (c *counted) Reset()                                    {}
func (c *counted) Logout() error                             { return nil }
func (c *counter) people() (n int)                           { c.mu.Lock(); defer c.mu.Unlock(); return len(c.taken) }

func (c *counted) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.taken[c.to] = append(c.taken[c.to], m.Header.Get("Message-Id"))
	n := 0
	for _, ids := range c.taken {
		n += len(ids)
	}
	then := c.then
	c.mu.Unlock()
	then(n)
	return nil
}

func (c *counter) set(then func(n int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.then = then
}

// noonHere is a zone in which it is about noon now, because mails go out in the day.
func noonHere() string { return fmt.Sprintf("Etc/GMT%+d", time.Now().UTC().Hour()-12) }

// A program that is killed between the mail server's taking of a mail and its own note
// of that: after the next start everybody has one mail, by its Message-ID.
func TestAProgramKilledWhileItMailsTellsEverybodyUnderOneName(t *testing.T) {
	const people = 4
	for kind, address := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			data := t.TempDir()
			variables := []string{"TASUKI_DATA_DIR=" + data, "TASUKI_SMTP_URL=smtp://" + l.Addr().String(), "TASUKI_MAIL_FROM=tasuki@example.com", "TASUKI_TIME_ZONE=" + noonHere()}
			driver := "postgres"
			if kind == "sqlite" {
				driver, address = "sqlite", filepath.Join(data, "tasuki.db")
			} else {
				variables = append(variables, "TASUKI_DATABASE_URL="+address)
			}
			office := &counter{taken: map[string][]string{}}
			server := smtp.NewServer(office)
			server.Domain, server.ErrorLog = "mail.test", log.New(io.Discard, "", 0)
			remindable(t, address, people)
			var p program
			started := make(chan struct{})
			office.set(func(n int) {
				if <-started; n == 2 {
					p.cmd.Process.Kill()
				}
			})
			go server.Serve(l)
			t.Cleanup(func() { server.Close() })
			p = startProgram(t, variables)
			close(started)
			p.ended(t)
			office.set(func(int) {})
			letClaimsEnd(t, driver, address)
			p = startProgram(t, variables)
			waitFor(t, func() bool { return office.people() == people })
			waitFor(t, func() bool { return openDigests(t, driver, address) == 0 })
			p.cmd.Process.Kill()
			p.ended(t)
			checkNames(t, office, people)
		})
	}
}

func remindable(t *testing.T, address string, people int) {
	t.Helper()
	s := testdb.Open(t, address)
	today := team.DateOf(time.Now().UTC())
	for i := range people {
		m := testdb.Person(t, s, sample.Member(fmt.Sprintf("m%d", i)))
		testdb.Certificate(t, s, m, fmt.Sprintf("C%d", i), today, today.AddDays(20))
	}
	s.Close()
}

// letClaimsEnd lets the time pass that a dead process is waited for.
func letClaimsEnd(t *testing.T, driver, address string) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{"UPDATE digests SET claimed_until = created_at", "UPDATE jobs SET held_until = started_at WHERE holder <> ''"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

func openDigests(t *testing.T, driver, address string) (n int) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT COUNT(*) FROM digests WHERE state = 'sending'").Scan(&n); err != nil && !strings.Contains(err.Error(), "locked") {
		t.Fatal(err)
	} else if err != nil {
		return -1
	}
	return n
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatal("it never came to that")
}

func checkNames(t *testing.T, office *counter, people int) {
	t.Helper()
	mails, names := 0, map[string]bool{}
	for to, ids := range office.taken {
		mails += len(ids)
		for _, id := range ids {
			names[id] = true
			if id != ids[0] {
				t.Errorf("%s got two different mails: %v", to, ids)
			}
		}
	}
	if len(names) != people || mails != people+1 {
		t.Errorf("%d mails with %d names for %d people; want the one that was cut off twice", mails, len(names), people)
	}
}

func TestWrongSettingsOfMailStopTheStart(t *testing.T) {
	for variable, want := range map[string]string{"TASUKI_SMTP_URL=mail.example.com": "TASUKI_SMTP_URL", "TASUKI_MAIL_FROM=t@example.com": "TASUKI_SMTP_URL",
		"TASUKI_SMTP_URL=smtp://u:hunter2@mail.example.com": "TASUKI_SMTP_PASSWORD"} {
		out, err := command(t, []string{"TASUKI_DATA_DIR=" + t.TempDir(), variable}, "serve", "--listen", "127.0.0.1:0").CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "hunter2") {
			t.Errorf("%s: %v, %s", variable, err, out)
		}
	}
}
