package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// Two programs on one database, each with an index of its own and both writing at
// full speed: in the end each finds what the other wrote, and neither misses one.
func TestReplicasFindWhatTheOtherWrote(t *testing.T) {
	for name, url := range testdb.URLs(t) {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(context.Background())
			stores := []*store.Store{testdb.Open(t, url), testdb.Open(t, url)}
			by := testdb.Person(t, stores[0], sample.Member("takada"))
			var indexes []*search.Index
			var followers, writers sync.WaitGroup
			for n, s := range stores {
				index := search.Open(t.TempDir())
				indexes = append(indexes, index)
				followers.Go(func() { index.Follow(ctx, s, 20*time.Millisecond) })
				writers.Go(func() { writeArticles(t, s, by, n) })
			}
			writers.Wait()
			for _, index := range indexes {
				waitForIndex(t, index, stores[0])
				for n := range stores {
					for i := range perReplica {
						findOne(t, index, stores[0], marker(n, i))
					}
				}
			}
			stop()
			followers.Wait()
			for _, index := range indexes {
				if err := index.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

const perReplica = 30

// marker is a word that stands in one article only.
func marker(replica, i int) string { return fmt.Sprintf("marker%dx%03d", replica, i) }

func writeArticles(t *testing.T, s *store.Store, by team.Member, replica int) {
	for i := range perReplica {
		if _, err := s.SaveArticle(context.Background(), by, sample.Article(marker(replica, i)), ""); err != nil {
			t.Error(err)
		}
	}
}

// waitForIndex waits until the index has taken in the last change; it gives up
// after a time that only a broken follower needs.
func waitForIndex(t *testing.T, index *search.Index, s *store.Store) {
	t.Helper()
	last, err := s.LastChange(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for range 3000 {
		if ready, done, _ := index.Ready(); ready && done >= last {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the index never caught up")
}

func findOne(t *testing.T, index *search.Index, s *store.Store, word string) {
	t.Helper()
	r, err := index.Search(context.Background(), search.Query{Text: word, Classes: []string{team.ClassArticle}, Limit: 1})
	if err != nil || len(r.Hits) != 1 {
		t.Errorf("%s: %+v, %v", word, r.Hits, err)
		return
	}
	if a, err := s.Article(context.Background(), team.Operator(), r.Hits[0].ID); err != nil || a.Title != word {
		t.Errorf("%s found %q, %v", word, a.Title, err)
	}
}
