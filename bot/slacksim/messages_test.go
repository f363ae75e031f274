package slacksim

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPostMessageErrors(t *testing.T) {
	sim := begin(t, Config{})
	sim.AddChannels(
		Channel{ID: "C0ELSE", Name: "elsewhere", Members: []string{"U0LEO"}},
		Channel{ID: "C0OLD", Name: "old", Members: []string{sim.App().BotUserID}, Archived: true},
	)
	sim.AddUsers(User{ID: "U0GONE", Deleted: true})
	for name, c := range map[string]struct {
		args map[string]string
		want string
	}{
		"no channel":         {map[string]string{"channel": "C0NONE", "text": "x"}, "channel_not_found"},
		"not a member":       {map[string]string{"channel": "C0ELSE", "text": "x"}, "not_in_channel"},
		"archived":           {map[string]string{"channel": "C0OLD", "text": "x"}, "is_archived"},
		"closed account":     {map[string]string{"channel": "U0GONE", "text": "x"}, "user_disabled"},
		"nothing to say":     {map[string]string{"channel": "U0LEO"}, "no_text"},
		"too long":           {map[string]string{"channel": "U0LEO", "text": long(40_001)}, "msg_too_long"},
		"blocks no list":     {map[string]string{"channel": "U0LEO", "blocks": `{}`}, "invalid_blocks_format"},
		"blocks no json":     {map[string]string{"channel": "U0LEO", "blocks": `[`}, "invalid_blocks_format"},
		"bad blocks":         {map[string]string{"channel": "U0LEO", "blocks": `[{"type":"x"}]`}, "invalid_blocks"},
		"blocks too long":    {map[string]string{"channel": "U0LEO", "text": "x", "blocks": "[" + repeat(5, `{"type":"section","text":{"type":"mrkdwn","text":"`+long(3000)+`"}}`) + "]"}, "msg_blocks_too_long"},
		"metadata no json":   {map[string]string{"channel": "U0LEO", "text": "x", "metadata": `{`}, "invalid_metadata_format"},
		"metadata no schema": {map[string]string{"channel": "U0LEO", "text": "x", "metadata": `{"event_type":"a"}`}, "invalid_metadata_schema"},
		"metadata too large": {map[string]string{"channel": "U0LEO", "text": "x", "metadata": `{"event_type":"a","event_payload":{"x":"` + long(maxMetadata) + `"}}`}, "metadata_too_large"},
		"thread of nothing":  {map[string]string{"channel": "U0LEO", "text": "x", "thread_ts": "1.000000"}, "cannot_reply_to_message"},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, bot(t, sim, "chat.postMessage", c.args), c.want) })
	}
	if n := len(sim.DM("U0LEO")); n != 0 {
		t.Errorf("%d messages were posted all the same", n)
	}
}

func TestInvalidBlocksAreWordedAsSlackDoes(t *testing.T) {
	sim := begin(t, Config{})
	body := bot(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": "x", "blocks": `[{"type":"divider","x":1}]`})
	const want = "invalid additional property: x [json-pointer:/blocks/0]"
	if errs := listOf(body, "errors"); len(errs) != 1 || errs[0] != want {
		t.Errorf("errors: %v", errs)
	}
	if m := listOf(mapOf(body, "response_metadata"), "messages"); len(m) != 1 || m[0] != "[ERROR] "+want {
		t.Errorf("messages: %v", m)
	}
	if !complaintAbout(sim, "invalid_blocks")() {
		t.Errorf("no complaint about it: %q", sim.Complaints())
	}
}

func TestTimestampsWithAStandingClock(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	sim := begin(t, Config{Now: func() time.Time { return now }})
	var last string
	for i := range 50 {
		if i == 25 {
			now = now.Add(-time.Hour) // the clock is set back
		}
		m, err := sim.Type("U0LEO", "x")
		if err != nil {
			t.Fatal(err)
		}
		if m.TS <= last {
			t.Fatalf("ts %s after %s", m.TS, last)
		}
		last = m.TS
	}
	if got := sim.DM("U0LEO")[0].TS; got != "1800000000.000000" {
		t.Errorf("the first ts is %s, want the clock's", got)
	}
}

func TestUpdate(t *testing.T) {
	sim := begin(t, Config{})
	post := must(t, sim, "chat.postMessage", map[string]string{
		"channel": "U0LEO", "text": "A question", "blocks": askBlocks, "metadata": `{"event_type":"d","event_payload":{"id":"1"}}`,
	})
	ts := textOf(post, "ts")
	body := must(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": ts, "text": "Saved"})
	m := sim.DM("U0LEO")[0]
	if m.Text != "Saved" || m.Blocks != nil || !m.Edited || m.Revision != 1 {
		t.Errorf("after text without blocks: %+v", m)
	}
	if !strings.Contains(string(m.Metadata), `"id":"1"`) {
		t.Errorf("metadata that was not sent is gone: %s", m.Metadata)
	}
	if mapOf(mapOf(body, "message"), "edited") == nil {
		t.Errorf("the answer's message is not marked as edited: %v", body)
	}
	typed, err := sim.Type("U0LEO", "hi")
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, bot(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": typed.TS, "text": "x"}), "cant_update_message")
	wantError(t, bot(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": "1.000000", "text": "x"}), "message_not_found")
	wantError(t, bot(t, sim, "chat.update", map[string]string{"channel": "U0LEO", "ts": ts, "text": "x"}), "channel_not_found")
	wantError(t, bot(t, sim, "chat.update", map[string]string{"channel": "D0LEO", "ts": ts, "text": long(4001)}), "msg_too_long")
}

func TestHistory(t *testing.T) {
	sim := begin(t, Config{})
	var ts []string
	for i := range 5 {
		body := must(t, sim, "chat.postMessage", map[string]string{
			"channel": "U0LEO", "text": fmt.Sprint(i), "metadata": fmt.Sprintf(`{"event_type":"d","event_payload":{"id":"%d"}}`, i),
		})
		ts = append(ts, textOf(body, "ts"))
	}
	history := func(args map[string]string) string {
		t.Helper()
		args["channel"] = "D0LEO"
		return texts(must(t, sim, "conversations.history", args))
	}
	for name, c := range map[string]struct {
		args map[string]string
		want string
	}{
		"all":               {map[string]string{}, "43210"},
		"older":             {map[string]string{"latest": ts[2]}, "10"},
		"older, inclusive":  {map[string]string{"latest": ts[2], "inclusive": "true"}, "210"},
		"newer":             {map[string]string{"oldest": ts[2]}, "43"},
		"newer, inclusive":  {map[string]string{"oldest": ts[2], "inclusive": "1"}, "432"},
		"one":               {map[string]string{"oldest": ts[2], "latest": ts[2], "inclusive": "true"}, "2"},
		"of whole seconds":  {map[string]string{"oldest": "0"}, "43210"},
		"the newest only":   {map[string]string{"limit": "1"}, "4"},
		"latest of nothing": {map[string]string{"latest": "5"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := history(c.args); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := allPages(t, sim, "conversations.history", map[string]string{"channel": "D0LEO", "limit": "2"}); got != "43|21|0" {
		t.Errorf("pages %q", got)
	}
	wantError(t, bot(t, sim, "conversations.history", map[string]string{"channel": "D0LEO", "oldest": "x"}), "invalid_ts_oldest")
	wantError(t, bot(t, sim, "conversations.history", map[string]string{"channel": "D0LEO", "cursor": "x"}), "invalid_cursor")
}

func TestHistoryMetadataOnlyWhenAsked(t *testing.T) {
	sim := begin(t, Config{})
	must(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": "x", "metadata": `{"event_type":"d","event_payload":{"id":"7"}}`})
	plain := listOf(must(t, sim, "conversations.history", map[string]string{"channel": "D0LEO"}), "messages")[0].(map[string]any)
	full := listOf(must(t, sim, "conversations.history", map[string]string{"channel": "D0LEO", "include_all_metadata": "true"}), "messages")[0].(map[string]any)
	if plain["metadata"] != nil || mapOf(mapOf(full, "metadata"), "event_payload")["id"] != "7" {
		t.Errorf("without asking %v, with %v", plain["metadata"], full["metadata"])
	}
}

func TestReplies(t *testing.T) {
	sim := begin(t, Config{})
	parent := ask(t, sim)
	for i := range 4 {
		if _, err := sim.TypeInThread("U0LEO", parent, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := sim.Type("U0LEO", "outside"); err != nil {
		t.Fatal(err)
	}
	got := allPages(t, sim, "conversations.replies", map[string]string{"channel": "D0LEO", "ts": parent, "limit": "2"})
	if got != "A question0|12|3" {
		t.Errorf("pages %q", got)
	}
	top := texts(must(t, sim, "conversations.history", map[string]string{"channel": "D0LEO"}))
	if top != "outsideA question" {
		t.Errorf("the history shows replies: %q", top)
	}
	wantError(t, bot(t, sim, "conversations.replies", map[string]string{"channel": "D0LEO", "ts": "9.000000"}), "thread_not_found")
	if _, err := sim.TypeInThread("U0LEO", "9.000000", "x"); !errors.Is(err, ErrNoMessage) {
		t.Errorf("a reply to nothing: %v", err)
	}
}

func texts(body map[string]any) string {
	var b strings.Builder
	for _, m := range listOf(body, "messages") {
		b.WriteString(textOf(m.(map[string]any), "text"))
	}
	return b.String()
}

func allPages(t *testing.T, sim *Sim, method string, args map[string]string) string {
	t.Helper()
	var pages []string
	for range 10 {
		body := must(t, sim, method, args)
		pages = append(pages, texts(body))
		next := textOf(mapOf(body, "response_metadata"), "next_cursor")
		if (next != "") != (body["has_more"] == true) {
			t.Errorf("has_more is %v with cursor %q", body["has_more"], next)
		}
		if next == "" {
			break
		}
		args["cursor"] = next
	}
	return strings.Join(pages, "|")
}

func TestEphemeral(t *testing.T) {
	sim := begin(t, Config{})
	must(t, sim, "chat.postEphemeral", map[string]string{"channel": "D0LEO", "user": "U0LEO", "text": "psst"})
	if dm := sim.DM("U0LEO"); len(dm) != 1 || !dm[0].Ephemeral {
		t.Fatalf("DM: %+v", dm)
	}
	if got := texts(must(t, sim, "conversations.history", map[string]string{"channel": "D0LEO"})); got != "" {
		t.Errorf("the history tells %q", got)
	}
	wantError(t, bot(t, sim, "chat.postEphemeral", map[string]string{"channel": "D0LEO", "user": "U0VERA", "text": "x"}), "user_not_in_channel")
}

func TestPings(t *testing.T) {
	for text, want := range map[string]int{
		"<!channel> hi": 1, "<!here|here>": 1, "<!everyone>": 1, "<!subteam^S123>": 1, "hi <@U0LEO>": 1,
		"&lt;!channel&gt;": 0, "@channel": 0, "<https://x.example|a>": 0,
	} {
		sim := begin(t, Config{})
		must(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": text})
		must(t, sim, "chat.postMessage", map[string]string{
			"channel": "U0LEO", "text": "x",
			"blocks": string(mustJSON([]any{object{"type": "section", "text": object{"type": "mrkdwn", "text": text}}})),
		})
		must(t, sim, "chat.postMessage", map[string]string{
			"channel": "U0LEO", "text": "x",
			"blocks": string(mustJSON([]any{object{"type": "section", "text": object{"type": "plain_text", "text": text}}})),
		})
		if got := sim.Pings(); got != 2*want {
			t.Errorf("%q as text, mrkdwn and plain text: %d pings, want %d", text, got, 2*want)
		}
	}
}

func TestPingsTypedByAPerson(t *testing.T) {
	sim := begin(t, Config{})
	m, err := sim.Type("U0LEO", "<!channel>")
	if err != nil || m.Text != "&lt;!channel&gt;" || sim.Pings() != 0 {
		t.Errorf("typed %+v, %v; %d pings", m, err, sim.Pings())
	}
}

func TestMessagesTabOff(t *testing.T) {
	app := DefaultApp()
	app.MessagesTab = TabOff
	sim := begin(t, Config{App: app})
	if _, err := sim.Type("U0LEO", "x"); !errors.Is(err, ErrTabOff) {
		t.Errorf("typing: %v", err)
	}
	wantError(t, bot(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": "x"}), "messages_tab_disabled")
}

func TestParseTS(t *testing.T) {
	for ts, want := range map[string]int64{"1.000002": 1_000_002, "5": 5_000_000, "1.5": 1_500_000} {
		if got, ok := parseTS(ts); !ok || got != want {
			t.Errorf("%q: %d, %v; want %d", ts, got, ok, want)
		}
	}
	for _, ts := range []string{"", "x", "-1", "1.x", "1.0000001"} {
		if got, ok := parseTS(ts); ok {
			t.Errorf("%q was read as %d", ts, got)
		}
	}
}
