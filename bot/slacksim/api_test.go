package slacksim

import (
	"net/http"
	"strings"
	"testing"
)

const formType = "application/x-www-form-urlencoded"

func TestTokens(t *testing.T) {
	app := DefaultApp()
	app.BotScopes = []string{"chat:write", "im:history"}
	sim := begin(t, Config{App: app})
	for name, c := range map[string]struct{ method, token, want string }{
		"none":            {"auth.test", "", "not_authed"},
		"unknown":         {"auth.test", "xoxb-other", "invalid_auth"},
		"bot for app":     {"apps.connections.open", app.BotToken, "not_allowed_token_type"},
		"app for bot":     {"chat.postMessage", app.AppToken, "not_allowed_token_type"},
		"without a scope": {"users.list", app.BotToken, "missing_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := request(t, sim, c.method, c.token, formType, "")
			wantError(t, body, c.want)
			if res.StatusCode != http.StatusOK {
				t.Errorf("status %d, want 200 for an error", res.StatusCode)
			}
		})
	}
	res, body := request(t, sim, "users.list", app.BotToken, formType, "")
	if body["needed"] != "users:read" || body["provided"] != "chat:write,im:history" {
		t.Errorf("missing_scope tells %v", body)
	}
	if got := res.Header.Get("X-OAuth-Scopes"); got != "chat:write,im:history" {
		t.Errorf("X-OAuth-Scopes is %q", got)
	}
	if got := res.Header.Get("X-Accepted-OAuth-Scopes"); got != "users:read" {
		t.Errorf("X-Accepted-OAuth-Scopes is %q", got)
	}
	sim.Revoke()
	wantError(t, bot(t, sim, "auth.test", nil), "token_revoked")
}

func TestUnknownMethodIsAComplaint(t *testing.T) {
	sim := begin(t, Config{})
	wantError(t, bot(t, sim, "chat.shout", nil), "unknown_method")
	if !complaintAbout(sim, "unknown_method: chat.shout")() || sim.Count("chat.shout") != 1 {
		t.Errorf("complaints %q, count %d", sim.Complaints(), sim.Count("chat.shout"))
	}
}

func TestArgumentsByContentType(t *testing.T) {
	sim := begin(t, Config{})
	multipart := "--b\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\nU0LEO\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nmultipart\r\n--b--\r\n"
	for name, c := range map[string]struct{ kind, body, want string }{
		"form":       {formType, form(map[string]string{"channel": "U0LEO", "text": "form"}), ""},
		"json":       {"application/json; charset=utf-8", `{"channel":"U0LEO","text":"json","blocks":[{"type":"divider"}]}`, ""},
		"multipart":  {`multipart/form-data; boundary=b`, multipart, ""},
		"plain":      {"text/plain", "x", "invalid_post_type"},
		"no type":    {"", "x", "missing_post_type"},
		"bad json":   {"application/json", "{", "invalid_json"},
		"two values": {"application/json", "{} {}", "invalid_json"},
		"a list":     {"application/json", "[]", "json_not_object"},
		"bad form":   {formType, "a=%zz", "invalid_form_data"},
	} {
		t.Run(name, func(t *testing.T) {
			_, body := request(t, sim, "chat.postMessage", sim.App().BotToken, c.kind, c.body)
			if c.want != "" {
				wantError(t, body, c.want)
			} else if got := textOf(mapOf(body, "message"), "text"); got != name {
				t.Errorf("the text that arrived is %q: %v", got, body)
			}
		})
	}
	if got := len(sim.DM("U0LEO")); got != 3 {
		t.Errorf("%d messages arrived, want the 3 of the accepted kinds", got)
	}
}

func TestJSONBodyOverlookedByReadingMethods(t *testing.T) {
	sim := begin(t, Config{})
	_, body := request(t, sim, "users.info", sim.App().BotToken, "application/json", `{"user":"U0LEO"}`)
	wantError(t, body, "user_not_found")
}

func TestUsers(t *testing.T) {
	sim := begin(t, Config{})
	u := mapOf(must(t, sim, "users.info", map[string]string{"user": "U0LEO", "include_locale": "true"}), "user")
	if u["tz"] != "Europe/Berlin" || u["locale"] != "de-DE" || !strings.HasPrefix(textOf(u, "tz_label"), "Central European") {
		t.Errorf("users.info: %v", u)
	}
	if offset := u["tz_offset"]; offset != 3600.0 && offset != 7200.0 {
		t.Errorf("tz_offset %v", offset)
	}
	first := must(t, sim, "users.list", map[string]string{"limit": "2"})
	cursor := textOf(mapOf(first, "response_metadata"), "next_cursor")
	second := must(t, sim, "users.list", map[string]string{"limit": "2", "cursor": cursor})
	if len(listOf(first, "members")) != 2 || len(listOf(second, "members")) != 1 {
		t.Errorf("pages of %d and %d, want 2 and 1", len(listOf(first, "members")), len(listOf(second, "members")))
	}
	if rest := textOf(mapOf(second, "response_metadata"), "next_cursor"); rest != "" {
		t.Errorf("the last page names another: %q", rest)
	}
	wantError(t, bot(t, sim, "users.list", map[string]string{"cursor": "nonsense"}), "invalid_cursor")
	wantError(t, bot(t, sim, "users.info", map[string]string{"user": "U0NOBODY"}), "user_not_found")
}

func TestEmailNeedsItsScope(t *testing.T) {
	app := DefaultApp()
	app.BotScopes = []string{"users:read"}
	sim := begin(t, Config{App: app})
	u := mapOf(must(t, sim, "users.info", map[string]string{"user": "U0LEO"}), "user")
	if email, there := mapOf(u, "profile")["email"]; there {
		t.Errorf("the profile tells %v without users:read.email", email)
	}
}

func TestConversationsOpen(t *testing.T) {
	sim := begin(t, Config{})
	first := must(t, sim, "conversations.open", map[string]string{"users": "U0LEO"})
	again := must(t, sim, "conversations.open", map[string]string{"users": "U0LEO", "return_im": "true"})
	if textOf(mapOf(first, "channel"), "id") != "D0LEO" || again["already_open"] != true || mapOf(again, "channel")["user"] != "U0LEO" {
		t.Errorf("first %v, again %v", first, again)
	}
	if err := sim.Deactivate("U0VERA"); err != nil {
		t.Fatal(err)
	}
	wantError(t, bot(t, sim, "conversations.open", map[string]string{"users": "U0VERA"}), "user_disabled")
	wantError(t, bot(t, sim, "conversations.open", map[string]string{"users": "U0NOBODY"}), "user_not_found")
	wantError(t, bot(t, sim, "conversations.open", nil), "users_list_not_supplied")
	wantError(t, bot(t, sim, "conversations.open", map[string]string{"channel": "C1"}), "channel_not_found")
}

func TestStartRefusesOtherAddresses(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "example.com:80", "nonsense"} {
		if sim, err := Start(Config{Addr: addr}); err == nil {
			sim.Close()
			t.Errorf("%s was accepted", addr)
		}
	}
}

func TestCallLog(t *testing.T) {
	sim := begin(t, Config{})
	must(t, sim, "chat.postMessage", map[string]string{"channel": "U0LEO", "text": "x", "blocks": `[{"type":"divider"}]`})
	wantError(t, bot(t, sim, "chat.postMessage", map[string]string{"channel": "C0NONE", "text": "x"}), "channel_not_found")
	calls := sim.Calls()
	if len(calls) != 2 || calls[1].Error != "channel_not_found" || calls[0].Error != "" || calls[0].Status != http.StatusOK {
		t.Fatalf("calls: %+v", calls)
	}
	if want := `"blocks":[{"type":"divider"}]`; !strings.Contains(string(calls[0].Args), want) {
		t.Errorf("arguments %s do not hold %s", calls[0].Args, want)
	}
	for range keptCalls + 5 {
		sim.calls.add(Call{Method: "x"})
	}
	if len(sim.Calls()) != keptCalls || sim.Count("x") != keptCalls+5 {
		t.Errorf("%d calls kept, %d counted", len(sim.Calls()), sim.Count("x"))
	}
}
