package search

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const (
	twoDocs = `{"id":"a","title":"USBメモリ","body":"使えません"}` + "\n" + `{"id":"b","title":"退職","body":"止めます"}`
	oneRun  = `{"id":"1","text":"USBメモリは？"}`
)

func eval(t *testing.T, docs, queries, qrels, aliases string) EvalReport {
	t.Helper()
	r, err := Eval(context.Background(), EvalInput{Docs: strings.NewReader(docs), Queries: strings.NewReader(queries),
		Qrels: strings.NewReader(qrels), Aliases: strings.NewReader(aliases)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEvalCounts(t *testing.T) {
	r := eval(t, twoDocs, `{"id":"1","text":"USBメモリは？","oos":false}
{"id":"2","text":"退職","exclude":"b"}
{"id":"3","text":"天気","oos":true}
{"id":"4","text":"nobody says what is right"}`, "1\ta\t1\n2\tb\t1\n", "")
	if r.Queries != 2 || r.MRR != 0.5 || r.P1 != 0.5 || r.AUROC == nil || *r.AUROC != 1 {
		t.Errorf("got %+v", r)
	}
	_, err := Eval(context.Background(), EvalInput{Docs: strings.NewReader("{"), Queries: strings.NewReader(""), Qrels: strings.NewReader("")})
	if err == nil || !strings.Contains(err.Error(), "docs, line 1") {
		t.Errorf("a broken line: %v", err)
	}
}

func TestEvalReadsFilesAsPeopleHaveThem(t *testing.T) {
	for name, f := range map[string]struct{ docs, queries, qrels string }{
		"plain":                {twoDocs, oneRun, "1\ta\t1\n"},
		"Windows":              {"\uFEFF" + strings.ReplaceAll(twoDocs, "\n", "\r\n") + "\r\n", "\uFEFF" + oneRun + "\r\n", "\uFEFF1\ta\t1\r\n"},
		"a heading":            {twoDocs, oneRun, "query\tdoc\tgrade\n1\ta\t1\n"},
		"TREC":                 {twoDocs, oneRun, "1 0 a 1\n1 0 b 0\n"},
		"TREC with tabs":       {twoDocs, oneRun, "1\tQ0\ta\t1\n"},
		"numbers as ids":       {`{"id":7,"title":"USBメモリ"}` + "\n" + `{"id":8,"body":"退職"}`, `{"id":1,"text":"USBメモリは？","exclude":8,"oos":0}`, "1\t7\t1\n"},
		"a list left out":      {twoDocs + "\n" + `{"id":"c","title":"USBメモリ"}`, `{"id":"1","text":"USBメモリは？","exclude":["c",9]}`, "1\ta\t1\n"},
		"nothing left out":     {twoDocs, `{"id":"1","text":"USBメモリは？","exclude":null,"oos":null}`, "1\ta\t1\n"},
		"true and false as 01": {twoDocs, oneRun + "\n" + `{"id":"2","text":"天気","oos":1}`, "1\ta\t1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if r := eval(t, f.docs, f.queries, f.qrels, ""); r.Queries != 1 || r.P1 != 1 {
				t.Errorf("got %+v", r)
			}
		})
	}
}

func TestEvalStoresWordingsUnderTheirUsualNames(t *testing.T) {
	queries := `{"id":"1","text":"最終日の段取り"}`
	for _, alias := range []string{`{"text":"最終日の段取り","doc":"b"}`, `{"query":"最終日の段取り","id":"b"}`, `{"text":"最終日の段取り","id":"b"}`,
		`{"query":"最終日の段取り","doc":"b"}`, `{"query":"最終日の段取り","doc_id":"b"}`, `{"text":"最終日の段取り","document":"b"}`} {
		if r := eval(t, twoDocs, queries, "1\tb\t1\n", alias); r.P1 != 1 {
			t.Errorf("%s: %+v", alias, r)
		}
	}
	if r := eval(t, twoDocs, queries, "1\tb\t1\n", ""); r.P1 != 0 {
		t.Errorf("found without its wording: %+v", r)
	}
	_, err := Eval(context.Background(), EvalInput{Docs: strings.NewReader(twoDocs), Queries: strings.NewReader(queries), Qrels: strings.NewReader(""), Aliases: strings.NewReader(`{"text":"x","doc":"nowhere"}`)})
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a wording of no document: %v", err)
	}
}

func TestEvalPrintsExactlyItsFigures(t *testing.T) {
	area := 0.5
	raw, err := json.Marshal(EvalReport{AUROC: &area})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields("queries mrr p@1 hit@5 hit@10 r@5 ndcg@10 p50_ms p99_ms index_s auroc") {
		if _, ok := got[key]; !ok {
			t.Errorf("%s is missing", key)
		}
		delete(got, key)
	}
	if len(got) > 0 {
		t.Errorf("more than asked: %v", got)
	}
}

// Another, slower way to the same figures, over random results.
func TestEvalAgreesWithItsDefinitions(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		var hits []Hit
		for i := range random.IntN(30) {
			hits = append(hits, Hit{ID: fmt.Sprint(i)})
		}
		random.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
		wanted := map[string]int{}
		for range 1 + random.IntN(12) {
			wanted[fmt.Sprint(random.IntN(40))] = 1 + random.IntN(3)
		}
		var exclude evalIDs
		for range random.IntN(3) {
			exclude = append(exclude, evalID(fmt.Sprint(random.IntN(30))))
		}
		var got EvalReport
		got.count(hits, exclude, wanted)
		if want := slowly(hits, exclude, wanted); math.Abs(got.NDCG10-want.NDCG10) > 1e-9 || got.MRR != want.MRR || got.P1 != want.P1 ||
			got.Hit5 != want.Hit5 || got.Hit10 != want.Hit10 || math.Abs(got.R5-want.R5) > 1e-9 {
			t.Fatalf("hits %v, wanted %v, without %v\ngot  %+v\nwant %+v", hits, wanted, exclude, got, want)
		}
	}
}

func slowly(hits []Hit, exclude evalIDs, wanted map[string]int) (r EvalReport) {
	hits = slices.DeleteFunc(slices.Clone(hits), func(h Hit) bool { return slices.Contains(exclude, evalID(h.ID)) })
	within := func(n int) (right int) {
		for _, h := range hits[:min(n, len(hits))] {
			if wanted[h.ID] > 0 {
				right++
			}
		}
		return right
	}
	one := func(yes bool) float64 {
		if yes {
			return 1
		}
		return 0
	}
	if i := slices.IndexFunc(hits, func(h Hit) bool { return wanted[h.ID] > 0 }); i >= 0 {
		r.MRR = 1 / float64(i+1)
	}
	r.P1, r.Hit5, r.Hit10 = one(within(1) > 0), one(within(5) > 0), one(within(10) > 0)
	r.R5 = float64(within(5)) / float64(len(wanted))
	gain := func(grades []int) (sum float64) {
		for i, g := range grades[:min(10, len(grades))] {
			sum += float64(g) * math.Ln2 / math.Log(float64(i+2))
		}
		return sum
	}
	var actual, ideal []int
	for _, h := range hits {
		actual = append(actual, wanted[h.ID])
	}
	for _, g := range wanted {
		ideal = append(ideal, g)
	}
	slices.Sort(ideal)
	slices.Reverse(ideal)
	r.NDCG10 = gain(actual) / gain(ideal)
	return r
}

func FuzzEvalInput(f *testing.F) {
	f.Add("\uFEFF1\ta\t1\r\n", `{"id":1,"text":"x","exclude":["a"],"oos":0}`)
	f.Fuzz(func(t *testing.T, relevant, queries string) {
		qrels(strings.NewReader(relevant))
		jsonLines[evalQuery]("queries", strings.NewReader(queries))
		jsonLines[evalAlias]("aliases", strings.NewReader(queries))
	})
}
