package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var ctx = context.Background()

func TestUsingAnArticleIsOneAction(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		a := testdb.Article(t, s, takada, "USBメモリで図面を渡したい", "")
		use := sample.Use(a)
		use.Key = "form-1"
		c, err := s.UseArticle(ctx, takada, use)
		if err != nil {
			t.Fatal(err)
		}
		if c.State != team.ConsultationAnswered || c.AnsweredAt.IsZero() || c.FirstResponseAt.IsZero() || c.AnsweredBy != takada.ID || c.Text != use.Text || c.RequesterID == "" {
			t.Errorf("recorded %+v", c)
		}
		again, err := s.UseArticle(ctx, takada, use)
		if err != nil || again.ID != c.ID {
			t.Errorf("a repeated form made %s, %v; want the first, %s", again.ID, err, c.ID)
		}
		usage, err := s.Usages(ctx, takada, []string{a.ID})
		if err != nil || usage[a.ID].Count != 1 || usage[a.ID].People != 1 || usage[a.ID].LastUsed.IsZero() {
			t.Errorf("usage %+v, %v", usage, err)
		}
		a, _ = s.Article(ctx, takada, a.ID)
		if len(a.Wordings) != 1 || a.Wordings[0].Text != use.Wording {
			t.Errorf("the asker's wording was not kept: %+v", a.Wordings)
		}
	})
}

func TestUndoNeverTakesAwayWhatSomebodyWroteSince(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada, suzuki := testdb.Person(t, s, sample.Member("takada")), testdb.Person(t, s, sample.Member("suzuki"))
		c, err := s.UseArticle(ctx, takada, sample.Use(testdb.Article(t, s, takada, "USB", "")))
		if err != nil {
			t.Fatal(err)
		}
		c.Subject = "電話で聞き直した件"
		if _, err := s.SaveConsultation(ctx, suzuki, c, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.UndoUse(ctx, takada, c.ID); !errors.Is(err, team.ErrTooLate) {
			t.Errorf("got %v", err)
		}
		if kept, err := s.Consultation(ctx, suzuki, c.ID); err != nil || kept.Subject != c.Subject || len(kept.Links) != 1 {
			t.Errorf("%+v, %v", kept, err)
		}
	})
}

func TestUndoTakesAReuseBack(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada, suzuki := testdb.Person(t, s, sample.Member("takada")), testdb.Person(t, s, sample.Member("suzuki"))
		a := testdb.Article(t, s, takada, "USB", "")
		c, _ := s.UseArticle(ctx, takada, sample.Use(a))
		if err := s.UndoUse(ctx, suzuki, c.ID); !errors.Is(err, team.ErrTooLate) {
			t.Errorf("somebody else's undo: %v", err)
		}
		if err := s.UndoUse(ctx, takada, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Consultation(ctx, takada, c.ID); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("the recorded consultation stayed: %v", err)
		}
		a, _ = s.Article(ctx, takada, a.ID)
		if len(a.Wordings) != 0 {
			t.Errorf("the wording stayed: %+v", a.Wordings)
		}

		open, err := s.SaveConsultation(ctx, takada, team.Consultation{Subject: "USBの件", Text: "使えますか", Channel: team.ChannelChat}, "")
		if err != nil {
			t.Fatal(err)
		}
		use := sample.Use(a)
		use.ConsultationID = open.ID
		s.Now = func() time.Time { return time.Now().Add(time.Second) }
		if c, err = s.UseArticle(ctx, takada, use); err != nil {
			t.Fatal(err)
		}
		if err := s.UndoUse(ctx, takada, c.ID); err != nil {
			t.Fatal(err)
		}
		if c, err = s.Consultation(ctx, takada, c.ID); err != nil || c.State != team.ConsultationOpen || !c.AnsweredAt.IsZero() || c.Reply != "" || len(c.Links) != 0 {
			t.Errorf("an open one is open again: %+v, %v", c, err)
		}

		c, _ = s.UseArticle(ctx, takada, sample.Use(a))
		s.Now = func() time.Time { return time.Now().Add(2 * team.UndoWindow) }
		if err := s.UndoUse(ctx, takada, c.ID); !errors.Is(err, team.ErrTooLate) {
			t.Errorf("an undo after its time: %v", err)
		}
	})
}

func TestTheLaterOfTwoEditorsIsTold(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		first := testdb.Article(t, s, by, "USB", "")
		second := first
		first.Short = "先に直した"
		if _, err := s.SaveArticle(ctx, by, first, ""); err != nil {
			t.Fatal(err)
		}
		second.Short = "後から直した"
		if _, err := s.SaveArticle(ctx, by, second, ""); !errors.Is(err, team.ErrStale) {
			t.Errorf("got %v, want ErrStale", err)
		}
		versions, err := s.ArticleVersions(ctx, by, first.ID)
		if err != nil || len(versions) != 2 || versions[0].Short != "先に直した" || versions[0].SavedBy != by.ID {
			t.Errorf("versions %+v, %v", versions, err)
		}
	})
}

func TestARestrictedThingDoesNotExistForOthers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		insider, outsider := testdb.Person(t, s, sample.Lead("insider")), testdb.Person(t, s, sample.Lead("outsider"))
		group, err := s.SaveCompartment(ctx, insider, team.Compartment{Name: "人事案件"})
		if err != nil {
			t.Fatal(err)
		}
		open, secret := testdb.Article(t, s, insider, "USB", ""), testdb.Article(t, s, insider, "退職者の持ち出し", group.ID)
		if _, err := s.Article(ctx, outsider, secret.ID); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("article: %v", err)
		}
		use := sample.Use(open)
		use.Compartment = group.ID
		hidden, err := s.UseArticle(ctx, insider, use)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Consultation(ctx, outsider, hidden.Ref); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("consultation: %v", err)
		}
		if usage, _ := s.Usages(ctx, outsider, []string{open.ID}); usage[open.ID].Count != 0 {
			t.Errorf("a restricted use is counted for others: %+v", usage)
		}
		if a, _ := s.Article(ctx, outsider, open.ID); len(a.Wordings) != 0 {
			t.Errorf("a restricted wording shows: %+v", a.Wordings)
		}
		if list, total, _ := s.Articles(ctx, outsider, store.ArticleFilter{}); total != 1 || len(list) != 1 {
			t.Errorf("shelf shows %d of %d", len(list), total)
		}
		if list, _ := s.Compartments(ctx, outsider); len(list) != 0 {
			t.Errorf("compartments %+v", list)
		}
		if _, err := s.SaveCompartment(ctx, outsider, team.Compartment{ID: group.ID, Name: "x", Version: 1, Members: []string{outsider.ID}}); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("joining by editing: %v", err)
		}
		if _, err := s.SaveConsultation(ctx, outsider, team.Consultation{Subject: "x", Channel: team.ChannelMail, Compartment: group.ID}, ""); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("writing into it: %v", err)
		}
	})
}

// Many writers at full speed: whoever follows by number must see every one. With
// numbers handed out before the commit (a sequence) this test fails on PostgreSQL.
func TestSignInEndsWithItsRights(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		link, err := s.Invite(ctx, team.Operator(), "")
		if err != nil {
			t.Fatal(err)
		}
		admin, session, err := s.Accept(ctx, link, team.Member{Name: "佐藤", Email: "Sato@example.com", Language: "ja"}, "hash")
		if err != nil || admin.Role != team.RoleAdmin {
			t.Fatal(admin, err)
		}
		if _, _, err := s.Accept(ctx, link, team.Member{Name: "x", Email: "x@example.com", Language: "ja"}, "hash"); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("a link works once: %v", err)
		}
		if m, err := s.SessionMember(ctx, session); err != nil || m.ID != admin.ID {
			t.Errorf("session: %+v, %v", m, err)
		}
		if _, hash, err := s.PasswordHash(ctx, "ＳＡＴＯ@example.com ", "here"); err != nil || hash != "hash" {
			t.Errorf("the address in another width and case: %v", err)
		}
		admin.Active = false
		var invalid team.Invalid
		if _, err := s.SaveMember(ctx, team.Operator(), admin); !errors.As(err, &invalid) {
			t.Errorf("the last admin left: %v", err)
		}
		other := testdb.Person(t, s, team.Member{Name: "高橋", Email: "t@example.com", Role: team.RoleAdmin, Language: "ja", Active: true})
		if _, err := s.SaveMember(ctx, other, admin); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SessionMember(ctx, session); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("who left is still signed in: %v", err)
		}
		for range store.MaxSignInFailures {
			s.PasswordHash(ctx, "t@example.com", "there")
		}
		if _, _, err := s.PasswordHash(ctx, "T@example.com", "elsewhere"); !errors.Is(err, store.ErrTooManyAttempts) {
			t.Errorf("guessing goes on: %v", err)
		}
	})
}
