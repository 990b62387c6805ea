package sheet

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// shown writes a map as text: a line for each person, - for not assessed, and a
// target behind a slash.
func shown(m SkillMap) string {
	var b strings.Builder
	for s, skill := range m.Skills {
		if s > 0 {
			b.WriteByte(' ')
		}
		if m.Categories[s] != "" {
			skill = m.Categories[s] + "/" + skill
		}
		b.WriteString(strings.ReplaceAll(skill, " ", "_"))
	}
	for p, name := range m.People {
		fmt.Fprintf(&b, "\n%s:", strings.ReplaceAll(name, " ", "_"))
		for s := range m.Skills {
			b.WriteString(" " + levelText(m.Levels[p][s]))
			if m.Targets[p][s] != nil {
				b.WriteString("/" + levelText(m.Targets[p][s]))
			}
		}
	}
	return b.String()
}

func levelText(level *int) string {
	if level == nil {
		return "-"
	}
	return fmt.Sprint(*level)
}

func doubtsOf(m SkillMap) string {
	var list []string
	for _, d := range m.Doubts {
		list = append(list, strings.TrimSuffix(string(d.Kind)+"@"+d.Cell, "@"))
	}
	return strings.Join(list, " ")
}

// layout is a table as rows of cells parted by |, with merged ranges; file is the same table as LibreOffice writes it, in testdata/layouts.
type layout struct {
	file       string
	name, rows string
	oneWay     bool // what stands around the map reads in this direction only
	merged     []string
	want       string
	doubts     string
}

func (l layout) workbook(t testing.TB) []byte {
	return book(t, func(f *excelize.File) {
		for i, row := range strings.Split(l.rows, "\n") {
			for c, cell := range strings.Split(row, "|") {
				if cell = strings.TrimSpace(cell); cell != "" {
					var value any = strings.ReplaceAll(cell, "⏎", "\n")
					var n int
					if _, err := fmt.Sscanf(cell, "%d", &n); err == nil && fmt.Sprint(n) == cell {
						value = n
					}
					set(f, "Sheet1", cellName(c, i+1), value)
				}
			}
		}
		for _, m := range l.merged {
			from, to, _ := strings.Cut(m, ":")
			if err := f.MergeCell("Sheet1", from, to); err != nil {
				t.Fatal(err)
			}
		}
	})
}

var layouts = []layout{
	{file: "people-in-rows", name: "people in rows, 0 to 4", rows: `氏名|監視|ログ分析|フォレンジック
髙田 健吾|4|3|0
山﨑 美咲|2||1`, want: "監視 ログ分析 フォレンジック\n髙田_健吾: 4 3 0\n山﨑_美咲: 2 - 1"},
	{file: "skills-in-rows-with-totals", name: "skills in rows with No., categories merged down and totals", oneWay: true, rows: `セキュリティ部 スキルマップ 2026年度
No.|分類|スキル名|髙田 健吾|山﨑 美咲|渡邉 翔|平均|必要人数|備考
1|監視|SIEM運用|4|3|0|2.3|2|要強化
2||ログ分析|2||1|1.5|2|
3|対応|インシデント対応|3|3|3|3|3|
4||フォレンジック||1||1|1|
|合計||3|3|2|||`, merged: []string{"A1:I1", "B3:B4", "B5:B6"},
		want: "監視/SIEM運用 監視/ログ分析 対応/インシデント対応 対応/フォレンジック\n髙田_健吾: 4 2 3 -\n山﨑_美咲: 3 - 3 1\n渡邉_翔: 0 1 3 -"},
	{file: "symbols-legend-above", name: "symbols with a legend above", rows: `凡例　◎：指導できる ○：一人でできる △：指導を受けながらできる ×：できない
氏名|監視|法令|教育
髙田|◎|〇|×
山﨑|△|－|○`, want: "監視 法令 教育\n髙田: 4 3 0\n山﨑: 1 - 3"},
	{file: "symbols-legend-below", name: "a legend that turns the usual marks round, below and in two cells", oneWay: true, rows: `氏名|監視|法令|教育
髙田|○|◎|△
山﨑|△|○|◎

○|指導できる
◎|一人でできる
△|マニュアルを見ればできる`, want: "監視 法令 教育\n髙田: 4 3 2\n山﨑: 2 4 3"},
	{file: "harvey-balls", name: "Harvey balls, people in columns", rows: `スキル|佐藤 花|鈴木 一|高橋 二
監視|●|◕|○
分析|◑|◔|ー
設計|◐|●|◕`, want: "監視 分析 設計\n佐藤_花: 4 2 2\n鈴木_一: 3 1 4\n高橋_二: 0 - 3"},
	{file: "letters", name: "letters", rows: `氏名|監視|分析|設計
佐藤|A|B|C
鈴木|Ｄ|ａ|B`, want: "監視 分析 設計\n佐藤: 4 3 2\n鈴木: 1 4 3"},
	{file: "one-to-five", name: "1 to 5", rows: `氏名|監視|分析|設計
佐藤|5|4|1
鈴木|2|3|5`, want: "監視 分析 設計\n佐藤: 4 3 0\n鈴木: 1 2 4"},
	{file: "one-to-four-of-five", name: "1 to 4 where the text says that 5 is the best", rows: `5段階評価（1～5）
氏名|監視|分析|設計
佐藤|4|4|1
鈴木|2|3|3`, want: "監視 分析 設計\n佐藤: 3 3 0\n鈴木: 1 2 2"},
	{file: "lv-full-width", name: "Lv in full width", rows: `氏名|監視|分析|設計
佐藤|Ｌｖ３|Lv0|レベル４
鈴木|L1|Lv.2|Lv 3`, want: "監視 分析 設計\n佐藤: 3 0 4\n鈴木: 1 2 3"},
	{file: "target-below-merged-names", name: "now and target below merged names", oneWay: true, rows: `分類|スキル|髙田 健吾||山﨑 美咲|
||現状|目標|現状|目標
技術|監視|3|4|0|2
技術|分析|2|2||3`, merged: []string{"C1:D1", "E1:F1", "A1:A2", "B1:B2"},
		want: "技術/監視 技術/分析\n髙田_健吾: 3/4 2/2\n山﨑_美咲: 0/2 -/3"},
	{file: "target-below-skills", name: "now and target below skills, not merged", rows: `氏名|監視||分析|
|現|目|現|目
佐藤|3|4|0|2
鈴木|2|2|1|3`, want: "監視 分析\n佐藤: 3/4 0/2\n鈴木: 2/2 1/3"},
	{file: "target-in-two-rows", name: "now and target in two rows of a person", rows: `氏名|区分|監視|分析|設計
佐藤|現状|3|0|1
|目標|4|2|2
鈴木|現状|2|1|0
|目標|3|1|2`, merged: []string{"A2:A3", "A4:A5"}, want: "監視 分析 設計\n佐藤: 3/4 0/2 1/2\n鈴木: 2/3 1/1 0/2"},
	{file: "categories-above", name: "categories above, merged to the right, and a numbered row", oneWay: true, rows: `|監視||対応|
No.|1|2|3|4
氏名|SIEM|ログ⏎分析|封じ込め|復旧
佐藤|3|4|0|2
鈴木|2|2|1|3
必要人数|2|1|1|1
必要レベル|3|3|2|3`, merged: []string{"B1:C1", "D1:E1"}, want: "監視/SIEM 監視/ログ分析 対応/封じ込め 対応/復旧\n佐藤: 3 4 0 2\n鈴木: 2 2 1 3"},
	{file: "sparse-rows", name: "sparse rows, somebody new and a skill of nobody", oneWay: true, rows: `部署|氏名|監視|分析|設計|暗号|教育
監視課|新人 太郎||||| 
|佐藤 花|1||||
|鈴木 一|3|2|0||4
|高橋 二|4|3|2||1
|田中 三||||| 
|伊藤 四||3|||`, want: "監視 分析 設計 暗号 教育\n佐藤_花: 1 - - - -\n鈴木_一: 3 2 0 - 4\n高橋_二: 4 3 2 - 1\n田中_三: - - - - -\n伊藤_四: - 3 - - -", doubts: "empty_skill@F1"},
	{file: "no-corner", name: "no title in the corner, people told by their names", rows: `|髙田さん|山﨑さん|渡邉さん
脅威分析|3|0|2
ログ管理|1|4|
法令対応|2|2|3`, want: "脅威分析 ログ管理 法令対応\n髙田さん: 3 1 2\n山﨑さん: 0 4 2\n渡邉さん: 2 - 3"},
	{file: "names-apart", name: "family and given names apart, a mark that is unknown and a level in words", oneWay: true, rows: `姓|名|監視|分析|設計
佐藤|花|◎|？|△
鈴木|一|○|×|一人でできる
佐藤|花|◎||`, want: "監視 分析 設計\n佐藤_花: 4 - 1\n鈴木_一: 3 0 3", doubts: "twice@B4 mark@D2 word@E3"},
	{file: "english", name: "English", rows: `Name|Incident response|Log analysis|Malware analysis
Aoi Tanaka|4|0|2
Ben Smith|n/a|3|-
Total|4|3|2`, want: "Incident_response Log_analysis Malware_analysis\nAoi_Tanaka: 4 0 2\nBen_Smith: - 3 -"},
	{file: "words-of-totals", name: "skills whose names hold the words of totals", rows: `氏名|セキュリティ設計|統計|計画|セキュアコード
佐藤|4|3|0|1
鈴木|2||1|3`, want: "セキュリティ設計 統計 計画 セキュアコード\n佐藤: 4 3 0 1\n鈴木: 2 - 1 3"},
}

// writtenByLibreOffice is the workbook of the layout with upright headings, borders and
// blank rows below, as LibreOffice saves it.
func (l layout) writtenByLibreOffice(t testing.TB) []byte {
	content, err := os.ReadFile("testdata/layouts/" + l.file + ".xlsx")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestASkillMapIsReadAsPeopleKeepIt(t *testing.T) {
	for _, l := range layouts {
		for writer, content := range map[string][]byte{"excelize": l.workbook(t), "LibreOffice": l.writtenByLibreOffice(t)} {
			t.Run(l.name+", "+writer, func(t *testing.T) {
				m, err := ReadSkillMap("地図.xlsx", content, SkillMapOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if got := shown(m); got != l.want || doubtsOf(m) != l.doubts {
					t.Errorf("doubts %v, got\n%s\nwant\n%s", m.Doubts, got, l.want)
				}
			})
		}
	}
}

// turned is the layout with rows and columns exchanged.
func (l layout) turned(t *testing.T) layout {
	var grid [][]string
	for i, row := range strings.Split(l.rows, "\n") {
		for c, cell := range strings.Split(row, "|") {
			for len(grid) <= c {
				grid = append(grid, nil)
			}
			for len(grid[c]) < i {
				grid[c] = append(grid[c], "")
			}
			grid[c] = append(grid[c], cell)
		}
	}
	var lines []string
	for _, row := range grid {
		lines = append(lines, strings.Join(row, "|"))
	}
	l.rows = strings.Join(lines, "\n")
	var merged []string
	for _, m := range l.merged {
		var turned []string
		for _, name := range strings.Split(m, ":") {
			c, row, err := excelize.CellNameToCoordinates(name)
			if err != nil {
				t.Fatal(err)
			}
			turned = append(turned, cellName(row-1, c))
		}
		merged = append(merged, strings.Join(turned, ":"))
	}
	l.merged = merged
	return l
}

func TestASkillMapIsTheSameOnItsSide(t *testing.T) {
	for _, l := range layouts {
		if l.oneWay {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			other := PeopleInColumns
			if upright, err := ReadSkillMap("a.xlsx", l.workbook(t), SkillMapOptions{}); err != nil || upright.PeopleIn == PeopleInColumns {
				other = PeopleInRows
			}
			m, err := ReadSkillMap("a.xlsx", l.turned(t).workbook(t), SkillMapOptions{PeopleIn: other})
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(m); got != l.want {
				t.Errorf("doubts %v, got\n%s\nwant\n%s", m.Doubts, got, l.want)
			}
		})
	}
}

func TestASkillMapComesFromCSVAndFromAPaste(t *testing.T) {
	for _, l := range layouts {
		if len(l.merged) > 0 {
			continue
		}
		rows := strings.ReplaceAll(l.rows, "⏎", "")
		for name, content := range map[string]string{"a.csv": strings.ReplaceAll(rows, "|", ","), "a.tsv": strings.ReplaceAll(rows, "|", "\t"), "": strings.ReplaceAll(rows, "|", "\t")} {
			m, err := ReadSkillMap(name, []byte(content), SkillMapOptions{})
			if err != nil || shown(m) != l.want {
				t.Errorf("%s as %q: %v, doubts %v, got\n%s\nwant\n%s", l.name, name, err, m.Doubts, shown(m), l.want)
			}
		}
	}
}

func TestWhatASkillNeedsIsRead(t *testing.T) {
	for _, l := range layouts {
		want := map[string]string{"skills in rows with No., categories merged down and totals": "[2 2 3 1] [- - - -]",
			"categories above, merged to the right, and a numbered row": "[2 1 1 1] [3 3 2 3]"}[l.name]
		if want == "" {
			continue
		}
		for writer, content := range map[string][]byte{"excelize": l.workbook(t), "LibreOffice": l.writtenByLibreOffice(t)} {
			m, err := ReadSkillMap("a.xlsx", content, SkillMapOptions{})
			var people, levels []string
			for s := range m.Skills {
				people, levels = append(people, levelText(m.RequiredPeople[s])), append(levels, levelText(m.RequiredLevels[s]))
			}
			if got := fmt.Sprint(people, " ", levels); err != nil || got != want {
				t.Errorf("%s, %s: %v, got %s, want %s", l.name, writer, err, got, want)
			}
		}
	}
}

func TestWhatIsNotSureIsADoubtWithItsCell(t *testing.T) {
	for rows, want := range map[string]string{
		"氏名,監視,分析\n佐藤,1,2\n鈴木,3,4":                    "scale@B2", // 0 to 4 or 1 to 5
		"氏名,監視,分析\n佐藤,0,5\n鈴木,3,4":                    "scale@B2", // more steps than there are
		"氏名,監視,分析\n佐藤,S,A\n鈴木,B,C":                    "scale@B2", // S above A
		"氏名,監視,分析\n佐藤,●,\n鈴木,●,●":                     "scale@B2", // ● alone
		"氏名,監視,分析\n佐藤,3,0\n鈴木,◎,2":                    "mark@B3",  // of another scale
		"氏名,監視,分析\n佐藤,3,0\n鈴木,済,2":                    "mark@B3",  // no level
		"氏名,監視,監視\n佐藤,3,0\n鈴木,2,2":                    "twice@C1 conflict@C2",
		"氏名,監視,分析\n佐藤,3,0\n,2,2\n鈴木,2,2":              "no_name@A3",
		"氏名,監視,分析,暗号\n佐藤,3,0\n鈴木,2,2":                 "empty_beside@D1",
		"氏名,監視,分析\n佐藤,3,0\n鈴木,2,2\n必要人数,2,少々":         "requirement@C4",
		",ABC,DEF\nGHI,3,0\nJKL,2,2":                  "people@A1",
		"氏名,佐藤 花,鈴木 一\n監視分析,3,0\n法令対応,2,2":            "people@A1", // the corner and the names differ
		"凡例 ◎:指導できる ○:ほどほど\n氏名,監視,分析\n佐藤,◎,○\n鈴木,◎,×": "legend@A1",
		"氏名,監視,分析\n佐藤,3,0\n鈴木,2,2\n拠点,監視,分析\n東京,1,2":  "second_table@B4",
	} {
		m, err := ReadSkillMap("a.csv", []byte(rows), SkillMapOptions{})
		if got := doubtsOf(m); err != nil || got != want {
			t.Errorf("%v, got %s, want %s\n%s\n%s", err, got, want, rows, shown(m))
		}
	}
}

func TestAPersonOverridesWhatIsGuessed(t *testing.T) {
	const rows = "表,x\n,ABC,DEF\nGHI,3,1\nJKL,2,2"
	for _, c := range []struct {
		options SkillMapOptions
		want    string
	}{
		{SkillMapOptions{PeopleIn: PeopleInColumns, Scale: ScaleFrom0}, "GHI JKL\nABC: 3 2\nDEF: 1 2"},
		{SkillMapOptions{PeopleIn: PeopleInRows, Scale: ScaleFrom1}, "ABC DEF\nGHI: 2 0\nJKL: 1 1"},
		{SkillMapOptions{Members: []string{"ＡＢＣ", "DEF"}, Scale: ScaleFrom0}, "GHI JKL\nABC: 3 2\nDEF: 1 2"},
	} {
		m, err := ReadSkillMap("a.csv", []byte(rows), c.options)
		if got := shown(m); err != nil || got != c.want || len(m.Doubts) > 0 {
			t.Errorf("%+v: %v, doubts %v, got\n%s\nwant\n%s", c.options, err, m.Doubts, got, c.want)
		}
	}
	const letters = "表\n氏名,A,B\nC,A,B\nD,B,A"
	m, err := ReadSkillMap("a.csv", []byte(letters), SkillMapOptions{HeaderRow: 2})
	if got, want := shown(m), "A B\nC: 4 3\nD: 3 4"; err != nil || got != want {
		t.Errorf("a chosen row of headings: %v %v, got\n%s\nwant\n%s", err, m.Doubts, got, want)
	}
}

func TestBlankIsNotZero(t *testing.T) {
	m, err := ReadSkillMap("", []byte("氏名\t監視\t分析\t設計\t教育\n佐藤\t0\t\t－\tN/A\n鈴木\t4\t3\t2\t未評価"), SkillMapOptions{})
	if got, want := shown(m), "監視 分析 設計 教育\n佐藤: 0 - - -\n鈴木: 4 3 2 -"; err != nil || got != want {
		t.Errorf("%v, doubts %v, got\n%s\nwant\n%s", err, m.Doubts, got, want)
	}
}

func TestTheSheetWithTheMapIsFound(t *testing.T) {
	content := book(t, func(f *excelize.File) {
		set(f, "Sheet1", "A1", "スキルマップ 2026年度")
		for _, name := range []string{"地図", "古い地図"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			for cell, value := range map[string]any{"A1": "氏名", "B1": "監視", "C1": "分析", "A2": name, "B2": 0, "C2": 3} {
				set(f, name, cell, value)
			}
		}
	})
	m, err := ReadSkillMap("a.xlsx", content, SkillMapOptions{})
	if err != nil || m.Sheet != "地図" || shown(m) != "監視 分析\n地図: 0 3" || doubtsOf(m) != "more_sheets" || m.Doubts[0].Detail != "古い地図" {
		t.Errorf("%v %+v", err, m)
	}
	if m, err = ReadSkillMap("a.xlsx", content, SkillMapOptions{Sheet: "古い地図"}); err != nil || m.Sheet != "古い地図" || len(m.Doubts) > 0 {
		t.Errorf("%v %+v", err, m)
	}
	for sheet, want := range map[string]error{"ない": ErrNoSheet, "Sheet1": ErrNoSkillMap} {
		if _, err = ReadSkillMap("a.xlsx", content, SkillMapOptions{Sheet: sheet}); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", sheet, err, want)
		}
	}
}

func TestWhatIsNoSkillMapIsRefused(t *testing.T) {
	long := "氏名,監視,分析\n" + strings.Repeat("佐藤,3,0\n", mostLines+1)
	bomb := sheetXML(t, append([]string{`<row r="1"><c r="A1" t="inlineStr"><is><t>`}, slices.Repeat([]string{strings.Repeat("a", 1<<20)}, 200)...)...)
	for name, c := range map[string]struct {
		file    string
		content []byte
		want    error
	}{
		"questions":  {"a.csv", []byte("質問,回答\nUSBは,いいえ"), ErrNoSkillMap},
		"no heading": {"a.csv", []byte("佐藤,3,0\n鈴木,2,2"), ErrNoSkillMap},
		"no labels":  {"a.csv", []byte("監視,分析\n3,0\n2,2"), ErrNoSkillMap},
		"a mail":     {"a.eml", []byte("From: a\n\nx"), ErrNotSupported},
		"a picture":  {"a.png", []byte("\x89PNG"), ErrNotSupported},
		"nothing":    {"", nil, ErrNoRows},
		"too long":   {"a.csv", []byte(long), ErrTooLarge},
		"a bomb":     {"a.xlsx", bomb, ErrTooLarge},
	} {
		var err error
		if n := allocated(func() { _, err = ReadSkillMap(c.file, c.content, SkillMapOptions{}) }); !errors.Is(err, c.want) || n > 16<<20 {
			t.Errorf("%s: got %v after %d bytes, want %v", name, err, n, c.want)
		}
	}
}

func TestMergedRangesOverOneAnotherCostLittle(t *testing.T) {
	rows := `<row r="1">` + cellXML("A1", "氏名") + cellXML("B1", "監視") + cellXML("C1", "分析") + `</row><row r="2">` + cellXML("A2", "佐藤") + cellXML("B2", "0") + cellXML("C2", "3") + `</row>`
	merged := `</sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 50_000) + `</mergeCells><sheetData>`
	var err error
	if n := allocated(func() { _, err = ReadSkillMap("a.xlsx", sheetXML(t, rows+merged), SkillMapOptions{}) }); n > 200<<20 {
		t.Errorf("%v after %d bytes", err, n)
	}
}

func FuzzSkillMap(f *testing.F) {
	for _, l := range layouts {
		f.Add(strings.ReplaceAll(l.rows, "|", "\t"), "A1:B2", uint8(0))
	}
	f.Add("氏名\t1\t2\t3\n1\t1\t2\t3\n2\tA\t★★☆\t●", "B1:D1", uint8(1))
	sides := []PeopleIn{"", PeopleInRows, PeopleInColumns}
	f.Fuzz(func(t *testing.T, rows, ref string, choice uint8) {
		var e extras
		e.addMerged(ref)
		var grid []Row
		for i, row := range strings.Split(rows, "\n") {
			if cells := strings.Split(row, "\t"); !blank(cells) {
				grid = append(grid, Row{Line: i + 1, Cells: cells})
			}
		}
		o := SkillMapOptions{PeopleIn: sides[int(choice)%3], HeaderRow: int(choice) / 16}
		if scales := append(Scales(), ""); choice > 6 {
			o.Scale = scales[int(choice)%len(scales)]
		}
		m, err := skillMapIn(grid, e.merged, o, nil)
		if err != nil {
			return
		}
		wellFormedMap(t, m)
	})
}

// wellFormedMap checks what every map that is read promises.
func wellFormedMap(t *testing.T, m SkillMap) {
	t.Helper()
	if len(m.People) == 0 || len(m.Skills) == 0 || len(m.Levels) != len(m.People) || len(m.Targets) != len(m.People) ||
		len(m.Categories) != len(m.Skills) || len(m.RequiredLevels) != len(m.Skills) || len(m.RequiredPeople) != len(m.Skills) || len(m.Doubts) > maxNotes+2 {
		t.Fatalf("sizes: %+v", m)
	}
	for _, names := range [][]string{m.People, m.Skills} {
		seen := map[string]bool{}
		for _, name := range names {
			if strings.TrimSpace(name) == "" || seen[name] {
				t.Errorf("%q is empty or there twice", name)
			}
			seen[name] = true
		}
	}
	for p := range m.People {
		for _, row := range [][]*int{m.Levels[p], m.Targets[p]} {
			for s, level := range row {
				if level != nil && (*level < 0 || *level > 4) {
					t.Errorf("%s in %s: %d", m.People[p], m.Skills[s], *level)
				}
			}
		}
	}
}

func TestSkillMapsOfLibreOfficeAreReadAsPeopleSeeThem(t *testing.T) {
	for file, want := range map[string]string{
		"legend": "監視/SIEM運用 監視/ログ分析 対応/初動対応 対応/証拠保全\n髙田_健吾: 4 3 3 0\n山﨑_美咲: 1 - - 4",
		"pairs":  "技術/監視 技術/分析\n髙田_健吾: 3/4 2/2\n山﨑_美咲: 0/2 -/3",
		"lv":     "監視 分析\n髙田_健吾: 3/4 0/2\n山﨑_美咲: 2 -/3\n渡邉_翔: 1/2 4/4",
	} {
		content, err := os.ReadFile("testdata/skillmap_" + file + ".xlsx")
		if err != nil {
			t.Fatal(err)
		}
		m, err := ReadSkillMap(file+".xlsx", content, SkillMapOptions{})
		if got := shown(m); err != nil || got != want {
			t.Errorf("%s: %v, doubts %v, got\n%s\nwant\n%s", file, err, m.Doubts, got, want)
		}
	}
}
