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
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// say gives somebody a level.
func (w *world) say(by, of string, skill team.Skill, kind team.AssessmentKind, level team.Level) {
	w.t.Helper()
	testdb.Level(w.t, w.store, w.people[by], team.DateOf(w.store.Now()), team.Assessment{MemberID: w.people[of].ID, SkillID: skill.ID, Kind: kind, Level: level})
}

func TestOnesOwnWordCountsAsTwoUntilItIsConfirmed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港の警備")
		w.say("member", "member", k, team.Declared, 4)
		got := w.as("lead").ask(http.MethodGet, "/skills/map", nil)
		if !strings.Contains(got.body, `<td class="l2 s">`) || !strings.Contains(got.body, "d-nobody") {
			t.Errorf("before: %.4000s", got.body)
		}
		w.say("lead", "member", k, team.Validated, 4)
		got = w.as("lead").ask(http.MethodGet, "/skills/map", nil)
		if !strings.Contains(got.body, `<td class="l4">`) || strings.Contains(got.body, `class="d d-nobody"`) {
			t.Errorf("after: %.4000s", got.body)
		}
		past := w.as("lead").ask(http.MethodGet, "/skills/map?day="+url.QueryEscape("令和2年4月1日"), nil)
		if strings.Contains(past.body, `<td class="l`) || strings.Contains(past.body, "data-seen") || !strings.Contains(past.body, "2020年4月1日") {
			t.Error("an earlier day shows what was said later, or can be changed")
		}
	})
}

func TestDraftsAreSavedAllOrNone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		one, two := testdb.Skill(t, s, w.people["lead"], "港"), testdb.Skill(t, s, w.people["lead"], "波止場")
		of := w.people["member"].ID
		w.say("other", "member", one, team.Validated, 3)
		drafts := url.Values{"set": {one.ID + " " + of + " 2 -", two.ID + " " + of + " 1 -"}}
		got := w.as("lead").ask(http.MethodPost, "/skills/map", drafts)
		now, err := s.SkillMap(ctx, w.people["lead"], team.DateOf(s.Now()))
		if err != nil || got.code != http.StatusConflict || !strings.Contains(got.body, two.ID+" "+of+" 1 -") || len(now.Totals) != 2 || now.Totals[0].Levels[3] != 1 || now.Totals[1].Holders(0) != 0 {
			t.Fatalf("%d %+v %v: %.2000s", got.code, now.Totals, err, got.body)
		}
		mine := regexp.MustCompile(`name="choice_0" value="([^"]+)"`).FindStringSubmatch(got.body)
		drafts = url.Values{"set": {two.ID + " " + of + " 1 -"}, "choice_0": {mine[1]}}
		if got := w.as("lead").ask(http.MethodPost, "/skills/map", drafts); got.code != http.StatusSeeOther {
			t.Fatalf("knowingly: %d", got.code)
		}
		now, err = s.SkillMap(ctx, w.people["lead"], team.DateOf(s.Now()))
		if err != nil || now.Totals[0].Levels[2] != 1 || now.Totals[1].Levels[1] != 1 {
			t.Errorf("%+v %v", now.Totals, err)
		}
	})
}

func TestOnlyOneselfDeclaresAndOnlyOthersConfirm(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		for _, step := range []struct {
			by, of string
			code   int
		}{{"member", "member", http.StatusSeeOther}, {"member", "other", http.StatusNotFound}, {"lead", "lead", http.StatusSeeOther}, {"lead", "member", http.StatusSeeOther}} {
			form := url.Values{"set": {k.ID + " " + w.people[step.of].ID + " 3 -"}}
			if got := w.as(step.by).ask(http.MethodPost, "/skills/map", form); got.code != step.code {
				t.Errorf("%s of %s: %d", step.by, step.of, got.code)
			}
		}
		history, _, err := s.LevelHistory(ctx, w.people["lead"], w.people["lead"].ID, k.ID)
		if err != nil || len(history) != 1 || history[0].Kind != team.Declared {
			t.Errorf("%+v %v", history, err)
		}
	})
}

func TestTheFormOfACellShowsWhoWasFirst(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		cell := "/skills/map/" + k.ID + "/" + w.people["member"].ID
		w.say("other", "member", k, team.Validated, 3)
		form := url.Values{"level": {"2"}, "note": {"机上訓練で見ました"}, "last": {""}}
		got := w.as("lead").ask(http.MethodPost, cell, form)
		if got.code != http.StatusConflict || !strings.Contains(got.body, "3 としました。あなたは 2 です") || !strings.Contains(got.body, "机上訓練で見ました") {
			t.Fatalf("%d %.3000s", got.code, got.body)
		}
		form.Set("last", regexp.MustCompile(`name="last" value="([^"]+)"`).FindStringSubmatch(got.body)[1])
		if got := w.as("lead").ask(http.MethodPost, cell, form); got.code != http.StatusSeeOther {
			t.Errorf("knowingly: %d", got.code)
		}
		for field, bad := range map[string]string{"level": "9", "valid_to": "あした"} {
			wrong := url.Values{"level": {"1"}, "note": {"消えない文"}, field: {bad}}
			if got := w.as("lead").ask(http.MethodPost, cell, wrong); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "消えない文") {
				t.Errorf("%s: %d", field, got.code)
			}
		}
		aim := url.Values{"target": {"4"}, "due": {"2099-03-31"}}
		if got := w.as("member").ask(http.MethodPost, cell+"/target", aim); got.code != http.StatusSeeOther {
			t.Errorf("a target: %d", got.code)
		}
		if got := w.as("lead").ask(http.MethodPost, cell+"/target", url.Values{"target": {"3"}}); got.code != http.StatusConflict || !strings.Contains(got.body, "あなたは 3 です") {
			t.Errorf("an unseen target: %d %.2000s", got.code, got.body)
		}
		if got := w.as("member").ask(http.MethodGet, "/skills/map?view=gap", nil); !strings.Contains(got.body, ">−2</a>") {
			t.Errorf("the gap: %.4000s", got.body)
		}
	})
}

func TestANarrowedMapSaysNothingOfOthers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		if err := s.SaveNamesVisible(ctx, w.people["lead"], false); err != nil {
			t.Fatal(err)
		}
		look := func() (pages []string) {
			for _, view := range mapViews {
				pages = append(pages, w.as("member").ask(http.MethodGet, "/skills/map?view="+view, nil).masked())
			}
			return append(pages, w.as("member").ask(http.MethodGet, "/skills/map/"+k.ID, nil).masked())
		}
		w.say("lead", "other", k, team.Validated, 3)
		before := look()
		for i, page := range before {
			if strings.Contains(page, w.people["other"].Name) || strings.Contains(page, w.people["other"].ID) || strings.Contains(page, w.people["other"].ID[:shortest]) {
				t.Errorf("page %d names the holder", i)
			}
		}
		// Another person with the same level: the totals are the same, and so is every page.
		w.say("lead", "other", k, team.Validated, team.NotAssessed)
		w.say("admin", "lead", k, team.Validated, 3)
		for i, page := range look() {
			if page != before[i] {
				t.Errorf("page %d tells who: %s", i, difference(before[i], page))
			}
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if got := w.as("member").ask(method, "/skills/map/"+k.ID+"/"+w.people["lead"].ID, nil); got.code != http.StatusNotFound {
				t.Errorf("%s somebody else's cell: %d", method, got.code)
			}
		}
	})
}

func TestWhatIsComputedOfSomebodyIsForThemAndLeads(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		today := team.DateOf(s.Now())
		_, err := s.SaveTarget(ctx, w.people["lead"], today, team.Target{MemberID: w.people["member"].ID, SkillID: k.ID, Level: 4}, "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.SaveLevels(ctx, w.people["member"], today, []store.LevelChange{{Assessment: team.Assessment{MemberID: w.people["member"].ID, SkillID: k.ID, Kind: team.Declared, Level: 1, Confidence: 5, Note: "ひみつの根拠"}}})
		if err != nil {
			t.Fatal(err)
		}
		cell := "/skills/map/" + k.ID + "/" + w.people["member"].ID
		for who, want := range map[string]bool{"lead": true, "member": true, "viewer": false} {
			b := w.as(who)
			gap, sure, page := b.ask(http.MethodGet, "/skills/map?view=gap", nil), b.ask(http.MethodGet, "/skills/map?view=confidence", nil), b.ask(http.MethodGet, cell, nil)
			for what, seen := range map[string]bool{"the target": strings.Contains(gap.body, ">−3</a>"), "the confidence": strings.Contains(sure.body, ">5</a>"),
				"the evidence": strings.Contains(page.body, "ひみつの根拠"), "what answers show": strings.Contains(page.body, "回答から見える力")} {
				if page.code != http.StatusOK || seen != want {
					t.Errorf("%s sees %s: %v (%d)", who, what, seen, page.code)
				}
			}
		}
	})
}

func TestHowSureSomebodyIsIsAskedOnlyBesideIncidentSkills(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港")
		for _, incident := range []bool{true, false} {
			k.Incident = incident
			var err error
			if k, err = s.SaveSkill(ctx, w.people["lead"], k); err != nil {
				t.Fatal(err)
			}
			page := w.as("member").ask(http.MethodGet, "/skills/map/"+k.ID+"/"+w.people["member"].ID, nil)
			if !strings.Contains(page.body, `name="note"`) || strings.Contains(page.body, `name="confidence"`) != incident {
				t.Errorf("beside an incident skill %v: %s", incident, page.body)
			}
		}
	})
}

func TestAnAddressOfTheMapKeepsWhatWasAskedFor(t *testing.T) {
	today := team.Date{Year: 2026, Month: time.November, Day: 23}
	for query, want := range map[string]string{
		"": "/skills/map", "view=now&sort=dependency&day=2026-11-23": "/skills/map", "view=none&sort=none&day=none": "/skills/map",
		"view=gap&sort=name&category=A&done=saved": "/skills/map?category=A&sort=name&view=gap", "day=R8.4.1": "/skills/map?day=2026-04-01",
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := readMapQuery(q, today).Address(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestALinkMeansOneCellOrNone(t *testing.T) {
	ids := []string{"ABCDEF1", "ABCDEF2", "QRSTUVW", "X"}
	short := inLinks(ids)
	if want := []string{"ABCDEF1", "ABCDEF2", "QRSTUVW", "X"}; !slices.Equal(short, want) {
		t.Errorf("%q", short)
	}
	for given, want := range map[string]string{"ABCDEF": "", "ABCDEF2": "ABCDEF2", "QRSTU": "QRSTUVW", "QRST": "", "X": "X", "": "", "Y": ""} {
		if got := meant(ids, given); got != want {
			t.Errorf("%q means %q, want %q", given, got, want)
		}
	}
}

func BenchmarkTheMapPageOfTwoHundredPeopleAndOneHundredFiftySkills(b *testing.B) {
	d := manyLevels(200, 150)
	for name, address := range testdb.URLs(b) {
		s := testdb.Open(b, address)
		testdb.Company(b, s, d)
		work := NewWork()
		defer work.Close()
		app, err := New(Config{Store: s, Index: search.Open(b.TempDir()), BaseURL: "http://example.com", Zone: time.UTC, Work: work})
		if err != nil {
			b.Fatal(err)
		}
		secret, err := s.StartSession(ctx, d.Members[0])
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			size := 0
			for b.Loop() {
				r, err := http.NewRequest(http.MethodGet, "http://example.com/skills/map", nil)
				if err != nil {
					b.Fatal(err)
				}
				r.Header.Set("Cookie", "tasuki="+secret)
				begun := time.Now()
				got, err := app.Test(r, -1)
				if err != nil || got.StatusCode != http.StatusOK {
					b.Fatal(err, got.StatusCode)
				}
				took = append(took, time.Since(begun))
				size = int(got.ContentLength)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Milliseconds()), "p95-ms")
			b.ReportMetric(float64(size)/1000, "KB")
		})
	}
}

// manyLevels is a large department, where everybody has said and been told every level.
func manyLevels(people, skills int) sample.Company {
	var d sample.Company
	for i := range people {
		m := sample.Member(fmt.Sprintf("member%03d", i))
		m.ID, m.Version = fmt.Sprintf("%05dMMMMMMMMMMMMMMMMMMMMM", i), 1
		if i == 0 {
			m.Role = team.RoleLead
		}
		d.Members = append(d.Members, m)
	}
	c := sample.Category("事故")
	c.ID = "C"
	d.Categories = []team.Category{c}
	day := team.DateOf(time.Now())
	for i := range skills {
		k := sample.Skill(c, fmt.Sprintf("スキル%03d", i))
		k.ID = fmt.Sprintf("%05dSSSSSSSSSSSSSSSSSSSSS", i)
		d.Skills = append(d.Skills, k)
		for j, m := range d.Members {
			for n, kind := range team.AssessmentKinds {
				d.Assessments = append(d.Assessments, team.Assessment{ID: fmt.Sprintf("%03d%03d%dAAAAAAAAAAAAAAAAAAA", i, j, n), MemberID: m.ID, SkillID: k.ID, Kind: kind,
					Level: team.Level((i*j + n) % 5), Day: day.AddDays(-100), MadeAt: team.At(day.Time())})
			}
		}
	}
	return d
}

func TestRowsAreCutWhereACategoryBegins(t *testing.T) {
	cut := func(n, every int) (sizes []int) {
		rows := make([]mapRow, n)
		for i := range rows {
			if every > 0 && i%every == 0 {
				rows[i].Head = "category"
			}
		}
		for _, part := range blocks(rows) {
			sizes = append(sizes, len(part))
		}
		return sizes
	}
	for _, c := range []struct {
		rows, every int
		want        string
	}{
		{0, 0, "[0]"}, {20, 0, "[20]"}, {60, 0, "[24 24 12]"}, {90, 30, "[30 30 30]"}, {100, 100, "[48 48 4]"},
	} {
		if got := fmt.Sprint(cut(c.rows, c.every)); got != c.want {
			t.Errorf("%d rows with a category every %d are cut into %s, not %s", c.rows, c.every, got, c.want)
		}
	}
}
