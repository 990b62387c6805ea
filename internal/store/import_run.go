package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// kindImport is how the audit log calls an import.
const kindImport = "import"

// RunImport brings rows in, all of them in one transaction or none, and returns the
// import with its result. It compares again first, so that nothing is overwritten
// that somebody saved since the preview: such things are kept and named. progress
// hears of every row written; it may be nil.
//
// With the id of an import that was added before, its files are forgotten at the
// end; without one the import is recorded with its rows. Leads may. One that is
// running or has run is team.ErrStale; one that ends early has changed nothing and
// can be run again.
func (s *Store) RunImport(ctx context.Context, by team.Member, i team.Import, rows []team.Incoming, choices team.ImportChoices,
	progress func(done, total int)) (team.Import, error) {
	run := importRun{store: s, by: by, id: i.ID, key: newID(), compartment: choices.Compartment, progress: progress}
	return run.run(ctx, i, func(t tx) error {
		p, err := planImport(ctx, t, by, rows, choices)
		if err != nil {
			return err
		}
		return run.write(ctx, t, p)
	})
}

// run claims the import, brings it in with write, and says how it ended.
func (r *importRun) run(ctx context.Context, i team.Import, write func(tx) error) (team.Import, error) {
	if !team.CanManage(r.by) {
		return i, team.ErrForbidden
	}
	if i.ID == "" {
		r.id = newID()
		r.fresh = &team.Import{ID: r.id, MemberID: r.by.ID, Name: text.Clean(i.Name), State: team.ImportRunning}
	} else if err := r.claim(ctx); err != nil {
		return i, err
	}
	finished := false
	defer func() { // also when something panics
		if !finished && r.fresh == nil {
			r.release()
		}
	}()
	if err := r.all(ctx, write); err != nil {
		return i, err
	}
	finished = true
	return r.store.Import(context.WithoutCancel(ctx), r.by, r.id)
}

// importRun is one attempt to bring an import in.
type importRun struct {
	store       *Store
	by          team.Member
	id, key     string
	fresh       *team.Import // to be recorded with its rows
	compartment string
	progress    func(done, total int)
	done        atomic.Int64
	total       atomic.Int64

	written map[string][]string // kind → ids
	result  team.Import
}

// claim makes this run the one that may end the import.
func (r *importRun) claim(ctx context.Context) error {
	return r.store.write(ctx, func(t tx) error {
		i, err := r.store.oneImport(ctx, t, r.by, r.id)
		if err != nil {
			return err
		}
		if !i.CanRun() {
			return team.ErrStale
		}
		return t.run(ctx, "UPDATE imports SET state = ?, run = ?, beat_at = ?, done = 0 WHERE id = ?", team.ImportRunning, r.key, t.now, r.id)
	})
}

// release says that the import stopped. It runs also when the program is ending,
// hence a context of its own.
func (r *importRun) release() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := r.store.write(ctx, func(t tx) error {
		return t.run(ctx, "UPDATE imports SET state = ?, done = 0 WHERE id = ? AND run = ?", team.ImportStopped, r.id, r.key)
	})
	if err != nil {
		slog.Error("an import stopped and could not say so", "import", r.id, "error", err)
	}
}

func (r *importRun) all(ctx context.Context, write func(tx) error) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	if r.store.postgres && r.fresh == nil {
		beating := make(chan struct{})
		go func() { defer close(beating); r.beat(ctx, end) }()
		defer func() { end(); <-beating }()
	}
	return r.store.writeMuch(ctx, func(t tx) error {
		// Imports wait for each other: two of the same file must not both find it new.
		if err := t.run(ctx, "UPDATE instance SET one = one WHERE one = 1"); err != nil {
			return err
		}
		return write(t)
	})
}

// beat says every second that the run is alive and how far it is, and ends it when
// the import is no longer its own. (On SQLite nobody else can write meanwhile.)
func (r *importRun) beat(ctx context.Context, end func()) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := r.store.write(ctx, func(t tx) error {
			return t.update(ctx, "UPDATE imports SET beat_at = ?, done = ?, total = ? WHERE id = ? AND run = ? AND state = ?",
				t.now, r.done.Load(), r.total.Load(), r.id, r.key, team.ImportRunning)
		})
		if errors.Is(err, team.ErrStale) {
			end()
		}
	}
}

// begin records an import that was not added before.
func (r *importRun) begin(ctx context.Context, t tx) error {
	r.written, r.result = map[string][]string{}, team.Import{}
	if r.fresh == nil {
		return nil
	}
	r.fresh.At = t.now
	return insertImport(ctx, t, *r.fresh)
}

func (r *importRun) write(ctx context.Context, t tx, p *planner) error {
	for _, row := range p.rows {
		if row.Action == team.ImportNew || row.Action == team.ImportChange {
			r.total.Add(1)
		}
	}
	if err := r.begin(ctx, t); err != nil {
		return err
	}
	if err := r.writeNames(ctx, t, p); err != nil {
		return err
	}
	for n := range p.rows {
		if err := r.writeRow(ctx, t, p, &p.rows[n]); err != nil {
			return fmt.Errorf("bring in line %d of %s: %w", p.rows[n].Line, p.rows[n].File, err)
		}
	}
	return r.finish(ctx, t)
}

// writeNames makes the topics and departments that the rows to be written need.
func (r *importRun) writeNames(ctx context.Context, t tx, p *planner) error {
	needed := map[string]bool{}
	for _, row := range p.rows {
		if row.Action != team.ImportNew && row.Action != team.ImportChange {
			continue
		}
		if row.article != nil {
			for _, id := range row.article.Topics {
				needed[id] = true
			}
		} else {
			needed[row.consultation.TopicID], needed[row.consultation.DepartmentID] = true, true
		}
	}
	add := func(kind, table, id, name string) error {
		if !needed[id] {
			return nil
		}
		return firstError(t.run(ctx, "INSERT INTO "+table+" (id, name, name_key, active) VALUES (?, ?, ?, ?)", id, name, text.Key(name), true),
			func() error { return audit(ctx, t, r.by, "save", kind, id) },
			func() error { return r.item(ctx, t, kind, id, team.ImportNew, 1, nil) })
	}
	err := each(p.names.newTopics, func(n team.Topic) error { return add("topic", "topics", n.ID, n.Name) })
	return firstError(err, func() error {
		return each(p.names.newDepartments, func(n team.Department) error { return add("department", "departments", n.ID, n.Name) })
	})
}

func (r *importRun) writeRow(ctx context.Context, t tx, p *planner, row *planned) error {
	if row.Action != team.ImportNew && row.Action != team.ImportChange {
		r.leave(row)
		return nil
	}
	var former any
	if row.Action == team.ImportChange {
		former = formerThing(p, row)
	}
	id, version, err := r.writeThing(ctx, t, row)
	if errors.Is(err, team.ErrStale) {
		row.Action = team.ImportKeep // somebody saved it a moment ago
		r.leave(row)
		return nil
	}
	if err != nil {
		return err
	}
	if row.Action == team.ImportNew {
		r.result.Created++
	} else {
		r.result.Changed++
	}
	r.written[row.Kind] = append(r.written[row.Kind], id)
	if done := r.done.Add(1); r.progress != nil {
		r.progress(int(done), int(r.total.Load()))
	}
	return r.item(ctx, t, row.Kind, id, row.Action, version, former)
}

func formerThing(p *planner, row *planned) any {
	if row.article != nil {
		return p.matches.articles[row.ObjectID]
	}
	return p.matches.consultations[row.ObjectID]
}

func (r *importRun) writeThing(ctx context.Context, t tx, row *planned) (id string, version int, err error) {
	if row.article != nil {
		err = writeArticle(ctx, t, r.by, row.article)
		return row.article.ID, row.article.Version, err
	}
	c := row.consultation
	datePastAnswer(t, c)
	want := *c
	err = writeConsultation(ctx, t, r.by, c)
	if err == nil && row.Action == team.ImportChange && (want.AnsweredAt != c.AnsweredAt || want.AnsweredBy != c.AnsweredBy) {
		err = t.run(ctx, "UPDATE consultations SET first_response_at = ?, answered_at = ?, answered_by = ? WHERE id = ?",
			want.FirstResponseAt, want.AnsweredAt, null(want.AnsweredBy), c.ID)
	}
	return c.ID, c.Version, err
}

// datePastAnswer fills in the moments of an answer that was given before the import,
// so that neither the day nor the person of the import counts as the answer's.
func datePastAnswer(t tx, c *team.Consultation) {
	if c.ReceivedAt.IsZero() {
		c.ReceivedAt = t.now
	}
	if c.State != team.ConsultationAnswered {
		return
	}
	if c.AnsweredAt.IsZero() {
		c.AnsweredAt = c.ReceivedAt
	}
	if c.FirstResponseAt.IsZero() {
		c.FirstResponseAt = c.AnsweredAt
	}
}

// leave notes a row that does not come in.
func (r *importRun) leave(row *planned) {
	r.result.Skipped++
	if row.Action != team.ImportSame && len(r.result.Left) < team.MaxLeftOut {
		r.result.Left = append(r.result.Left, team.LeftOut{File: row.File, Line: row.Line, Cell: row.Cell, Title: text.Snippet(row.Title, 80), Action: row.Action, Problems: row.Problems})
	}
}

// item notes what was written, so that it can be undone.
func (r *importRun) item(ctx context.Context, t tx, kind, id string, action team.ImportAction, version int, former any) error {
	before := ""
	if former != nil {
		data, err := json.Marshal(former)
		if err != nil {
			return fmt.Errorf("keep what was there before: %w", err)
		}
		before = string(data)
	}
	return t.run(ctx, "INSERT INTO import_items (import_id, kind, object_id, action, version, former) VALUES (?, ?, ?, ?, ?, ?)",
		r.id, kind, id, action, version, before)
}

// finish records the result and tells the indexes, in the transaction of the rows.
func (r *importRun) finish(ctx context.Context, t tx) error {
	report, err := json.Marshal(r.result.Left)
	if err != nil {
		return err
	}
	own, args := "", []any{team.ImportDone, r.total.Load(), r.total.Load(), r.result.Created, r.result.Changed, r.result.Skipped, null(r.compartment), string(report), t.now, r.id}
	if r.fresh == nil {
		own, args = " AND run = ?", append(args, r.key)
	}
	return firstError(
		t.update(ctx, `UPDATE imports SET state = ?, done = ?, total = ?, created = ?, changed = ?, skipped = ?, compartment_id = ?, report = ?, finished_at = ?
			WHERE id = ?`+own, args...),
		func() error { return t.run(ctx, "DELETE FROM import_files WHERE import_id = ?", r.id) },
		func() error { return audit(ctx, t, r.by, "run", kindImport, r.id) },
		func() error { return recordChange(ctx, t, team.KindArticle, r.written[team.KindArticle]...) },
		func() error {
			return recordChange(ctx, t, team.KindConsultation, r.written[team.KindConsultation]...)
		})
}
