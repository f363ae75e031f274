package slacksim

import (
	"encoding/json"
	"time"
)

// Call is one request to the Web API and its answer.
type Call struct {
	Method   string
	Status   int             // HTTP status; 0 when the connection was dropped unanswered
	Error    string          // Slack's error code, empty when ok
	Args     json.RawMessage // an object, whatever way the arguments came in
	Response json.RawMessage
	At       time.Time // machine clock
}

// keptCalls bounds the call log; the counters go on.
const keptCalls = 2048

// callLog keeps the newest calls in a ring.
type callLog struct {
	ring   []Call
	next   int
	total  int
	counts map[string]int
}

func newCallLog() callLog { return callLog{counts: map[string]int{}} }

func (l *callLog) add(c Call) {
	l.total++
	l.counts[c.Method]++
	if len(l.ring) < keptCalls {
		l.ring = append(l.ring, c)
		return
	}
	l.ring[l.next] = c
	l.next = (l.next + 1) % keptCalls
}

// Calls returns the newest API calls (at most 2048), oldest first.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.calls
	return append(append([]Call(nil), l.ring[l.next:]...), l.ring[:l.next]...)
}

// Count tells how often a method was called since Start, whatever the answer.
func (s *Sim) Count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls.counts[method]
}
