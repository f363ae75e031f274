package slacksim_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"github.com/threedeep/threedeep/bot/slacksim"
)

// realApp is a small app on a real client library. on is called for every
// envelope, in order; what it returns goes into the acknowledgement.
type realApp struct {
	api *slack.Client
	on  func(*realApp, socketmode.Event) any
}

func startRealApp(t *testing.T, sim *slacksim.Sim, on func(*realApp, socketmode.Event) any) *realApp {
	t.Helper()
	app := sim.App()
	api := slack.New(app.BotToken,
		slack.OptionAppLevelToken(app.AppToken), slack.OptionAPIURL(sim.URL()),
		slack.OptionHTTPClient(&http.Client{Timeout: 5 * time.Second}))
	client := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	a := &realApp{api: api, on: on}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = client.RunContext(ctx) }()
	go a.loop(ctx, client)
	t.Cleanup(func() { cancel(); <-done })
	await(t, sim, func() bool { return sim.Connections() == 1 })
	return a
}

func (a *realApp) loop(ctx context.Context, client *socketmode.Client) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-client.Events:
			if e.Request == nil || e.Request.EnvelopeID == "" {
				continue
			}
			if payload := a.on(a, e); payload != nil {
				_ = client.AckCtx(ctx, e.Request.EnvelopeID, payload)
			} else {
				_ = client.AckCtx(ctx, e.Request.EnvelopeID, nil)
			}
		}
	}
}

func start(t *testing.T, cfg slacksim.Config) *slacksim.Sim {
	t.Helper()
	sim, err := slacksim.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	sim.AddUsers(
		slacksim.User{ID: "U0LEO", Name: "leo", RealName: "Leo Lind", Email: "leo@acme.example", TZ: "Europe/Berlin", Locale: "de-DE"},
		slacksim.User{ID: "U0VERA", Name: "vera", RealName: "Vera Voss", Email: "vera@acme.example"},
	)
	return sim
}

func await(t *testing.T, sim *slacksim.Sim, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := sim.Wait(ctx, cond); err != nil {
		t.Fatalf("%v; complaints: %q", err, sim.Complaints())
	}
}

func noComplaints(t *testing.T, sim *slacksim.Sim) {
	t.Helper()
	if got := sim.Complaints(); len(got) != 0 {
		t.Errorf("complaints: %q", got)
	}
}

func TestClientEchoesTypedMessage(t *testing.T) {
	sim := start(t, slacksim.Config{})
	startRealApp(t, sim, func(a *realApp, e socketmode.Event) any {
		event, ok := e.Data.(slackevents.EventsAPIEvent)
		if !ok {
			return nil
		}
		if m, ok := event.InnerEvent.Data.(*slackevents.MessageEvent); ok && m.BotID == "" {
			_, _, err := a.api.PostMessage(m.Channel, slack.MsgOptionText("You wrote: "+m.Text, false))
			if err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	if _, err := sim.Type("U0LEO", "Priya & I < us"); err != nil {
		t.Fatal(err)
	}
	await(t, sim, func() bool { return len(sim.DM("U0LEO")) == 2 && sim.Idle() })
	got := sim.DM("U0LEO")[1]
	if want := "You wrote: Priya &amp; I &lt; us"; got.Text != want || got.BotID != sim.App().BotID {
		t.Errorf("the answer is %+v, want text %q from the app", got, want)
	}
	if c := sim.Envelopes(); c.Acked != 2 || c.Unacked != 0 {
		t.Errorf("envelopes: %+v, want the typed message and the app's own, both acknowledged", c)
	}
	noComplaints(t, sim)
}

func TestClientFormFromButton(t *testing.T) {
	sim := start(t, slacksim.Config{})
	app := startRealApp(t, sim, formApp(t))
	_, ts, err := app.api.PostMessage("U0LEO", slack.MsgOptionText("A question", false), slack.MsgOptionBlocks(
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "A question", false, false), nil, nil),
		slack.NewActionBlock("ask", slack.NewButtonBlockElement("answer", "q1", slack.NewTextBlockObject("plain_text", "Answer", false, false))),
	))
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Click("U0LEO", ts, "answer"); err != nil {
		t.Fatal(err)
	}
	await(t, sim, func() bool { _, open := sim.TopView("U0LEO"); return open })
	if _, err := sim.Submit("U0LEO"); err == nil {
		t.Error("a required input was left empty and the form went off all the same")
	}
	submitText(t, sim, "no", slacksim.SubmitResult{Errors: map[string]string{"learned": "Say a bit more"}})
	submitText(t, sim, "She asked first.", slacksim.SubmitResult{Closed: true})
	if _, open := sim.TopView("U0LEO"); open {
		t.Error("the form is still open")
	}
	noComplaints(t, sim)
}

func submitText(t *testing.T, sim *slacksim.Sim, text string, want slacksim.SubmitResult) {
	t.Helper()
	if err := sim.Fill("U0LEO", "text", text); err != nil {
		t.Fatal(err)
	}
	got, err := sim.Submit("U0LEO")
	if err != nil || got.Closed != want.Closed || got.Failed != want.Failed || got.Errors["learned"] != want.Errors["learned"] {
		t.Errorf("submit %q: %+v, %v; want %+v", text, got, err, want)
	}
}

// formApp opens a form when a button is pressed and refuses short answers.
func formApp(t *testing.T) func(*realApp, socketmode.Event) any {
	return func(a *realApp, e socketmode.Event) any {
		cb, ok := e.Data.(slack.InteractionCallback)
		switch {
		case !ok:
			return nil
		case cb.Type == slack.InteractionTypeBlockActions:
			if _, err := a.api.OpenView(cb.TriggerID, form()); err != nil {
				t.Errorf("views.open: %v", err)
			}
			return nil
		case cb.View.State.Values["learned"]["text"].Value == "no":
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"learned": "Say a bit more"})
		default:
			return nil
		}
	}
}

func form() slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	input := slack.NewPlainTextInputBlockElement(plain("Write here"), "text")
	input.Multiline = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain("This week"), Submit: plain("Save"), Close: plain("Later"), CallbackID: "reflect",
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("learned", plain("What did you learn?"), nil, input)}},
	}
}

func TestClientCommandAndHome(t *testing.T) {
	sim := start(t, slacksim.Config{})
	startRealApp(t, sim, func(a *realApp, e socketmode.Event) any {
		if _, ok := e.Data.(slack.SlashCommand); ok {
			return map[string]any{"text": "Here is help"}
		}
		event, _ := e.Data.(slackevents.EventsAPIEvent)
		if opened, ok := event.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
			home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
				slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "Hello", false, false)),
			}}}
			if _, err := a.api.PublishView(opened.User, home, ""); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	reply, err := sim.Command("U0LEO", "/coach", "help")
	if err != nil || reply.Text != "Here is help" || reply.ResponseType != "ephemeral" {
		t.Errorf("reply %+v, %v", reply, err)
	}
	if dm := sim.DM("U0LEO"); len(dm) != 1 || !dm[0].Ephemeral {
		t.Errorf("the reply is not shown in the DM: %+v", dm)
	}
	if err := sim.OpenHome("U0LEO", "home"); err != nil {
		t.Fatal(err)
	}
	await(t, sim, func() bool {
		home, ok := sim.Home("U0LEO")
		return ok && strings.Contains(string(home.Blocks), "Hello")
	})
	noComplaints(t, sim)
}

func TestClientReadsPeople(t *testing.T) {
	sim := start(t, slacksim.Config{})
	api := slack.New(sim.App().BotToken, slack.OptionAPIURL(sim.URL()))
	users, err := api.GetUsers(slack.GetUsersOptionLimit(1))
	if err != nil || len(users) != 3 {
		t.Fatalf("users.list page by page: %d users, %v; want 3", len(users), err)
	}
	if u := users[1]; u.Profile.Email != "leo@acme.example" || u.TZ != "Europe/Berlin" {
		t.Errorf("user: %+v", u)
	}
	ch, _, _, err := api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U0LEO"}})
	if err != nil || ch.ID != "D0LEO" {
		t.Errorf("conversations.open: %+v, %v", ch, err)
	}
}

func TestClientSurvivesARefresh(t *testing.T) {
	sim := start(t, slacksim.Config{})
	heard := make(chan string, 10)
	startRealApp(t, sim, func(_ *realApp, e socketmode.Event) any {
		if event, ok := e.Data.(slackevents.EventsAPIEvent); ok {
			if m, ok := event.InnerEvent.Data.(*slackevents.MessageEvent); ok {
				heard <- m.Text
			}
		}
		return nil
	})
	sim.Disconnect("refresh_requested")
	for _, text := range []string{"one", "two"} {
		if _, err := sim.Type("U0LEO", text); err != nil {
			t.Fatal(err)
		}
	}
	await(t, sim, func() bool { return sim.Count("apps.connections.open") == 2 && sim.Idle() })
	if a, b := <-heard, <-heard; a != "one" || b != "two" {
		t.Errorf("heard %q, %q", a, b)
	}
	noComplaints(t, sim)
}

func TestClientFindsItsMessageByMetadata(t *testing.T) {
	sim := start(t, slacksim.Config{})
	api := slack.New(sim.App().BotToken, slack.OptionAPIURL(sim.URL()))
	_, ts, err := api.PostMessage("U0LEO", slack.MsgOptionText("A question", false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "delivery", EventPayload: map[string]any{"id": "d-1"}}))
	if err != nil {
		t.Fatal(err)
	}
	history, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "D0LEO", IncludeAllMetadata: true, Limit: 5})
	if err != nil || len(history.Messages) != 1 {
		t.Fatalf("%+v, %v", history, err)
	}
	if m := history.Messages[0]; m.Timestamp != ts || m.Metadata.EventPayload["id"] != "d-1" {
		t.Errorf("found %+v", m)
	}
	if _, _, _, err := api.UpdateMessage("D0LEO", ts, slack.MsgOptionText("Saved", false)); err != nil {
		t.Error(err)
	}
	if got := sim.DM("U0LEO")[0]; got.Text != "Saved" || got.Revision != 1 {
		t.Errorf("after the update: %+v", got)
	}
	noComplaints(t, sim)
}

func TestClientIsToldToWait(t *testing.T) {
	sim := start(t, slacksim.Config{})
	sim.Fail("chat.postMessage", slacksim.Fault{Status: http.StatusTooManyRequests, RetryAfter: 3})
	api := slack.New(sim.App().BotToken, slack.OptionAPIURL(sim.URL()))
	_, _, err := api.PostMessage("U0LEO", slack.MsgOptionText("x", false))
	var limited *slack.RateLimitedError
	if !errors.As(err, &limited) || limited.RetryAfter != 3*time.Second {
		t.Errorf("got %v", err)
	}
}
