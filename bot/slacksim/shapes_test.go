package slacksim

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sharedData finds the recorded traffic, which is not part of the repository.
func sharedData(t *testing.T) string {
	t.Helper()
	const inside = "data/slack"
	if dir := os.Getenv("THREEDEEP_SHARED"); dir != "" {
		return filepath.Join(dir, inside)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		found := filepath.Join(dir, "shared", inside)
		if _, err := os.Stat(found); err == nil {
			return found
		}
		if filepath.Dir(dir) == dir {
			t.Skipf("no recorded Slack traffic: set THREEDEEP_SHARED to a folder that holds %s, or put it into a folder named shared above the repository", inside)
		}
		dir = filepath.Dir(dir)
	}
}

func recorded(t *testing.T, parts ...string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{sharedData(t)}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// example returns the success answer that a method's reference shows.
func example(t *testing.T, method string) map[string]any {
	t.Helper()
	examples := mapOf(recorded(t, "slack-api-ref", "raw", method+".json"), "examples")
	return mapOf(mapOf(examples, "success"), "example")
}

// shape flattens a JSON value to the types found at each path; list items share
// a path, and null says nothing about a type.
func shape(v any) map[string]string {
	out := map[string]string{}
	addShape(out, "", v)
	return out
}

func addShape(out map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		out[path] = "object"
		for k, e := range v {
			addShape(out, path+"."+k, e)
		}
	case []any:
		out[path] = "list"
		for _, e := range v {
			addShape(out, path+"[]", e)
		}
	case string:
		out[path] = "string"
	case bool:
		out[path] = "bool"
	case float64:
		out[path] = "number"
	default:
		if out[path] == "" {
			out[path] = "null"
		}
	}
}

// contentPaths hold what the app or the person wrote, or ids as keys: their
// inside is compared elsewhere.
func isContent(path string) bool {
	for _, part := range []string{".blocks[]", ".values.", ".selected_option.", "enterprise", "authed_users"} {
		if strings.Contains(path, part) {
			return true
		}
	}
	return false
}

// wantShape checks that ours has everything that want has, with the same types,
// but for the paths in without.
func wantShape(t *testing.T, ours, want any, without ...string) {
	t.Helper()
	got := shape(ours)
	all := shape(want)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if isContent(path) || slices.ContainsFunc(without, func(w string) bool { return strings.HasPrefix(path, w) }) {
			continue
		}
		switch g := got[path]; {
		case g == "":
			t.Errorf("ours lacks %s (%s)", path, all[path])
		case g != all[path] && g != "null" && all[path] != "null":
			t.Errorf("at %s ours has a %s, recorded is a %s", path, g, all[path])
		}
	}
}

// wantKnown checks that every path of ours occurs in one of the shapes, or in more.
func wantKnown(t *testing.T, ours any, more []string, shapes ...any) {
	t.Helper()
	known := map[string]bool{}
	for _, m := range more {
		known[m] = true
	}
	for _, s := range shapes {
		for path := range shape(s) {
			known[path] = true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(shape(ours))) {
		if !known[path] && !isContent(path) {
			t.Errorf("nothing recorded has %s", path)
		}
	}
}

func java(t *testing.T, parts ...string) map[string]any {
	t.Helper()
	return recorded(t, append([]string{"java-json-logs"}, parts...)...)
}

func TestShapeOfMessageEvents(t *testing.T) {
	sim, k := quiet(t, Config{})
	typeText(t, sim, "hi")
	frame := k.next()
	want := recorded(t, "envelopes", "bp-14-events_api.json")
	wantShape(t, frame, want)
	wantKnown(t, mapOf(frame, "payload"), nil, mapOf(want, "payload"), java(t, "events", "MessagePayload.json"))
	reply := ask(t, sim)
	if _, err := sim.TypeInThread("U0LEO", reply, "in a thread"); err != nil {
		t.Fatal(err)
	}
	k.ack(frame, nil)
	wantKnown(t, mapOf(k.nextAcked(nil), "event"), []string{".thread_ts", ".parent_user_id", ".client_msg_id", ".channel_type"},
		mapOf(mapOf(want, "payload"), "event"), mapOf(java(t, "events", "MessagePayload.json"), "event"))
}

func TestShapeOfEdits(t *testing.T) {
	sim, k := quiet(t, Config{})
	m, err := sim.Type("U0LEO", "hi")
	if err != nil {
		t.Fatal(err)
	}
	k.nextAcked(nil)
	if err := sim.Edit("U0LEO", m.TS, "hello"); err != nil {
		t.Fatal(err)
	}
	want := recorded(t, "payloads", "event-message-message_changed-message_changed-68.json")
	wantShape(t, k.nextAcked(nil), want)
	if err := sim.DeleteTyped("U0LEO", m.TS); err != nil {
		t.Fatal(err)
	}
	event := mapOf(java(t, "events", "MessageDeletedPayload.json"), "event")
	wantKnown(t, mapOf(k.nextAcked(nil), "event"), []string{".previous_message.edited"}, event, mapOf(want, "event"))
}

func TestShapeOfHomeOpened(t *testing.T) {
	sim, k := quiet(t, Config{})
	must(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": `{"type":"home","blocks":[{"type":"divider"}]}`})
	for _, tab := range []string{"messages", "home"} {
		if err := sim.OpenHome("U0LEO", tab); err != nil {
			t.Fatal(err)
		}
		p := k.nextAcked(nil)
		want := recorded(t, "payloads", "event-app_home_opened-events_org_apps-153.json")
		wantShape(t, p, want)
		wantKnown(t, p, []string{".event.view.blocks", ".event.view.state.values"}, want, java(t, "events", "AppHomeOpenedPayload.json"))
	}
}

func TestShapeOfBlockActions(t *testing.T) {
	sim, k := quiet(t, Config{})
	ts := ask(t, sim)
	if err := sim.Click("U0LEO", ts, "answer"); err != nil {
		t.Fatal(err)
	}
	frame := k.next()
	k.ack(frame, nil)
	recordedFrame := recorded(t, "envelopes", "py-07-interactive-block_actions.json")
	wantShape(t, frame, recordedFrame, ".payload.view", ".payload.container.view_id", ".payload.actions[].selected_option")
	p := mapOf(frame, "payload")
	wantShape(t, p, recorded(t, "payloads", "block_actions-authorize-194.json"))
	wantKnown(t, p, []string{".actions[].style", ".state", ".state.values", ".message.blocks"},
		java(t, "interactive", "BlockActionPayload.json"), recordedFrame["payload"], recorded(t, "payloads", "block_actions-authorize-194.json"),
		object{"message": mapOf(java(t, "events", "MessagePayload.json"), "event")},
		object{"message": mapOf(recorded(t, "payloads", "event-message-message_bot-128.json"), "event")},
		object{"message": object{"app_id": ""}})
}

func TestShapeOfBlockActionsInViews(t *testing.T) {
	sim, k := quiet(t, Config{})
	opened(t, sim, k)
	if err := sim.ClickInView("U0LEO", "help"); err != nil {
		t.Fatal(err)
	}
	frame := k.next()
	want := recorded(t, "envelopes", "py-07-interactive-block_actions.json")
	wantShape(t, frame, want, ".payload.actions[].selected_option")
	wantKnown(t, frame, []string{".payload.actions[].text", ".payload.actions[].text.type", ".payload.actions[].text.text", ".payload.actions[].text.emoji"}, want)
}

func TestShapeOfForms(t *testing.T) {
	sim, k := quiet(t, Config{})
	opened(t, sim, k)
	if err := sim.Fill("U0LEO", "text", "She asked."); err != nil {
		t.Fatal(err)
	}
	done := submitting(t, sim)
	want := recorded(t, "payloads", "view_submission-view_submission-17.json")
	p := k.nextAcked(object{"response_action": "errors", "errors": object{"learned": "More"}})
	<-done
	wantShape(t, p, want)
	wantKnown(t, p, []string{".view.title.emoji", ".view.submit.emoji"}, want, java(t, "interactive", "ViewSubmissionPayload.json"))
	input := listOf(mapOf(p, "view"), "blocks")[0]
	wantShape(t, input, listOf(mapOf(want, "view"), "blocks")[0])
	values := mapOf(mapOf(mapOf(mapOf(p, "view"), "state"), "values"), "learned")
	wantShape(t, values["text"], object{"type": "plain_text_input", "value": "test"})

	if err := sim.CloseView("U0LEO"); err != nil {
		t.Fatal(err)
	}
	closing := recorded(t, "payloads", "view_closed-view_closed-140.json")
	p = k.nextAcked(nil)
	wantShape(t, p, closing)
	wantKnown(t, p, []string{".view.title.emoji", ".view.submit.emoji"}, closing, java(t, "interactive", "ViewClosedPayload.json"))
}

func TestShapeOfCommands(t *testing.T) {
	sim, k := quiet(t, Config{})
	go func() { _, _ = sim.Command("U0LEO", "/coach", "help") }() // the frame is what matters here
	frame := k.next()
	want := recorded(t, "envelopes", "bp-13-slash_commands.json")
	wantShape(t, frame, want)
	wantKnown(t, mapOf(frame, "payload"), nil, mapOf(want, "payload"), java(t, "interactive", "SlashCommandPayload.json"))
	k.ack(frame, nil)
}

func TestShapeOfHelloAndDisconnect(t *testing.T) {
	sim := begin(t, Config{})
	k := dialURL(t, socketURL(t, sim))
	want := recorded(t, "envelopes", "go-16-hello.json")
	hello := k.next()
	wantShape(t, hello, want)
	wantKnown(t, hello, nil, want)
	sim.Disconnect("warning")
	want = recorded(t, "envelopes", "go-15-disconnect.json")
	got := k.next()
	wantShape(t, got, want)
	wantKnown(t, got, nil, want)
	for range maxConnections - 1 {
		dial(t, sim)
	}
	want = recorded(t, "envelopes", "py-02-disconnect-too_many_websockets.json")
	got = dialURL(t, socketURL(t, sim)).next()
	wantShape(t, got, want)
	wantKnown(t, got, nil, want)
}

func TestShapeOfAnswers(t *testing.T) {
	sim, k := quiet(t, Config{})
	_, connections := request(t, sim, "apps.connections.open", sim.App().AppToken, "application/json", "{}")
	for name, ours := range map[string]map[string]any{
		"auth.test":             must(t, sim, "auth.test", nil),
		"apps.connections.open": connections,
		"chat.postEphemeral":    must(t, sim, "chat.postEphemeral", map[string]string{"channel": "D0LEO", "user": "U0LEO", "text": "x"}),
		"users.info":            must(t, sim, "users.info", map[string]string{"user": "U0LEO", "include_locale": "true"}),
		"users.list":            must(t, sim, "users.list", nil),
		"views.open.min":        {"ok": true, "view": opened(t, sim, k)},
	} {
		t.Run(name, func(t *testing.T) {
			want := java(t, "api", name+".json")
			bots := []string{".user.profile.always_active", ".members[].profile.always_active"}
			wantKnown(t, ours, append(bots, ".view.state.values"), want)
			for path, kind := range shape(ours) {
				if w := shape(want)[path]; w != "" && w != kind && kind != "null" && w != "null" && !isContent(path) {
					t.Errorf("at %s ours has a %s, recorded is a %s", path, kind, w)
				}
			}
		})
	}
}

func TestAnswersAsTheReferenceShowsThem(t *testing.T) {
	sim, k := quiet(t, Config{})
	view := opened(t, sim, k)
	ts := ask(t, sim)
	post := must(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": "x"})
	if _, err := sim.TypeInThread("U0LEO", ts, "x"); err != nil {
		t.Fatal(err)
	}
	notOurs := []string{
		".message.username", ".message.attachments", ".message.subtype", // of posts under another name
		".messages[].subscribed", ".messages[].last_read", ".messages[].unread_count",
		".response_metadata", ".user.profile.image_original", ".members[].profile.image_original", ".members[].profile.image_1024",
		".user.has_2fa", ".members[].has_2fa", // only administrators see it
		".view.external_id",
	}
	for name, ours := range map[string]map[string]any{
		"auth.test":             must(t, sim, "auth.test", nil),
		"chat.postMessage":      post,
		"chat.update":           must(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": textOf(post, "ts"), "text": "y"}),
		"conversations.open":    must(t, sim, "conversations.open", map[string]string{"users": "U0LEO"}),
		"conversations.history": must(t, sim, "conversations.history", map[string]string{"channel": "D0LEO"}),
		"conversations.replies": must(t, sim, "conversations.replies", map[string]string{"channel": "D0LEO", "ts": ts}),
		"users.info":            must(t, sim, "users.info", map[string]string{"user": "U0LEO"}),
		"users.list":            must(t, sim, "users.list", nil),
		"views.open":            {"ok": true, "view": view},
		"views.publish":         must(t, sim, "views.publish", map[string]string{"user_id": "U0LEO", "view": `{"type":"home","blocks":[{"type":"divider"}]}`}),
	} {
		t.Run(name, func(t *testing.T) { wantShape(t, ours, example(t, name), notOurs...) })
	}
}

// TestErrorsAreOnesTheReferenceLists keeps us from inventing error codes.
func TestErrorsAreOnesTheReferenceLists(t *testing.T) {
	ours := map[string][]string{
		"chat.postMessage":      {"channel_not_found", "not_in_channel", "is_archived", "no_text", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large", "messages_tab_disabled", "cannot_reply_to_message", "ratelimited"},
		"chat.update":           {"channel_not_found", "message_not_found", "cant_update_message", "no_text", "msg_too_long", "invalid_blocks", "metadata_too_large"},
		"chat.postEphemeral":    {"msg_too_long", "channel_not_found", "user_not_in_channel", "no_text", "messages_tab_disabled"},
		"conversations.open":    {"channel_not_found", "user_not_found", "user_disabled", "users_list_not_supplied"},
		"conversations.history": {"channel_not_found", "not_in_channel", "invalid_ts_latest", "invalid_ts_oldest", "invalid_cursor", "missing_scope"},
		"conversations.replies": {"channel_not_found", "thread_not_found", "invalid_cursor"},
		"users.info":            {"user_not_found"},
		"users.list":            {"invalid_cursor"},
		"views.open":            {"invalid_trigger_id", "expired_trigger_id", "exchanged_trigger_id", "duplicate_external_id", "view_too_large"},
		"views.push":            {"not_found", "push_limit_reached"},
		"views.update":          {"not_found", "hash_conflict", "duplicate_external_id"},
		"views.publish":         {"not_enabled", "hash_conflict", "duplicate_external_id"},
		"auth.test":             {"not_authed", "invalid_auth", "token_revoked"},
		"apps.connections.open": {"not_allowed_token_type", "unknown_method"},
	}
	for method, codes := range ours {
		listed := mapOf(recorded(t, "slack-api-ref", "methods", method+".json"), "errors")
		for _, code := range codes {
			if listed[code] == nil {
				t.Errorf("%s does not list %s", method, code)
			}
		}
	}
}

// TestPublishedFixtures runs the fixtures of another Block Kit library, which are
// valid by its account.
func TestPublishedFixtures(t *testing.T) {
	dir := filepath.Join(sharedData(t), "slackblocks", "spec", "fixtures", "valid", "blocks")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures in %s: %v", dir, err)
	}
	checked := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block, err := decodeJSON(raw)
		if err != nil {
			t.Fatal(err)
		}
		_, err = newSim(Config{App: DefaultApp()}).checkBlocks([]any{block})
		if err != nil && strings.HasPrefix(err.Error(), "invalid_blocks: unsupported type") {
			continue // a kind of block that is not built yet
		}
		checked++
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
	if checked < 6 {
		t.Errorf("only %d fixtures were of kinds we know", checked)
	}
	t.Logf("%d of %d fixtures are of kinds we know", checked, len(files))
}
