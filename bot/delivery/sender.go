package delivery

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/threedeep/threedeep/cadence"
)

// Queue is where deliveries wait. Every method's times but due are the machine clock's.
type Queue interface {
	ClaimDue(ctx context.Context, owner string, due, machine time.Time, lease time.Duration, n int) ([]cadence.Claim, error)
	Settle(ctx context.Context, c cadence.Claim, outcome string, posted cadence.Posted, at time.Time) error
	Retry(ctx context.Context, c cadence.Claim, outcome string, at time.Time) error
	Hold(ctx context.Context, c cadence.Claim, due time.Time) error
	Waiting(ctx context.Context, due time.Time) (n int, next time.Time, err error)
}

// Renderer makes a message of references at the moment of sending.
type Renderer interface {
	Render(ctx context.Context, c cadence.Claim) (Rendered, error)
}

// Rendered is a message, or why there is none.
type Rendered struct {
	Message any
	Drop    string    // why there is nothing to send any more
	Hold    time.Time // by the domain clock: not now, but then
}

// Carrier brings a rendered message to its place, and looks up whether an earlier attempt did.
type Carrier interface {
	Send(ctx context.Context, c cadence.Claim, message any) Result
	Find(ctx context.Context, c cadence.Claim) (posted cadence.Posted, found bool, err error)
}

// Options are the sender's settings; all but Owner have working zero values.
type Options struct {
	Owner   string           // tells this process from an earlier one that crashed
	Now     func() time.Time // the domain clock, for what is due
	Lease   time.Duration    // how long a claim is this sender's; default 30 s
	Timeout time.Duration    // of one attempt, below the lease; default a third of it
	Workers int              // attempts side by side; default 32
	At      func(string)     // told at the named points of an attempt; tests crash there
	Settled func(cadence.Claim)
	Held    func() // something is due later than it was
	Log     *slog.Logger
}

// The named points of an attempt.
const (
	PointClaimed = "between claim and send"
	PointSent    = "after send before record"
)

// Sender is the one sender of a workspace.
type Sender struct {
	queue  Queue
	render Renderer
	carry  Carrier
	Options
	wake   chan struct{}
	slots  chan struct{}
	paused atomic.Int64 // machine clock, unix ms
	flying sync.WaitGroup
}

// NewSender makes a sender; Run starts it.
func NewSender(q Queue, r Renderer, c Carrier, o Options) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Lease == 0 {
		o.Lease = 30 * time.Second
	}
	if o.Timeout == 0 || o.Timeout >= o.Lease {
		o.Timeout = o.Lease / 3
	}
	if o.Workers == 0 {
		o.Workers = 32
	}
	if o.At == nil {
		o.At = func(string) {}
	}
	if o.Settled == nil {
		o.Settled = func(cadence.Claim) {}
	}
	if o.Held == nil {
		o.Held = func() {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{queue: q, render: r, carry: c, Options: o, wake: make(chan struct{}, 1), slots: make(chan struct{}, o.Workers)}
}

// Wake says that something may have become due. It never blocks.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, then waits for the attempts under way, each of which has its own timeout.
func (s *Sender) Run(ctx context.Context) error {
	defer s.flying.Wait()
	for ctx.Err() == nil {
		if wait := s.pause(); wait > 0 {
			sleep(ctx, wait, nil)
			continue
		}
		free := s.acquire(ctx)
		claims, err := s.queue.ClaimDue(ctx, s.Owner, s.Now(), time.Now(), s.Lease, free)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("deliveries wait: the database did not answer", "err", err)
		}
		s.release(free - len(claims))
		for _, c := range claims {
			s.flying.Go(func() {
				defer s.release(1)
				s.attempt(context.WithoutCancel(ctx), c)
			})
		}
		if len(claims) == 0 {
			sleep(ctx, s.idle(ctx, err), s.wake)
		}
	}
	return nil
}

// acquire takes all slots that are free, at least one: few claims of many beat many claims of one.
func (s *Sender) acquire(ctx context.Context) int {
	n := 0
	select {
	case s.slots <- struct{}{}:
		n++
	case <-ctx.Done():
		return 0
	}
	for {
		select {
		case s.slots <- struct{}{}:
			n++
		default:
			return n
		}
	}
}

func (s *Sender) release(n int) {
	for range n {
		<-s.slots
	}
}

// idle is how long there is nothing to do, unless woken: until a lease or a back-off ends.
func (s *Sender) idle(ctx context.Context, failed error) time.Duration {
	if failed != nil {
		return time.Second
	}
	_, next, err := s.queue.Waiting(ctx, s.Now())
	if err != nil {
		return time.Second
	}
	if next.IsZero() {
		return time.Hour
	}
	return max(time.Until(next), time.Millisecond)
}

func (s *Sender) pause() time.Duration {
	return time.Until(time.UnixMilli(s.paused.Load()))
}

// pauseUntil pauses the whole sender. A shorter pause does not end a longer one.
func (s *Sender) pauseUntil(t time.Time) {
	for until := t.UnixMilli(); ; {
		was := s.paused.Load()
		if was >= until || s.paused.CompareAndSwap(was, until) {
			return
		}
	}
}

// attempt takes one claim to its end, or gives it back.
func (s *Sender) attempt(ctx context.Context, c cadence.Claim) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	s.At(PointClaimed)
	r := s.try(ctx, c)
	if r.Outcome == Sent {
		s.At(PointSent)
	}
	s.record(context.WithoutCancel(ctx), c, r)
}

// try keeps a defect to the delivery that it shows in: the others go on.
func (s *Sender) try(ctx context.Context, c cadence.Claim) (r Result) {
	sending := false
	defer func() {
		if recover() != nil {
			// The value may quote what somebody wrote, so only the place is logged.
			s.Log.Error("a delivery could not be made: a defect in the bot", "delivery", c.ID, "stack", string(debug.Stack()))
			r = defect(c, sending)
		}
	}()
	if c.Attempt > 1 && c.Op == cadence.OpPost {
		posted, found, err := s.carry.Find(ctx, c)
		if err != nil {
			return Result{Outcome: Unknown, Reason: "it could not be looked up: " + err.Error()}
		}
		if found {
			return Result{Outcome: Sent, Posted: posted, Reason: "found"}
		}
	}
	m, err := s.render.Render(ctx, c)
	switch {
	case err != nil:
		return Result{Outcome: Again, Reason: "it could not be rendered: " + err.Error()}
	case m.Drop != "":
		return Result{Outcome: Dropped, Reason: m.Drop, Posted: c.Posted}
	case !m.Hold.IsZero():
		return Result{Outcome: Held, Until: m.Hold, Reason: "its reader is not at work"}
	case s.pause() > 0: // asked for by another attempt meanwhile
		return Result{Outcome: Again, Pause: s.pause(), Reason: "the sender pauses"}
	default:
		sending = true
		return s.carry.Send(ctx, c, m.Message)
	}
}

// givenUp is how often a delivery that shows a defect is tried: it must not hold up its lane for ever.
const givenUp = 5

// defect is what a panic means: whether anything may have been sent depends on how far it got.
func defect(c cadence.Claim, sending bool) Result {
	r := Result{Outcome: Again, Reason: "a defect in the bot"}
	switch {
	case c.Attempt >= givenUp:
		r.Outcome = Gone
	case sending:
		r.Outcome = Unknown
	}
	return r
}

func (s *Sender) record(ctx context.Context, c cadence.Claim, r Result) {
	now := time.Now()
	log := s.Log.With("delivery", c.ID, "kind", c.Kind, "attempt", c.Attempt, "outcome", r.Outcome, "reason", r.Reason)
	var err error
	switch r.Outcome {
	case Sent, Gone, Dropped:
		if err = s.queue.Settle(ctx, c, string(r.Outcome)+" "+r.Reason, r.Posted, now); err == nil {
			s.Settled(c)
		}
	case Held:
		if err = s.queue.Hold(ctx, c, r.Until); err == nil {
			s.Held()
		}
	default:
		wait := max(backoff(c.Attempt), r.Pause)
		if r.Pause > 0 {
			s.pauseUntil(now.Add(r.Pause))
		}
		if r.Outcome == Unknown {
			wait = max(wait, s.Lease) // the request may still be on its way
		}
		err = s.queue.Retry(ctx, c, string(r.Outcome)+" "+r.Reason, now.Add(wait))
	}
	if err != nil {
		// The lease will end, the post will be looked up by its metadata, and this is recorded then.
		log.Error("how a delivery ended could not be recorded", "err", err)
	} else if r.Outcome != Sent {
		log.Log(ctx, level(r), "delivery not sent")
	}
	s.Wake()
}

// level keeps the log quiet about what is as it should be.
func level(r Result) slog.Level {
	if r.Outcome == Dropped || r.Outcome == Held {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

// sleep waits for d, for a wake-up or for the end.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
	}
}
