package search

import (
	"context"
	"io"
	"math"
	"os"
	"slices"
	"sort"
	"time"

	"tasuki/internal/team"
)

// EvalInput is a set of questions with known answers. Docs, Queries and Aliases are
// JSON Lines: {"id","title","body"}, {"id","text"[,"exclude"][,"oos"]}, and the
// wording and its document under any of evalAlias' names. Ids are text or numbers.
// Qrels has query, document and grade, or TREC's four columns, with or without a
// line of headings. Aliases and Jargon may be missing.
type EvalInput struct {
	Docs, Queries, Qrels, Aliases io.Reader
	Jargon                        []team.JargonTerm
}

// EvalReport is how well the product's own analyzers and query do on a set. Queries
// counts those that are in scope and have a right document; only they make the
// means. A grade above 0 is right; NDCG alone looks at how much. MRR looks at the
// first 100 hits. AUROC says how well the confidence tells questions answered before
// from the others, where queries carry "oos" (out of scope).
type EvalReport struct {
	Queries int      `json:"queries"`
	MRR     float64  `json:"mrr"`
	P1      float64  `json:"p@1"`
	Hit5    float64  `json:"hit@5"`
	Hit10   float64  `json:"hit@10"`
	R5      float64  `json:"r@5"`
	NDCG10  float64  `json:"ndcg@10"`
	P50     float64  `json:"p50_ms"`
	P99     float64  `json:"p99_ms"`
	IndexS  float64  `json:"index_s"`
	AUROC   *float64 `json:"auroc,omitempty"`
}

// Eval builds an index in a temporary folder exactly as the product does, asks every
// question and compares. A malformed line is an error that names its number.
func Eval(ctx context.Context, in EvalInput) (report EvalReport, err error) {
	source, err := evalSource(in)
	if err != nil {
		return report, err
	}
	queries, err := jsonLines[evalQuery]("queries", in.Queries)
	if err != nil {
		return report, err
	}
	wanted, err := qrels(in.Qrels)
	if err != nil {
		return report, err
	}
	if err := LoadDictionary(); err != nil {
		return report, err
	}
	dir, err := os.MkdirTemp("", "tasuki-eval-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(dir)
	x := Open(dir)
	defer x.Close()
	start := time.Now()
	if err := x.CatchUp(ctx, source); err != nil {
		return report, err
	}
	report.IndexS = time.Since(start).Seconds()
	return report, ask(ctx, x, queries, wanted, &report)
}

func ask(ctx context.Context, x *Index, queries []evalQuery, wanted map[string]map[string]int, report *EvalReport) error {
	var took, inScope, outOfScope []float64
	for _, q := range queries {
		start := time.Now()
		result, err := x.Search(ctx, Query{Text: q.Text, Classes: []string{team.ClassArticle}, Limit: 100})
		if err != nil {
			return err
		}
		took = append(took, float64(time.Since(start).Microseconds())/1000)
		confidence := 0.0
		if len(result.Hits) > 0 {
			confidence = result.Hits[0].Confidence
		}
		if q.OOS != nil && bool(*q.OOS) {
			outOfScope = append(outOfScope, confidence)
			continue
		}
		if q.OOS != nil {
			inScope = append(inScope, confidence)
		}
		if len(wanted[string(q.ID)]) > 0 {
			report.count(result.Hits, q.Exclude, wanted[string(q.ID)])
		}
	}
	report.finish(took)
	if len(inScope) > 0 && len(outOfScope) > 0 {
		area := auroc(inScope, outOfScope)
		report.AUROC = &area
	}
	return nil
}

func (r *EvalReport) count(hits []Hit, exclude []evalID, wanted map[string]int) {
	r.Queries++
	rank, found5, dcg := 0, 0, 0.0
	for _, h := range hits {
		if rank == 100 {
			break
		}
		if slices.Contains(exclude, evalID(h.ID)) {
			continue
		}
		rank++
		grade := wanted[h.ID]
		if grade == 0 {
			continue
		}
		if r.first(rank, found5 == 0 && dcg == 0); rank <= 5 {
			found5++
		}
		if rank <= 10 {
			dcg += float64(grade) / math.Log2(float64(rank)+1)
		} else if dcg == 0 {
			break
		}
	}
	r.R5 += float64(found5) / float64(len(wanted))
	r.NDCG10 += dcg / idealDCG(wanted)
}

// first counts the first right hit.
func (r *EvalReport) first(rank int, isFirst bool) {
	if !isFirst {
		return
	}
	r.MRR += 1 / float64(rank)
	if rank == 1 {
		r.P1++
	}
	if rank <= 5 {
		r.Hit5++
	}
	if rank <= 10 {
		r.Hit10++
	}
}

func (r *EvalReport) finish(took []float64) {
	for _, sum := range []*float64{&r.MRR, &r.P1, &r.Hit5, &r.Hit10, &r.R5, &r.NDCG10} {
		*sum /= max(float64(r.Queries), 1)
	}
	slices.Sort(took)
	if n := len(took); n > 0 {
		r.P50, r.P99 = took[n/2], took[min(n-1, n*99/100)]
	}
}

func idealDCG(wanted map[string]int) float64 {
	var grades []int
	for _, g := range wanted {
		grades = append(grades, g)
	}
	sort.Sort(sort.Reverse(sort.IntSlice(grades)))
	sum := 0.0
	for i, g := range grades[:min(10, len(grades))] {
		sum += float64(g) / math.Log2(float64(i)+2)
	}
	return sum
}

// auroc is the chance that a question in scope has more confidence than one out of
// scope; equal counts half (Hanley and McNeil 1982).
func auroc(in, out []float64) float64 {
	wins := 0.0
	for _, x := range in {
		for _, y := range out {
			if x > y {
				wins++
			} else if x == y {
				wins += 0.5
			}
		}
	}
	return wins / float64(len(in)*len(out))
}
