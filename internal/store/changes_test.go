package store_test

import (
	"database/sql"
	"sync"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestAFollowerMissesNoChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		if missed := missedByAFollower(t, s, testdb.Person(t, s, sample.Member("takada"))); missed != 0 {
			t.Errorf("missed %d changes", missed)
		}
	})
}

// Some transactions take a little longer to commit than others. With the clock
// nothing is missed even so; numbered by a sequence instead, the same writers and
// the same follower miss changes, so the test above would notice.
func TestAFollowerOfASequenceMissesChanges(t *testing.T) {
	const slow = `CREATE FUNCTION slow() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NEW; END' LANGUAGE plpgsql;
		CREATE TRIGGER slow AFTER UPDATE ON change_clock FOR EACH ROW EXECUTE FUNCTION slow();`
	const sequence = `ALTER TABLE change_clock RENAME TO real_clock;
		CREATE SEQUENCE numbers START 10000;
		CREATE VIEW change_clock AS SELECT 1 AS one, 0::BIGINT AS value;
		CREATE FUNCTION number() RETURNS trigger AS 'BEGIN NEW.value := nextval(''numbers''); PERFORM pg_sleep(random() * 0.01); RETURN NEW; END' LANGUAGE plpgsql;
		CREATE TRIGGER number INSTEAD OF UPDATE ON change_clock FOR EACH ROW EXECUTE FUNCTION number();`
	url, ok := testdb.URLs(t)["postgres"]
	if !ok {
		return // SQLite has one writer at a time: nothing can commit out of order
	}
	s := testdb.Open(t, url)
	by := testdb.Person(t, s, sample.Member("takada"))
	execute(t, url, slow)
	if missed := missedByAFollower(t, s, by); missed != 0 {
		t.Errorf("with the clock: missed %d changes", missed)
	}
	execute(t, url, sequence)
	for range 20 {
		if missedByAFollower(t, s, by) > 0 {
			return
		}
	}
	t.Error("with a sequence: nothing was missed in 20 tries, so these tests prove nothing")
}

func execute(t *testing.T, url, statements string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}

// missedByAFollower lets several people write at once and returns how many of
// their articles somebody who reads the changes all the while does not see.
func missedByAFollower(t *testing.T, s *store.Store, by team.Member) int {
	t.Helper()
	const writers, each = 8, 12
	written := map[string]bool{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for range each {
				a, err := s.SaveArticle(ctx, by, sample.Article("USB"), "")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				written[a.ID] = true
				mu.Unlock()
			}
		})
	}
	finished := make(chan struct{})
	go func() { wait.Wait(); close(finished) }()
	seen, after := map[string]bool{}, int64(0)
	for done := false; ; {
		changes, err := s.Changes(ctx, after, 5)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			seen[c.ID], after = true, c.Seq
		}
		if len(changes) == 0 && done {
			break
		}
		select {
		case <-finished:
			done = true
		default:
		}
	}
	missed := 0
	for id := range written {
		if !seen[id] {
			missed++
		}
	}
	return missed
}
