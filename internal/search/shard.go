package search

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"math"
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
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"tasuki/internal/team"
)

// mappingVersion names what the tokens and fields are; a change makes every index
// start again.
const mappingVersion = "2"

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
	averages map[string]float64 // mean length of each field; measure renews it
	stale    int                // documents written or deleted since then
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

// checkFiles finds changed bytes, which bleve opens without a word. It has to be
// before bleve opens: its merger starts at once, and takes the program down or
// makes the damage look sound. The lock keeps others from writing meanwhile.
func checkFiles(dir string) error {
	root := filepath.Join(dir, "store", "root.bolt")
	if _, err := os.Stat(root); err != nil {
		return err
	}
	db, err := bbolt.Open(root, 0o600, &bbolt.Options{Timeout: lockTimeout, ReadOnly: true})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.View(func(t *bbolt.Tx) error { return checkRoot(t, root) }); err != nil {
		return err
	}
	segments, err := filepath.Glob(filepath.Join(dir, "store", "*.zap"))
	if err != nil {
		return err
	}
	for _, path := range segments {
		if err := checkSegment(path); err != nil {
			return err
		}
	}
	return nil
}

// checkRoot reads all of bleve's list of segments. (bbolt's own Check does so in a
// goroutine of its own, where a panic ends the program.)
func checkRoot(t *bbolt.Tx, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() < t.Size() {
		return fmt.Errorf("%s has lost its end", path)
	}
	return t.ForEach(func(_ []byte, b *bbolt.Bucket) error { return readBucket(b) })
}

func readBucket(b *bbolt.Bucket) error {
	return b.ForEach(func(k, v []byte) error {
		if v == nil && b.Bucket(k) != nil {
			return readBucket(b.Bucket(k))
		}
		return nil
	})
}

// check compares the documents with the number remembered: bleve falls back to an
// older list where the newest cannot be read.
func (s *shard) check() error {
	raw, err := s.index.GetInternal(stateKey)
	if err != nil {
		return err
	}
	if raw != nil {
		if err := s.state.unpack(raw); err != nil {
			return err
		}
	}
	if n, err := s.index.DocCount(); err != nil || n != uint64(s.state.Documents) {
		return fmt.Errorf("the search index holds %d documents, not %d (%w)", n, s.state.Documents, err)
	}
	return s.measure()
}

// checkSegment compares a segment with the checksum at its end, which bleve writes
// and never reads.
func checkSegment(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-crc32.Size); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	want := make([]byte, crc32.Size)
	if _, err := io.ReadFull(f, want); err != nil || binary.BigEndian.Uint32(want) != sum.Sum32() {
		return fmt.Errorf("%s is damaged", path)
	}
	return nil
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
func (s *shard) write(docs []team.Document, gone []team.Change, next state) (_ state, err error) {
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
		id := documentID(d.Class, d.Kind, d.ID)
		if err := batch.Index(id, packedDocument(d)); err != nil {
			return next, err
		}
		indexed[id] = true
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
	return next, nil
}

// held returns which documents of changed things the index holds now.
func (s *shard) held(changes []team.Change) (map[string]bool, error) {
	reader, err := openReader(s.index)
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

// presence is in each field that a document has, so that its posting list has
// every length.
const presence = "."

func packedDocument(d team.Document) map[string]any {
	doc := map[string]any{}
	for name, texts := range map[string][]string{"title": {d.Title}, "wordings": d.Wordings, "keywords": d.Keywords, "whole": {d.Title, d.Body}} {
		var all []string
		for _, t := range texts {
			all = append(all, tokens(t)...)
		}
		if len(all) > 0 {
			doc[name] = strings.Join(append(all, presence), tokenGap)
		}
	}
	return doc
}

// measure counts the mean length of each field over the documents there are. (Sums
// kept beside the index would drift: of a replaced document, the length is lost.)
func (s *shard) measure() error {
	reader, err := openReader(s.index)
	if err != nil {
		return err
	}
	defer reader.close()
	means := map[string]float64{}
	for _, f := range fields {
		p, err := reader.postings(presence, f)
		if err != nil {
			return err
		}
		total := 0.0
		if err := p.each(func(_ int, posting segment.Posting) {
			norm := posting.Norm()
			// Whole numbers add up to the same in any order; less one for the presence.
			total += math.Round(1/(norm*norm)) - 1
		}); err != nil {
			return err
		}
		means[f.name] = total / max(reader.documents, 1)
	}
	s.averages, s.stale = means, 0
	return nil
}
