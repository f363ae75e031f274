package slacksim

import (
	"context"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// ackEverything is the least an app can do: it shows what the stand-in alone
// can sustain.
func ackEverything(conn *websocket.Conn) {
	prefix := []byte(`{"envelope_id":"`)
	for {
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if string(raw[:len(prefix)]) != string(prefix) {
			continue // hello
		}
		end := len(prefix) + 36
		answer := append(append([]byte(nil), raw[:end]...), `"}`...)
		if conn.WriteMessage(websocket.TextMessage, answer) != nil {
			return
		}
	}
}

func ackingApp(t testing.TB, sim *Sim) {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(socketURL(t, sim), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go ackEverything(conn)
	settle(t, sim, func() bool { return sim.Connections() > 0 })
}

func TestLoadEvents(t *testing.T) {
	sim := begin(t, Config{})
	ackingApp(t, sim)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := sim.LoadEvents(ctx, Load{Users: []string{"U0LEO", "U0VERA"}, Messages: 500, InFlight: 20})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Latencies) != 500 || r.Elapsed <= 0 {
		t.Errorf("%d latencies in %v, want 500", len(r.Latencies), r.Elapsed)
	}
	if n := len(sim.DM("U0LEO")) + len(sim.DM("U0VERA")); n != 500 {
		t.Errorf("%d messages in the two DMs, want 500", n)
	}
	noComplaint(t, sim)
}

func BenchmarkEnvelopes(b *testing.B) {
	sim := begin(b, Config{})
	ackingApp(b, sim)
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := sim.LoadEvents(context.Background(), Load{Users: []string{"U0LEO", "U0VERA"}, Messages: b.N}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "envelopes/s")
}

func BenchmarkUsersInfoWith100000Users(b *testing.B) {
	sim := begin(b, Config{})
	for i := range 100_000 {
		sim.AddUsers(User{ID: "U" + shortID(uint64(i)), Email: shortID(uint64(i)) + "@acme.example"})
	}
	c := &call{method: "users.info", args: map[string]any{"user": "U0LEO"}}
	b.ResetTimer()
	for range b.N {
		if _, err := sim.usersInfo(c); err != nil {
			b.Fatal(err)
		}
	}
}
