package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tasuki/internal/auth"
	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

const (
	killCycles  = 50
	killWriters = 4
)

// A program killed at any moment while people write loses nothing that it has
// answered for, and its index and database agree after the next start.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "tasuki")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	secret := killSession(t, data)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	acked := map[string]string{} // marker → article id
	for cycle := range killCycles {
		p := startProgram(t, binary, data)
		for word, id := range writeUntilKilled(t, p, secret, cycle, time.Duration(30+random.IntN(300))*time.Millisecond) {
			acked[word] = id
		}
	}
	if len(acked) < killCycles {
		t.Fatalf("only %d writes were acknowledged in %d cycles", len(acked), killCycles)
	}
	t.Logf("%d acknowledged writes", len(acked))
	checkAfterKills(t, data, acked)
}

// killSession makes a member and a session before the program starts.
func killSession(t *testing.T, data string) string {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(data, "tasuki.db"))
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

type program struct {
	cmd     *exec.Cmd
	address string
}

func startProgram(t *testing.T, binary, data string) program {
	t.Helper()
	cmd := exec.Command(binary, "serve", "--data-dir", data, "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "TASUKI_DATABASE_URL=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "Tasuki: "); ok {
			return program{cmd, address}
		}
	}
	cmd.Wait()
	t.Fatal("the program ended before it listened")
	return program{}
}

// writeUntilKilled lets several people write articles, kills the program after a
// while, and returns what was acknowledged.
func writeUntilKilled(t *testing.T, p program, secret string, cycle int, after time.Duration) map[string]string {
	t.Helper()
	acked := map[string]string{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for w := range killWriters {
		wait.Go(func() {
			for n := 0; ; n++ {
				word := fmt.Sprintf("kill%dw%dn%d", cycle, w, n)
				id, err := postArticle(client, p.address, secret, word)
				if err != nil {
					return // killed
				}
				mu.Lock()
				acked[word] = id
				mu.Unlock()
			}
		})
	}
	time.Sleep(after)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	p.cmd.Wait()
	return acked
}

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
		return "", fmt.Errorf("answered %s", answer.Status)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(answer.Header.Get("Location"), "/articles/"), "?")
	return id, nil
}

// checkAfterKills opens what the last kill left: every acknowledged article is in
// the database, and the index finds exactly the articles that are there.
func checkAfterKills(t *testing.T, data string, acked map[string]string) {
	t.Helper()
	ctx := context.Background()
	s := testdb.Open(t, filepath.Join(data, "tasuki.db"))
	index := search.Open(filepath.Join(data, "index"))
	defer index.Close()
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
	total, different := 0, 0
	for number := 0; ; number++ {
		list, _, err := s.Articles(ctx, team.Operator(), store.ArticleFilter{Page: number})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, a := range list {
			total++
			r, err := index.Search(ctx, search.Query{Text: a.Title, Classes: []string{team.ClassArticle}, Limit: 1})
			if err != nil || len(r.Hits) != 1 || r.Hits[0].ID != a.ID {
				different++
			}
		}
	}
	if different > 0 || total < len(acked) {
		t.Errorf("%d of %d articles are not found by their own title; %d were acknowledged", different, total, len(acked))
	}
}
