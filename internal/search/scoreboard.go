package search

import (
	"cmp"
	"container/heap"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// scoreboard holds a score for every document number, and remembers which it has
// touched, so that a query costs what it reads and not what the index holds.
type scoreboard struct {
	scores  []float32
	touched []uint64
	numbers [512]uint32
}

var scoreboards = sync.Pool{New: func() any { return &scoreboard{} }}

// borrowScoreboard returns an empty one; give it back with clear.
func borrowScoreboard(size int) *scoreboard {
	s := scoreboards.Get().(*scoreboard)
	if len(s.scores) < size {
		s.scores = make([]float32, size)
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

// add gives every document of a set what it gains by its length.
func (s *scoreboard) add(set *roaring.Bitmap, offset uint64, lengths []uint8, gains *[lengthMarks]float32) {
	scores := s.scores[offset:]
	each := set.ManyIterator()
	for n := each.NextMany(s.numbers[:]); n > 0; n = each.NextMany(s.numbers[:]) {
		for _, number := range s.numbers[:n] {
			if scores[number] == 0 {
				s.touched = append(s.touched, offset+uint64(number))
			}
			scores[number] += gains[lengths[number]]
		}
	}
}

// scored is a document by its number in one reader, and the segment that has it.
type scored struct {
	doc   uint64
	part  int
	score float32
}

// leaders returns the n best documents that are wanted, and those that share the
// last one's score, but never more than twice n; sorted by number.
func (s *scoreboard) leaders(n int, wanted func(doc uint64) bool) []scored {
	var best lowest
	for _, doc := range s.touched {
		score := s.scores[doc]
		if len(best) == n && score <= best[0] || !wanted(doc) {
			continue
		}
		if len(best) < n {
			heap.Push(&best, score)
			continue
		}
		best[0] = score
		heap.Fix(&best, 0)
	}
	if len(best) == 0 {
		return nil
	}
	list := make([]scored, 0, n)
	for _, doc := range s.touched {
		if score := s.scores[doc]; score >= best[0] && len(list) < 2*n && wanted(doc) {
			list = append(list, scored{doc: doc, score: score})
		}
	}
	slices.SortFunc(list, func(x, y scored) int { return cmp.Compare(x.doc, y.doc) })
	return list
}

// lowest is a heap of scores with the lowest one first.
type lowest []float32

func (l lowest) Len() int           { return len(l) }
func (l lowest) Less(i, j int) bool { return l[i] < l[j] }
func (l lowest) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *lowest) Push(score any)    { *l = append(*l, score.(float32)) }
func (l *lowest) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}
