package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// writer commits what many callers write at the same time in one go: the disk's flush is what a commit costs, and a
// hundred answers can share one. Each caller's part succeeds or fails by itself, and nobody is told before the flush is
// over.
type writer struct {
	conn *sql.Conn
	jobs chan *job
	quit chan struct{} // closed by stop
	done chan struct{} // closed once every job that was taken has its answer
	once sync.Once
	stmt map[string]*sql.Stmt
}

type job struct {
	ctx   context.Context
	do    func(*tx) error
	after func() // once the disk has it, whether its caller still waits or not
	err   chan error
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
	return w.runThen(ctx, do, func() {})
}

// runThen does the same, and calls after once the disk has it.
func (w *writer) runThen(ctx context.Context, do func(*tx) error, after func()) error {
	j := &job{ctx: ctx, do: do, after: after, err: make(chan error, 1)}
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

// commit writes a batch in one transaction. When one caller's part fails, which is rare, nothing of the batch is
// written and each part is tried again by itself, so that it fails alone; a part may therefore run twice.
func (w *writer) commit(batch []*job) {
	err := w.transact(batch)
	if err == nil || len(batch) == 1 || errors.Is(err, errNotBegun) {
		end(batch, err)
		return
	}
	for _, j := range batch {
		end([]*job{j}, w.transact([]*job{j}))
	}
}

// errNotBegun is everybody's: trying each part by itself would only wait as long again for each.
var errNotBegun = errors.New("the database can't be written")

func end(batch []*job, err error) {
	for _, j := range batch {
		if err == nil {
			j.after()
		}
		j.err <- err
	}
}

func (w *writer) transact(batch []*job) error {
	// The transaction must not end with one caller's patience, so it has a context of its own.
	t := &tx{ctx: context.Background(), w: w}
	if err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return fmt.Errorf("%w: %w", errNotBegun, err)
	}
	for _, j := range batch {
		err := j.ctx.Err()
		if err == nil {
			err = j.do(t)
		}
		if err != nil {
			return errors.Join(err, t.rollback())
		}
	}
	if err := t.exec(`COMMIT`); err != nil {
		return errors.Join(fmt.Errorf("committing: %w", err), t.rollback())
	}
	return nil
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

// rollback undoes the transaction, unless the database has done so by itself, as it does when the disk is full.
func (t *tx) rollback() error {
	err := t.exec(`ROLLBACK`)
	if noTransaction(err) {
		return nil
	}
	return err
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
