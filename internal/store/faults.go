package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/lib/pq"
)

var (
	// ErrUnavailable says that the database does not answer now, or not in time; the
	// same request may succeed later.
	ErrUnavailable = errors.New("the database does not answer")
	// ErrFull says that there is no room left to save anything.
	ErrFull = errors.New("the disk of the database is full")
)

// classify marks faults of the database's surroundings, which people can wait out
// or have mended; any other error comes back as it is.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case isUnavailable(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// SQLite's result codes, without the extended part.
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteReadOnly = 8
	sqliteIOError  = 10
	sqliteFull     = 13
	sqliteCantOpen = 14
)

func isFull(err error) bool {
	const diskFull = "53100"
	return sqliteCode(err) == sqliteFull || postgresCode(err) == diskFull
}

func isUnavailable(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) ||
		slices.Contains([]int{sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteIOError, sqliteCantOpen}, sqliteCode(err)) ||
		unavailableCode(postgresCode(err))
}

// unavailableCode tells whether PostgreSQL's code speaks of its state and not of
// what was asked: a lost connection (08), too little of something (53), somebody
// stopping it or a statement (57), or two transactions in each other's way (40).
func unavailableCode(code string) bool {
	return len(code) == 5 && slices.Contains([]string{"08", "53", "57", "40"}, code[:2])
}

func postgresCode(err error) string {
	var e *pq.Error
	if errors.As(err, &e) {
		return string(e.Code)
	}
	return ""
}

func sqliteCode(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code() & 0xff
	}
	return 0
}
