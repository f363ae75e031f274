package store

import (
	"context"
	"database/sql"
	"sync"
)

// reader is the pool of connections that only read. Statements are prepared once: parsing one costs more than most
// of them take to run.
type reader struct {
	*sql.DB
	mu   sync.Mutex
	stmt map[string]*sql.Stmt
}

func newReader(db *sql.DB) *reader { return &reader{DB: db, stmt: map[string]*sql.Stmt{}} }

func (r *reader) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.stmt[query]; ok {
		return s, nil
	}
	s, err := r.PrepareContext(ctx, query)
	if err == nil {
		r.stmt[query] = s
	}
	return s, err
}
