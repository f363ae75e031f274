package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// Config is what a bot is made of. Store, Library and the tokens are required.
type Config struct {
	AppToken, BotToken string
	APIURL             string // another Slack-compatible endpoint, ending in a slash; empty for Slack
	Store              *store.Store
	Library            prompts.Library
	Chain              *cadence.Chain // imported when the store holds none
	Clock              Clock          // the domain clock; nil for the machine's
	Command            string         // default /coach
	Autostart          bool           // do not wait for the press of Start
	Log                *slog.Logger

	Lease, Timeout time.Duration       // of deliveries; see delivery.Options
	Crash          func(point string)  // told at the named points; tests crash there
	Wrap           func(Socket) Socket // tests put a broken socket in between
}

// The named points on the way in, beside those of bot/delivery.
const (
	PointBeforeCommit = "before commit"
	PointCommitted    = "after commit before ack"
)

// ackWithin is how long an answer may take to become durable: Slack waits 3 s for the acknowledgement.
const ackWithin = 2500 * time.Millisecond

// mostPending bounds the envelopes held at a time: what 3 s of a fast disk can serve.
const mostPending = 4096

// lastWords is how long an acknowledgement gets to leave.
const lastWords = 200 * time.Millisecond

// Bot is a running Three Deep.
type Bot struct {
	Config
	http     *http.Client
	api      *slack.Client
	socket   Socket
	sender   *delivery.Sender
	queue    *dispatcher
	planner  cadence.Planner
	poke     chan struct{} // the clock loop looks again
	changes  broadcast
	synced   chan struct{} // closed once the people of the chain were looked up in Slack
	imported bool          // the people were looked up while importing; settled before synced is closed
	broken   chan error    // what no retry can mend, from whoever met it
	acked    atomic.Int64  // when an acknowledgement was handed over last, in unix ms of the machine clock
}

// New puts a bot together; Run starts it.
func New(c Config) (*Bot, error) {
	if c.Store == nil || c.AppToken == "" || c.BotToken == "" {
		return nil, errors.New("a bot needs a store and both tokens")
	}
	c = withDefaults(c)
	b := &Bot{Config: c, poke: make(chan struct{}, 1), synced: make(chan struct{}), broken: make(chan error, 1)}
	b.planner = cadence.Planner{Zones: &cadence.Zones{}}
	b.http = newHTTPClient()
	b.api = newClient(c, b.http)
	b.socket = newSlackSocket(b.api, b.hello)
	if c.Wrap != nil {
		b.socket = c.Wrap(b.socket)
	}
	b.queue = newDispatcher(mostPending, b.changes.tell, c.Log)
	b.sender = delivery.NewSender(c.Store, b, b, delivery.Options{
		Owner: newID(), Now: c.Clock.Now, Lease: c.Lease, Timeout: c.Timeout, At: c.Crash, Log: c.Log,
		Settled: func(cadence.Claim) { b.changes.tell() },
		Held:    b.lookAgain,
	})
	return b, nil
}

func withDefaults(c Config) Config {
	if c.Clock == nil {
		c.Clock = RealTime()
	}
	if c.Command == "" {
		c.Command = "/coach"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Crash == nil {
		c.Crash = func(string) {}
	}
	return c
}

func newHTTPClient() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 128, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
	}}
}

// newClient has timeouts and enough kept connections: slack-go's default client has neither, which halves what it
// can do. It never retries by itself: only bot/delivery knows what may be sent twice.
func newClient(c Config, client *http.Client) *slack.Client {
	options := []slack.Option{slack.OptionHTTPClient(client), slack.OptionAppLevelToken(c.AppToken)}
	if c.APIURL != "" {
		options = append(options, slack.OptionAPIURL(c.APIURL))
	}
	return slack.New(c.BotToken, options...)
}

// Run connects, then works until ctx ends, or until Slack refuses the tokens for good, which is an error that says
// what to do. It stops in the reverse order of starting: take no more envelopes, finish and acknowledge those taken,
// then let go of the connection, then the sender.
func (b *Bot) Run(ctx context.Context) error {
	var err error
	if b.planner.Zone, err = b.chainZone(ctx); err != nil {
		return err
	}
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	receiving, stopReceiving := context.WithCancel(context.WithoutCancel(ctx))
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	defer stopReceiving()
	var loops, receiver, sender sync.WaitGroup
	sender.Go(func() { b.until(stop, b.sender.Run(sending)) })
	receiver.Go(func() { b.until(stop, b.socket.Receive(receiving, b.take)) })
	loops.Go(func() { b.until(stop, b.settleIn(working)) })
	loops.Go(func() { b.keepUp(working) })
	loops.Go(func() {
		select {
		case err := <-b.broken:
			stop(err)
		case <-working.Done():
		}
	})
	<-working.Done()
	b.Log.Info("stopping: nothing more is taken, and what was taken is finished")
	loops.Wait()
	b.queue.close()
	// The last acknowledgements may be on their way: slack-go writes them in the background and does not say when.
	_ = wait(context.WithoutCancel(ctx), lastWords-time.Since(time.UnixMilli(b.acked.Load())))
	stopReceiving()
	receiver.Wait()
	stopSending()
	sender.Wait()
	b.http.CloseIdleConnections()
	if cause := context.Cause(working); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// chainZone is the zone for whom nothing better is known: the imported chain's, else that of the file to import.
func (b *Bot) chainZone(ctx context.Context) (string, error) {
	zone, err := b.Store.Setting(ctx, zoneSetting)
	if zone == "" && b.Chain != nil {
		zone = b.Chain.Zone
	}
	return zone, err
}

// until ends the whole bot with an error that one of its loops ended with.
func (b *Bot) until(stop context.CancelCauseFunc, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		stop(err)
	}
}

// settleIn checks the bot's token, meets the people of the chain, and then follows the clock.
func (b *Bot) settleIn(ctx context.Context) error {
	if err := b.checkToken(ctx); err != nil {
		return err
	}
	if err := b.meetPeople(ctx); err != nil {
		return err
	}
	close(b.synced)
	return b.followClock(ctx)
}

// checkToken asks Slack who we are, for as long as Slack can't be reached.
func (b *Bot) checkToken(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		_, err := b.api.AuthTestContext(ctx)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if f := fatal(err); f != nil {
			return f
		}
		b.Log.Warn("Slack can't be reached; trying again", "err", err, "in", wait)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// hello is told how many connections Slack counts for this app.
func (b *Bot) hello(connections int) {
	b.Log.Info("connected to Slack", "connections", connections)
	if connections > 1 {
		b.Log.Warn("another connection of this app is open and takes some of its clicks; stop the other process, or wait a minute if one was just stopped", "connections", connections)
	}
	b.changes.tell()
}

// take puts an envelope into its person's queue. What has no room stays un-acknowledged, and Slack repeats it.
func (b *Bot) take(e Envelope) {
	in := decode(e)
	if !b.queue.put(in.User, func() { b.handle(e, in) }) {
		b.Log.Warn("an envelope was turned away: too many at once, or the bot is stopping; events come again, presses don't", "type", e.Type)
	}
}

// Synced is closed once the people of the chain have been looked up in Slack.
func (b *Bot) Synced() <-chan struct{} { return b.synced }

// Settle waits until nothing is left to do at the domain clock's present instant: no envelope under way, nothing
// due, nothing to be sent. Rehearsals move the clock step by step with it.
func (b *Bot) Settle(ctx context.Context) error {
	for {
		changed := b.changes.next()
		done, err := b.settled(ctx)
		if done || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the bot to settle: %w", ctx.Err())
		}
	}
}

func (b *Bot) settled(ctx context.Context) (bool, error) {
	now := b.Clock.Now()
	if !b.queue.idle() {
		return false, nil
	}
	due, err := b.Store.Due(ctx, now, 1)
	if err != nil {
		return false, err
	}
	if started, err := b.started(ctx); err != nil || (started && len(due) > 0) {
		return false, err
	}
	n, _, err := b.Store.Waiting(ctx, now)
	return n == 0, err
}

// broadcast tells everybody who waits that something changed.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

func (b *broadcast) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
