package slacksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Transfer is something that went to or came from the app.
type Transfer struct {
	At    time.Time `json:"at"`     // machine clock
	ToApp bool      `json:"to_app"` // false: the app sent it
	What  string    `json:"what"`   // method or envelope type
	User  string    `json:"user"`   // whom it concerns: who sees it or did it; empty when nobody in particular
	Body  string    `json:"body"`   // JSON, with JSON inside form arguments unpacked and nothing escaped needlessly
}

// trafficLog has a lock of its own, so that a slow sink never stops the rest.
type trafficLog struct {
	mu      sync.Mutex
	limit   int // bytes
	size    int
	list    []Transfer
	dropped bool
	sink    io.Writer
	failed  error
}

func (l *trafficLog) add(t Transfer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sink != nil && l.failed == nil {
		l.failed = json.NewEncoder(l.sink).Encode(t)
	}
	if l.limit < 0 {
		l.dropped = true
		return
	}
	l.list = append(l.list, t)
	l.size += len(t.Body)
	l.trim()
}

// trim drops the oldest eighth at a time, so that a full log stays cheap.
func (l *trafficLog) trim() {
	if l.size <= l.limit {
		return
	}
	l.dropped = true
	i := 0
	for i < len(l.list) && l.size > l.limit-l.limit/8 {
		l.size -= len(l.list[i].Body)
		i++
	}
	l.list = append([]Transfer(nil), l.list[i:]...)
}

// Traffic returns what went to and came from the app, oldest first. complete is
// false when the oldest part was dropped (see Config.KeepTraffic), or the
// record's sink failed: then finding nothing proves nothing.
func (s *Sim) Traffic() (transfers []Transfer, complete bool) {
	l := &s.traffic
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Transfer(nil), l.list...), !l.dropped && l.failed == nil
}

// ReadTransfers reads back what Config.Record was given.
func ReadTransfers(r io.Reader) ([]Transfer, error) {
	var out []Transfer
	d := json.NewDecoder(r)
	for {
		var t Transfer
		err := d.Decode(&t)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("slacksim: read transfers: %w", err)
		}
		out = append(out, t)
	}
}

func (s *Sim) record(toApp bool, what, user string, body []byte) {
	s.traffic.add(Transfer{At: time.Now(), ToApp: toApp, What: what, User: user, Body: string(body)})
}

// plainJSON rewrites JSON so that a marker in it can be found by searching:
// JSON held in strings is unpacked and \u escapes are resolved.
func plainJSON(raw []byte) []byte {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return raw
	}
	return mustJSON(unpack(v))
}

func unpack(v any) any {
	switch v := v.(type) {
	case string:
		var inner any
		if s := strings.TrimSpace(v); s != "" && (s[0] == '{' || s[0] == '[') && json.Unmarshal([]byte(s), &inner) == nil {
			return inner
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = unpack(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = unpack(e)
		}
		return out
	}
	return v
}
