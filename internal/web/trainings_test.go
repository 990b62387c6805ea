package web

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
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

// demote makes a colleague of a lead who is in the world.
func (w *world) demote(name string) team.Member {
	w.t.Helper()
	m := w.people[name]
	m.Role = team.RoleMember
	m, err := w.store.SaveMember(ctx, team.Operator(), m)
	if err != nil {
		w.t.Fatal(err)
	}
	w.people[name] = m
	return m
}

// sent posts a form and wants it taken.
func (w *world) sent(who, address string, typed url.Values) {
	w.t.Helper()
	if got := w.as(who).ask(http.MethodPost, address, typed); got.code != http.StatusSeeOther {
		w.t.Fatalf("%s by %s: %d: %.900s", address, who, got.code, got.body)
	}
}

func (w *world) recordsOf(who string) []team.TrainingRecord {
	w.t.Helper()
	list, err := w.store.TrainingRecords(ctx, w.people[who], store.TrainingFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestATitleAloneIsEnoughToWriteATrainingDown(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "フォレンジック")
		n, err := s.SaveTraining(ctx, w.people["lead"], sample.Training("フォレンジック基礎", k))
		if err != nil {
			t.Fatal(err)
		}
		typed := url.Values{"title": {"フォレンジック基礎"}, "members": {w.people["member"].ID, w.people["other"].ID}, "key": {newKey()}, "class_cost": {"999999"}}
		for range 2 { // the second is the same form after a lost answer
			w.sent("member", "/trainings", typed)
		}
		list := w.recordsOf("lead")
		if len(list) != 2 {
			t.Fatalf("%d records", len(list))
		}
		for _, r := range list {
			if r.TrainingID != n.ID || r.Minutes != 960 || r.Cost != 165_000 || r.ClassCost != 0 || r.State != team.RecordDone || len(r.Skills) != 1 {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestDaysAndLengthsAreReadAsPeopleWriteThem(t *testing.T) {
	w := sqliteWorld(t)
	for day, want := range map[string]string{"令和8年4月1日": "2026-04-01", "R7.11.12": "2025-11-12", "２０２６／２／３": "2026-02-03", "2025-12-24": "2025-12-24"} {
		typed := url.Values{"title": {"研修 " + day}, "day": {day}, "hours": {"1時間半"}, "cost": {"1.5万円"}, "kind": {"online"}, "members": {w.people["member"].ID}, "key": {newKey()}}
		w.sent("member", "/trainings", typed)
		found := false
		for _, r := range w.recordsOf("member") {
			found = found || (r.Title == "研修 "+day || strings.HasSuffix(r.Title, day)) && r.Day.String() == want && r.Minutes == 90 && r.Cost == 15_000
		}
		if !found {
			t.Errorf("%s: %+v", day, w.recordsOf("member"))
		}
	}
	ahead := team.DateOf(time.Now()).AddDays(40)
	w.sent("member", "/trainings", url.Values{"title": {"先の研修"}, "day": {ahead.String()}, "hours": {"2"}, "kind": {"external"}, "members": {w.people["member"].ID}, "key": {newKey()}})
	got := w.as("member").ask(http.MethodGet, "/trainings?done=planned", nil).body
	if !strings.Contains(got, "これから受ける研修") || !strings.Contains(got, "先の研修") {
		t.Errorf("the plan does not show: %.300s", got)
	}
}

func TestWhatIsWrongWithATrainingIsSaidAndNothingTypedIsLost(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		w.demote("other")
		good := func() url.Values {
			return url.Values{"title": {"もくもく会"}, "day": {"2026-04-01"}, "hours": {"1.5"}, "cost": {"0"}, "rating": {"4"}, "note": {"例がよかった"}, "kind": {"in_house"}, "members": {w.people["member"].ID}}
		}
		for what, change := range map[string]func(url.Values){
			"no title":                 func(v url.Values) { v.Set("title", " ") },
			"a day that never was":     func(v url.Values) { v.Set("day", "2026-02-30") },
			"next week":                func(v url.Values) { v.Set("day", "来週") },
			"an unknown length":        func(v url.Values) { v.Set("hours", "たくさん") },
			"no length":                func(v url.Values) { v.Set("hours", "") },
			"an unknown cost":          func(v url.Values) { v.Set("cost", "無料") },
			"six of five":              func(v url.Values) { v.Set("rating", "6") },
			"another kind":             func(v url.Values) { v.Set("kind", "party") },
			"nobody":                   func(v url.Values) { v["members"] = nil },
			"a colleague alone":        func(v url.Values) { v["members"] = []string{w.people["other"].ID} },
			"somebody who is nobody":   func(v url.Values) { v.Add("members", "NOBODY") },
			"a skill that there isn't": func(v url.Values) { v["skills"] = []string{"NOTHING"} },
		} {
			typed := good()
			change(typed)
			got := w.as("member").ask(http.MethodPost, "/trainings", typed)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `role="alert"`) && !strings.Contains(got.body, `class="wrong"`) {
				t.Errorf("%s: %d %.600s", what, got.code, got.body)
			}
			for _, name := range []string{"title", "day", "hours", "cost"} {
				if v := typed.Get(name); v != "" && !strings.Contains(got.body, `value="`+v+`"`) {
					t.Errorf("%s: %s is gone", what, name)
				}
			}
			if !strings.Contains(got.body, "例がよかった") {
				t.Errorf("%s: the note is gone", what)
			}
		}
		if list := w.recordsOf("lead"); len(list) != 0 {
			t.Errorf("something was saved: %+v", list)
		}
	})
}

func TestWhoIsWrittenDownAlreadyIsTakenOutOfTheForm(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		typed := url.Values{"title": {"もくもく会"}, "day": {"2026-04-01"}, "hours": {"1.5"}, "kind": {"in_house"}, "members": {w.people["member"].ID}, "key": {newKey()}}
		w.sent("member", "/trainings", typed)
		typed["members"], typed["key"] = []string{w.people["member"].ID, w.people["lead"].ID, w.people["other"].ID}, []string{newKey()}
		got := w.as("lead").ask(http.MethodPost, "/trainings", typed)
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "memberさんの、同じ日の同じ研修") || strings.Contains(got.body, `value="`+w.people["member"].ID+`" checked`) {
			t.Fatalf("%d %.900s", got.code, got.body)
		}
		for _, name := range []string{"lead", "other"} {
			if !strings.Contains(got.body, `value="`+w.people[name].ID+`" checked`) {
				t.Errorf("%s is not ticked any more", name)
			}
		}
		typed["members"] = typed["members"][1:]
		w.sent("lead", "/trainings", typed)
		if n := len(w.recordsOf("lead")); n != 3 {
			t.Errorf("%d records, want 3", n)
		}
	})
}

func TestMoneyAndFeelingsAreForThePersonAndLeadsAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		w.demote("other")
		testdb.Skill(t, s, w.people["lead"], "フォレンジック")
		day := team.DateOf(time.Now())
		typed := url.Values{"title": {"一緒の研修"}, "day": {day.String()}, "hours": {"2"}, "cost": {"12345"}, "note": {"秘密の感想"}, "kind": {"external"},
			"members": {w.people["member"].ID, w.people["admin"].ID}, "key": {newKey()}}
		w.sent("member", "/trainings", typed)
		own, all := "¥12,345", "¥24,690"
		for name, want := range map[string]struct{ own, all, title bool }{"member": {true, false, true}, "lead": {false, true, true}, "other": {false, false, false}} {
			got := w.as(name).ask(http.MethodGet, "/trainings", nil).body
			if strings.Contains(got, own) != want.own || strings.Contains(got, all) != want.all || strings.Contains(got, "一緒の研修") != want.title {
				t.Errorf("%s sees own %v, all %v, title %v; want %+v", name, strings.Contains(got, own), strings.Contains(got, all), strings.Contains(got, "一緒の研修"), want)
			}
		}
		var of team.TrainingRecord
		for _, r := range w.recordsOf("lead") {
			if r.MemberID == w.people["member"].ID {
				of = r
			}
		}
		for name, want := range map[string]bool{"member": true, "lead": true, "other": false, "viewer": false} {
			page := "/members/" + w.people["member"].ID
			if got := w.as(name).ask(http.MethodGet, page, nil); strings.Contains(got.body, "一緒の研修") != want {
				t.Errorf("%s sees the trainings on %s: %v", name, page, !want)
			}
			got := w.as(name).ask(http.MethodGet, "/trainings/"+of.ID, nil)
			if seen := strings.Contains(got.body, "秘密の感想"); seen != want {
				t.Errorf("%s sees how it went: %v", name, seen)
			}
			if csv := w.as(name).ask(http.MethodGet, "/trainings?csv=utf8", nil); (csv.code == http.StatusOK) != (name == "lead") {
				t.Errorf("%s gets the file: %d", name, csv.code)
			}
		}
	})
}

func TestTheFileOfTrainingsHoldsNoFormulas(t *testing.T) {
	w := sqliteWorld(t)
	w.sent("member", "/trainings", url.Values{"title": {"=HYPERLINK(\"http://evil.example\")"}, "hours": {"2.5"}, "kind": {"external"}, "note": {"@SUM(1)"}, "members": {w.people["member"].ID}, "key": {newKey()}})
	for _, encoding := range []string{"utf8", "cp932"} {
		got := w.as("lead").ask(http.MethodGet, "/trainings?csv="+encoding, nil).body
		if !strings.Contains(got, ",2.5,") || strings.Contains(got, ",=") || strings.Contains(got, ",\"=") || strings.Contains(got, ",@") {
			t.Errorf("%s: %q", encoding, got)
		}
	}
	if got := w.as("lead").ask(http.MethodGet, "/trainings?csv=utf8&year=1999", nil).body; strings.Contains(got, "HYPERLINK") {
		t.Error("the file does not follow the filter")
	}
}

func TestAReviewIsAskedForAndWavedAway(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "フォレンジック")
		if _, err := s.SaveTraining(ctx, w.people["lead"], sample.Training("フォレンジック基礎", k)); err != nil {
			t.Fatal(err)
		}
		w.sent("member", "/trainings", url.Values{"title": {"フォレンジック基礎"}, "members": {w.people["member"].ID}, "key": {newKey()}})
		r, own := w.recordsOf("member")[0], "/members/"+w.people["member"].ID
		dismiss := fmt.Sprintf("/trainings/%s/reviews/%s/dismiss", r.ID, k.ID)
		look := map[string]string{"/trainings": `href="/me/levels/` + k.ID, own: `href="/me/levels/` + k.ID, "/skills/waiting": fmt.Sprintf(`href="/skills/map/%s/%s"`, k.ID, r.MemberID)}
		asked := func(who, address string) bool {
			got := w.as(who).ask(http.MethodGet, address, nil).body
			return strings.Contains(got, `action="`+dismiss) && strings.Contains(got, look[address])
		}
		if !asked("member", "/trainings") || !asked("member", own) || !asked("lead", "/skills/waiting") || asked("member", "/skills/waiting") || asked("other", "/trainings") {
			t.Error("not asked for where it should be, or asked elsewhere")
		}
		if got := w.as("member").ask(http.MethodPost, dismiss, url.Values{"back": {"member"}}); got.header.Get("Location") != own+"?done=dismissed" {
			t.Errorf("%d, to %q", got.code, got.header.Get("Location"))
		}
		if asked("member", "/trainings") || asked("member", own) || !asked("lead", "/skills/waiting") {
			t.Error("it was waved away for others, or not at all")
		}
		w.sent("lead", dismiss, url.Values{"back": {"waiting"}})
		if asked("lead", "/skills/waiting") {
			t.Error("the lead is asked again at once")
		}
		p, err := s.Profile(ctx, w.people["lead"], r.MemberID, team.DateOf(time.Now()))
		if err != nil || len(p.History) != 0 {
			t.Errorf("a training changed a level: %+v, %v", p.History, err)
		}
	})
}

func TestALeadTakesATrainingIntoTheCatalogue(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "フォレンジック")
		w.sent("member", "/trainings", url.Values{"title": {"もくもく会"}, "hours": {"2"}, "kind": {"in_house"}, "skills": {k.ID, ""}, "members": {w.people["member"].ID}, "key": {newKey()}})
		r := w.recordsOf("member")[0]
		link := "/trainings/catalogue/new?record=" + r.ID
		if got := w.as("lead").ask(http.MethodGet, "/trainings/catalogue", nil).body; !strings.Contains(got, link) {
			t.Fatalf("it is not offered: %.300s", got)
		}
		if got := w.as("lead").ask(http.MethodGet, link, nil).body; !strings.Contains(got, `value="もくもく会"`) || !strings.Contains(got, `value="2h"`) || !strings.Contains(got, `value="`+k.ID+`" selected`) {
			t.Errorf("the form is not filled: %.900s", got)
		}
		typed := url.Values{"title": {"もくもく会"}, "kind": {"in_house"}, "hours": {"2h"}, "days": {"1"}, "fee": {"0"}, "class_cost": {"24,000円"}, "seats": {""}, "active": {"1"}, "key": {newKey()},
			"skills": {k.ID, ""}, "prerequisites": {"1", ""}, "levels": {"2", "2"}}
		w.sent("lead", "/trainings/catalogue/new", typed)
		r = w.recordsOf("member")[0]
		n, err := s.Training(ctx, w.people["member"], r.TrainingID)
		if err != nil || n.ClassCost != 24_000 || n.Minutes != 120 || len(n.Skills) != 1 || n.Skills[0].Prerequisite != 1 || n.Skills[0].Level != 2 {
			t.Errorf("%+v, %v", n, err)
		}
		typed["skills"], typed["levels"], typed["prerequisites"] = []string{k.ID, k.ID}, []string{"2", "3"}, []string{"", "3"}
		typed.Set("version", "1")
		if got := w.as("lead").ask(http.MethodPost, "/trainings/catalogue/"+n.ID+"/edit", typed); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "同じスキルは1回だけ") {
			t.Errorf("a skill twice: %d", got.code)
		}
		typed.Set("version", "7")
		if got := w.as("lead").ask(http.MethodPost, "/trainings/catalogue/"+n.ID+"/edit", url.Values{"title": {"A"}, "kind": {"online"}, "hours": {"1"}, "version": {"7"}}); got.code != http.StatusConflict || !strings.Contains(got.body, "もくもく会") {
			t.Errorf("over another version: %d", got.code)
		}
	})
}

func TestARecordIsCorrectedAndTakenBackByThePerson(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		w.demote("other")
		w.sent("other", "/trainings", url.Values{"title": {"もくもく会"}, "day": {"2026-04-01"}, "hours": {"2"}, "kind": {"in_house"}, "members": {w.people["member"].ID, w.people["other"].ID}, "key": {newKey()}})
		var r team.TrainingRecord
		for _, one := range w.recordsOf("member") {
			if one.MemberID == w.people["member"].ID {
				r = one
			}
		}
		page := w.as("member").ask(http.MethodGet, "/trainings/"+r.ID, nil).body
		if !strings.Contains(page, "otherさんが記録しました") {
			t.Errorf("it does not say who wrote it down: %.600s", page)
		}
		typed := url.Values{"title": {"もくもく会"}, "day": {"2026-04-02"}, "hours": {"1.5"}, "kind": {"in_house"}, "state": {"done"}, "cost": {"0"}, "rating": {"5"}, "version": {"1"}}
		w.sent("member", "/trainings/"+r.ID, typed)
		if got := w.as("member").ask(http.MethodPost, "/trainings/"+r.ID, typed); got.code != http.StatusConflict || !strings.Contains(got.body, `value="2026-04-02"`) {
			t.Errorf("over a newer version: %d", got.code)
		}
		if got := w.as("member").ask(http.MethodGet, "/trainings/"+r.ID, nil).body; !strings.Contains(got, "直した記録 1件") || !strings.Contains(got, "2026年4月1日") {
			t.Errorf("what was there before is not shown: %.900s", got)
		}
		w.sent("member", "/trainings/"+r.ID+"/withdraw", nil)
		for _, who := range []string{"other", "member"} {
			for _, one := range w.recordsOf(who) {
				if one.ID == r.ID {
					t.Errorf("%s still sees it", who)
				}
			}
		}
		if got := w.as("member").ask(http.MethodGet, "/trainings", nil).body; !strings.Contains(got, "取り下げた記録 1件") {
			t.Error("it cannot be found to be put back")
		}
		w.sent("member", "/trainings/"+r.ID+"/withdraw", url.Values{"back": {"1"}})
		if list := w.recordsOf("member"); len(list) != 1 {
			t.Errorf("after it was put back: %+v", list)
		}
	})
}

func TestWhoCouldTakeOverIsOrderedByTheHoursOfTraining(t *testing.T) {
	w := sqliteWorld(t)
	lead := w.people["lead"]
	k := testdb.Skill(t, w.store, lead, "フォレンジック")
	day := team.DateOf(time.Now())
	for name, level := range map[string]team.Level{"admin": 3, "member": 2, "insider": 1} {
		testdb.Level(t, w.store, w.people["other"], day, team.Assessment{MemberID: w.people[name].ID, SkillID: k.ID, Kind: team.Validated, Level: level, Day: day})
	}
	ask := func() string {
		return w.as("lead").ask(http.MethodGet, "/risk/what-if?member="+w.people["admin"].ID, nil).body
	}
	if got := ask(); strings.Contains(got, "研修") && strings.Contains(got, "で届きます") {
		t.Error("hours without any training")
	}
	if _, err := w.store.SaveTraining(ctx, lead, team.Training{Title: "入門", Kind: team.TrainingOnline, Minutes: 600, Active: true, Skills: []team.TrainingSkill{{SkillID: k.ID, Level: 3, Prerequisite: team.NotAssessed}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.SaveTraining(ctx, lead, team.Training{Title: "応用", Kind: team.TrainingOnline, Minutes: 240, Active: true, Skills: []team.TrainingSkill{{SkillID: k.ID, Level: 3, Prerequisite: 2}}}); err != nil {
		t.Fatal(err)
	}
	got := ask()
	for _, want := range []string{"研修 4hで届きます", "研修 10hで届きます"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Index(got, "4hで") > strings.Index(got, "10hで") {
		t.Error("the longer way comes first")
	}
}

func TestADraftOfATrainingComesBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		typed := url.Values{"title": {"書きかけの研修"}, "hours": {"3"}, "members": {w.people["member"].ID}, "kind": {"online"}, "draft": {"1"}, "draft_form": {"form-1"}, "key": {newKey()}}
		if got := w.as("member").ask(http.MethodPost, "/trainings", typed); got.code != http.StatusOK || !strings.Contains(got.body, `value="書きかけの研修"`) {
			t.Errorf("without scripts: %d", got.code)
		}
		if got := w.as("member").ask(http.MethodGet, "/trainings", nil).body; !strings.Contains(got, `value="書きかけの研修"`) {
			t.Error("the draft does not come back")
		}
		if got := w.as("other").ask(http.MethodGet, "/trainings", nil).body; strings.Contains(got, "書きかけの研修") {
			t.Error("somebody else sees it")
		}
		typed.Del("draft")
		w.sent("member", "/trainings", typed)
		if got := w.as("member").ask(http.MethodGet, "/trainings", nil).body; strings.Contains(got, `value="書きかけの研修"`) {
			t.Error("the draft stays after it was sent")
		}
	})
}

func TestTheCertificateOfATrainingIsForThePersonAndLeadsAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		w.demote("other")
		id, _, err := w.record(w.people["member"])
		if err != nil {
			t.Fatal(err)
		}
		var picture bytes.Buffer
		if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
			t.Fatal(err)
		}
		address := "/trainings/" + id + "/files"
		for name, c := range map[string]struct {
			who     string
			content []byte
			code    int
		}{
			"the person":     {"member", picture.Bytes(), http.StatusSeeOther},
			"a lead":         {"lead", picture.Bytes(), http.StatusSeeOther},
			"a colleague":    {"other", picture.Bytes(), http.StatusNotFound},
			"a viewer":       {"viewer", picture.Bytes(), http.StatusNotFound},
			"something else": {"member", []byte("<script>alert(1)</script>"), http.StatusUnprocessableEntity},
			"nothing":        {"member", nil, http.StatusUnprocessableEntity},
			"half a picture": {"member", picture.Bytes()[:20], http.StatusUnprocessableEntity},
		} {
			if got := w.as(c.who).attach(address, "修了証.png", c.content).code; got != c.code {
				t.Errorf("%s: %d, want %d", name, got, c.code)
			}
		}
		files, err := s.TrainingFiles(ctx, w.people["member"], id)
		if err != nil || len(files) != 2 {
			t.Fatalf("%+v, %v", files, err)
		}
		for name, want := range map[string]int{"member": http.StatusOK, "lead": http.StatusOK, "other": http.StatusNotFound, "viewer": http.StatusNotFound} {
			if got := w.as(name).ask(http.MethodGet, "/files/"+files[0].ID, nil); got.code != want {
				t.Errorf("%s: %d, want %d", name, got.code, want)
			}
			if list, err := s.TrainingFiles(ctx, w.people[name], id); err != nil || (len(list) == 2) != (want == http.StatusOK) {
				t.Errorf("%s is told of %d files, %v", name, len(list), err)
			}
		}
	})
}
