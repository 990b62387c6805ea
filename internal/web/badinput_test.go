package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tasuki/internal/store"
	"tasuki/internal/testdb"
)

// badTexts are what no person types on purpose, but clipboards, scripts and
// attackers send.
var badTexts = map[string]string{
	"a NUL":                   "a\x00b",
	"only a NUL":              "\x00",
	"bytes that are no text":  "\xff\xfe\x80",
	"half a letter":           "\xed\xa0\x80",
	"a cut letter":            "漢\xe6\xbc",
	"nothing":                 "",
	"blanks":                  " \u3000\t",
	"letters that unfold":     strings.Repeat("\ufdfa", 120),
	"many different letters":  manyLetters(1001),
	"marks without a letter":  strings.Repeat("\u0301", 1000),
	"turned around":           "\u202eabc\u2066",
	"invisible letters":       "\u200b\ufeff\u00ad",
	"the end of a statement":  "'; DROP TABLE articles; --",
	"signs of a pattern":      `%_!\[a-`,
	"signs of a template":     "{{.CSRF}} ${x} <%= 1 %>",
	"a number out of range":   "99999999999999999999",
	"a negative number":       "-1",
	"a date that never was":   "2026-02-30",
	"letters beyond the BMP":  "𠮷🏳️‍🌈",
	"every control character": "\x01\x02\x03\x07\x08\x0b\x0c\x0e\x1b\x7f\u0080\u009f",
}

// manyLetters returns letters that do not repeat, so that nothing can pack them.
func manyLetters(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4e00 + (i*7919)%20000))
	}
	return b.String()
}

// formFields are the fields of every form, as the forms themselves name them.
var formFields = []string{"title", "short_answer", "decision", "reason", "merit", "demerit", "steps", "alternative", "due", "due_reason", "basis", "keywords",
	"wordings", "topic", "state", "audience", "review_due", "compartment", "version", "key", "note", "subject", "text", "requester", "department", "channel",
	"reply", "wording", "article", "consultation", "choose", "whole", "send", "name", "name_en", "reading", "email", "role", "language", "shortcuts", "active",
	"headcount", "term", "plain", "plain_en", "synonyms", "members", "password", "back", "framework", "edition", "code", "q",
	"category", "description", "description_en", "required_level", "minimum", "redundancy", "weight", "critical", "incident", "half_life_days", "valid_days", "anchor_0",
	"anchor_en_4", "topics", "whole", "categories", "skills", "member", "kind", "starts_on", "ends_on", "move", "names_visible", "anyway",
	"as", "pasted", "scale", "day", "people_in", "header_row", "needs", "sheet", "encoding", "person", "person_name", "person_mail", "skill", "skill_name", "run", "go",
	"level", "last", "confidence", "evidence", "drop", "shown", "one", "all",
	"valid_to", "target", "set", "choice_0", "mails", "object", "part"}

// trainingFields are those of the forms about trainings, which together with the others
// would be more than a body may hold.
var trainingFields = []string{"title", "day", "hours", "members", "kind", "cost", "class_cost", "rating", "note", "skills", "state", "record", "version", "key", "back", "draft_form",
	"title_en", "provider", "days", "fee", "seats", "link", "levels", "prerequisites", "active"}

// ownFields are those of the pages that have fields of their own; nil for others.
func ownFields(path string) []string {
	switch {
	case strings.HasPrefix(path, "/trainings"):
		return trainingFields
	case aboutCertificates(path):
		return certificateFields
	}
	return nil
}

// allFieldsOf are the fields that are filled together in a form of an address.
func allFieldsOf(path string) []string {
	if own := ownFields(path); own != nil {
		return own
	}
	return formFields
}

// certificateFields are those of the forms about certificates, which together with the
// others would be more than a body may hold.
var certificateFields = []string{"name", "name_en", "note", "member", "starts_on", "ends_on", "minimum", "active", "version", "key", "skill", "level", "title", "day", "as", "back",
	"certification", "never", "number", "applied_on", "withdrawn_on", "certificate", "amount", "credits", "for", "short", "issuer", "validity_months", "cycle_months", "cycle_anchor",
	"cycle_total", "annual_min", "apply_before_days", "window_days", "grace_days", "carry_max", "carry_months", "carry_categories", "source_url", "quality", "checked_on", "note_en",
	"renew_by", "renews", "category_key", "category_min", "category_max", "event_key", "event_name", "event_name_en", "event_per", "event_count", "fee_amount", "fee_currency", "fee_per",
	"fee_scope", "fee_quality", "fee_note", "fee_note_en"}

func aboutCertificates(path string) bool {
	return strings.HasPrefix(path, "/certif") || strings.HasPrefix(path, "/credits") || strings.HasPrefix(path, "/files")
}

// filters are what lists and pages read from the address.
var filters = []string{"/articles?state=", "/articles?topic=", "/articles?words=", "/articles?overdue=", "/articles?page=", "/articles/new?title=",
	"/consultations?state=", "/consultations?department=", "/consultations?topic=", "/consultations?article=", "/consultations?words=", "/consultations?page=",
	"/ask?consultation=", "/settings/members?q=", "/settings/jargon?q=", "/articles/", "/consultations/", "/welcome/", "/settings/topics/", "/settings/compartments/", "/members/",
	"/me?done=", "/calendar/", "/risk?away=", "/risk?count=", "/risk?csv=", "/risk/skills/", "/risk/topics/",
	"/risk/what-if?member=", "/risk/what-if?from=", "/risk/what-if?to=", "/risk/hand-over?member=", "/risk/hand-over?csv=1&from=",
	"/trainings?year=", "/trainings?member=", "/trainings?kind=", "/trainings?words=", "/trainings?page=", "/trainings?title=", "/trainings?csv=1&year=", "/trainings?count=1&done=",
	"/trainings/", "/trainings/catalogue/", "/trainings/catalogue?words=", "/trainings/catalogue?kind=", "/trainings/catalogue?skill=",
	"/trainings/catalogue/new?title=", "/trainings/catalogue/new?record=",
	"/certificates/", "/certificates?kind=", "/certificates/new?kind=", "/credits/new?certificate=", "/credits/new?for=", "/files/", "/certifications/",
	"/me/levels/", "/me/levels?category=", "/me/levels?again=", "/me/levels/categories/",
	"/skills/map?view=", "/skills/map?sort=", "/skills/map?category=", "/skills/map?day=", "/skills/map/"}

// faults collects what is logged as a fault while do runs.
func faults(do func()) string {
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	defer slog.SetDefault(before)
	do()
	return logged.String()
}

func TestBadTextIsCleanedOrRefusedInEveryField(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		sent := 0
		logged := faults(func() {
			b := w.as("admin")
			for _, e := range expectations(t) {
				if e.method != http.MethodPost || e.path == "/sign-out" {
					continue
				}
				for what, bad := range badTexts {
					sent++
					w.sendBad(b, e, what, allFieldsOf(e.path), bad)
				}
			}
			for _, address := range filters {
				for what, bad := range badTexts {
					sent++
					checkSane(t, address+" with "+what, b.ask(http.MethodGet, address+url.QueryEscape(bad), nil))
				}
			}
		})
		if logged != "" {
			t.Errorf("logged as faults: %.2000s", logged)
		}
		if sent < 700 {
			t.Errorf("only %d were sent", sent)
		}
	})
}

func (w *world) sendBad(b *browser, e expectation, what string, fields []string, bad string) {
	w.t.Helper()
	ids, form := w.thing(e.about, "admin", "own")
	for _, field := range fields {
		// What leads to a thing stays, or everything after it would never be reached.
		if !(field == "article" && e.about == "article" || field == "consultation" && strings.Contains(e.path, "?in=") || field == "version") {
			form.Set(field, bad)
		}
	}
	if strings.HasPrefix(e.path, "/welcome") {
		b = w.as("stranger") // a good password signs in
	}
	target := strings.NewReplacer(":id", ids[0], ":token", ids[0], ":flag", ids[1], ":skill", ids[1], ":member", ids[1], ":place", ids[1]).Replace(e.path)
	checkSane(w.t, e.path+" with "+what, b.ask(http.MethodPost, target, form))
}

// checkSane wants a result, or a page that a person can act on.
func checkSane(t *testing.T, name string, got answer) {
	t.Helper()
	if !slices.Contains([]int{200, 303, 400, 404, 409, 413, 422}, got.code) {
		t.Errorf("%s: %d", name, got.code)
	}
	checkHygiene(t, got.body)
}

// onStrictest runs a test on PostgreSQL where it is asked for, whose indexes and
// texts have limits that SQLite's do not have.
func onStrictest(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	urls := testdb.URLs(t)
	for _, kind := range []string{"postgres", "sqlite"} {
		if urls[kind] != "" {
			t.Run(kind, func(t *testing.T) { test(t, testdb.Open(t, urls[kind])) })
			return
		}
	}
}

func TestAGiantInEachFieldComesBackWithASentence(t *testing.T) {
	giant := manyLetters(5000)
	onStrictest(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		logged := faults(func() {
			b := w.as("admin")
			for _, e := range expectations(t) {
				if e.method != http.MethodPost || e.path == "/sign-out" || strings.HasPrefix(e.path, "/ask") {
					continue
				}
				for _, field := range fieldsOf(e.path) {
					w.sendBad(b, e, "a giant "+field, []string{field}, giant)
				}
			}
			w.sendBad(b, expectation{method: http.MethodPost, path: "/articles", about: "-"}, "very many lines", []string{"steps", "keywords", "wordings"}, strings.Repeat("あ\n", 20_000))
		})
		if logged != "" {
			t.Errorf("logged as faults: %.2000s", logged)
		}
	})
}

// fieldsOf are the fields that a form may hold; the boxes of an answer only where
// there are some.
func fieldsOf(path string) []string {
	switch {
	case strings.HasPrefix(path, "/articles"), strings.HasPrefix(path, "/consultations"):
		return formFields[:32]
	case path == "/use":
		return formFields[22:32]
	case ownFields(path) != nil:
		return ownFields(path)
	}
	return formFields[32:]
}

func TestWhatWasTypedComesBackWhereItCannotBeSaved(t *testing.T) {
	w := sqliteWorld(t)
	b := w.as("admin")
	typed := "  打った文 <b>&amp;</b> \"引用\" 'も'"
	shown := `打った文 &lt;b&gt;&amp;amp;&lt;/b&gt; &#34;引用&#34; &#39;も&#39;`
	for path, want := range map[string][]string{
		"/articles":                 {"reason", "merit", "demerit", "steps", "alternative", "due", "due_reason", "basis", "keywords", "wordings"},
		"/consultations":            {"text", "requester", "reason", "merit", "basis"},
		"/use":                      {"requester", "text"},
		"/settings/members/new":     {"reading", "name_en", "title"},
		"/settings/departments/new": {"name", "name_en"},
		"/settings/topics/new":      {"name_en"},
		"/settings/jargon/new":      {"plain", "plain_en", "synonyms"},
	} {
		for _, field := range want {
			form := w.form("article", testdb.Article(t, w.store, w.people["admin"], "USB", "").ID)
			for _, required := range []string{"title", "subject", "reply", "email", "term", "headcount"} {
				form.Del(required)
			}
			if path == "/settings/topics/new" {
				form.Set("name", "")
			}
			form.Set("short_answer", "答え")
			form.Set(field, typed)
			got := b.ask(http.MethodPost, path, form)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, shown) || !strings.Contains(got.body, `role="alert"`) && !strings.Contains(got.body, "notice-warn") {
				t.Errorf("%s %s: %d: %.200s", path, field, got.code, got.body)
			}
		}
	}
}

func TestTooMuchIsToldSo(t *testing.T) {
	w := sqliteWorld(t)
	b := w.as("member")
	got := b.ask(http.MethodPost, "/ask", url.Values{"text": {strings.Repeat("USBを使いたい。", 10_000)}})
	if got.code != http.StatusOK || !strings.Contains(got.body, "notice-warn") {
		t.Errorf("a long mail is cut and that is said: %d", got.code)
	}
	address := w.listen()
	raw, _ := exchange(t, address, "POST /ask HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nContent-Length: 2000000\r\n\r\n")
	if !strings.HasPrefix(raw, "413") || !strings.Contains(raw, "What you typed is still") {
		t.Errorf("a body too large: %.100q", raw)
	}
	raw, _ = exchange(t, address, "GET /articles?words="+strings.Repeat("a", maxHeaders)+" HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\n\r\n")
	if !strings.HasPrefix(raw, "431") || !strings.Contains(raw, "</html>") {
		t.Errorf("an address too long: %.100q", raw)
	}
}

// With the database gone every address still answers with a page of ours, and the
// log says what happened without the words, passwords and secrets of people.
func TestAFaultShowsNothingInsideOnAnyAddress(t *testing.T) {
	w := sqliteWorld(t)
	b := w.as("admin")
	var list []expectation
	forms := map[string]url.Values{}
	for _, e := range expectations(t) {
		ids, form := w.thing(e.about, "admin", "own")
		e.path = strings.NewReplacer(":id", ids[0], ":token", ids[0], ":name", "app.css", ":flag", ids[1], ":skill", ids[1], ":member", ids[1], ":place", ids[1]).Replace(e.path)
		for _, field := range []string{"text", "title", "subject", "reply", "password", "note", "short_answer"} {
			form.Set(field, canaryWord(field))
		}
		list, forms[e.method+e.path] = append(list, e), form
	}
	failed := 0
	logged := faults(func() {
		w.store.Close()
		for _, e := range list {
			got := b.ask(e.method, e.path, forms[e.method+e.path])
			checkHygiene(t, got.body)
			if got.code >= 500 && e.path != "/readyz" {
				failed++
				if !strings.Contains(got.body, "<code>") || !strings.Contains(got.body, "残っています") || got.header.Get("Content-Security-Policy") == "" {
					t.Errorf("%s %s: %d without a number to tell: %.200s", e.method, e.path, got.code, got.body)
				}
			}
		}
	})
	if failed < 50 {
		t.Errorf("only %d addresses met the fault", failed)
	}
	if !strings.Contains(logged, "request failed") || strings.Contains(logged, canary) || strings.Contains(logged, secretIn(b.cookie)) || strings.Contains(logged, b.token) {
		t.Errorf("the log says %.300s", logged)
	}
}
