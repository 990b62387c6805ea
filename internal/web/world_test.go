package web

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/auth"
	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var ctx = context.Background()

// counter makes names that are all different.
var counter atomic.Int64

// world is a real application with people of every role, and a compartment that
// only the insider belongs to.
type world struct {
	t      *testing.T
	app    *fiber.App
	store  *store.Store
	index  *search.Index
	people map[string]team.Member
	group  team.Compartment
	db     *sql.DB // the file beside the store, in a sqliteWorld
}

// newWorld opens a world that is no demo. Its index catches up when asked to.
func newWorld(t *testing.T, s *store.Store, baseURL string) *world {
	t.Helper()
	w := &world{t: t, store: s, index: search.Open(t.TempDir()), people: map[string]team.Member{}}
	t.Cleanup(func() { w.index.Close() })
	for _, name := range []string{"viewer", "member", "lead", "admin", "other", "insider", "left"} {
		m := sample.Member(name)
		switch name {
		case "viewer", "lead", "admin":
			m.Role = team.Role(name)
		case "other", "insider":
			m.Role = team.RoleLead
		}
		w.people[name] = testdb.Person(t, s, m)
	}
	var err error
	if w.group, err = s.SaveCompartment(ctx, w.people["insider"], team.Compartment{Name: "人事案件"}); err != nil {
		t.Fatal(err)
	}
	work := NewWork()
	t.Cleanup(work.Close)
	if w.app, err = New(Config{Store: s, Index: w.index, BaseURL: baseURL, Zone: time.UTC, Work: work, StarterSkills: sample.StarterSkills()}); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	return w
}

func sqliteWorld(t *testing.T) *world {
	t.Helper()
	path := t.TempDir() + "/tasuki.db"
	w := newWorld(t, testdb.Open(t, path), "http://example.com")
	var err error
	if w.db, err = sql.Open("sqlite", path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.db.Close() })
	return w
}

// rows counts what any write leaves behind: every row of every table.
func (w *world) rows() (sum int) {
	w.t.Helper()
	tables, err := w.db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		w.t.Fatal(err)
	}
	defer tables.Close()
	for tables.Next() {
		var name string
		var n int
		if err := errors.Join(tables.Scan(&name), w.db.QueryRow("SELECT COUNT(*) FROM "+name).Scan(&n)); err != nil {
			w.t.Fatal(err)
		}
		sum += n
	}
	return sum
}

func (w *world) catchUp() {
	w.t.Helper()
	if err := w.index.CatchUp(ctx, w.store); err != nil {
		w.t.Fatal(err)
	}
}

// as returns a signed-in browser; "stranger" has only the secret of a visit, and
// "left" had a session and left the department since.
func (w *world) as(name string) *browser {
	w.t.Helper()
	secret := "a-visit-before-signing-in"
	if m, ok := w.people[name]; ok {
		var err error
		if secret, err = w.store.StartSession(ctx, m); err != nil {
			w.t.Fatal(err)
		}
		if name == "left" && m.Active {
			m.Active = false
			if w.people[name], err = w.store.SaveMember(ctx, team.Operator(), m); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return &browser{t: w.t, app: w.app, cookie: "tasuki=" + secret, token: auth.FormToken(secret)}
}

// answer is what came back, ready to be compared.
type answer struct {
	code   int
	header http.Header
	body   string
}

// ask sends a request as this browser, without remembering what comes back.
func (b *browser) ask(method, target string, f url.Values, change ...func(*http.Request)) answer {
	b.t.Helper()
	var content io.Reader
	if method != http.MethodGet && method != http.MethodHead {
		sent := url.Values{"csrf": {b.token}}
		for name, values := range f {
			sent[name] = values
		}
		content = strings.NewReader(sent.Encode())
	}
	r := httptest.NewRequest(method, target, content)
	r.Header.Set("Cookie", b.cookie)
	if content != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, do := range change {
		do(r)
	}
	got, err := b.app.Test(r, -1)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, target, err)
	}
	return answer{got.StatusCode, got.Header, read(b.t, got)}
}

var changing = regexp.MustCompile(`[0-9a-f]{32}|\b[A-Z2-7]{26}\b|name="back" value="[^"]*"`)

// masked is an answer without what differs from one request to the next: tokens,
// random keys and ids, and the address to come back to.
func (a answer) masked() string {
	header := a.header.Clone()
	header.Del("Date")
	header.Del("Set-Cookie")
	header.Del("Content-Length") // follows from the body, which holds the address
	var b strings.Builder
	header.Write(&b)
	b.WriteString(a.body)
	return changing.ReplaceAllString(b.String(), "…")
}

// difference shows where two answers part.
func difference(a, b string) string {
	if a == b {
		return "none"
	}
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	around := func(s string) string {
		return strings.ToValidUTF8(s[max(0, min(at, len(s))-60):min(len(s), at+120)], "")
	}
	return "…" + around(a) + "…\nand …" + around(b) + "…"
}
