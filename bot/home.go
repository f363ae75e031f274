package bot

import (
	"context"
	"errors"
	"time"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// openedHome publishes somebody's Home. app_home_opened comes at every visit, so nothing else hangs on it. When the
// database can't be written it is shown past the outbox: looking needs no room on the disk.
func (b *Bot) openedHome(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	err := b.commit(ctx, store.Change{
		Input:      input(in),
		Deliveries: []cadence.Delivery{home(who.ID, cadence.OpPublish, b.Clock.Now())},
	})
	var repeat *store.Repeat
	if err == nil || errors.As(err, &repeat) {
		return answered{}, nil
	}
	b.Log.Warn("a Home could not be queued and is shown at once", "err", err)
	return answered{instant: func(ctx context.Context) error {
		h, err := b.homeState(ctx, who)
		if err != nil {
			return err
		}
		return b.publish(ctx, in.User, blocks.HomeView(h))
	}}, nil
}

// outsider is polite to people who are not in the chain, and keeps nothing of what they say.
func (b *Bot) outsider(ctx context.Context, in inbound) (answered, error) {
	w := b.Library.Words
	switch in.Kind {
	case kindCommand:
		return answered{reply: ephemeral(w.Reply.Outsider)}, nil
	case kindHome:
		return answered{instant: func(ctx context.Context) error {
			return b.publish(ctx, in.User, blocks.HomeView(blocks.Home{Words: w, Outsider: true}))
		}}, nil
	case kindSubmitted: // a form from before they left: their words stay in it
		return answered{reply: formError(in, w.Form.Closed)}, nil
	default:
		return b.whispered(in, w.Reply.Outsider), nil
	}
}

// homeState is what somebody's Home shows.
func (b *Bot) homeState(ctx context.Context, who cadence.Person) (blocks.Home, error) {
	now := b.Clock.Now()
	h := blocks.Home{Words: b.Library.Words, Zone: b.zone(who.Zone), Now: now}
	var err error
	if h.Sessions, err = b.sessions(ctx, who, now); err != nil {
		return h, err
	}
	if h.Open, h.ToRead, err = b.pending(ctx, who); err != nil {
		return h, err
	}
	if len(h.Sessions) == 0 && who.Has(cadence.Manager) {
		if h.Coaches, err = b.coachNames(ctx, who); err != nil {
			return h, err
		}
	}
	if who.Has(cadence.Enablement) {
		h.Setup, err = b.setup(ctx)
	}
	return h, err
}

// pending is what waits for somebody: their own open reflections, and what leaders shared with them.
func (b *Bot) pending(ctx context.Context, who cadence.Person) (open []blocks.HomeReflection, toRead []blocks.HomeReading, err error) {
	now := b.Clock.Now()
	own, err := b.Store.Open(ctx, who.ID, now)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range own {
		coach, err := b.Store.Person(ctx, c.Coach)
		if err != nil {
			return nil, nil, err
		}
		g, _ := b.Library.Guide(c.Guide)
		_, asking := c.Asking(g)
		open = append(open, blocks.HomeReflection{Talk: c.ID, Coach: firstName(coach), Saved: !asking})
	}
	theirs, err := b.Store.OpenWith(ctx, who.ID, now)
	for _, c := range theirs {
		if len(c.Shared()) == 0 {
			continue
		}
		leader, err := b.Store.Person(ctx, c.Person)
		if err != nil {
			return nil, nil, err
		}
		toRead = append(toRead, blocks.HomeReading{Talk: c.ID, Leader: firstName(leader)})
	}
	return open, toRead, err
}

func (b *Bot) coachNames(ctx context.Context, who cadence.Person) ([]string, error) {
	links, err := b.Store.CoachesOf(ctx, who.ID)
	var out []string
	for _, l := range links {
		p, err := b.Store.Person(ctx, l.Coach)
		if err != nil {
			return nil, err
		}
		out = append(out, firstName(p))
	}
	return out, err
}

func (b *Bot) setup(ctx context.Context) (*blocks.HomeSetup, error) {
	people, links, err := b.Store.Size(ctx)
	if err != nil {
		return nil, err
	}
	started, err := b.started(ctx)
	return &blocks.HomeSetup{People: people, Links: links, Started: started}, err
}

// started says whether anybody may be messaged: enablement pressed Start, or nobody is waited for.
func (b *Bot) started(ctx context.Context) (bool, error) {
	if b.Autostart {
		return true, nil
	}
	at, err := b.Store.Setting(ctx, startedSetting)
	return at != "", err
}

// conversation is a link's weekly reflection before one session. It takes answers until the next one is asked, so
// that a late answer is still an answer.
func conversation(l cadence.Link, r, following cadence.Reflection, now time.Time) prompts.Conversation {
	until := following.At
	if !until.After(r.Session.At) {
		until = r.Ends.AddDate(0, 0, 7)
	}
	o := session(l, r)
	return prompts.Conversation{
		ID: o.ID, Guide: prompts.Weekly, Person: l.Coachee, Coach: l.Coach, Link: l.ID, Occurrence: o.ID,
		OpenedAt: now, Until: until, Version: 1,
	}
}
