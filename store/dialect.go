package store

import (
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// writerDSN opens the one connection that writes: it takes the write lock when a transaction begins, waits for
// another process to let go of it, and returns from a commit only when the disk has it.
func writerDSN(path string) string {
	return dsn(path, url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)"},
	})
}

// readerDSN opens connections that can't write, so that a slip in a query can't either.
func readerDSN(path string) string {
	return dsn(path, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(ON)"}})
}

// readers is how many connections read side by side.
func readers() int { return max(2, runtime.GOMAXPROCS(0)) }

func dsn(path string, v url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// plain turns what the database says at opening into what a person can act on.
func plain(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("the database %s is in use by another program; stop that one first, or wait until it is done: %w", path, err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the file %s is damaged or not a Three Deep database; move it away and put the latest backup in its place: %w", path, err)
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR:
		return fmt.Errorf("the disk under %s is full or failing; free some room and start again: %w", path, err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("the database %s can't be opened for writing; check that its folder exists and that this user may write there: %w", path, err)
	default:
		return err
	}
}

// noTransaction says whether a rollback found nothing to roll back.
func noTransaction(err error) bool {
	return err != nil && strings.Contains(err.Error(), "no transaction is active")
}
