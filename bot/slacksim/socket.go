package slacksim

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxConnections = 10
	ticketLife     = 30 * time.Second
	writeWithin    = 10 * time.Second
	hostName       = "applink-slacksim"
)

// socketBook holds the tickets and the open connections.
type socketBook struct {
	tickets map[string]time.Time // when each was made
	list    []*socket
	next    int // round robin
}

func newSocketBook() socketBook { return socketBook{tickets: map[string]time.Time{}} }

// outgoing is a frame on its way to the app.
type outgoing struct {
	body       []byte
	what, user string
}

// socket is one connection of the app. Frames queue up without bound, so that
// whoever holds the stand-in's lock never waits for the network.
type socket struct {
	conn *websocket.Conn

	mu       sync.Mutex
	queue    []outgoing
	gone     bool
	draining bool // told to refresh: gets nothing new
	wake     chan struct{}
	stop     chan struct{}
}

func newSocket(conn *websocket.Conn) *socket {
	return &socket{conn: conn, wake: make(chan struct{}, 1), stop: make(chan struct{})}
}

func (k *socket) enqueue(f outgoing) {
	k.mu.Lock()
	k.queue = append(k.queue, f)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *socket) takeQueue() []outgoing {
	k.mu.Lock()
	defer k.mu.Unlock()
	q := k.queue
	k.queue = nil
	return q
}

func (k *socket) isGone() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.gone
}

// drop closes the connection abruptly.
func (k *socket) drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.gone {
		k.gone = true
		close(k.stop)
		k.conn.Close()
	}
}

func (k *socket) usable() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.gone && !k.draining
}

// pick returns the next usable connection in turn, or nil.
func (b *socketBook) pick() *socket {
	for range b.list {
		k := b.list[b.next%len(b.list)]
		b.next++
		if k.usable() {
			return k
		}
	}
	return nil
}

func (b *socketBook) takeAll() []*socket {
	all := b.list
	b.list = nil
	return all
}

func (b *socketBook) remove(k *socket) {
	for i, other := range b.list {
		if other == k {
			b.list = append(b.list[:i:i], b.list[i+1:]...)
			return
		}
	}
}

// ticketURL makes the address that apps.connections.open hands out.
func (s *Sim) ticketURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t, made := range s.sockets.tickets {
		if time.Since(made) > ticketLife {
			delete(s.sockets.tickets, t)
		}
	}
	ticket := rand.Text()
	s.sockets.tickets[ticket] = time.Now()
	return fmt.Sprintf("ws://%s/link/?ticket=%s&app_id=%s", s.listener.Addr(), ticket, s.app.ID)
}

// useTicket spends a ticket; it tells whether it was good.
func (s *Sim) useTicket(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, ok := s.sockets.tickets[ticket]
	delete(s.sockets.tickets, ticket)
	return ok && time.Since(made) <= ticketLife && !s.revoked && !s.closed
}

func (s *Sim) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.useTicket(r.URL.Query().Get("ticket")) {
		http.Error(w, "the ticket is unknown, used or too old", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.cfg.Log.Warn("slacksim: upgrade", "error", err)
		return
	}
	k := newSocket(conn)
	go s.writeLoop(k)
	if !s.admit(k) {
		return
	}
	s.readLoop(k)
	k.drop()
	s.mu.Lock()
	s.sockets.remove(k)
	s.changed()
}

// admit greets a connection and lets it catch up, or turns the eleventh away.
func (s *Sim) admit(k *socket) bool {
	s.mu.Lock()
	defer s.changed()
	n := len(s.sockets.list)
	if s.closed {
		k.drop()
		return false
	}
	if n >= maxConnections {
		s.complain("more than %d connections", maxConnections)
		s.farewell(k, "too_many_websockets", object{"num_connections": n, "connection_info": object{"app_id": s.app.ID}})
		return false
	}
	s.sockets.list = append(s.sockets.list, k)
	hello := object{
		"type": "hello", "num_connections": n + 1, "connection_info": object{"app_id": s.app.ID},
		"debug_info": object{"host": hostName, "build_number": 10, "approximate_connection_time": 18060},
	}
	k.enqueue(outgoing{body: mustJSON(hello), what: "hello"})
	s.catchUp()
	return true
}

// farewell tells a connection why it goes, and closes it when the app has not
// done so itself within a second.
func (s *Sim) farewell(k *socket, reason string, more object) {
	frame := object{"type": "disconnect", "reason": reason, "debug_info": object{"host": hostName}}
	for key, v := range more {
		frame[key] = v
	}
	k.enqueue(outgoing{body: mustJSON(frame), what: "disconnect"})
	if reason == "warning" {
		return
	}
	k.mu.Lock()
	k.draining = true
	k.mu.Unlock()
	time.AfterFunc(time.Second, k.drop)
}

func (s *Sim) readLoop(k *socket) {
	k.conn.SetReadLimit(4 << 20)
	for {
		_, raw, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		s.acknowledged(raw)
	}
}

func (s *Sim) writeLoop(k *socket) {
	pings, stopPings := s.pingTicks()
	defer stopPings()
	defer k.drop()
	for {
		select {
		case <-k.stop:
			return
		case <-pings:
			if k.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(writeWithin)) != nil {
				return
			}
		case <-k.wake:
			if s.writeQueue(k) != nil {
				return
			}
		}
	}
}

func (s *Sim) pingTicks() (<-chan time.Time, func()) {
	if s.cfg.PingEvery < 0 {
		return nil, func() {}
	}
	t := time.NewTicker(s.cfg.PingEvery)
	return t.C, t.Stop
}

func (s *Sim) writeQueue(k *socket) error {
	for _, f := range k.takeQueue() {
		s.record(true, f.what, f.user, f.body)
		if err := k.conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
			return fmt.Errorf("slacksim: write: %w", err)
		}
		if err := k.conn.WriteMessage(websocket.TextMessage, f.body); err != nil {
			return fmt.Errorf("slacksim: write: %w", err)
		}
	}
	return nil
}

// Connections counts the app's open sockets.
func (s *Sim) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets.list)
}

// DropSockets cuts every connection without a word.
func (s *Sim) DropSockets() {
	s.mu.Lock()
	conns := s.sockets.takeAll()
	s.mu.Unlock()
	for _, k := range conns {
		k.drop()
	}
	s.watch.notify()
}

// Disconnect sends every connection a disconnect frame: "warning" leaves it
// open; "refresh_requested" and "link_disabled" send nothing more over it and
// close it within a second.
func (s *Sim) Disconnect(reason string) {
	s.mu.Lock()
	defer s.changed()
	for _, k := range s.sockets.list {
		s.farewell(k, reason, nil)
	}
}
