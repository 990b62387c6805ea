package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"

	"tasuki/internal/auth"
	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// killCycles is how often a program is killed. PostgreSQL keeps its own promises in
// a process that nobody kills here, so that fewer cycles show the same.
var killCycles = map[string]int{"sqlite": 50, "postgres": 15}

const killWriters = 4

// A program killed at any moment while people write loses nothing that it has
// answered for, and its index and database agree after the next start.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	for kind, address := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			data := t.TempDir()
			variables := []string{"TASUKI_DATA_DIR=" + data}
			if kind == "postgres" {
				variables = append(variables, "TASUKI_DATABASE_URL="+address)
			} else {
				address = filepath.Join(data, "tasuki.db")
			}
			secret := killSession(t, address)
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			random := rand.New(rand.NewPCG(seed, 1))
			acked := map[string]string{} // marker → article id
			for cycle := range killCycles[kind] {
				p := startProgram(t, variables)
				for word, id := range writeUntilKilled(t, p, secret, cycle, random) {
					acked[word] = id
				}
			}
			if len(acked) < killCycles[kind] {
				t.Fatalf("only %d writes were acknowledged in %d cycles", len(acked), killCycles[kind])
			}
			t.Logf("%d acknowledged writes", len(acked))
			checkAfterKills(t, address, filepath.Join(data, "index"), acked)
		})
	}
}

// killSession makes a member and a session before the program starts.
func killSession(t *testing.T, address string) string {
	t.Helper()
	s, err := store.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	secret, err := s.StartSession(context.Background(), testdb.Person(t, s, sample.Member("takada")))
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// writeUntilKilled lets several people write articles, kills the program some
// moments after some writes were acknowledged, and returns those that were.
func writeUntilKilled(t *testing.T, p program, secret string, cycle int, random *rand.Rand) map[string]string {
	t.Helper()
	acked := map[string]string{}
	enough := make(chan struct{})
	wanted, moment := 1+random.IntN(8), time.Duration(random.IntN(30_000))*time.Microsecond
	var mu sync.Mutex
	var wait sync.WaitGroup
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for w := range killWriters {
		wait.Go(func() {
			for n := 0; ; n++ {
				word := fmt.Sprintf("kill%dw%dn%d", cycle, w, n)
				id, err := postArticle(client, p.address, secret, word)
				if errors.Is(err, errRefused) {
					t.Logf("cycle %d: %v", cycle, err) // said not to be saved: sent again
					continue
				}
				if err != nil {
					return // killed
				}
				mu.Lock()
				acked[word] = id
				if len(acked) == wanted {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(patience):
		t.Error("nothing is acknowledged")
	}
	time.Sleep(moment)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	p.cmd.Wait()
	if len(acked) == 0 || strings.Contains(p.log.String(), "panic:") {
		t.Errorf("cycle %d: %d acknowledged; the program said %s", cycle, len(acked), p.log)
	}
	return acked
}

// errRefused says that the program answered, and did not save.
var errRefused = errors.New("refused")

func postArticle(client *http.Client, address, secret, word string) (string, error) {
	f := url.Values{"csrf": {auth.FormToken(secret)}, "title": {word}, "short_answer": {"答え"}, "state": {"verified"}, "audience": {"company"}, "key": {word}}
	r, err := http.NewRequest(http.MethodPost, address+"/articles", strings.NewReader(f.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", "tasuki="+secret)
	answer, err := client.Do(r)
	if err != nil {
		return "", err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("%w: %s", errRefused, answer.Status)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(answer.Header.Get("Location"), "/articles/"), "?")
	return id, nil
}

// checkAfterKills opens what the last kill left: every acknowledged article is in
// the database, and the index holds exactly the articles that are there.
func checkAfterKills(t *testing.T, address, dir string, acked map[string]string) {
	t.Helper()
	ctx := context.Background()
	s := testdb.Open(t, address)
	index := search.Open(dir)
	if err := index.CatchUp(ctx, s); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for word, id := range acked {
		if a, err := s.Article(ctx, team.Operator(), id); err != nil || a.Title != word {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged writes are lost", lost, len(acked))
	}
	stored, different := allArticles(t, s), 0
	for _, a := range stored {
		r, err := index.Search(ctx, search.Query{Text: a.Title, Classes: []string{team.ClassArticle}, Limit: 1})
		if err != nil || len(r.Hits) != 1 || r.Hits[0].ID != a.ID {
			different++
		}
	}
	if different > 0 || len(stored) < len(acked) {
		t.Errorf("%d of %d articles are not found by their own title; %d were acknowledged", different, len(stored), len(acked))
	}
	if err := index.Close(); err != nil {
		t.Fatal(err)
	}
	indexed := indexedArticles(t, dir)
	for id := range indexed {
		if _, ok := stored[id]; !ok {
			t.Errorf("the index holds %s, the database does not", id)
		}
	}
	if len(indexed) != len(stored) {
		t.Errorf("the index holds %d articles, the database %d", len(indexed), len(stored))
	}
}

func allArticles(t *testing.T, s *store.Store) map[string]team.Article {
	t.Helper()
	all := map[string]team.Article{}
	for number := 0; ; number++ {
		list, _, err := s.Articles(context.Background(), team.Operator(), store.ArticleFilter{Page: number})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return all
		}
		for _, a := range list {
			all[a.ID] = a
		}
	}
}

// indexedArticles reads the ids in every index of a folder, past our own code.
func indexedArticles(t *testing.T, dir string) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	folders, err := filepath.Glob(filepath.Join(dir, "*-v*"))
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, folder := range folders {
		if strings.HasSuffix(folder, ".damaged") {
			continue
		}
		inner, err := bleve.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		count, _ := inner.DocCount()
		found, err := inner.Search(bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), int(count)+10, 0, false))
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range found.Hits {
			if parts := strings.Split(hit.ID, " "); len(parts) == 3 && parts[1] == team.KindArticle {
				ids[parts[2]] = true
			}
		}
		inner.Close()
	}
	return ids
}
