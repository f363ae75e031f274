package bot

import (
	"context"
	"errors"
	"slices"
	"sort"
	"time"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// command answers `/coach ...` where it was typed, seen by nobody else.
func (b *Bot) command(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	w := b.Library.Words.Reply
	switch in.Command {
	case "", "help":
		return answered{reply: ephemeral(prompts.Fill(w.Help, "command", b.Command))}, nil
	case "today":
		s, err := b.today(ctx, who)
		return answered{reply: ephemeral(s)}, err
	case "reflect":
		return b.reflect(ctx, who, in)
	default:
		return answered{reply: ephemeral(prompts.Fill(w.Unknown, "command", b.Command))}, nil
	}
}

// reflect opens the form of the reflection that is open, or begins the one for the next 1:1 before its time.
func (b *Bot) reflect(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	open, err := b.Store.Open(ctx, who.ID, b.Clock.Now())
	if err != nil {
		return answered{}, err
	}
	for _, c := range open {
		wanted, err := b.stillWanted(ctx, c)
		if err != nil {
			return answered{}, err
		}
		if wanted {
			return b.form(ctx, in, c)
		}
	}
	c, err := b.begin(ctx, who)
	if errors.Is(err, store.ErrNone) {
		return answered{reply: ephemeral(b.Library.Words.Reply.NoReflection)}, nil
	}
	if err != nil {
		return answered{}, err
	}
	return b.form(ctx, in, c)
}

// stillWanted says whether a conversation is what somebody means who wants to reflect: something is asked in it, or its
// 1:1 is still to come.
func (b *Bot) stillWanted(ctx context.Context, c prompts.Conversation) (bool, error) {
	g, _ := b.Library.Guide(c.Guide)
	if _, asking := c.Asking(g); asking {
		return true, nil
	}
	o, err := b.Store.Occurrence(ctx, c.Occurrence)
	return b.Clock.Now().Before(o.At), err
}

// begin opens the conversation for somebody's next 1:1; ErrNone when none is planned. Its card is posted once
// something is saved. When its prompt's own time comes the conversation is there already.
func (b *Bot) begin(ctx context.Context, who cadence.Person) (prompts.Conversation, error) {
	links, err := b.Store.CoachesOf(ctx, who.ID)
	if err != nil {
		return prompts.Conversation{}, err
	}
	now := b.Clock.Now()
	var best cadence.Reflection
	var link cadence.Link
	for _, l := range links {
		r, ok := b.planner.NextReflection(l, who.Zone, "", now)
		if ok && (link.ID == "" || r.Session.At.Before(best.Session.At)) {
			best, link = r, l
		}
	}
	if link.ID == "" {
		return prompts.Conversation{}, store.ErrNone
	}
	after, _ := b.planner.NextReflection(link, who.Zone, best.Session.Wall, now)
	c := conversation(link, best, after, now)
	err = b.commit(ctx, store.Change{
		Occurrences:   []cadence.Occurrence{session(link, best)},
		Conversations: []prompts.Conversation{c},
	})
	if errors.Is(err, store.ErrConflict) { // it was begun before
		return b.Store.Conversation(ctx, c.ID)
	}
	return c, err
}

// today lists somebody's 1:1s of the day, and what waits for them. It holds nobody's words.
func (b *Bot) today(ctx context.Context, who cadence.Person) (string, error) {
	now, zone := b.Clock.Now(), b.zone(who.Zone)
	t := blocks.Today{Words: b.Library.Words, Command: b.Command, Now: now, Zone: zone}
	sessions, err := b.sessions(ctx, who, startOfDay(now, zone).Add(-time.Millisecond))
	if err != nil {
		return "", err
	}
	for _, s := range sessions {
		if cadence.DayOf(s.At, zone) == cadence.DayOf(now, zone) {
			t.Sessions = append(t.Sessions, s)
		}
	}
	t.Open, t.ToRead, err = b.pending(ctx, who)
	return blocks.TodayText(t), err
}

func startOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// sessions lists each of somebody's 1:1s next after an instant, earliest first.
func (b *Bot) sessions(ctx context.Context, who cadence.Person, after time.Time) ([]blocks.HomeSession, error) {
	coached, err := b.Store.CoachesOf(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	coaching, err := b.Store.CoachedBy(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	var out []blocks.HomeSession
	for _, l := range slices.Concat(coached, coaching) {
		m, ok := b.planner.NextSession(l, after)
		if !ok {
			continue
		}
		other := l.Coach
		if other == who.ID {
			other = l.Coachee
		}
		p, err := b.Store.Person(ctx, other)
		if err != nil {
			return nil, err
		}
		out = append(out, blocks.HomeSession{Other: firstName(p), At: m.At})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].At.Before(out[j].At) })
	return out, nil
}
