package search

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tasuki/internal/team"
)

// world is a source made of values that a test can change.
type world struct {
	values
	epoch        string
	compartments []string
	log          []team.Change
}

func (w *world) Epoch(context.Context) (string, error) { return w.epoch, nil }
func (w *world) CompartmentIDs(context.Context) ([]string, error) {
	return append([]string{""}, w.compartments...), nil
}
func (w *world) LastChange(context.Context) (int64, error) { return int64(len(w.log)), nil }
func (w *world) Changes(_ context.Context, after int64, limit int) ([]team.Change, error) {
	rest := w.log[min(int(after), len(w.log)):]
	return rest[:min(limit, len(rest))], nil
}
func (w *world) Documents(_ context.Context, changes []team.Change) (list []team.Document, err error) {
	for _, c := range changes {
		for _, d := range w.docs {
			if d.ID == c.ID {
				list = append(list, d)
			}
		}
	}
	return list, nil
}

// put adds or replaces a document; a document without a title takes it away.
func (w *world) put(d team.Document) {
	d.Kind = team.KindArticle
	if d.Class == "" {
		d.Class = team.ClassArticle
	}
	kept := w.docs[:0:0]
	for _, old := range w.docs {
		if old.ID != d.ID {
			kept = append(kept, old)
		}
	}
	if w.docs = kept; d.Title != "" {
		w.docs = append(w.docs, d)
	}
	w.log = append(w.log, team.Change{Seq: int64(len(w.log) + 1), Kind: team.KindArticle, ID: d.ID})
}

func newWorld() *world {
	w := &world{epoch: "1"}
	w.put(team.Document{ID: "usb", Title: "USBメモリで図面を渡したい", Body: "手持ちのUSBメモリは使えません。「あずけ箱」で送ってください。"})
	w.put(team.Document{ID: "zip", Title: "パスワード付きZIPを送ってもよいですか", Body: "「あずけ箱」を使ってください。"})
	w.put(team.Document{ID: "mfa", Title: "認証用スマホの機種変更", Body: "多要素認証の引っ越しをしてください。"})
	w.put(team.Document{ID: "leave", Title: "退職する人のアカウント", Body: "最終日に止めます。"})
	w.put(team.Document{ID: "patch", Title: "How do I install security updates?", Body: "Open the update page and restart."})
	return w
}

func follow(t *testing.T, dir string, w *world) *Index {
	t.Helper()
	x := Open(dir)
	if err := x.CatchUp(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func ids(t *testing.T, x *Index, question string, compartments ...string) []string {
	t.Helper()
	r, err := x.Search(context.Background(), Query{Text: question, Compartments: compartments, Classes: []string{team.ClassArticle}, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, h := range r.Hits {
		list = append(list, h.ID)
	}
	return list
}

func TestQuestionsFindTheirAnswer(t *testing.T) {
	w := newWorld()
	w.jargon = []team.JargonTerm{{Term: "多要素認証", Synonyms: team.Lines{"2FA", "二段階認証"}}, {Term: "USBメモリ", Synonyms: team.Lines{"外部記憶媒体"}}}
	x := follow(t, t.TempDir(), w)
	for question, want := range map[string]string{
		"協力会社にＵＳＢで図面データを渡しても大丈夫？":   "usb",
		"2faの設定を新しい電話に移したい":         "mfa",
		"外部記憶媒体の持ち出し":               "usb",
		"退職者のIDはいつ消えますか":            "leave",
		"installing updates":        "patch",
		"instaling security updats": "patch",
		"ﾊﾟｽﾜｰﾄﾞ付きzip":              "zip",
	} {
		if got := ids(t, x, question); len(got) == 0 || got[0] != want {
			t.Errorf("%s: found %v, want %s first", question, got, want)
		}
	}
}

func TestAnAskersWordingIsRemembered(t *testing.T) {
	w := newWorld()
	w.put(team.Document{ID: "leave", Title: "退職する人のアカウント", Body: "最終日に止めます。", Wordings: []string{"辞める社員のパソコン回収の段取り"}})
	if got := ids(t, follow(t, t.TempDir(), w), "パソコン回収の段取りは？"); len(got) == 0 || got[0] != "leave" {
		t.Errorf("found %v", got)
	}
}

func TestRestrictedDocumentsChangeNothingForOthers(t *testing.T) {
	w := newWorld()
	dir := t.TempDir()
	x := follow(t, dir, w)
	search := func() Result {
		r, err := x.Search(context.Background(), Query{Text: "USBメモリと退職", Classes: []string{team.ClassArticle}, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := search()
	w.compartments = []string{"hr"}
	for i := range 30 {
		w.put(team.Document{ID: fmt.Sprint("secret", i), Compartment: "hr", Title: "退職者のUSBメモリ持ち出し調査", Body: "秘密"})
	}
	if err := x.CatchUp(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	if after := search(); !reflect.DeepEqual(before, after) {
		t.Errorf("before %+v\nafter  %+v", before, after)
	}
	if got := ids(t, x, "持ち出し調査", "hr"); !strings.Contains(strings.Join(got, " "), "secret") {
		t.Errorf("the group itself finds %v", got)
	}
}

func TestTheIndexFollows(t *testing.T) {
	w := newWorld()
	dir := t.TempDir()
	x := follow(t, dir, w)
	w.compartments = []string{"hr"}
	w.put(team.Document{ID: "zip"})
	w.put(team.Document{ID: "usb", Compartment: "hr", Title: "USBメモリで図面を渡したい"})
	if err := x.CatchUp(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, x, "パスワード付きZIP USBメモリ 図面"); len(got) != 0 {
		t.Errorf("gone and moved away: %v", got)
	}
	if got := ids(t, x, "USBメモリ", "hr"); len(got) != 1 {
		t.Errorf("moved here: %v", got)
	}
	x.Close()
	w.epoch, w.log, w.docs = "2", nil, nil
	w.put(team.Document{ID: "new", Title: "復元した後の記事"})
	x = follow(t, dir, w)
	if got := ids(t, x, "復元 退職"); len(got) != 1 || got[0] != "new" {
		t.Errorf("another epoch starts again: %v", got)
	}
}

func TestHostileQuestionsDoNoHarm(t *testing.T) {
	x := follow(t, t.TempDir(), newWorld())
	for name, question := range map[string]string{
		"empty": "", "marks only": "？！。、…()*~\"", "NUL": "USB\x00メモリ", "broken UTF-8": "\xff\xfeUSB",
		"a long word": strings.Repeat("カ", 8000), "a megabyte": strings.Repeat("USBメモリ ", 100_000), "combining marks": strings.Repeat("か\u3099", 8000),
	} {
		t.Run(name, func(t *testing.T) { ids(t, x, question) })
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("USBメモリで図面を渡したい don't ﾊﾟ")
	f.Fuzz(func(t *testing.T, s string) {
		for _, token := range tokens(s[:min(len(s), 4000)]) {
			if len(token) < 2 || strings.Contains(token, tokenGap) {
				t.Fatalf("token %q of %q", token, s)
			}
		}
	})
}
