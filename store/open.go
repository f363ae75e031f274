package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Store is the database of one workspace. Its methods are safe for concurrent use.
type Store struct {
	path   string
	team   string
	writer *writer
	read   *reader
	chain  *memory // people and links
	talks  *memory // conversations, and the sessions they prepare
	write  *sql.DB
}

// Options say what kind of database is wanted.
type Options struct {
	// Rehearsal marks a new database as one for a moved clock; an existing one must be marked the same way, so that
	// a rehearsal never touches real people's answers, nor the other way round.
	Rehearsal bool
	// Busy is how long to wait for another program to let go, at opening and at each write; 0 means 5 s.
	Busy time.Duration
}

// Errors of opening, besides those of the disk. Each is a sentence that says what to do.
var (
	ErrNewer     = errors.New("this database was written by a newer version of Three Deep; start that version, or restore a backup made before the upgrade")
	ErrRehearsal = errors.New("this is a rehearsal database, and a plain run needs its own; set THREEDEEP_DATABASE to another file")
	ErrReal      = errors.New("this database holds real answers, and a rehearsal needs its own; set THREEDEEP_DATABASE to another file")
)

// Open opens or creates the database at path and brings its schema up to date in one transaction. Errors are sentences
// for the operator.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	s := &Store{path: path, team: "default", chain: newMemory(), talks: newMemory()}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(plain(path, err), s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) (err error) {
	if s.write, err = sql.Open("sqlite", writerDSN(s.path)); err != nil {
		return fmt.Errorf("opening %s: %w", s.path, err)
	}
	s.write.SetMaxOpenConns(1)
	if o.Busy > 0 {
		if _, err = s.write.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout=%d", o.Busy.Milliseconds())); err != nil {
			return fmt.Errorf("opening %s: %w", s.path, err)
		}
	}
	if err = migrate(ctx, s.write, o.kind()); err != nil {
		return fmt.Errorf("bringing %s up to date: %w", s.path, err)
	}
	db, err := sql.Open("sqlite", readerDSN(s.path))
	if err != nil {
		return fmt.Errorf("opening %s: %w", s.path, err)
	}
	s.read = newReader(db)
	s.read.SetMaxOpenConns(readers())
	s.read.SetMaxIdleConns(readers())
	s.writer, err = startWriter(ctx, s.write)
	return err
}

// The kinds of databases.
const (
	reality   = "real"
	rehearsal = "rehearsal"
)

func (o Options) kind() string {
	if o.Rehearsal {
		return rehearsal
	}
	return reality
}

// Close finishes what is being written and lets go of the file. It may be called after a failed Open, and again.
func (s *Store) Close() error {
	var errs []error
	if s.writer != nil {
		s.writer.stop()
	}
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	return errors.Join(errs...)
}

// Setting reads a remembered value, "" when there is none.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var v string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = $1`, key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
