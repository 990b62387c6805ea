package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// A certificate is logged with the day alone: the rules say until when it is valid.
func TestACertificateIsLoggedByNameAndDay(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		b := w.as("nguyen")
		form := url.Values{"certification": {sample.DemoCertification("riss")}, "starts_on": {"令和6年10月1日"}, "member": {w.people["takada"].ID}, "key": {newKey()}}
		for range 2 { // the second is the same form after a lost answer
			got := b.ask(http.MethodPost, "/certificates/new", form)
			if got.code != http.StatusSeeOther {
				t.Fatalf("%d: %.800s", got.code, got.words())
			}
			page := b.ask(http.MethodGet, got.header.Get("Location"), nil).words()
			if !strings.Contains(page, "期限は「2027年9月30日（木）」です") || !strings.Contains(page, "2027年8月1日（日）") || !strings.Contains(page, "グエン ティ ラン") {
				t.Errorf("the page says %s", page)
			}
		}
		for what, c := range map[string]struct {
			change func(url.Values)
			want   string
		}{
			"twice":                       {func(url.Values) {}, "この資格は、もう記録があります"},
			"no certification":            {func(v url.Values) { v.Del("certification") }, "一覧から選んでください"},
			"a day that never was":        {func(v url.Values) { v.Set("starts_on", "2026-02-30") }, "日付を読み取れません"},
			"tomorrow":                    {func(v url.Values) { v.Set("starts_on", "2026-11-25") }, "入力の形を確かめてください"},
			"an end before its beginning": {func(v url.Values) { v.Set("ends_on", "令和6年9月30日") }, "はじまりの日より前"},
		} {
			v := url.Values{"certification": {sample.DemoCertification("riss")}, "starts_on": {"令和6年10月1日"}, "number": {"第99号"}}
			c.change(v)
			got := b.ask(http.MethodPost, "/certificates/new", v)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.words(), c.want) || !strings.Contains(got.body, `value="第99号"`) {
				t.Errorf("%s: %d, %s", what, got.code, got.words())
			}
		}
		// What has no end is not valid until today.
		got := b.ask(http.MethodPost, "/certificates/new", url.Values{"certification": {sample.DemoCertification("sg")}})
		if page := b.ask(http.MethodGet, got.header.Get("Location"), nil).words(); !strings.Contains(page, "期限は「期限なし」です") {
			t.Errorf("%d, for life: %s", got.code, page)
		}
	})
}

func TestNumbersCreditsAndEvidenceAreSeenByTheHolderAndLeadsAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		address := "/certificates/" + sample.DemoCertificate("riss", "takada")
		secrets := []string{"第004721号", "riss-takada.pdf", "実践講習・特定講習", "オンライン講習"}
		for who, sees := range map[string]bool{"takada": true, "takahashi": true, "kobayashi": false} {
			page := w.as(who).ask(http.MethodGet, address, nil)
			if page.code != http.StatusOK || !strings.Contains(page.words(), "2027年3月31日") {
				t.Errorf("%s: %d", who, page.code)
			}
			for _, secret := range secrets {
				if strings.Contains(page.body, secret) != sees {
					t.Errorf("%s sees %s: %v, want %v", who, secret, !sees, sees)
				}
			}
		}
		list := w.as("kobayashi").ask(http.MethodGet, "/certificates", nil)
		if !strings.Contains(list.words(), "CISSP 高橋 恵 有効") || strings.Contains(list.words(), "足りないおそれ") || strings.Contains(list.words(), "61/120") {
			t.Errorf("a colleague is told who is short of credits: %s", list.words())
		}
		if lead := w.as("sato").ask(http.MethodGet, "/certificates", nil).words(); !strings.Contains(lead, "CISSP 高橋 恵 足りないおそれ") || !strings.Contains(lead, "61/120単位") {
			t.Errorf("a lead sees %s", lead)
		}
		if err := s.SaveNamesVisible(ctx, w.people["takahashi"], false); err != nil {
			t.Fatal(err)
		}
		if page := w.as("kobayashi").ask(http.MethodGet, address, nil); page.code != http.StatusNotFound {
			t.Errorf("without names, a colleague's page: %d", page.code)
		}
		own := w.as("kobayashi").ask(http.MethodGet, "/certificates", nil)
		for key, m := range w.people {
			if key != "kobayashi" && strings.Contains(own.words(), m.Name) {
				t.Errorf("without names, %s shows", m.Name)
			}
		}
		if !strings.Contains(own.words(), "SSCP") || strings.Contains(own.words(), "必要な資格") {
			t.Errorf("without names: %s", own.words())
		}
	})
}

// Two departments that differ only by the number, the credits and the evidence of one
// person answer a colleague alike, byte for byte.
func TestWhatAColleagueHasEarnedChangesNothingForOthers(t *testing.T) {
	kinds := testdb.URLs(t)
	for name := range kinds {
		t.Run(name, func(t *testing.T) {
			plain := demoWorld(t, testdb.Open(t, testdb.URLs(t)[name]), nil)
			other := demoWorld(t, testdb.Open(t, testdb.URLs(t)[name]), func(d *sample.Company) {
				d.Activities, d.Files = nil, nil
				for i := range d.Certificates {
					for j := range d.Certificates[i].Periods {
						d.Certificates[i].Periods[j].Number, d.Certificates[i].Periods[j].Note = "別の番号", "内緒"
					}
				}
			})
			for _, path := range []string{"/certificates", "/certificates?csv=utf-8", "/certificates?kind=" + sample.DemoCertification("riss"), "/certificates/" + sample.DemoCertificate("riss", "takada"),
				"/certificates/" + sample.DemoCertificate("cissp", "takahashi"), "/members/" + sample.DemoMember("takada"), "/certifications", "/risk", "/skills/map",
				"/skills/map/" + sample.DemoSkill("D3") + "/" + sample.DemoMember("takada"), "/files/" + plain.file(t)} {
				a, b := plain.as("nakajima").ask(http.MethodGet, path, nil), other.as("nakajima").ask(http.MethodGet, path, nil)
				if a.masked() != b.masked() {
					t.Errorf("%s differs: %s", path, difference(a.masked(), b.masked()))
				}
			}
		})
	}
}

// file returns the id of a piece of evidence.
func (w *world) file(t *testing.T) string {
	t.Helper()
	h, err := w.store.Certificate(ctx, w.people["takada"], sample.DemoCertificate("riss", "takada"), team.DateOf(riskDay))
	if err != nil {
		t.Fatal(err)
	}
	return h.Files[0].ID
}

// attach sends a file as a browser does.
func (b *browser) attach(address, name string, content []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("csrf", b.token)
	part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {"application/pdf"}})
	if err != nil {
		b.t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	r := httptest.NewRequest(http.MethodPost, address, &body)
	r.Header.Set("Cookie", b.cookie)
	r.Header.Set("Content-Type", form.FormDataContentType())
	got, err := b.app.Test(r, -1)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, read(b.t, got)}
}

func TestEvidenceIsSentAndComesBackAsADownloadAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		address := "/certificates/" + sample.DemoCertificate("cissp", "takahashi")
		proof := []byte("%PDF-1.4\n<script>alert(1)</script>\nstartxref\n0\n%%EOF\n")
		own := w.as("takahashi")
		if got := own.attach(address+"/files", "認定証 \u202efdp.exe", proof); got.code != http.StatusSeeOther {
			t.Fatalf("%d: %.600s", got.code, got.words())
		}
		h, err := s.Certificate(ctx, w.people["takahashi"], sample.DemoCertificate("cissp", "takahashi"), team.DateOf(riskDay))
		if err != nil || len(h.Files) != 1 {
			t.Fatalf("%+v, %v", h.Files, err)
		}
		file := own.ask(http.MethodGet, "/files/"+h.Files[0].ID, nil)
		for name, want := range map[string]string{"Content-Disposition": "attachment;", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Content-Type": "application/pdf", "Cache-Control": "no-store"} {
			if got := file.header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if file.body != string(proof) || strings.ContainsRune(file.header.Get("Content-Disposition"), '\u202e') || !strings.Contains(file.header.Get("Content-Disposition"), ".pdf") {
			t.Errorf("%q as %q", file.body, file.header.Get("Content-Disposition"))
		}
		for what, bad := range map[string][]byte{"a page": []byte("<html><script>alert(1)</script></html>"), "a page behind a document": append(proof, "<html>"...), "nothing": nil,
			"too much": append([]byte("%PDF-1.4\n"), make([]byte, team.MaxFile)...)} {
			got := own.attach(address+"/files", "a.pdf", bad)
			if got.code != http.StatusUnprocessableEntity && got.code != http.StatusRequestEntityTooLarge {
				t.Errorf("%s: %d", what, got.code)
			}
		}
		for who, path := range map[string]string{"kobayashi": "/files/" + h.Files[0].ID, "nakajima": "/files/" + h.Files[0].ID + "/remove"} {
			method := http.MethodGet
			if strings.HasSuffix(path, "remove") {
				method = http.MethodPost
			}
			if got := w.as(who).ask(method, path, nil); got.code != http.StatusNotFound {
				t.Errorf("%s: %d", path, got.code)
			}
		}
		if got := w.as("kobayashi").attach(address+"/files", "a.pdf", proof); got.code != http.StatusNotFound {
			t.Errorf("a colleague attaches: %d", got.code)
		}
		if got := own.ask(http.MethodPost, "/files/"+h.Files[0].ID+"/remove", nil); got.code != http.StatusSeeOther {
			t.Errorf("taking it off: %d", got.code)
		}
	})
}

func TestOneActivityCountsForSeveralCertificates(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		b := w.as("smith")
		cissp, cisa := sample.DemoCertificate("cissp", "smith"), sample.DemoCertificate("cisa", "smith")
		counted := func(id string) team.Credits {
			h, err := s.Certificate(ctx, w.people["smith"], id, team.DateOf(riskDay))
			if err != nil {
				t.Fatal(err)
			}
			return h.Standing.Tally.Counted
		}
		before := [2]team.Credits{counted(cissp), counted(cisa)}
		form := url.Values{"title": {"Conference"}, "day": {"11/20"}, "credits": {"7.5"}, "certificate": {cissp, cisa}, "as": {"credits:A", "credits:"}, "amount": {"", "5"}, "key": {newKey()}}
		for range 2 {
			if got := b.ask(http.MethodPost, "/credits/new", form); got.code != http.StatusSeeOther {
				t.Fatalf("%d: %.600s", got.code, got.words())
			}
		}
		if a, c := counted(cissp)-before[0], counted(cisa)-before[1]; a != 750 || c != 500 {
			t.Errorf("it counts %s and %s", a, c)
		}
		for what, change := range map[string]func(url.Values){
			"for nothing":                 func(v url.Values) { v["as"] = []string{"", ""} },
			"without a group":             func(v url.Values) { v["as"] = []string{"credits:", ""} },
			"in a group that is none":     func(v url.Values) { v["as"] = []string{"credits:Z", ""} },
			"as a course that is none":    func(v url.Values) { v["as"] = []string{"event:online", ""} },
			"with more than the activity": func(v url.Values) { v["amount"] = []string{"8", ""} },
			"with what is no number":      func(v url.Values) { v.Set("credits", "many") },
			"tomorrow":                    func(v url.Values) { v.Set("day", "2026-11-25") },
		} {
			v := url.Values{"title": {"Conference"}, "credits": {"7.5"}, "certificate": {cissp, cisa}, "as": {"credits:A", ""}, "amount": {"", ""}}
			change(v)
			if got := b.ask(http.MethodPost, "/credits/new", v); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="Conference"`) {
				t.Errorf("%s: %d", what, got.code)
			}
		}
		others := url.Values{"title": {"x"}, "credits": {"1"}, "certificate": {sample.DemoCertificate("gcfa", "takada")}, "as": {"credits:"}}
		if got := b.ask(http.MethodPost, "/credits/new", others); got.code != http.StatusNotFound {
			t.Errorf("for somebody else's: %d", got.code)
		}
	})
}

func TestALeadChangesTheRulesAndTheFees(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		address := "/certifications/" + sample.DemoCertification("cissp")
		page := w.as("takada").ask(http.MethodGet, address, nil).words()
		for _, want := range []string{"発行元ではない人のページを読んで書きました", "確かめた日の記録がありません", "USD 135", "グループA 90単位以上", "グループB 30単位まで"} {
			if !strings.Contains(page, want) {
				t.Errorf("%q is missing in: %s", want, page)
			}
		}
		list, err := s.Certifications(ctx, w.people["sato"])
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range list {
			v := certificationValues(k)
			got := w.as("sato").ask(http.MethodPost, "/certifications/"+k.ID+"/edit", v)
			if got.code != http.StatusSeeOther {
				t.Errorf("%s as it is: %d %.300s", k.Name, got.code, got.words())
			}
		}
		after, err := s.Certifications(ctx, w.people["sato"])
		for i, k := range after {
			if k.Version--; err != nil || len(list) != len(after) || !sameCertification(k, list[i]) {
				t.Errorf("%s came back as %+v, was %+v", k.Name, k, list[i])
			}
		}
		v := certificationValues(list[0])
		v["fee_amount"], v["fee_currency"], v["fee_per"], v["fee_scope"] = []string{"125"}, []string{"xx"}, []string{"year"}, []string{"member"}
		if got := w.as("sato").ask(http.MethodPost, "/certifications/"+list[0].ID+"/edit", v); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.words(), "費用") {
			t.Errorf("a currency that is none: %d", got.code)
		}
	})
}

func sameCertification(a, b team.Certification) bool {
	x, _ := a.Rules.Value()
	y, _ := b.Rules.Value()
	return x == y && a.Name == b.Name && a.Source == b.Source && a.Checked == b.Checked && len(a.Skills) == len(b.Skills) && strings.Join(a.Renews, " ") == strings.Join(b.Renews, " ") && a.Version == b.Version
}
