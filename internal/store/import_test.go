package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// question is a row of a file that brings an article.
func question(line int, title, short string) team.Incoming {
	return team.Incoming{File: "faq.csv", Line: line, Article: &team.Article{Title: title, Answer: team.Answer{Short: short}}}
}

// mailed is a row of a mailbox that brings an answered consultation.
func mailed(line int, subject, id string) team.Incoming {
	return team.Incoming{File: "sent.mbox", Line: line, Department: "製造部", Answerer: "takada", Consultation: &team.Consultation{
		Subject: subject, Text: subject + "について教えてください。", Requester: "大野 さやか", Channel: team.ChannelMail, State: team.ConsultationAnswered,
		ReceivedAt: team.At(time.Date(2025, 4, 1, 1, 0, 0, 0, time.UTC)), AnsweredAt: team.At(time.Date(2025, 4, 1, 3, 0, 0, 0, time.UTC)),
		Reply: "大野さん\nだいじょうぶです。", ExternalID: id}}
}

func run(t *testing.T, s *store.Store, by team.Member, rows []team.Incoming, choices team.ImportChoices) team.Import {
	t.Helper()
	i, err := s.RunImport(ctx, by, team.Import{Name: "faq.csv"}, rows, choices, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func plan(t *testing.T, s *store.Store, by team.Member, rows []team.Incoming, choices team.ImportChoices) team.ImportPlan {
	t.Helper()
	p, err := s.PlanImport(ctx, by, rows, choices)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func actions(p team.ImportPlan) string {
	var list []string
	for _, r := range p.Rows {
		list = append(list, string(r.Action))
	}
	return strings.Join(list, " ")
}

func TestAPreviewSaysWhatHappensToEveryRow(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		testdb.Article(t, s, lead, "USBメモリを使いたい", "")
		unreadable := question(6, "日付のおかしい行", "答え")
		unreadable.Problems = team.Invalid{{Field: "review_due", Rule: team.NotADate}}
		rows := []team.Incoming{
			question(2, "ＵＳＢメモリを　使いたい", "「あずけ箱」で送ってください。"), // same title and answer in other widths: only the title differs
			question(3, "新しい質問", "答え"), question(4, "新しい 質問", "別の答え"), question(5, "答えのない行", ""), unreadable,
			question(7, strings.Repeat("長", team.MaxTitle+1), "答え"),
		}
		rows[1].Topics = []string{"端末", "端 末"}
		p := plan(t, s, lead, rows, team.ImportChoices{})
		if got, want := actions(p), "keep new duplicate problem problem problem"; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		kept := p.Rows[0]
		if !kept.Edited || len(kept.Changes) != 1 || kept.Changes[0] != (team.FieldChange{Field: "title", Before: "USBメモリを使いたい", After: "ＵＳＢメモリを　使いたい"}) {
			t.Errorf("a thing somebody wrote by hand: %+v", kept)
		}
		if p.Rows[2].FirstLine != 3 {
			t.Errorf("the duplicate names line %d", p.Rows[2].FirstLine)
		}
		for n, want := range map[int]team.Problem{3: {Field: "short_answer", Rule: team.Required}, 4: {Field: "review_due", Rule: team.NotADate},
			5: {Field: "title", Rule: team.TooLong, Limit: team.MaxTitle}} {
			if len(p.Rows[n].Problems) != 1 || p.Rows[n].Problems[0] != want {
				t.Errorf("row %d: %+v, want %+v", n, p.Rows[n].Problems, want)
			}
		}
		if !slices.Equal(p.Topics, []string{"端末"}) || p.Writes() != 1 {
			t.Errorf("unknown topics %q, %d writes", p.Topics, p.Writes())
		}
		if list, total, _ := s.Articles(ctx, lead, store.ArticleFilter{}); total != 1 || len(list) != 1 {
			t.Errorf("a preview wrote: %d articles", total)
		}
	})
}

func TestASecondRunOfTheSameFilesChangesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead, takada := testdb.Person(t, s, sample.Lead("suzuki")), testdb.Person(t, s, sample.Member("takada"))
		rows := func() []team.Incoming {
			a := question(2, "私物のスマホ", "登録すれば使えます。")
			a.Topics, a.Article.Wordings = []string{"端末"}, []team.Wording{{Text: "自分のスマホで見てもいい？"}}
			a.Article.Steps = team.Lines{" 申請する ", "", "登録する"}
			undated := mailed(3, "日付のない相談", "")
			undated.Consultation.ReceivedAt, undated.Consultation.AnsweredAt = team.Stamp{}, team.Stamp{}
			return []team.Incoming{a, mailed(1, "VPNの件", "<1@example.com>"), mailed(2, "番号のない相談", ""), undated}
		}
		choices := team.ImportChoices{CreateTopics: true, CreateDepartments: true}
		first := run(t, s, lead, rows(), choices)
		if first.State != team.ImportDone || first.Created != 4 || first.Changed != 0 || first.Skipped != 0 || first.MemberID != lead.ID {
			t.Fatalf("first: %+v", first)
		}
		list, _, _ := s.Articles(ctx, lead, store.ArticleFilter{})
		if len(list) != 1 || list[0].State != team.ArticleNotVerified || len(list[0].Topics) != 1 || len(list[0].Wordings) != 1 || len(list[0].Steps) != 2 {
			t.Errorf("article %+v", list)
		}
		asked, _, _ := s.Consultations(ctx, lead, store.ConsultationFilter{Words: "VPN"})
		if len(asked) != 1 || asked[0].AnsweredBy != takada.ID || asked[0].AnsweredAt.Hour() != 3 || asked[0].FirstResponseAt != asked[0].AnsweredAt || asked[0].DepartmentID == "" {
			t.Errorf("consultation %+v", asked)
		}
		if p := plan(t, s, lead, rows(), choices); actions(p) != "same same same same" {
			t.Errorf("a second look: %s", actions(p))
		}
		if err := s.VerifyArticle(ctx, lead, list[0].ID, list[0].Version, team.Date{Year: 2027, Month: 4, Day: 1}); err != nil {
			t.Fatal(err)
		}
		if p := plan(t, s, lead, rows(), choices); actions(p) != "same same same same" {
			t.Errorf("a file that says nothing about the state would take a verification back: %s", actions(p))
		}
		before, _ := s.LastChange(ctx)
		second := run(t, s, lead, rows(), choices)
		if after, _ := s.LastChange(ctx); second.Created+second.Changed != 0 || second.Skipped != 4 || after != before {
			t.Errorf("second: %+v, changes %d → %d", second, before, after)
		}
	})
}

func TestWhatSomebodyEditedIsNotOverwritten(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		run(t, s, lead, []team.Incoming{question(2, "A", "古い答え"), question(3, "B", "古い答え")}, team.ImportChoices{})
		list, _, _ := s.Articles(ctx, lead, store.ArticleFilter{Words: "B"})
		edited := list[0]
		edited.Reason = "人が書いた理由"
		edited, err := s.SaveArticle(ctx, lead, edited, "")
		if err != nil {
			t.Fatal(err)
		}
		rows := []team.Incoming{question(2, "A", "新しい答え"), question(3, "B", "新しい答え")}
		if p := plan(t, s, lead, rows, team.ImportChoices{}); actions(p) != "change keep" {
			t.Fatalf("unasked: %s", actions(p))
		}
		chosen := team.ImportChoices{Update: map[string]int{edited.ID: edited.Version}}
		if p := plan(t, s, lead, rows, chosen); actions(p) != "change change" {
			t.Errorf("chosen: %s", actions(p))
		}
		edited.Reason = "もう一度直した"
		if edited, err = s.SaveArticle(ctx, lead, edited, ""); err != nil {
			t.Fatal(err)
		}
		i := run(t, s, lead, rows, chosen)
		if i.Changed != 1 || i.Skipped != 1 || len(i.Left) != 1 || i.Left[0].Action != team.ImportKeep {
			t.Errorf("edited between choice and run: %+v", i)
		}
		if now, _ := s.Article(ctx, lead, edited.ID); now.Short != "古い答え" || now.Reason != "もう一度直した" {
			t.Errorf("overwritten: %+v", now)
		}
		if i := run(t, s, lead, rows, team.ImportChoices{Update: map[string]int{edited.ID: edited.Version}}); i.Changed != 1 {
			t.Errorf("chosen again: %+v", i)
		}
		if now, _ := s.Article(ctx, lead, edited.ID); now.Short != "新しい答え" || now.Reason != "もう一度直した" {
			t.Errorf("an empty field of the file must not empty a box: %+v", now)
		}
	})
}

func TestAnIDInTheFileDecidesAndARenamedThingIsKept(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		row := func(id, title string) team.Incoming {
			r := question(2, title, "答え")
			r.Article.ExternalID = id
			return r
		}
		run(t, s, lead, []team.Incoming{row("1", "USB"), row("2", "USB")}, team.ImportChoices{})
		if p := plan(t, s, lead, []team.Incoming{row("1", "USB"), row("2", "USB"), row("3", "USB")}, team.ImportChoices{}); actions(p) != "same same new" {
			t.Errorf("two of one title: %s", actions(p))
		}
		p := plan(t, s, lead, []team.Incoming{row("1", "まったく別の質問")}, team.ImportChoices{})
		if actions(p) != "keep" || !p.Rows[0].Renamed {
			t.Errorf("another file that counts from 1: %+v", p.Rows)
		}
	})
}

func TestAnUndoneImportLeavesNothingBehind(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		a := question(2, "私物のスマホ", "答え")
		a.Topics = []string{"端末"}
		rows := []team.Incoming{a, mailed(1, "VPNの件", "<1@example.com>")}
		i := run(t, s, lead, rows, team.ImportChoices{CreateTopics: true, CreateDepartments: true})
		if items, total, err := s.ImportItems(ctx, lead, i.ID, 0); err != nil || total != 4 || len(items) != 4 {
			t.Errorf("wrote %+v, %v", items, err)
		}
		for range 2 { // a second undo does no harm
			if err := s.UndoImport(ctx, lead, i.ID, nil); err != nil {
				t.Fatal(err)
			}
		}
		_, articles, _ := s.Articles(ctx, lead, store.ArticleFilter{})
		_, consultations, _ := s.Consultations(ctx, lead, store.ConsultationFilter{})
		topics, _ := s.Topics(ctx)
		departments, _ := s.Departments(ctx)
		_, kept, _ := s.ImportItems(ctx, lead, i.ID, 0)
		if articles+consultations+len(topics)+len(departments)+kept != 0 {
			t.Errorf("left %d articles, %d consultations, %v, %v, %d items", articles, consultations, topics, departments, kept)
		}
		if i, err := s.Import(ctx, lead, i.ID); err != nil || i.State != team.ImportUndone || i.UndoneBy != lead.ID || i.UndoneAt.IsZero() {
			t.Errorf("import %+v, %v", i, err)
		}
		if again := run(t, s, lead, rows, team.ImportChoices{}); again.Created != 2 {
			t.Errorf("it cannot be brought in again: %+v", again)
		}
	})
}

func TestAnUndoBringsFormerVersionsBackAndKeepsWhatWasUsed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		first := run(t, s, lead, []team.Incoming{question(2, "A", "答え1"), question(3, "B", "答え1"), question(4, "C", "答え1")}, team.ImportChoices{})
		changed := question(2, "A", "答え2")
		changed.Article.Wordings = []team.Wording{{Text: "Aのこと"}}
		second := run(t, s, lead, []team.Incoming{changed, question(5, "D", "答え2")}, team.ImportChoices{})
		if second.Changed != 1 || second.Created != 1 {
			t.Fatalf("second: %+v", second)
		}
		find := func(title string) team.Article {
			list, _, err := s.Articles(ctx, lead, store.ArticleFilter{Words: title})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %d, %v", title, len(list), err)
			}
			return list[0]
		}
		if err := s.UndoImport(ctx, lead, second.ID, nil); err != nil {
			t.Fatal(err)
		}
		if a := find("A"); a.Short != "答え1" || a.Version != 3 || len(a.Wordings) != 0 {
			t.Errorf("not its former version: %+v", a)
		}
		if _, err := s.UseArticle(ctx, lead, sample.Use(find("B"))); err != nil {
			t.Fatal(err)
		}
		c := find("C")
		c.Reason = "書き足した"
		if _, err := s.SaveArticle(ctx, lead, c, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.UndoImport(ctx, lead, first.ID, nil); err != nil {
			t.Fatal(err)
		}
		items, total, _ := s.ImportItems(ctx, lead, first.ID, 0)
		if total != 2 || items[0].Title != "B" || items[1].Title != "C" {
			t.Errorf("kept: %+v", items)
		}
		if _, total, _ := s.Articles(ctx, lead, store.ArticleFilter{Words: "A"}); total != 0 {
			t.Error("A came from the first import alone and stayed")
		}
	})
}

func TestAConsultationThatWasOpenIsOpenAfterTheUndo(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead, takada := testdb.Person(t, s, sample.Lead("suzuki")), testdb.Person(t, s, sample.Member("takada"))
		open := mailed(1, "VPNの件", "<1@example.com>")
		open.Consultation.State, open.Consultation.Reply = team.ConsultationOpen, ""
		run(t, s, lead, []team.Incoming{open}, team.ImportChoices{})
		i := run(t, s, lead, []team.Incoming{mailed(1, "VPNの件", "<1@example.com>")}, team.ImportChoices{})
		list, _, _ := s.Consultations(ctx, lead, store.ConsultationFilter{})
		if len(list) != 1 || list[0].State != team.ConsultationAnswered || list[0].AnsweredBy != takada.ID || list[0].AnsweredAt.Year() != 2025 {
			t.Fatalf("answered by a later file: %+v, %+v", i, list)
		}
		if err := s.UndoImport(ctx, lead, i.ID, nil); err != nil {
			t.Fatal(err)
		}
		list, _, _ = s.Consultations(ctx, lead, store.ConsultationFilter{})
		if len(list) != 1 || list[0].State != team.ConsultationOpen || !list[0].AnsweredAt.IsZero() || list[0].Reply != "" {
			t.Errorf("after the undo: %+v", list)
		}
	})
}

func TestAnImportIntoACompartmentDoesNotExistForOthers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		insider, outsider := testdb.Person(t, s, sample.Lead("insider")), testdb.Person(t, s, sample.Lead("outsider"))
		group, err := s.SaveCompartment(ctx, insider, team.Compartment{Name: "人事案件"})
		if err != nil {
			t.Fatal(err)
		}
		rows := func() []team.Incoming {
			r := question(2, "退職者の持ち出し", "調べます。")
			r.Article.ExternalID = "7"
			return []team.Incoming{r}
		}
		inside := team.ImportChoices{Compartment: group.ID}
		i := run(t, s, insider, rows(), inside)
		if _, total, _ := s.Imports(ctx, outsider, 0); total != 0 {
			t.Errorf("the list counts %d", total)
		}
		if _, err := s.Import(ctx, outsider, i.ID); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("import: %v", err)
		}
		if _, _, err := s.ImportItems(ctx, outsider, i.ID, 0); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("items: %v", err)
		}
		if err := s.UndoImport(ctx, outsider, i.ID, nil); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("undo: %v", err)
		}
		if _, err := s.PlanImport(ctx, outsider, rows(), inside); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("a look inside: %v", err)
		}
		if _, err := s.RunImport(ctx, outsider, team.Import{}, rows(), inside, nil); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("writing into it: %v", err)
		}
		for _, by := range []team.Member{outsider, insider} {
			if p := plan(t, s, by, rows(), team.ImportChoices{}); actions(p) != "new" {
				t.Errorf("the whole department's preview shows the restricted one: %+v", p)
			}
		}
		if p := plan(t, s, insider, rows(), inside); actions(p) != "same" {
			t.Errorf("inside: %s", actions(p))
		}
		if _, total, _ := s.Imports(ctx, insider, 0); total != 1 {
			t.Errorf("the group itself sees %d", total)
		}
	})
}

func TestAnUploadIsSeenByItsOwnerOnlyUntilItHasRun(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		owner, other, plain := testdb.Person(t, s, sample.Lead("owner")), testdb.Person(t, s, sample.Lead("other")), testdb.Person(t, s, sample.Member("plain"))
		i, err := s.AddImport(ctx, owner, []team.ImportFile{{Name: "a.csv", Content: []byte("質問,答え\x00")}, {Name: "b.csv"}}, "{}")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddImport(ctx, plain, nil, ""); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a member uploads: %v", err)
		}
		if _, err := s.RunImport(ctx, plain, i, nil, team.ImportChoices{}, nil); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a member imports: %v", err)
		}
		for _, by := range []team.Member{other, plain} {
			if _, err := s.ImportFiles(ctx, by, i.ID); !errors.Is(err, team.ErrNotFound) {
				t.Errorf("%s reads the files: %v", by.Name, err)
			}
		}
		files, err := s.ImportFiles(ctx, owner, i.ID)
		if err != nil || len(files) != 2 || string(files[0].Content) != "質問,答え\x00" {
			t.Errorf("files %+v, %v", files, err)
		}
		if _, err := s.RunImport(ctx, owner, i, []team.Incoming{question(2, "A", "答え")}, team.ImportChoices{}, nil); err != nil {
			t.Fatal(err)
		}
		if files, err = s.ImportFiles(ctx, owner, i.ID); err != nil || len(files) != 0 {
			t.Errorf("the files are kept after the run: %d, %v", len(files), err)
		}
		if _, err := s.Import(ctx, other, i.ID); err != nil {
			t.Errorf("the other lead, afterwards: %v", err)
		}
		if _, err := s.RunImport(ctx, owner, i, nil, team.ImportChoices{}, nil); !errors.Is(err, team.ErrStale) {
			t.Errorf("run twice: %v", err)
		}
		if err := s.DeleteImport(ctx, owner, i.ID); !errors.Is(err, team.ErrStale) {
			t.Errorf("deleted after the run: %v", err)
		}
		old, err := s.AddImport(ctx, owner, []team.ImportFile{{Name: "old.csv"}}, "")
		if err != nil {
			t.Fatal(err)
		}
		s.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
		if err := s.TidyImports(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Import(ctx, owner, old.ID); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("a day old: %v", err)
		}
	})
}

func TestAnImportThatIsCutShortChangesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		i, err := s.AddImport(ctx, lead, []team.ImportFile{{Name: "a.csv"}}, "")
		if err != nil {
			t.Fatal(err)
		}
		var rows []team.Incoming
		for n := range 50 {
			rows = append(rows, question(n+2, fmt.Sprintf("質問%d", n), "答え"))
		}
		before, _ := s.LastChange(ctx)
		cut, stop := context.WithCancel(ctx)
		_, err = s.RunImport(cut, lead, i, rows, team.ImportChoices{}, func(done, total int) {
			if total != 50 {
				t.Errorf("%d of %d", done, total)
			}
			if done == 20 {
				stop()
			}
		})
		if err == nil {
			t.Fatal("it went on")
		}
		_, articles, _ := s.Articles(ctx, lead, store.ArticleFilter{})
		if after, _ := s.LastChange(ctx); articles != 0 || after != before {
			t.Errorf("left %d articles, changes %d → %d", articles, before, after)
		}
		if i, err = s.Import(ctx, lead, i.ID); err != nil || i.State != team.ImportStopped || !i.CanRun() {
			t.Errorf("import %+v, %v", i, err)
		}
		if i, err = s.RunImport(ctx, lead, i, rows, team.ImportChoices{}, nil); err != nil || i.Created != 50 {
			t.Errorf("run again: %+v, %v", i, err)
		}
	})
}

func TestAnImportWhoseProgramWasKilledIsStopped(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		i, err := s.AddImport(ctx, lead, []team.ImportFile{{Name: "a.csv"}}, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ClaimImport(ctx, lead, i.ID); err != nil { // and nothing more: killed
			t.Fatal(err)
		}
		if i, _ = s.Import(ctx, lead, i.ID); i.State != team.ImportRunning {
			t.Errorf("a moment later: %s", i.State)
		}
		if _, err := s.RunImport(ctx, lead, i, nil, team.ImportChoices{}, nil); !errors.Is(err, team.ErrStale) {
			t.Errorf("run by two at once: %v", err)
		}
		s.Now = func() time.Time { return time.Now().Add(6 * time.Minute) }
		if i, _ = s.Import(ctx, lead, i.ID); i.State != team.ImportStopped {
			t.Errorf("silent for long: %s", i.State)
		}
		if i, err = s.RunImport(ctx, lead, i, []team.Incoming{question(2, "A", "答え")}, team.ImportChoices{}, nil); err != nil || i.Created != 1 {
			t.Errorf("run again: %+v, %v", i, err)
		}
	})
}
