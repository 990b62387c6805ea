package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// mailFromOno is a mail as it is pasted.
const mailFromOno = "お世話になっております。製造部の大野です。\nUSBメモリで図面を渡してもよいでしょうか。\nよろしくお願いいたします。"

func TestWhatIsReadFromAMailCanBeChangedAndStays(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Lead("takada"))
		factory, err := s.SaveDepartment(context.Background(), takada, team.Department{Name: "製造部", Active: true})
		if err != nil {
			t.Fatal(err)
		}
		topic, err := s.SaveTopic(context.Background(), takada, team.Topic{Name: "端末・媒体", Active: true})
		if err != nil {
			t.Fatal(err)
		}
		a := sample.Article("USBメモリで図面を渡したい")
		a.Topics = []string{topic.ID}
		if _, err := s.SaveArticle(context.Background(), takada, a, ""); err != nil {
			t.Fatal(err)
		}
		b := signedIn(t, site(t, s), takada)
		page := read(t, b.post("/ask", url.Values{"text": {mailFromOno}}))
		for _, want := range []string{`value="大野"`, `<option value="` + factory.ID + `" selected>`, `<option value="` + topic.ID + `" selected>`, `<option value="mail" selected>`} {
			if !strings.Contains(page, want) {
				t.Errorf("not read from the mail: %s", want)
			}
		}
		page = read(t, b.post("/ask", url.Values{"text": {mailFromOno}, "requester": {"佐々木"}, "guessed_requester": {"大野"}, "department": {""}, "guessed_department": {factory.ID}}))
		if !strings.Contains(page, `value="佐々木"`) || !strings.Contains(page, "佐々木さん\n") || strings.Contains(page, `<option value="`+factory.ID+`" selected>`) {
			t.Error("what the person changed was guessed again")
		}
	})
}

func TestAReplyGreetsTheNameThatWasTyped(t *testing.T) {
	p := page{look: testLook(t, false), Language: "ja"}
	for _, test := range []struct{ name, reply, from, to, want string }{
		{"another name", "大野さん\n\nだめです", "大野", "佐々木 花", "佐々木さん\n\nだめです"},
		{"a name where there was none", "だめです", "", "大野", "大野さん\n\nだめです"},
		{"no name any more", "大野さん\n\nだめです", "大野", "", "だめです"},
		{"the same name", "大野様\n\nだめです", "大野", "大野", "大野様\n\nだめです"},
		{"a greeting somebody wrote", "大野様\n\nだめです", "大野", "佐々木", "大野様\n\nだめです"},
	} {
		if got := readdress(p, test.reply, test.from, test.to); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestAReplyThatWasEditedIsRecordedAsAdapted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
		b := signedIn(t, site(t, s), takada)
		p := page{look: testLook(t, false), Language: "ja", Member: takada}
		as := composeReply(p, a.Answer, "大野")
		for _, test := range []struct {
			reply string
			want  team.LinkKind
		}{{as, team.LinkAsIs}, {strings.ReplaceAll(as, "\n", "\r\n"), team.LinkAsIs}, {as + "\nお電話します。", team.LinkAdapted}} {
			r := b.post("/use", url.Values{"article": {a.ID}, "text": {mailFromOno}, "requester": {"大野"}, "addressed": {"大野"}, "channel": {"mail"}, "reply": {test.reply}, "copied": {"no"}})
			at := r.Header.Get("Location")
			if r.StatusCode != http.StatusSeeOther || !strings.HasSuffix(at, "?used=no") {
				t.Fatalf("use: %d %s", r.StatusCode, at)
			}
			ref, _, _ := strings.Cut(strings.TrimPrefix(at, "/consultations/"), "?")
			c, err := s.Consultation(context.Background(), takada, ref)
			if err != nil || c.Links[0].Kind != test.want {
				t.Errorf("recorded as %+v, %v; want %s", c.Links, err, test.want)
			}
		}
	})
}

func TestAFlagFromTheSearchPageKeepsWhatWasPasted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		testdb.Article(t, s, takada, "USBメモリの申請", "")
		a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
		b := signedIn(t, site(t, s), takada)
		form := url.Values{"text": {mailFromOno}, "article": {a.ID}, "note": {""}}
		r := b.post("/ask/flag", form)
		if page := read(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "図面を渡してもよいでしょうか") {
			t.Errorf("an empty note: %d", r.StatusCode)
		}
		form.Set("note", "貸出の窓口が変わりました")
		r = b.post("/ask/flag", form)
		if page := read(t, r); r.StatusCode != http.StatusOK || !strings.Contains(page, "図面を渡してもよいでしょうか") || !strings.Contains(page, "旗が立っています") {
			t.Errorf("after the flag: %d", r.StatusCode)
		}
		flags, err := s.Flags(context.Background(), takada, a.ID)
		if err != nil || len(flags) != 1 || flags[0].Note != "貸出の窓口が変わりました" {
			t.Errorf("flags %+v, %v", flags, err)
		}
	})
}

func TestAMatchElsewhereIsShown(t *testing.T) {
	p := page{look: testLook(t, false), Language: "ja"}
	a := sample.Article("USBメモリで図面を渡したい")
	a.Wordings = []team.Wording{{Text: "外付けの媒体を持ち出す申請"}}
	spans, label := p.why(a, []string{"usb", "媒体", "申請"})
	if label != "現場の言葉" || len(spans) < 3 {
		t.Errorf("got %q %+v", label, spans)
	}
	if spans, label = p.why(a, []string{"usb", "図面"}); spans != nil {
		t.Errorf("title and short answer say it already, but got %q %+v", label, spans)
	}
}

func TestAVeryLongTextIsCutAndStillUsed(t *testing.T) {
	s := testdb.Open(t, t.TempDir()+"/tasuki.db")
	takada := testdb.Person(t, s, sample.Member("takada"))
	a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
	b := signedIn(t, site(t, s), takada)
	long := "USBメモリ\n" + strings.Repeat("あ", team.MaxText)
	if page := read(t, b.post("/ask", url.Values{"text": {long}})); !strings.Contains(page, "50,000字") {
		t.Error("nobody says that the text was cut")
	}
	if r := b.post("/use", url.Values{"article": {a.ID}, "text": {long}, "channel": {"mail"}, "reply": {"だめです"}}); r.StatusCode != http.StatusSeeOther {
		t.Errorf("use: %d", r.StatusCode)
	}
}

func TestADepartmentIsReadFromAnEnglishMail(t *testing.T) {
	s := testdb.Open(t, t.TempDir()+"/tasuki.db")
	takada := testdb.Person(t, s, sample.Lead("takada"))
	sales, err := s.SaveDepartment(context.Background(), takada, team.Department{Name: "営業部", NameEn: "Sales", Active: true})
	if err != nil {
		t.Fatal(err)
	}
	testdb.Article(t, s, takada, "Can I use a USB stick?", "")
	b := signedIn(t, site(t, s), takada)
	page := read(t, b.post("/ask", url.Values{"text": {"Hello,\nThis is Emily from the sales department.\nMay I use a USB stick?\nBest regards,\nEmily"}}))
	if !strings.Contains(page, `<option value="`+sales.ID+`" selected>`) {
		t.Error("the sales department was not recognised")
	}
}

func TestNearWordsAreNear(t *testing.T) {
	for _, test := range []struct {
		word string
		part string
		want bool
	}{{"パスワードマネージャー", "パスワード", true}, {"ismap", "is", false}, {"active directory", "active", true}, {"ログ", "ブログ", true}, {"bluetooth", "tooth", false}, {"鍵", "鍵", false}} {
		if got := shares(test.word, []string{test.part}); got != test.want {
			t.Errorf("%s near %s: %v", test.word, test.part, got)
		}
	}
}

func TestTitlesAreSearchedWhileTheIndexIsBuilt(t *testing.T) {
	s := testdb.Open(t, t.TempDir()+"/tasuki.db")
	takada := testdb.Person(t, s, sample.Member("takada"))
	testdb.Article(t, s, takada, "退職する人のアカウント", "")
	a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
	index := search.Open(t.TempDir()) // nobody fills it
	t.Cleanup(func() { index.Close() })
	app, err := New(Config{Store: s, Index: index, BaseURL: "http://example.com", Zone: time.UTC, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, signedIn(t, app, takada).post("/ask", url.Values{"text": {mailFromOno}}))
	if !strings.Contains(page, "さがす準備中です（0%）") || !strings.Contains(page, `value="`+a.ID+`"`) || strings.Contains(page, "退職する人") {
		t.Error("the title was not found, or nobody says that the index is being built")
	}
}
