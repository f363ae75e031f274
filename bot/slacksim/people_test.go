package slacksim

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestClickOnWhatIsThere(t *testing.T) {
	sim, k := quiet(t, Config{})
	ts := ask(t, sim)
	seen := sim.DM("U0LEO")[0]
	if err := sim.Click("U0LEO", ts, "nothing"); !errors.Is(err, ErrNoElement) {
		t.Errorf("a button that is not there: %v", err)
	}
	if err := sim.Click("U0LEO", ts, "who"); !errors.Is(err, ErrNoElement) {
		t.Errorf("a select is not pressed: %v", err)
	}
	if err := sim.Click("U0VERA", ts, "answer"); !errors.Is(err, ErrNoMessage) {
		t.Errorf("in another person's DM: %v", err)
	}
	must(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": ts, "text": "Saved"})
	if err := sim.Click("U0LEO", ts, "answer"); !errors.Is(err, ErrNoElement) {
		t.Errorf("after the buttons gave way: %v", err)
	}
	if err := sim.ClickStale("U0LEO", seen, "answer"); err != nil {
		t.Fatalf("on the old rendering: %v", err)
	}
	p := k.nextAcked(nil)
	action := listOf(p, "actions")[0].(map[string]any)
	if action["value"] != "q1" || mapOf(p, "message")["ts"] != ts || textOf(mapOf(p, "message"), "text") != "A question" {
		t.Errorf("payload of the stale press: %v", p)
	}
}

func TestChooseInAMessage(t *testing.T) {
	sim, k := quiet(t, Config{})
	ts := ask(t, sim)
	choose := func(action, value string) map[string]any {
		t.Helper()
		if err := sim.Choose("U0LEO", ts, action, value); err != nil {
			t.Fatal(err)
		}
		return k.nextAcked(nil)
	}
	first := listOf(choose("who", "priya"), "actions")[0].(map[string]any)
	if textOf(mapOf(first, "selected_option"), "value") != "priya" || first["type"] != "static_select" {
		t.Errorf("the action: %v", first)
	}
	choose("stages", "g")
	choose("stages", "r")
	p := choose("stages", "g") // takes it away again
	values := mapOf(mapOf(mapOf(p, "state"), "values"), "ask")
	stages := listOf(mapOf(values, "stages"), "selected_options")
	if len(stages) != 1 || stages[0].(map[string]any)["value"] != "r" {
		t.Errorf("checked: %v", stages)
	}
	if textOf(mapOf(mapOf(values, "who"), "selected_option"), "value") != "priya" {
		t.Errorf("the earlier choice is gone: %v", values)
	}
	if err := sim.Choose("U0LEO", ts, "who", "dana"); !errors.Is(err, ErrNoElement) {
		t.Errorf("an option that is not there: %v", err)
	}
}

func TestEditAndDeleteTyped(t *testing.T) {
	sim, k := quiet(t, Config{})
	m, err := sim.Type("U0LEO", "first")
	if err != nil {
		t.Fatal(err)
	}
	k.nextAcked(nil)
	if err := sim.Edit("U0LEO", m.TS, "second"); err != nil {
		t.Fatal(err)
	}
	e := mapOf(k.nextAcked(nil), "event")
	if e["subtype"] != "message_changed" || textOf(mapOf(e, "message"), "text") != "second" || mapOf(e, "message")["ts"] != m.TS {
		t.Errorf("edit: %v", e)
	}
	if err := sim.DeleteTyped("U0LEO", m.TS); err != nil {
		t.Fatal(err)
	}
	e = mapOf(k.nextAcked(nil), "event")
	if e["subtype"] != "message_deleted" || e["deleted_ts"] != m.TS {
		t.Errorf("delete: %v", e)
	}
	if err := sim.Edit("U0LEO", m.TS, "third"); !errors.Is(err, ErrNoMessage) {
		t.Errorf("editing what is deleted: %v", err)
	}
	if err := sim.DeleteTyped("U0LEO", ask(t, sim)); !errors.Is(err, ErrNoMessage) {
		t.Errorf("deleting the app's message: %v", err)
	}
}

func TestWhatNobodyCanType(t *testing.T) {
	sim := begin(t, Config{})
	for name, text := range map[string]string{"nothing": "", "blanks": " \n", "too much": long(maxText + 1)} {
		if _, err := sim.Type("U0LEO", text); !errors.Is(err, ErrNotAllowed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := sim.Type("U0LEO", long(maxText)); err != nil {
		t.Errorf("40,000 characters: %v", err)
	}
	if _, err := sim.Type("U0NOBODY", "x"); !errors.Is(err, ErrNoUser) {
		t.Errorf("nobody: %v", err)
	}
	if err := sim.Deactivate("U0LEO"); err != nil {
		t.Fatal(err)
	}
	if _, err := sim.Type("U0LEO", "x"); !errors.Is(err, ErrNoUser) {
		t.Errorf("a closed account: %v", err)
	}
}

func TestCommand(t *testing.T) {
	sim, k := quiet(t, Config{AckWithin: 50 * time.Millisecond})
	type outcome struct {
		reply Reply
		err   error
	}
	give := func() <-chan outcome {
		done := make(chan outcome, 1)
		go func() {
			r, err := sim.Command("U0LEO", "/coach", " today ")
			done <- outcome{r, err}
		}()
		return done
	}
	done := give()
	p := k.nextAcked(object{"text": "Nothing today", "response_type": "in_channel"})
	if p["text"] != "today" || p["command"] != "/coach" || p["channel_id"] != "D0LEO" {
		t.Errorf("payload %v", p)
	}
	if got := <-done; got.err != nil || got.reply.Text != "Nothing today" || got.reply.ResponseType != "in_channel" {
		t.Errorf("reply %+v", got)
	}
	if dm := sim.DM("U0LEO"); len(dm) != 1 || dm[0].Ephemeral {
		t.Errorf("DM %+v", dm)
	}
	done = give()
	k.nextAcked(nil)
	if got := <-done; got.err != nil || got.reply.Failed || got.reply.Text != "" {
		t.Errorf("a bare acknowledgement: %+v", got)
	}
	done = give()
	k.nextAcked(object{"blocks": []any{object{"type": "x"}}})
	if got := <-done; !got.reply.Failed || !complaintAbout(sim, "the reply cannot be used")() {
		t.Errorf("invalid blocks: %+v", got)
	}
	if got := <-give(); got.err != nil || !got.reply.Failed {
		t.Errorf("unanswered: %+v", got)
	}
	if _, err := sim.Command("U0LEO", "/other", ""); !errors.Is(err, ErrNoCommand) {
		t.Errorf("an unknown command: %v", err)
	}
}

func TestResponseURL(t *testing.T) {
	sim, k := quiet(t, Config{})
	ts := ask(t, sim)
	if err := sim.Click("U0LEO", ts, "answer"); err != nil {
		t.Fatal(err)
	}
	address := textOf(k.nextAcked(nil), "response_url")
	say := func(body string) (*http.Response, map[string]any) {
		t.Helper()
		return post(t, address, "", "application/json", body)
	}
	if res, body := say(`{"text":"just you"}`); res.StatusCode != http.StatusOK || body["ok"] != true {
		t.Errorf("%d %v", res.StatusCode, body)
	}
	say(`{"text":"Saved","replace_original":true}`)
	dm := sim.DM("U0LEO")
	if !dm[1].Ephemeral || dm[0].Text != "Saved" || dm[0].Blocks != nil {
		t.Errorf("DM %+v", dm)
	}
	say(`{"text":"everybody","response_type":"in_channel"}`)
	say(`{"delete_original":true}`)
	if dm = sim.DM("U0LEO"); !dm[0].Deleted || dm[2].Ephemeral {
		t.Errorf("DM %+v", dm)
	}
	if res, body := say(`{"text":"x","blocks":[{"type":"x"}]}`); res.StatusCode != http.StatusBadRequest || body["error"] != "invalid_blocks" {
		t.Errorf("%d %v", res.StatusCode, body)
	}
	say(`{"text":"the fifth"}`)
	if res, body := say(`{"text":"the sixth"}`); res.StatusCode != http.StatusNotFound || body["error"] != "used_url" {
		t.Errorf("%d %v", res.StatusCode, body)
	}
	if _, body := post(t, address+"x", "", "application/json", `{"text":"x"}`); body["error"] != "expired_url" {
		t.Errorf("an unknown address: %v", body)
	}
}

func TestFaults(t *testing.T) {
	sim := begin(t, Config{})
	args := map[string]string{"channel": "U0LEO", "text": "x"}
	sim.Fail("chat.postMessage", Fault{Times: 2, Error: "fatal_error"})
	wantError(t, bot(t, sim, "chat.postMessage", args), "fatal_error")
	wantError(t, bot(t, sim, "chat.postMessage", args), "fatal_error")
	must(t, sim, "chat.postMessage", args)

	sim.Fail("*", Fault{Status: http.StatusTooManyRequests, RetryAfter: 7})
	res, body := request(t, sim, "auth.test", sim.App().BotToken, formType, "")
	wantError(t, body, "ratelimited")
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "7" {
		t.Errorf("status %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	sim.Fail("auth.test", Fault{Status: http.StatusTooManyRequests})
	if res, _ := request(t, sim, "auth.test", sim.App().BotToken, formType, ""); res.Header.Get("Retry-After") != "" {
		t.Error("a 429 without RetryAfter carries the header")
	}
	sim.Fail("auth.test", Fault{Delay: 30 * time.Millisecond})
	before := time.Now()
	must(t, sim, "auth.test", nil)
	if took := time.Since(before); took < 30*time.Millisecond {
		t.Errorf("a call slowed down by 30 ms took %v", took)
	}
	sim.Fail("auth.test", Fault{Status: http.StatusBadGateway})
	if res, _ := request(t, sim, "auth.test", sim.App().BotToken, formType, ""); res.StatusCode != http.StatusBadGateway {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestFaultsWithoutAnAnswer(t *testing.T) {
	sim := begin(t, Config{})
	try := func() error {
		r, err := http.NewRequest(http.MethodPost, sim.URL()+"chat.postMessage", strings.NewReader("channel=U0LEO&text=x"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", formType)
		r.Header.Set("Authorization", "Bearer "+sim.App().BotToken)
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	sim.Fail("chat.postMessage", Fault{Drop: true})
	if err := try(); err == nil || len(sim.DM("U0LEO")) != 0 {
		t.Errorf("dropped: %v, %d messages", err, len(sim.DM("U0LEO")))
	}
	sim.Fail("chat.postMessage", Fault{AfterEffect: true})
	if err := try(); err == nil || len(sim.DM("U0LEO")) != 1 {
		t.Errorf("done without an answer: %v, %d messages", err, len(sim.DM("U0LEO")))
	}
	sim.Fail("chat.postMessage", Fault{Drop: true})
	sim.ClearFaults()
	if err := try(); err != nil {
		t.Errorf("after ClearFaults: %v", err)
	}
}

func TestRateLimits(t *testing.T) {
	sim := begin(t, Config{RateLimits: true})
	limited := func(method string, args map[string]string) (int, string) {
		t.Helper()
		for n := range 200 {
			res, _ := request(t, sim, method, sim.App().BotToken, formType, form(args))
			if res.StatusCode == http.StatusTooManyRequests {
				return n, res.Header.Get("Retry-After")
			}
		}
		return 200, ""
	}
	if n, wait := limited("users.list", nil); n != tier2 || wait == "" {
		t.Errorf("users.list: %d calls, then Retry-After %q", n, wait)
	}
	if n, wait := limited("chat.postMessage", map[string]string{"channel": "U0LEO", "text": "x"}); n < postBurst || n > postBurst+3 || wait != "1" {
		t.Errorf("posts to one channel: %d, then Retry-After %q", n, wait)
	}
	must(t, sim, "chat.postMessage", map[string]string{"channel": "U0VERA", "text": "x"})
}

func TestTrafficTellsWhomItConcerns(t *testing.T) {
	var record strings.Builder
	sim := begin(t, Config{QuietOwn: true, Record: &record})
	k := dial(t, sim)
	must(t, sim, "chat.postMessage", map[string]string{
		"channel": "U0VERA", "text": "x",
		"blocks": `[{"type":"section","text":{"type":"mrkdwn","text":"M\u00e4rker \u0026 more"}}]`,
	})
	typeText(t, sim, "typed <b>")
	k.nextAcked(nil)
	settle(t, sim, sim.Idle)
	list, complete := sim.Traffic()
	if !complete {
		t.Error("the traffic is not complete")
	}
	for marker, want := range map[string]string{"Märker & more": "U0VERA", "typed <b>": "U0LEO"} {
		found := 0
		for _, tr := range list {
			if strings.Contains(tr.Body, marker) {
				found++
				if tr.User != want {
					t.Errorf("%q concerns %q: %+v", marker, tr.User, tr)
				}
			}
		}
		if found == 0 {
			t.Errorf("%q is not to be found", marker)
		}
	}
	back, err := ReadTransfers(strings.NewReader(record.String()))
	if err != nil || len(back) != len(list) {
		t.Errorf("%d transfers recorded, %d kept, %v", len(back), len(list), err)
	}
}

func TestTrafficIsBounded(t *testing.T) {
	sim := begin(t, Config{KeepTraffic: 2000})
	for range 50 {
		sim.record(true, "x", "", []byte(long(100)))
	}
	list, complete := sim.Traffic()
	if complete || len(list) > 20 || len(list) == 0 {
		t.Errorf("%d transfers kept, complete %v", len(list), complete)
	}
}

func TestWaitTellsWhatIsMissing(t *testing.T) {
	sim := begin(t, Config{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err := sim.Wait(ctx, func() bool { return false })
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "0 connections") {
		t.Errorf("got %v", err)
	}
}

func TestWaitLooksAgainAfterEveryChange(t *testing.T) {
	sim := begin(t, Config{})
	looked := make(chan struct{}, 100)
	done := make(chan error, 1)
	go func() {
		done <- sim.Wait(context.Background(), func() bool {
			looked <- struct{}{}
			return len(sim.DM("U0LEO")) == 3
		})
	}()
	for range 3 {
		<-looked
		typeText(t, sim, "x")
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
