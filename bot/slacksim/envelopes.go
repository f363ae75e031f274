package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The kinds of envelope.
const (
	kindEvent       = "events_api"
	kindInteractive = "interactive"
	kindCommand     = "slash_commands"
)

// maxAckBytes is where Slack drops an acknowledgement (20 KB; the smaller reading).
const maxAckBytes = 20_000

// EnvelopeCounts sums up what was sent over the sockets since Start.
type EnvelopeCounts struct {
	Sent        int // every sending, retries included
	Acked       int // acknowledged in time
	Unacked     int // sendings that were not acknowledged in time
	Late        int // acknowledged after the deadline; Slack had given up waiting
	Redelivered int // retries of events
	GivenUp     int // events nobody acknowledged, after the last retry
	Failed      int // commands, clicks and forms whose person saw an error
}

// envelope is one thing the app has to acknowledge. An event can be sent
// several times; everything else once.
type envelope struct {
	id      string // of the newest sending
	kind    string
	user    string // whom it concerns
	label   string // for complaints
	payload json.RawMessage
	accepts bool   // the ack may carry a payload
	serial  uint64 // counts envelopes, in the order they arose
	attempt int
	sentAt  time.Time
	socket  *socket
	timer   *time.Timer

	answered bool            // over, acknowledged or not
	acked    bool            // in time
	reply    json.RawMessage // the ack's payload
	done     chan struct{}   // closed when acknowledged or failed; nil for events
	finished func()          // called with mu held when it is over; may be nil
}

// postOffice watches what is under way.
type postOffice struct {
	pending   map[string]*envelope   // sent, by envelope id
	overdue   map[*envelope]struct{} // events waiting for their next retry
	held      []*envelope            // events waiting for a connection
	finished  map[string]bool        // newest finished ids: acknowledged in time or not
	order     []string               // of finished, for forgetting
	latencies []time.Duration
	counts    EnvelopeCounts
	made      uint64
}

// Bounds of what is remembered about finished envelopes.
const (
	keptEnvelopes = 1 << 16
	keptLatencies = 1 << 16
)

func newPostOffice() postOffice {
	return postOffice{pending: map[string]*envelope{}, overdue: map[*envelope]struct{}{}, finished: map[string]bool{}}
}

func (p *postOffice) stop() {
	for _, e := range p.pending {
		e.finish()
	}
	for e := range p.overdue {
		e.timer.Stop()
	}
	clear(p.pending)
	clear(p.overdue)
	p.held = nil
}

// forget takes an id out of pending and remembers how it ended.
func (p *postOffice) forget(id string, acked bool) {
	delete(p.pending, id)
	if _, known := p.finished[id]; !known {
		p.order = append(p.order, id)
	}
	p.finished[id] = acked || p.finished[id]
	if len(p.order) > 2*keptEnvelopes {
		for _, old := range p.order[:keptEnvelopes] {
			delete(p.finished, old)
		}
		p.order = append([]string(nil), p.order[keptEnvelopes:]...)
	}
}

func (p *postOffice) measured(d time.Duration) {
	if len(p.latencies) >= 2*keptLatencies {
		p.latencies = append([]time.Duration(nil), p.latencies[keptLatencies:]...)
	}
	p.latencies = append(p.latencies, d)
}

func (e *envelope) finish() {
	if e.timer != nil {
		e.timer.Stop()
	}
	if e.answered {
		return
	}
	e.answered = true
	if e.done != nil {
		close(e.done)
	}
	if e.finished != nil {
		e.finished()
	}
}

// send hands an envelope to one of the connections. Without one, events are
// held and everything else fails at once. Caller holds mu.
func (s *Sim) send(e *envelope) {
	if s.closed {
		e.finish()
		return
	}
	if e.serial == 0 {
		s.posts.made++
		e.serial = s.posts.made
	}
	target := s.sockets.pick()
	if target == nil {
		s.hold(e)
		return
	}
	if e.id == "" || (e.attempt > 0 && e.serial%2 == 0) { // apps must cope with both
		e.id = s.envelopeID(e)
	}
	e.socket, e.sentAt = target, time.Now()
	s.posts.pending[e.id] = e
	s.posts.counts.Sent++
	s.watchAck(e)
	target.enqueue(outgoing{body: e.frame(), what: e.kind, user: e.user})
}

// watchAck starts the clock for this sending of the envelope. Caller holds mu.
func (s *Sim) watchAck(e *envelope) {
	id, attempt := e.id, e.attempt
	e.timer = time.AfterFunc(s.cfg.AckWithin, func() { s.ackMissed(e, id, attempt) })
}

// envelopeID has the form of a UUID and never repeats.
func (s *Sim) envelopeID(e *envelope) string {
	return fmt.Sprintf("%08x-%04x-4000-8000-%012x", e.serial, e.attempt, s.nextSerial())
}

func (s *Sim) hold(e *envelope) {
	if e.kind == kindEvent {
		s.posts.held = append(s.posts.held, e)
		return
	}
	s.posts.counts.Failed++
	s.complain("%s failed: the app has no connection", e.label)
	e.finish()
}

// frame is built by hand because it is written ten thousand times a second.
func (e *envelope) frame() []byte {
	b := make([]byte, 0, len(e.payload)+200)
	b = append(b, `{"envelope_id":`...)
	b = strconv.AppendQuote(b, e.id)
	b = append(b, `,"payload":`...)
	b = append(b, e.payload...)
	b = append(b, `,"type":`...)
	b = strconv.AppendQuote(b, e.kind)
	b = append(b, `,"accepts_response_payload":`...)
	b = strconv.AppendBool(b, e.accepts)
	if e.kind == kindEvent {
		b = append(b, `,"retry_attempt":`...)
		b = strconv.AppendInt(b, int64(e.attempt), 10)
		b = append(b, `,"retry_reason":`...)
		b = strconv.AppendQuote(b, e.retryReason())
	}
	return append(b, '}')
}

func (e *envelope) retryReason() string {
	if e.attempt == 0 {
		return ""
	}
	return "timeout"
}

// ackMissed runs when the time to acknowledge is over.
func (s *Sim) ackMissed(e *envelope, id string, attempt int) {
	s.mu.Lock()
	defer s.changed()
	if s.posts.pending[id] != e || e.attempt != attempt || s.closed {
		return
	}
	s.posts.forget(id, false)
	s.posts.counts.Unacked++
	switch {
	case e.kind != kindEvent:
		s.posts.counts.Failed++
		s.complain("%s failed: not acknowledged within %s", e.label, s.cfg.AckWithin)
		e.finish()
	case e.attempt >= len(s.cfg.Redeliver):
		s.posts.counts.GivenUp++
		s.complain("%s given up after %d retries", e.label, e.attempt)
		e.finish()
	default:
		s.retryLater(e)
	}
}

func (s *Sim) retryLater(e *envelope) {
	wait := max(0, s.cfg.Redeliver[e.attempt]-s.cfg.AckWithin)
	s.posts.overdue[e] = struct{}{}
	e.timer = time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.changed()
		if _, waiting := s.posts.overdue[e]; waiting {
			s.retry(e)
		}
	})
}

// retry sends an event once more. Caller holds mu.
func (s *Sim) retry(e *envelope) {
	e.timer.Stop()
	delete(s.posts.overdue, e)
	e.attempt++
	s.posts.counts.Redelivered++
	s.send(e)
}

// catchUp redelivers, in the order they arose, the events that were held, those
// waiting for a retry and those sent to a connection that is gone. Caller holds mu.
func (s *Sim) catchUp() {
	for id, e := range s.posts.pending {
		if e.kind == kindEvent && e.socket.isGone() {
			s.posts.forget(id, false)
			s.posts.counts.Unacked++
			s.posts.overdue[e] = struct{}{}
		}
	}
	late := slices.SortedFunc(maps.Keys(s.posts.overdue), bySerial)
	held := s.posts.held
	s.posts.held = nil
	for _, e := range late {
		s.retry(e)
	}
	for _, e := range held {
		if e.attempt == 0 {
			e.attempt = 1
			s.posts.counts.Redelivered++
		}
		s.send(e)
	}
}

func bySerial(a, b *envelope) int { return int(a.serial) - int(b.serial) }

// acknowledged handles a frame from the app.
func (s *Sim) acknowledged(raw []byte) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	err := json.Unmarshal(raw, &ack)
	s.mu.Lock()
	defer s.changed()
	e := s.posts.pending[ack.EnvelopeID]
	s.recordAck(e, raw)
	switch {
	case err != nil || ack.EnvelopeID == "":
		s.complain("a frame that is not an acknowledgement: %.80q", raw)
	case len(raw) >= maxAckBytes:
		s.complain("an acknowledgement of %d bytes, dropped", len(raw))
	case e == nil:
		s.lateAck(ack.EnvelopeID)
	default:
		s.take(e, ack.Payload)
	}
}

func (s *Sim) recordAck(e *envelope, raw []byte) {
	user := ""
	if e != nil {
		user = e.user
	}
	body := raw
	if len(raw) > 100 { // a bare acknowledgement holds nothing to unpack
		body = plainJSON(raw)
	}
	s.record(false, "ack", user, body)
}

func (s *Sim) lateAck(id string) {
	acked, known := s.posts.finished[id]
	switch {
	case !known:
		s.complain("an acknowledgement of an unknown envelope %q", id)
	case !acked:
		s.posts.counts.Late++
	}
}

func (s *Sim) take(e *envelope, payload json.RawMessage) {
	e.acked = true
	s.posts.forget(e.id, true)
	s.posts.counts.Acked++
	s.posts.measured(time.Since(e.sentAt))
	if text := strings.TrimSpace(string(payload)); text != "" && text != "null" {
		if e.accepts {
			e.reply = payload
		} else {
			s.complain("%s: the acknowledgement carries a payload, which Slack overlooks here", e.label)
		}
	}
	e.finish()
}

// Acked tells whether an envelope (by id) was acknowledged in time.
func (s *Sim) Acked(envelopeID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts.finished[envelopeID]
}

// AckLatencies returns the newest times from sending to acknowledgement
// (machine clock), oldest first.
func (s *Sim) AckLatencies() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Duration(nil), s.posts.latencies...)
}

// Envelopes counts what was sent and what became of it.
func (s *Sim) Envelopes() EnvelopeCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts.counts
}

// Idle tells whether the app has nothing left to acknowledge: no envelope is
// under way, held or waiting for a retry.
func (s *Sim) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.posts.pending)+len(s.posts.overdue)+len(s.posts.held) == 0
}

// SendRaw delivers a hand-made envelope as it is, for instance one whose event
// cannot be parsed. With an envelope_id its acknowledgement is watched, without
// redelivery. It is an error when no connection is up.
func (s *Sim) SendRaw(raw json.RawMessage) error {
	var head struct {
		EnvelopeID string `json:"envelope_id"`
		Type       string `json:"type"`
	}
	_ = json.Unmarshal(raw, &head) // what is not JSON has no id to watch
	s.mu.Lock()
	defer s.changed()
	target := s.sockets.pick()
	if target == nil {
		return ErrNoConnection
	}
	if head.EnvelopeID != "" {
		s.watchRaw(target, head.EnvelopeID)
	}
	target.enqueue(outgoing{body: raw, what: head.Type})
	return nil
}

func (s *Sim) watchRaw(target *socket, id string) {
	e := &envelope{id: id, kind: "raw", label: "raw envelope " + id, socket: target, sentAt: time.Now(), accepts: true}
	s.watchAck(e)
	s.posts.pending[id] = e
	s.posts.counts.Sent++
}
