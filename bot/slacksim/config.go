package slacksim

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"
)

// Config says how the stand-in behaves. The zero value is usable.
type Config struct {
	// Addr is the address to listen on; empty means 127.0.0.1:0. Anything but
	// a loopback address is refused: the stand-in has no protection at all.
	Addr string

	// Now is the clock for message ts, event_time and action_ts; nil means
	// time.Now. It may stand still or go back: ts stay unique and increase
	// within a channel all the same. It must not call the Sim.
	Now func() time.Time

	// App is the installed app: ids, tokens, scopes, events, commands.
	App App

	// AckWithin is how long the app may take to acknowledge an envelope
	// (machine clock); 0 means 3 seconds.
	AckWithin time.Duration

	// Redeliver holds the waits before each retry of an unacknowledged event,
	// counted from the sending before it and never shorter than AckWithin. Nil
	// means 4 s, 1 min, 5 min; empty and not nil means no retries.
	Redeliver []time.Duration

	// PingEvery is the time between pings on a socket; 0 means 5 seconds, a
	// negative value sends none.
	PingEvery time.Duration

	// TriggerLife is how long a trigger_id can be used; 0 means 3 seconds.
	TriggerLife time.Duration

	// RateLimits turns on the limits per method and per channel (429).
	RateLimits bool

	// QuietOwn leaves out the events that Slack sends an app about its own
	// messages. Real Slack sends them; a benchmark may want to count replies only.
	QuietOwn bool

	// Record, when set, gets every transfer to and from the app as one line of
	// JSON (a Transfer). Writes happen one at a time, in order.
	Record io.Writer

	// KeepTraffic bounds, in bytes, what Traffic keeps; 0 means 32 MiB, a
	// negative value keeps nothing.
	KeepTraffic int

	// Log gets what the stand-in does; nil discards it.
	Log *slog.Logger
}

// Tab says what a person can do in one of the app's tabs.
type Tab int

// The states of a tab. The zero value is on, as Slack's manifest makes it when asked.
const (
	TabOn       Tab = iota
	TabReadOnly     // shown, but nobody can type
	TabOff          // not there
)

// App describes the app that is installed in the stand-in's one workspace.
// Empty strings and nil slices get the values of DefaultApp; a slice that is
// empty but not nil stays empty.
type App struct {
	ID, Name                     string
	TeamID, TeamName, TeamDomain string
	BotID, BotUserID             string
	AppToken, BotToken           string

	AppScopes []string // scopes of the app-level token
	BotScopes []string // scopes of the bot token
	Events    []string // subscribed bot events, as the manifest names them
	Commands  []string // slash commands, with the slash

	MessagesTab Tab // TabReadOnly and TabOff refuse typing
	HomeTab     Tab
}

// DefaultApp is the app that an empty Config installs.
func DefaultApp() App {
	return App{
		ID: "A0THREEDEEP", Name: "threedeep",
		TeamID: "T0ACME", TeamName: "Acme", TeamDomain: "acme",
		BotID: "B0THREEDEEP", BotUserID: "U0THREEDEEP",
		AppToken: "xapp-1-A0THREEDEEP-1-test", BotToken: "xoxb-test",
		AppScopes: []string{"connections:write"},
		BotScopes: []string{
			"chat:write", "commands", "im:write", "im:history",
			"users:read", "users:read.email",
		},
		Events:   []string{"app_home_opened", "message.im"},
		Commands: []string{"/coach"},
	}
}

func (a App) withDefaults() App {
	d := DefaultApp()
	fill(&a.ID, d.ID)
	fill(&a.Name, d.Name)
	fill(&a.TeamID, d.TeamID)
	fill(&a.TeamName, d.TeamName)
	fill(&a.TeamDomain, d.TeamDomain)
	fill(&a.BotID, d.BotID)
	fill(&a.BotUserID, d.BotUserID)
	fill(&a.AppToken, d.AppToken)
	fill(&a.BotToken, d.BotToken)
	fillList(&a.AppScopes, d.AppScopes)
	fillList(&a.BotScopes, d.BotScopes)
	fillList(&a.Events, d.Events)
	fillList(&a.Commands, d.Commands)
	return a
}

func fill(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func fillList(l *[]string, value []string) {
	if *l == nil {
		*l = value
	}
}

func fillDuration(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

func (c Config) withDefaults() (Config, error) {
	fill(&c.Addr, "127.0.0.1:0")
	if err := loopbackOnly(c.Addr); err != nil {
		return c, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Redeliver == nil {
		c.Redeliver = []time.Duration{4 * time.Second, time.Minute, 5 * time.Minute}
	}
	if c.KeepTraffic == 0 {
		c.KeepTraffic = 32 << 20
	}
	fillDuration(&c.AckWithin, 3*time.Second)
	fillDuration(&c.PingEvery, 5*time.Second)
	fillDuration(&c.TriggerLife, 3*time.Second)
	c.App = c.App.withDefaults()
	return c, nil
}

// loopbackOnly keeps a stand-in that trusts everybody off the network.
func loopbackOnly(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("slacksim: address %q: %w", addr, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("slacksim: address %q is not on the loopback interface", addr)
	}
	return nil
}
