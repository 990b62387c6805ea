package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
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
// query (analyzer cjk) over the same texts in the same run, and prints a table. The
// texts are resampled to TASUKI_BENCH_DOCS documents (10,000) from the folders in
// TASUKI_BENCH_DATA (docs.jsonl, queries.jsonl and qrels.tsv in each), or from the
// demo department. Both include marking the words in the ten texts shown.
func BenchmarkSearch(b *testing.B) {
	corpus := benchCorpus(b)
	texts := residentMB(b, "RssAnon:")
	for b.Loop() {
		ours, rate := benchIndex(b, corpus)
		// The first questions load pages of the index and are not counted.
		corpus.ask(b, corpus.questions[:min(20, len(corpus.questions))], ours)
		mine, myFirst := corpus.ask(b, corpus.questions, ours)
		resident, own := residentMB(b, "VmRSS:"), residentMB(b, "RssAnon:")
		plain := plainIndex(b, corpus)
		corpus.ask(b, corpus.questions[:min(20, len(corpus.questions))], plain)
		theirs, theirFirst := corpus.ask(b, corpus.questions, plain)
		fmt.Printf("\n%d documents, %d questions          Tasuki     bleve match (cjk)   times faster\n", corpus.size, len(corpus.questions))
		for _, p := range []int{50, 99} {
			m, t := percentile(mine, p), percentile(theirs, p)
			fmt.Printf("  p%d of a search, ms            %8.2f   %8.2f            %8.1f\n", p, m, t, t/m)
			b.ReportMetric(m, fmt.Sprintf("p%d_ms", p))
			b.ReportMetric(t/m, fmt.Sprintf("p%d_times_faster", p))
		}
		fmt.Printf("  right answer first             %8.3f   %8.3f\n  documents indexed a second     %8.0f\n  resident memory, MB            %8.0f\n  of that, not pages of files    %8.0f\n  of that, texts of this benchmark %6.0f\n\n", myFirst, theirFirst, rate, resident, own, texts)
	}
}

// searcher returns the ids of the best ten documents, best first.
type searcher func(question string) ([]string, error)

type benchQuestion struct {
	text  string
	right map[string]int
}

// corpus makes documents when they are asked for, so that its texts do not count as
// memory of the index. The first ones are the texts there are; the others are mixed
// from them, so that no two are the same.
type corpus struct {
	values
	size      int
	questions []benchQuestion
	languages [][]team.Document // docs by language, for mixing as many of each
	reading   time.Duration     // spent on making texts anew for marking
}

// read is a document as a page reads it from the database. Making it anew is work
// that only this benchmark has, and is taken off the time of a search.
func (c *corpus) read(i int) team.Document {
	start := time.Now()
	defer func() { c.reading += time.Since(start) }()
	return c.doc(i)
}

func (c *corpus) doc(i int) team.Document {
	if i < len(c.docs) {
		return c.docs[i]
	}
	random := rand.New(rand.NewPCG(1, uint64(i)))
	language := c.languages[i%len(c.languages)]
	pick := func() team.Document { return language[random.IntN(len(language))] }
	return team.Document{Kind: team.KindArticle, Class: team.ClassArticle, ID: strconv.Itoa(i), Title: mixed(random, pick().Title),
		Body: mixed(random, pick().Body) + "\n" + mixed(random, pick().Body)}
}

func mixed(random *rand.Rand, s string) string {
	sentences := strings.SplitAfter(strings.ReplaceAll(s, ". ", ".\n"), "\n")
	if strings.Contains(s, "。") {
		sentences = strings.SplitAfter(s, "。")
	}
	random.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
	return strings.Join(sentences[:(len(sentences)+1)/2], "")
}

func (c *corpus) LastChange(context.Context) (int64, error) { return int64(c.size), nil }
func (c *corpus) Changes(_ context.Context, after int64, limit int) (list []team.Change, err error) {
	for i := int(after); i < c.size && len(list) < limit; i++ {
		list = append(list, team.Change{Seq: int64(i + 1), Kind: team.KindArticle, ID: c.doc(i).ID})
	}
	return list, nil
}
func (c *corpus) Documents(_ context.Context, changes []team.Change) (list []team.Document, err error) {
	for _, change := range changes {
		list = append(list, c.doc(int(change.Seq-1)))
	}
	return list, nil
}

// ask times every question and returns how often a right document came first.
func (c *corpus) ask(b *testing.B, questions []benchQuestion, search searcher) (ms []float64, first float64) {
	b.Helper()
	for _, q := range questions {
		start, before := time.Now(), c.reading
		ids, err := search(q.text)
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(start) - (c.reading - before)
		ms = append(ms, float64(took.Microseconds())/1000)
		if len(ids) > 0 && q.right[ids[0]] > 0 {
			first += 1 / float64(len(questions))
		}
	}
	slices.Sort(ms)
	return ms, first
}

func percentile(sorted []float64, p int) float64 {
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

func benchCorpus(b *testing.B) *corpus {
	b.Helper()
	c := &corpus{size: 10_000, values: values{jargon: sample.StarterJargon()}}
	if n, err := strconv.Atoi(os.Getenv("TASUKI_BENCH_DOCS")); err == nil {
		c.size = n
	}
	var japanese, english []benchQuestion
	add := func(q benchQuestion) {
		if strings.ContainsFunc(q.text, isJapanese) {
			japanese = append(japanese, q)
		} else {
			english = append(english, q)
		}
	}
	folders := filepath.SplitList(os.Getenv("TASUKI_BENCH_DATA"))
	for _, folder := range folders {
		c.addFolder(b, folder, add)
	}
	if len(folders) == 0 {
		c.addDemo(add)
	}
	c.size = max(c.size, len(c.docs))
	c.splitLanguages()
	random := rand.New(rand.NewPCG(1, 2))
	for _, list := range [][]benchQuestion{japanese, english} { // half and half where there are both
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		c.questions = append(c.questions, list[:min(len(list), 500)]...)
	}
	return c
}

func (c *corpus) splitLanguages() {
	var split [2][]team.Document
	for _, d := range c.docs {
		if strings.ContainsFunc(d.Title+d.Body, isJapanese) {
			split[0] = append(split[0], d)
		} else {
			split[1] = append(split[1], d)
		}
	}
	c.languages = slices.DeleteFunc(split[:], func(list []team.Document) bool { return len(list) == 0 })
}

func (c *corpus) addFolder(b *testing.B, folder string, add func(benchQuestion)) {
	b.Helper()
	open := func(name string) *os.File {
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { f.Close() })
		return f
	}
	source, err := evalSource(EvalInput{Docs: open("docs.jsonl")})
	if err != nil {
		b.Fatal(err)
	}
	queries, err := jsonLines[evalQuery]("queries", open("queries.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	wanted, err := qrels(open("qrels.tsv"))
	if err != nil {
		b.Fatal(err)
	}
	place := map[string]string{}
	for _, d := range source.docs {
		place[d.ID] = strconv.Itoa(len(c.docs))
		d.ID = place[d.ID]
		c.docs = append(c.docs, d)
	}
	for _, q := range queries {
		right := map[string]int{}
		for id, grade := range wanted[string(q.ID)] {
			right[place[id]] = grade
		}
		if len(right) > 0 && len(q.Exclude) == 0 {
			add(benchQuestion{q.Text, right})
		}
	}
}

func (c *corpus) addDemo(add func(benchQuestion)) {
	demo := sample.Demo(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	place := map[string]string{}
	for _, a := range demo.Articles {
		place[a.ID] = strconv.Itoa(len(c.docs))
		c.docs = append(c.docs, team.Document{Kind: team.KindArticle, Class: team.ClassArticle, ID: place[a.ID], Title: a.Title, Body: a.Text()})
	}
	for _, p := range sample.Paraphrases() {
		add(benchQuestion{p.Text, map[string]int{place[p.Article]: 1}})
	}
	for _, q := range demo.Consultations {
		add(benchQuestion{text: q.Text})
	}
}

func benchIndex(b *testing.B, c *corpus) (searcher, float64) {
	b.Helper()
	x := Open(b.TempDir())
	b.Cleanup(func() { x.Close() })
	if err := LoadDictionary(); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := x.CatchUp(context.Background(), c); err != nil {
		b.Fatal(err)
	}
	x.shards[""].joining.Wait()
	rate := float64(c.size) / time.Since(start).Seconds()
	return func(question string) (ids []string, err error) {
		r, err := x.Search(context.Background(), Query{Text: question, Classes: []string{team.ClassArticle}, Limit: 10})
		for _, h := range r.Hits {
			i, _ := strconv.Atoi(h.ID)
			d := c.read(i)
			Highlight(d.Title, r.Words, team.MaxTitle)
			Highlight(d.Body, r.Words, 120)
			ids = append(ids, h.ID)
		}
		return ids, err
	}, rate
}

// residentMB is the memory of this program now, by a line of its status: VmRSS
// includes the pages of the index, which the system takes back when it needs them.
func residentMB(b *testing.B, line string) float64 {
	b.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Log("resident memory is measured on Linux only")
		return 0
	}
	_, rest, _ := strings.Cut(string(status), line)
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}

func plainIndex(b *testing.B, c *corpus) searcher {
	b.Helper()
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = cjk.AnalyzerName
	x, err := bleve.NewUsing(filepath.Join(b.TempDir(), "plain"), m, scorch.Name, scorch.Name, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	for from := 0; from < c.size; from += readSize {
		batch := x.NewBatch()
		for i := from; i < min(from+readSize, c.size); i++ {
			d := c.doc(i)
			if err := batch.Index(d.ID, map[string]any{"title": d.Title, "body": d.Body}); err != nil {
				b.Fatal(err)
			}
		}
		if err := x.Batch(batch); err != nil {
			b.Fatal(err)
		}
	}
	return func(question string) (ids []string, err error) {
		request := bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), 10, 0, false)
		request.Highlight = bleve.NewHighlight() // both mark the words in the ten texts shown
		r, err := x.Search(request)
		if err != nil {
			return nil, err
		}
		for _, h := range r.Hits {
			ids = append(ids, h.ID)
		}
		return ids, nil
	}
}
