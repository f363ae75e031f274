package cadence

import (
	"cmp"
	"slices"
	"time"
)

// Brief is a coach's one card on a day of their 1:1s (R3).
type Brief struct {
	Coach    string    // a Person.ID
	Day      Day       // in the coach's zone; with Coach the key of the occurrence
	At       time.Time // the last non-quiet hour before the day's first session, in the coach's zone
	Sessions []BriefSession
}

// BriefSession is one 1:1 on a brief's day.
type BriefSession struct {
	Link    string // a Link.ID
	Session Moment
}

// Useful tells whether the brief still helps: until the day's last session has
// begun.
func (b Brief) Useful(now time.Time) bool { return now.Before(b.Last()) }

// Last is when the day's last session begins: where to look on from for the
// next brief.
func (b Brief) Last() time.Time {
	if len(b.Sessions) == 0 {
		return b.At
	}
	return b.Sessions[len(b.Sessions)-1].Session.At
}

// Briefs is what is to be done about a coach's briefs at some instant.
type Briefs struct {
	Send   *Brief  // to be sent now; nil for nothing
	Missed []Brief // due, but too late or overtaken by a newer one; oldest first
	Next   Brief   // the first that is not due yet
	More   bool    // whether there is a Next
}

// NextBrief is the brief of the first day that has a session strictly after
// the given instant. It always holds all sessions of its day, earliest first,
// so it is the same brief whenever it is computed. links are those in which
// the person coaches; the day is one of the coach's own zone. False when none
// of the links has a 1:1 at a fixed time.
func (p Planner) NextBrief(coach Person, links []Link, after time.Time) (Brief, bool) {
	first, ok := p.firstSession(links, after)
	if !ok {
		return Brief{}, false
	}
	zone := p.Zones.First(coach.Zone, p.Zone)
	sessions := p.sessionsOn(links, midnight(floating(first, zone)), zone)
	return Brief{
		Coach:    coach.ID,
		Day:      DayOf(first, zone),
		At:       p.Week.LastHourBefore(sessions[0].Session.At, zone),
		Sessions: sessions,
	}, true
}

// DueBriefs decides what to do about a coach's briefs after any time without a
// look: of all briefs due by now, for days with a session strictly after the
// given instant, only the newest is sent and only while it is useful; the
// others are missed. At most the last 400 days are told.
func (p Planner) DueBriefs(coach Person, links []Link, after, now time.Time) Briefs {
	if earliest := now.AddDate(0, 0, -farthestMissed); after.Before(earliest) {
		after = earliest
	}
	var due Briefs
	brief, ok := p.NextBrief(coach, links, after)
	for ok && !brief.At.After(now) {
		due.take(brief, now)
		brief, ok = p.NextBrief(coach, links, brief.Last())
	}
	due.Next, due.More = brief, ok
	return due
}

// take files a due brief; it is newer than all before.
func (due *Briefs) take(brief Brief, now time.Time) {
	if due.Send != nil {
		due.Missed = append(due.Missed, *due.Send)
		due.Send = nil
	}
	if brief.Useful(now) {
		due.Send = &brief
	} else {
		due.Missed = append(due.Missed, brief)
	}
}

func (p Planner) firstSession(links []Link, after time.Time) (first time.Time, ok bool) {
	for _, link := range links {
		session, has := p.NextSession(link, after)
		if has && (!ok || session.At.Before(first)) {
			first, ok = session.At, true
		}
	}
	return first, ok
}

// sessionsOn collects the sessions of the day that begins at the floating
// midnight, earliest first.
func (p Planner) sessionsOn(links []Link, midnight time.Time, zone *time.Location) []BriefSession {
	begins, day := instant(midnight, zone), dayAt(midnight)
	var sessions []BriefSession
	for _, link := range links {
		session, ok := p.NextSession(link, begins.Add(-1))
		for ok && DayOf(session.At, zone) == day {
			sessions = append(sessions, BriefSession{link.ID, session})
			session, ok = p.NextSession(link, session.At)
		}
	}
	slices.SortFunc(sessions, func(a, b BriefSession) int {
		return cmp.Or(a.Session.At.Compare(b.Session.At), cmp.Compare(a.Link, b.Link))
	})
	return sessions
}
