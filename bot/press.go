package bot

import (
	"context"
	"errors"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// pressed carries out a button or a choice. What an old message still offers is looked at as of now: a press that is
// not possible any more shows the present state instead.
func (b *Bot) pressed(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	switch in.Action {
	case blocks.ActionAnswer:
		return b.pressedAnswer(ctx, who, in)
	case blocks.ActionAbout:
		return b.pickedAbout(ctx, who, in)
	case blocks.ActionShare:
		return b.choose(ctx, who, in, prompts.Share)
	case blocks.ActionKeep:
		return b.choose(ctx, who, in, prompts.Keep)
	case blocks.ActionUndo:
		return b.choose(ctx, who, in, prompts.Undo)
	case blocks.ActionOpen:
		return b.open(ctx, who, in)
	case blocks.ActionStart:
		return b.start(ctx, who, in)
	default:
		return answered{}, nil
	}
}

// pressedAnswer opens the form of one's own conversation, or shows that it has closed.
func (b *Bot) pressedAnswer(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	c, err := b.Store.Conversation(ctx, in.Value)
	if errors.Is(err, store.ErrNone) || (err == nil && c.Person != who.ID) {
		return b.whispered(in, b.Library.Words.Reply.NotYours), nil
	}
	if err != nil {
		return answered{}, err
	}
	if !c.Open(b.Clock.Now()) {
		err := b.commit(ctx, store.Change{Input: input(in), Deliveries: b.refreshed(c)})
		return b.whispered(in, b.Library.Words.Reply.Closed), err
	}
	return b.form(ctx, in, c)
}

// refreshed shows the newest card of a conversation anew.
func (b *Bot) refreshed(c prompts.Conversation) []cadence.Delivery {
	g, _ := b.Library.Guide(c.Guide)
	return deliveries(g, c, prompts.Outcome{Refresh: true, Refused: prompts.Closed}, "", b.Clock.Now())
}

func (b *Bot) pickedAbout(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	_, id := blocks.Unref(in.Block)
	about, err := b.aboutPerson(ctx, who, in.Value)
	if err != nil {
		return answered{}, err
	}
	return b.stepped(ctx, in, id, prompts.Input{Kind: prompts.Pick, By: who.ID, About: about})
}

// aboutPerson finds whom a choice stands for among those somebody coaches; empty for all.
func (b *Bot) aboutPerson(ctx context.Context, who cadence.Person, ref string) (string, error) {
	links, err := b.Store.CoachedBy(ctx, who.ID)
	for _, l := range links {
		if blocks.PersonRef(l.Coachee) == ref {
			return l.Coachee, nil
		}
	}
	return "", err
}

func (b *Bot) choose(ctx context.Context, who cadence.Person, in inbound, kind prompts.InputKind) (answered, error) {
	id, question := blocks.Unref(in.Value)
	return b.stepped(ctx, in, id, prompts.Input{Kind: kind, By: who.ID, Question: question})
}

// stepped takes a press one step and says it when nothing was changed.
func (b *Bot) stepped(ctx context.Context, in inbound, id string, p prompts.Input) (answered, error) {
	c, o, err := b.step(ctx, in, id, p, nil)
	if errors.Is(err, store.ErrNone) {
		return b.whispered(in, b.Library.Words.Reply.NotYours), nil
	}
	if err != nil || o.Refused == prompts.Accepted {
		return answered{}, err
	}
	return b.whispered(in, b.refusal(ctx, c, o.Refused)), nil
}

// refusal is the sentence for a press that changed nothing.
func (b *Bot) refusal(ctx context.Context, c prompts.Conversation, why prompts.Reason) string {
	w := b.Library.Words.Reply
	switch why {
	case prompts.AlreadyRead:
		coach, err := b.Store.Person(ctx, c.Coach)
		if err != nil {
			return w.Stale
		}
		return prompts.Fill(w.AlreadyRead, "coach", firstName(coach))
	case prompts.Closed:
		return w.Closed
	case prompts.NotYours:
		return w.NotYours
	default:
		return w.Stale
	}
}

// open shows a coach what was shared. The read receipt is committed first: once the words may have been seen, Undo
// can't pretend otherwise (R12).
func (b *Bot) open(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	id, _ := blocks.Unref(in.Value)
	c, o, err := b.step(ctx, in, id, prompts.Input{Kind: prompts.Read, By: who.ID}, nil)
	if errors.Is(err, store.ErrNone) || (err == nil && c.Coach != who.ID) {
		return b.whispered(in, b.Library.Words.Reply.NotYours), nil
	}
	if err != nil {
		return answered{}, err
	}
	if o.Refused != prompts.Accepted {
		c.Answers = nil // nothing of it is shared any more
	}
	r, err := b.reading(ctx, c)
	if err != nil {
		return answered{}, err
	}
	return answered{instant: func(ctx context.Context) error {
		_, err := b.api.OpenViewContext(ctx, in.Trigger, blocks.ReadingView(r))
		return err
	}}, nil
}

// startedSetting remembers that enablement pressed Start.
const startedSetting = "started"

func (b *Bot) start(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	if !who.Has(cadence.Enablement) {
		return b.whispered(in, b.Library.Words.Reply.NotYours), nil
	}
	now := b.Clock.Now()
	if already, err := b.started(ctx); err != nil || already {
		return answered{}, err
	}
	err := b.commit(ctx, store.Change{
		Input:    input(in),
		Settings: map[string]string{startedSetting: now.Format("2006-01-02T15:04:05Z07:00")},
		Deliveries: []cadence.Delivery{
			note(who.ID, noteStarted, "", in.Key, now), home(who.ID, cadence.OpPublish, now),
		},
	})
	b.lookAgain()
	return answered{}, err
}
