package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// dueAtOnce bounds what one look at the store brings.
const dueAtOnce = 500

// followClock sleeps until the next thing is due, by the domain clock, and takes care of it. Until somebody pressed
// Start it takes care of nothing: nobody is messaged.
func (b *Bot) followClock(ctx context.Context) error {
	for ctx.Err() == nil {
		now := b.Clock.Now()
		next, err := b.Tick(ctx, now)
		if err != nil && ctx.Err() == nil {
			b.Log.Error("what is due could not be worked out; trying again", "err", err)
			next = now.Add(time.Second)
		}
		b.changes.tell()
		b.sender.Wake() // what the store already holds may have become due with the clock
		b.sleep(ctx, next)
	}
	return nil
}

// sleep waits for an instant of the domain clock, for a poke or for the end.
func (b *Bot) sleep(ctx context.Context, until time.Time) {
	reached, cancel := b.Clock.At(until)
	defer cancel()
	select {
	case <-reached:
	case <-b.poke:
	case <-ctx.Done():
	}
}

// lookAgain makes the clock loop look at the store at once.
func (b *Bot) lookAgain() {
	select {
	case b.poke <- struct{}{}:
	default:
	}
}

// farAhead is when to look again while nothing is planned.
const farAhead = 24 * time.Hour

// Tick takes care of everything that is due by now and says when there is something again.
func (b *Bot) Tick(ctx context.Context, now time.Time) (time.Time, error) {
	if ok, err := b.started(ctx); err != nil || !ok {
		return now.Add(farAhead), err
	}
	for {
		due, err := b.Store.Due(ctx, now, dueAtOnce)
		if err != nil {
			return now, err
		}
		if err := b.carryOut(ctx, due, now); err != nil {
			return now, err
		}
		if len(due) < dueAtOnce {
			break
		}
	}
	next, ok, err := b.Store.NextDue(ctx, now)
	if !ok {
		next = now.Add(farAhead)
	}
	return next, err
}

// carryOut commits each due by itself: one that fails holds up none of the others.
func (b *Bot) carryOut(ctx context.Context, due []store.Due, now time.Time) error {
	var errs []error
	for _, d := range due {
		c, err := b.decideSafely(ctx, d, now)
		if err == nil {
			err = b.commit(ctx, c)
		}
		if errors.Is(err, store.ErrConflict) { // the person began it at this very moment
			b.lookAgain()
			continue
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// decideSafely keeps a defect to the due that it shows in.
func (b *Bot) decideSafely(ctx context.Context, d store.Due, now time.Time) (c store.Change, err error) {
	defer func() {
		if recover() != nil {
			b.Log.Error("something due could not be worked out: a defect in the bot", "kind", d.Kind, "stack", string(debug.Stack()))
			err = errDefect
		}
	}()
	return b.decide(ctx, d, now)
}

// errDefect is told in the log where it happened.
var errDefect = errors.New("a defect in the bot")

// decide loads what one due is about and asks cadence what follows.
func (b *Bot) decide(ctx context.Context, d store.Due, now time.Time) (store.Change, error) {
	if d.Kind == cadence.DayBrief {
		return b.decideBrief(ctx, d, now)
	}
	l, err := b.Store.Link(ctx, d.Subject)
	if err != nil {
		return store.Change{}, err
	}
	asked, err := b.Store.Person(ctx, l.Coachee)
	if err != nil {
		return store.Change{}, err
	}
	r := b.planner.DueReflections(l, asked.Zone, cadence.Wall(d.Handled), now)
	var already *prompts.Conversation
	if r.Ask != nil {
		c, err := b.Store.Conversation(ctx, session(l, *r.Ask).ID)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return store.Change{}, err
		}
		if err == nil {
			already = &c
		}
	}
	g, _ := b.Library.Guide(prompts.Weekly)
	return planReflections(g, l, r, cadence.Wall(d.Handled), already, now), nil
}

func (b *Bot) decideBrief(ctx context.Context, d store.Due, now time.Time) (store.Change, error) {
	coach, err := b.Store.Person(ctx, d.Subject)
	if err != nil {
		return store.Change{}, err
	}
	links, err := b.Store.CoachedBy(ctx, coach.ID)
	if err != nil {
		return store.Change{}, err
	}
	handled, err := time.Parse(time.RFC3339, d.Handled)
	if err != nil {
		return store.Change{}, err
	}
	bs := b.planner.DueBriefs(coach, links, handled, now)
	return planBriefs(coach, b.zone(coach.Zone).String(), bs, handled, now), nil
}
