package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"tasuki/internal/sample"
	"tasuki/internal/team"
)

// BenchmarkSearch asks the same questions of this index and of bleve's own match
// query (analyzer cjk) over the same texts in the same run, and reports both and
// their ratio. The texts are resampled to TASUKI_BENCH_DOCS documents (10,000) from
// the folders in TASUKI_BENCH_DATA (docs.jsonl and queries.jsonl in each), or from
// the demo department.
func BenchmarkSearch(b *testing.B) {
	docs, questions := benchTexts(b)
	ours, plain := benchIndex(b, docs), plainIndex(b, docs)
	for b.Loop() {
		mine := times(b, questions, func(q string) error {
			_, err := ours.Search(context.Background(), Query{Text: q, Classes: []string{team.ClassArticle}, Limit: 10})
			return err
		})
		theirs := times(b, questions, func(q string) error {
			_, err := plain.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(q), 10, 0, false))
			return err
		})
		for _, p := range []int{50, 99} {
			m, t := percentile(mine, p), percentile(theirs, p)
			b.ReportMetric(m, fmt.Sprintf("p%d_ms", p))
			b.ReportMetric(t, fmt.Sprintf("p%d_plain_ms", p))
			b.ReportMetric(t/m, fmt.Sprintf("p%d_times_faster", p))
		}
	}
}

func times(b *testing.B, questions []string, ask func(string) error) []float64 {
	b.Helper()
	var list []float64
	for _, q := range questions {
		start := time.Now()
		if err := ask(q); err != nil {
			b.Fatal(err)
		}
		list = append(list, float64(time.Since(start).Microseconds())/1000)
	}
	slices.Sort(list)
	return list
}

func percentile(sorted []float64, p int) float64 {
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// benchTexts makes documents of random pieces of the texts there are.
func benchTexts(b *testing.B) (docs []team.Document, questions []string) {
	b.Helper()
	size := 10_000
	if n, err := strconv.Atoi(os.Getenv("TASUKI_BENCH_DOCS")); err == nil {
		size = n
	}
	titles, bodies, questions := benchSource(b)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range size {
		body := bodies[random.IntN(len(bodies))]
		if i >= len(bodies) {
			// Beyond the first copy, lines are mixed, so that no two documents are the same.
			body = mixed(random, body) + "\n" + mixed(random, bodies[random.IntN(len(bodies))])
		}
		docs = append(docs, team.Document{Kind: team.KindArticle, Class: team.ClassArticle, ID: strconv.Itoa(i), Title: titles[random.IntN(len(titles))], Body: body})
	}
	random.Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })
	return docs, questions[:min(len(questions), 300)]
}

func mixed(random *rand.Rand, s string) string {
	sentences := strings.SplitAfter(s, "。")
	random.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
	return strings.Join(sentences[:(len(sentences)+1)/2], "")
}

func benchSource(b *testing.B) (titles, bodies, questions []string) {
	b.Helper()
	folders := filepath.SplitList(os.Getenv("TASUKI_BENCH_DATA"))
	for _, folder := range folders {
		docs, queries := benchFile[evalDoc](b, folder, "docs.jsonl"), benchFile[evalQuery](b, folder, "queries.jsonl")
		for _, d := range docs {
			titles, bodies = append(titles, d.Title), append(bodies, d.Body)
		}
		for _, q := range queries {
			questions = append(questions, q.Text)
		}
	}
	if len(folders) > 0 {
		return titles, bodies, questions
	}
	demo := sample.Demo(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	for _, a := range demo.Articles {
		titles, bodies = append(titles, a.Title), append(bodies, a.Text())
	}
	for _, c := range demo.Consultations {
		questions = append(questions, c.Text)
	}
	return titles, bodies, questions
}

func benchFile[T any](b *testing.B, folder, name string) []T {
	b.Helper()
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	list, err := jsonLines[T](name, f)
	if err != nil {
		b.Fatal(err)
	}
	return list
}

func benchIndex(b *testing.B, docs []team.Document) *Index {
	b.Helper()
	x := Open(b.TempDir())
	b.Cleanup(func() { x.Close() })
	start := time.Now()
	if err := x.CatchUp(context.Background(), values{docs: docs}); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d documents indexed at %.0f a second", len(docs), float64(len(docs))/time.Since(start).Seconds())
	return x
}

func plainIndex(b *testing.B, docs []team.Document) bleve.Index {
	b.Helper()
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = cjk.AnalyzerName
	x, err := bleve.NewUsing(filepath.Join(b.TempDir(), "plain"), m, scorch.Name, scorch.Name, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	for chunk := range slices.Chunk(docs, batchSize) {
		batch := x.NewBatch()
		for _, d := range chunk {
			if err := batch.Index(d.ID, map[string]any{"title": d.Title, "body": d.Body}); err != nil {
				b.Fatal(err)
			}
		}
		if err := x.Batch(batch); err != nil {
			b.Fatal(err)
		}
	}
	return x
}
