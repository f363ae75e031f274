package rehearse

import (
	"sync"
	"time"
)

// Moved is a domain clock that stands still until it is moved.
type Moved struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[*waiter]bool
}

type waiter struct {
	at time.Time
	ch chan time.Time
}

// NewMoved is a clock that stands at now.
func NewMoved(now time.Time) *Moved {
	return &Moved{now: now.UTC(), waiting: map[*waiter]bool{}}
}

// Now is the instant the clock stands at, in UTC.
func (m *Moved) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// MoveTo moves the clock, forwards only, and wakes whoever waits for what it has reached.
func (m *Moved) MoveTo(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t.After(m.now) {
		m.now = t.UTC()
	}
	for w := range m.waiting {
		if !w.at.After(m.now) {
			w.ch <- m.now
			delete(m.waiting, w)
		}
	}
}

// At waits for an instant of this clock.
func (m *Moved) At(t time.Time) (<-chan time.Time, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := &waiter{at: t, ch: make(chan time.Time, 1)}
	if !t.After(m.now) {
		w.ch <- m.now
	} else {
		m.waiting[w] = true
	}
	return w.ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.waiting, w)
	}
}
