package rehearse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// Options say what a world is made of. Chain, Database and At are required.
type Options struct {
	Chain     cadence.Chain
	Database  string    // path of its file
	At        time.Time // where its clock stands at first
	Log       *slog.Logger
	Slack     slacksim.Config // Now is set to the world's clock
	Outsiders []slacksim.User // people of the workspace who are not in the chain
	Change    func(*bot.Config)
}

// World is one rehearsal: a workspace with its people, the bot in it, and the clock.
type World struct {
	Sim   *slacksim.Sim
	Store *store.Store
	Bot   *bot.Bot
	Clock *Moved
	Chain cadence.Chain

	options Options
	stop    context.CancelFunc
	ended   chan error
}

// Start opens the workspace and starts the bot in it, connected and with the chain imported.
func Start(ctx context.Context, o Options) (*World, error) {
	w := &World{Clock: NewMoved(o.At), Chain: o.Chain, options: o}
	c := o.Slack
	c.Now = w.Clock.Now
	var err error
	if w.Sim, err = slacksim.Start(c); err != nil {
		return nil, fmt.Errorf("starting the stand-in Slack: %w", err)
	}
	w.Sim.AddUsers(Users(w.Chain)...)
	w.Sim.AddUsers(o.Outsiders...)
	if err := w.StartBot(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// StartBot starts the bot, again after StopBot, and waits until it is connected and knows the people.
func (w *World) StartBot(ctx context.Context) error {
	lib, err := prompts.Load(nil)
	if err != nil {
		return err
	}
	if w.Store, err = store.Open(ctx, w.options.Database, store.Options{Rehearsal: true}); err != nil {
		return err
	}
	c := bot.Config{
		AppToken: w.Sim.App().AppToken, BotToken: w.Sim.App().BotToken, APIURL: w.Sim.URL(), Store: w.Store,
		Library: lib, Chain: &w.Chain, Clock: w.Clock, Autostart: true, Log: w.options.Log,
	}
	if w.options.Change != nil {
		w.options.Change(&c)
	}
	if w.Bot, err = bot.New(c); err != nil {
		return err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop, w.ended = stop, make(chan error, 1)
	go func() { w.ended <- w.Bot.Run(running) }()
	select {
	case <-w.Bot.Synced():
	case err := <-w.ended:
		w.ended <- err
		return fmt.Errorf("the bot stopped at once: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	}
	return w.Sim.Wait(ctx, func() bool { return w.Sim.Connections() > 0 })
}

// StopBot stops the bot as a signal would, and closes its store.
func (w *World) StopBot() error {
	if w.stop == nil {
		return nil
	}
	w.stop()
	err := <-w.ended
	w.stop = nil
	return errors.Join(err, w.Store.Close())
}

// Ended waits until the bot has stopped by itself and says why.
func (w *World) Ended(ctx context.Context) error {
	select {
	case err := <-w.ended:
		w.ended <- nil
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close stops everything.
func (w *World) Close() error {
	return errors.Join(w.StopBot(), w.Sim.Close())
}

// Settle waits until nobody has anything left to do at this instant.
func (w *World) Settle(ctx context.Context) error {
	for {
		if err := w.Sim.Wait(ctx, w.Sim.Idle); err != nil {
			return err
		}
		if err := w.Bot.Settle(ctx); err != nil {
			return err
		}
		if w.Sim.Idle() {
			return nil
		}
	}
}

// MoveTo moves the clock to t through every instant at which something is due, and lets each play out, so that a
// month that passes in seconds brings what a month would. each, when given, is called after every such instant.
func (w *World) MoveTo(ctx context.Context, t time.Time, each func() error) error {
	for now := w.Clock.Now(); ; now = w.Clock.Now() {
		next, ok, err := w.Store.NextDue(ctx, now)
		if err != nil {
			return err
		}
		if !ok || !next.After(now) || next.After(t) { // what is left from before now waits for somebody
			next = t
		}
		w.Clock.MoveTo(next)
		if err := w.Settle(ctx); err != nil {
			return err
		}
		if each != nil {
			if err := each(); err != nil {
				return err
			}
		}
		if next.Equal(t) {
			return nil
		}
	}
}

// Users gives every person of a chain an account in the stand-in, always the same one.
func Users(chain cadence.Chain) []slacksim.User {
	var users []slacksim.User
	for i, p := range chain.People {
		u := slacksim.User{ID: p.Slack, Name: handle(p), RealName: p.Name, Email: p.Email, TZ: p.Zone}
		if u.ID == "" {
			u.ID = fmt.Sprintf("U%07d", i+1)
		}
		if u.Email == "" {
			u.Email = strings.ToLower(u.ID) + "@example.com"
		}
		if u.RealName == "" {
			u.RealName = strings.ToUpper(u.Name[:1]) + u.Name[1:]
		}
		if u.TZ == "" {
			u.TZ = chain.Zone
		}
		users = append(users, u)
	}
	return users
}

// handle is what somebody is called before Slack's display names: "vera" of vera@acme.example.
func handle(p cadence.Person) string {
	local, _, _ := strings.Cut(p.Email, "@")
	if local == "" {
		local = strings.ToLower(strings.TrimPrefix(p.Slack, "U0"))
	}
	if local == "" {
		local = "somebody"
	}
	return local
}
