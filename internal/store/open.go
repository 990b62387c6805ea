// Package store keeps the department's things in a database: all SQL is here,
// written once for SQLite and PostgreSQL. An exported method is one thing a
// person does, in one transaction, with its permission checked inside; who acts
// comes first. Every difference between the two databases is in this file.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"

	"tasuki/migrations"
)

func init() {
	// sqlx does not know modernc's driver name; without this it would still use "?" but by luck.
	sqlx.BindDriver("sqlite", sqlx.QUESTION)
	// PostgreSQL orders text by the language of the database unless told otherwise;
	// under this name both order by code point.
	sqlite.MustRegisterCollationUtf8("C", strings.Compare)
	sqlite.StrictPragmas(true)
}

// Store is the database of one instance. It is safe for concurrent use.
type Store struct {
	// Now is the clock; tests set it.
	Now func() time.Time
	// Changed, where set, is called after a commit that wrote something searchable.
	Changed func()

	reader, writer *sqlx.DB
	postgres       bool
}

// Open opens the database and brings its schema up to date. An address beginning with
// postgres:// or postgresql:// is PostgreSQL; otherwise it is the path of a SQLite
// file, created with its folder where missing. It refuses a schema newer than the program.
func Open(ctx context.Context, address string) (*Store, error) {
	s := &Store{Now: time.Now, postgres: isPostgres(address)}
	open := s.openSQLite
	if s.postgres {
		open = s.openPostgres
	}
	if err := open(ctx, address); err != nil {
		return nil, err
	}
	if err := s.ensureInstance(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// readOptions give a reading transaction one moment for all its queries. SQLite
// does so by itself; PostgreSQL would show each query a moment of its own.
func (s *Store) readOptions() *sql.TxOptions {
	if s.postgres {
		return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	return &sql.TxOptions{ReadOnly: true}
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Close ends every connection.
func (s *Store) Close() error {
	if s.reader == s.writer {
		return s.writer.Close()
	}
	return errors.Join(s.reader.Close(), s.writer.Close())
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.reader.PingContext(ctx) }

// --- SQLite ---

// One writer and many readers: the writer's transactions begin IMMEDIATE, since a
// transaction that reads first and writes later fails at once when another wrote between.
const (
	sqliteReader = "?_defensive=1&_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_time_format=sqlite&_timezone=UTC&_query_only=1"
	sqliteWriter = "?_defensive=1&_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_txlock=immediate&_time_format=sqlite&_timezone=UTC"
	// Rebuilding a table with foreign keys on silently deletes its children, and the
	// pragma does nothing inside a transaction: migrations have a handle of their own.
	sqliteMigrate = "?_defensive=1&_busy_timeout=10000&_journal_mode=WAL&_foreign_keys=off&_time_format=sqlite&_timezone=UTC"
)

func (s *Store) openSQLite(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create the data folder: %w", err)
	}
	if err := checkWritable(filepath.Dir(path)); err != nil {
		return err
	}
	if err := migrateSQLite(ctx, path); err != nil {
		return err
	}
	// The database holds restricted text; nobody else on the host needs to read it.
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("protect the database file: %w", err)
	}
	var err error
	if s.writer, err = sqlx.Open("sqlite", "file:"+inURI(path)+sqliteWriter); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sqlx.Open("sqlite", "file:"+inURI(path)+sqliteReader); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(8)
	s.reader.SetMaxIdleConns(8)
	return s.reader.PingContext(ctx)
}

// inURI makes a path safe in front of the parameters of a SQLite address.
func inURI(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// checkWritable says what SQLite would only call "unable to open": a folder that
// belongs to somebody else is the commonest fault of a new installation.
func checkWritable(dir string) error {
	probe, err := os.CreateTemp(dir, ".writable-")
	if err != nil {
		return fmt.Errorf("the data folder cannot be written to: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// migrateSQLite holds a lock in a file beside the database, because several
// programs that start at once would otherwise create the same table.
func migrateSQLite(ctx context.Context, path string) error {
	guard, err := sql.Open("sqlite", "file:"+inURI(path)+".lock?_busy_timeout=60000&_txlock=exclusive")
	if err != nil {
		return err
	}
	defer guard.Close()
	guard.SetMaxOpenConns(1)
	held, err := guard.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("wait for another start to finish: %w", err)
	}
	defer held.Rollback()

	db, err := sql.Open("sqlite", "file:"+inURI(path)+sqliteMigrate)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, goose.DialectSQLite3, db); err != nil {
		return err
	}
	return checkForeignKeys(ctx, db)
}

func checkForeignKeys(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return fmt.Errorf("check foreign keys: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		return errors.New("check foreign keys: a row points at nothing after migration")
	}
	return rows.Err()
}

// --- PostgreSQL ---

// postgresStatement is how long PostgreSQL works on one statement before it gives
// up, unless the address says otherwise (statement_timeout, in milliseconds).
const postgresStatement = 4500 * time.Millisecond

// An established connection that leads nowhere would otherwise block for minutes
// whatever the request's deadline says, so every read and write has its own: a
// little more than a statement may take, so that the server gives up first.
const postgresGrace = 500 * time.Millisecond

func (s *Store) openPostgres(ctx context.Context, address string) error {
	if err := migratePostgres(ctx, address); err != nil {
		return err
	}
	limit := statementTimeout(address)
	connector, err := postgresConnector(address, limit)
	if err != nil {
		return err
	}
	connector.Dialer(deadlineDialer{limit + postgresGrace})
	s.writer = sqlx.NewDb(sql.OpenDB(connector), "postgres")
	s.writer.SetMaxOpenConns(16)
	s.writer.SetMaxIdleConns(8)
	s.writer.SetConnMaxIdleTime(5 * time.Minute)
	s.reader = s.writer
	return s.writer.PingContext(ctx)
}

// statementTimeout reads how long a statement may take from the address.
func statementTimeout(address string) time.Duration {
	if u, err := url.Parse(address); err == nil {
		if ms, err := strconv.Atoi(u.Query().Get("statement_timeout")); err == nil && ms > 0 {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return postgresStatement
}

func postgresConnector(address string, limit time.Duration) (*pq.Connector, error) {
	u, err := url.Parse(address)
	if err != nil {
		// Its text holds the address, and that the password.
		return nil, errors.New("database address: it does not read as postgres://user:password@host:port/name?sslmode=verify-full (special letters of the password as %40)")
	}
	options := u.Query()
	options.Set("connect_timeout", "5")
	options.Set("TimeZone", "UTC")
	options.Set("statement_timeout", strconv.FormatInt(limit.Milliseconds(), 10))
	u.RawQuery = options.Encode()
	connector, err := pq.NewConnector(u.String())
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	return connector, nil
}

func migratePostgres(ctx context.Context, address string) error {
	connector, err := postgresConnector(address, 0)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	return migrate(ctx, goose.DialectPostgres, db, goose.WithSessionLocker(locker))
}

// deadlineDialer gives every read and write of its connections this long.
type deadlineDialer struct{ limit time.Duration }

func (d deadlineDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialTimeout(network, address, 5*time.Second)
}

func (d deadlineDialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	conn, err := net.DialTimeout(network, address, timeout)
	if err != nil {
		return nil, err
	}
	return deadlineConn{conn, d.limit}, nil
}

type deadlineConn struct {
	net.Conn
	limit time.Duration
}

func (c deadlineConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c deadlineConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// --- both ---

// ErrNewerSchema says that the database was written by a newer program.
var ErrNewerSchema = errors.New("the database belongs to a newer version of tasuki")

func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, options ...goose.ProviderOption) error {
	options = append(options, goose.WithSlog(slog.New(slog.DiscardHandler)))
	provider, err := goose.NewProvider(dialect, db, fs.FS(migrations.Files), options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if current > target {
		return ErrNewerSchema
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func (s *Store) ensureInstance(ctx context.Context) error {
	_, err := s.writer.ExecContext(ctx, s.writer.Rebind(
		"INSERT INTO instance (one, epoch) VALUES (1, ?) ON CONFLICT (one) DO NOTHING"), rand.Text())
	if err != nil {
		return fmt.Errorf("name the instance: %w", err)
	}
	return nil
}

// importGrace is how long a running import may be silent before it counts as
// stopped. On SQLite it cannot say that it is alive while it writes, because there
// is one writer.
func (s *Store) importGrace() time.Duration {
	if s.postgres {
		return 10 * time.Second
	}
	return 5 * time.Minute
}
