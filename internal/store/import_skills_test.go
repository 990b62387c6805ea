package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var importDay = team.Date{Year: 2026, Month: 11, Day: 25}

// mapOf is a map of a file: a name and an address for each person, and their levels;
// -1 is not assessed.
func mapOf(skills []string, people []string, levels ...[]team.Level) team.IncomingMap {
	in := team.IncomingMap{File: "map.xlsx"}
	for _, k := range skills {
		in.Skills = append(in.Skills, team.IncomingName{Name: k, Category: "監視", Required: team.NotAssessed, Minimum: -1})
	}
	for p, name := range people {
		in.People = append(in.People, team.IncomingName{Name: name})
		for s, l := range levels[p] {
			if l.Assessed() {
				in.Levels = append(in.Levels, team.IncomingLevel{Person: p, Skill: s, Level: l, Cell: fmt.Sprintf("%c%d", 'B'+s, p+2)})
			}
		}
	}
	return in
}

func person(t *testing.T, s *store.Store, name, mail string, role team.Role) team.Member {
	t.Helper()
	return testdb.Person(t, s, team.Member{Name: name, Email: mail, Role: role, Language: "ja", Active: true})
}

func bringIn(t *testing.T, s *store.Store, by team.Member, in team.IncomingMap, c team.MapChoices) team.Import {
	t.Helper()
	i, err := s.RunSkillImport(context.Background(), by, importDay, team.Import{Name: in.File}, in, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// printed writes the confirmed and declared levels of a day, one person a line.
func printed(t *testing.T, s *store.Store, day team.Date) string {
	t.Helper()
	m, err := s.SkillMap(context.Background(), team.Operator(), day)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for j, person := range m.Members {
		out += person.Name + ":"
		for i := range m.Skills {
			c := m.Cells[i][j]
			out += " " + word(c.Validated.On(day)) + word(c.Declared.On(day))
			if c.Target != nil {
				out += "/" + word(c.Target.Level)
			}
		}
		out += "\n"
	}
	return out
}

func word(l team.Level) string {
	if !l.Assessed() {
		return "-"
	}
	return l.String()
}

func TestASkillMapComesInOnceAndGoesAgain(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		lead := person(t, s, "髙田 健吾", "takada@example.com", team.RoleLead)
		person(t, s, "山崎 美咲", "yamazaki@example.com", team.RoleMember)
		before := printed(t, s, importDay)
		in := mapOf([]string{"ログ分析", "SIEM運用"}, []string{"高田健吾", "山﨑　美咲さん", "渡邉 翔 <watanabe@example.com>", "だれか"},
			[]team.Level{3, 0}, []team.Level{-1, 4}, []team.Level{2, 1}, []team.Level{1, -1})
		choices := team.MapChoices{Kind: team.Validated, Needs: true}
		plan, err := s.PlanSkillImport(ctx, lead, importDay, in, choices)
		if err != nil {
			t.Fatal(err)
		}
		// A category, two skills, one person and five levels are new; one name is nobody.
		if plan.Counts[team.ImportNew] != 9 || plan.Counts[team.ImportSkip] != 1 || plan.Writes() != 9 {
			t.Errorf("counts %v", plan.Counts)
		}
		if printed(t, s, importDay) != before {
			t.Error("a preview wrote something")
		}
		i := bringIn(t, s, lead, in, choices)
		if i.Created != 9 || i.Changed != 0 || i.Skipped != 1 {
			t.Errorf("import %+v", i)
		}
		// Nobody confirms themselves: the lead's levels came in as their own word.
		if got := printed(t, s, importDay); !sameLines(got, "山崎 美咲: -- 4-\n渡邉 翔: 2- 1-\n髙田 健吾: -3 -0\n") {
			t.Errorf("the map is\n%s", got)
		}
		again, err := s.PlanSkillImport(ctx, lead, importDay, in, choices)
		if err != nil || again.Writes() != 0 || again.Counts[team.ImportSame] != 5 {
			t.Errorf("a second run would write: %v, %v", again.Counts, err)
		}
		if err := s.UndoImport(ctx, lead, i.ID, nil); err != nil {
			t.Fatal(err)
		}
		if got := printed(t, s, importDay); got != before {
			t.Errorf("an undone import left\n%s", got)
		}
		if _, left, err := s.ImportItems(ctx, lead, i.ID, 0); err != nil || left != 0 {
			t.Errorf("%d things are kept, %v", left, err)
		}
	})
}

func TestWhatPeopleSaidStaysWhenAMapIsTakenBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		lead := person(t, s, "佐藤 花", "sato@example.com", team.RoleLead)
		kato := person(t, s, "加藤 一", "kato@example.com", team.RoleMember)
		ito := person(t, s, "伊藤 二", "ito@example.com", team.RoleMember)
		early := mapOf([]string{"監視"}, []string{"加藤", "伊藤"}, []team.Level{1}, []team.Level{1})
		bringIn(t, s, lead, early, team.MapChoices{Kind: team.Validated, Day: importDay.AddDays(-100)})
		m, err := s.SkillMap(ctx, lead, importDay)
		if err != nil {
			t.Fatal(err)
		}
		skill := m.Skills[0].ID
		late := mapOf([]string{"監視"}, []string{"加藤", "伊藤"}, []team.Level{2}, []team.Level{2})
		second := bringIn(t, s, lead, late, team.MapChoices{Kind: team.Validated, Day: importDay.AddDays(-10)})
		if second.Changed != 2 {
			t.Errorf("second import %+v", second)
		}
		last, _, err := s.LevelHistory(ctx, lead, kato.ID, skill)
		if err != nil {
			t.Fatal(err)
		}
		said := store.LevelChange{Assessment: team.Assessment{MemberID: kato.ID, SkillID: skill, Kind: team.Validated, Level: 4}, Last: last[0].ID}
		if _, err := s.SaveLevels(ctx, lead, importDay, []store.LevelChange{said}); err != nil {
			t.Fatal(err)
		}
		// The same file of the same day as the person's word would not replace it.
		today, err := s.PlanSkillImport(ctx, lead, importDay, late, team.MapChoices{Kind: team.Validated})
		if err != nil || today.Counts[team.ImportKeep] != 1 || today.Counts[team.ImportSame] != 1 {
			t.Errorf("plan %v, %v", today.Counts, err)
		}
		if err := s.UndoImport(ctx, lead, second.ID, nil); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[team.Date]string{
			importDay.AddDays(-5): "伊藤 二: 1-\n佐藤 花: --\n加藤 一: 1-\n",
			importDay:             "伊藤 二: 1-\n佐藤 花: --\n加藤 一: 4-\n",
		} {
			if got := printed(t, s, day); !sameLines(got, want) {
				t.Errorf("on %v the map is\n%s", day, got)
			}
		}
		history, _, err := s.LevelHistory(ctx, lead, ito.ID, skill)
		if err != nil || len(history) != 1 || !history[0].ReplacedOn.IsZero() {
			t.Errorf("history %+v, %v", history, err)
		}
	})
}

func TestTargetsAndNeedsComeInAndGo(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		lead := person(t, s, "佐藤 花", "sato@example.com", team.RoleLead)
		person(t, s, "加藤 一", "kato@example.com", team.RoleMember)
		first := mapOf([]string{"監視"}, []string{"加藤 一"}, []team.Level{1})
		bringIn(t, s, lead, first, team.MapChoices{Kind: team.Validated})
		in := mapOf([]string{"監視"}, []string{"加藤 一"}, []team.Level{1})
		in.Skills[0].Required, in.Skills[0].Minimum = 4, 2
		in.Levels = append(in.Levels, team.IncomingLevel{Level: 3, Target: true, Cell: "C2"})
		i := bringIn(t, s, lead, in, team.MapChoices{Kind: team.Validated, Needs: true})
		if i.Created != 1 || i.Changed != 1 {
			t.Errorf("import %+v", i)
		}
		check := func(required team.Level, minimum int, target bool) {
			t.Helper()
			m, err := s.SkillMap(ctx, lead, importDay)
			if err != nil {
				t.Fatal(err)
			}
			has := false
			for _, c := range m.Cells[0] {
				has = has || c.Target != nil
			}
			if k := m.Skills[0]; k.RequiredLevel != required || k.Minimum != minimum || has != target {
				t.Errorf("needs %d × %d, a target: %v", k.RequiredLevel, k.Minimum, has)
			}
		}
		check(4, 2, true)
		if again, err := s.PlanSkillImport(ctx, lead, importDay, in, team.MapChoices{Kind: team.Validated, Needs: true}); err != nil || again.Writes() != 0 {
			t.Errorf("a second run would write: %v, %v", again.Counts, err)
		}
		if err := s.UndoImport(ctx, lead, i.ID, nil); err != nil {
			t.Fatal(err)
		}
		check(3, 1, false)
	})
}

func TestOnlyLeadsBringASkillMapIn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		member := person(t, s, "加藤 一", "kato@example.com", team.RoleMember)
		in := mapOf([]string{"監視"}, []string{"加藤 一"}, []team.Level{1})
		if _, err := s.PlanSkillImport(context.Background(), member, importDay, in, team.MapChoices{Kind: team.Declared}); err != team.ErrForbidden {
			t.Errorf("a member looks: %v", err)
		}
		if _, err := s.RunSkillImport(context.Background(), member, importDay, team.Import{}, in, team.MapChoices{Kind: team.Declared}, nil); err != team.ErrForbidden {
			t.Errorf("a member brings in: %v", err)
		}
		lead := person(t, s, "佐藤 花", "sato@example.com", team.RoleLead)
		_, err := s.PlanSkillImport(context.Background(), lead, importDay, in, team.MapChoices{Kind: team.Declared, Day: importDay.AddDays(1)})
		if _, invalid := err.(team.Invalid); !invalid {
			t.Errorf("a day that has not come: %v", err)
		}
	})
}

func sameLines(a, b string) bool {
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	slices.Sort(one)
	slices.Sort(two)
	return slices.Equal(one, two)
}
