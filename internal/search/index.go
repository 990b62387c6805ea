package search

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tasuki/internal/team"
)

// Source is what an index follows: the database, or a struct of values in a test.
type Source interface {
	// Epoch names the history; another one makes the index start again.
	Epoch(ctx context.Context) (string, error)
	// CompartmentIDs returns every compartment, "" for the whole department included.
	CompartmentIDs(ctx context.Context) ([]string, error)
	// Changes returns at most limit changes after a number, in commit order.
	Changes(ctx context.Context, after int64, limit int) ([]team.Change, error)
	// LastChange returns the number of the latest change.
	LastChange(ctx context.Context) (int64, error)
	// Documents returns the changed things as they are now, without those that are gone.
	Documents(ctx context.Context, changes []team.Change) ([]team.Document, error)
	// Jargon returns the dictionary.
	Jargon(ctx context.Context) ([]team.JargonTerm, error)
}

// Index is a folder of indexes, one for each compartment. It is safe for concurrent
// use; one Follow keeps it equal to its source.
type Index struct {
	dir        string
	mu         sync.RWMutex // held to change shards; a search holds it to read
	shards     map[string]*shard
	dictionary atomic.Pointer[groups]
	jargon     []team.JargonTerm // what dictionary was made of
	nudge      chan struct{}
	damaged    atomic.Bool
	done, last atomic.Int64 // how far the slowest shard is, and how far it has to go
	caughtUp   atomic.Bool
}

// Open takes a folder for an index; Follow fills it. It touches nothing yet.
func Open(dir string) *Index {
	x := &Index{dir: dir, shards: map[string]*shard{}, nudge: make(chan struct{}, 1)}
	x.dictionary.Store(&groups{})
	return x
}

// Close ends the index; its follower must have ended before.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	var errs []error
	for id, s := range x.shards {
		errs = append(errs, s.index.Close())
		delete(x.shards, id)
	}
	return errors.Join(errs...)
}

// Nudge wakes the follower, which otherwise looks for changes on its own beat.
func (x *Index) Nudge() {
	select {
	case x.nudge <- struct{}{}:
	default:
	}
}

// Ready tells whether the index has once caught up with its source, and how many
// changes of how many it has taken in.
func (x *Index) Ready() (ready bool, done, total int64) {
	return x.caughtUp.Load(), x.done.Load(), x.last.Load()
}

// Follow keeps the index equal to its source until ctx ends, looking for changes
// at least every beat. A fault is logged and tried again.
func (x *Index) Follow(ctx context.Context, source Source, every time.Duration) {
	beat := time.NewTicker(every)
	defer beat.Stop()
	said := ""
	for {
		err := x.CatchUp(ctx, source)
		switch {
		case err == nil:
			said = ""
		case ctx.Err() == nil && err.Error() != said: // once, not at every beat
			said = err.Error()
			slog.Error("the search index fell behind and will try again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		case <-x.nudge:
		}
	}
}

// CatchUp takes in every change there is now. One caller at a time. An index that
// failed is closed and opened again first; until it is whole, Ready says it is not.
func (x *Index) CatchUp(ctx context.Context, source Source) (err error) {
	if x.faulty() {
		x.caughtUp.Store(false)
		if err := x.Close(); err != nil {
			slog.Warn("close a damaged search index", "error", err)
		}
	}
	epoch, err := source.Epoch(ctx)
	if err != nil {
		return err
	}
	last, err := source.LastChange(ctx)
	if err != nil {
		return err
	}
	x.last.Store(last)
	if len(x.shards) > 0 && x.caughtUp.Load() && x.done.Load() == last {
		return nil
	}
	if err := x.openShards(ctx, source, epoch); err != nil {
		return err
	}
	if err := x.loadDictionary(ctx, source); err != nil {
		return err
	}
	for compartment, s := range x.shards {
		if err := x.advance(ctx, source, compartment, s); err != nil {
			return fmt.Errorf("follow the changes: %w", err)
		}
		if err := x.measure(s); err != nil {
			return err
		}
		s.compact(ctx)
	}
	x.done.Store(last)
	x.caughtUp.Store(true)
	return nil
}

// faulty tells once whether an index failed since the last time.
func (x *Index) faulty() bool {
	bad := x.damaged.Swap(false)
	for _, s := range x.shards {
		if _, found := failed.LoadAndDelete(s.dir); found {
			bad = true
		}
	}
	return bad
}

// openShards brings the set of open indexes in line with the compartments there
// are. An index of another epoch starts again.
func (x *Index) openShards(ctx context.Context, source Source, epoch string) error {
	ids, err := source.CompartmentIDs(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if s := x.shards[id]; s != nil && s.state.Epoch == epoch {
			continue
		}
		s, err := x.openShard(id, epoch)
		if err != nil {
			return err
		}
		x.mu.Lock()
		x.shards[id] = s
		x.mu.Unlock()
	}
	for id, s := range x.shards {
		if !slices.Contains(ids, id) {
			x.mu.Lock()
			delete(x.shards, id)
			x.mu.Unlock()
			if err := errors.Join(s.index.Close(), os.RemoveAll(s.dir)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *Index) openShard(compartment, epoch string) (*shard, error) {
	if old := x.shards[compartment]; old != nil {
		x.mu.Lock()
		delete(x.shards, compartment)
		x.mu.Unlock()
		if err := old.index.Close(); err != nil {
			return nil, err
		}
	}
	// The name hides the compartment and carries the mapping: a new mapping starts a new folder.
	sum := sha256.Sum256([]byte(compartment))
	dir := filepath.Join(x.dir, hex.EncodeToString(sum[:8])+"-v"+mappingVersion)
	s, err := openShard(dir)
	if err != nil {
		return nil, err
	}
	if s.state.Epoch == epoch {
		return s, nil
	}
	if s.state.Epoch != "" {
		x.caughtUp.Store(false)
		if err := errors.Join(s.index.Close(), os.RemoveAll(dir)); err != nil {
			return nil, err
		}
		if s, err = createShard(dir); err != nil {
			return nil, err
		}
	}
	s.state.Epoch = epoch
	return s, nil
}

func (x *Index) loadDictionary(ctx context.Context, source Source) error {
	list, err := source.Jargon(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(list, x.jargon) {
		x.dictionary.Store(newGroups(list))
		x.jargon = list
	}
	return nil
}

// advance takes in the changes of one compartment: the next batch is read and cut
// into words while the one before is written.
func (x *Index) advance(ctx context.Context, source Source, compartment string, s *shard) error {
	ctx, stop := context.WithCancel(ctx)
	batches := load(ctx, source, compartment, s.state.Position)
	defer func() {
		stop()
		for range batches { // its reader ends before this does
		}
	}()
	for b := range batches {
		if b.err != nil {
			return b.err
		}
		if err := x.write(s, b.batch); err != nil {
			return err
		}
	}
	return nil
}

// write takes in one batch. Every changed thing is taken out first: it may be gone,
// archived, moved to another compartment, or of another class now.
func (x *Index) write(s *shard, b batch) error {
	next, err := s.write(b.packed, b.changes, state{Epoch: s.state.Epoch, Position: b.changes[len(b.changes)-1].Seq})
	if err != nil {
		x.damaged.Store(true)
		return err
	}
	s.state = next
	x.done.Store(next.Position)
	return nil
}

// measure renews the mean lengths when enough has changed to matter.
func (x *Index) measure(s *shard) error {
	if s.stale*100 < s.state.Documents || s.stale == 0 {
		return nil
	}
	x.mu.Lock() // searches read them
	defer x.mu.Unlock()
	if err := s.measure(); err != nil {
		x.damaged.Store(true)
		return err
	}
	return nil
}
