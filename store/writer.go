package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// writer commits what many callers write at the same time in one go: the disk's flush is what a commit costs, and a
// hundred answers can share one. Each caller's part succeeds or fails by itself, behind a savepoint, and nobody is
// told before the flush is over.
type writer struct {
	conn *sql.Conn
	jobs chan *job
	quit chan struct{} // closed by stop
	done chan struct{} // closed once every job that was taken has its answer
	once sync.Once
	stmt map[string]*sql.Stmt
}

type job struct {
	ctx context.Context
	do  func(*tx) error
	err chan error
}

// atOnce bounds how many callers share a flush, and with it how long the first of them waits.
const atOnce = 128

// ErrClosed is returned for writes after Close.
var ErrClosed = errors.New("the store is closed")

func startWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("taking the writing connection: %w", err)
	}
	w := &writer{
		conn: conn, jobs: make(chan *job, atOnce), quit: make(chan struct{}), done: make(chan struct{}), stmt: map[string]*sql.Stmt{},
	}
	go w.loop()
	return w, nil
}

func (w *writer) stop() { w.once.Do(w.end) }

func (w *writer) end() {
	close(w.quit)
	<-w.done
	for _, s := range w.stmt {
		s.Close()
	}
	w.conn.Close()
}

// run hands a write to the writer and waits until it is durable or failed. When ctx ends first the outcome is
// unknown to the caller, who must be able to repeat the same write harmlessly.
func (w *writer) run(ctx context.Context, do func(*tx) error) error {
	j := &job{ctx: ctx, do: do, err: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-w.quit:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-j.err:
		return err
	case <-w.done:
		return j.last()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// last is the answer to a job once the writer has ended: one that was handed over too late has none.
func (j *job) last() error {
	select {
	case err := <-j.err:
		return err
	default:
		return ErrClosed
	}
}

func (w *writer) loop() {
	defer close(w.done)
	for {
		select {
		case j := <-w.jobs:
			w.commit(w.gather(j))
		case <-w.quit:
			w.refuseRest()
			return
		}
	}
}

// gather takes what is waiting already; it never waits for more.
func (w *writer) gather(first *job) []*job {
	batch := []*job{first}
	for len(batch) < atOnce {
		select {
		case j := <-w.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) refuseRest() {
	for {
		select {
		case j := <-w.jobs:
			j.err <- ErrClosed
		default:
			return
		}
	}
}

// commit writes a batch. An error of one caller's part is that caller's; an error of the whole is everybody's.
func (w *writer) commit(batch []*job) {
	errs := make([]error, len(batch))
	if err := w.transact(batch, errs); err != nil {
		for i := range errs {
			errs[i] = errors.Join(errs[i], err)
		}
	}
	for i, j := range batch {
		j.err <- errs[i]
	}
}

func (w *writer) transact(batch []*job, errs []error) error {
	// The transaction must not end with one caller's patience, so it has a context of its own.
	ctx := context.Background()
	t := &tx{ctx: ctx, w: w}
	if err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	for i, j := range batch {
		if errs[i] = j.ctx.Err(); errs[i] != nil {
			continue
		}
		errs[i] = w.apart(t, j.do)
		if lostTransaction(errs[i]) {
			return fmt.Errorf("the whole transaction was given up: %w", errs[i])
		}
	}
	if err := t.exec(`COMMIT`); err != nil {
		return errors.Join(fmt.Errorf("committing: %w", err), t.exec(`ROLLBACK`))
	}
	return nil
}

// apart runs one caller's part so that its failure undoes nothing else.
func (w *writer) apart(t *tx, do func(*tx) error) error {
	if err := t.exec(`SAVEPOINT part`); err != nil {
		return err
	}
	err := do(t)
	if err != nil {
		err = errors.Join(err, t.exec(`ROLLBACK TO part`))
	}
	return errors.Join(err, t.exec(`RELEASE part`))
}

// tx is what a write may do: plain statements, prepared once and kept.
type tx struct {
	ctx context.Context
	w   *writer
}

func (t *tx) prepared(query string) (*sql.Stmt, error) {
	if s, ok := t.w.stmt[query]; ok {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(t.ctx, query)
	if err == nil {
		t.w.stmt[query] = s
	}
	return s, err
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.affected(query, args...)
	return err
}

// affected runs a statement and says how many rows it changed.
func (t *tx) affected(query string, args ...any) (int64, error) {
	s, err := t.prepared(query)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	s, err := t.prepared(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(t.ctx, args...)
}
