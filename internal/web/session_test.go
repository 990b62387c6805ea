package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tasuki/internal/auth"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

const goodPassword = "雨の日は傘を二本持つ"

// withPassword gives a member a password and returns the browser of that moment.
func (w *world) withPassword(name, password string) *browser {
	w.t.Helper()
	link, err := w.store.Invite(ctx, team.Operator(), w.people[name].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	b := w.as("stranger")
	if got := b.enter("/welcome/"+link, url.Values{"password": {password}}); got.code != http.StatusSeeOther {
		w.t.Fatalf("set the password of %s: %d", name, got.code)
	}
	return b
}

// enter sends a form and keeps the session that comes back.
func (b *browser) enter(path string, f url.Values) answer {
	b.t.Helper()
	got := b.ask(http.MethodPost, path, f)
	for _, line := range got.header.Values("Set-Cookie") {
		if value, ok := strings.CutPrefix(line, "tasuki="); ok {
			secret, _, _ := strings.Cut(value, ";")
			b.cookie, b.token = "tasuki="+secret, auth.FormToken(secret)
		}
	}
	return got
}

func (b *browser) signIn(email, password string) answer {
	return b.enter("/sign-in", url.Values{"email": {email}, "password": {password}})
}

// inside tells whether the browser is signed in.
func (b *browser) inside() bool {
	b.t.Helper()
	return b.ask(http.MethodGet, "/me", nil).code == http.StatusOK
}

func TestASessionEndsWhenItShould(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		later := func(d time.Duration) { s.Now = func() time.Time { return time.Now().Add(d) } }
		for _, end := range []struct {
			name string
			do   func(b *browser)
		}{
			{"who signs out", func(b *browser) {
				if got := b.ask(http.MethodPost, "/sign-out", nil); got.header.Get("Clear-Site-Data") == "" {
					t.Error("nothing clears what the browser kept")
				}
			}},
			{"who changes the password, everywhere else", func(*browser) { w.withPassword("member", goodPassword+"と") }},
			{"who leaves", func(*browser) { w.change("member", func(m *team.Member) { m.Active = false }) }},
			{"whose role changes", func(*browser) { w.change("member", func(m *team.Member) { m.Role = team.RoleViewer }) }},
			{"who does nothing for eight hours", func(*browser) { later(8*time.Hour + time.Minute) }},
			{"who signs in again in the same browser, the old one", func(b *browser) {
				(&browser{t: t, app: w.app, cookie: b.cookie, token: b.token}).signIn("member@example.com", goodPassword)
			}},
		} {
			w.change("member", func(m *team.Member) { m.Active, m.Role = true, team.RoleMember })
			w.withPassword("member", goodPassword)
			b := w.as("stranger")
			if got := b.signIn("member@example.com", goodPassword); got.code != http.StatusSeeOther || !b.inside() {
				t.Fatalf("%s: sign in: %d", end.name, got.code)
			}
			end.do(b)
			if b.inside() {
				t.Errorf("%s is still inside", end.name)
			}
			later(0)
		}
		checkAbsoluteEnd(t, w)
	})
}

// checkAbsoluteEnd uses a session every hour: it lives on, but not for ever.
func checkAbsoluteEnd(t *testing.T, w *world) {
	t.Helper()
	b, began := w.as("member"), time.Now()
	hours := 0
	for ; hours < 24*8 && b.inside(); hours++ {
		w.store.Now = func() time.Time { return began.Add(time.Duration(hours+1) * time.Hour) }
	}
	if hours < 24 || hours > 24*7+1 {
		t.Errorf("a session in use lived %d hours", hours)
	}
	w.store.Now = time.Now
}

func (w *world) change(name string, do func(*team.Member)) {
	w.t.Helper()
	m, err := w.store.Member(ctx, w.people[name].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	do(&m)
	if w.people[name], err = w.store.SaveMember(ctx, team.Operator(), m); err != nil {
		w.t.Fatal(err)
	}
}

func TestSigningInTakesANewSecret(t *testing.T) {
	w := sqliteWorld(t)
	w.withPassword("member", goodPassword)
	b := w.as("stranger") // somebody may have planted this cookie
	planted := *b
	if got := b.signIn("member@example.com", goodPassword); got.code != http.StatusSeeOther {
		t.Fatal(got.code)
	}
	if b.cookie == planted.cookie || planted.inside() || !b.inside() {
		t.Error("the secret from before signing in opens the session")
	}
	secret := secretIn(b.cookie)
	if !regexp.MustCompile(`^[A-Z2-7]{26}$`).MatchString(secret) { // 26 letters of 5 bits
		t.Errorf("a secret of 128 bits at least: %q", secret)
	}
	for _, table := range []string{"sessions", "invitations"} {
		var kept string
		w.db.QueryRow("SELECT COALESCE(group_concat(token_hash), '') FROM " + table).Scan(&kept)
		if strings.Contains(kept, secret) {
			t.Errorf("%s keeps secrets", table)
		}
	}
}

func secretIn(cookie string) string {
	_, secret, _ := strings.Cut(cookie, "=")
	return secret
}

func TestTheCookieStaysWithThisHost(t *testing.T) {
	for base, want := range map[string][]string{
		"http://example.com":         {"tasuki=", "HttpOnly", "SameSite=Lax", "path=/"},
		"https://tasuki.example.com": {"__Host-tasuki=", "HttpOnly", "SameSite=Lax", "path=/", "secure"},
	} {
		w := newWorld(t, testdb.Open(t, t.TempDir()+"/tasuki.db"), base)
		got := (&browser{t: t, app: w.app}).ask(http.MethodGet, "/sign-in", nil)
		cookie := got.header.Get("Set-Cookie")
		for _, part := range want {
			if !strings.Contains(strings.ToLower(cookie), strings.ToLower(part)) {
				t.Errorf("%s: %q lacks %q", base, cookie, part)
			}
		}
		if strings.Contains(strings.ToLower(cookie), "domain") {
			t.Errorf("%s: neighbours get %q", base, cookie)
		}
	}
}

func TestTheFirstLinkWorksOnceAndNotForEver(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		app := site(t, s)
		invite := func() string {
			link, err := s.Invite(ctx, team.Operator(), "")
			if err != nil {
				t.Fatal(err)
			}
			return link
		}
		fresh := func() *browser { return &browser{t: t, app: app, cookie: "tasuki=v", token: auth.FormToken("v")} }
		old := invite()
		link := invite()
		if old == link || len(link) != 26 {
			t.Errorf("links %q and %q", old, link)
		}
		form := url.Values{"name": {"佐藤"}, "email": {"sato@example.com"}, "password": {goodPassword}}
		if got := fresh().enter("/welcome/"+old, form); got.code != http.StatusNotFound {
			t.Errorf("a link after a newer one: %d", got.code)
		}
		s.Now = func() time.Time { return time.Now().Add(store.InvitationLife + time.Minute) }
		if got := fresh().enter("/welcome/"+link, form); got.code != http.StatusNotFound {
			t.Errorf("a link after its time: %d", got.code)
		}
		s.Now = time.Now
		if got := fresh().enter("/welcome/"+link, url.Values{"name": {"佐藤"}, "email": {"sato@example.com"}, "password": {"sato-2026-11"}}); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "sato@example.com") {
			t.Errorf("one's own name as the password: %d", got.code)
		}
		// Several people open it at the same moment.
		var wait sync.WaitGroup
		codes := make(chan int, 8)
		for n := range 8 {
			wait.Go(func() {
				f := url.Values{"name": {"佐藤"}, "email": {fmt.Sprintf("sato%d@example.com", n)}, "password": {goodPassword}}
				codes <- fresh().enter("/welcome/"+link, f).code
			})
		}
		wait.Wait()
		entered := 0
		for range 8 {
			if code := <-codes; code == http.StatusSeeOther {
				entered++
			} else if code != http.StatusNotFound {
				t.Errorf("who came second: %d", code)
			}
		}
		if people, err := s.Members(ctx); err != nil || entered != 1 || len(people) != 1 {
			t.Errorf("%d entered, %d members, %v", entered, len(people), err)
		}
	})
}

// spellings writes one address in ways that mean the same account.
func spellings(email string, n int) string {
	wide := func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}
	return []string{email, strings.ToUpper(email), strings.Map(wide, email), " " + email + " ", strings.ToUpper(email[:1]) + email[1:], email + "\u200b\x00"}[n%6]
}

func TestGuessingPasswordsEndsAfterTen(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		w.withPassword("member", goodPassword)
		for _, email := range []string{"member@example.com", "nobody@example.com"} {
			before := auth.Computed()
			var wait sync.WaitGroup
			for part := range 4 {
				wait.Go(func() {
					b := w.as("stranger")
					for n := range 12 {
						b.ask(http.MethodPost, "/sign-in", url.Values{"email": {spellings(email, part*12+n)}, "password": {fmt.Sprint("wrong", n)}}, func(r *http.Request) {
							for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP"} {
								r.Header.Set(name, fmt.Sprintf("10.0.%d.%d", part, n))
							}
						})
					}
				})
			}
			wait.Wait()
			if looked := auth.Computed() - before; looked < 5 || looked > store.MaxSignInFailures {
				t.Errorf("%s: %d of 48 passwords were looked at", email, looked)
			}
		}
		if got := w.as("stranger").signIn("member@example.com", goodPassword); got.code != http.StatusUnprocessableEntity {
			t.Errorf("the right one while the account rests: %d", got.code)
		}
		s.Now = func() time.Time { return time.Now().Add(16 * time.Minute) }
		if got := w.as("stranger").signIn("ｍｅｍｂｅｒ@example.com", goodPassword); got.code != http.StatusSeeOther {
			t.Errorf("the right one after the rest: %d", got.code)
		}
	})
}

func TestAnUnknownAddressLooksLikeAWrongPassword(t *testing.T) {
	w := sqliteWorld(t)
	w.withPassword("member", goodPassword)
	w.as("left") // has left, and never had a password
	seen := map[string]bool{}
	for _, email := range []string{"member@example.com", "nobody@example.com", "viewer@example.com", "left@example.com", "", strings.Repeat("x", 5000) + "@example.com"} {
		before := auth.Computed()
		got := w.as("stranger").signIn(email, "wrong "+goodPassword)
		if got.code != http.StatusUnprocessableEntity || auth.Computed()-before != 1 {
			t.Errorf("%.30q: %d after %d computations", email, got.code, auth.Computed()-before)
		}
		page := got.masked()
		if email != "" {
			page = strings.ReplaceAll(page, `value="`+email+`"`, `value=""`)
			page = strings.Replace(page, "required autofocus", "required", 1)
		} else {
			continue // this page puts the cursor elsewhere
		}
		seen[page] = true
	}
	if len(seen) != 1 {
		t.Errorf("%d different answers", len(seen))
	}
}

// A lead makes a link for a member; the member becomes an admin before it is used.
func TestAnOldLinkDoesNotGrowWithARole(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		link, err := s.Invite(ctx, w.people["lead"], w.people["member"].ID)
		if err != nil {
			t.Fatal(err)
		}
		w.change("member", func(m *team.Member) { m.Role = team.RoleAdmin })
		if got := w.as("stranger").enter("/welcome/"+link, url.Values{"password": {goodPassword}}); got.code != http.StatusNotFound {
			t.Errorf("the link of a lead sets the password of an admin: %d", got.code)
		}
	})
}

func TestARemovedRightCountsAtTheNextRequest(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		secret := testdb.Article(t, s, w.people["insider"], "退職者の持ち出し調査", w.group.ID)
		w.group.Members = []string{w.people["insider"].ID, w.people["lead"].ID}
		var err error
		if w.group, err = s.SaveCompartment(ctx, w.people["insider"], w.group); err != nil {
			t.Fatal(err)
		}
		w.catchUp()
		b := w.as("lead")
		sees := func() bool {
			found := b.ask(http.MethodPost, "/ask", url.Values{"text": {"退職者の持ち出し調査"}})
			return strings.Contains(found.body, secret.ID) || b.ask(http.MethodGet, "/articles/"+secret.ID, nil).code == http.StatusOK
		}
		if !sees() {
			t.Error("who belongs to the group does not see it")
		}
		w.group.Members = []string{w.people["insider"].ID}
		if w.group, err = s.SaveCompartment(ctx, w.people["insider"], w.group); err != nil {
			t.Fatal(err)
		}
		if sees() {
			t.Error("who was taken out still sees it")
		}
	})
}
