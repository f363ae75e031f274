package bot

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// typed saves a message as the answer to the question it was typed under, and says under what, or why not.
func (b *Bot) typed(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	place, found, err := b.place(ctx, who, in)
	if err != nil {
		return answered{}, err
	}
	if !found {
		return answered{}, b.say(ctx, who, in, nothingOpen(who))
	}
	in.Text = b.namePeople(ctx, in.Text)
	p := prompts.Input{Kind: prompts.Typed, By: who.ID, Question: place.Question, Text: in.Text, Thread: in.Thread}
	_, _, err = b.step(ctx, in, place.Conversation, p, func(c prompts.Conversation, o prompts.Outcome) []cadence.Delivery {
		if o.Refused == prompts.Accepted {
			return nil
		}
		return []cadence.Delivery{note(who.ID, refusalNote(o.Refused), in.Thread, in.Key, b.Clock.Now())}
	})
	return answered{}, err
}

// landed is how long a card that is just being recorded may take; within the 3 s of the acknowledgement.
const landed = 2 * time.Second

// place finds the question that was answered. A card that is on its way may be on the screen already although it is
// not recorded yet; then a moment is waited, also when an earlier card would take the words, since they may answer the
// new one. If that is not enough the message stays un-acknowledged, so that Slack brings it again once the card is
// known. That is how an answer survives a crash right after its prompt.
func (b *Bot) place(ctx context.Context, who cadence.Person, in inbound) (prompts.Asked, bool, error) {
	limit := time.NewTimer(landed)
	defer limit.Stop()
	for {
		changed := b.changes.next()
		asked, inFlight, err := b.Store.Asked(ctx, who.ID, b.Clock.Now())
		if err != nil {
			return prompts.Asked{}, false, err
		}
		place, found := prompts.Place(in.TS, in.Thread, asked)
		if !inFlight {
			return place, found, nil
		}
		select {
		case <-changed:
		case <-limit.C:
			return prompts.Asked{}, false, errCardInFlight
		case <-ctx.Done():
			return prompts.Asked{}, false, ctx.Err()
		}
	}
}

// namePeople writes mentions of people in the chain as their names; others stay as Slack wrote them.
func (b *Bot) namePeople(ctx context.Context, text string) string {
	if !strings.Contains(text, "<@") {
		return text
	}
	mention := regexp.MustCompile(`<@([A-Z0-9]+)>`)
	return mention.ReplaceAllStringFunc(text, func(m string) string {
		p, err := b.Store.PersonBySlack(ctx, mention.FindStringSubmatch(m)[1])
		if err != nil {
			return m
		}
		return "@" + fullName(p)
	})
}

// say answers a message in one sentence, once.
func (b *Bot) say(ctx context.Context, who cadence.Person, in inbound, sentence string) error {
	return b.commit(ctx, store.Change{
		Input:      input(in),
		Deliveries: []cadence.Delivery{note(who.ID, sentence, in.Thread, in.Key, b.Clock.Now())},
	})
}

// Sentences that notes refer to; render.go knows their words.
const (
	noteNothingOpen = "nothing_open"
	noteManager     = "manager"
	noteOnlyWords   = "only_words"
	noteTooLong     = "too_long"
	noteDecided     = "decided"
	noteClosed      = "closed"
	noteStarted     = "started"
)

func nothingOpen(who cadence.Person) string {
	if who.Has(cadence.Manager) && !who.Has(cadence.Leader) && !who.Has(cadence.VP) {
		return noteManager
	}
	return noteNothingOpen
}

func refusalNote(why prompts.Reason) string {
	switch why {
	case prompts.Empty:
		return noteOnlyWords
	case prompts.TooLong:
		return noteTooLong
	case prompts.Decided:
		return noteDecided
	default:
		return noteClosed
	}
}
