package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var anyway = regexp.MustCompile(`name="anyway" value="([0-9a-f]+)"`)

// guarded is a world with a skill that wants two people: the member and another hold
// it, and the lead stands two levels below.
func guarded(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := newWorld(t, s, "http://example.com")
	k := testdb.Skill(t, s, w.people["lead"], "港の警備")
	for name, level := range map[string]team.Level{"member": 3, "insider": 4, "other": 3, "admin": 2} {
		testdb.Level(t, s, w.people["lead"], today(), team.Assessment{MemberID: w.people[name].ID, SkillID: k.ID, Kind: team.Validated, Level: level, Day: today()})
	}
	return w
}

func (w *world) away(name string, kind team.AbsenceKind, from, to team.Date) team.Absence {
	w.t.Helper()
	a, err := w.store.SaveAbsence(ctx, team.Operator(), team.Absence{MemberID: w.people[name].ID, Kind: kind, StartsOn: from, EndsOn: to})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func TestLeaveThatBreaksASkillIsSaidBeforeItIsSaved(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := guarded(t, s)
		first := today().AddDays(40)
		b := w.as("member")
		typed := url.Values{"kind": {"leave"}, "starts_on": {first.String()}, "ends_on": {first.AddDays(9).String()}, "key": {newKey()}}
		if got := b.ask(http.MethodPost, "/absences/new", typed); got.code != http.StatusSeeOther {
			t.Fatalf("two are left: %d", got.code)
		}
		list, _ := s.Absences(ctx, w.people["member"], today())
		if len(list) != 1 {
			t.Fatal(list)
		}
		w.away("insider", team.Leave, first.AddDays(5), first.AddDays(6))

		typed.Set("version", "1")
		typed.Set("ends_on", first.AddDays(7).String())
		at := "/absences/" + list[0].ID
		got := b.ask(http.MethodPost, at, typed)
		found := anyway.FindStringSubmatch(got.body)
		if got.code != http.StatusUnprocessableEntity || found == nil {
			t.Fatalf("%d: %.3000s", got.code, got.body)
		}
		p := page{look: &look{}, Language: "ja"}
		for what, want := range map[string]string{"the skill": "港の警備", "the days": p.Date(first.AddDays(5)) + "〜" + p.Date(first.AddDays(6)), "who could stand in": "admin", "what was typed": `value="` + first.AddDays(7).String() + `"`} {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s is missing: %.4000s", what, got.body)
			}
		}
		guard := got.body[strings.Index(got.body, `id="guard"`):]
		if guard = guard[:strings.Index(guard, "</ul>")]; strings.Contains(guard, "insider") {
			t.Errorf("a member is told whose leave it is: %s", guard)
		}
		if now, _ := s.Absence(ctx, w.people["member"], list[0].ID); now.EndsOn != list[0].EndsOn {
			t.Error("it was saved without asking")
		}
		// What was agreed to does not hold for other days.
		typed.Set("anyway", found[1])
		typed.Set("ends_on", first.AddDays(8).String())
		if got := b.ask(http.MethodPost, at, typed); got.code != http.StatusUnprocessableEntity {
			t.Errorf("other days: %d", got.code)
		}
		typed.Set("ends_on", first.AddDays(7).String())
		if got := b.ask(http.MethodPost, at, typed); got.code != http.StatusSeeOther {
			t.Errorf("all the same: %d %.900s", got.code, got.body)
		}
		marked := w.as("lead").ask(http.MethodGet, "/absences", nil)
		if strings.Count(marked.body, "badge badge-warn") != 2 || !strings.Contains(marked.body, "/risk/what-if?member="+w.people["member"].ID) {
			t.Errorf("the list for leads: %.4000s", marked.body)
		}
		if own := b.ask(http.MethodGet, "/absences", nil); strings.Contains(own.body, "港の警備") || strings.Contains(own.body, "/risk/") {
			t.Errorf("the list for a member: %.4000s", own.body)
		}
	})
}

// Leavings of others may not be known yet, so a member's plan does not give them away.
func TestAMembersLeaveTellsNothingOfOthersWhoGo(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := guarded(t, s)
		first := today().AddDays(40)
		w.away("insider", team.Leaving, first, team.Date{})
		w.away("other", team.Leaving, first, team.Date{})
		typed := url.Values{"kind": {"leave"}, "starts_on": {first.String()}, "ends_on": {first.String()}, "key": {newKey()}, "member": {w.people["member"].ID}}
		if got := w.as("lead").ask(http.MethodPost, "/absences/new", typed); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "港の警備") {
			t.Errorf("a lead is told: %d", got.code)
		}
		if got := w.as("member").ask(http.MethodPost, "/absences/new", typed); got.code != http.StatusSeeOther {
			t.Errorf("a member learns of it: %d %.3000s", got.code, got.body)
		}
	})
}

func TestWhereNamesAreHiddenTheGuardTellsSkillsAndDaysAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := guarded(t, s)
		if err := s.SaveNamesVisible(ctx, w.people["lead"], false); err != nil {
			t.Fatal(err)
		}
		first := today().AddDays(40)
		w.away("insider", team.Leave, first, first)
		w.away("other", team.Leave, first, first)
		typed := url.Values{"kind": {"leave"}, "starts_on": {first.String()}, "ends_on": {first.String()}, "key": {newKey()}}
		got := w.as("member").ask(http.MethodPost, "/absences/new", typed)
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, "港の警備") {
			t.Fatalf("%d: %.3000s", got.code, got.body)
		}
		main := got.body[strings.Index(got.body, "<main"):strings.Index(got.body, "</main>")]
		for _, name := range []string{"admin", "insider", "other", "近い人がいません"} {
			if strings.Contains(main, name) {
				t.Errorf("it names %s: %s", name, main)
			}
		}
	})
}
