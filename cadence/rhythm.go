package cadence

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// longestSpec bounds what is parsed at all; nothing people say comes near.
const longestSpec = 120

// Rhythm is when something recurs, on a wall clock, at most once a day. The
// zero value is no rhythm. Rhythms may be compared with ==, which compares the
// specs as they were written: "0 10 * * THU" and "every Thu 10:00" differ.
type Rhythm struct {
	spec    string
	kind    kind
	clock   uint16 // minutes after midnight
	dates   dates  // kind byDates
	weekday uint8  // kinds byWeeks and byPlace
	weeks   uint8  // kind byWeeks: from one turn to the next
	place   int8   // kind byPlace: 1 to 4, or last
	count   uint8  // kind loose: so many times
	per     uint8  // kind loose: in a week or a month
	from    Day    // nothing happens before; "" for no such day
}

// kind is how a rhythm finds its next turn.
type kind uint8

const (
	none    kind = iota
	loose        // no fixed time: it has no turns
	byDates      // on matching dates, as cron does
	byWeeks      // every so many weeks, counted from a date
	byPlace      // the 2nd Thursday of every month
)

const last = -1

// dates are the sets of cron's three date fields, a bit per value. A date
// matches when all three contain it: specs in which cron would OR the day of
// the month with the day of the week are refused.
type dates struct {
	month, weekday uint16
	day            uint32
}

// ParseRhythm reads five cron fields ("0 10 * * THU") or what people say
// ("every 2 weeks Tue 14:00 from 2026-11-24", "every Thu 10:00", "2nd Thu
// 10:00", "last Fri 16:00", "no fixed time, 2 a month"). The error is one
// sentence or two for the person who wrote it: what was understood, what is
// missing, and examples.
func ParseRhythm(spec string) (Rhythm, error) {
	spec = strings.TrimSpace(spec)
	if spec == "" {
		return Rhythm{}, refuse(spec, "nothing was written")
	}
	if len(spec) > longestSpec {
		return Rhythm{}, refuse(spec[:20]+"...", fmt.Sprintf("it is longer than %d characters", longestSpec))
	}
	if looksLikeCron(spec) {
		return parseCron(spec)
	}
	return parseSpoken(spec)
}

func refuse(spec, why string) error {
	return fmt.Errorf("%q is not a rhythm I can keep: %s. Write it like \"every Thu 10:00\", "+
		"\"every 2 weeks Tue 14:00 from 2026-11-24\" or \"2nd Thu 10:00\"", spec, why)
}

// String is the spec as it was written, without space around it.
func (r Rhythm) String() string { return r.spec }

// IsZero tells that there is no rhythm.
func (r Rhythm) IsZero() bool { return r.kind == none }

// Fixed tells whether the rhythm has turns at all: not for the zero value, nor
// for "no fixed time".
func (r Rhythm) Fixed() bool { return r.kind > loose }

// After is the first turn whose instant is strictly after t, for a clock in
// the zone. False when there is none. Where the clocks skip a whole day two
// turns can share an instant: to visit every turn, use [Rhythm.Following].
func (r Rhythm) After(t time.Time, zone *time.Location) (Moment, bool) {
	// In the second pass of an overlap the clock shows times whose turns are
	// already past, so the first candidates may have to be passed over.
	for f, ok := r.next(floating(t, zone)); ok; f, ok = r.next(f) {
		if at := instant(f, zone); at.After(t) {
			return Moment{wallAt(f), at}, true
		}
	}
	return Moment{}, false
}

// Following is the first turn whose wall time is strictly after w, for a clock
// in the zone. False when there is none, or w is not a wall time.
func (r Rhythm) Following(w Wall, zone *time.Location) (Moment, bool) {
	f, err := w.floating()
	if err != nil {
		return Moment{}, false
	}
	return r.momentAfter(f, zone)
}

// Preceding is the last turn whose wall time is strictly before w, for a clock
// in the zone. False when there is none in the nine years before.
func (r Rhythm) Preceding(w Wall, zone *time.Location) (Moment, bool) {
	end, err := w.floating()
	if err != nil {
		return Moment{}, false
	}
	f, ok := r.previous(end)
	if !ok {
		return Moment{}, false
	}
	return Moment{wallAt(f), instant(f, zone)}, true
}

func (r Rhythm) momentAfter(floating time.Time, zone *time.Location) (Moment, bool) {
	f, ok := r.next(floating)
	if !ok {
		return Moment{}, false
	}
	return Moment{wallAt(f), instant(f, zone)}, true
}

// next is the first turn after a floating time. It gives up after the year
// 9999, which a wall time cannot name.
func (r Rhythm) next(f time.Time) (time.Time, bool) {
	f = r.notBefore(f)
	switch r.kind {
	case byDates:
		f = r.nextDate(f)
	case byWeeks:
		f = r.nextWeek(f)
	case byPlace:
		f = r.nextPlace(f)
	default:
		return time.Time{}, false
	}
	return f, !f.IsZero() && f.Year() <= 9999
}

// previous is the last turn before a floating time. Schedules only look ahead,
// so it looks from ever farther back.
func (r Rhythm) previous(end time.Time) (time.Time, bool) {
	for _, days := range [...]int{1, 7, 31, 366, 9 * 366} {
		var found time.Time
		from := end.AddDate(0, 0, -days).Add(-time.Second)
		for f, ok := r.next(from); ok && f.Before(end); f, ok = r.next(f) {
			found = f
		}
		if !found.IsZero() {
			return found, true
		}
	}
	return time.Time{}, false
}

// notBefore moves a floating time up to just before the rhythm's first day.
func (r Rhythm) notBefore(f time.Time) time.Time {
	if r.from == "" {
		return f
	}
	if eve := r.firstDay().Add(-time.Second); f.Before(eve) {
		return eve
	}
	return f
}

func (r Rhythm) firstDay() time.Time {
	day, _ := time.Parse(dayLayout, string(r.from)) // was checked when parsed
	return day
}

// nextDate asks cron. Its search ends after five years, so the leap day around
// 2100 needs a second one.
func (r Rhythm) nextDate(f time.Time) time.Time {
	schedule := r.schedule()
	for range 3 {
		if next := schedule.Next(f); !next.IsZero() {
			return next
		}
		f = time.Date(f.Year()+5, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Second)
	}
	return time.Time{}
}

func (r Rhythm) schedule() *cron.SpecSchedule {
	return &cron.SpecSchedule{
		Second: 1, Minute: 1 << (r.clock % 60), Hour: 1 << (r.clock / 60),
		Dom: uint64(r.dates.day) | anyValue, Month: uint64(r.dates.month), Dow: uint64(r.dates.weekday) | anyValue,
		Location: time.UTC,
	}
}

// nextWeek counts whole periods from the first turn.
func (r Rhythm) nextWeek(f time.Time) time.Time {
	start := r.firstDay()
	ahead := (int(r.weekday) - int(start.Weekday()) + 7) % 7
	first := Clock(r.clock).on(start.AddDate(0, 0, ahead))
	if f.Before(first) {
		return first
	}
	days := 7 * int(r.weeks)
	gone := int((f.Unix() - first.Unix()) / int64(days*24*60*60))
	return first.AddDate(0, 0, (gone+1)*days)
}

// nextPlace finds the turn of this month, or of the next when it is past.
func (r Rhythm) nextPlace(f time.Time) time.Time {
	year, month, _ := f.Date()
	for ; ; month++ {
		if at := r.inMonth(year, month); at.After(f) {
			return at
		}
	}
}

// inMonth is the month's only turn; a month may be beyond December.
func (r Rhythm) inMonth(year int, month time.Month) time.Time {
	day := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	week := int(r.place) - 1
	if r.place == last { // the first such weekday among the last seven days
		day, week = time.Date(year, month+1, -6, 0, 0, 0, 0, time.UTC), 0
	}
	ahead := (int(r.weekday)-int(day.Weekday())+7)%7 + 7*week
	return Clock(r.clock).on(day.AddDate(0, 0, ahead))
}

// rolls tells whether a turn on a day off moves to the next working day: those
// on a few dates of the month do, those on a named weekday are meant.
func (r Rhythm) rolls() bool { return r.kind == byDates && r.dates.few() }
