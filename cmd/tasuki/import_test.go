package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// placed is the built program over one database.
type placed struct {
	t           *testing.T
	binary, dir string
	env         []string
}

// programs returns the built program over a fresh database of every kind.
func programs(t *testing.T, test func(t *testing.T, p placed, s *store.Store)) {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range testdb.URLs(t) {
		t.Run(name, func(t *testing.T) {
			p := placed{t: t, binary: binary, dir: t.TempDir(), env: append(os.Environ(), "TASUKI_DATABASE_URL="+url, "TASUKI_DATA_DIR=")}
			if name == "sqlite" {
				p.env = append(os.Environ(), "TASUKI_DATABASE_URL=", "TASUKI_DATA_DIR="+filepath.Dir(url))
			}
			test(t, p, testdb.Open(t, url))
		})
	}
}

// file writes a file and returns its path.
func (p placed) file(name, content string) string {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// run returns what a command prints and whether it ended well.
func (p placed) run(args ...string) (string, bool) {
	p.t.Helper()
	cmd := exec.Command(p.binary, args...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (p placed) expect(ok bool, args []string, wants ...string) string {
	p.t.Helper()
	out, done := p.run(args...)
	if done != ok {
		p.t.Errorf("%v ended well: %v\n%s", args, done, out)
	}
	for _, want := range wants {
		if !strings.Contains(out, want) {
			p.t.Errorf("%v does not say %q:\n%s", args, want, out)
		}
	}
	return out
}

const faqCSV = "質問,回答,分類,備考\r\n" +
	"USBメモリを使いたい,「あずけ箱」で送ってください。,端末・媒体,①\r\n" +
	"私物のスマホを使いたい,登録すれば使えます。,端末・媒体,\r\n" +
	"答えのない質問,,,\r\n" +
	"USBメモリを 使いたい,別の答え,,\r\n"

func TestAFileIsBroughtInFromATerminalAndTakenBack(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		cp932, err := japanese.ShiftJIS.NewEncoder().String(faqCSV)
		if err != nil {
			t.Fatal(err)
		}
		faq := p.file("FAQ一覧.csv", cp932)
		p.expect(true, []string{"import", "answers", faq, "--dry-run"}, "csv, CP932", "4 rows → articles", "質問 → title", "備考 → (left out)",
			"2 new, 0 changed", "FAQ一覧.csv:4: left out", "FAQ一覧.csv:5: left out: the same as FAQ一覧.csv:2", "Topics not known here: 端末・媒体")
		count(t, s, 0)
		p.expect(false, []string{"import", "answers", faq}, "add --yes")
		count(t, s, 0)
		out := p.expect(true, []string{"import", "answers", faq, "--yes"}, "Done: 2 new, 0 changed, 2 left out", "tasuki import undo ")
		count(t, s, 2)
		id := strings.TrimSpace(out[strings.LastIndex(out, " "):])
		p.expect(true, []string{"import", "answers", faq, "--yes"}, "0 new, 0 changed, 2 the same", "nothing was changed")
		p.expect(true, []string{"import", "list"}, id, "FAQ一覧.csv", "2 new")
		list, _, _ := s.Articles(context.Background(), team.Operator(), store.ArticleFilter{Words: "スマホ"})
		edited := list[0]
		edited.Reason = "人が書き足した"
		if _, err := s.SaveArticle(context.Background(), team.Operator(), edited, ""); err != nil {
			t.Fatal(err)
		}
		p.expect(true, []string{"import", "undo", id}, "Kept, because edited or used since: 2", "私物のスマホを使いたい", "端末・媒体")
		count(t, s, 1)
		p.expect(true, []string{"import", "undo", id}, "Taken back")
		p.expect(false, []string{"import", "undo", "NOSUCH"}, "tasuki import list")
	})
}

func count(t *testing.T, s *store.Store, want int) {
	t.Helper()
	if _, total, err := s.Articles(context.Background(), team.Operator(), store.ArticleFilter{}); err != nil || total != want {
		t.Errorf("%d articles (%v), want %d", total, err, want)
	}
}

func TestAnImportIsToldWhatTheColumnsMean(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		odd := p.file("odd.tsv", "甲\t乙\t丙\nVPNがつながらない\t再起動してください。\t端末\n")
		args := []string{"import", "answers", odd, "--kind", "articles", "--map", "甲=title", "--map", "乙=short_answer", "--map", "丙=", "--json"}
		out := p.expect(true, append(args, "--yes"))
		var report importReport
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if report.Import == nil || report.Import.Created != 1 || report.Plan.Rows[0].Line != 2 || len(report.Plan.Topics) != 0 {
			t.Errorf("report %+v", report)
		}
		for _, wrong := range [][]string{{"--map", "丁=title"}, {"--map", "甲=nonsense"}, {"--map", "甲"}, {"--kind", "books"}, {"--compartment", "なし"}, {"--update", "x"}} {
			p.expect(false, append([]string{"import", "answers", odd, "--dry-run"}, wrong...), wrong[0][2:])
		}
		group, err := s.SaveCompartment(context.Background(), team.Operator(), team.Compartment{Name: "人事案件",
			Members: []string{testdb.Person(t, s, team.Member{Name: "鈴木", Email: "s@example.com", Role: team.RoleLead, Language: "ja", Active: true}).ID}})
		if err != nil {
			t.Fatal(err)
		}
		p.expect(true, append(args[:len(args)-1], "--compartment", "人事案件", "--yes"), "Done: 1 new")
		list, _, _ := s.Articles(context.Background(), team.Operator(), store.ArticleFilter{})
		if len(list) != 2 || list[0].Compartment+list[1].Compartment != group.ID {
			t.Errorf("not in its compartment: %+v", list)
		}
	})
}

func TestWhatCannotBeReadIsSaidAndChangesNothing(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		good := p.file("good.csv", faqCSV)
		for name, test := range map[string][2]string{
			"photo.csv": {"\xff\xd8\xff\xe0JFIF", "this kind of file is not read"}, "empty.csv": {"", "it has no rows"},
			"old.msg": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600), "this kind of file is not read"},
		} {
			p.expect(false, []string{"import", "answers", good, p.file(name, test[0]), "--yes"}, name, test[1], "nothing was changed")
		}
		p.expect(false, []string{"import", "answers", filepath.Join(p.dir, "none.csv"), "--yes"}, "no such file")
		count(t, s, 0)
	})
}
