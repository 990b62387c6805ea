package search

import (
	"cmp"
	"context"
	"hash/fnv"
	"math"
	"slices"

	"tasuki/internal/text"
)

// Query is a question to the index. Text is already stripped of greeting and
// signature; at most maxQuery runes of it count.
type Query struct {
	Text         string
	Compartments []string // those the person may read, besides the whole department
	Classes      []string // at least one of team's Class constants
	Limit        int      // 1 to 100
}

const maxQuery = 2000

// Hit is one found document. Score compares hits of one search only and is never
// shown; Confidence is 0 to 1, how near the hit comes to a document made of the
// query's own words.
type Hit struct {
	Kind, ID, Class string
	Score           float64
	Confidence      float64
}

// Likelihood says whether a question was answered before.
type Likelihood string

// The likelihoods, from the confidence of the best hit.
const (
	Likely Likelihood = "likely"
	Maybe  Likelihood = "maybe"
	None   Likelihood = "none"
)

// Result is what a search found, best first, and the words it looked for, as
// people write them, for highlighting.
type Result struct {
	Hits     []Hit
	Words    []string
	Answered Likelihood
}

// Search finds documents in the whole department's index and in the compartments
// named. An index that cannot be read now is left out; Ready tells.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	limit := min(max(q.Limit, 1), 100)
	question := text.Fold(text.Snippet(q.Text, maxQuery))
	others := x.dictionary.Load().others(question)
	terms := queryTerms(question, others)
	result := Result{Words: words(question, others), Answered: None}
	if len(terms) == 0 {
		return result, nil
	}
	wanted := map[string]bool{}
	for _, c := range q.Classes {
		wanted[c] = true
	}
	for _, compartment := range append([]string{""}, q.Compartments...) {
		hits, err := x.searchShard(ctx, compartment, terms, wanted, limit)
		if err != nil {
			return result, err
		}
		result.Hits = append(result.Hits, hits...)
	}
	order(result.Hits)
	result.Hits = result.Hits[:min(limit, len(result.Hits))]
	if len(result.Hits) > 0 {
		result.Answered = likelihood(result.Hits[0].Confidence)
	}
	return result, nil
}

func (x *Index) searchShard(ctx context.Context, compartment string, terms []term, wanted map[string]bool, limit int) ([]Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := x.shards[compartment]
	if s == nil {
		return nil, nil
	}
	hits, ideal, err := s.find(ctx, terms, wanted, limit)
	if err != nil && ctx.Err() == nil {
		x.damaged.Store(true) // the follower reopens it; the search goes on without
		return nil, nil
	}
	// Each index has word statistics of its own, so raw scores of two cannot be
	// compared; their shares of the ideal can.
	for i := range hits {
		hits[i].Score /= max(ideal, 1e-9)
		hits[i].Confidence = min(1, hits[i].Score)
	}
	return hits, err
}

// order sorts by score. Ties are frequent; a hash of the id breaks them the same
// way every time without favouring old or new.
func order(hits []Hit) {
	slices.SortFunc(hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(tieBreak(x.ID), tieBreak(y.ID)), cmp.Compare(x.ID, y.ID))
	})
}

func tieBreak(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return h.Sum64()
}

// The confidence from which a question counts as answered before; see EVAL.md.
const (
	likelyFrom = 0.2
	maybeFrom  = 0.1
)

func likelihood(confidence float64) Likelihood {
	switch {
	case confidence >= likelyFrom:
		return Likely
	case confidence >= maybeFrom:
		return Maybe
	}
	return None
}

// synonymWeight is what another spelling from the dictionary counts beside the
// word itself. A spelling of several words shares it out: one of them alone (会社 of
// 会社のスマホ) says little.
const synonymWeight = 0.85

func spellingWeight(spelling string) float64 {
	words := 0
	for _, token := range tokens(spelling) {
		if token[0] == morpheme || token[0] == stem {
			words++
		}
	}
	return synonymWeight / math.Sqrt(float64(max(words, 1)))
}

// queryTerms returns the tokens to look for, each once, with the other spellings
// that the department's dictionary knows.
func queryTerms(question string, others []string) []term {
	var terms []term
	at := map[string]int{}
	add := func(s string, factor float64, own bool) {
		for _, token := range tokens(s) {
			if i, ok := at[token]; ok {
				terms[i].weight = max(terms[i].weight, weight(token)*factor)
				continue
			}
			at[token] = len(terms)
			terms = append(terms, term{token, weight(token) * factor, own})
		}
	}
	add(question, 1, true)
	for _, spelling := range others {
		add(spelling, spellingWeight(spelling), false)
	}
	return terms
}

// words returns the words of the question that carry meaning, for highlighting.
func words(question string, others []string) []string {
	var list []string
	for _, p := range split(question) {
		if !p.japanese {
			for _, w := range p.words {
				if !stopWords[w] {
					list = append(list, w)
				}
			}
			continue
		}
		for _, t := range morphemes(nil, p.text) {
			if w := t[1:]; text.Runes(w) > 1 || class([]rune(w)[0]) == kanji {
				list = append(list, w)
			}
		}
	}
	list = append(list, others...)
	slices.Sort(list)
	return slices.Compact(list)
}
