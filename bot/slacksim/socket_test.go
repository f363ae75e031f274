package slacksim

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestTicketsWorkOnce(t *testing.T) {
	sim := begin(t, Config{})
	address := socketURL(t, sim)
	dialURL(t, address)
	_, res, err := websocket.DefaultDialer.Dial(address, nil)
	if err == nil || res == nil || res.StatusCode != http.StatusForbidden {
		t.Errorf("a used ticket: %v, %v", res, err)
	}
	old := socketURL(t, sim)
	sim.mu.Lock()
	for ticket := range sim.sockets.tickets {
		sim.sockets.tickets[ticket] = time.Now().Add(-ticketLife - time.Second)
	}
	sim.mu.Unlock()
	if _, _, err := websocket.DefaultDialer.Dial(old, nil); err == nil {
		t.Error("a ticket of more than 30 seconds was accepted")
	}
}

func TestHelloAndTheEleventhConnection(t *testing.T) {
	sim := begin(t, Config{})
	for i := range maxConnections {
		hello := dialURL(t, socketURL(t, sim)).next()
		if hello["num_connections"] != float64(i+1) {
			t.Errorf("hello %d: %v", i+1, hello)
		}
	}
	last := dialURL(t, socketURL(t, sim))
	if f := last.next(); f["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh gets %v", f)
	}
	if sim.Connections() != maxConnections || !complaintAbout(sim, "more than 10 connections")() {
		t.Errorf("%d connections, complaints %q", sim.Connections(), sim.Complaints())
	}
}

func TestPingsOnTheSocket(t *testing.T) {
	sim := begin(t, Config{PingEvery: 10 * time.Millisecond})
	pinged := make(chan struct{}, 10)
	conn, _, err := websocket.DefaultDialer.Dial(socketURL(t, sim), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetPingHandler(func(string) error { pinged <- struct{}{}; return nil })
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	for range 2 {
		select {
		case <-pinged:
		case <-time.After(10 * time.Second):
			t.Fatal("no ping")
		}
	}
}

func typeText(t *testing.T, sim *Sim, text string) {
	t.Helper()
	if _, err := sim.Type("U0LEO", text); err != nil {
		t.Fatal(err)
	}
}

func eventText(frame map[string]any) string {
	return textOf(mapOf(mapOf(frame, "payload"), "event"), "text")
}

func eventID(frame map[string]any) string { return textOf(mapOf(frame, "payload"), "event_id") }

func TestEveryConnectionGetsItsTurn(t *testing.T) {
	sim := begin(t, Config{})
	a, b := dial(t, sim), dial(t, sim)
	for range 4 {
		typeText(t, sim, "x")
	}
	for _, k := range []*tap{a, a, b, b} {
		k.nextAcked(nil)
	}
	settle(t, sim, sim.Idle)
	if c := sim.Envelopes(); c.Sent != 4 || c.Acked != 4 {
		t.Errorf("counts %+v: an envelope went to more than one connection", c)
	}
}

func TestUnackedEventsComeAgain(t *testing.T) {
	sim := begin(t, Config{AckWithin: 20 * time.Millisecond, Redeliver: []time.Duration{30 * time.Millisecond, 40 * time.Millisecond}})
	k := dial(t, sim)
	typeText(t, sim, "x")
	first, second := k.next(), k.next()
	if first["retry_attempt"] != 0.0 || second["retry_attempt"] != 1.0 || second["retry_reason"] != "timeout" {
		t.Errorf("first %v, second %v", first, second)
	}
	if eventID(first) != eventID(second) {
		t.Errorf("event ids %s and %s", eventID(first), eventID(second))
	}
	k.ack(second, nil)
	settle(t, sim, sim.Idle)
	c := sim.Envelopes()
	if c.Redelivered != 1 || c.Unacked != 1 || c.Acked != 1 || c.GivenUp != 0 {
		t.Errorf("counts %+v", c)
	}
	if !sim.Acked(textOf(second, "envelope_id")) {
		t.Error("the second sending does not count as acknowledged")
	}
	noComplaint(t, sim)
}

func TestRetriesKeepOrChangeTheEnvelopeID(t *testing.T) {
	sim := begin(t, Config{AckWithin: 10 * time.Millisecond, Redeliver: []time.Duration{10 * time.Millisecond}})
	k := dial(t, sim)
	same, fresh := 0, 0
	for range 4 {
		typeText(t, sim, "x")
		first, second := k.next(), k.next()
		k.ack(second, nil)
		settle(t, sim, sim.Idle)
		if first["envelope_id"] == second["envelope_id"] {
			same++
		} else {
			fresh++
		}
	}
	if same == 0 || fresh == 0 {
		t.Errorf("%d retries kept the id, %d changed it: an app must cope with both", same, fresh)
	}
}

func TestEventsAreGivenUp(t *testing.T) {
	sim := begin(t, Config{AckWithin: 10 * time.Millisecond, Redeliver: []time.Duration{time.Millisecond}})
	k := dial(t, sim)
	typeText(t, sim, "x")
	k.next()
	k.next()
	settle(t, sim, complaintAbout(sim, "given up after 1 retries"))
	if c := sim.Envelopes(); c.GivenUp != 1 || c.Sent != 2 {
		t.Errorf("counts %+v", c)
	}
}

func TestLateAckDoesNotCount(t *testing.T) {
	sim := begin(t, Config{AckWithin: 10 * time.Millisecond, Redeliver: []time.Duration{time.Hour}})
	k := dial(t, sim)
	typeText(t, sim, "x")
	f := k.next()
	settle(t, sim, func() bool { return sim.Envelopes().Unacked == 1 })
	k.ack(f, nil)
	settle(t, sim, func() bool { return sim.Envelopes().Late == 1 })
	if sim.Acked(textOf(f, "envelope_id")) || sim.Idle() {
		t.Error("a late acknowledgement ended the matter")
	}
}

func TestEventsWaitForAConnection(t *testing.T) {
	sim := begin(t, Config{})
	for _, text := range []string{"1", "2", "3"} {
		typeText(t, sim, text)
	}
	k := dial(t, sim)
	for _, want := range []string{"1", "2", "3"} {
		f := k.next()
		if eventText(f) != want || f["retry_attempt"] != 1.0 {
			t.Errorf("want %q as a retry, got %v", want, f)
		}
		k.ack(f, nil)
	}
	settle(t, sim, sim.Idle)
	noComplaint(t, sim)
}

func TestUnackedEventsComeAgainAfterAReconnect(t *testing.T) {
	sim := begin(t, Config{AckWithin: time.Hour})
	k := dial(t, sim)
	typeText(t, sim, "lost")
	first := k.next()
	k.conn.Close()
	settle(t, sim, func() bool { return sim.Connections() == 0 })
	again := dial(t, sim)
	f := again.next()
	if eventText(f) != "lost" || eventID(f) != eventID(first) || f["retry_attempt"] != 1.0 {
		t.Errorf("after the reconnect: %v", f)
	}
	again.ack(f, nil)
	settle(t, sim, sim.Idle)
}

func TestClicksAreNotRepeated(t *testing.T) {
	sim := begin(t, Config{AckWithin: 10 * time.Millisecond, QuietOwn: true})
	k := dial(t, sim)
	ts := ask(t, sim)
	if err := sim.Click("U0LEO", ts, "answer"); err != nil {
		t.Fatal(err)
	}
	k.next()
	settle(t, sim, complaintAbout(sim, "press of answer by U0LEO failed"))
	if c := sim.Envelopes(); c.Failed != 1 || c.Sent != 1 || !sim.Idle() {
		t.Errorf("counts %+v", c)
	}
	sim.DropSockets()
	if err := sim.Click("U0LEO", ts, "answer"); !errors.Is(err, ErrNoConnection) {
		t.Errorf("without a connection: %v", err)
	}
}

func TestBadAcks(t *testing.T) {
	sim := begin(t, Config{})
	k := dial(t, sim)
	k.ack(map[string]any{"envelope_id": "nobody-knows-me"}, nil)
	settle(t, sim, complaintAbout(sim, "unknown envelope"))
	if err := k.conn.WriteMessage(websocket.TextMessage, []byte("hello?")); err != nil {
		t.Fatal(err)
	}
	settle(t, sim, complaintAbout(sim, "not an acknowledgement"))
	typeText(t, sim, "x")
	f := k.next()
	k.ack(f, map[string]any{"text": long(maxAckBytes)})
	settle(t, sim, complaintAbout(sim, "dropped"))
	if sim.Acked(textOf(f, "envelope_id")) {
		t.Error("an acknowledgement of 20 KB counts")
	}
	k.ack(f, map[string]any{"text": "x"})
	settle(t, sim, complaintAbout(sim, "carries a payload"))
	if !sim.Acked(textOf(f, "envelope_id")) {
		t.Error("the small acknowledgement does not count")
	}
}

func TestDisconnects(t *testing.T) {
	sim := begin(t, Config{QuietOwn: true})
	k := dial(t, sim)
	sim.Disconnect("warning")
	if f := k.next(); f["type"] != "disconnect" || f["reason"] != "warning" {
		t.Errorf("got %v", f)
	}
	typeText(t, sim, "after the warning")
	k.nextAcked(nil)
	sim.Disconnect("refresh_requested")
	if f := k.next(); f["reason"] != "refresh_requested" {
		t.Errorf("got %v", f)
	}
	typeText(t, sim, "after the refresh") // must wait for the next connection
	other := dial(t, sim)
	if got := eventText(other.next()); got != "after the refresh" {
		t.Errorf("the new connection gets %q", got)
	}
	if f := k.next(); f != nil {
		t.Errorf("the old connection gets %v", f)
	}
}

func TestSendRaw(t *testing.T) {
	sim := begin(t, Config{AckWithin: 50 * time.Millisecond})
	if err := sim.SendRaw([]byte(`{}`)); !errors.Is(err, ErrNoConnection) {
		t.Errorf("without a connection: %v", err)
	}
	k := dial(t, sim)
	raw := `{"envelope_id":"odd-1","type":"events_api","payload":"no object"}`
	if err := sim.SendRaw([]byte(raw)); err != nil {
		t.Fatal(err)
	}
	k.ack(k.next(), nil)
	settle(t, sim, func() bool { return sim.Acked("odd-1") })
	if err := sim.SendRaw([]byte(strings.Replace(raw, "odd-1", "odd-2", 1))); err != nil {
		t.Fatal(err)
	}
	settle(t, sim, complaintAbout(sim, "raw envelope odd-2 failed"))
}

func TestRevokeClosesSockets(t *testing.T) {
	sim := begin(t, Config{})
	k := dial(t, sim)
	sim.Revoke()
	if f := k.next(); f != nil {
		t.Errorf("got %v, want the end of the connection", f)
	}
	_, body := request(t, sim, "apps.connections.open", sim.App().AppToken, "application/json", "{}")
	wantError(t, body, "token_revoked")
}

func TestOwnMessagesComeBack(t *testing.T) {
	sim := begin(t, Config{})
	k := dial(t, sim)
	ts := ask(t, sim)
	own := mapOf(k.nextAcked(nil), "event")
	if own["bot_id"] != sim.App().BotID || own["ts"] != ts || own["channel_type"] != "im" {
		t.Errorf("the event of the app's own message: %v", own)
	}
	must(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": ts, "text": "Saved"})
	changed := mapOf(k.nextAcked(nil), "event")
	if changed["subtype"] != "message_changed" || textOf(mapOf(changed, "message"), "text") != "Saved" || textOf(mapOf(changed, "previous_message"), "text") != "A question" {
		t.Errorf("the event of the update: %v", changed)
	}
}

func TestEventsOnlyWhenSubscribed(t *testing.T) {
	app := DefaultApp()
	app.Events = []string{"app_home_opened"}
	sim := begin(t, Config{App: app})
	k := dial(t, sim)
	typeText(t, sim, "unheard")
	if err := sim.OpenHome("U0LEO", "home"); err != nil {
		t.Fatal(err)
	}
	if got := mapOf(k.nextAcked(nil), "event")["type"]; got != "app_home_opened" {
		t.Errorf("the first event is %v, though nobody subscribed to it", got)
	}
}
