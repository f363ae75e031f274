package slacksim

import (
	"context"
	"fmt"
	"sync"
)

// broadcast wakes everybody who waits for the next change. It costs almost
// nothing while nobody waits.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{} // nil while nobody waits
}

func (b *broadcast) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) notify() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// Wait returns nil once cond holds. cond is evaluated at once and again after
// every change of the stand-in (a call, an acknowledgement, a message, a
// connection), outside its locks, so it may call any looking method. When ctx
// ends first, the error wraps its cause and sums up what the stand-in saw.
func (s *Sim) Wait(ctx context.Context, cond func() bool) error {
	for {
		next := s.watch.next()
		if cond() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("slacksim: the condition did not come true (%s): %w", s.summary(), context.Cause(ctx))
		}
	}
}

func (s *Sim) summary() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.posts.counts
	return fmt.Sprintf("%d connections, %d calls, %d envelopes sent, %d acked, %d unacked, %d held, %d complaints",
		len(s.sockets.list), s.calls.total, c.Sent, c.Acked, c.Unacked, len(s.posts.held), len(s.broken))
}
