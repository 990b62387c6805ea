package web

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// hidden returns a hidden field of a page.
func hidden(page, name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return found[1]
}

// typing is a form that a person fills in: where it stands, where it is sent, what is
// typed, and how the page shows that.
type typing struct {
	open, send string
	asked      url.Values // opens the form with a text that was pasted
	typed      url.Values
	shown      string
	other      url.Values // another question, in whose form the draft has no business
}

// typings are the forms with drafts; one edits an article, another uses one.
func typings(edited, a team.Article) map[string]typing {
	ono, sato := url.Values{"text": {mailFromOno}}, url.Values{"text": {"営業部の佐藤です。USBメモリで図面を渡してもよいでしょうか。"}}
	return map[string]typing{
		"a new article": {open: "/articles/new", send: "/articles", typed: url.Values{"title": {"打った題"}, "reason": {"打った理由"}, "state": {"draft"}, "audience": {"company"}}, shown: "打った理由"},
		"an article":    {open: "/articles/" + edited.ID + "/edit", send: "/articles/" + edited.ID, typed: url.Values{"title": {"打った題"}, "reason": {"打った理由"}, "version": {"1"}}, shown: "打った理由"},
		"a new consultation": {open: "/consultations/new", send: "/consultations", asked: ono, typed: url.Values{"subject": {"件名"}, "text": {mailFromOno}, "channel": {"mail"}, "reason": {"打った理由"}},
			shown: "打った理由", other: sato},
		"a reply": {open: "/ask", send: "/use", asked: ono, typed: url.Values{"text": {mailFromOno}, "article": {a.ID}, "channel": {"mail"}, "reply": {"大野さん\n\n打った返信"}}, shown: "打った返信", other: sato},
	}
}

func (ty typing) page(t *testing.T, b *browser, asked url.Values) string {
	t.Helper()
	if asked == nil {
		_, page := b.get(ty.open)
		return page
	}
	return read(t, b.post(ty.open, maps.Clone(asked)))
}

func TestWhatWasTypedComesBackUntilItIsSent(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		s.Now = func() time.Time { return time.Date(2026, 11, 24, 15, 2, 0, 0, time.UTC) }
		takada, suzuki := testdb.Person(t, s, sample.Member("takada")), testdb.Person(t, s, sample.Member("suzuki"))
		app := site(t, s)
		a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
		for name, ty := range typings(testdb.Article(t, s, takada, "私物のスマホ", ""), a) {
			t.Run(name, func(t *testing.T) {
				b := signedIn(t, app, takada)
				form := maps.Clone(ty.typed)
				page := ty.page(t, b, ty.asked)
				form.Set("draft_form", hidden(page, "draft_form"))
				form.Set("draft_about", hidden(page, "draft_about"))
				form.Set("draft", "1")
				got := b.ask(http.MethodPost, ty.send, form, func(r *http.Request) { r.Header.Set("HX-Request", "true") })
				if got.code != http.StatusOK || got.body != "保存ずみ 15:02" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
					t.Fatalf("kept: %d %q", got.code, got.body)
				}
				if page := read(t, b.post(ty.send, form)); !strings.Contains(page, ty.shown) || !strings.Contains(page, "下書き") {
					t.Errorf("the button without JavaScript shows %.300s", page)
				}
				again := signedIn(t, app, takada) // another session
				if page := ty.page(t, again, ty.asked); !strings.Contains(page, ty.shown) || !strings.Contains(page, "前に書いた下書きです") {
					t.Error("the draft did not come back")
				}
				if strings.Contains(ty.page(t, signedIn(t, app, suzuki), ty.asked), ty.shown) {
					t.Error("somebody else sees it")
				}
				if ty.other != nil && strings.Contains(ty.page(t, b, ty.other), ty.shown) {
					t.Error("it stands under another question")
				}
				form.Del("draft")
				if name == "a new article" || name == "an article" {
					form.Set("short_answer", "答え")
					form.Set("state", "verified")
					form.Set("audience", "company")
				}
				if r := b.post(ty.send, form); r.StatusCode != http.StatusSeeOther {
					t.Fatalf("sent: %d", r.StatusCode)
				}
				if strings.Contains(ty.page(t, b, ty.asked), "前に書いた下書きです") {
					t.Error("the draft is there after it was sent")
				}
			})
		}
	})
}

func TestADraftCanBeThrownAway(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
		b := signedIn(t, site(t, s), takada)
		for name, ty := range typings(testdb.Article(t, s, takada, "私物のスマホ", ""), a) {
			form := maps.Clone(ty.typed)
			page := ty.page(t, b, ty.asked)
			form.Set("draft_form", hidden(page, "draft_form"))
			form.Set("draft_about", hidden(page, "draft_about"))
			form.Set("draft", "1")
			b.post(ty.send, form)
			form.Set("draft", "discard")
			r := b.post(ty.send, form)
			if page := read(t, r); strings.Contains(page, ty.shown) || r.StatusCode >= http.StatusBadRequest {
				t.Errorf("%s: %d, thrown away and still shown", name, r.StatusCode)
			}
			if strings.Contains(ty.page(t, b, ty.asked), ty.shown) {
				t.Errorf("%s came back", name)
			}
			if ty.asked != nil && !strings.Contains(ty.page(t, b, ty.asked), "USBメモリで図面を渡してもよいでしょうか") {
				t.Errorf("%s: the question is gone too", name)
			}
		}
	})
}

// What is pasted is not kept before it is a consultation, as the search page promises.
func TestADraftHoldsNothingOfTheQuestion(t *testing.T) {
	w := sqliteWorld(t)
	b := w.as("member")
	a := testdb.Article(t, w.store, w.people["member"], "USBメモリで図面を渡したい", "")
	for name, ty := range typings(testdb.Article(t, w.store, w.people["member"], "私物のスマホ", ""), a) {
		form := maps.Clone(ty.typed)
		form.Set("draft", "1")
		form.Set("requester", "大野さやか")
		if got := b.ask(http.MethodPost, ty.send, form); got.code != http.StatusOK {
			t.Errorf("%s: %d", name, got.code)
		}
	}
	var all string
	if err := w.db.QueryRow("SELECT GROUP_CONCAT(place || ' ' || content, ' ') FROM drafts").Scan(&all); err != nil {
		t.Fatal(err)
	}
	all, err := url.QueryUnescape(all)
	if err != nil || !strings.Contains(all, "打った返信") || !strings.Contains(all, "打った理由") {
		t.Fatalf("the drafts are %q, %v", all, err)
	}
	for _, asked := range []string{"お世話になっております", "図面を渡してもよいでしょうか", "大野さやか", "件名"} {
		if strings.Contains(all, asked) {
			t.Errorf("the drafts hold %q of the question: %s", asked, all)
		}
	}
}

func TestAnOldDraftMeetsWhatSomebodySavedSince(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada, suzuki := testdb.Person(t, s, sample.Member("takada")), testdb.Person(t, s, sample.Member("suzuki"))
		a := testdb.Article(t, s, takada, "USB", "")
		b := signedIn(t, site(t, s), takada)
		form := url.Values{"title": {"USB"}, "short_answer": {"答え"}, "state": {"verified"}, "audience": {"company"}, "reason": {"打った理由"}, "version": {"1"}, "draft": {"1"}}
		b.post("/articles/"+a.ID, form)
		a.Reason = "鈴木の理由"
		if _, err := s.SaveArticle(ctx, suzuki, a, ""); err != nil {
			t.Fatal(err)
		}
		_, page := b.get("/articles/" + a.ID + "/edit")
		form.Set("version", hidden(page, "version"))
		form.Del("draft")
		r := b.post("/articles/"+a.ID, form)
		if page := read(t, r); r.StatusCode != http.StatusConflict || !strings.Contains(page, "鈴木の理由") || !strings.Contains(page, "打った理由") {
			t.Errorf("%d: one of the two was lost", r.StatusCode)
		}
	})
}

func TestADraftThatIsTooLongIsToldSo(t *testing.T) {
	w := sqliteWorld(t)
	got := w.as("member").ask(http.MethodPost, "/articles", url.Values{"draft": {"1"}, "reason": {strings.Repeat("x", team.MaxDraft)}}, func(r *http.Request) { r.Header.Set("HX-Request", "true") })
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "長すぎて") {
		t.Errorf("%d %.200s", got.code, got.body)
	}
}
