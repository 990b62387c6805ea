package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// lived returns a demo department in which somebody has worked since.
func lived(t *testing.T, url string) *store.Store {
	t.Helper()
	s := testdb.Open(t, url)
	if err := fill(context.Background(), s, true); err != nil {
		t.Fatal(err)
	}
	people, err := s.Members(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	by := people[slices.IndexFunc(people, func(m team.Member) bool { return m.Role == team.RoleLead || m.Role == team.RoleAdmin })]
	list, _, err := s.Articles(context.Background(), by, store.ArticleFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.UseArticle(context.Background(), by, sample.Use(list[0])); err != nil {
		t.Fatal(err)
	}
	if err := s.FlagArticle(context.Background(), by, list[0].ID, "古いです"); err != nil {
		t.Fatal(err)
	}
	group, err := s.SaveCompartment(context.Background(), by, team.Compartment{Name: "人事案件", Members: []string{by.ID}})
	if err != nil {
		t.Fatal(err)
	}
	testdb.Article(t, s, by, "内緒の話 <b>&</b>\u2028", group.ID)
	livedSkills(t, s, by)
	livedTrainings(t, s, by)
	livedCertificates(t, s, by)
	return s
}

// livedTrainings adds to the demo what people do with trainings.
func livedTrainings(t *testing.T, s *store.Store, by team.Member) {
	t.Helper()
	ctx, today := context.Background(), team.DateOf(s.Now())
	k := testdb.Skill(t, s, by, "量子計算")
	n, err := s.SaveTraining(ctx, by, sample.Training("量子計算の基礎 <b>&</b>", k))
	if err != nil {
		t.Fatal(err)
	}
	made, _, err := s.LogTraining(ctx, by, today, store.TrainingEntry{TrainingRecord: team.TrainingRecord{TrainingID: n.ID, Cost: -1, Rating: 4, Note: "よかった"}, Members: []string{by.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DismissReview(ctx, by, today, made[0].ID, k.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.WithdrawTraining(ctx, by, made[0].ID, false); err != nil {
		t.Fatal(err)
	}
}

// livedCertificates adds to the demo what people do with certificates.
func livedCertificates(t *testing.T, s *store.Store, by team.Member) {
	t.Helper()
	ctx, today := context.Background(), team.DateOf(s.Now())
	id := sample.DemoCertificate("security_plus", "suzuki")
	h, err := s.Certificate(ctx, by, id, today)
	if err != nil {
		t.Fatal(err)
	}
	p := h.Last()
	p.Number = "<COMP> & 1"
	if err := s.CorrectCertificate(ctx, by, today, id, h.Version, p); err != nil {
		t.Fatal(err)
	}
	if err := s.WithdrawCertificate(ctx, by, today, id, h.Version+1, today); err != nil {
		t.Fatal(err)
	}
	if err := s.TakeBackCredits(ctx, by, h.Activities[0].ID); err != nil {
		t.Fatal(err)
	}
}

// livedSkills adds to the demo what people do to the skill map.
func livedSkills(t *testing.T, s *store.Store, by team.Member) {
	t.Helper()
	ctx, today := context.Background(), team.DateOf(s.Now())
	k := testdb.Skill(t, s, by, "量子暗号")
	for _, level := range []team.Level{3, team.NotAssessed} {
		testdb.Level(t, s, by, today, team.Assessment{MemberID: by.ID, SkillID: k.ID, Kind: team.Declared, Level: level, Confidence: 4, Note: "研修"})
	}
	if _, err := s.SaveTarget(ctx, by, today, team.Target{MemberID: by.ID, SkillID: k.ID, Level: 4, Due: today.AddDays(90)}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveAbsence(ctx, by, team.Absence{MemberID: by.ID, Kind: team.Leave, StartsOn: today, EndsOn: today.AddDays(3)}); err != nil {
		t.Fatal(err)
	}
	entry := team.FrameworkEntry{Framework: "NICE", Version: "v1.0.0", Code: "PD-WRL-002", Kind: team.KindWorkRole, Title: "Digital Forensics"}
	if _, err := s.BringInFramework(ctx, by, []team.FrameworkEntry{entry}); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveNamesVisible(ctx, by, false); err != nil {
		t.Fatal(err)
	}
}

func exported(t *testing.T, s *store.Store) []string {
	t.Helper()
	var b bytes.Buffer
	if err := writeExport(context.Background(), s, &b); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(b.String()), "\n")
}

func TestAnExportBroughtIntoAnEmptyInstanceIsTheSameContent(t *testing.T) {
	kinds := testdb.URLs(t)
	for name := range kinds {
		for other := range kinds {
			t.Run("from "+name+" to "+other, func(t *testing.T) {
				before := exported(t, lived(t, testdb.URLs(t)[name]))
				s := testdb.Open(t, testdb.URLs(t)[other])
				if err := fill(context.Background(), s, false); err != nil {
					t.Fatal(err)
				}
				n, err := restoreExport(context.Background(), s, strings.NewReader(strings.Join(before, "\r\n")))
				if err != nil || n != len(before)-1 {
					t.Fatalf("%d things, %v; want %d", n, err, len(before)-1)
				}
				after := slices.DeleteFunc(exported(t, s), func(line string) bool { return strings.Contains(line, `"action":"restore"`) })
				for i := range max(len(before), len(after)) {
					if i > 0 && (i >= len(after) || i >= len(before) || before[i] != after[i]) {
						t.Fatalf("line %d of %d and %d:\n%.400s\n%.400s", i+1, len(before), len(after), before[min(i, len(before)-1)], after[min(i, len(after)-1)])
					}
				}
			})
		}
	}
}

func TestAWholeExportGoesIntoAnEmptyInstanceOnly(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Lead("takahashi"))
		testdb.Article(t, s, by, "USB", "")
		lines := exported(t, s)
		_, err := restoreExport(context.Background(), s, strings.NewReader(strings.Join(lines, "\n")))
		if err == nil || !strings.Contains(err.Error(), "empty") {
			t.Errorf("got %v", err)
		}
	})
}

func TestABrokenExportChangesNothing(t *testing.T) {
	head := `{"type":"tasuki","format":1}` + "\n"
	member := `{"type":"member","id":"M","name":"高橋 恵","email":"m@example.com","role":"lead","language":"ja","active":true}` + "\n"
	for name, c := range map[string]struct{ file, want string }{
		"another file":              {"質問,答え\nUSB,だめ\n", "no export"},
		"nothing":                   {"", "no export"},
		"a newer one":               {`{"type":"tasuki","format":99,"program":"v9"}`, "newer"},
		"a line cut in half":        {head + member + member[:40], "line 3"},
		"an unknown type":           {head + member + `{"type":"wizard"}`, "line 3"},
		"a misspelt name":           {head + `{"type":"topic","id":"T","nmae":"端末"}`, "line 2"},
		"the same thing twice":      {head + member + member, "line 3: is there already"},
		"a reference to nobody":     {head + `{"type":"compartment","id":"C","name":"人事","members":["M"]}`, "line 2: refers"},
		"a level that there is not": {head + `{"type":"assessment","id":"A","member_id":"M","skill_id":"S","kind":"validated","level":9,"day":"2026-11-24"}`, "line 2: invalid: level"},
		"no type":                   {head + `{"id":"T"}`, "type is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			testdb.Each(t, func(t *testing.T, s *store.Store) {
				_, err := restoreExport(context.Background(), s, strings.NewReader(c.file))
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if empty, err := s.Empty(context.Background()); err != nil || !empty {
					t.Errorf("something was written: %v", err)
				}
			})
		})
	}
}

func TestOnlyTheOperatorExportsAndRestores(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		admin := sample.Member("sato")
		admin.Role = team.RoleAdmin
		by := testdb.Person(t, s, admin)
		if err := s.Export(context.Background(), by, func(any) error { return nil }); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("export: %v", err)
		}
		if err := s.Restore(context.Background(), by, func() (any, error) { return nil, nil }); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("restore: %v", err)
		}
	})
}

func TestAWholeExportIsKnownAmongOtherFiles(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	if err := fill(context.Background(), testdb.Open(t, filepath.Join(from, "tasuki.db")), true); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(from, "all.jsonl")
	if out, err := onTerminal(t, "export", "--data-dir", from, "--out", file); err != nil {
		t.Fatal(err, out)
	}
	if out, err := onTerminal(t, "import", "answers", "--data-dir", to, file); err != nil || !strings.Contains(out, "are back") {
		t.Errorf("into an empty instance: %v\n%s", err, out)
	}
	if out, err := onTerminal(t, "import", "answers", "--data-dir", to, file); err == nil || !strings.Contains(err.Error(), "Nothing was changed") {
		t.Errorf("into a full one: %v\n%s", err, out)
	}
	if _, err := onTerminal(t, "export", "--data-dir", from, "--out", file); err == nil {
		t.Error("an export took the place of another file")
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others on the host may read the export: %v, %v", info.Mode(), err)
	}
}
