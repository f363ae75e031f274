package bot

import (
	"context"
	"errors"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// answered is what a handler leaves to do: the acknowledgement, and after it what can't wait for the outbox because
// a trigger dies within 3 s. An error leaves the envelope un-acknowledged unless a reply goes with it.
type answered struct {
	reply   any
	instant func(context.Context) error
}

// handle takes one thing that somebody did to its end: step, commit, acknowledge, and only then the instant effect.
func (b *Bot) handle(e Envelope, in inbound) {
	ctx, cancel := context.WithTimeout(context.Background(), ackWithin)
	defer cancel()
	a, err := b.answer(ctx, in)
	if errors.Is(err, errCardInFlight) {
		if e.Retry == patience {
			b.failed(in)
		}
		return // Slack brings it again, and most likely there is an answer to it then
	}
	if err != nil {
		b.Log.Error("something somebody did could not be carried out", "kind", in.Kind, "action", in.Action, "err", err)
		if e.Retry == 0 {
			b.failed(in)
		}
		if a.reply == nil {
			return
		}
	}
	// Committed: from here on nobody's patience counts but Slack's.
	ackCtx, done := context.WithTimeout(context.Background(), 3*time.Second)
	defer done()
	b.ack(ackCtx, e, a.reply)
	if a.instant != nil && err == nil {
		if err := a.instant(ackCtx); err != nil {
			b.Log.Warn("a view could not be opened", "action", in.Action, "err", code(err))
			b.whisper(in, b.Library.Words.Reply.NotOpened)
		}
	}
}

func (b *Bot) ack(ctx context.Context, e Envelope, reply any) {
	err := b.socket.Ack(ctx, e.ID, reply)
	b.acked.Store(time.Now().UnixMilli())
	if err != nil {
		b.Log.Warn("an acknowledgement did not reach Slack; an event will come again", "type", e.Type, "err", err)
	}
}

func (b *Bot) answer(ctx context.Context, in inbound) (answered, error) {
	if in.Kind == kindNone {
		return answered{}, nil
	}
	who, err := b.Store.PersonBySlack(ctx, in.User)
	if errors.Is(err, store.ErrNone) {
		return b.outsider(ctx, in)
	}
	if err != nil {
		return b.sorry(in, err)
	}
	var a answered
	switch in.Kind {
	case kindTyped:
		a, err = b.typed(ctx, who, in)
	case kindPressed:
		a, err = b.pressed(ctx, who, in)
	case kindSubmitted:
		a, err = b.submitted(ctx, who, in)
	case kindCommand:
		a, err = b.command(ctx, who, in)
	case kindHome:
		a, err = b.openedHome(ctx, who, in)
	}
	var repeat *store.Repeat
	if errors.As(err, &repeat) { // done already: the same answer once more, and nothing else
		return answered{reply: b.formRefusal(in, prompts.Reason(repeat.Reply))}, nil
	}
	if err != nil {
		return b.sorry(in, err)
	}
	return a, nil
}

// patience is the repeat of a message, about a minute after it was typed, at which its writer is told that it is not
// saved yet.
const patience = 2

// sorry keeps what somebody wrote where they can send it again: in the form, which stays open with an error on its
// first field, or in the conversation, from which Slack repeats it because it stays un-acknowledged.
func (b *Bot) sorry(in inbound, err error) (answered, error) {
	switch in.Kind {
	case kindSubmitted:
		return answered{reply: formError(in, b.Library.Words.Form.NotSaved)}, err
	case kindCommand:
		return answered{reply: ephemeral(b.Library.Words.Reply.CommandAgain)}, err
	default:
		return answered{}, err
	}
}

// failed tells the person straight away, since the outbox may be what fails, and once: not when Slack tries again.
func (b *Bot) failed(in inbound) {
	switch in.Kind {
	case kindTyped:
		b.whisper(in, b.Library.Words.Reply.NotSaved)
	case kindPressed:
		b.whisper(in, b.Library.Words.Reply.PressAgain)
	}
}

// steps bounds how often a step is taken again because somebody else was faster.
const steps = 8

// step takes a conversation one input further and commits that together with the input's key. When somebody else
// changed it meanwhile it reads and steps again. more may add to the change. For an input that was committed before
// the error is *store.Repeat, which holds the reason it was refused for, if it was.
func (b *Bot) step(ctx context.Context, in inbound, id string, p prompts.Input, more func(prompts.Conversation, prompts.Outcome) []cadence.Delivery) (prompts.Conversation, prompts.Outcome, error) {
	for range steps {
		c, err := b.Store.Conversation(ctx, id)
		if err != nil {
			return c, prompts.Outcome{}, err
		}
		g, _ := b.Library.Guide(c.Guide)
		next, o := prompts.Step(g, c, p, b.Clock.Now())
		change, err := b.change(ctx, in, g, c, next, o)
		if err != nil {
			return c, o, err
		}
		change.Input.Reply = string(o.Refused)
		if in.Kind == kindSubmitted && o.Refused != prompts.Accepted {
			change.Input = nil // the same words may be saved once what was in their way is gone
		}
		if more != nil {
			change.Deliveries = append(change.Deliveries, more(next, o)...)
		}
		err = b.commit(ctx, change)
		if !errors.Is(err, store.ErrConflict) {
			return next, o, err
		}
	}
	return prompts.Conversation{}, prompts.Outcome{}, store.ErrConflict
}

// change is everything a step leads to.
func (b *Bot) change(ctx context.Context, in inbound, g prompts.Guide, was, next prompts.Conversation, o prompts.Outcome) (store.Change, error) {
	c := store.Change{Input: input(in)}
	var day cadence.Day
	if o.Coach {
		var err error
		if day, err = b.briefDay(ctx, next); err != nil {
			return c, err
		}
	}
	if next.Version != was.Version {
		c.Conversations = []prompts.Conversation{next}
	}
	c.Deliveries = deliveries(g, next, o, day, b.Clock.Now())
	return c, nil
}

func input(in inbound) *store.Input { return &store.Input{Key: in.Key, At: time.Now()} }

// commit makes a change durable and wakes who may have work by it.
func (b *Bot) commit(ctx context.Context, c store.Change) error {
	b.Crash(PointBeforeCommit)
	if err := b.Store.Commit(ctx, c); err != nil {
		return err
	}
	b.Crash(PointCommitted)
	if len(c.Deliveries) > 0 {
		b.sender.Wake()
	}
	return nil
}

// briefDay is the day of the coach's card that a conversation's session stands on.
func (b *Bot) briefDay(ctx context.Context, c prompts.Conversation) (cadence.Day, error) {
	o, err := b.Store.Occurrence(ctx, c.Occurrence)
	if err != nil {
		return "", err
	}
	coach, err := b.Store.Person(ctx, c.Coach)
	if err != nil {
		return "", err
	}
	return cadence.DayOf(o.At, b.zone(coach.Zone)), nil
}

// zone is where somebody is, or the chain's zone when Slack does not say.
func (b *Bot) zone(name string) *time.Location {
	for _, n := range []string{name, b.planner.Zone} {
		if z, err := b.planner.Zones.Find(n); err == nil {
			return z
		}
	}
	return time.UTC
}
