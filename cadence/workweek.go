package cadence

import (
	"fmt"
	"slices"
	"time"
)

// Clock is a time of day in minutes after midnight.
type Clock int

// String is the time as "15:04".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

func (c Clock) on(midnight time.Time) time.Time {
	return midnight.Add(time.Duration(c) * time.Minute)
}

const (
	quietFrom   Clock = 18 * 60
	quietTo     Clock = 8*60 + 30
	afternoon   Clock = 15 * 60
	leastNotice       = 15 * time.Minute
	// farthestBack bounds the search for a working day: a year in which every
	// day is off is a mistake of settings and must not hang the bot.
	farthestBack = 366
	// farthestAhead bounds it the other way: no closure lasts two weeks, and a
	// monthly session must not roll into the next month.
	farthestAhead = 14
)

// Workweek says which days and hours are for work. The zero value has Saturday
// and Sunday off, no holidays, and is quiet from 18:00 to 08:30.
type Workweek struct {
	Off       []time.Weekday     // days off; nil for Saturday and Sunday
	Holiday   func(day Day) bool // tells days off beyond the week; nil for none
	QuietFrom Clock              // quiet begins; with QuietTo also 0: 18:00
	QuietTo   Clock              // quiet ends, earlier in the day than QuietFrom; 08:30
}

// Quiet tells whether nobody in the zone should be written to at the instant
// t: in the quiet hours and all of a day off.
func (w Workweek) Quiet(t time.Time, zone *time.Location) bool {
	f := floating(t, zone)
	from, to := w.quiet()
	day := midnight(f)
	return !w.works(day) || f.Before(to.on(day)) || !f.Before(from.on(day))
}

// Works tells whether the calendar day at the instant t is a working day in
// the zone.
func (w Workweek) Works(t time.Time, zone *time.Location) bool {
	return w.works(floating(t, zone))
}

// AfternoonBefore is "the working afternoon before" (R12): 15:00 in the zone
// on the last working day before the session's day.
func (w Workweek) AfternoonBefore(session time.Time, zone *time.Location) time.Time {
	day := w.workdayBefore(midnight(floating(session, zone)))
	return instant(afternoon.on(day), zone)
}

// LastHourBefore is "the last non-quiet hour before" t (R3): an hour before t;
// if that is quiet, the end of the quiet hours when it leaves at least 15
// minutes; otherwise an hour before quiet began, on the last day that worked.
func (w Workweek) LastHourBefore(t time.Time, zone *time.Location) time.Time {
	hourBefore := t.Add(-time.Hour)
	if !w.Quiet(hourBefore, zone) {
		return hourBefore
	}
	_, to := w.quiet()
	day := midnight(floating(t, zone))
	opening := instant(to.on(day), zone)
	if w.works(day) && hourBefore.Before(opening) && !opening.Add(leastNotice).After(t) {
		return opening
	}
	return w.OutOfQuiet(hourBefore, zone)
}

// OutOfQuiet is t itself, or if t is quiet in the zone, an hour before quiet
// last began on a working day (17:00 when quiet begins at 18:00).
func (w Workweek) OutOfQuiet(t time.Time, zone *time.Location) time.Time {
	if !w.Quiet(t, zone) {
		return t
	}
	f := floating(t, zone)
	from, _ := w.quiet()
	day := midnight(f)
	if !w.works(day) || f.Before(from.on(day)) {
		day = w.workdayBefore(day)
	}
	return instant((from - 60).on(day), zone)
}

// OnceAwake is t itself, or if t is quiet in the zone, the moment the quiet
// ends: what downtime held up goes out then, if it is still useful.
func (w Workweek) OnceAwake(t time.Time, zone *time.Location) time.Time {
	if !w.Quiet(t, zone) {
		return t
	}
	f := floating(t, zone)
	_, to := w.quiet()
	day := midnight(f)
	if !f.Before(to.on(day)) {
		day = day.AddDate(0, 0, 1)
	}
	return instant(to.on(w.workdayFrom(day)), zone)
}

func (w Workweek) quiet() (from, to Clock) {
	if w.QuietFrom == 0 && w.QuietTo == 0 {
		return quietFrom, quietTo
	}
	return w.QuietFrom, w.QuietTo
}

func (w Workweek) works(floating time.Time) bool {
	weekday := floating.Weekday()
	if w.Off == nil && (weekday == time.Saturday || weekday == time.Sunday) {
		return false
	}
	if slices.Contains(w.Off, weekday) {
		return false
	}
	return w.Holiday == nil || !w.Holiday(dayAt(floating))
}

// workdayBefore is the last working day before the given floating midnight, or
// simply the day before when a whole year has none.
func (w Workweek) workdayBefore(midnight time.Time) time.Time {
	for back := 1; back <= farthestBack; back++ {
		if day := midnight.AddDate(0, 0, -back); w.works(day) {
			return day
		}
	}
	return midnight.AddDate(0, 0, -1)
}

// workdayFrom is the given floating midnight if its day works, or the next day
// that does within two weeks.
func (w Workweek) workdayFrom(midnight time.Time) time.Time {
	for on := range farthestAhead {
		if day := midnight.AddDate(0, 0, on); w.works(day) {
			return day
		}
	}
	return midnight
}
