package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var triage = team.FrameworkEntry{Framework: "NICE", Version: "v1.0.0", Code: "T1250", Kind: team.KindTask, Title: "Perform cyber defense incident triage"}

func TestALeadFindsACodeAndAddsItToASkill(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("lead"))
		b := signedIn(t, site(t, s), lead)
		k := testdb.Skill(t, s, lead, "初動")
		address := "/skills/" + k.ID + "/codes"
		if code, page := b.get(address); code != http.StatusOK || !strings.Contains(page, "tasuki import nice") || !strings.Contains(page, "NICE v1.0.0 PD-WRL-002") || !strings.Contains(page, "まだ取りこまれていません") {
			t.Errorf("without a framework: %d\n%s", code, page)
		}
		if _, err := s.BringInFramework(t.Context(), lead, []team.FrameworkEntry{triage}); err != nil {
			t.Fatal(err)
		}
		for q, want := range map[string]string{"triage": "T1250を加える", "t12": "T1250を加える", "nothing": "見つかりませんでした", `"><script>`: "&#34;&gt;&lt;script&gt;"} {
			if code, page := b.get(address + "?q=" + url.QueryEscape(q)); code != http.StatusOK || !strings.Contains(page, want) {
				t.Errorf("%q: %d, does not say %q\n%s", q, code, want, page)
			}
		}
		form := url.Values{"framework": {"NICE"}, "edition": {"v1.0.0"}, "code": {"T1250"}, "q": {"tri age"}}
		r := b.post(address, form)
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != address+"?done=added&q=tri+age" {
			t.Errorf("add: %d to %s", r.StatusCode, r.Header.Get("Location"))
		}
		if _, page := b.get(address + "?q=triage&done=added"); !strings.Contains(page, "加えてあります") || !strings.Contains(page, "T1250を外す") || !strings.Contains(page, "呼び名を加えました") {
			t.Errorf("after adding:\n%s", page)
		}
		form.Set("code", "")
		if r := b.post(address, form); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(read(t, r), "スキルは元のままです") {
			t.Errorf("no code: %d", r.StatusCode)
		}
		form.Set("code", "T1250")
		if r := b.post(address+"/remove", form); r.StatusCode != http.StatusSeeOther {
			t.Errorf("remove: %d", r.StatusCode)
		}
		if k, err := s.Skill(t.Context(), lead, k.ID); err != nil || len(k.Codes) != 1 {
			t.Errorf("%+v, %v", k.Codes, err)
		}
	})
}
