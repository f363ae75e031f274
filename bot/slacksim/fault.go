package slacksim

import (
	"net/http"
	"strconv"
	"time"
)

// Fault says what goes wrong with the next calls of a method.
type Fault struct {
	Times       int           // how many calls; 0 means one
	Status      int           // HTTP status; 0 means 200
	Error       string        // Slack's error code; empty with a status of 200 lets the call through
	RetryAfter  int           // seconds, sent with a 429; 0 sends no header
	Delay       time.Duration // wait first (machine clock)
	AfterEffect bool          // do it, then drop the connection without an answer
	Drop        bool          // drop the connection without doing it
}

// Fail lets the next calls of a method go wrong; "*" means any method. Faults
// of the same method are used up one after the other.
func (s *Sim) Fail(method string, f Fault) {
	s.mu.Lock()
	defer s.changed()
	f.Times = max(f.Times, 1)
	s.faults[method] = append(s.faults[method], f)
}

// ClearFaults forgets the faults that were not used up.
func (s *Sim) ClearFaults() {
	s.mu.Lock()
	defer s.changed()
	s.faults = map[string][]Fault{}
}

func (s *Sim) takeFault(method string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range []string{method, "*"} {
		list := s.faults[key]
		if len(list) == 0 {
			continue
		}
		list[0].Times--
		f := list[0]
		if f.Times == 0 {
			s.faults[key] = list[1:]
		}
		return f, true
	}
	return Fault{}, false
}

// answers tells whether the fault replaces the call's own answer.
func (f Fault) answers() bool { return f.Error != "" || (f.Status != 0 && f.Status != http.StatusOK) }

func (f Fault) answer() answer {
	a := answer{status: f.Status, code: f.Error, header: http.Header{}}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.code == "" {
		a.code = "internal_error"
		if a.status == http.StatusTooManyRequests {
			a.code = "ratelimited"
		}
	}
	if f.RetryAfter > 0 {
		a.header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	a.body = mustJSON(object{"ok": false, "error": a.code})
	return a
}

// pause waits, unless the caller hangs up first.
func (f Fault) pause(r *http.Request) {
	if f.Delay <= 0 {
		return
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}
