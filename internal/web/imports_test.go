package web

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"tasuki/internal/i18n"
	"tasuki/internal/sample"
	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
	"tasuki/views"
)

// upload sends files as a form without JavaScript does.
func (b *browser) upload(files map[string]string, fields url.Values) *http.Response {
	b.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	if !fields.Has("csrf") {
		w.WriteField("csrf", b.token)
	}
	for name, values := range fields {
		w.WriteField(name, values[0])
	}
	for name, content := range files {
		part, err := w.CreateFormFile("files", name)
		if err != nil {
			b.t.Fatal(err)
		}
		part.Write([]byte(content))
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, "/imports", &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.send(r)
}

var (
	selects = regexp.MustCompile(`(?s)<select id="[^"]*" name="([^"]*)".*?</select>`)
	options = regexp.MustCompile(`<option value="([^"]*)" selected`)
	entries = regexp.MustCompile(`<input id="[^"]*" name="([^"]*)" type="[^"]*" value="([^"]*)"`)
	boxes   = regexp.MustCompile(`<input type="(hidden|checkbox)" name="([^"]*)" value="([^"]*)"( checked)?>`)
)

// formOf reads the values of the form of a preview, as a browser would send them.
func formOf(page string) url.Values {
	_, page, _ = strings.Cut(page, `<form class="import"`)
	f := url.Values{}
	for _, m := range selects.FindAllStringSubmatch(page, -1) {
		value := ""
		if chosen := options.FindStringSubmatch(m[0]); chosen != nil {
			value = html.UnescapeString(chosen[1])
		}
		f.Add(m[1], value)
	}
	for _, m := range entries.FindAllStringSubmatch(page, -1) {
		f.Add(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range boxes.FindAllStringSubmatch(page, -1) {
		if m[1] == "hidden" || m[4] != "" {
			f.Add(m[2], html.UnescapeString(m[3]))
		}
	}
	return f
}

// finish waits for the end of the work behind a page and returns the page then.
func (b *browser) finish(path string) string {
	b.t.Helper()
	for range 600 {
		status, page := b.get(path)
		if status != http.StatusOK {
			b.t.Fatalf("%s: %d", path, status)
		}
		if !strings.Contains(page, `id="progress"`) {
			return page
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatal("the work never ended")
	return ""
}

func (b *browser) wants(page string, wants ...string) {
	b.t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			b.t.Errorf("the page lacks %q:\n%s", want, page[strings.Index(page, "<main"):])
		}
	}
}

const faq = "質問,回答,分類,メモ\r\n" +
	"USBメモリを使いたい,「あずけ箱」で送ってください。,端末・媒体,a\r\n" +
	"私物のスマホを使いたい,登録すれば使えます。,端末・媒体,b\r\n" +
	"答えのない質問,,,\r\n" +
	"USBメモリを 使いたい,別の答え,,\r\n"

func TestUploadCheckImportAndUndoWithoutJavaScript(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		b := signedIn(t, site(t, s), lead)
		if status, page := b.get("/imports"); status != http.StatusOK {
			t.Fatalf("the list: %d", status)
		} else {
			b.wants(page, "まだ何も取りこんでいません", `type="file"`)
		}
		cp932, err := japanese.ShiftJIS.NewEncoder().String(faq)
		if err != nil {
			t.Fatal(err)
		}
		r := b.upload(map[string]string{"FAQ一覧.csv": cp932}, nil)
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("upload: %d %s", r.StatusCode, read(t, r))
		}
		path := r.Header.Get("Location")
		_, page := b.get(path)
		b.wants(page, "FAQ一覧.csv", "自動（CP932）", "4行", "USBメモリを使いたい", "短い答え: 空です。", "FAQ一覧.csv 2行目と同じものです",
			"まだない話題1件を作る", "2件を取りこむ")
		f := formOf(page)
		if got := strings.Join(f["g0_field"], " "); got != "title answer topics " {
			t.Errorf("guessed %q", got)
		}
		f["g0_field"][3] = string(sheet.FieldKeywords)
		f.Set("run", "1")
		if r = b.post(path, f); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != path+"?said=look" {
			t.Fatalf("run with another mapping than shown: %d to %s", r.StatusCode, r.Header.Get("Location"))
		}
		_, page = b.get(path + "?said=look")
		b.wants(page, "見直しました")
		f = formOf(page)
		f.Set("run", "1")
		if r = b.post(path, f); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("run: %d", r.StatusCode)
		}
		b.wants(b.finish(path), "<b>2</b>新しく入れた", "<b>2</b>入らなかった行", "私物のスマホを使いたい", "FAQ一覧.csv 4行目", "端末・媒体")
		list, _, _ := s.Articles(ctx, lead, store.ArticleFilter{Words: "スマホ"})
		if len(list) != 1 || list[0].State != team.ArticleNotVerified || list[0].Keywords.String() != "b" || len(list[0].Topics) != 1 {
			t.Errorf("article %+v", list)
		}
		_, page = b.get("/imports")
		b.wants(page, "新しい 2・変えた 0・入らない 2", "suzuki")
		if r = b.post(path+"/undo", url.Values{}); r.StatusCode != http.StatusSeeOther {
			t.Fatalf("undo: %d", r.StatusCode)
		}
		b.wants(b.finish(path), "取り消し済み", "suzukiさんが")
		if _, total, _ := s.Articles(ctx, lead, store.ArticleFilter{}); total != 0 {
			t.Errorf("%d articles after the undo", total)
		}
	})
}

func TestAPastedTableIsImportedAndWhatWasEditedIsChosen(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		a := testdb.Article(t, s, lead, "USBメモリを使いたい", "")
		b := signedIn(t, site(t, s), lead)
		r := b.upload(nil, url.Values{"pasted": {"質問\t短い答え\r\nUSBメモリを使いたい\t新しい答え\r\nVPNの件\tつなぎ直してください。\r\n"}})
		path := r.Header.Get("Location")
		_, page := b.get(path)
		b.wants(page, "人が直した内容があるので", "<del>", "新しい答え", "1件を取りこむ", "貼りつけた表")
		f := formOf(page)
		if len(f["shown"]) != 1 || f.Has("update") {
			t.Fatalf("the choice is not offered: %v", f)
		}
		f["update"] = f["shown"]
		f.Set("go", "show=change&page=0")
		r = b.post(path, f)
		if to := r.Header.Get("Location"); to != path+"?page=0&show=change#rows" {
			t.Errorf("led to %s", to)
		}
		_, page = b.get(path + "?show=change")
		b.wants(page, "2件を取りこむ", "checked>ファイルの内容に更新する")
		f = formOf(page)
		f.Set("all", "keep")
		b.post(path, f)
		_, page = b.get(path)
		b.wants(page, "1件を取りこむ")
		f = formOf(page)
		f["update"] = f["shown"]
		f.Set("run", "1")
		b.post(path, f)
		b.wants(b.finish(path), "<b>1</b>新しく入れた", "<b>1</b>変えた")
		if now, _ := s.Article(ctx, lead, a.ID); now.Short != "新しい答え" || now.Reason != a.Reason {
			t.Errorf("article %+v", now)
		}
	})
}

func TestWhatCannotBeReadIsSaidAndThePastedTextComesBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		b := signedIn(t, site(t, s), testdb.Person(t, s, sample.Lead("suzuki")))
		for name, test := range map[string][2]string{
			"photo.jpg": {"\xff\xd8\xff\xe0JFIF", "読み取れない種類です"}, "empty.csv": {"", "中身の行がありません"},
			"old.msg": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600), "読み取れない種類です"},
			"secret.xlsx": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600) + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00",
				"パスワードがかかっています"},
		} {
			r := b.upload(map[string]string{name: test[0]}, nil)
			if page := read(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, html.EscapeString(name)+": "+test[1]) {
				t.Errorf("%s: %d", name, r.StatusCode)
			}
		}
		r := b.upload(nil, url.Values{"pasted": {" \r\n"}})
		if page := read(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "ファイルを選ぶか") {
			t.Errorf("nothing sent: %d", r.StatusCode)
		}
		r = b.upload(nil, url.Values{"pasted": {"質問だけの行 <b>"}})
		if page := read(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "質問だけの行 &lt;b&gt;") {
			t.Errorf("what was pasted is lost: %d", r.StatusCode)
		}
		r = b.upload(map[string]string{"photo.jpg": "\xff\xd8\xff\xe0JFIF", "faq.csv": faq}, nil)
		_, page := b.get(r.Header.Get("Location"))
		b.wants(page, "photo.jpg: 読み取れない種類です", "2件を取りこむ")
		if r = b.post(r.Header.Get("Location")+"/delete", url.Values{}); r.Header.Get("Location") != "/imports?deleted=1" {
			t.Errorf("delete: %d", r.StatusCode)
		}
	})
}

func TestAnImportIntoACompartmentIsNotOnTheListOfOthers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		insider, outsider := testdb.Person(t, s, sample.Lead("insider")), testdb.Person(t, s, sample.Lead("outsider"))
		group, err := s.SaveCompartment(ctx, insider, team.Compartment{Name: "人事案件"})
		if err != nil {
			t.Fatal(err)
		}
		app := site(t, s)
		in, out := signedIn(t, app, insider), signedIn(t, app, outsider)
		path := in.upload(map[string]string{"調査.csv": "質問,短い答え\r\n退職者の持ち出し,調べます。\r\n"}, nil).Header.Get("Location")
		if status, _ := out.get(path); status != http.StatusNotFound {
			t.Errorf("an upload is shown to others: %d", status)
		}
		_, page := in.get(path)
		f := formOf(page)
		f.Set("compartment", group.ID)
		in.post(path, f)
		_, page = in.get(path)
		f = formOf(page)
		f.Set("run", "1")
		in.post(path, f)
		in.wants(in.finish(path), "人事案件", "退職者の持ち出し")
		if status, _ := out.get(path); status != http.StatusNotFound {
			t.Errorf("its result is shown to others: %d", status)
		}
		if _, page := out.get("/imports"); strings.Contains(page, "調査") || strings.Contains(page, "人事案件") {
			t.Error("it is on the list of others")
		}
		// A compartment of others in a forged form is no compartment at all.
		path = out.upload(map[string]string{"a.csv": faq}, nil).Header.Get("Location")
		_, page = out.get(path)
		f = formOf(page)
		f.Set("compartment", group.ID)
		out.post(path, f)
		if status, page := out.get(path); status != http.StatusOK || strings.Contains(page, group.ID) {
			t.Errorf("forged: %d", status)
		}
	})
}

func TestOnlyLeadsMayUploadMuch(t *testing.T) {
	w := sqliteWorld(t)
	var big strings.Builder
	big.WriteString("質問,短い答え\r\n")
	for n := range 30_000 {
		fmt.Fprintf(&big, "質問 その%d を もう少し長くする,「あずけ箱」で送ってください。\r\n", n)
	}
	if big.Len() < 2*maxBody {
		t.Fatal("not much")
	}
	if r := w.as("lead").upload(map[string]string{"big.csv": big.String()}, nil); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a lead: %d", r.StatusCode)
	}
	address := w.listen()
	for _, test := range []struct {
		who, path string
		length    int
	}{{"member", "/imports", 2 * maxBody}, {"left", "/imports", 2 * maxBody}, {"stranger", "/imports", 2 * maxBody}, {"lead", "/articles", 2 * maxBody}, {"lead", "/imports", maxUpload + 1}} {
		raw, _ := exchange(t, address, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Length: %d\r\n\r\n", test.path, w.as(test.who).cookie, test.length))
		if !strings.HasPrefix(raw, "413") {
			t.Errorf("%s to %s: %.60q", test.who, test.path, raw)
		}
	}
}

func TestAServerThatEndsStopsItsImportUnchanged(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		i, err := s.AddImport(ctx, lead, []team.ImportFile{{Name: "faq.csv", Content: []byte(faq)}}, "{}")
		if err != nil {
			t.Fatal(err)
		}
		work, begun := NewWork(), make(chan bool, 1)
		work.start(i.ID, false, func(ctx context.Context, progress func(done, total int)) error {
			rows := []team.Incoming{{Article: &team.Article{Title: "A", Answer: team.Answer{Short: "答え"}}}, {Article: &team.Article{Title: "B", Answer: team.Answer{Short: "答え"}}}}
			_, err := s.RunImport(ctx, lead, i, rows, team.ImportChoices{}, func(done, total int) {
				progress(done, total)
				if done == 1 {
					begun <- true
					<-ctx.Done() // the server ends while the rows are written
				}
			})
			return err
		})
		<-begun
		work.Close()
		if i, err = s.Import(ctx, lead, i.ID); err != nil || i.State != team.ImportStopped {
			t.Errorf("import %+v, %v", i, err)
		}
		if _, total, _ := s.Articles(ctx, lead, store.ArticleFilter{}); total != 0 {
			t.Errorf("%d articles are there", total)
		}
		b := signedIn(t, site(t, s), lead)
		_, page := b.get("/imports/" + i.ID)
		b.wants(page, "取りこみは途中で止まりました。何も変わっていません。")
	})
}

func TestThePageOfARunningImportComesAgain(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		b := signedIn(t, site(t, s), lead)
		path := b.upload(map[string]string{"faq.csv": faq}, nil).Header.Get("Location")
		_, shown := b.get(path)
		f := formOf(shown)
		f.Set("run", "1")
		b.post(path, f)
		b.finish(path)
		r := httptest.NewRequest(http.MethodGet, path+"/progress", nil)
		r.Header.Set("HX-Request", "true")
		if got := b.send(r); got.StatusCode != http.StatusNoContent || got.Header.Get("HX-Redirect") != path {
			t.Errorf("at the end: %d, %q", got.StatusCode, got.Header.Get("HX-Redirect"))
		}
		e := newEngine(views.FS)
		if err := e.Load(); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		p := runningPage{page: page{look: testLook(t, false), Language: "ja", Refresh: 2}, ID: "X", Done: 120, Total: 20000}
		if err := e.Render(&out, "imports/running", p); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`<noscript><meta http-equiv="refresh" content="2"></noscript>`, `hx-get="/imports/X/progress"`, "120 / 20000 件", `max="20000" value="120"`} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q is missing", want)
			}
		}
	})
}

func TestEveryWordOfAnImportHasASentence(t *testing.T) {
	l := testLook(t, false)
	words := map[string][]string{"import_thing": {team.KindArticle, team.KindConsultation, "topic", "department", team.KindSkill, team.KindCategory, team.KindMember, team.KindTarget, team.KindRequirement}}
	for _, k := range sheet.Kinds {
		words["import_kind"] = append(words["import_kind"], string(k))
		for _, f := range k.Fields() {
			words["import_field"] = append(words["import_field"], string(f))
		}
	}
	for _, f := range []sheet.Format{sheet.FormatCSV, sheet.FormatTSV, sheet.FormatXLSX, sheet.FormatJSONL, sheet.FormatMarkdown, sheet.FormatMail} {
		words["import_format"] = append(words["import_format"], string(f))
	}
	for _, n := range []sheet.NoteKind{sheet.NoteRowsCut, sheet.NoteColumnsCut, sheet.NoteCellCut, sheet.NoteUndecodable, sheet.NoteOpenQuote, sheet.NoteNoHeadings,
		sheet.NoteFormula, sheet.NoteBadLine, sheet.NoteAttachment, sheet.NoteBadPart, sheet.NoteFollowUp, sheet.NoteSubjectCut, sheet.NoteMoreSheets,
		sheet.NoteNotesCut, sheet.NoteMessageBroken, sheet.NoteNoQuestion, sheet.NotePreamble} {
		words["import_note"] = append(words["import_note"], string(n))
	}
	for _, a := range team.ImportActions {
		words["import_action"] = append(words["import_action"], string(a))
		words["import_outcome"] = append(words["import_outcome"], string(a))
	}
	for _, s := range []team.ImportState{team.ImportReady, team.ImportRunning, team.ImportStopped, team.ImportDone, team.ImportUndone} {
		words["import_state"] = append(words["import_state"], string(s))
	}
	for _, err := range []error{sheet.ErrNotSupported, sheet.ErrPassword, sheet.ErrTooLarge, sheet.ErrNoRows, sheet.ErrNoSheet, sheet.ErrDamaged, sheet.ErrNoSkillMap} {
		words["import_error"] = append(words["import_error"], unreadReason(err))
	}
	for _, language := range i18n.Languages {
		for noun, values := range words {
			for _, v := range values {
				if !l.words.Has(language, noun+"."+v) {
					t.Errorf("%s has no word for %s %q", language, noun, v)
				}
			}
		}
	}
}
