package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

const skillsCSV = "分類,,監視,監視,対応\r\n氏名,メール,SIEM運用,ログ分析,初動\r\n山﨑　美咲,,◎,×,\r\n渡邉,watanabe@example.com,〇,？？,△\r\nだれか,,○,○,○\r\n必要人数,,2,2,1\r\n"

func TestASkillMapIsBroughtInFromATerminalAndTakenBack(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		testdb.Person(t, s, team.Member{Name: "山崎 美咲", Email: "yamazaki@example.com", Role: team.RoleMember, Language: "ja", Active: true})
		file := p.file("map.csv", skillsCSV)
		p.expect(true, []string{"import", "skills", file, "--dry-run"}, "3 people in rows × 3 skills, levels written as symbols", "D4: ", "？？",
			"person だれか: left out", "person 渡邉: new", "10 new, 0 changed")
		skills(t, s, 0)
		p.expect(false, []string{"import", "skills", file}, "add --yes")
		for _, wrong := range [][]string{{"--as", "x"}, {"--on", "2999-01-01"}, {"--scale", "x"}, {"--people-in", "x"}, {"--person", "x"}, {"--skill", "a=b"}} {
			p.expect(false, append([]string{"import", "skills", file, "--yes"}, wrong...), wrong[0])
		}
		p.expect(false, []string{"import", "skills", file, p.file("none.csv", "ただの文\n"), "--yes"}, "none.csv", "nothing was changed")
		skills(t, s, 0)
		args := []string{"import", "skills", file, "--on", "令和8年4月1日", "--as", "declared", "--person", "だれか=dareka@example.com", "--yes"}
		out := p.expect(true, args, "14 new", "brought in as declared of 2026-04-01", "tasuki import undo ")
		skills(t, s, 3)
		p.expect(true, args, "nothing was changed")
		p.expect(true, []string{"import", "undo", strings.TrimSpace(out[strings.LastIndex(out, " "):])}, "Kept, because edited or used since: 0")
		skills(t, s, 0)
	})
}

func skills(t *testing.T, s *store.Store, want int) {
	t.Helper()
	if list, err := s.Catalogue(context.Background(), team.Operator()); err != nil || len(list.Skills) != want {
		t.Errorf("%d skills (%v), want %d", len(list.Skills), err, want)
	}
}

// A workbook that LibreOffice wrote from a table, from the file to the map.
func TestAWorkbookOfLibreOfficeIsBroughtIn(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		file := filepath.Join("..", "..", "internal", "sheet", "testdata", "skillmap_legend.xlsx")
		p.expect(true, []string{"import", "skills", file, "--person", "髙田 健吾=takada@example.com", "--person", "山﨑 美咲=yamazaki@example.com", "--yes"},
			"2 people in", "× 4 skills", "Done: ")
		skills(t, s, 4)
		m, err := s.SkillMap(context.Background(), team.Operator(), team.DateOf(s.Now()))
		if err != nil || len(m.Members) != 2 || m.Totals[0].Levels[4] != 1 || m.Totals[3].Levels[0] != 1 {
			t.Errorf("map %+v, %v", m.Totals, err)
		}
	})
}

func TestTheReadingOfAMapForItsRisksCanBeCorrected(t *testing.T) {
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := placed{t: t, binary: binary, dir: t.TempDir()}
	file := p.file("map.csv", "氏名,監視,分析\n佐藤,4,1\n鈴木,2,3\n")
	for scale, want := range map[string]string{"from_0": `"id":"分析","holders":["鈴木"]`, "from_1": `"id":"分析","holders":[]`} {
		out, err := exec.Command(binary, "risk", file, "--json", "--scale", scale).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", scale, err, out)
		}
	}
	if out, err := exec.Command(binary, "risk", file, "--scale", "nonsense").CombinedOutput(); err == nil || !strings.Contains(string(out), "--scale") {
		t.Errorf("a scale that is none: %s", out)
	}
}
