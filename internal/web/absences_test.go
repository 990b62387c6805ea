package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestAPlannedLeaveIsForThePersonAndLeadsAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		first := team.DateOf(time.Now()).AddDays(30)
		typed := url.Values{"kind": {"leave"}, "starts_on": {first.String()}, "ends_on": {first.AddDays(4).String()}, "key": {newKey()}, "member": {w.people["admin"].ID}}
		for range 2 { // the second is the same form after a lost answer
			if got := w.as("member").ask(http.MethodPost, "/absences/new", typed); got.code != http.StatusSeeOther {
				t.Fatalf("%d: %.600s", got.code, got.body)
			}
		}
		list, err := s.Absences(ctx, w.people["lead"], first)
		if err != nil || len(list) != 1 || list[0].MemberID != w.people["member"].ID {
			t.Fatalf("%+v, %v; want one of the member, whoever the form names", list, err)
		}
		link := "/absences/" + list[0].ID
		for name, sees := range map[string]bool{"member": true, "lead": true, "other": true} {
			if got := w.as(name).ask(http.MethodGet, "/absences", nil); strings.Contains(got.body, link) != sees {
				t.Errorf("%s sees it: %v, want %v", name, !sees, sees)
			}
		}
		colleague := w.people["other"]
		colleague.Role = team.RoleMember
		if _, err := s.SaveMember(ctx, team.Operator(), colleague); err != nil {
			t.Fatal(err)
		}
		if got := w.as("other").ask(http.MethodGet, "/absences", nil); strings.Contains(got.body, link) {
			t.Error("a colleague sees it")
		}
		if got := w.as("member").ask(http.MethodPost, link+"/delete", nil); got.code != http.StatusSeeOther {
			t.Errorf("%d: %.300s", got.code, got.body)
		}
	})
}

func TestWhatIsWrongWithAPlannedLeaveIsSaidAndNothingTypedIsLost(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		for what, change := range map[string]func(url.Values){
			"no first day":           func(v url.Values) { v.Set("starts_on", "") },
			"a day that never was":   func(v url.Values) { v.Set("starts_on", "2027-02-30") },
			"leave without a last":   func(v url.Values) { v.Set("ends_on", "") },
			"an end before":          func(v url.Values) { v.Set("ends_on", "2026-12-01") },
			"a leaving that ends":    func(v url.Values) { v.Set("kind", "leaving") },
			"something else":         func(v url.Values) { v.Set("kind", "sick") },
			"somebody who is nobody": func(v url.Values) { v.Set("member", "nobody") },
		} {
			typed := url.Values{"kind": {"leave"}, "starts_on": {"2027-01-04"}, "ends_on": {"2027-01-08"}, "member": {w.people["member"].ID}}
			change(typed)
			got := w.as("lead").ask(http.MethodPost, "/absences/new", typed)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `role="alert"`) {
				t.Errorf("%s: %d %.600s", what, got.code, got.body)
			}
			for _, name := range []string{"starts_on", "ends_on"} {
				if v := typed.Get(name); v != "" && !strings.Contains(got.body, `value="`+v+`"`) {
					t.Errorf("%s: %s is gone", what, v)
				}
			}
		}
		if list, err := s.Absences(ctx, w.people["lead"], team.Date{Year: 2026, Month: 1, Day: 1}); err != nil || len(list) != 0 {
			t.Errorf("something was saved: %+v, %v", list, err)
		}
	})
}

func TestTheLaterOfTwoWhoChangeALeaveIsTold(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		day := team.Date{Year: 2027, Month: 1, Day: 4}
		a, err := s.SaveAbsence(ctx, w.people["member"], team.Absence{MemberID: w.people["member"].ID, Kind: team.Leave, StartsOn: day, EndsOn: day})
		if err != nil {
			t.Fatal(err)
		}
		typed := url.Values{"kind": {"leave"}, "starts_on": {"2027-01-04"}, "ends_on": {"2027-01-06"}, "version": {"1"}}
		if got := w.as("lead").ask(http.MethodPost, "/absences/"+a.ID, typed); got.code != http.StatusSeeOther {
			t.Fatalf("%d: %.300s", got.code, got.body)
		}
		typed.Set("ends_on", "2027-01-20")
		got := w.as("member").ask(http.MethodPost, "/absences/"+a.ID, typed)
		if got.code != http.StatusConflict || !strings.Contains(got.body, "2027-01-06") || !strings.Contains(got.body, `value="2027-01-20"`) {
			t.Errorf("%d; want both what stands and what was typed: %.900s", got.code, got.body)
		}
	})
}
