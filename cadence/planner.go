package cadence

import "time"

const usualMinutes = 30

// Planner carries what decisions about time need beside a link: the zones, the
// one to use when nothing better is known, and the working week. It is a plain
// value, safe for concurrent use.
type Planner struct {
	Zones *Zones   // required
	Zone  string   // IANA name, for links and people without one; "" for UTC
	Week  Workweek // whose zero value is Monday to Friday
}

// NextSession is the link's first planned 1:1 that begins strictly after t.
// False when the link has no 1:1 at a fixed time.
func (p Planner) NextSession(l Link, t time.Time) (Moment, bool) {
	return p.sessionAfter(l, p.linkZone(l), t)
}

func (p Planner) linkZone(l Link) *time.Location { return p.Zones.First(l.Zone, p.Zone) }

// sessionAfter starts far enough back to see a session that rolled over t.
func (p Planner) sessionAfter(l Link, zone *time.Location, t time.Time) (Moment, bool) {
	from := t
	if l.OneOnOne.rolls() {
		from = t.AddDate(0, 0, -farthestAhead)
	}
	turn, ok := l.OneOnOne.After(from, zone)
	for ok {
		if session := p.roll(l, turn, zone); session.At.After(t) {
			return session, true
		}
		turn, ok = l.OneOnOne.Following(turn.Wall, zone)
	}
	return Moment{}, false
}

// sessionFollowing is the first session whose nominal wall time is after w.
func (p Planner) sessionFollowing(l Link, zone *time.Location, w Wall) (Moment, bool) {
	turn, ok := l.OneOnOne.Following(w, zone)
	if !ok {
		return Moment{}, false
	}
	return p.roll(l, turn, zone), true
}

// roll moves a session that a day of the month puts on a day off to the same
// time on the next working day. Its nominal wall time stays its key.
func (p Planner) roll(l Link, turn Moment, zone *time.Location) Moment {
	if !l.OneOnOne.rolls() {
		return turn
	}
	day := midnight(floating(turn.At, zone))
	if p.Week.works(day) {
		return turn
	}
	at := Clock(l.OneOnOne.clock).on(p.Week.workdayFrom(day))
	return Moment{turn.Wall, instant(at, zone)}
}

func (l Link) length() time.Duration {
	if l.Minutes <= 0 {
		return usualMinutes * time.Minute
	}
	return time.Duration(l.Minutes) * time.Minute
}
