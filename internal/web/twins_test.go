package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// canary begins every word that stands in restricted fields only.
const canary = "ｶﾅﾘｱzq"

func canaryWord(field string) string { return canary + field }

// twin is a world with the demo department, at one fixed moment.
type twin struct {
	*world
	d       sample.Company
	insider team.Member
	secrets []string // addresses that only the insider may open
}

func newTwin(t *testing.T, url string) *twin {
	t.Helper()
	s := testdb.Open(t, url)
	s.Now = func() time.Time { return noon }
	d := sample.Demo(noon)
	testdb.Company(t, s, d)
	if err := s.LoadStarter(ctx, sample.StarterJargon()); err != nil {
		t.Fatal(err)
	}
	w := &twin{d: d, world: &world{t: t, store: s, index: search.Open(t.TempDir()), people: map[string]team.Member{}}}
	t.Cleanup(func() { w.index.Close() })
	app, err := New(Config{Store: s, Index: w.index, BaseURL: "http://example.com", Zone: tokyo})
	if err != nil {
		t.Fatal(err)
	}
	w.app = app
	w.people["viewer"] = testdb.Person(t, s, team.Member{Name: "閲覧", Email: "viewer@example.com", Role: team.RoleViewer, Language: "ja", Active: true})
	w.insider = testdb.Person(t, s, team.Member{Name: "内部", Email: "insider@example.com", Role: team.RoleLead, Language: "ja", Active: true})
	w.people["insider"] = w.insider
	for _, m := range d.Members {
		if m.Active && w.people[string(m.Role)].ID == "" {
			w.people[string(m.Role)] = m
		}
	}
	w.catchUp()
	return w
}

// addRestricted fills a compartment with what would disturb everything, were it
// seen: the words of open articles, uses of open articles, flags, askers, wordings.
func (w *twin) addRestricted() {
	w.t.Helper()
	group, err := w.store.SaveCompartment(ctx, w.insider, team.Compartment{Name: canaryWord("group")})
	w.must(err)
	for i, open := range w.d.Articles {
		a := team.Article{Title: open.Title, Answer: open.Answer, Topics: open.Topics, State: team.ArticleVerified, Audience: team.AudienceCompany, Compartment: group.ID,
			Keywords: team.Lines{canaryWord("keyword")}, Wordings: []team.Wording{{Text: canaryWord("wording")}}}
		a.Basis, a.Reason = canaryWord("basis"), canaryWord("reason")+" "+a.Reason
		if i%2 == 0 {
			a.Title = canaryWord("title")
		}
		a, err = w.store.SaveArticle(ctx, w.insider, a, "")
		w.must(err)
		w.must(w.store.FlagArticle(ctx, w.insider, a.ID, canaryWord("flag")))
		w.secrets = append(w.secrets, "/articles/"+a.ID)
		w.useBoth(group.ID, open, a)
		if i%10 == 0 {
			w.catchUp()
		}
	}
	w.catchUp()
}

// useBoth records a restricted consultation with the open article and one with the
// restricted one, and one without any.
func (w *twin) useBoth(group string, open, secret team.Article) {
	w.t.Helper()
	for _, a := range []team.Article{open, secret} {
		if open.Compartment != "" || a.State == team.ArticleArchived {
			continue
		}
		c, err := w.store.UseArticle(ctx, w.insider, team.Use{ArticleID: a.ID, Kind: team.LinkAdapted, Compartment: group, Channel: team.ChannelMail, Answer: secret.Answer,
			Subject: canaryWord("subject"), Text: canaryWord("text"), Requester: canaryWord("asker"), Reply: canaryWord("reply"), Wording: canaryWord("use")})
		w.must(err)
		w.secrets = append(w.secrets, "/consultations/"+c.ID, "/consultations/"+c.Ref)
	}
	answered := sample.Answered(open.Title)
	answered.Compartment, answered.Requester, answered.Text = group, w.d.Requesters[0].Name, canaryWord("question")
	answered.DepartmentID = w.d.Requesters[0].DepartmentID
	c, err := w.store.SaveConsultation(ctx, w.insider, answered, "")
	w.must(err)
	w.secrets = append(w.secrets, "/consultations/"+c.ID+"/edit")
}

func (w *twin) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// live goes on with open work after the restricted, so that whatever the restricted
// left behind would show.
func (w *twin) live() {
	w.t.Helper()
	by := w.people["member"]
	w.store.Now = func() time.Time { return noon.Add(time.Minute) }
	_, err := w.store.SaveArticle(ctx, by, sample.Article("あたらしい開いた記事"), "")
	w.must(err)
	_, err = w.store.UseArticle(ctx, by, sample.Use(w.d.Articles[0]))
	w.must(err)
	w.catchUp()
	w.store.Now = func() time.Time { return noon.Add(time.Hour) }
}

// request is one line of what everybody does.
type request struct {
	method, target string
	form           url.Values
	part           bool // as htmx asks
}

// requests are what a person can ask for; secrets are addresses they may have heard of.
func (w *twin) requests(secrets []string) []request {
	var list []request
	get := func(target string) { list = append(list, request{method: http.MethodGet, target: target}) }
	for _, path := range []string{"/", "/ask", "/me", "/articles", "/articles/new", "/consultations", "/consultations/new", "/settings", "/settings/members", "/settings/departments",
		"/settings/topics", "/settings/jargon", "/settings/compartments", "/settings/compartments/new", "/readyz", "/healthz", "/sign-in", "/nothing"} {
		get(path)
	}
	for number := range 5 {
		get(fmt.Sprintf("/consultations?page=%d", number))
		get(fmt.Sprintf("/articles?page=%d", number))
	}
	for _, state := range []string{"open", "answered", "draft", "not_verified", "verified", "archived"} {
		get("/consultations?state=" + state)
		get("/articles?state=" + state)
	}
	for _, topic := range w.d.Topics {
		get("/consultations?topic=" + topic.ID)
		get("/articles?topic=" + topic.ID)
	}
	for _, m := range w.d.Members {
		get("/risk/what-if?member=" + m.ID)
		get("/risk/hand-over?csv=utf-8&member=" + m.ID)
	}
	for _, d := range w.d.Departments {
		get("/consultations?department=" + d.ID)
	}
	for _, a := range w.d.Articles {
		get("/articles/" + a.ID)
		get("/consultations?article=" + a.ID)
	}
	for _, a := range w.d.Articles[:6] {
		get("/articles/" + a.ID + "/versions")
		get("/articles/" + a.ID + "/edit")
	}
	for _, c := range w.d.Consultations[:20] {
		get("/consultations/" + c.Ref)
	}
	for _, word := range []string{"USB", "メール", canary, w.d.Requesters[0].Name} {
		for _, path := range []string{"/articles?words=", "/consultations?words=", "/settings/jargon?q=", "/settings/compartments?q=", "/settings/members?q="} {
			get(path + url.QueryEscape(word))
		}
	}
	for _, secret := range secrets[:12] {
		get(secret)
		get("/consultations?article=" + strings.TrimPrefix(secret, "/articles/"))
		get("/ask?consultation=" + strings.TrimPrefix(secret, "/consultations/"))
	}
	return append(list, asks()...)
}

// asks are searches: how people put the questions, parts of words, and the words of
// restricted fields.
func asks() []request {
	var list []request
	for i, p := range sample.Paraphrases() {
		list = append(list, request{http.MethodPost, "/ask", url.Values{"text": {p.Text}}, i%2 == 0})
	}
	for _, text := range []string{"USB", "パス", "a", "の", canary, canaryWord("title"), canaryWord("asker"), canaryWord("wording") + " USB", canary[:6], "人事", "退職者 持ち出し"} {
		list = append(list, request{http.MethodPost, "/ask", url.Values{"text": {text}}, true}, request{http.MethodPost, "/consultations/new", url.Values{"text": {text}}, false})
	}
	return list
}

func (r request) send(b *browser) answer {
	return b.ask(r.method, r.target, r.form, func(q *http.Request) {
		if r.part {
			q.Header.Set("HX-Request", "true")
		}
	})
}

// refs are the short references of consultations.
var refs = regexp.MustCompile(`\b[ACDEFGHJKMNPQRTWXY34679]{5}\b`)

func (r request) masked(b *browser) string { return refs.ReplaceAllString(r.send(b).masked(), "…") }

// Two departments that differ only by what a compartment holds answer everybody
// else alike, byte for byte.
func TestWhatIsRestrictedChangesNothingForOthers(t *testing.T) {
	first, second := testdb.URLs(t), testdb.URLs(t)
	for kind := range first {
		t.Run(kind, func(t *testing.T) {
			var a, b *twin
			logged := faults(func() {
				a, b = newTwin(t, first[kind]), newTwin(t, second[kind])
				b.addRestricted()
				a.live()
				b.live()
				share := 1
				if kind == "postgres" {
					share = 3 // who may see what is one text for both databases
				}
				compareTwins(t, a, b, share)
			})
			if strings.Contains(logged, canary) {
				t.Errorf("the log holds restricted words: %.300s", logged)
			}
			checkInsiderSees(t, a, b)
		})
	}
}

// every says which requests are compared as whom: one role asks everything, the
// others, who meet the same handlers, a sample.
var every = map[string]int{"member": 1, "lead": 3, "viewer": 5, "stranger": 8}

func compareTwins(t *testing.T, a, b *twin, share int) {
	t.Helper()
	requests := a.requests(b.secrets)
	if len(requests) < 300 {
		t.Fatalf("only %d requests", len(requests))
	}
	for _, actor := range []string{"member", "lead", "viewer", "stranger"} {
		inA, inB := a.as(actor), b.as(actor)
		different := 0
		for n, r := range requests {
			if n%(share*every[actor]) > 0 {
				continue
			}
			got, want := r.masked(inB), r.masked(inA)
			if got != want {
				if different++; different <= 5 {
					t.Errorf("%s: %s %s %v differs: %s", actor, r.method, r.target, r.form, difference(got, want))
				}
			}
			if asked := r.target + r.form.Encode(); !strings.Contains(asked, url.QueryEscape(canary[:6])) && strings.Contains(got, canary) {
				t.Errorf("%s: %s shows a restricted word", actor, r.target)
			}
		}
		if different > 5 {
			t.Errorf("%s: %d answers differ", actor, different)
		}
	}
}

// checkInsiderSees is the other side: who belongs to the compartment finds it all.
func checkInsiderSees(t *testing.T, a, b *twin) {
	t.Helper()
	in := b.as("insider")
	for _, field := range []string{"title", "keyword", "wording", "reason", "question"} {
		found := request{http.MethodPost, "/ask", url.Values{"text": {canaryWord(field)}}, true}.send(in)
		if !slices.ContainsFunc(b.secrets, func(s string) bool {
			return strings.Contains(found.body, strings.TrimSuffix(strings.TrimPrefix(s, "/articles/"), "/edit"))
		}) {
			t.Errorf("the insider does not find the %s", field)
		}
	}
	if page := in.ask(http.MethodGet, b.secrets[0], nil); page.code != http.StatusOK || !strings.Contains(page.body, canaryWord("flag")) || !strings.Contains(page.body, canaryWord("group")) {
		t.Errorf("the insider's article: %d", page.code)
	}
	different := 0
	inA := a.as("insider")
	for _, r := range asks()[:40] {
		if r.masked(inA) != r.masked(in) {
			different++
		}
	}
	if different < 30 {
		t.Errorf("for the insider only %d searches differ: the restricted things disturb nothing, so the comparison proves nothing", different)
	}
}
