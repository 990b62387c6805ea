package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/testdb"
)

// order returns the names of the catalogue as it is listed.
func order(t *testing.T, w *world) string {
	t.Helper()
	c, err := w.store.Catalogue(ctx, w.people["lead"])
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, g := range c.Categories {
		names = append(names, g.Name)
		for _, k := range c.Skills {
			if k.CategoryID == g.ID {
				names = append(names, k.Name)
			}
		}
	}
	return strings.Join(names, " ")
}

func TestALeadPutsTheCatalogueInOrder(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		ids := map[string]string{}
		for _, g := range []string{"海", "山"} {
			c, err := s.SaveCategory(ctx, w.people["lead"], sample.Category(g))
			if err != nil {
				t.Fatal(err)
			}
			ids[g] = c.ID
			for _, k := range []string{"一", "二", "三"} {
				skill, err := s.SaveSkill(ctx, w.people["lead"], sample.Skill(c, g+k))
				if err != nil {
					t.Fatal(err)
				}
				ids[g+k] = skill.ID
			}
		}
		for _, step := range []struct{ move, want string }{
			{"down:" + ids["海一"], "海 海二 海一 海三 山 山一 山二 山三"},
			{"up:" + ids["山"], "山 山一 山二 山三 海 海二 海一 海三"},
			{"up:" + ids["山"], "山 山一 山二 山三 海 海二 海一 海三"}, // it is the first already
			{"down:" + ids["海三"], "山 山一 山二 山三 海 海二 海一 海三"},
			{"up:" + ids["山三"], "山 山一 山三 山二 海 海二 海一 海三"},
			{"up:nowhere", "山 山一 山三 山二 海 海二 海一 海三"},
			{"", "山 山一 山三 山二 海 海二 海一 海三"},
		} {
			if got := w.as("lead").ask(http.MethodPost, "/skills/order", url.Values{"move": {step.move}}); got.code != http.StatusSeeOther {
				t.Fatalf("%s: %d %.300s", step.move, got.code, got.body)
			}
			if got := order(t, w); got != step.want {
				t.Errorf("after %s: %s, want %s", step.move, got, step.want)
			}
		}
		page := w.as("lead").ask(http.MethodGet, "/skills/order", nil).body
		if strings.Count(page, `value="up:`) != 5 || strings.Count(page, `value="down:`) != 5 {
			t.Errorf("what stands first cannot go up, nor the last down: %.900s", page)
		}
	})
}

func TestTheDepartmentDecidesWhoSeesNames(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		for _, value := range []string{"", "1"} {
			if got := w.as("lead").ask(http.MethodPost, "/settings/names", url.Values{"names_visible": {value}}); got.code != http.StatusSeeOther {
				t.Fatalf("%d: %.300s", got.code, got.body)
			}
			if visible, err := s.NamesVisible(ctx); err != nil || visible != (value == "1") {
				t.Errorf("names are seen: %v, %v", visible, err)
			}
		}
		if got := w.as("lead").ask(http.MethodPost, "/settings/names", url.Values{"names_visible": {"maybe"}}); got.code != http.StatusUnprocessableEntity {
			t.Errorf("an answer that is none: %d", got.code)
		}
	})
}
