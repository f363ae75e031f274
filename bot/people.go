package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/store"
)

// meetPeople imports the chain file when the store holds no chain, with its people as Slack knows them. Later changes
// of names, zones and accounts are followed in the background, since the bot works without.
func (b *Bot) meetPeople(ctx context.Context) error {
	people, _, err := b.Store.Size(ctx)
	if err != nil {
		return err
	}
	switch {
	case people == 0 && b.Chain != nil:
		return b.importChain(ctx, *b.Chain)
	case people == 0:
		b.Log.Warn("there is no coaching chain yet, so there is nobody to ask; set THREEDEEP_CHAIN to a chain file and start again")
	}
	return nil
}

// Once a day names and zones are looked up again, and inputs forgotten that nobody repeats any more (machine clock).
const (
	upkeep   = 24 * time.Hour
	remember = 7 * 24 * time.Hour
)

// keepUp does what is to be done once a day, for the first time when the people are known.
func (b *Bot) keepUp(ctx context.Context) {
	select {
	case <-b.synced:
	case <-ctx.Done():
		return
	}
	if b.imported { // they were looked up a moment ago, and Slack allows few calls for that
		_ = wait(ctx, upkeep)
	}
	for ctx.Err() == nil {
		if err := b.refreshPeople(ctx); err != nil && ctx.Err() == nil {
			b.Log.Warn("the chain's people could not be brought up to date; what is known of them still holds", "err", err)
		}
		if err := b.Store.Forget(ctx, time.Now().Add(-remember)); err != nil && ctx.Err() == nil {
			b.Log.Warn("old inputs could not be forgotten", "err", err)
		}
		_ = wait(ctx, upkeep) // it ends early with ctx only
	}
}

// refreshPeople writes down what Slack knows differently by now.
func (b *Bot) refreshPeople(ctx context.Context) error {
	known, err := b.Store.People(ctx)
	if err != nil {
		return err
	}
	before := slices.Clone(known)
	if err := b.lookUp(ctx, known); err != nil {
		return err
	}
	var changed []cadence.Person
	for i, p := range known {
		if p.Slack != before[i].Slack || p.Name != before[i].Name || p.Zone != before[i].Zone {
			changed = append(changed, p)
		}
	}
	// What starting up took is given back: for the rest of the day the bot needs a fraction of it.
	defer debug.FreeOSMemory()
	if len(changed) == 0 {
		return nil
	}
	return b.Store.Commit(ctx, store.Change{People: changed})
}

// importChain writes a chain with the people as Slack knows them, each link with the zone that it keeps (HOUSE: the
// coachee's), and when to look at it first.
func (b *Bot) importChain(ctx context.Context, chain cadence.Chain) error {
	people := append([]cadence.Person(nil), chain.People...)
	if err := b.lookUp(ctx, people); err != nil {
		return err
	}
	for _, p := range people {
		if p.Slack == "" {
			b.Log.Warn("somebody in the chain file has no account in this Slack; check the address", "person", p.ID)
		}
	}
	chain.People = people
	err := b.Store.Commit(ctx, importing(b.planner, chain, b.Clock.Now()))
	b.Chain, b.imported = nil, true // it is the store's now
	debug.FreeOSMemory()
	return err
}

// zoneSetting remembers the chain's own zone.
const zoneSetting = "zone"

// importing is a new chain as one change. It is pure.
func importing(planner cadence.Planner, chain cadence.Chain, now time.Time) store.Change {
	c := store.Change{People: chain.People, Settings: map[string]string{zoneSetting: chain.Zone}}
	x := cadence.NewIndex(chain)
	for _, l := range chain.Links {
		coachee, _ := x.Person(l.Coachee)
		for _, zone := range []string{coachee.Zone, chain.Zone, "UTC"} {
			if l.Zone == "" {
				l.Zone = zone
			}
		}
		c.Links = append(c.Links, l)
		if r, ok := planner.NextReflection(l, coachee.Zone, "", now); ok {
			handled := cadence.WallOf(now, planner.Zones.First(l.Zone))
			c.Dues = append(c.Dues, store.Due{Kind: cadence.AskReflect, Subject: l.ID, Handled: string(handled), At: r.At})
		}
	}
	chain.Links = c.Links
	x = cadence.NewIndex(chain)
	for _, coach := range chain.People {
		if brief, ok := planner.NextBrief(coach, x.CoachedBy(coach.ID), now); ok {
			c.Dues = append(c.Dues, store.Due{
				Kind: cadence.DayBrief, Subject: coach.ID, Handled: now.UTC().Format(time.RFC3339), At: brief.At,
			})
		}
	}
	return c
}

// lookUp fills in account, name and zone of everybody found in Slack, by id or by address. It pages through all
// users: for many people that is far fewer calls than asking for each.
func (b *Bot) lookUp(ctx context.Context, people []cadence.Person) error {
	bySlack, byEmail := map[string]*cadence.Person{}, map[string]*cadence.Person{}
	for i := range people {
		p := &people[i]
		if p.Slack != "" {
			bySlack[p.Slack] = p
		}
		if p.Email != "" {
			byEmail[strings.ToLower(p.Email)] = p
		}
	}
	meet := func(u slack.User) {
		p := bySlack[u.ID]
		if p == nil {
			p = byEmail[strings.ToLower(u.Profile.Email)]
		}
		if p == nil || u.Deleted || u.IsBot || u.Profile.Email == "" && p.Slack == "" {
			return
		}
		p.Slack = u.ID
		p.Zone = u.TZ
		if u.RealName != "" {
			p.Name = u.RealName
		}
	}
	return b.eachUser(ctx, meet)
}

// eachUser calls meet for every user of the workspace, pausing when Slack asks for it.
func (b *Bot) eachUser(ctx context.Context, meet func(slack.User)) error {
	pages := b.api.GetUsersPaginated(slack.GetUsersOptionLimit(1000))
	for {
		next, err := pages.Next(ctx)
		var limited *slack.RateLimitedError
		switch {
		case pages.Done(err):
			return nil
		case errors.As(err, &limited):
			if err := wait(ctx, limited.RetryAfter); err != nil {
				return err
			}
			continue
		case err != nil:
			if f := fatal(err); f != nil || ctx.Err() != nil {
				return errors.Join(f, ctx.Err())
			}
			b.Log.Warn("Slack's list of people can't be read; trying again", "err", code(err))
			if err := wait(ctx, 5*time.Second); err != nil {
				return err
			}
			continue
		}
		pages = next
		for _, u := range pages.Users {
			meet(u)
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
