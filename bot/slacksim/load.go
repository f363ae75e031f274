package slacksim

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Load is a burst of typed messages.
type Load struct {
	Users    []string // who types, in turn
	Messages int      // how many in all
	InFlight int      // how many may be unacknowledged at a time; 0 means 100
	Text     string   // what they type; empty means a short sentence
}

// LoadResult is what came of it, on the machine's clock.
type LoadResult struct {
	Elapsed   time.Duration   // from the first message to the last acknowledgement
	Latencies []time.Duration // from typing to the event's acknowledgement, in the order they came
}

// LoadEvents lets people type as fast as the app acknowledges. It returns when
// every event is acknowledged or given up, or when ctx ends.
func (s *Sim) LoadEvents(ctx context.Context, l Load) (LoadResult, error) {
	if len(l.Users) == 0 {
		return LoadResult{}, errors.New("slacksim: load without users")
	}
	if l.InFlight <= 0 {
		l.InFlight = 100
	}
	fill(&l.Text, "She asked before she told.")
	b := burst{sim: s, load: l, slots: make(chan struct{}, l.InFlight)}
	start := time.Now()
	err := b.run(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	return LoadResult{Elapsed: time.Since(start), Latencies: b.latencies}, err
}

type burst struct {
	sim   *Sim
	load  Load
	slots chan struct{} // one for each message under way

	mu        sync.Mutex
	latencies []time.Duration
}

func (b *burst) run(ctx context.Context) error {
	for i := range b.load.Messages {
		if err := b.take(ctx); err != nil {
			return err
		}
		if err := b.typeOne(b.load.Users[i%len(b.load.Users)]); err != nil {
			return err
		}
	}
	for range cap(b.slots) { // all slots free: nothing is under way
		if err := b.take(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *burst) take(ctx context.Context) error {
	select {
	case b.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("slacksim: load: %w", context.Cause(ctx))
	}
}

func (b *burst) typeOne(user string) error {
	s := b.sim
	s.mu.Lock()
	defer s.changed()
	_, e, err := s.typeLocked(user, "", b.load.Text)
	if err != nil {
		return err
	}
	if e == nil {
		return errors.New("slacksim: load: the app has not subscribed to message.im")
	}
	if e.answered { // the stand-in is closing
		return errors.New("slacksim: load: closed")
	}
	started := time.Now()
	e.finished = func() { b.done(time.Since(started)) }
	return nil
}

func (b *burst) done(latency time.Duration) {
	b.mu.Lock()
	b.latencies = append(b.latencies, latency)
	b.mu.Unlock()
	<-b.slots
}
