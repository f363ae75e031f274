package slacksim

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

// quiet starts a stand-in whose app hears only what people do.
func quiet(t *testing.T, cfg Config) (*Sim, *tap) {
	t.Helper()
	cfg.QuietOwn = true
	sim := begin(t, cfg)
	return sim, dial(t, sim)
}

func TestTriggersWorkOnce(t *testing.T) {
	sim, k := quiet(t, Config{})
	if err := sim.Click("U0LEO", ask(t, sim), "answer"); err != nil {
		t.Fatal(err)
	}
	trigger := textOf(k.nextAcked(nil), "trigger_id")
	args := map[string]string{"trigger_id": trigger, "view": `{"type":"modal"}`}
	wantError(t, bot(t, sim, "views.open", args), "invalid_arguments")
	args["view"] = formNamed("Once")
	must(t, sim, "views.open", args) // a refused view had not used the trigger up
	wantError(t, bot(t, sim, "views.open", args), "exchanged_trigger_id")
	args["trigger_id"] = "1.2.abc"
	wantError(t, bot(t, sim, "views.open", args), "invalid_trigger_id")
	args["trigger_id"] = "nonsense"
	wantError(t, bot(t, sim, "views.open", args), "invalid_trigger_id")
}

func TestTriggersExpire(t *testing.T) {
	sim, k := quiet(t, Config{TriggerLife: time.Nanosecond})
	if err := sim.Click("U0LEO", ask(t, sim), "answer"); err != nil {
		t.Fatal(err)
	}
	trigger := textOf(k.nextAcked(nil), "trigger_id")
	wantError(t, bot(t, sim, "views.open", map[string]string{"trigger_id": trigger, "view": formNamed("Late")}), "expired_trigger_id")
}

func TestStackOfThree(t *testing.T) {
	sim, k := quiet(t, Config{})
	opened(t, sim, k)
	push := func(title string) map[string]any {
		t.Helper()
		if err := sim.ClickInView("U0LEO", "help"); err != nil {
			t.Fatal(err)
		}
		p := k.nextAcked(nil)
		return bot(t, sim, "views.push", map[string]string{"trigger_id": textOf(p, "trigger_id"), "view": formNamed(title)})
	}
	second, third := push("Two"), push("Three")
	if v := mapOf(third, "view"); v["previous_view_id"] != mapOf(second, "view")["id"] || v["root_view_id"] == v["id"] {
		t.Errorf("the third view: %v", v)
	}
	wantError(t, push("Four"), "push_limit_reached")
	if v, _ := sim.TopView("U0LEO"); v.Title != "Three" {
		t.Errorf("on top lies %q", v.Title)
	}
	if err := sim.CloseView("U0LEO"); err != nil {
		t.Fatal(err)
	}
	if p := k.nextAcked(nil); p["type"] != "view_closed" {
		t.Errorf("got %v", p)
	}
	if v, _ := sim.TopView("U0LEO"); v.Title != "Two" {
		t.Errorf("below lies %q", v.Title)
	}
}

func TestClosingIsToldOnlyWhenAsked(t *testing.T) {
	sim, k := quiet(t, Config{})
	if err := sim.Click("U0LEO", ask(t, sim), "answer"); err != nil {
		t.Fatal(err)
	}
	trigger := textOf(k.nextAcked(nil), "trigger_id")
	silent := strings.Replace(formNamed("Silent"), `"notify_on_close":true,`, "", 1)
	must(t, sim, "views.open", map[string]string{"trigger_id": trigger, "view": silent})
	if err := sim.CloseView("U0LEO"); err != nil {
		t.Fatal(err)
	}
	typeText(t, sim, "next")
	if p := k.nextAcked(nil); p["type"] != "event_callback" {
		t.Errorf("the app hears of a closing it did not ask for: %v", p)
	}
}

func TestUpdateKeepsWhatWasFilled(t *testing.T) {
	sim, k := quiet(t, Config{})
	v := opened(t, sim, k)
	for action, value := range map[string]string{"text": "She asked first.", "who": "priya"} {
		if err := sim.Fill("U0LEO", action, value); err != nil {
			t.Fatal(err)
		}
	}
	renamed := strings.Replace(formNamed("Changed"), `"block_id":"who"`, `"block_id":"whom"`, 1)
	args := map[string]string{"view_id": textOf(v, "id"), "view": renamed, "hash": textOf(v, "hash")}
	updated := mapOf(must(t, sim, "views.update", args), "view")
	wantError(t, bot(t, sim, "views.update", args), "hash_conflict")
	if updated["id"] != v["id"] || updated["hash"] == v["hash"] {
		t.Errorf("after the update: id %v, hash %v", updated["id"], updated["hash"])
	}
	top, _ := sim.TopView("U0LEO")
	var state stateValues
	if err := json.Unmarshal(top.State, &state); err != nil {
		t.Fatal(err)
	}
	if state["learned"]["text"]["value"] != "She asked first." {
		t.Errorf("the text is gone: %s", top.State)
	}
	if state["whom"]["who"]["selected_option"] != nil || state["who"] != nil {
		t.Errorf("a choice under another block_id was kept: %s", top.State)
	}
	wantError(t, bot(t, sim, "views.update", map[string]string{"view_id": "V1", "view": renamed}), "not_found")
}

func TestSubmissionCarriesTheState(t *testing.T) {
	sim, k := quiet(t, Config{})
	opened(t, sim, k)
	if err := sim.Fill("U0LEO", "text", "She asked."); err != nil {
		t.Fatal(err)
	}
	done := submitting(t, sim)
	p := k.nextAcked(nil)
	if r := <-done; !r.Closed {
		t.Errorf("result %+v", r)
	}
	values := mapOf(mapOf(mapOf(p, "view"), "state"), "values")
	if text := mapOf(mapOf(values, "learned"), "text"); text["value"] != "She asked." || text["type"] != "plain_text_input" {
		t.Errorf("the text: %v", text)
	}
	who := mapOf(mapOf(values, "who"), "who")
	if chosen, there := who["selected_option"]; !there || chosen != nil {
		t.Errorf("the empty select: %v, want selected_option null", who)
	}
}

// submitting presses submit without waiting for the app.
func submitting(t *testing.T, sim *Sim) <-chan SubmitResult {
	t.Helper()
	done := make(chan SubmitResult, 1)
	go func() {
		r, err := sim.Submit("U0LEO")
		if err != nil {
			t.Errorf("submit: %v", err)
		}
		done <- r
	}()
	return done
}

func TestSubmitResponses(t *testing.T) {
	otherView, _ := decodeJSON([]byte(formNamed("Next")))
	for name, c := range map[string]struct {
		payload any
		want    SubmitResult
		top     string // title of what is open afterwards
		gripe   string
	}{
		"nothing":             {nil, SubmitResult{Closed: true}, "", ""},
		"empty object":        {object{}, SubmitResult{Closed: true}, "", ""},
		"clear":               {object{"response_action": "clear"}, SubmitResult{Closed: true}, "", ""},
		"errors":              {object{"response_action": "errors", "errors": object{"learned": "More"}}, SubmitResult{Errors: map[string]string{"learned": "More"}}, "This week", ""},
		"update":              {object{"response_action": "update", "view": otherView}, SubmitResult{}, "Next", ""},
		"push":                {object{"response_action": "push", "view": otherView}, SubmitResult{}, "Next", ""},
		"errors for no input": {object{"response_action": "errors", "errors": object{"more": "x"}}, SubmitResult{Failed: true}, "This week", "no input block"},
		"errors without any":  {object{"response_action": "errors"}, SubmitResult{Failed: true}, "This week", "without errors"},
		"unknown action":      {object{"response_action": "dance"}, SubmitResult{Failed: true}, "This week", "dance"},
		"a bad view":          {object{"response_action": "update", "view": object{"type": "modal"}}, SubmitResult{Failed: true}, "This week", "invalid_arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			sim, k := quiet(t, Config{})
			opened(t, sim, k)
			if err := sim.Fill("U0LEO", "text", "She asked."); err != nil {
				t.Fatal(err)
			}
			done := submitting(t, sim)
			k.nextAcked(c.payload)
			got := <-done
			if got.Closed != c.want.Closed || got.Failed != c.want.Failed || got.Errors["learned"] != c.want.Errors["learned"] {
				t.Errorf("result %+v, want %+v", got, c.want)
			}
			top, _ := sim.TopView("U0LEO")
			if top.Title != c.top {
				t.Errorf("open is %q, want %q", top.Title, c.top)
			}
			if c.top == "This week" && !strings.Contains(string(top.State), "She asked.") {
				t.Errorf("what was typed is gone: %s", top.State)
			}
			if c.gripe == "" {
				noComplaint(t, sim)
			} else if !complaintAbout(sim, c.gripe)() {
				t.Errorf("complaints %q do not mention %q", sim.Complaints(), c.gripe)
			}
		})
	}
}

func TestSubmitUnanswered(t *testing.T) {
	sim, k := quiet(t, Config{AckWithin: 20 * time.Millisecond})
	opened(t, sim, k)
	if err := sim.Fill("U0LEO", "text", "She asked."); err != nil {
		t.Fatal(err)
	}
	r, err := sim.Submit("U0LEO")
	if err != nil || !r.Failed {
		t.Errorf("%+v, %v", r, err)
	}
	if top, open := sim.TopView("U0LEO"); !open || !strings.Contains(string(top.State), "She asked.") {
		t.Error("the form is gone, or what was typed")
	}
}

func TestSubmitTwice(t *testing.T) {
	sim, k := quiet(t, Config{})
	opened(t, sim, k)
	if err := sim.Fill("U0LEO", "text", "She asked."); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		first, second, err := sim.SubmitTwice("U0LEO")
		if err == nil && (!first.Closed || !second.Closed) {
			err = errors.New("a submission was not taken")
		}
		done <- err
	}()
	a, b := k.next(), k.next()
	k.ack(a, nil)
	k.ack(b, nil)
	if err := <-done; err != nil {
		t.Error(err)
	}
	av, bv := mapOf(mapOf(a, "payload"), "view"), mapOf(mapOf(b, "payload"), "view")
	if av["id"] != bv["id"] || av["hash"] != bv["hash"] || a["envelope_id"] == b["envelope_id"] {
		t.Errorf("two envelopes of one form: %v and %v", a, b)
	}
	if string(mustJSON(av["state"])) != string(mustJSON(bv["state"])) {
		t.Error("the states differ")
	}
}

func TestFillAsTheClientDoes(t *testing.T) {
	sim, k := quiet(t, Config{})
	opened(t, sim, k)
	for name, c := range map[string]struct {
		action string
		value  any
		want   error
	}{
		"too long":     {"text", long(201), ErrNotAllowed},
		"no option":    {"who", "dana", ErrNoElement},
		"no input":     {"help", "x", ErrNoElement},
		"unknown":      {"nothing", "x", ErrNoElement},
		"a number":     {"text", 7, ErrNotAllowed},
		"a list":       {"text", []string{"x"}, ErrNotAllowed},
		"fine":         {"text", "abc", nil},
		"by block id":  {"learned/text", "ab", nil}, // leaves two characters: too few to submit
		"an option":    {"who", "priya", nil},
		"emptied":      {"who", "", nil},
		"a line break": {"text", "a\nb", nil},
	} {
		if err := sim.Fill("U0LEO", c.action, c.value); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := sim.Fill("U0LEO", "text", "ab"); err != nil {
		t.Fatal(err)
	}
	if _, err := sim.Submit("U0LEO"); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("two characters where three are needed: %v", err)
	}
	if err := sim.Fill("U0VERA", "text", "x"); !errors.Is(err, ErrNoView) {
		t.Errorf("without a view: %v", err)
	}
}

func TestPublish(t *testing.T) {
	sim, k := quiet(t, Config{})
	home := `{"type":"home","private_metadata":"p","blocks":` + inActions(`{"type":"button","action_id":"settings","text":`+plainJSONText("Settings")+`}`) + `}`
	first := mapOf(must(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": home}), "view")
	second := mapOf(must(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": home, "hash": textOf(first, "hash")}), "view")
	if first["id"] != second["id"] || first["hash"] == second["hash"] {
		t.Errorf("published twice: %v, %v", first, second)
	}
	wantError(t, bot(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": home, "hash": textOf(first, "hash")}), "hash_conflict")
	wantError(t, bot(t, sim, "views.publish", map[string]string{"user_id": "U0NONE", "view": home}), "invalid_arguments")
	wantError(t, bot(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": formNamed("x")}), "invalid_arguments")
	if err := sim.ClickHome("U0LEO", "settings"); err != nil {
		t.Fatal(err)
	}
	p := k.nextAcked(nil)
	if mapOf(p, "view")["type"] != "home" || mapOf(p, "container")["view_id"] != first["id"] {
		t.Errorf("a press on Home: %v", p)
	}
	if err := sim.OpenHome("U0LEO", "home"); err != nil {
		t.Fatal(err)
	}
	if got := mapOf(mapOf(k.nextAcked(nil), "event"), "view")["id"]; got != first["id"] {
		t.Errorf("app_home_opened shows the view %v", got)
	}
}

func TestViewLimits(t *testing.T) {
	sim, k := quiet(t, Config{})
	if err := sim.Click("U0LEO", ask(t, sim), "answer"); err != nil {
		t.Fatal(err)
	}
	trigger := textOf(k.nextAcked(nil), "trigger_id")
	large := `{"type":"home","blocks":[` + repeat(90, `{"type":"section","text":{"type":"mrkdwn","text":"`+long(2900)+`"}}`) + `]}`
	wantError(t, bot(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": large}), "view_too_large")
	named := strings.Replace(formNamed("x"), `"callback_id"`, `"external_id":"e1","callback_id"`, 1)
	must(t, sim, "views.open", map[string]string{"trigger_id": trigger, "view": named})
	home := `{"type":"home","external_id":"e1","blocks":[{"type":"divider"}]}`
	wantError(t, bot(t, sim, "views.publish", map[string]string{"user_id": "U0VERA", "view": home}), "duplicate_external_id")
	updated := must(t, sim, "views.update", map[string]string{"external_id": "e1", "view": formNamed("by name")})
	if textOf(mapOf(mapOf(updated, "view"), "title"), "text") != "by name" {
		t.Errorf("updated by external id: %v", updated)
	}
	wantError(t, bot(t, sim, "views.update", map[string]string{"external_id": "e1", "view_id": "V1", "view": formNamed("x")}), "invalid_arguments")
	wantError(t, bot(t, sim, "views.push", map[string]string{"trigger_id": "1.2.abc", "view": formNamed("x")}), "invalid_trigger_id")
}
