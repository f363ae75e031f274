package bot

import (
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// session is the planned 1:1 that a reflection prepares (R11).
func session(l cadence.Link, r cadence.Reflection) cadence.Occurrence {
	return cadence.Occurrence{
		ID: cadence.OccurrenceID(cadence.OneOnOne, l.ID, r.Session.Wall), Kind: cadence.OneOnOne, Subject: l.ID,
		Nominal: r.Session.Wall, Zone: l.Zone, At: r.Session.At, Ends: r.Ends, State: cadence.Planned,
	}
}

// prompt is the turn of asking before a 1:1, asked or missed.
func prompt(l cadence.Link, r cadence.Reflection, s cadence.State) cadence.Occurrence {
	o := session(l, r)
	o.ID, o.Kind, o.State = cadence.OccurrenceID(cadence.AskReflect, l.ID, r.Session.Wall), cadence.AskReflect, s
	return o
}

// planReflections turns what is due on a link into one change: sessions and prompts on record, at most one
// conversation with its first card, and when to look again. already is the conversation of the session to ask about
// when the person began it early; then the card is posted only if nothing was said yet.
func planReflections(g prompts.Guide, l cadence.Link, r cadence.Reflections, handled cadence.Wall, already *prompts.Conversation, now time.Time) store.Change {
	var c store.Change
	for _, m := range r.Missed {
		c.Occurrences = append(c.Occurrences, session(l, m), prompt(l, m, cadence.Missed))
		handled = m.Session.Wall
	}
	if r.Ask != nil {
		handled = r.Ask.Session.Wall
		c.Occurrences = append(c.Occurrences, session(l, *r.Ask), prompt(l, *r.Ask, cadence.Asked))
		talk := conversation(l, *r.Ask, r.Next, now)
		if already != nil {
			talk = *already
			talk.Version++
		}
		if talk.Turns == 0 {
			talk.Turns = 1
			c.Conversations = []prompts.Conversation{talk}
			c.Deliveries = []cadence.Delivery{card(g, talk, now)}
		}
	}
	c.Dues = []store.Due{{Kind: cadence.AskReflect, Subject: l.ID, Handled: string(handled), At: nextAt(r.More, r.Next.At)}}
	return c
}

// planBriefs does the same for a coach's card of the day (R3).
func planBriefs(coach cadence.Person, zone string, bs cadence.Briefs, handled time.Time, now time.Time) store.Change {
	var c store.Change
	turn := func(b cadence.Brief, s cadence.State) {
		handled = b.Last()
		c.Occurrences = append(c.Occurrences, cadence.Occurrence{
			ID: cadence.OccurrenceID(cadence.DayBrief, coach.ID, cadence.Wall(b.Day)), Kind: cadence.DayBrief, Subject: coach.ID,
			Nominal: cadence.Wall(b.Day), Zone: zone, At: b.At, Ends: b.Last(), State: s,
		})
	}
	for _, m := range bs.Missed {
		turn(m, cadence.Missed)
	}
	if bs.Send != nil {
		turn(*bs.Send, cadence.Asked)
		c.Deliveries = []cadence.Delivery{brief(coach.ID, bs.Send.Day, now)}
	}
	c.Dues = []store.Due{{Kind: cadence.DayBrief, Subject: coach.ID, Handled: handled.UTC().Format(time.RFC3339), At: nextAt(bs.More, bs.Next.At)}}
	return c
}

// nextAt is when to look again; zero for never.
func nextAt(more bool, at time.Time) time.Time {
	if !more {
		return time.Time{}
	}
	return at
}
