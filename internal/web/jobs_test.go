package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// mails is a mail server that is set up, and what it does with a test mail.
type mails struct {
	to    []string
	fault error
}

func (m *mails) SetUp() (server, from string) { return "mail.example.com:587", "tasuki@example.com" }

func (m *mails) Test(_ context.Context, to team.Member) error {
	m.to = append(m.to, to.Email)
	return m.fault
}

// mailFault is what a mail server did wrong.
type mailFault string

func (f mailFault) Error() string       { return "550 the server's own words" }
func (f mailFault) MailProblem() string { return string(f) }

func TestAdministratorsSeeHowMailAndWorkAreDoing(t *testing.T) {
	w := sqliteWorld(t)
	admin := w.as("admin")
	if page := admin.ask(http.MethodGet, "/settings/jobs", nil).body; !strings.Contains(page, "TASUKI_SMTP_URL") || strings.Contains(page, "test-mail") {
		t.Error("without a mail server it does not say how to set one up")
	}
	if page := admin.ask(http.MethodPost, "/settings/jobs/test-mail", nil).body; !strings.Contains(page, "メールはまだ設定されていません") {
		t.Error("a test without a mail server says something else")
	}
	if page := w.as("lead").ask(http.MethodGet, "/settings", nil).body; strings.Contains(page, "/settings/jobs") {
		t.Error("a lead is offered what they may not see")
	}
	post := &mails{}
	w.serveWith(post)
	w.runJobs()
	page := w.as("admin").ask(http.MethodGet, "/settings/jobs", nil).body
	for _, want := range []string{"mail.example.com:587", "tasuki@example.com", "期限のお知らせ", "終わりました", "1通", "動いています"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}

// runJobs leaves behind what running jobs leave.
func (w *world) runJobs() {
	w.t.Helper()
	day := team.DateOf(time.Now().UTC())
	testdb.Certificate(w.t, w.store, w.people["member"], "支援士", day, day.AddDays(5))
	for _, name := range []string{"reminders", "tidy"} {
		if _, err := w.store.TakeJob(ctx, name, "here", time.Hour, time.Minute); err != nil {
			w.t.Fatal(err)
		}
	}
	d, err := w.store.ReserveDigest(ctx, w.people["member"].ID, day)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.EndDigest(ctx, d, team.DigestSent, ""); err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.EndJob(ctx, "reminders", "here", "done", 1, 0); err != nil {
		w.t.Fatal(err)
	}
}

// serveWith serves the same world with a mail server.
func (w *world) serveWith(post Mail) {
	w.t.Helper()
	work := NewWork()
	w.t.Cleanup(work.Close)
	var err error
	if w.app, err = New(Config{Store: w.store, Index: w.index, BaseURL: "http://example.com", Zone: time.UTC, Work: work, StarterSkills: sample.StarterSkills(), Mail: post}); err != nil {
		w.t.Fatal(err)
	}
}

func TestATestMailGoesToWhoeverAsksAndSaysHowItWent(t *testing.T) {
	w := sqliteWorld(t)
	post := &mails{}
	w.serveWith(post)
	admin := w.as("admin")
	for _, step := range []struct {
		fault error
		want  string
	}{
		{nil, "admin@example.com あてのメールを、サーバーが受けとりました"},
		{mailFault("sign_in"), "名前とパスワードを断られました"},
		{mailFault("unreachable"), "つながりませんでした"},
		{mailFault("unprotected"), "安全につなげませんでした"},
		{mailFault("refused"), "断りました"},
		{mailFault("address"), "あて先がメールアドレスになっていません"},
		{mailFault("unclear"), "返事がとぎれました"},
	} {
		post.fault = step.fault
		got := admin.ask(http.MethodPost, "/settings/jobs/test-mail", nil)
		if got.code != http.StatusOK || !strings.Contains(got.body, step.want) || strings.Contains(got.body, "own words") {
			t.Errorf("%v: %d without %q", step.fault, got.code, step.want)
		}
	}
	if len(post.to) != 7 || post.to[0] != "admin@example.com" {
		t.Errorf("mails to %v", post.to)
	}
	if got := w.as("lead").ask(http.MethodPost, "/settings/jobs/test-mail", nil); got.code != http.StatusNotFound || len(post.to) != 7 {
		t.Errorf("a lead: %d", got.code)
	}
}
