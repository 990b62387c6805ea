package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// shardReader reads one index as it was at one moment. It goes to bleve's segments
// directly: bleve's own reader opens every dictionary again for every token.
type shardReader struct {
	snapshot     *scorch.IndexSnapshot
	segments     []*scorch.SegmentSnapshot
	offsets      []uint64 // a segment's first document number, and last the number of all
	dictionaries map[string][]segment.TermDictionary
	documents    float64
}

func openReader(inner bleve.Index) (*shardReader, error) {
	advanced, err := inner.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		reader.Close()
		return nil, fmt.Errorf("the search index is no scorch index but %T", reader)
	}
	r := &shardReader{snapshot: snapshot, segments: snapshot.Segments(), offsets: []uint64{0}, dictionaries: map[string][]segment.TermDictionary{}}
	for i, s := range r.segments {
		r.offsets = append(r.offsets, r.offsets[i]+uint64(s.FullSize()))
		r.documents += float64(s.LiveSize())
	}
	for _, f := range fields {
		for _, s := range r.segments {
			d, err := s.Segment().Dictionary(f.name)
			if err != nil {
				snapshot.Close()
				return nil, err
			}
			r.dictionaries[f.name] = append(r.dictionaries[f.name], d)
		}
	}
	return r, nil
}

func (r *shardReader) close() { r.snapshot.Close() }

// size is one more than the highest document number.
func (r *shardReader) size() int { return int(r.offsets[len(r.offsets)-1]) }

func (r *shardReader) postings(token string, f field) (postings, error) {
	p := postings{b: f.b}
	for i, d := range r.dictionaries[f.name] {
		list, err := d.PostingsList([]byte(token), r.segments[i].Deleted(), nil)
		if err != nil {
			return p, err
		}
		n := int(list.Count())
		if n == 0 {
			list = nil
		}
		p.count += n
		p.lists = append(p.lists, list)
	}
	return p, nil
}

// scored is a document number of one reader with its score.
type scored struct {
	doc   uint64
	score float64
}

// scoreboard holds a score for every document number, and remembers which it has
// touched, so that a query costs what it reads and not what the index holds.
type scoreboard struct {
	scores  []float64
	touched []uint64
}

var scoreboards = sync.Pool{New: func() any { return &scoreboard{} }}

// borrowScoreboard returns an empty one; give it back with clear.
func borrowScoreboard(size int) *scoreboard {
	s := scoreboards.Get().(*scoreboard)
	if len(s.scores) < size {
		s.scores = make([]float64, size)
	}
	return s
}

func (s *scoreboard) clear() {
	for _, doc := range s.touched {
		s.scores[doc] = 0
	}
	s.touched = s.touched[:0]
	scoreboards.Put(s)
}

func (s *scoreboard) add(doc uint64, score float64) {
	if s.scores[doc] == 0 {
		s.touched = append(s.touched, doc)
	}
	s.scores[doc] += score
}

// leaders returns the n best documents of the wanted classes as hits without
// their final score, and as numbers in the same order.
func (r *shardReader) leaders(board *scoreboard, wanted map[string]bool, n int) ([]scored, []Hit, error) {
	heap := make(maxHeap, len(board.touched))
	for i, doc := range board.touched {
		heap[i] = scored{doc, board.scores[doc]}
	}
	heap.init()
	var list []scored
	var hits []Hit
	for len(heap) > 0 && (len(list) < n || heap[0].score == list[len(list)-1].score && len(list) < n+maxLeaders) {
		top := heap.pop()
		external, err := r.snapshot.ExternalID(index.NewIndexInternalID(nil, top.doc))
		if err != nil {
			return nil, nil, err
		}
		part := strings.SplitN(external, " ", 3)
		if len(part) == 3 && wanted[part[0]] {
			list = append(list, top)
			hits = append(hits, Hit{Class: part[0], Kind: part[1], ID: part[2], Score: top.score})
		}
	}
	return list, hits, nil
}

// sortedByNumber orders leaders as posting lists are, and their hits with them.
func sortedByNumber(list []scored, hits []Hit) ([]scored, []Hit) {
	at := make([]int, len(list))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(x, y int) int { return cmp.Compare(list[x].doc, list[y].doc) })
	sorted, sortedHits := make([]scored, len(list)), make([]Hit, len(list))
	for to, from := range at {
		sorted[to], sortedHits[to] = list[from], hits[from]
	}
	return sorted, sortedHits
}

// find returns the best documents of the wanted classes, and the ideal score.
func (s *shard) find(ctx context.Context, terms []term, wanted map[string]bool, limit int) (hits []Hit, ideal float64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read the search index: %v", r)
		}
	}()
	reader, err := openReader(s.index)
	if err != nil {
		return nil, 0, err
	}
	defer reader.close()
	tokens, ideal, err := reader.plan(ctx, terms, s.averages)
	if err != nil {
		return nil, 0, err
	}
	board := borrowScoreboard(reader.size())
	defer board.clear()
	rest, err := reader.score(ctx, tokens, board)
	if err != nil {
		return nil, 0, err
	}
	if len(rest) == 0 {
		_, hits, err = reader.leaders(board, wanted, limit)
		return hits, ideal, err
	}
	list, hits, err := reader.leaders(board, wanted, max(limit, maxLeaders))
	if err != nil {
		return nil, 0, err
	}
	list, hits = sortedByNumber(list, hits)
	err = reader.rescore(ctx, rest, list)
	for i := range hits {
		hits[i].Score = list[i].score
	}
	return hits, ideal, err
}

// maxHeap is a binary heap by score: a search looks at a few of the many documents
// that share a word, and sorting all of them would cost more than scoring.
type maxHeap []scored

func (h maxHeap) init() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

func (h *maxHeap) pop() scored {
	old := *h
	top := old[0]
	old[0] = old[len(old)-1]
	*h = old[:len(old)-1]
	h.down(0)
	return top
}

func (h maxHeap) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1].score > h[child].score {
			child++
		}
		if h[i].score >= h[child].score {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
