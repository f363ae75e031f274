package slacksim

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Sim is a running stand-in Slack with one workspace and one installed app.
// All its methods may be called from several goroutines.
type Sim struct {
	cfg      Config
	app      App
	methods  map[string]method
	server   *http.Server
	listener net.Listener
	started  string // part of generated ids, so that two runs never share one

	watch   broadcast
	traffic trafficLog
	limits  limiter

	mu       sync.Mutex // guards everything below; never held while writing to a socket
	closed   bool
	revoked  bool
	lastTS   int64 // microseconds of the newest event_ts or action_ts
	serial   uint64
	users    userBook
	channels channelBook
	views    viewBook
	triggers triggerBook
	pinger   pinger
	hooks    hookBook
	sockets  socketBook
	posts    postOffice
	faults   map[string][]Fault
	calls    callLog
	broken   []string // what Complaints returns
	pings    int
}

// Start opens the listener and serves until Close.
func Start(cfg Config) (*Sim, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("slacksim: listen: %w", err)
	}
	s := newSim(cfg)
	s.listener = listener
	s.server = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	go s.serve()
	return s, nil
}

func newSim(cfg Config) *Sim {
	s := &Sim{
		cfg:      cfg,
		app:      cfg.App,
		started:  rand.Text()[:6],
		users:    newUserBook(),
		channels: newChannelBook(),
		views:    newViewBook(),
		triggers: newTriggerBook(),
		pinger:   newPinger(),
		hooks:    newHookBook(),
		sockets:  newSocketBook(),
		posts:    newPostOffice(),
		faults:   map[string][]Fault{},
		calls:    newCallLog(),
	}
	s.traffic = trafficLog{limit: cfg.KeepTraffic, sink: cfg.Record}
	s.limits = newLimiter()
	s.methods = s.registerMethods()
	s.addBotUser()
	return s
}

func (s *Sim) serve() {
	if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		s.cfg.Log.Error("slacksim stopped serving", "error", err)
	}
}

// Close drops the sockets, stops the retries and closes the listener.
func (s *Sim) Close() error {
	s.mu.Lock()
	s.closed = true
	s.posts.stop()
	conns := s.sockets.takeAll()
	s.mu.Unlock()
	for _, c := range conns {
		c.drop()
	}
	s.watch.notify()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if s.server.Shutdown(ctx) == nil {
		return nil
	}
	if err := s.server.Close(); err != nil { // cuts calls that are still waiting for an answer
		return fmt.Errorf("slacksim: close: %w", err)
	}
	return nil
}

// URL is the base address of the Web API, with the trailing slash that clients want.
func (s *Sim) URL() string { return "http://" + s.listener.Addr().String() + "/api/" }

// App returns the installed app.
func (s *Sim) App() App { return s.app }

// Revoke makes both tokens answer token_revoked and closes the sockets, as when
// an administrator removes the app.
func (s *Sim) Revoke() {
	s.mu.Lock()
	s.revoked = true
	conns := s.sockets.takeAll()
	s.mu.Unlock()
	for _, c := range conns {
		c.drop()
	}
	s.watch.notify()
}

// changed is deferred by whatever alters the state: it unlocks and wakes waiters.
func (s *Sim) changed() {
	s.mu.Unlock()
	s.watch.notify()
}

// tick returns the clock in microseconds, strictly increasing. Caller holds mu.
func (s *Sim) tick() int64 {
	s.lastTS = max(s.lastTS+1, s.cfg.Now().UnixMicro())
	return s.lastTS
}

// nextSerial numbers generated ids. Caller holds mu.
func (s *Sim) nextSerial() uint64 {
	s.serial++
	return s.serial
}

// complain records what a strict Slack would show as broken. Caller holds mu.
func (s *Sim) complain(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.cfg.Log.Warn("slacksim complaint", "what", text)
	if len(s.broken) < maxComplaints {
		s.broken = append(s.broken, text)
	}
}

// maxComplaints bounds memory when an app goes wrong in a loop.
const maxComplaints = 10_000

// Complaints lists, oldest first, everything a strict Slack would show as
// broken: unknown methods, invalid blocks, missed acknowledgements, events
// given up.
func (s *Sim) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.broken...)
}

// formatTS writes microseconds as Slack writes a ts.
func formatTS(micros int64) string {
	return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
}
