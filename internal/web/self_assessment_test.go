package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// words returns what a person of the world said of a skill, the newest first.
func (w *world) words(t *testing.T, person, skillID string) (list []team.Assessment) {
	t.Helper()
	all, _, err := w.store.LevelHistory(ctx, w.people[person], w.people[person].ID, skillID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Kind == team.Declared {
			list = append(list, a)
		}
	}
	return list
}

func TestEachAnswerIsSavedAtOnceAndOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		first, second := testdb.Skill(t, s, w.people["lead"], "港"), testdb.Skill(t, s, w.people["lead"], "橋")
		b, address := w.as("member"), "/me/levels/"+first.ID
		answer := url.Values{"level": {"2"}, "last": {""}, "note": {"当番"}}
		for range 3 {
			if got := b.ask(http.MethodPost, address, answer); got.code != http.StatusSeeOther || got.header.Get("Location") != "/me/levels/"+second.ID {
				t.Fatalf("%d to %q", got.code, got.header.Get("Location"))
			}
		}
		words := w.words(t, "member", first.ID)
		if len(words) != 1 || words[0].Level != 2 || words[0].Note != "当番" || words[0].By != w.people["member"].ID {
			t.Errorf("saved %+v", words)
		}
		answer.Set("level", "1")
		answer.Set("note", "別の画面")
		got := b.ask(http.MethodPost, address, answer)
		if got.code != http.StatusConflict || !strings.Contains(got.body, "先に2と記録") || !strings.Contains(got.body, "別の画面") || !strings.Contains(got.body, `name="last" value="`+words[0].ID) {
			t.Errorf("another window: %d %.3000s", got.code, got.body)
		}
		answer.Set("last", words[0].ID)
		if got := b.ask(http.MethodPost, address, answer); got.code != http.StatusSeeOther || len(w.words(t, "member", first.ID)) != 2 {
			t.Errorf("knowingly: %d", got.code)
		}
		if got := b.ask(http.MethodPost, "/me/levels/"+second.ID, url.Values{"level": {"0"}}); got.header.Get("Location") != "/me/levels?done=1" {
			t.Errorf("the last leads to %q", got.header.Get("Location"))
		}
		done := b.ask(http.MethodGet, "/me/levels?done=1", nil)
		if !strings.Contains(done.body, "2件のうち2件") || !strings.Contains(done.body, w.people["lead"].Name) {
			t.Errorf("the end: %.3000s", done.body)
		}
	})
}

func TestALargeStepIsSavedWithEvidenceOnly(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		b, address := w.as("member"), "/me/levels/"+k.ID
		b.ask(http.MethodPost, address, url.Values{"level": {"1"}})
		step := url.Values{"level": {"3"}, "last": {w.words(t, "member", k.ID)[0].ID}}
		got := b.ask(http.MethodPost, address, step)
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="note-error"`) || len(w.words(t, "member", k.ID)) != 1 {
			t.Errorf("without: %d", got.code)
		}
		step.Set("note", "一人で当番")
		if got := b.ask(http.MethodPost, address, step); got.code != http.StatusSeeOther || w.words(t, "member", k.ID)[0].Level != 3 {
			t.Errorf("with: %d", got.code)
		}
		for _, bad := range []string{"", "5", "-1", "二"} {
			if got := b.ask(http.MethodPost, address, url.Values{"level": {bad}, "note": {"書きかけ"}}); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "書きかけ") {
				t.Errorf("level %q: %d", bad, got.code)
			}
		}
	})
}

// answered records an answer of somebody on a topic that needs the skill.
func (w *world) answeredOn(t *testing.T, by team.Member, topic team.Topic, subject, compartment string) {
	t.Helper()
	c := sample.Answered(subject)
	c.TopicID, c.Compartment = topic.ID, compartment
	if _, err := w.store.SaveConsultation(ctx, by, c, ""); err != nil {
		t.Fatal(err)
	}
}

func TestRestrictedAnswersAreNeitherEvidenceNorShownNorCounted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		insider, k := w.people["insider"], testdb.Skill(t, s, w.people["lead"], "港")
		topic, err := s.SaveTopic(ctx, team.Operator(), sample.Topic("港の話"))
		if err == nil {
			err = s.SaveTopicSkills(ctx, team.Operator(), k.ID, []team.TopicSkill{{TopicID: topic.ID, Level: 1}})
		}
		if err != nil {
			t.Fatal(err)
		}
		w.answeredOn(t, insider, topic, "だれでも読める件", "")
		w.answeredOn(t, insider, topic, "ひみつの件", w.group.ID)
		own := w.as("insider").ask(http.MethodGet, "/me/levels/"+k.ID, nil)
		if !strings.Contains(own.body, "だれでも読める件") || strings.Contains(own.body, "ひみつの件") || !strings.Contains(own.body, "この話題で1件答えました") {
			t.Errorf("evidence: %.4000s", own.body)
		}
		page := "/members/" + insider.ID
		for name, want := range map[string]struct {
			open, secret bool
			count        string
		}{"insider": {true, true, "90日で2件"}, "lead": {true, false, "90日で1件"}, "member": {false, false, ""}, "viewer": {false, false, ""}} {
			got := w.as(name).ask(http.MethodGet, page, nil)
			if got.code != http.StatusOK || strings.Contains(got.body, "だれでも読める件") != want.open || strings.Contains(got.body, "ひみつの件") != want.secret || !strings.Contains(got.body, want.count) || want.count == "" && strings.Contains(got.body, "90日で") {
				t.Errorf("%s reads %d %.4000s", name, got.code, got.body)
			}
		}
		// Evidence that was not offered is not taken over.
		var secret string
		list, err := s.LevelEvidence(ctx, insider, insider.ID, k.ID)
		for _, e := range list {
			if e.Restricted {
				secret = e.Ref
			}
		}
		if err != nil || secret == "" {
			t.Fatalf("%+v, %v", list, err)
		}
		w.as("insider").ask(http.MethodPost, "/me/levels/"+k.ID, url.Values{"level": {"2"}, "evidence": {secret, list[0].Ref, list[1].Ref}})
		if note := w.words(t, "insider", k.ID)[0].Note; strings.Contains(note, secret) || !strings.Contains(note, "だれでも読める件") {
			t.Errorf("the note says %q", note)
		}
		waiting := w.as("lead").ask(http.MethodGet, "/skills/waiting", nil)
		if !strings.Contains(waiting.body, "この1年の答え 1件") || strings.Contains(waiting.body, secret) {
			t.Errorf("what waits: %.4000s", waiting.body)
		}
	})
}

func TestAPageShowsOthersOnlyTheLevels(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		lead, other, k := w.people["lead"], w.people["member"], testdb.Skill(t, s, w.people["lead"], "港")
		day := team.DateOf(time.Now())
		testdb.Level(t, s, other, day, team.Assessment{MemberID: other.ID, SkillID: k.ID, Kind: team.Declared, Level: 3, Note: "ひみつの根拠", Confidence: 4})
		testdb.Level(t, s, lead, day, team.Assessment{MemberID: other.ID, SkillID: k.ID, Kind: team.Validated, Level: 3})
		if _, err := s.SaveTarget(ctx, other, day, team.Target{MemberID: other.ID, SkillID: k.ID, Level: 4, Due: team.Date{Year: 2098, Month: 7, Day: 6}}, ""); err != nil {
			t.Fatal(err)
		}
		colleague := testdb.Person(t, s, sample.Member("colleague"))
		w.people["colleague"] = colleague
		page := "/members/" + other.ID
		for name, inside := range map[string]bool{"member": true, "lead": true, "colleague": false, "viewer": false} {
			got := w.as(name).ask(http.MethodGet, page, nil)
			if got.code != http.StatusOK {
				t.Fatalf("%s: %d", name, got.code)
			}
			for _, private := range []string{"ひみつの根拠", "自信 4", "2098", "頼られすぎ", "伸び（12か月）", "最近の答え"} {
				if strings.Contains(got.body, private) != inside {
					t.Errorf("%s sees %s: %v", name, private, !inside)
				}
			}
		}
		if err := s.SaveNamesVisible(ctx, lead, false); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]int{"member": 200, "lead": 200, "colleague": 404, "viewer": 404} {
			if got := w.as(name).ask(http.MethodGet, page, nil); got.code != want {
				t.Errorf("with hidden names %s gets %d, want %d", name, got.code, want)
			}
		}
	})
}

func TestAPageSaysThatASkillGoesWithTwoPeople(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		lead, other, k := w.people["lead"], w.people["member"], testdb.Skill(t, s, w.people["lead"], "港")
		colleague := testdb.Person(t, s, sample.Member("colleague"))
		w.people["colleague"] = colleague
		for _, m := range []team.Member{other, colleague} {
			testdb.Level(t, s, lead, team.DateOf(time.Now()), team.Assessment{MemberID: m.ID, SkillID: k.ID, Kind: team.Validated, Level: 3})
		}
		for name, sees := range map[string]bool{"member": true, "lead": true, "colleague": false, "viewer": false} {
			got := w.as(name).ask(http.MethodGet, "/members/"+other.ID, nil)
			if got.code != http.StatusOK || strings.Contains(got.body, "できる人がいなくなる組が1つあります") != sees {
				t.Errorf("%s: %d, sees the pair: %v, want %v", name, got.code, !sees, sees)
			}
		}
	})
}

func TestATargetIsSetChangedAndDropped(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		member, k := w.people["member"], testdb.Skill(t, s, w.people["lead"], "港")
		b, address := w.as("member"), "/members/"+member.ID+"/targets/"+k.ID
		target := func() (list []team.Target) {
			t.Helper()
			_, list, err := s.LevelHistory(ctx, member, member.ID, k.ID)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for _, due := range []string{"いつか", "令和9年2月30日", "2001-01-01"} {
			got := b.ask(http.MethodPost, address, url.Values{"level": {"3"}, "due": {due}})
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, due) || len(target()) != 0 {
				t.Errorf("due %q: %d", due, got.code)
			}
		}
		set := url.Values{"level": {"3"}, "due": {"令和80年3月31日"}}
		for range 2 {
			if got := b.ask(http.MethodPost, address, set); got.code != http.StatusSeeOther {
				t.Fatalf("set: %d %.600s", got.code, got.body)
			}
		}
		if list := target(); len(list) != 1 || list[0].Level != 3 || list[0].Due.String() != "2098-03-31" {
			t.Fatalf("set %+v", list)
		}
		stale := w.as("lead").ask(http.MethodPost, address, url.Values{"level": {"4"}})
		if stale.code != http.StatusConflict || !strings.Contains(stale.body, "レベル3") || !strings.Contains(stale.body, target()[0].ID) {
			t.Errorf("a lead who did not see it: %d %.2000s", stale.code, stale.body)
		}
		if got := b.ask(http.MethodPost, address, url.Values{"drop": {"1"}, "last": {target()[0].ID}}); got.code != http.StatusSeeOther || target()[0].Level.Assessed() {
			t.Errorf("dropped: %d", got.code)
		}
	})
}

func TestALeadConfirmsOneOrAllOfWhatWaits(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		member, day := w.people["member"], team.DateOf(time.Now())
		var ids []string
		for _, name := range []string{"港", "橋", "川"} {
			k := testdb.Skill(t, s, w.people["lead"], name)
			testdb.Level(t, s, member, day, team.Assessment{MemberID: member.ID, SkillID: k.ID, Kind: team.Declared, Level: 3, Note: "根拠の" + name})
			ids = append(ids, w.words(t, "member", k.ID)[0].ID)
		}
		b := w.as("lead")
		page := b.ask(http.MethodGet, "/skills/waiting", nil)
		for _, id := range ids {
			if !strings.Contains(page.body, `value="`+id+`"`) {
				t.Errorf("%s is not listed", id)
			}
		}
		form := url.Values{"shown": ids, "one": {ids[0]}, "level_" + ids[0]: {"2"}, "level_" + ids[1]: {"1"}, "level_" + ids[2]: {"3"}}
		if got := b.ask(http.MethodPost, "/skills/waiting", form); got.header.Get("Location") != "/skills/waiting?done=confirmed" {
			t.Fatalf("one: %d to %q", got.code, got.header.Get("Location"))
		}
		form.Del("one")
		if got := b.ask(http.MethodPost, "/skills/waiting", form); got.header.Get("Location") != "/skills/waiting?done=stale" {
			t.Errorf("with one that waits no longer: %q", got.header.Get("Location"))
		}
		levels := map[team.Level]int{}
		m, err := s.SkillMap(ctx, w.people["lead"], day)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range m.Cells {
			for _, c := range row {
				if c.Validated != nil {
					levels[c.Validated.Level]++
				}
			}
		}
		if levels[1] != 1 || levels[2] != 1 || levels[3] != 1 {
			t.Errorf("confirmed %v, want 1, 2 and 3 once each", levels)
		}
		for name, want := range map[string]string{"lead": "確認を待っているものはありません", "member": "確認を待っているものはありません"} {
			if got := w.as(name).ask(http.MethodGet, "/skills/waiting", nil); !strings.Contains(got.body, want) {
				t.Errorf("%s: %.800s", name, got.body)
			}
		}
	})
}

func TestAWholeCategoryIsSavedAndNothingThatStoodBefore(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		b, address := w.as("member"), "/me/levels/categories/"+k.CategoryID
		if got := b.ask(http.MethodGet, address+"?level=2", nil); !strings.Contains(got.body, `<option value="2" selected>`) {
			t.Errorf("the words chosen are not filled in: %.2000s", got.body)
		}
		if got := b.ask(http.MethodPost, address, url.Values{"level_" + k.ID: {"9"}}); got.code != http.StatusUnprocessableEntity {
			t.Errorf("a level that is none: %d", got.code)
		}
		for _, try := range []struct{ level, leads string }{{"", "/me/levels?done=1"}, {"2", "/me/levels?done=1"}, {"2", "/me/levels?done=1"}, {"4", "/me/levels?kept=1"}} {
			got := b.ask(http.MethodPost, address, url.Values{"level_" + k.ID: {try.level}})
			if got.code != http.StatusSeeOther || got.header.Get("Location") != try.leads {
				t.Errorf("%q: %d to %q", try.level, got.code, got.header.Get("Location"))
			}
		}
		if words := w.words(t, "member", k.ID); len(words) != 1 || words[0].Level != 2 {
			t.Errorf("saved %+v", words)
		}
	})
}
