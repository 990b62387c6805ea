package store_test

import (
	"fmt"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestTwoImportsOfOneFileAtOnceMakeOneOfEach(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		results := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := s.RunImport(ctx, lead, team.Import{Name: "a"}, []team.Incoming{question(2, "A", "答え"), question(3, "B", "答え")}, team.ImportChoices{}, nil)
				results <- err
			}()
		}
		for range 2 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if _, total, _ := s.Articles(ctx, lead, store.ArticleFilter{}); total != 2 {
			t.Errorf("%d articles", total)
		}
	})
}

// Twenty thousand rows are one transaction: no limit of either database is met.
func TestTwentyThousandRowsAtOnce(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		const many = 20_000
		rows := func(answer string) []team.Incoming {
			list := make([]team.Incoming, many)
			for n := range list {
				list[n] = question(n+2, fmt.Sprintf("質問 その%d", n), answer)
				list[n].Article.ExternalID = fmt.Sprint(n)
			}
			return list
		}
		start := time.Now()
		i := run(t, s, lead, rows("答え"), team.ImportChoices{})
		t.Logf("added in %s", time.Since(start).Round(time.Millisecond))
		if i.Created != many {
			t.Fatalf("%+v", i)
		}
		start = time.Now()
		if p := plan(t, s, lead, rows("答え"), team.ImportChoices{}); p.Counts[team.ImportSame] != many {
			t.Errorf("second look: %v", p.Counts)
		}
		t.Logf("compared in %s", time.Since(start).Round(time.Millisecond))
		start = time.Now()
		if i := run(t, s, lead, rows("別の答え")[:many/10], team.ImportChoices{}); i.Changed != many/10 {
			t.Errorf("%+v", i)
		}
		t.Logf("a tenth changed in %s", time.Since(start).Round(time.Millisecond))
		start = time.Now()
		list, _, err := s.Imports(ctx, lead, 0)
		if err != nil || len(list) != 2 {
			t.Fatal(len(list), err)
		}
		for _, i := range list {
			if err := s.UndoImport(ctx, lead, i.ID, nil); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("undone in %s", time.Since(start).Round(time.Millisecond))
		if _, total, _ := s.Articles(ctx, lead, store.ArticleFilter{}); total != 0 {
			t.Errorf("%d left", total)
		}
	})
}
