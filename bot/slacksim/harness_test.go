package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// begin starts a stand-in with two people in it.
func begin(t testing.TB, cfg Config) *Sim {
	t.Helper()
	sim, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	sim.AddUsers(
		User{ID: "U0LEO", Name: "leo", RealName: "Leo Lind", Email: "leo@acme.example", TZ: "Europe/Berlin", Locale: "de-DE"},
		User{ID: "U0VERA", Name: "vera", RealName: "Vera Voss", Email: "vera@acme.example"},
	)
	return sim
}

// bot calls a method with the bot token and form arguments.
func bot(t testing.TB, sim *Sim, method string, args map[string]string) map[string]any {
	t.Helper()
	_, body := request(t, sim, method, sim.App().BotToken, "application/x-www-form-urlencoded", form(args))
	return body
}

func form(args map[string]string) string {
	v := url.Values{}
	for k, s := range args {
		v.Set(k, s)
	}
	return v.Encode()
}

func request(t testing.TB, sim *Sim, method, token, contentType, body string) (*http.Response, map[string]any) {
	t.Helper()
	return post(t, sim.URL()+method, token, contentType, body)
}

func post(t testing.TB, address, token, contentType, body string) (*http.Response, map[string]any) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s answers %q: %v", address, raw, err)
	}
	return res, out
}

// must calls a method that has to succeed.
func must(t testing.TB, sim *Sim, method string, args map[string]string) map[string]any {
	t.Helper()
	body := bot(t, sim, method, args)
	if body["ok"] != true {
		t.Fatalf("%s: %v", method, body)
	}
	return body
}

func wantError(t testing.TB, body map[string]any, code string) {
	t.Helper()
	if body["ok"] != false || body["error"] != code {
		t.Errorf("got %v, want error %s", body, code)
	}
}

// tap is an app reduced to its socket.
type tap struct {
	t      testing.TB
	conn   *websocket.Conn
	frames chan map[string]any // closed when the connection ends
}

func socketURL(t testing.TB, sim *Sim) string {
	t.Helper()
	_, body := request(t, sim, "apps.connections.open", sim.App().AppToken, "application/json", "{}")
	address, ok := body["url"].(string)
	if !ok {
		t.Fatalf("apps.connections.open: %v", body)
	}
	return address
}

// dial connects and takes the hello.
func dial(t testing.TB, sim *Sim) *tap {
	t.Helper()
	k := dialURL(t, socketURL(t, sim))
	if hello := k.next(); hello["type"] != "hello" {
		t.Fatalf("the first frame is %v", hello)
	}
	return k
}

func dialURL(t testing.TB, address string) *tap {
	t.Helper()
	conn, res, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		t.Fatalf("dial: %v (%v)", err, res)
	}
	k := &tap{t: t, conn: conn, frames: make(chan map[string]any, 100)}
	go k.read()
	t.Cleanup(func() { conn.Close() })
	return k
}

func (k *tap) read() {
	defer close(k.frames)
	for {
		var f map[string]any
		if k.conn.ReadJSON(&f) != nil {
			return
		}
		k.frames <- f
	}
}

// next waits for a frame; nil means that the connection ended.
func (k *tap) next() map[string]any {
	k.t.Helper()
	select {
	case f := <-k.frames:
		return f
	case <-time.After(10 * time.Second):
		k.t.Fatal("no frame within 10 s")
		return nil
	}
}

func (k *tap) ack(frame map[string]any, payload any) {
	k.t.Helper()
	answer := map[string]any{"envelope_id": frame["envelope_id"]}
	if payload != nil {
		answer["payload"] = payload
	}
	if err := k.conn.WriteJSON(answer); err != nil {
		k.t.Fatal(err)
	}
}

// nextAcked takes a frame, acknowledges it and returns its payload.
func (k *tap) nextAcked(payload any) map[string]any {
	k.t.Helper()
	f := k.next()
	k.ack(f, payload)
	return mapOf(f, "payload")
}

func settle(t testing.TB, sim *Sim, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := sim.Wait(ctx, cond); err != nil {
		t.Fatalf("%v; complaints: %q", err, sim.Complaints())
	}
}

func complaintAbout(sim *Sim, part string) func() bool {
	return func() bool { return strings.Contains(strings.Join(sim.Complaints(), "\n"), part) }
}

func noComplaint(t testing.TB, sim *Sim) {
	t.Helper()
	if got := sim.Complaints(); len(got) > 0 {
		t.Errorf("complaints: %q", got)
	}
}

// askBlocks is a question with a button, a select and checkboxes.
const askBlocks = `[
 {"type":"section","text":{"type":"mrkdwn","text":"*A question*"}},
 {"type":"actions","block_id":"ask","elements":[
  {"type":"button","action_id":"answer","value":"q1","style":"primary","text":{"type":"plain_text","text":"Answer"}},
  {"type":"static_select","action_id":"who","options":[
   {"text":{"type":"plain_text","text":"Priya"},"value":"priya"},
   {"text":{"type":"plain_text","text":"All"},"value":"all"}]},
  {"type":"checkboxes","action_id":"stages","options":[
   {"text":{"type":"mrkdwn","text":"*Goal*"},"value":"g"},
   {"text":{"type":"plain_text","text":"Reality"},"value":"r"}]}]}]`

// formView is a form with a required and an optional input; %s goes into the title.
const formView = `{"type":"modal","callback_id":"reflect","private_metadata":"m1","notify_on_close":true,
 "title":{"type":"plain_text","text":%q},"submit":{"type":"plain_text","text":"Save"},"close":{"type":"plain_text","text":"Later"},
 "blocks":[
  {"type":"input","block_id":"learned","label":{"type":"plain_text","text":"What did you learn?"},
   "element":{"type":"plain_text_input","action_id":"text","multiline":true,"min_length":3,"max_length":200}},
  {"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"About whom?"},
   "element":{"type":"static_select","action_id":"who","options":[{"text":{"type":"plain_text","text":"Priya"},"value":"priya"}]}},
  {"type":"actions","block_id":"more","elements":[{"type":"button","action_id":"help","text":{"type":"plain_text","text":"Help"}}]}]}`

func formNamed(title string) string { return fmt.Sprintf(formView, title) }

// ask posts the question to Leo and returns its ts.
func ask(t testing.TB, sim *Sim) string {
	t.Helper()
	body := must(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": "A question", "blocks": askBlocks})
	return textOf(body, "ts")
}

// opened lets Leo press the button and the app open the form.
func opened(t testing.TB, sim *Sim, k *tap) map[string]any {
	t.Helper()
	if err := sim.Click("U0LEO", ask(t, sim), "answer"); err != nil {
		t.Fatal(err)
	}
	p := k.nextAcked(nil)
	body := must(t, sim, "views.open", map[string]string{"trigger_id": textOf(p, "trigger_id"), "view": formNamed("This week")})
	return mapOf(body, "view")
}
