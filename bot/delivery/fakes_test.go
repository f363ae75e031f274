package delivery_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/cadence"
)

const (
	lease   = 30 * time.Second
	timeout = 10 * time.Second
)

// row is one delivery as the queue remembers it.
type row struct {
	cadence.Claim
	leasedUntil, retryAt time.Time
	done                 string // outcome; empty while it waits
}

// outbox keeps deliveries as the store does, in memory.
type outbox struct {
	mu     sync.Mutex
	rows   []*row
	broken bool // nothing can be recorded
	deaf   bool // nothing can be claimed
}

func (o *outbox) put(key, lane string, op cadence.Op) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := cadence.Delivery{ID: "id-" + key, Key: key, Op: op, Audience: lane, Target: lane, Due: time.Now()}
	o.rows = append(o.rows, &row{Claim: cadence.Claim{Delivery: d}})
}

func (o *outbox) fail(broken, deaf bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken, o.deaf = broken, deaf
}

// head says whether nothing of the same lane stands before a row.
func (o *outbox) head(at int) bool {
	return !slices.ContainsFunc(o.rows[:at], func(r *row) bool { return r.done == "" && r.Lane() == o.rows[at].Lane() })
}

func (o *outbox) ClaimDue(_ context.Context, owner string, due, machine time.Time, lease time.Duration, n int) ([]cadence.Claim, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.deaf {
		return nil, errors.New("the database is away")
	}
	var out []cadence.Claim
	for i, r := range o.rows {
		if len(out) == n || r.done != "" || r.Due.After(due) || r.leasedUntil.After(machine) || r.retryAt.After(machine) || !o.head(i) {
			continue
		}
		r.Owner, r.leasedUntil = owner, machine.Add(lease)
		r.Attempt++
		out = append(out, r.Claim)
	}
	return out, nil
}

func (o *outbox) find(c cadence.Claim) *row {
	i := slices.IndexFunc(o.rows, func(r *row) bool { return r.Key == c.Key && r.Attempt == c.Attempt && r.Owner == c.Owner })
	if i < 0 {
		return &row{}
	}
	return o.rows[i]
}

func (o *outbox) Settle(_ context.Context, c cadence.Claim, outcome string, posted cadence.Posted, _ time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken {
		return errors.New("the disk is full")
	}
	r := o.find(c)
	r.done, r.Posted, r.leasedUntil = outcome, posted, time.Time{}
	return nil
}

func (o *outbox) Retry(_ context.Context, c cadence.Claim, outcome string, at time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken {
		return errors.New("the disk is full")
	}
	r := o.find(c)
	r.retryAt, r.leasedUntil = at, time.Time{}
	return nil
}

func (o *outbox) Hold(_ context.Context, c cadence.Claim, due time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	r := o.rows[slices.IndexFunc(o.rows, func(r *row) bool { return r.Key == c.Key })]
	r.leasedUntil, r.Due, r.done = time.Time{}, due, "held"
	return nil
}

func (o *outbox) Waiting(_ context.Context, _ time.Time) (n int, next time.Time, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, r := range o.rows {
		if r.done != "" {
			continue
		}
		n++
		at := r.retryAt
		if r.leasedUntil.After(at) {
			at = r.leasedUntil
		}
		if o.head(i) && !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return n, next, nil
}

func (o *outbox) outcome(key string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.rows[slices.IndexFunc(o.rows, func(r *row) bool { return r.Key == key })].done
}

// journal notes what happened, in order.
type journal struct {
	mu   sync.Mutex
	list []string
}

func (j *journal) add(s string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = append(j.list, s)
}

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.list)
}

// slack is the other end: what arrived and when, and how it answers.
type slack struct {
	began  time.Time
	sent   journal // key at time
	looked journal
	answer func(cadence.Claim) delivery.Result
	found  map[string]cadence.Posted
	render func(cadence.Claim) (drop string, err error)
	hold   time.Time
}

func (s *slack) note(j *journal, c cadence.Claim) {
	j.add(c.Key + " at " + time.Since(s.began).String())
}

func (s *slack) Send(ctx context.Context, c cadence.Claim, _ any) delivery.Result {
	s.note(&s.sent, c)
	r := s.answer(c)
	if ctx.Err() != nil {
		return delivery.Result{Outcome: delivery.Unknown, Reason: "cut off"}
	}
	return r
}

func (s *slack) Find(_ context.Context, c cadence.Claim) (cadence.Posted, bool, error) {
	s.note(&s.looked, c)
	p, ok := s.found[c.Key]
	return p, ok, nil
}

func (s *slack) Render(_ context.Context, c cadence.Claim) (delivery.Rendered, error) {
	drop, err := s.render(c)
	return delivery.Rendered{Message: "message", Drop: drop, Hold: s.hold}, err
}

// office is a sender between the two, started when it is told to.
type office struct {
	*outbox
	*slack
	*delivery.Sender
	stop  context.CancelFunc
	ended chan error
}

func opened(t *testing.T, change ...func(*delivery.Options)) *office {
	t.Helper()
	s := &slack{
		began: time.Now(), found: map[string]cadence.Posted{},
		answer: func(c cadence.Claim) delivery.Result {
			return delivery.Result{Outcome: delivery.Sent, Posted: cadence.Posted{Channel: "D1", TS: c.Key}}
		},
		render: func(cadence.Claim) (string, error) { return "", nil },
	}
	o := delivery.Options{Owner: "me", Lease: lease, Timeout: timeout}
	for _, c := range change {
		c(&o)
	}
	box := &outbox{}
	return &office{outbox: box, slack: s, Sender: delivery.NewSender(box, s, s, o), ended: make(chan error, 1)}
}

func (o *office) start(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o.stop = cancel
	go func() { o.ended <- o.Run(ctx) }()
}

// finish stops the sender and waits for it.
func (o *office) finish(t *testing.T) {
	t.Helper()
	o.stop()
	if err := <-o.ended; err != nil {
		t.Error(err)
	}
}

// first answers the first attempts of a key with what is given, and lets the rest through.
func (s *slack) first(key string, results ...delivery.Result) {
	through := s.answer
	s.answer = func(c cadence.Claim) delivery.Result {
		if c.Key == key && c.Attempt <= len(results) {
			return results[c.Attempt-1]
		}
		return through(c)
	}
}

func want(t *testing.T, what string, j *journal, keys ...string) {
	t.Helper()
	if got := j.all(); !slices.Equal(got, keys) {
		t.Errorf("%s: %q, want %q", what, got, keys)
	}
}
