package web

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
)

// Work is what goes on after its request was answered. It belongs to whoever made
// it and ends with Close.
type Work struct {
	ctx  context.Context
	stop context.CancelFunc
	wait sync.WaitGroup
	turn chan struct{} // one at a time: more would only wait for the database

	mu   sync.Mutex
	jobs map[string]*job
}

// job is one piece of work by the id of what it works on.
type job struct {
	undo        bool
	done, total atomic.Int64
	failed      bool // it ended early; kept until the next try
	ended       bool
}

// NewWork returns a place for work.
func NewWork() *Work {
	ctx, stop := context.WithCancel(context.Background())
	return &Work{ctx: ctx, stop: stop, turn: make(chan struct{}, 1), jobs: map[string]*job{}}
}

// Close ends all work and waits for it.
func (w *Work) Close() {
	w.stop()
	w.wait.Wait()
}

// start begins work on a thing, unless there is some already.
func (w *Work) start(id string, undo bool, do func(ctx context.Context, progress func(done, total int)) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if before := w.jobs[id]; before != nil && !before.ended || w.ctx.Err() != nil {
		return
	}
	j := &job{undo: undo}
	w.jobs[id] = j
	w.wait.Go(func() {
		err := w.do(j, do)
		if err != nil {
			slog.Error("work ended early; nothing was changed", "id", id, "undo", undo, "error", err)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		j.ended, j.failed = true, err != nil
		if err == nil {
			delete(w.jobs, id)
		}
	})
}

func (w *Work) do(j *job, do func(ctx context.Context, progress func(done, total int)) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-w.ctx.Done():
		return w.ctx.Err()
	}
	return do(w.ctx, func(done, total int) { j.done.Store(int64(done)); j.total.Store(int64(total)) })
}

// on returns the work on a thing: what goes on, or how the last try failed.
func (w *Work) on(id string) (j *job, running, failed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	j = w.jobs[id]
	return j, j != nil && !j.ended, j != nil && j.failed
}
