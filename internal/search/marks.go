package search

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"tasuki/internal/team"
)

// How often a document has a token, and how long its fields are, is written into the
// index as tokens too. So a posting list is nothing but a set of documents, which is
// read ten times faster than bleve's lists with frequencies, and takes half the room.

// frequencies are told apart up to five: the tenth occurrence adds next to nothing.
var frequencies = []struct {
	mark string
	from float64
}{{"2", 2}, {"3", 3}, {"5", 5}}

// Lengths are told apart one by one up to exactLength, then in steps of 7 %; the mark
// 0 is of a document without the field.
const (
	lengthMark  = "#"
	lengthMarks = 200
	exactLength = 20
	lengthSteps = 14 // in each growth by e
)

var markedLength = func() (lengths [lengthMarks]float64) {
	for mark := range lengths {
		lengths[mark] = float64(mark)
		if mark > exactLength {
			lengths[mark] = exactLength * math.Exp(float64(mark-exactLength)/lengthSteps)
		}
	}
	return lengths
}()

func markOf(length int) int {
	if length <= exactLength {
		return length
	}
	return min(exactLength+int(math.Round(lengthSteps*math.Log(float64(length)/exactLength))), lengthMarks-1)
}

// packedDocument is a document as bleve is given it: the tokens of every field, each
// once, with the marks of frequency and length.
type packedDocument struct {
	id     string
	fields map[string]any
}

func pack(d team.Document) packedDocument {
	fields := map[string]any{classField: d.Class}
	for name, texts := range map[string][]string{"title": {d.Title}, "wordings": d.Wordings, "keywords": d.Keywords, "whole": {d.Title, d.Body}} {
		var all []string
		for _, t := range texts {
			all = append(all, tokens(t)...)
		}
		if len(all) > 0 {
			fields[name] = strings.Join(marked(all), tokenGap)
		}
	}
	return packedDocument{documentID(d.Class, d.Kind, d.ID), fields}
}

// packAll packs documents on every processor there is: cutting Japanese into words
// takes a third of the time of indexing.
func packAll(docs []team.Document) ([]packedDocument, error) {
	packed := make([]packedDocument, len(docs))
	errs := make([]error, runtime.GOMAXPROCS(0))
	var workers sync.WaitGroup
	for first := range errs {
		workers.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[first] = fmt.Errorf("cut a text into words: %v", r)
				}
			}()
			for i := first; i < len(docs); i += len(errs) {
				packed[i] = pack(docs[i])
			}
		})
	}
	workers.Wait()
	return packed, errors.Join(errs...)
}

func marked(tokens []string) []string {
	out := []string{lengthMark + strconv.Itoa(markOf(len(tokens)))}
	times := make(map[string]float64, len(tokens))
	for _, token := range tokens {
		times[token]++
		if times[token] == 1 {
			out = append(out, token)
		}
		for _, f := range frequencies {
			if times[token] == f.from {
				out = append(out, f.mark+token)
			}
		}
	}
	return out
}

// lengths holds the length marks of the documents of one segment, field by field as
// in fieldNames.
type lengths [][]uint8

func readLengths(s segment.Segment, size int) (lengths, error) {
	all := lengths{nil} // the class has no length
	for _, f := range fields {
		dictionary, err := s.Dictionary(f.name)
		if err != nil {
			return nil, err
		}
		marks := make([]uint8, size)
		for mark := range lengthMarks {
			documents, err := documentSet(dictionary, lengthMark+strconv.Itoa(mark))
			if err != nil {
				return nil, err
			}
			if documents != nil {
				documents.Iterate(func(number uint32) bool {
					marks[number] = uint8(mark)
					return true
				})
			}
		}
		all = append(all, marks)
	}
	return all, nil
}

// documentSet returns the numbers of a segment's documents that have a token, the
// deleted ones too, or nil for none. It must not be changed.
func documentSet(dictionary segment.TermDictionary, token string) (*roaring.Bitmap, error) {
	list, err := dictionary.PostingsList([]byte(token), nil, nil)
	if err != nil {
		return nil, err
	}
	each, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return nil, nil // what bleve returns for a token that is not there
	}
	if only, ok := each.DocNum1Hit(); ok {
		return roaring.BitmapOf(uint32(only)), nil
	}
	set := each.ActualBitmap()
	if set == nil || set.IsEmpty() {
		return nil, nil
	}
	return set, nil
}
