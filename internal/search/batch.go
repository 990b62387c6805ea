package search

import (
	"context"

	"tasuki/internal/team"
)

// Bounds on a batch. bleve writes a file for each and joins the files later, so few
// large ones are half the work of many small ones; the bytes bound its memory.
const (
	readSize     = 200 // changes read at once
	batchChanges = 2000
	batchBytes   = 4 << 20
)

// batch is what is written at once: changes in their order, and the documents of
// those that are still here.
type batch struct {
	changes []team.Change
	docs    []team.Document
	bytes   int
	packed  []packedDocument
}

// fits tells whether a thing can still be added.
func (b *batch) fits(bytes int) bool {
	return len(b.changes) == 0 || len(b.changes) < batchChanges && b.bytes+bytes <= batchBytes
}

func (b *batch) add(c team.Change, docs []team.Document, bytes int) {
	b.changes = append(b.changes, c)
	b.docs = append(b.docs, docs...)
	b.bytes += bytes
}

// loaded is a batch that is ready to be written, or why there are no more.
type loaded struct {
	batch
	err error
}

// load reads batches and cuts their texts into words, one ahead of who writes them.
// The channel has to be read to its end; after an error it is closed.
func load(ctx context.Context, source Source, compartment string, after int64) <-chan loaded {
	out := make(chan loaded)
	go func() {
		defer close(out)
		err := eachBatch(ctx, source, compartment, after, func(b batch) (err error) {
			b.packed, err = packAll(b.docs)
			if err == nil {
				b.docs = nil // the texts are not needed any more
				out <- loaded{batch: b}
			}
			return err
		})
		if err != nil {
			out <- loaded{err: err}
		}
	}()
	return out
}

// eachBatch gives yield every change after a number, in batches.
func eachBatch(ctx context.Context, source Source, compartment string, after int64, yield func(batch) error) error {
	var b batch
	for {
		changes, err := source.Changes(ctx, after, readSize)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		after = changes[len(changes)-1].Seq
		docs, err := documentsOf(ctx, source, compartment, changes)
		if err != nil {
			return err
		}
		for _, c := range changes {
			mine := docs[thing{c.Kind, c.ID}]
			bytes := sizeOf(mine)
			if !b.fits(bytes) {
				if err := yield(b); err != nil {
					return err
				}
				b = batch{}
			}
			b.add(c, mine, bytes)
		}
	}
	if len(b.changes) == 0 {
		return nil
	}
	return yield(b)
}

// thing names what a change speaks of.
type thing struct{ kind, id string }

func documentsOf(ctx context.Context, source Source, compartment string, changes []team.Change) (map[thing][]team.Document, error) {
	docs, err := source.Documents(ctx, changes)
	byThing := map[thing][]team.Document{}
	for _, d := range docs {
		if d.Compartment == compartment {
			byThing[thing{d.Kind, d.ID}] = append(byThing[thing{d.Kind, d.ID}], d)
		}
	}
	return byThing, err
}

func sizeOf(docs []team.Document) (bytes int) {
	for _, d := range docs {
		bytes += d.Size()
	}
	return bytes
}
