package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"

	"tasuki/internal/team"
)

// mappingVersion names what the tokens and fields are; a change makes every index
// start again.
const mappingVersion = "3"

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
	scorch.RegistryAsyncErrorCallbacks[packed] = func(err error, path string) {
		slog.Error("the search index failed in the background and is opened again", "error", err)
		failed.Store(filepath.Dir(path), true)
	}
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
	for _, name := range fieldNames() {
		text := bleve.NewTextFieldMapping()
		text.Analyzer = packed
		text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues, text.SkipFreqNorm = false, false, false, false, true
		m.DefaultMapping.AddFieldMappingsAt(name, text)
	}
	m.DefaultMapping.AddSubDocumentMapping("_all", bleve.NewDocumentDisabledMapping()) // bleve would make an empty field of all fields
	m.DefaultAnalyzer = packed
	return m
}

// state is what an index remembers about itself, written in the same batch as the
// documents it speaks of.
type state struct {
	Epoch     string `json:"epoch"`
	Position  int64  `json:"position"`
	Documents int    `json:"documents"` // how many it holds; another number is damage
}

var stateKey = []byte("tasuki_state")

// shard is the index of one compartment.
type shard struct {
	dir      string
	index    bleve.Index
	state    state
	lengths  lengthCache
	averages map[string]float64 // mean length of each field; measure renews it
	stale    int                // documents written or deleted since then
	loose    int                // documents written since all segments were made one
	joining  sync.WaitGroup     // of the work that makes them one
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

const lockTimeout = 2 * time.Second

// openOptions returns a map of its own each time, because bleve writes into it.
// Without the timeout a second open of a locked index waits for ever.
func openOptions() map[string]any {
	return map[string]any{"bolt_timeout": lockTimeout.String(), "asyncErrorCallbackName": packed}
}

// failed names the folders of open indexes in which bleve's own goroutines met an
// error; bleve itself would go on as if nothing were wrong.
var failed sync.Map

func tryOpen(dir string) (s *shard, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil { // bbolt panics on a half-written root, and on pages that are not there
			err = fmt.Errorf("open the search index: %v", r)
		}
	}()
	if err := checkFiles(dir); err != nil {
		return nil, err
	}
	inner, err := bleve.OpenUsing(dir, openOptions())
	if err != nil {
		if strings.Contains(err.Error(), "timeout") {
			return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
		}
		return nil, err
	}
	s = &shard{dir: dir, index: inner}
	if err := s.check(); err != nil {
		inner.Close()
		return nil, err
	}
	return s, nil
}

// pack returns the state as it is stored, behind its checksum.
func (s state) pack() ([]byte, error) {
	raw, err := json.Marshal(s)
	return append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(raw)), raw...), err
}

func (s *state) unpack(raw []byte) error {
	if len(raw) < crc32.Size || binary.BigEndian.Uint32(raw) != crc32.ChecksumIEEE(raw[crc32.Size:]) {
		return errors.New("the state of the search index is damaged")
	}
	return json.Unmarshal(raw[crc32.Size:], s)
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
	return &shard{dir: dir, index: inner, averages: map[string]float64{}}, nil
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
func (s *shard) write(docs []packedDocument, gone []team.Change, next state) (_ state, err error) {
	defer func() {
		if r := recover(); r != nil { // after a full disk bleve's next batch panics
			err = fmt.Errorf("write to the search index: %v", r)
		}
	}()
	batch := s.index.NewBatch()
	held, err := s.held(gone)
	if err != nil {
		return next, err
	}
	for id := range held {
		batch.Delete(id)
	}
	indexed := map[string]bool{}
	for _, d := range docs {
		if err := batch.Index(d.id, d.fields); err != nil {
			return next, err
		}
		indexed[d.id] = true
	}
	next.Documents = s.state.Documents - len(held) + len(indexed)
	raw, err := next.pack()
	if err != nil {
		return next, err
	}
	batch.SetInternal(stateKey, raw)
	if err := s.index.Batch(batch); err != nil {
		return next, err
	}
	s.stale += len(held) + len(indexed)
	s.loose += len(indexed)
	return next, nil
}

// held returns which documents of changed things the index holds now.
func (s *shard) held(changes []team.Change) (map[string]bool, error) {
	reader, err := s.open()
	if err != nil {
		return nil, err
	}
	defer reader.close()
	found := map[string]bool{}
	for _, c := range changes {
		for _, class := range classes {
			id := documentID(class, c.Kind, c.ID)
			internal, err := reader.snapshot.InternalID(id)
			if err != nil {
				return nil, err
			}
			if internal != nil {
				found[id] = true
			}
		}
	}
	return found, nil
}

// measure counts the mean length of each field over the documents there are. (Sums
// kept beside the index would drift: of a replaced document, the length is lost.)
func (s *shard) measure() error {
	reader, err := s.open()
	if err != nil {
		return err
	}
	defer reader.close()
	means := map[string]float64{}
	for i, f := range fields {
		total := 0.0
		for mark, n := range reader.lengthCounts(i + 1) {
			total += float64(n) * markedLength[mark] // always in this order, so always the same sum
		}
		means[f.name] = total / max(reader.documents, 1)
	}
	s.averages, s.stale = means, 0
	return nil
}

// lengthCounts counts the documents that are not deleted by the length of a field.
func (r *shardReader) lengthCounts(field int) (counts [lengthMarks]int) {
	for i, s := range r.segments {
		deleted := s.Deleted()
		for number, mark := range r.lengths[i][field] {
			if deleted == nil || !deleted.Contains(uint32(number)) {
				counts[mark]++
			}
		}
	}
	return counts
}

// Segments are made one when a quarter of the documents is new since the last time:
// a search looks up every word in every segment.
const looseEnough = 1000

func (s *shard) compact(ctx context.Context) {
	if s.loose < looseEnough || s.loose*4 < s.state.Documents {
		return
	}
	s.loose = 0
	advanced, err := s.index.Advanced()
	inner, ok := advanced.(*scorch.Scorch)
	if err != nil || !ok {
		return
	}
	s.joining.Go(func() { // it ends with the index; writing goes on meanwhile
		if err := inner.ForceMerge(ctx, nil); err != nil {
			slog.Info("the parts of the search index were not joined", "error", err)
		}
	})
}
