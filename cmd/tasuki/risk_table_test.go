package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const officeTable = `氏名,監視,解析,法令
髙田 健吾,4,3,0
山﨑 美咲,3,,1
渡邉 翔,,2,3
必要人数,2,1,1
`

// riskOfFile runs the built program on a file of this name.
func riskOfFile(t *testing.T, name string, content []byte, args ...string) (out, warnings string, err error) {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var o, w bytes.Buffer
	if name == "-" {
		path = "-"
	}
	cmd := exec.Command(program, append([]string{"risk", path}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(content), &o, &w
	err = cmd.Run()
	return o.String(), w.String(), err
}

// workbookOf writes a table as a workbook.
func workbookOf(t *testing.T, table string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		for c, cell := range strings.Split(line, ",") {
			name, err := excelize.CoordinatesToCellName(c+1, i+1)
			if err == nil && cell != "" {
				err = f.SetCellValue("Sheet1", name, cell)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRiskReadsATableAsItReadsTheSameMapInJSON(t *testing.T) {
	const same = `{"members":["髙田 健吾","山﨑 美咲","渡邉 翔"],"skills":[{"id":"監視","minimum":2},{"id":"解析"},{"id":"法令"}],
		"levels":{"髙田 健吾":{"監視":4,"解析":3,"法令":0},"山﨑 美咲":{"監視":3,"法令":1},"渡邉 翔":{"解析":2,"法令":3}}}`
	want, _, err := riskOfFile(t, "map.json", []byte(same), "--json")
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid([]byte(want)) || !strings.Contains(want, `"holders":["髙田 健吾","山﨑 美咲"],"minimum":2`) {
		t.Fatalf("the map in JSON gives %s", want)
	}
	tabs := strings.ReplaceAll(officeTable, ",", "\t")
	for name, content := range map[string][]byte{"a.csv": []byte(officeTable), "a.tsv": []byte(tabs), "a.txt": []byte(tabs), "-": []byte(tabs),
		"a.xlsx": workbookOf(t, officeTable), "without-a-name": workbookOf(t, officeTable)} {
		out, warnings, err := riskOfFile(t, name, content, "--json", "--language", "ja")
		if err != nil || out != want || !strings.Contains(warnings, "必要な人数やレベルが書かれたスキル: 3") {
			t.Errorf("%s: %v %s\n%s", name, err, warnings, out)
		}
	}
}

func TestRiskSaysWhatIsNotSureInATable(t *testing.T) {
	const table = ",ABC,DEF\nGHI,3,？\nJKL,2,1\n"
	for language, wants := range map[string][]string{
		"ja": {"A1: 人の名前が行に並んでいる", "B2: レベルの書き方を「0から4」として", "C2: 「？」の意味が分からない"},
		"en": {"A1: people were taken to stand in the rows", "B2: levels were read as 0 to 4", "C2: “？” is no known level"},
	} {
		out, warnings, err := riskOfFile(t, "a.csv", []byte(table), "--language", language)
		if err != nil || out == "" {
			t.Fatal(err, out)
		}
		for _, want := range wants {
			if !strings.Contains(warnings, want) {
				t.Errorf("%s does not say %q:\n%s", language, want, warnings)
			}
		}
		if strings.Contains(warnings, "skill_map_") || strings.Contains(warnings, "risk_file.") {
			t.Errorf("%s lacks a sentence:\n%s", language, warnings)
		}
	}
}

func TestATableThatCannotBeReadIsExplained(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"questions.csv": {"質問,回答\nUSBは,いいえ\n", "スキルの地図が見つかりません"},
		"empty.csv":     {"", "スキルの地図が見つかりません"},
		"broken.xlsx":   {"PK\x03\x04broken", "こわれていて読み取れません"},
		"old.xls":       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "読み取れない種類です"},
	} {
		out, warnings, err := riskOfFile(t, name, []byte(c.content), "--language", "ja")
		if err == nil || out != "" || !strings.Contains(warnings, c.want) {
			t.Errorf("%s: %v %s%s", name, err, out, warnings)
		}
	}
}
