package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func keep(t *testing.T, s *store.Store, by team.Member, place, content, form string) {
	t.Helper()
	if _, err := s.SaveDraft(ctx, by, team.Draft{Place: place, Content: content}, form); err != nil {
		t.Fatal(err)
	}
}

// draft returns what a person has typed there.
func draft(t *testing.T, s *store.Store, by team.Member, place string) string {
	t.Helper()
	d, err := s.Draft(ctx, by, place)
	if err != nil {
		t.Fatal(err)
	}
	return d.Content
}

func TestADraftIsItsAuthorsAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada, suzuki := testdb.Person(t, s, sample.Member("takada")), testdb.Person(t, s, sample.Lead("suzuki"))
		keep(t, s, takada, "article new ", "title=A", "f1")
		keep(t, s, takada, "article new ", "title=AB", "f1")
		keep(t, s, suzuki, "article new ", "title=B", "f2")
		if got := draft(t, s, takada, "article new "); got != "title=AB" {
			t.Errorf("takada's draft is %q", got)
		}
		if got := draft(t, s, suzuki, "article new "); got != "title=B" {
			t.Errorf("suzuki's draft is %q", got)
		}
		if got := draft(t, s, team.Operator(), "article new "); got != "" {
			t.Errorf("the operator sees %q", got)
		}
		viewer := sample.Member("viewer")
		viewer.Role = team.RoleViewer
		viewer = testdb.Person(t, s, viewer)
		if _, err := s.SaveDraft(ctx, viewer, team.Draft{Place: "x", Content: "a=b"}, ""); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a viewer: %v", err)
		}
	})
}

func TestADraftGoesWithWhatIsSentAndDoesNotComeBackLate(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		const place = "article new "
		keep(t, s, takada, place, "title=A", "f1")
		sending := store.Sending(ctx, takada, place, "f1")
		if _, err := s.SaveArticle(sending, takada, team.Article{}, ""); err == nil {
			t.Fatal("an empty article was saved")
		}
		if got := draft(t, s, takada, place); got != "title=A" {
			t.Errorf("after a refused save the draft is %q", got)
		}
		if _, err := s.SaveArticle(sending, takada, sample.Article("A"), ""); err != nil {
			t.Fatal(err)
		}
		if got := draft(t, s, takada, place); got != "" {
			t.Errorf("after the save there is still %q", got)
		}
		keep(t, s, takada, place, "title=A", "f1") // was on its way when the form was sent
		if got := draft(t, s, takada, place); got != "" {
			t.Errorf("a late draft came back: %q", got)
		}
		keep(t, s, takada, place, "title=B", "f2")
		if got := draft(t, s, takada, place); got != "title=B" {
			t.Errorf("the draft of the next article is %q", got)
		}
	})
}

func TestADraftIsNoWriteForTheSearch(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		testdb.Article(t, s, takada, "USB", "")
		before, _ := s.LastChange(ctx)
		woken := false
		s.Changed = func() { woken = true }
		keep(t, s, takada, "article new ", "title=A", "f1")
		if err := s.DropDraft(ctx, takada, "article new ", "f1"); err != nil {
			t.Fatal(err)
		}
		if after, _ := s.LastChange(ctx); after != before || woken {
			t.Errorf("change %d became %d, the index was woken: %v", before, after, woken)
		}
	})
}

func TestDraftsHaveAnEnd(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		takada := testdb.Person(t, s, sample.Member("takada"))
		now := time.Date(2026, 11, 24, 15, 2, 0, 0, time.UTC)
		s.Now = func() time.Time { return now }
		keep(t, s, takada, "old", "a=1", "")
		now = now.Add(team.DraftLife + time.Second)
		if got := draft(t, s, takada, "old"); got != "" {
			t.Errorf("a draft of a month ago is %q", got)
		}
		for n := range team.MaxDrafts + 2 {
			now = now.Add(time.Second)
			keep(t, s, takada, fmt.Sprint("p", n), "a=1", "")
		}
		if draft(t, s, takada, "p1") != "" || draft(t, s, takada, "p2") == "" || draft(t, s, takada, fmt.Sprint("p", team.MaxDrafts+1)) == "" {
			t.Error("not the latest hundred are kept")
		}
		for _, long := range []team.Draft{{Place: "x", Content: strings.Repeat("a", team.MaxDraft+1)}, {Place: strings.Repeat("x", 201), Content: "a"}} {
			var invalid team.Invalid
			if _, err := s.SaveDraft(ctx, takada, long, ""); !errors.As(err, &invalid) {
				t.Errorf("too long: %v", err)
			}
		}
	})
}
