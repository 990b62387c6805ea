package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestLeadsLookAfterTheSettings(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		lead := testdb.Person(t, s, team.Member{Name: "鈴木", Email: "suzuki@example.com", Language: "ja", Active: true, Role: team.RoleLead})
		plain := testdb.Person(t, s, team.Member{Name: "田中", Email: "tanaka@example.com", Language: "ja", Active: true, Role: team.RoleMember})
		app := site(t, s)
		b := signedIn(t, app, lead)
		for _, noun := range []string{"members", "departments", "topics", "jargon", "compartments"} {
			for _, path := range []string{"/settings/" + noun, "/settings/" + noun + "/new"} {
				if code, _ := b.get(path); code != http.StatusOK {
					t.Errorf("%s: %d", path, code)
				}
			}
		}
		if r := b.post("/settings/departments/new", url.Values{"name": {"経理部"}, "headcount": {"たくさん"}, "active": {"1"}}); r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("bad headcount: %d", r.StatusCode)
		} else if page := read(t, r); !strings.Contains(page, "経理部") || !strings.Contains(page, "たくさん") {
			t.Error("what was typed is lost")
		}
		if r := b.post("/settings/departments/new", url.Values{"name": {"経理部"}, "headcount": {"12"}, "active": {"1"}}); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("add: %d", r.StatusCode)
		}
		list, err := s.Departments(ctx)
		if err != nil {
			t.Fatal(err)
		}
		d, err := one(list, nil, func(d team.Department) bool { return d.Name == "経理部" })
		if err != nil {
			t.Fatal(err)
		}
		edit := "/settings/departments/" + d.ID
		if r := b.post(edit, url.Values{"name": {"財務部"}, "headcount": {"13"}, "version": {"1"}}); r.StatusCode != http.StatusSeeOther {
			t.Errorf("edit: %d", r.StatusCode)
		}
		r := b.post(edit, url.Values{"name": {"総務部"}, "headcount": {"14"}, "version": {"1"}})
		if page := read(t, r); r.StatusCode != http.StatusConflict || !strings.Contains(page, "総務部") || !strings.Contains(page, "財務部") {
			t.Errorf("stale: %d", r.StatusCode)
		}
		if page := read(t, b.post("/settings/members/"+plain.ID+"/invite", url.Values{})); !strings.Contains(page, "http://example.com/welcome/") {
			t.Error("no link")
		}
		hidden, err := s.SaveCompartment(ctx, team.Operator(), team.Compartment{Name: "人事案件", Members: []string{plain.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if code, _ := b.get("/settings/compartments/" + hidden.ID); code != http.StatusNotFound {
			t.Errorf("compartment of others: %d", code)
		}
		stranger := signedIn(t, app, plain)
		for _, route := range (&Server{}).settingsRoutes() {
			path := strings.ReplaceAll(route.path, ":id", d.ID)
			code := 0
			if route.method == http.MethodGet {
				code, _ = stranger.get(path)
			} else {
				stranger.get("/ask")
				code = stranger.post(path, url.Values{}).StatusCode
			}
			if code != http.StatusNotFound {
				t.Errorf("a member at %s %s: %d", route.method, path, code)
			}
		}
	})
}

func TestEverySettingIsEditedOnItsOwnPage(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		lead := testdb.Person(t, s, team.Member{Name: "鈴木", Email: "suzuki@example.com", Language: "ja", Active: true, Role: team.RoleLead})
		b := signedIn(t, site(t, s), lead)
		for noun, v := range map[string]url.Values{
			"members":      {"name": {"佐藤"}, "email": {"sato@example.com"}, "role": {"member"}, "language": {"ja"}, "active": {"1"}},
			"topics":       {"name": {"端末"}, "active": {"1"}},
			"jargon":       {"term": {"独自語"}, "plain": {"やさしい語"}, "synonyms": {"別名\r\n異名"}},
			"compartments": {"name": {"監査"}, "members": {lead.ID}},
		} {
			if r := b.post("/settings/"+noun+"/new", v); r.StatusCode != http.StatusSeeOther {
				t.Errorf("add to %s: %d", noun, r.StatusCode)
			}
			_, page := b.get("/settings/" + noun + "?q=" + url.QueryEscape(v.Get("name")+v.Get("term")))
			_, rest, found := strings.Cut(page, `class="row-link" href="`)
			path, _, _ := strings.Cut(rest, `"`)
			if !found {
				t.Errorf("%s: not in the list", noun)
				continue
			}
			if code, _ := b.get(path); code != http.StatusOK {
				t.Errorf("%s: %d", path, code)
			}
			v.Set("version", "1")
			if r := b.post(path, v); r.StatusCode != http.StatusSeeOther {
				t.Errorf("edit %s: %d", noun, r.StatusCode)
			}
			if noun == "jargon" {
				b.post(path+"/delete", url.Values{})
			}
		}
		if words, err := s.Jargon(ctx); err != nil || len(words) != 0 {
			t.Errorf("after deleting: %v, %v", words, err)
		}
	})
}

func TestALongListComesInPages(t *testing.T) {
	s := testdb.Open(t, t.TempDir()+"/tasuki.db")
	lead := testdb.Person(t, s, sample.Lead("suzuki"))
	for i := range store.PageSize + 1 {
		if _, err := s.SaveTopic(context.Background(), lead, team.Topic{Name: fmt.Sprintf("話題%03d", i), Active: true}); err != nil {
			t.Fatal(err)
		}
	}
	b := signedIn(t, site(t, s), lead)
	_, first := b.get("/settings/topics")
	_, second := b.get("/settings/topics?page=1")
	_, beyond := b.get("/settings/topics?page=99")
	if !strings.Contains(first, "話題000") || strings.Contains(first, "話題050") || !strings.Contains(second, "話題050") || strings.Contains(beyond, "class=\"row-link\"") {
		t.Error("the pages do not follow each other")
	}
}
