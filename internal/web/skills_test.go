package web

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// typedSkill is a filled form of a skill.
func typedSkill(category string) url.Values {
	return url.Values{"category": {category}, "name": {"港の警備"}, "name_en": {"Harbour watch"}, "required_level": {"3"}, "minimum": {"2"}, "redundancy": {"1"}, "critical": {"1"},
		"weight": {"4"}, "incident": {"1"}, "half_life_days": {"200"}, "valid_days": {"0"}, "active": {"1"}, "anchor_3": {"一人で見回れる"}, "anchor_en_3": {"Walks the rounds alone"}}
}

func TestALeadWritesASkillWithWhatItNeeds(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		lead := w.as("lead")
		g, err := s.SaveCategory(ctx, w.people["lead"], sample.Category("港"))
		if err != nil {
			t.Fatal(err)
		}
		topic, err := s.SaveTopic(ctx, team.Operator(), sample.Topic("波止場"))
		if err != nil {
			t.Fatal(err)
		}
		typed := typedSkill(g.ID)
		typed.Set("topics", topic.ID)
		typed.Set("key", newKey())
		for range 2 { // the second is the same form after a lost answer
			if got := lead.ask(http.MethodPost, "/skills/new", typed); got.code != http.StatusSeeOther {
				t.Fatalf("%d: %.600s", got.code, got.body)
			}
		}
		c, err := s.Catalogue(ctx, w.people["lead"])
		if err != nil || len(c.Skills) != 1 || len(c.Topics) != 1 || c.Topics[0].Level != 3 {
			t.Fatalf("%+v, %v", c, err)
		}
		k := c.Skills[0]
		if k.Requirement != (team.Requirement{RequiredLevel: 3, Minimum: 2, Redundancy: 1, Critical: true, Weight: 4}) || !k.Incident || k.HalfLifeDays != 200 || k.Anchors[3] != "一人で見回れる" {
			t.Errorf("%+v", k)
		}
		page := w.as("member").ask(http.MethodGet, "/skills/"+k.ID, nil)
		for _, want := range []string{"港の警備", "一人で見回れる", "波止場"} {
			if !strings.Contains(page.body, want) {
				t.Errorf("members do not see %s: %.800s", want, page.body)
			}
		}
		if form := lead.ask(http.MethodGet, "/skills/"+k.ID+"/edit", nil); !strings.Contains(form.body, `href="/skills/`+k.ID+`/codes"`) || !strings.Contains(form.body, `value="`+topic.ID+`" checked`) {
			t.Errorf("the form: %.3000s", form.body)
		}
		if strings.Contains(page.body, "/edit") {
			t.Error("members are offered what they may not do")
		}
		typed.Set("version", "1")
		for _, c := range []struct {
			level string
			code  int
		}{{"9", http.StatusUnprocessableEntity}, {"2", http.StatusSeeOther}} {
			typed.Set(topicLevel+topic.ID, c.level)
			if got := lead.ask(http.MethodPost, "/skills/"+k.ID+"/edit", typed); got.code != c.code {
				t.Errorf("questions from level %s: %d %.600s", c.level, got.code, got.body)
			}
		}
		if c, err = s.Catalogue(ctx, w.people["lead"]); err != nil || len(c.Topics) != 1 || c.Topics[0].Level != 2 {
			t.Errorf("%+v, %v", c.Topics, err)
		}
	})
}

func TestWhatIsWrongWithASkillIsSaidAndNothingTypedIsLost(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		for field, bad := range map[string]string{"name": "", "minimum": "二人", "weight": "-1", "required_level": "9", "half_life_days": "0", "valid_days": "99999999999999999999",
			"redundancy": "1.5", "category": "none", "topics": "none", "anchor_3": strings.Repeat("長", 201)} {
			typed := typedSkill(k.CategoryID)
			typed.Set("version", "1")
			typed.Set(field, bad)
			got := w.as("lead").ask(http.MethodPost, "/skills/"+k.ID+"/edit", typed)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `role="alert"`) || !strings.Contains(got.body, "Harbour watch") {
				t.Errorf("%s %.20q: %d %.600s", field, bad, got.code, got.body)
			}
		}
		if now, err := s.Skill(ctx, w.people["lead"], k.ID); err != nil || now.Version != 1 {
			t.Errorf("something was saved: %+v, %v", now, err)
		}
	})
}

func TestTheSecondOfTwoLeadsSeesWhatTheFirstSaved(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		for address, typed := range map[string]url.Values{
			"/skills/" + k.ID + "/edit":          typedSkill(k.CategoryID),
			"/skills/categories/" + k.CategoryID: {"name": {"分類"}, "active": {"1"}},
		} {
			first := maps.Clone(typed)
			first.Set("version", "1")
			first.Set("name", "先に書いた名前")
			if got := w.as("lead").ask(http.MethodPost, address, first); got.code != http.StatusSeeOther {
				t.Fatalf("the first: %d %.400s", got.code, got.body)
			}
			second := maps.Clone(typed)
			second.Set("version", "1")
			second.Set("name", "あとから書いた名前")
			got := w.as("admin").ask(http.MethodPost, address, second)
			if got.code != http.StatusConflict || !strings.Contains(got.body, "先に書いた名前") || !strings.Contains(got.body, "あとから書いた名前") || !strings.Contains(got.body, `name="version" value="2"`) {
				t.Errorf("%s: %d %.2000s", address, got.code, got.body)
			}
			second.Set("version", "2")
			if got := w.as("admin").ask(http.MethodPost, address, second); got.code != http.StatusSeeOther {
				t.Errorf("knowingly: %d", got.code)
			}
		}
		now, err := s.Skill(ctx, w.people["lead"], k.ID)
		if err != nil || now.Name != "あとから書いた名前" || len(now.Codes) != len(k.Codes) {
			t.Errorf("%+v, %v", now, err)
		}
	})
}

func TestASkillOutOfUseIsShownToLeadsOnly(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "テレックスの扱い")
		k.Active = false
		if _, err := s.SaveSkill(ctx, w.people["lead"], k); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]bool{"lead": true, "member": false, "viewer": false} {
			if got := w.as(name).ask(http.MethodGet, "/skills", nil); strings.Contains(got.body, "/skills/"+k.ID) != want {
				t.Errorf("%s: %v", name, !want)
			}
		}
	})
}

func TestTheStarterSkillsAreTakenWholeOrInPart(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		lead, starter := w.as("lead"), sample.StarterSkills()
		if got := lead.ask(http.MethodGet, "/skills", nil); !strings.Contains(got.body, `href="/skills/starter"`) {
			t.Errorf("an empty catalogue does not offer them: %.600s", got.body)
		}
		total := 0
		for _, g := range starter {
			total += len(g.Skills)
		}
		single := starter[1].Skills[0].Key
		for _, step := range []struct {
			form url.Values
			want int
		}{{url.Values{}, 0}, {url.Values{"skills": {single, "none-such"}}, 1}, {url.Values{"categories": {starter[0].Key}, "skills": {single}}, 1 + len(starter[0].Skills)},
			{url.Values{"whole": {"1"}}, total}, {url.Values{"whole": {"1"}}, total}} {
			if got := lead.ask(http.MethodPost, "/skills/starter", step.form); got.code != http.StatusSeeOther {
				t.Fatalf("%v: %d", step.form, got.code)
			}
			if c, err := s.Catalogue(ctx, w.people["lead"]); err != nil || len(c.Skills) != step.want {
				t.Errorf("%v: %d skills, want %d, %v", step.form, len(c.Skills), step.want, err)
			}
		}
	})
}
