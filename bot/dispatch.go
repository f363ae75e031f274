package bot

import (
	"log/slog"
	"runtime/debug"
	"sync"
)

// dispatcher runs jobs in order for each person and side by side for different ones. It holds a bounded number: what
// comes beyond that is turned away, un-acknowledged, so that Slack sends events again and shows clicks as failed.
type dispatcher struct {
	mu      sync.Mutex
	queues  map[string][]func()
	pending int
	most    int
	closed  bool
	slots   chan struct{}
	running sync.WaitGroup
	changed func()
	log     *slog.Logger
}

// sideBySide is how many people are served at the same moment.
const sideBySide = 128

func newDispatcher(most int, changed func(), log *slog.Logger) *dispatcher {
	return &dispatcher{
		queues: map[string][]func(){}, most: most, slots: make(chan struct{}, sideBySide), changed: changed, log: log,
	}
}

// put queues a job behind the others of the same person; false when there is no room.
func (d *dispatcher) put(person string, job func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.pending >= d.most {
		return false
	}
	d.pending++
	queue, served := d.queues[person]
	d.queues[person] = append(queue, job)
	if !served {
		d.running.Go(func() { d.serve(person) })
	}
	return true
}

// serve works through one person's queue and ends with it.
func (d *dispatcher) serve(person string) {
	d.slots <- struct{}{}
	defer func() { <-d.slots }()
	for {
		job, ok := d.next(person)
		if !ok {
			return
		}
		d.run(job)
		d.mu.Lock()
		d.pending--
		d.mu.Unlock()
		d.changed()
	}
}

func (d *dispatcher) next(person string) (func(), bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.queues[person]
	if len(queue) == 0 {
		delete(d.queues, person)
		return nil, false
	}
	d.queues[person] = queue[1:]
	return queue[0], true
}

// run keeps a panic to the envelope that caused it, which stays un-acknowledged.
func (d *dispatcher) run(job func()) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote what somebody wrote, so only the place is logged.
			d.log.Error("an envelope could not be handled: a defect in the bot", "stack", string(debug.Stack()))
		}
	}()
	job()
}

func (d *dispatcher) idle() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.pending == 0
}

// drain waits until everything that was taken is done.
func (d *dispatcher) drain() { d.running.Wait() }

// close takes nothing more and drains.
func (d *dispatcher) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.drain()
}
