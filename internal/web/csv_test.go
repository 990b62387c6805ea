package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestAListComesAsAFileWithItsFiltersAndAllItsPages(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		by, insider := w.people["member"], w.people["insider"]
		for n := range store.PageSize + 3 {
			testdb.Article(t, s, by, fmt.Sprintf("=USBの質問%d", n), "")
			if _, err := s.SaveConsultation(ctx, by, sample.Consultation(fmt.Sprintf("=USBの相談%d", n)), ""); err != nil {
				t.Fatal(err)
			}
		}
		testdb.Article(t, s, by, "別の話", "")
		testdb.Article(t, s, insider, "USBの秘密", w.group.ID)
		secret := sample.Consultation("USBの秘密")
		secret.Compartment = w.group.ID
		if _, err := s.SaveConsultation(ctx, insider, secret, ""); err != nil {
			t.Fatal(err)
		}
		for path, first := range map[string]string{"/articles": "質問,短い答え,状態,", "/consultations": "番号,件名,短い答え,"} {
			got := w.as("member").ask(http.MethodGet, path+"?csv=utf-8&words=USB&page=1", nil)
			if got.code != http.StatusOK || !strings.HasPrefix(got.body, "\uFEFF"+first) || got.header.Get("Content-Type") != "text/csv; charset=utf-8" ||
				!strings.HasPrefix(got.header.Get("Content-Disposition"), `attachment; filename="tasuki-`+path[1:]+"-2") {
				t.Fatalf("%s: %d %v %.200s", path, got.code, got.header, got.body)
			}
			if lines := strings.Count(got.body, "\r\n"); lines != store.PageSize+4 || !strings.Contains(got.body, "'=USBの") {
				t.Errorf("%s: %d lines: %.300s", path, lines, got.body)
			}
			if strings.Contains(got.body, "別の話") || strings.Contains(got.body, "秘密") {
				t.Errorf("%s holds what was not asked for, or may not be seen", path)
			}
			if got := w.as("insider").ask(http.MethodGet, path+"?csv=utf-8", nil); !strings.Contains(got.body, "USBの秘密") {
				t.Errorf("%s: the insider does not get what is theirs", path)
			}
			got = w.as("member").ask(http.MethodGet, path+"?csv=cp932&words=USB", nil)
			if text, err := japanese.ShiftJIS.NewDecoder().String(got.body); err != nil || !strings.HasPrefix(text, first) || !strings.Contains(text, "'=USBの") || got.header.Get("Content-Type") != "text/csv; charset=shift_jis" {
				t.Errorf("%s for old spreadsheets: %v %.100s", path, err, text)
			}
			page := w.as("member").ask(http.MethodGet, path+"?words=USB&page=1", nil).body
			if !strings.Contains(page, `href="`+path+`?csv=utf-8&amp;words=USB"`) || !strings.Contains(page, `href="`+path+`?csv=cp932&amp;words=USB"`) {
				t.Errorf("%s has no button that keeps the filter", path)
			}
		}
	})
}

func TestTheCataloguesComeAsFiles(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		if _, err := s.SaveJargon(ctx, w.people["lead"], team.JargonTerm{Term: "@脱PPAP", Plain: "別の送り方"}); err != nil {
			t.Fatal(err)
		}
		for noun, want := range map[string]string{"members": "insider@", "departments": "", "topics": "", "jargon": "'@脱PPAP,別の送り方", "compartments": ""} {
			got := w.as("lead").ask(http.MethodGet, "/settings/"+noun+"?csv=utf-8", nil)
			if got.code != http.StatusOK || !strings.HasPrefix(got.body, "\uFEFF") || !strings.Contains(got.body, "\r\n") || !strings.Contains(got.body, want) {
				t.Errorf("%s: %d %.200s", noun, got.code, got.body)
			}
			if strings.Contains(got.body, "人事案件") {
				t.Errorf("%s names a compartment of others", noun)
			}
		}
		if got := w.as("lead").ask(http.MethodGet, "/settings/jargon?csv=utf-8&q=zzz", nil); strings.Contains(got.body, "脱PPAP") {
			t.Error("the filter is lost")
		}
	})
}
