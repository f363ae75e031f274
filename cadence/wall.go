package cadence

import (
	"fmt"
	"time"
)

const (
	wallLayout = "2006-01-02T15:04"
	dayLayout  = "2006-01-02"
	oneDay     = 24 * time.Hour
)

// Wall is a reading of a wall clock without a zone, to the minute, such as
// "2026-11-26T10:00". It names a turn of a rhythm whatever the clocks do on
// that day, so it is the key of an occurrence. Walls compare as text.
type Wall string

// Day is a calendar day without a zone, such as "2026-11-26". Days compare as
// text.
type Day string

// Moment is one turn of a rhythm: the wall time that names it and the instant
// it happens. The two differ when the clocks jump over the wall time, or when
// a monthly session rolls off a weekend.
type Moment struct {
	Wall Wall
	At   time.Time
}

// WallOf reads the clock that hangs in the zone at the instant t.
func WallOf(t time.Time, zone *time.Location) Wall { return wallAt(floating(t, zone)) }

// DayOf is the calendar day in the zone at the instant t.
func DayOf(t time.Time, zone *time.Location) Day { return dayAt(floating(t, zone)) }

// Day is the calendar day of the wall time.
func (w Wall) Day() Day {
	if len(w) < len(dayLayout) {
		return ""
	}
	return Day(w[:len(dayLayout)])
}

// In returns the instant at which a clock in the zone shows w. A wall time
// that the clocks jump over happens when the jump is done; one that they show
// twice happens the first time. The error is for text that is no wall time.
func (w Wall) In(zone *time.Location) (time.Time, error) {
	f, err := w.floating()
	if err != nil {
		return time.Time{}, err
	}
	return instant(f, zone), nil
}

// floating turns the reading into a time in UTC that stands for no instant:
// in UTC every day has 24 hours, so schedules can be computed there.
func (w Wall) floating() (time.Time, error) {
	f, err := time.Parse(wallLayout, string(w))
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a wall time as \"2026-11-26T10:00\": %w", string(w), err)
	}
	return f, nil
}

func wallAt(floating time.Time) Wall { return Wall(floating.Format(wallLayout)) }

func dayAt(floating time.Time) Day { return Day(floating.Format(dayLayout)) }

// floating reads the zone's clock at the instant t, as a time in UTC.
func floating(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// midnight is the start of the floating time's day.
func midnight(floating time.Time) time.Time {
	year, month, day := floating.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// instant is the reverse of [floating]. It walks the stretches of constant
// offset around the reading: the first stretch that contains the reading is
// the first pass of an overlap; a stretch that begins after the reading means
// that the reading fell into the gap before it, however long (Apia skipped
// the whole of 2011-12-30).
func instant(floating time.Time, zone *time.Location) time.Time {
	within := floating.Add(-2 * oneDay).In(zone)
	for {
		_, offset := within.Zone()
		start, end := within.ZoneBounds()
		at := floating.Add(-time.Duration(offset) * time.Second)
		if !start.IsZero() && at.Before(start) {
			return start.UTC()
		}
		if end.IsZero() || at.Before(end) {
			return at
		}
		within = end
	}
}
