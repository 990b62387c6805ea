package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// BenchmarkFromWriteToFindable writes ten articles a second into a SQLite database
// that the index follows as it does in serve, and prints how long it takes until a
// search finds each.
func BenchmarkFromWriteToFindable(b *testing.B) {
	const writes, gap = 100, 100 * time.Millisecond
	for b.Loop() {
		dir := b.TempDir()
		data := filled(b, dir, 1000)
		defer data.Close()
		index := search.Open(filepath.Join(dir, "index"))
		data.Changed = index.Nudge
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() { follow(ctx, index, data); close(ended) }()
		for ready := false; !ready; ready, _, _ = index.Ready() {
			time.Sleep(gap)
		}
		delays := make(chan float64, writes)
		for i := range writes {
			next := time.After(gap)
			word := fmt.Sprintf("fresh%03d", i)
			if _, err := data.SaveArticle(ctx, team.Operator(), sample.Article(word), ""); err != nil {
				b.Fatal(err)
			}
			written := time.Now()
			go func() { delays <- untilFound(index, data, word, written) }()
			<-next
		}
		var list []float64
		for range writes {
			list = append(list, <-delays)
		}
		stop()
		<-ended
		index.Close()
		slices.Sort(list)
		fmt.Printf("\nfrom write to findable, ms, at 10 writes a second: p50 %.0f, p99 %.0f\n\n", list[writes/2], list[writes*99/100])
		b.ReportMetric(list[writes*99/100], "p99_ms")
	}
}

func untilFound(index *search.Index, data *store.Store, word string, written time.Time) float64 {
	for {
		r, err := index.Search(context.Background(), search.Query{Text: word, Classes: []string{team.ClassArticle}, Limit: 1})
		if err == nil && len(r.Hits) == 1 {
			if a, err := data.Article(context.Background(), team.Operator(), r.Hits[0].ID); err == nil && a.Title == word {
				return float64(time.Since(written).Microseconds()) / 1000
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// BenchmarkStart starts the built program on a database of 10,000 articles with
// its index, and prints how long it takes to the first page and until it is ready.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	filled(b, dir, 10_000).Close()
	startAndStop(b, dir) // builds the index
	for b.Loop() {
		page, ready := startAndStop(b, dir)
		fmt.Printf("\nstart on 10,000 articles, s: first page %.2f, ready %.2f\n\n", page.Seconds(), ready.Seconds())
		b.ReportMetric(page.Seconds(), "page_s")
		b.ReportMetric(ready.Seconds(), "ready_s")
	}
}

func startAndStop(b *testing.B, dir string) (page, ready time.Duration) {
	b.Helper()
	if _, err := built(); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	p := startProgram(b, nil, "--data-dir", dir)
	defer func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}()
	untilOK(p.address + "/sign-in")
	page = time.Since(start)
	untilOK(p.address + "/readyz")
	return page, time.Since(start)
}

func untilOK(address string) {
	for {
		if answer, err := http.Get(address); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// filled is a database with that many articles, made of the demo's.
func filled(b *testing.B, dir string, n int) *store.Store {
	b.Helper()
	data, err := store.Open(context.Background(), filepath.Join(dir, "tasuki.db"))
	if err != nil {
		b.Fatal(err)
	}
	d := sample.Demo(time.Now())
	var articles []team.Article
	for _, a := range d.Articles {
		if a.Compartment == "" {
			articles = append(articles, a)
		}
	}
	for i := len(articles); i < n; i++ {
		a := articles[i%40]
		a.ID = fmt.Sprintf("ARTICLE%019d", i)
		a.Title, a.Reason = fmt.Sprintf("%s (%d)", strings.TrimSpace(a.Title), i), articles[(i/40)%40].Reason+a.Reason
		a.Wordings = nil
		articles = append(articles, a)
	}
	for _, a := range d.Articles {
		if a.Compartment != "" {
			articles = append(articles, a)
		}
	}
	d.Articles = articles
	err = data.LoadDemo(context.Background(), store.DemoData(d))
	if err != nil {
		b.Fatal(err)
	}
	return data
}
