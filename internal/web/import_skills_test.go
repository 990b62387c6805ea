package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

const pastedMap = "\t監視\t監視\t対応\r\n氏名\tSIEM運用\tログ分析\tインシデント対応\r\n山﨑　美咲\t◎\t×\t\r\n渡邉さん\t〇\t？？\t△\r\nだれか\t○\t○\t○\r\n"

func TestASkillMapIsPastedCorrectedBroughtInAndTakenBackWithoutJavaScript(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		for name, mail := range map[string]string{"山崎 美咲": "yamazaki@example.com", "渡辺 翔": "watanabe@example.com", "田中 誠": "tanaka@example.com"} {
			testdb.Person(t, s, team.Member{Name: name, Email: mail, Role: team.RoleMember, Language: "ja", Active: true})
		}
		b := signedIn(t, site(t, s), lead)
		_, page := b.get("/skills")
		b.wants(page, `href="/skills/import"`)
		_, page = b.get("/skills/import")
		b.wants(page, `name="as" value="skills"`, "Excelの表を貼りつける")
		r := b.upload(nil, url.Values{"as": {"skills"}, "pasted": {pastedMap}})
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("paste: %d %s", r.StatusCode, read(t, r))
		}
		path := r.Header.Get("Location")
		_, page = b.get(path)
		// Two categories, three skills and four levels are new; one name is nobody's.
		b.wants(page, "3人 × 3スキル", "自動（◎4 ○3 △1 ×0）", "<b>C4</b>", "「？？」の意味が分からない", "だれか", "取りこみません", "9件を取りこむ", "このレベル3件は取りこみません")
		f := formOf(page)
		for n, name := range f["person_name"] {
			if name == "だれか" {
				f["person"][n] = "new"
			}
		}
		f.Set("day", "令和8年4月1日")
		f.Set("run", "1")
		if r = b.post(path, f); r.Header.Get("Location") != path+"?said=look" {
			t.Fatalf("run with other choices than shown led to %s", r.Header.Get("Location"))
		}
		_, page = b.get(path)
		b.wants(page, "メールアドレスを書いてください", `value="2026-04-01"`)
		f = formOf(page)
		for n, name := range f["person_name"] {
			if name == "だれか" {
				f["person_mail"][n] = "dareka@example.com"
			}
		}
		b.post(path, f)
		_, page = b.get(path)
		b.wants(page, "13件を取りこむ")
		f = formOf(page)
		f.Set("run", "1")
		if r = b.post(path, f); r.Header.Get("Location") != path {
			t.Fatalf("run led to %s", r.Header.Get("Location"))
		}
		b.wants(b.finish(path), "<b>13</b>新しく入れた", "SIEM運用", "スキルの分類", "メンバー")
		m, err := s.SkillMap(ctx, lead, team.Date{Year: 2026, Month: 4, Day: 1})
		if err != nil || len(m.Skills) != 3 || len(m.Categories) != 2 {
			t.Fatalf("map %d × %d, %v", len(m.Members), len(m.Skills), err)
		}
		levels := 0
		for _, row := range m.Cells {
			for _, c := range row {
				if c.Validated.On(m.Day).Assessed() {
					levels++
				}
			}
		}
		if levels != 7 {
			t.Errorf("%d levels", levels)
		}
		b.post(path+"/undo", url.Values{})
		b.wants(b.finish(path), "取り消し済み")
		if left, _ := s.SkillMap(ctx, lead, m.Day); len(left.Skills) != 0 || len(left.Members) != len(m.Members)-1 {
			t.Errorf("an undone import left %d skills, %d members", len(left.Skills), len(left.Members))
		}
	})
}

func TestWhatIsNoSkillMapComesBackWithThePaste(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		b := signedIn(t, site(t, s), testdb.Person(t, s, sample.Lead("suzuki")))
		r := b.upload(nil, url.Values{"as": {"skills"}, "pasted": {"ただの文です\nもう一つ"}})
		if page := read(t, r); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "人とスキルの表が見つかりません") || !strings.Contains(page, "ただの文です") {
			t.Errorf("%d:\n%s", r.StatusCode, page)
		}
		r = b.upload(nil, url.Values{"as": {"skills"}, "pasted": {pastedMap}})
		path := r.Header.Get("Location")
		_, page := b.get(path)
		f := formOf(page)
		f.Set("day", "2026年13月1日")
		f.Set("kind", "declared")
		f.Set("run", "1")
		b.post(path, f)
		_, page = b.get(path)
		b.wants(page, "2026年13月1日", "日付として読み取れません", `value="declared" selected`)
		if strings.Contains(page, `name="run"`) {
			t.Error("it can run with a day that is none")
		}
	})
}

func TestTheWrittenMapIsReadBackAsItIs(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		testdb.Person(t, s, team.Member{Name: "=cmd|'/c calc'!A1", Email: "b@example.com", Role: team.RoleMember, Language: "ja", Active: true})
		testdb.Person(t, s, team.Member{Name: "山﨑 美咲", Email: "yamazaki@example.com", Role: team.RoleMember, Language: "ja", Active: true})
		in := team.IncomingMap{File: "x", People: []team.IncomingName{{Mail: "b@example.com"}, {Mail: "yamazaki@example.com"}}}
		for n, name := range []string{"だれも持たない最初", "SIEM運用", "-20℃の保管", "だれも持たない最後"} {
			in.Skills = append(in.Skills, team.IncomingName{Name: name, Category: []string{"監視", "監視", "@対応", "@対応"}[n], Required: team.Level(1 + n), Minimum: n})
		}
		in.Levels = []team.IncomingLevel{{Person: 0, Skill: 1, Level: 0}, {Person: 1, Skill: 1, Level: 4}, {Person: 0, Skill: 2, Level: 2}, {Person: 1, Skill: 2, Level: 3, Target: true}}
		today := team.DateOf(s.Now())
		if _, err := s.RunSkillImport(ctx, team.Operator(), today, team.Import{}, in, team.MapChoices{Kind: team.Validated, Needs: true}, nil); err != nil {
			t.Fatal(err)
		}
		b := signedIn(t, site(t, s), lead)
		first, _ := s.SkillMap(ctx, lead, today)
		for name, path := range map[string]string{"map.xlsx": "/skills/export", "map.csv": "/skills/export?csv=utf8", "old.csv": "/skills/export?csv=cp932"} {
			_, content := b.get(path)
			m, err := sheet.ReadSkillMap(name, []byte(content), sheet.SkillMapOptions{})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			again, err := s.PlanSkillImport(ctx, lead, today, m.Incoming(), team.MapChoices{Kind: team.Validated, Needs: true})
			if err != nil || again.Writes() != 0 || again.Counts[team.ImportSame] != 4 || len(again.Rows) != 4 {
				t.Errorf("%s brought into itself: %v, %v", name, again.Counts, err)
			}
			if name == "old.csv" {
				continue
			}
			empty := testdb.Open(t, testdb.URLs(t)["sqlite"])
			if _, err := empty.RunSkillImport(ctx, team.Operator(), today, team.Import{}, m.Incoming(), team.MapChoices{Kind: team.Validated, Needs: true}, nil); err != nil {
				t.Fatal(err)
			}
			second, _ := empty.SkillMap(ctx, team.Operator(), today)
			if one, two := mapText(first), mapText(second); one != two {
				t.Errorf("%s: the map was\n%s\nand is\n%s", name, one, two)
			}
		}
	})
}

// mapText writes everything of a map that a file can carry.
func mapText(m team.SkillMap) string {
	var out strings.Builder
	for i, k := range m.Skills {
		for _, g := range m.Categories {
			if g.ID == k.CategoryID {
				out.WriteString(g.Name + "/")
			}
		}
		fmt.Fprintf(&out, "%s %d×%d:", k.Name, k.RequiredLevel, k.Minimum)
		for j, c := range m.Cells[i] {
			target := team.NotAssessed
			if c.Target != nil {
				target = c.Target.Level
			}
			fmt.Fprintf(&out, " %s %s %d/%d", m.Members[j].Name, m.Members[j].Email, c.Validated.On(m.Day), target)
		}
		out.WriteString("\n")
	}
	return out.String()
}

func TestWhatPeopleSayOfThemselvesIsReadBackFromItsOwnSheet(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		testdb.Person(t, s, team.Member{Name: "山﨑 美咲", Email: "yamazaki@example.com", Role: team.RoleMember, Language: "ja", Active: true})
		in := team.IncomingMap{File: "x", People: []team.IncomingName{{Mail: lead.Email}, {Mail: "yamazaki@example.com"}}}
		for n, name := range []string{"SIEM運用", "ログ分析", "-20℃の保管"} {
			in.Skills = append(in.Skills, team.IncomingName{Name: name, Category: "監視", Required: team.Level(1 + n), Minimum: n})
		}
		today := team.DateOf(s.Now())
		for kind, levels := range map[team.AssessmentKind][]team.IncomingLevel{
			team.Declared:  {{Person: 0, Skill: 0, Level: 4}, {Person: 0, Skill: 1, Level: 0}, {Person: 1, Skill: 0, Level: 2}, {Person: 1, Skill: 2, Level: 3}},
			team.Validated: {{Person: 0, Skill: 0, Level: 1}, {Person: 1, Skill: 1, Level: 4}, {Person: 1, Skill: 1, Level: 4, Target: true}},
		} {
			in.Levels = levels
			if _, err := s.RunSkillImport(ctx, team.Operator(), today, team.Import{}, in, team.MapChoices{Kind: kind, Needs: true}, nil); err != nil {
				t.Fatal(err)
			}
		}
		want := declaredText(t, s, today)
		if !strings.Contains(want, "SIEM運用 "+lead.Email+" 4\n") {
			t.Fatalf("nothing is said at the start:\n%s", want)
		}
		b := signedIn(t, site(t, s), lead)
		for name, path := range map[string]string{"map.xlsx": "/skills/export", "map.csv": "/skills/export?kind=declared&csv=utf8", "old.csv": "/skills/export?kind=declared&csv=cp932"} {
			_, content := b.get(path)
			o := sheet.SkillMapOptions{}
			if name == "map.xlsx" {
				o.Sheet = "本人の申告"
			}
			m, err := sheet.ReadSkillMap(name, []byte(content), o)
			if err != nil || len(m.Doubts) > 0 && name == "map.xlsx" {
				t.Fatalf("%s: %v, sheets %v, doubts %v", name, err, m.Sheets, m.Doubts)
			}
			choices := team.MapChoices{Kind: team.Declared, Needs: true}
			again, err := s.PlanSkillImport(ctx, lead, today, m.Incoming(), choices)
			if err != nil || again.Writes() != 0 || again.Counts[team.ImportSame] != 4 || len(again.Rows) != 4 {
				t.Errorf("%s brought into itself: %v, %v", name, again.Counts, err)
			}
			if name == "old.csv" {
				continue
			}
			empty := testdb.Open(t, testdb.URLs(t)["sqlite"])
			if _, err := empty.RunSkillImport(ctx, team.Operator(), today, team.Import{}, m.Incoming(), choices, nil); err != nil {
				t.Fatal(err)
			}
			if got := declaredText(t, empty, today); got != want {
				t.Errorf("%s: people said\n%s\nand say\n%s", name, want, got)
			}
		}
	})
}

// declaredText writes what each person says of each skill.
func declaredText(t *testing.T, s *store.Store, day team.Date) string {
	m, err := s.SkillMap(ctx, team.Operator(), day)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, k := range m.Skills {
		for j, c := range m.Cells[i] {
			fmt.Fprintf(&out, "%s %s %d\n", k.Name, m.Members[j].Email, c.Declared.On(day))
		}
	}
	return out.String()
}

func TestAMemberExportsOnlyWhatTheDepartmentDecided(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		member := testdb.Person(t, s, team.Member{Name: "加藤 一", Email: "kato@example.com", Role: team.RoleMember, Language: "ja", Active: true})
		testdb.Person(t, s, team.Member{Name: "伊藤 二", Email: "ito@example.com", Role: team.RoleMember, Language: "ja", Active: true})
		if err := s.SaveNamesVisible(ctx, lead, false); err != nil {
			t.Fatal(err)
		}
		b := signedIn(t, site(t, s), member)
		_, page := b.get("/skills/export?csv=utf8")
		if !strings.Contains(page, "加藤 一") || strings.Contains(page, "伊藤") || strings.Contains(page, "ito@example.com") {
			t.Errorf("a member gets\n%s", page)
		}
		if status, _ := b.get("/skills/import"); status == http.StatusOK {
			t.Error("a member gets to the import")
		}
	})
}

func TestNothingTypedIntoThePreviewOfAMapBreaksIt(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		b := signedIn(t, site(t, s), testdb.Person(t, s, sample.Lead("suzuki")))
		path := b.upload(nil, url.Values{"as": {"skills"}, "pasted": {pastedMap}}).Header.Get("Location")
		for what, bad := range badTexts {
			for _, name := range []string{"kind", "day", "sheet", "scale", "people_in", "header_row", "encoding", "person", "person_mail", "person_name", "skill", "skill_name", "go"} {
				_, page := b.get(path)
				f := formOf(page)
				f.Set(name, bad)
				if r := b.post(path, f); r.StatusCode != http.StatusSeeOther {
					t.Errorf("%s in %s: %d", what, name, r.StatusCode)
				}
				if status, _ := b.get(path); status != http.StatusOK {
					t.Errorf("%s in %s: the preview answers %d", what, name, status)
				}
			}
		}
		if list, _ := s.Catalogue(ctx, team.Operator()); len(list.Skills) != 0 {
			t.Error("something was written")
		}
	})
}
