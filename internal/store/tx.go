package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"tasuki/internal/team"
)

// tx is one transaction with the moment it happens at.
type tx struct {
	*sqlx.Tx
	now team.Stamp
	// changed is set by recordChange, to wake the search index after the commit.
	changed *bool
	// prepared keeps the statements of a long transaction, which runs each of them
	// thousands of times; elsewhere it is nil.
	prepared map[string]*sqlx.Stmt
}

// get reads one row into dest; no row is team.ErrNotFound.
func (t tx) get(ctx context.Context, dest any, query string, args ...any) error {
	stmt, err := t.statement(ctx, query)
	switch {
	case err != nil:
		return err
	case stmt != nil:
		err = stmt.GetContext(ctx, dest, args...)
	default:
		err = t.GetContext(ctx, dest, t.Rebind(query), args...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return team.ErrNotFound
	}
	return err
}

// statement returns the prepared form of a query in a long transaction, else nil.
func (t tx) statement(ctx context.Context, query string) (*sqlx.Stmt, error) {
	if t.prepared == nil {
		return nil, nil
	}
	stmt, err := t.prepared[query], error(nil)
	if stmt == nil {
		if stmt, err = t.PreparexContext(ctx, t.Rebind(query)); err == nil {
			t.prepared[query] = stmt
		}
	}
	return stmt, err
}

// list reads every row into the slice dest points at.
func (t tx) list(ctx context.Context, dest any, query string, args ...any) error {
	return t.SelectContext(ctx, dest, t.Rebind(query), args...)
}

// exec runs a statement and returns how many rows it touched.
func (t tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := t.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	var result sql.Result
	if stmt != nil {
		result, err = stmt.ExecContext(ctx, args...)
	} else {
		result, err = t.ExecContext(ctx, t.Rebind(query), args...)
	}
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// run is exec for those who do not count.
func (t tx) run(ctx context.Context, query string, args ...any) error {
	_, err := t.exec(ctx, query, args...)
	return err
}

// update is exec for one row at a known version: no row means that somebody else
// saved in between.
func (t tx) update(ctx context.Context, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err == nil && n == 0 {
		return team.ErrStale
	}
	return err
}

// read runs do in a transaction that only reads: it sees one moment, and never
// waits for writers.
func (s *Store) read(ctx context.Context, do func(tx) error) error {
	return s.transact(ctx, s.reader, s.readOptions(), nil, do)
}

// write runs do in a transaction and commits it when do returns nil. The writes of
// a context made by Once happen once, and one made by Sending drops the draft with them.
func (s *Store) write(ctx context.Context, do func(tx) error) error {
	do = dropSent(ctx, onlyOnce(ctx, do))
	err := s.transact(ctx, s.writer, nil, nil, do)
	if errors.Is(err, errSameKey) {
		// The same form twice at the same moment: the other one has committed by now.
		err = s.transact(ctx, s.writer, nil, nil, do)
	}
	return err
}

// writeMuch is write for thousands of rows.
func (s *Store) writeMuch(ctx context.Context, do func(tx) error) error {
	return s.transact(ctx, s.writer, nil, map[string]*sqlx.Stmt{}, do)
}

func (s *Store) transact(ctx context.Context, db *sqlx.DB, options *sql.TxOptions, prepared map[string]*sqlx.Stmt, do func(tx) error) error {
	return classify(s.attempt(ctx, db, options, prepared, do))
}

func (s *Store) attempt(ctx context.Context, db *sqlx.DB, options *sql.TxOptions, prepared map[string]*sqlx.Stmt, do func(tx) error) error {
	inner, err := db.BeginTxx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer inner.Rollback()
	// Closing the transaction closes the statements prepared in it.
	changed := false
	if err := do(tx{Tx: inner, now: team.At(s.Now()), changed: &changed, prepared: prepared}); err != nil {
		return err
	}
	if err := inner.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if changed && s.Changed != nil {
		s.Changed()
	}
	return nil
}

func newID() string { return rand.Text() }

// null stores an empty id as NULL, so that foreign keys hold for the others.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// taken turns a broken unique index into what the person can correct.
func taken(err error, field string) error {
	if isUniqueViolation(err) {
		return team.Invalid{{Field: field, Rule: team.Taken}}
	}
	return err
}

func isUniqueViolation(err error) bool {
	const sqliteUnique, sqlitePrimaryKey = 2067, 1555
	return pq.As(err, pqerror.UniqueViolation) != nil || sqliteExtended(err, sqliteUnique, sqlitePrimaryKey)
}

func isForeignKeyViolation(err error) bool {
	const sqliteForeignKey = 787
	return pq.As(err, pqerror.ForeignKeyViolation) != nil || sqliteExtended(err, sqliteForeignKey)
}

func sqliteExtended(err error, codes ...int) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && slices.Contains(codes, coded.Code())
}

// visible is the condition under which a person may know of a row that belongs to
// a compartment, for the table alias given, with its arguments. Every query over
// consultations and articles carries it.
func visible(by team.Member, alias string) (string, []any) {
	if team.ReadsAll(by) {
		return "1 = 1", nil
	}
	return "(" + alias + ".compartment_id IS NULL OR " + alias +
		".compartment_id IN (SELECT compartment_id FROM compartment_members WHERE member_id = ?))", []any{by.ID}
}

// checkCompartment refuses a compartment the person does not belong to exactly as
// it refuses one that does not exist.
func checkCompartment(ctx context.Context, t tx, by team.Member, id string) error {
	if id == "" || team.ReadsAll(by) {
		return nil
	}
	var n int
	return t.get(ctx, &n, "SELECT 1 FROM compartment_members WHERE compartment_id = ? AND member_id = ?", id, by.ID)
}

// recordChange tells the indexes that a thing was written.
//
// The clock row makes writers wait for each other, so a reader that has seen
// change n has seen every change before it. (A database sequence does not give
// this: its numbers are handed out before commit.) Call it last, with each id once.
func recordChange(ctx context.Context, t tx, kind string, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	*t.changed = true
	var last int64
	if err := t.get(ctx, &last, "UPDATE change_clock SET value = value + ? RETURNING value", len(ids)); err != nil {
		return fmt.Errorf("advance the change clock: %w", err)
	}
	first := last - int64(len(ids)) + 1
	for part := range slices.Chunk(ids, chunk) {
		args := make([]any, 0, 3*len(part))
		for i, id := range part {
			args = append(args, kind, id, first+int64(i))
		}
		first += int64(len(part))
		rows := "(?, ?, ?)" + strings.Repeat(", (?, ?, ?)", len(part)-1)
		err := t.run(ctx, "INSERT INTO changes (kind, id, seq) VALUES "+rows+" ON CONFLICT (kind, id) DO UPDATE SET seq = excluded.seq", args...)
		if err != nil {
			return fmt.Errorf("record the change: %w", err)
		}
	}
	return nil
}

// chunk is how many values stand in one statement at most: both databases have a
// limit, and a plan for each new length costs them time.
const chunk = 500

// audit notes who did what, in the transaction that did it.
func audit(ctx context.Context, t tx, by team.Member, action, kind, id string) error {
	err := t.run(ctx, "INSERT INTO audit (id, at, member_id, action, kind, object_id) VALUES (?, ?, ?, ?, ?, ?)",
		newID(), t.now, null(by.ID), action, kind, id)
	if err != nil {
		return fmt.Errorf("note in the audit log: %w", err)
	}
	return nil
}
