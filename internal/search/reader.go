package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
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
	offsets      []uint64                   // a segment's first document number, and last the number of all
	dictionaries [][]segment.TermDictionary // by field as in fieldNames, then by segment
	lengths      []lengths                  // by segment
	documents    float64
}

// open returns a reader of what the index holds now; close it.
func (s *shard) open() (*shardReader, error) {
	snapshot, err := snapshotOf(s.index)
	if err != nil {
		return nil, err
	}
	r := &shardReader{snapshot: snapshot, segments: snapshot.Segments(), offsets: []uint64{0}}
	for i, part := range r.segments {
		r.offsets = append(r.offsets, r.offsets[i]+uint64(part.FullSize()))
		r.documents += float64(part.LiveSize())
	}
	if r.lengths, err = s.lengths.of(r.segments); err == nil {
		err = r.openDictionaries()
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func snapshotOf(inner bleve.Index) (*scorch.IndexSnapshot, error) {
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
	return snapshot, nil
}

func (r *shardReader) openDictionaries() error {
	for _, name := range fieldNames() {
		var list []segment.TermDictionary
		for _, s := range r.segments {
			d, err := s.Segment().Dictionary(name)
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		r.dictionaries = append(r.dictionaries, list)
	}
	return nil
}

func (r *shardReader) close() { r.snapshot.Close() }

// size is one more than the highest document number.
func (r *shardReader) size() int { return int(r.offsets[len(r.offsets)-1]) }

// postings is the documents that have one token in one field, segment by segment.
type postings struct {
	field int               // as in fieldNames
	parts []*roaring.Bitmap // nil where a segment has none; deleted documents are in them
	count int               // of documents that are not deleted
	gain  gain
}

func (r *shardReader) postings(token string, field int) (postings, error) {
	p := postings{field: field}
	for i, dictionary := range r.dictionaries[field] {
		set, err := documentSet(dictionary, token)
		if err != nil {
			return p, err
		}
		if p.parts = append(p.parts, set); set == nil {
			continue
		}
		p.count += int(set.GetCardinality())
		if deleted := r.segments[i].Deleted(); deleted != nil {
			p.count -= int(set.AndCardinality(deleted))
		}
	}
	return p, nil
}

// lengthCache keeps the lengths of the segments in use: a segment never changes.
type lengthCache struct {
	mu sync.Mutex
	by map[uint64]lengths
}

func (c *lengthCache) of(segments []*scorch.SegmentSnapshot) ([]lengths, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	used := map[uint64]lengths{}
	var list []lengths
	for _, s := range segments {
		l := c.by[s.Id()]
		if l == nil {
			var err error
			if l, err = readLengths(s.Segment(), int(s.FullSize())); err != nil {
				return nil, err
			}
		}
		used[s.Id()] = l
		list = append(list, l)
	}
	c.by = used
	return list, nil
}

// find returns the best documents of the wanted classes, and the ideal score.
func (s *shard) find(ctx context.Context, terms []term, wanted map[string]bool, limit int) (hits []Hit, ideal float64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read the search index: %v", r)
		}
	}()
	reader, err := s.open()
	if err != nil {
		return nil, 0, err
	}
	defer reader.close()
	tokens, ideal, err := reader.plan(ctx, terms, s.averages)
	if err != nil {
		return nil, 0, err
	}
	hits, err = reader.best(ctx, tokens, wanted, limit)
	return hits, ideal, err
}

func (r *shardReader) best(ctx context.Context, tokens []known, wanted map[string]bool, limit int) ([]Hit, error) {
	board := borrowScoreboard(r.size())
	defer board.clear()
	rest, err := r.score(ctx, tokens, board)
	if err != nil {
		return nil, err
	}
	ofClass, err := r.ofClass(wanted)
	if err != nil {
		return nil, err
	}
	list := board.leaders(maxLeaders, ofClass)
	for i := range list {
		list[i].part = r.part(list[i].doc)
	}
	if err := r.rescore(ctx, rest, list); err != nil {
		return nil, err
	}
	return r.hits(list, limit)
}

// part is the segment that holds a document number.
func (r *shardReader) part(doc uint64) int {
	for i := range r.segments {
		if doc < r.offsets[i+1] {
			return i
		}
	}
	panic("a document number beyond the index")
}

// ofClass tells which documents are of a wanted class and not deleted.
func (r *shardReader) ofClass(wanted map[string]bool) (func(doc uint64) bool, error) {
	sets := make([]*roaring.Bitmap, len(r.segments))
	for i, s := range r.segments {
		sets[i] = roaring.New()
		for class := range wanted {
			set, err := documentSet(r.dictionaries[0][i], class)
			if err != nil {
				return nil, err
			}
			if set != nil {
				sets[i].Or(set)
			}
		}
		if deleted := s.Deleted(); deleted != nil {
			sets[i].AndNot(deleted)
		}
	}
	return func(doc uint64) bool {
		part := r.part(doc)
		return sets[part].Contains(uint32(doc - r.offsets[part]))
	}, nil
}

// hits names the best of the leaders, and those that share the last one's score.
func (r *shardReader) hits(list []scored, limit int) ([]Hit, error) {
	slices.SortStableFunc(list, func(x, y scored) int { return cmp.Compare(y.score, x.score) })
	var hits []Hit
	for i, l := range list {
		if i >= limit && l.score < list[limit-1].score {
			break
		}
		external, err := r.snapshot.ExternalID(index.NewIndexInternalID(nil, l.doc))
		if err != nil {
			return nil, err
		}
		part := strings.SplitN(external, " ", 3)
		if len(part) != 3 {
			return nil, fmt.Errorf("a document of the search index is called %q", external)
		}
		hits = append(hits, Hit{Class: part[0], Kind: part[1], ID: part[2], Score: float64(l.score)})
	}
	return hits, nil
}
