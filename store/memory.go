package store

import "sync"

// memory keeps rows that are asked for with every message. What is read is kept only while nothing newer was put
// under its key, and what is written is put by the writer once the disk has it, whether its caller still waits or
// not. Correctness never rests on it: a conversation's version is compared when it is written.
type memory struct {
	mu    sync.Mutex
	rows  map[string]any
	turns int // how often something was taken away: what was being read meanwhile is not kept
}

// mostRemembered bounds it: at 10,000 people everybody's rows fit, and beyond it begins anew.
const mostRemembered = 50_000

func newMemory() *memory { return &memory{rows: map[string]any{}} }

// forget empties it.
func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows = map[string]any{}
	m.turns++
}

// drop takes one row away.
func (m *memory) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rows, key)
	m.turns++
}

// put is what is true from now on.
func (m *memory) put(key string, row any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.makeRoom()
	m.rows[key] = row
}

func (m *memory) find(key string) (row any, found bool, turn int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	row, found = m.rows[key]
	return row, found, m.turns
}

// keep is what was read, unless something was put there or all was forgotten since the reading began.
func (m *memory) keep(key string, row any, turn int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, newer := m.rows[key]; newer || m.turns != turn {
		return
	}
	m.makeRoom()
	m.rows[key] = row
}

func (m *memory) makeRoom() {
	if len(m.rows) >= mostRemembered {
		m.rows = map[string]any{}
		m.turns++
	}
}

// remembered is what is known under a key, read by load the first time. Callers must not change the rows.
func remembered[T any](m *memory, key string, load func() ([]T, error)) ([]T, error) {
	row, found, turn := m.find(key)
	if found {
		return row.([]T), nil
	}
	rows, err := load()
	if err == nil {
		m.keep(key, rows, turn)
	}
	return rows, err
}
