package cadence

import "time"

const (
	// mostSkipped is how many sessions without a prompt of their own are passed
	// over in search of one that has: a daily 1:1 with a yearly prompt.
	mostSkipped = 400
	// farthestMissed is how many days of downtime are told session by session.
	farthestMissed = 400
)

// Reflection is the prompt that belongs to one planned 1:1 (R12).
type Reflection struct {
	Link    string    // a Link.ID
	Session Moment    // the 1:1; its Wall is the key of the occurrence
	Ends    time.Time // when the 1:1 ends
	At      time.Time // when the coachee is asked
}

// Useful tells whether it still makes sense to ask: until the 1:1 begins.
func (r Reflection) Useful(now time.Time) bool { return now.Before(r.Session.At) }

// Reflections is what is to be done about a link's prompts at some instant.
type Reflections struct {
	Ask    *Reflection  // to be asked now; nil for nothing
	Missed []Reflection // due, but too late or overtaken by a newer one; oldest first
	Next   Reflection   // the first that is not due yet
	More   bool         // whether there is a Next
}

// NextReflection is the prompt of the first session that has not begun at now
// and whose nominal wall time is after the given one ("" for any). The prompt
// itself may be due already.
//
// The coachee is asked when the link's Reflect rhythm last came between this
// session and the one before (a session without such a turn has no prompt), or
// without Reflect on the working afternoon before, in the link's zone. If that
// is quiet time where the coachee is (asked: an IANA name, "" for the link's
// zone), it moves to the last hour before that was not.
func (p Planner) NextReflection(l Link, asked string, after Wall, now time.Time) (Reflection, bool) {
	zone := p.linkZone(l)
	session, ok := p.sessionAfter(l, zone, now)
	if ok && session.Wall <= after {
		session, ok = p.sessionFollowing(l, zone, after)
	}
	if !ok {
		return Reflection{}, false
	}
	return p.promptFrom(l, asked, session)
}

// DueReflections decides what to do about a link after any time without a
// look: of all prompts due by now, whose sessions' nominal wall times are
// after the given one, only the newest is asked and only while it is useful;
// the others are missed. With after "" nothing is missed. At most the last 400
// days are told.
func (p Planner) DueReflections(l Link, asked string, after Wall, now time.Time) Reflections {
	prompt, ok := p.firstPrompt(l, asked, after, now)
	var due Reflections
	for ok && !prompt.At.After(now) {
		due.take(prompt, now)
		prompt, ok = p.promptFollowing(l, asked, prompt.Session.Wall)
	}
	due.Next, due.More = prompt, ok
	return due
}

// firstPrompt is where the look back over a downtime begins.
func (p Planner) firstPrompt(l Link, asked string, after Wall, now time.Time) (Reflection, bool) {
	if after == "" {
		return p.NextReflection(l, asked, "", now)
	}
	earliest := WallOf(now.AddDate(0, 0, -farthestMissed), p.linkZone(l))
	return p.promptFollowing(l, asked, max(after, earliest))
}

// take files a due prompt; it is newer than all before.
func (due *Reflections) take(prompt Reflection, now time.Time) {
	if due.Ask != nil {
		due.Missed = append(due.Missed, *due.Ask)
		due.Ask = nil
	}
	if prompt.Useful(now) {
		due.Ask = &prompt
	} else {
		due.Missed = append(due.Missed, prompt)
	}
}

func (p Planner) promptFollowing(l Link, asked string, w Wall) (Reflection, bool) {
	session, ok := p.sessionFollowing(l, p.linkZone(l), w)
	if !ok {
		return Reflection{}, false
	}
	return p.promptFrom(l, asked, session)
}

// promptFrom is the prompt of the session, or of the first after it that has
// one.
func (p Planner) promptFrom(l Link, asked string, session Moment) (Reflection, bool) {
	zone := p.linkZone(l)
	for range mostSkipped {
		if at, ok := p.promptAt(l, zone, session); ok {
			at = p.Week.OutOfQuiet(at, p.Zones.First(asked, l.Zone, p.Zone))
			return Reflection{l.ID, session, session.At.Add(l.length()), at}, true
		}
		var ok bool
		if session, ok = p.sessionFollowing(l, zone, session.Wall); !ok {
			break
		}
	}
	return Reflection{}, false
}

// promptAt is when the session's prompt is due, before quiet time is looked
// at.
func (p Planner) promptAt(l Link, zone *time.Location, session Moment) (time.Time, bool) {
	if !l.Reflect.Fixed() {
		return p.Week.AfternoonBefore(session.At, zone), true
	}
	prompt, ok := l.Reflect.Preceding(session.Wall, zone)
	if !ok || !prompt.At.Before(session.At) {
		return time.Time{}, false
	}
	previous, ok := l.OneOnOne.Preceding(session.Wall, zone)
	return prompt.At, !ok || previous.Wall < prompt.Wall
}
