package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// Textbook BM25 (Robertson and Zaragoza 2009). bleve's own "bm25" scoring differs
// from it in four places and found less in trials.
const (
	k1 = 1.0
	b  = 0.75
)

// field is one part of a document with its weight in the sum and how far its
// length matters: an article with many wordings must not suffer for them.
type field struct {
	name   string
	weight float64
	b      float64
}

// The whole of a document, title included, is one field; the title counts once
// more beside it. A wording that askers used counts less than both together, so
// that it cannot push down the article that has these very words as its title.
var fields = []field{{"whole", 1, b}, {"title", 0.5, b}, {"wordings", 1, 0.4}, {"keywords", 0.5, b}}

// term is a token of the query with its weight there.
type term struct {
	token  string
	weight float64
}

// maxTerms bounds the work of one query; the rarest tokens decide.
const maxTerms = 60

// scored is a document number of one reader with its score.
type scored struct {
	doc   uint64
	score float64
}

// reading is one posting list to add up.
type reading struct {
	postings index.TermFieldReader
	factor   float64 // weight × idf × (k1+1)
	average  float64
	b        float64
}

// score adds up every document's BM25 over the rarest terms. It returns the scores
// in no order, and what a document made of just the query's words would get: the
// measure of "answered before".
func score(ctx context.Context, reader index.IndexReader, terms []term, average map[string]float64) ([]scored, float64, error) {
	count, err := reader.DocCount()
	if err != nil || count == 0 {
		return nil, 0, err
	}
	lists, ideal, err := open(ctx, reader, terms, average, float64(count))
	defer func() {
		for _, l := range lists {
			l.postings.Close()
		}
	}()
	if err != nil {
		return nil, 0, err
	}
	scores := make([]float64, count)
	var doc index.TermFieldDoc
	for _, l := range lists {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		if scores, err = l.addTo(scores, &doc); err != nil {
			return nil, 0, err
		}
	}
	return found(scores), ideal, nil
}

// open finds the posting lists of the query's rarest terms in every field.
func open(ctx context.Context, reader index.IndexReader, terms []term, average map[string]float64, count float64) ([]reading, float64, error) {
	type candidate struct {
		rank  float64
		lists []reading
	}
	var all []candidate
	var opened []reading
	unknown := 0.0 // words that no document has make a question less likely answered before
	for _, t := range terms {
		c := candidate{}
		for _, f := range fields {
			postings, err := reader.TermFieldReader(ctx, []byte(t.token), f.name, true, true, false)
			if err != nil {
				return opened, 0, err
			}
			df := float64(postings.Count())
			idf := math.Log(1 + (count-df+0.5)/(df+0.5))
			r := reading{postings, f.weight * t.weight * idf * (k1 + 1), average[f.name], f.b}
			opened = append(opened, r)
			if df > 0 {
				c.rank = max(c.rank, t.weight*idf)
				c.lists = append(c.lists, r)
			}
		}
		if c.lists == nil {
			unknown += t.weight * math.Log(1+2*count)
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(x, y candidate) int { return cmp.Compare(y.rank, x.rank) })
	var chosen []reading
	ideal := 0.0
	for i, c := range all {
		if i < maxTerms {
			ideal += c.rank
			chosen = append(chosen, c.lists...)
			continue
		}
		for _, l := range c.lists {
			l.postings.Close()
		}
	}
	return chosen, (ideal + unknown) * (fields[0].weight + fields[1].weight), nil
}

// addTo adds one posting list to the scores, which grow where the reader has
// numbered documents beyond its count (deleted ones keep their numbers).
func (l reading) addTo(scores []float64, doc *index.TermFieldDoc) ([]float64, error) {
	flat, slope := k1*(1-l.b), 0.0
	if l.average > 0 {
		slope = k1 * l.b / l.average
	}
	for {
		next, err := l.postings.Next(doc)
		if err != nil || next == nil {
			return scores, err
		}
		n := next.ID.Value()
		if n >= uint64(len(scores)) {
			scores = append(scores, make([]float64, n+1-uint64(len(scores))+1024)...)
		}
		tf := float64(next.Freq)
		scores[n] += l.factor * tf / (tf + flat + slope/(next.Norm*next.Norm))
	}
}

func found(scores []float64) []scored {
	n := 0
	for _, s := range scores {
		if s > 0 {
			n++
		}
	}
	list := make([]scored, 0, n)
	for doc, s := range scores {
		if s > 0 {
			list = append(list, scored{uint64(doc), s})
		}
	}
	return list
}
