package bot

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// Kinds of deliveries, beside prompts.CardKind.
const (
	briefKind = "brief" // a coach's card of the day: subject is the coach, part the day
	noteKind  = "note"  // one sentence in answer to a person: part says which
	homeKind  = "home"
)

// deliveries are what an outcome queues. It is pure but for the random ids that travel in the messages' metadata.
func deliveries(g prompts.Guide, c prompts.Conversation, o prompts.Outcome, briefDay cadence.Day, now time.Time) []cadence.Delivery {
	var out []cadence.Delivery
	if o.Post {
		out = append(out, card(g, c, now))
	}
	if o.Refresh && c.Turns > 0 {
		out = append(out, update(card(g, c, now)))
	}
	if o.Coach && briefDay != "" {
		out = append(out, update(brief(c.Coach, briefDay, now)))
	}
	if o.Refused == prompts.Accepted {
		out = append(out, home(c.Person, cadence.OpRepublish, now))
	}
	return out
}

// card is the newest card of a conversation; its part is the question it asks, empty when it asks none.
func card(g prompts.Guide, c prompts.Conversation, now time.Time) cadence.Delivery {
	q, _ := c.Asking(g)
	return cadence.Delivery{
		ID: newID(), Key: cardKey(c.ID, c.Turns), Op: cadence.OpPost, Kind: prompts.CardKind, Subject: c.ID,
		Part: q.ID, Turn: c.Turns, Thread: c.Thread, Audience: c.Person, Due: now,
	}
}

func brief(coach string, day cadence.Day, now time.Time) cadence.Delivery {
	return cadence.Delivery{
		ID: newID(), Key: "brief:" + coach + ":" + string(day), Op: cadence.OpPost, Kind: briefKind, Subject: coach,
		Part: string(day), Audience: coach, Due: now,
	}
}

// update edits the message of a posted delivery to what is true when the edit is sent.
func update(d cadence.Delivery) cadence.Delivery {
	d.ID, d.Op, d.Target, d.Key = newID(), cadence.OpUpdate, d.Key, "edit:"+d.Key
	return d
}

// note answers a person in one sentence. Its key makes one answer to one input.
func note(person, sentence, thread, key string, now time.Time) cadence.Delivery {
	return cadence.Delivery{
		ID: newID(), Key: "note:" + key, Op: cadence.OpPost, Kind: noteKind, Subject: person, Part: sentence,
		Thread: thread, Audience: person, Due: now,
	}
}

func home(person string, op cadence.Op, now time.Time) cadence.Delivery {
	return cadence.Delivery{ID: newID(), Key: "home:" + person, Op: op, Kind: homeKind, Subject: person, Audience: person, Due: now}
}

func cardKey(conversation string, turn int) string {
	return "card:" + conversation + ":" + strconv.Itoa(turn)
}

func newID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}
