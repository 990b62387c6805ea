package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// browser sends requests to a real application and keeps its cookie, as one person's
// browser does.
type browser struct {
	t      *testing.T
	app    *fiber.App
	cookie string
	token  string
}

// site opens an application over a store, with a search index that has caught up.
func site(t *testing.T, s *store.Store) *fiber.App {
	t.Helper()
	index := search.Open(t.TempDir())
	t.Cleanup(func() { index.Close() })
	s.Changed = func() {
		if err := index.CatchUp(context.Background(), s); err != nil {
			t.Error(err)
		}
	}
	if err := index.CatchUp(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	work := NewWork()
	t.Cleanup(work.Close)
	app, err := New(Config{Store: s, Index: index, BaseURL: "http://example.com", Zone: time.UTC, Demo: true, Work: work})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// signedIn returns the browser of a member.
func signedIn(t *testing.T, app *fiber.App, m team.Member) *browser {
	t.Helper()
	b := &browser{t: t, app: app}
	b.get("/sign-in")
	if r := b.post("/demo/sign-in", url.Values{"member": {m.ID}}); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign in: %d", r.StatusCode)
	}
	b.get("/ask")
	return b
}

func (b *browser) send(r *http.Request) *http.Response {
	b.t.Helper()
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	answer, err := b.app.Test(r, -1)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range answer.Cookies() {
		if c.Name == "tasuki" {
			b.cookie = c.Name + "=" + c.Value
		}
	}
	return answer
}

// get returns the status and the page, and remembers the token of its forms.
func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	answer := b.send(httptest.NewRequest(http.MethodGet, path, nil))
	page := read(b.t, answer)
	if _, rest, ok := strings.Cut(page, `name="csrf-token" content="`); ok {
		b.token, _, _ = strings.Cut(rest, `"`)
	}
	return answer.StatusCode, page
}

func (b *browser) post(path string, f url.Values) *http.Response {
	b.t.Helper()
	if !f.Has("csrf") {
		f.Set("csrf", b.token)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestPasteFindUseUndoWithoutJavaScript(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
		testdb.Article(t, s, takada, "退職する人のアカウント", "")
		b := signedIn(t, site(t, s), takada)

		found := read(t, b.post("/ask", url.Values{"text": {"お世話になっております。製造部の大野です。\nUSBメモリを使ってもよいですか？"}}))
		for _, want := range []string{"<mark>USB", "大野さん", `value="` + a.ID + `"`, "あいさつ"} {
			if !strings.Contains(found, want) {
				t.Errorf("the results lack %q", want)
			}
		}
		used := b.post("/use", url.Values{"article": {a.ID}, "text": {"USBメモリを使ってもよいですか？"}, "wording": {"USBメモリを使ってもよいですか？"},
			"requester": {"大野"}, "channel": {"mail"}, "reply": {"大野さん\n\nだめです"}, "key": {"once"}})
		if used.StatusCode != http.StatusSeeOther {
			t.Fatalf("use: %d %s", used.StatusCode, read(t, used))
		}
		status, page := b.get(used.Header.Get("Location"))
		if status != http.StatusOK || !strings.Contains(page, "だめです") || !strings.Contains(page, "/undo") {
			t.Errorf("after use: %d %s", status, page)
		}
		list, _, _ := s.Consultations(context.Background(), takada, store.ConsultationFilter{})
		if len(list) != 1 {
			t.Fatalf("recorded %d", len(list))
		}
		undone := b.post("/consultations/"+list[0].ID+"/undo", url.Values{})
		if page := read(t, undone); undone.StatusCode != http.StatusOK || !strings.Contains(page, "USBメモリを使ってもよいですか？</textarea>") || !strings.Contains(page, `value="大野"`) {
			t.Errorf("what was pasted does not come back after the undo: %d", undone.StatusCode)
		}
		if _, total, _ := s.Consultations(context.Background(), takada, store.ConsultationFilter{}); total != 0 {
			t.Errorf("%d left after the undo", total)
		}
	})
}

func TestBadInputComesBackWithWhatWasTyped(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		b := signedIn(t, site(t, s), takada)
		r := b.post("/articles", url.Values{"title": {""}, "short_answer": {"これは残る <script>"}, "state": {"draft"}, "audience": {"company"}, "review_due": {"来週"}})
		if page := read(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "これは残る &lt;script&gt;") {
			t.Errorf("got %d %s", r.StatusCode, page)
		}
		r = b.post("/use", url.Values{"article": {"unknown"}})
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("an unknown article: %d", r.StatusCode)
		}
	})
}

func TestEveryRouteRefusesStrangersAndForgeries(t *testing.T) {
	s := testdb.Open(t, t.TempDir()+"/tasuki.db")
	takada := testdb.Person(t, s, sample.Member("takada"))
	app := site(t, s)
	open := map[string]bool{"/healthz": true, "/readyz": true, "/assets/:name": true, "/favicon.ico": true, "/sign-in": true, "/welcome/:token": true, "/calendar/:name": true}
	stranger, member := &browser{t: t, app: app}, signedIn(t, app, takada)
	seen := 0
	for _, r := range app.GetRoutes(true) {
		path := strings.NewReplacer(":id", "x", ":token", "x", ":name", "x", ":flag", "x", ":member", "x", ":place", "1", ":version", "1", ":wording", "x").Replace(r.Path)
		switch r.Method {
		case http.MethodGet:
			seen++
			if status, page := stranger.get(path); !open[r.Path] && (status != http.StatusSeeOther || page != "") {
				t.Errorf("GET %s answers a stranger with %d", r.Path, status)
			}
		case http.MethodPost:
			seen++
			if got := member.post(path, url.Values{"csrf": {"forged"}}); got.StatusCode < 400 {
				t.Errorf("POST %s takes a forged form: %d", r.Path, got.StatusCode)
			}
			request := httptest.NewRequest(http.MethodPost, path, strings.NewReader("csrf="+member.token))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("Sec-Fetch-Site", "cross-site")
			if got := member.send(request); got.StatusCode != http.StatusNotFound {
				t.Errorf("POST %s from another site: %d", r.Path, got.StatusCode)
			}
		}
	}
	if seen < 25 {
		t.Errorf("walked only %d routes", seen)
	}
}

func TestARestrictedArticleLooksMissing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		insider, outsider := testdb.Person(t, s, sample.Lead("insider")), testdb.Person(t, s, sample.Lead("outsider"))
		group, err := s.SaveCompartment(context.Background(), insider, team.Compartment{Name: "人事案件"})
		if err != nil {
			t.Fatal(err)
		}
		secret := testdb.Article(t, s, insider, "退職者の持ち出し調査", group.ID)
		app := site(t, s)
		in, out := signedIn(t, app, insider), signedIn(t, app, outsider)
		if status, page := in.get("/articles/" + secret.ID); status != http.StatusOK || !strings.Contains(page, "人事案件") {
			t.Errorf("the group itself: %d", status)
		}
		status, page := out.get("/articles/" + secret.ID)
		_, missing := out.get("/articles/" + strings.Repeat("A", 26))
		if status != http.StatusNotFound || strings.ReplaceAll(page, secret.ID, "") != strings.ReplaceAll(missing, strings.Repeat("A", 26), "") {
			t.Errorf("refused (%d) and missing differ", status)
		}
		if found := read(t, out.post("/ask", url.Values{"text": {"退職者の持ち出し調査"}})); strings.Contains(found, secret.ID) {
			t.Error("the search shows it")
		}
	})
}

func TestPackedBodiesAreRefused(t *testing.T) {
	s := testdb.Open(t, t.TempDir()+"/tasuki.db")
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("x"))
	r.Header.Set("Content-Encoding", "gzip")
	answer, err := site(t, s).Test(r, -1)
	if err != nil || answer.StatusCode != http.StatusUnsupportedMediaType || answer.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("got %v, %v", answer, err)
	}
}

func TestRedirectsStayHere(t *testing.T) {
	for _, evil := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "javascript:alert(1)", "/a\r\nSet-Cookie: x", "evil", ""} {
		if got := local(evil); got != "/" {
			t.Errorf("%q leads to %q", evil, got)
		}
	}
	if got := local("/articles?page=2"); got != "/articles?page=2" {
		t.Errorf("got %q", got)
	}
}
