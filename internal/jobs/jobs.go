// Package jobs does what is due without anybody asking: reminders by mail, and tidying
// up. Of several processes on one database, each job is done by the one that holds its
// lease; the lease of a process that died runs out.
package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// beat is how often a process looks for jobs that are due; lease is how long a job is
// its holder's unless the holder says that it is alive, every pulse.
const (
	beat  = 30 * time.Second
	lease = 2 * time.Minute
	pulse = lease / 4
)

// Result counts what a job did, and what it could not do.
type Result struct{ Done, Failed int }

// Job is one kind of periodic work. Do must end with its context, and may be run again
// from the beginning after it was cut off.
type Job struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) (Result, error)
}

// Runner does the jobs of one process.
type Runner struct {
	store  *store.Store
	list   []Job
	holder string
}

// New returns a runner of these jobs.
func New(s *store.Store, list ...Job) *Runner {
	return &Runner{store: s, list: list, holder: rand.Text()}
}

// Run does every job that is due, now and from time to time, until ctx ends.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		r.Tick(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Tick does, one after the other, the jobs that are due and not held by another process.
func (r *Runner) Tick(ctx context.Context) {
	for _, j := range r.list {
		if ctx.Err() != nil {
			return
		}
		if err := r.try(ctx, j); err != nil && ctx.Err() == nil {
			slog.Error("a job failed", "job", j.Name, "error", err)
		}
	}
}

func (r *Runner) try(ctx context.Context, j Job) error {
	taken, err := r.store.TakeJob(ctx, j.Name, r.holder, j.Every, lease)
	if err != nil || !taken {
		return err
	}
	held, release := context.WithCancel(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { r.keep(held, release, j.Name) })
	result, err := do(held, j)
	release()
	keeper.Wait()
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	// The lease is given back at the end of the process too.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, r.store.EndJob(last, j.Name, r.holder, outcome, result.Done, result.Failed))
}

// keep holds the lease until ctx ends; where it is lost, it stops the job.
func (r *Runner) keep(ctx context.Context, stop context.CancelFunc, name string) {
	tick := time.NewTicker(pulse)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := r.store.KeepJob(ctx, name, r.holder, lease); err != nil && ctx.Err() == nil {
				slog.Error("the lease of a job is lost; the job stops", "job", name, "error", err)
				stop()
				return
			}
		}
	}
}

func do(ctx context.Context, j Job) (result Result, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	return j.Do(ctx)
}

// Tidy is the job that forgets, now and then, uploads that nobody ran, and reminders
// long after their days.
func Tidy(s *store.Store, zone *time.Location) Job {
	return Job{Name: "tidy", Every: time.Hour, Do: func(ctx context.Context) (Result, error) {
		return Result{}, errors.Join(s.TidyImports(ctx), s.TidyReminders(ctx, team.DateOf(s.Now().In(zone))))
	}}
}
