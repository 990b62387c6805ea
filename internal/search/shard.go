package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"

	"tasuki/internal/team"
)

// mappingVersion names what the tokens and fields are; a change makes every index
// start again.
const mappingVersion = "1"

// ErrLocked says that another program holds an index. It is not damage, and
// nothing is deleted because of it.
var ErrLocked = errors.New("the search index is in use by another program")

const packed = "tasuki_packed"

// tokenGap parts the tokens in the text that bleve is given: our own analyzers have
// already cut it.
const tokenGap = "\x1f"

type packedTokenizer struct{}

func (packedTokenizer) Tokenize(input []byte) analysis.TokenStream {
	var stream analysis.TokenStream
	for _, word := range strings.Split(string(input), tokenGap) {
		if word != "" {
			stream = append(stream, &analysis.Token{Term: []byte(word), Position: 1, Type: analysis.AlphaNumeric})
		}
	}
	return stream
}

func init() {
	must(registry.RegisterTokenizer(packed, func(map[string]any, *registry.Cache) (analysis.Tokenizer, error) {
		return packedTokenizer{}, nil
	}))
	must(registry.RegisterAnalyzer(packed, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
		return &analysis.DefaultAnalyzer{Tokenizer: packedTokenizer{}}, nil
	}))
}

func must(err error) {
	if err != nil {
		panic(err) // two registrations under one name: a mistake in the program
	}
}

func indexMapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	for _, f := range fields {
		text := bleve.NewTextFieldMapping()
		text.Analyzer = packed
		text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues = false, false, false, false
		m.DefaultMapping.AddFieldMappingsAt(f.name, text)
	}
	m.DefaultAnalyzer = packed
	return m
}

// state is what an index remembers about itself, written in the same batch as the
// documents it speaks of.
type state struct {
	Epoch    string             `json:"epoch"`
	Position int64              `json:"position"`
	Lengths  map[string]float64 `json:"lengths"` // tokens ever indexed, by field
	Written  float64            `json:"written"` // documents ever indexed
}

var stateKey = []byte("tasuki_state")

// shard is the index of one compartment.
type shard struct {
	dir   string
	index bleve.Index
	state state
}

// openShard opens the index in dir, or starts a new one where there is none or a
// damaged one, which it sets aside.
func openShard(dir string) (*shard, error) {
	s, err := tryOpen(dir)
	if err == nil || errors.Is(err, ErrLocked) {
		return s, err
	}
	if err := setAside(dir); err != nil {
		return nil, err
	}
	return createShard(dir)
}

// openOptions returns a map of its own each time, because bleve writes into it.
// Without the timeout a second open of a locked index waits for ever.
func openOptions() map[string]any { return map[string]any{"bolt_timeout": "2s"} }

func tryOpen(dir string) (s *shard, err error) {
	defer func() {
		if r := recover(); r != nil { // bbolt panics on a half-written root
			err = fmt.Errorf("open the search index: %v", r)
		}
	}()
	inner, err := bleve.OpenUsing(dir, openOptions())
	if err != nil {
		if strings.Contains(err.Error(), "timeout") {
			return nil, ErrLocked
		}
		return nil, err
	}
	s = &shard{dir: dir, index: inner}
	raw, err := inner.GetInternal(stateKey)
	if err == nil && raw != nil {
		err = json.Unmarshal(raw, &s.state)
	}
	if err != nil {
		inner.Close()
		return nil, err
	}
	return s, nil
}

// setAside keeps one damaged copy for whoever wants to know, never more.
func setAside(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	aside := dir + ".damaged"
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	return os.Rename(dir, aside)
}

func createShard(dir string) (*shard, error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, err
	}
	inner, err := bleve.NewUsing(dir, indexMapping(), scorch.Name, scorch.Name, openOptions())
	if err != nil {
		return nil, fmt.Errorf("create the search index: %w", err)
	}
	// bleve does not, and a power cut soon after would leave an empty file.
	for _, path := range []string{filepath.Join(dir, "index_meta.json"), dir, filepath.Dir(dir)} {
		if err := syncFile(path); err != nil {
			inner.Close()
			return nil, err
		}
	}
	return &shard{dir: dir, index: inner}, nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// documentID carries the class, so that a search can be limited without reading
// anything else.
func documentID(class, kind, id string) string { return class + " " + kind + " " + id }

var classes = []string{team.ClassArticle, team.ClassAnswered, team.ClassOther}

// write applies one batch: documents as they are now, changed things that are no
// longer here, and the new position.
// It returns the state that the index now remembers.
func (s *shard) write(docs []team.Document, gone []team.Change, next state) (_ state, err error) {
	defer func() {
		if r := recover(); r != nil { // after a full disk bleve's next batch panics
			err = fmt.Errorf("write to the search index: %v", r)
		}
	}()
	batch := s.index.NewBatch()
	for _, c := range gone {
		for _, class := range classes {
			batch.Delete(documentID(class, c.Kind, c.ID))
		}
	}
	next.Lengths = map[string]float64{}
	next.Written = s.state.Written
	for name, n := range s.state.Lengths {
		next.Lengths[name] = n
	}
	for _, d := range docs {
		next.Written++
		if err := batch.Index(documentID(d.Class, d.Kind, d.ID), packedDocument(d, next.Lengths)); err != nil {
			return next, err
		}
	}
	raw, err := json.Marshal(next)
	if err != nil {
		return next, err
	}
	batch.SetInternal(stateKey, raw)
	return next, s.index.Batch(batch)
}

func packedDocument(d team.Document, lengths map[string]float64) map[string]any {
	doc := map[string]any{}
	for name, texts := range map[string][]string{"title": {d.Title}, "wordings": d.Wordings, "keywords": d.Keywords, "whole": {d.Title, d.Body}} {
		var all []string
		for _, t := range texts {
			all = append(all, tokens(t)...)
		}
		if len(all) > 0 {
			lengths[name] += float64(len(all))
			doc[name] = strings.Join(all, tokenGap)
		}
	}
	return doc
}

// averages returns the mean length of each field over all documents written.
func (s state) averages() map[string]float64 {
	mean := map[string]float64{}
	for name, n := range s.Lengths {
		mean[name] = n / max(s.Written, 1)
	}
	return mean
}
