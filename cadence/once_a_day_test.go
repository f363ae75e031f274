package cadence_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/cadence"
)

// worldZones are chosen for what their clocks did between 2009 and 2032.
func worldZones() []string {
	return []string{
		"UTC", "America/New_York", "Europe/London", "Asia/Singapore", "Asia/Kolkata",
		"Asia/Kathmandu",      // +05:45
		"Pacific/Kiritimati",  // +14
		"Pacific/Niue",        // -11
		"Pacific/Apia",        // had no 2011-12-30
		"Australia/Lord_Howe", // moves by 30 minutes
		"Pacific/Chatham",     // +12:45, moves at 02:45
		"America/St_Johns",    // moved at 00:01 until 2011
		"Africa/Casablanca",   // leaves summer time for Ramadan
		"America/Sao_Paulo",   // moved at midnight until 2019
		"Asia/Gaza",           // moves at irregular days
		"Europe/Istanbul",     // stayed in summer time in 2016
		"America/Caracas",     // moved by 30 minutes in 2016
		"Asia/Pyongyang",      // moved at 23:30 in 2018
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	found, err := new(cadence.Zones).Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func rhythm(t testing.TB, spec string) cadence.Rhythm {
	t.Helper()
	r, err := cadence.ParseRhythm(spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// step is one way to go from a turn to the next.
type step func(cadence.Moment) (cadence.Moment, bool)

// oncePerDay walks a daily rhythm and tells the first day that breaks the
// promise: one turn for every nominal day, named after it, in order, at the
// first instant at which the clock shows the time, or at the end of the gap
// that swallows it.
func oncePerDay(first cadence.Moment, next step, zone *time.Location, until cadence.Wall) error {
	for now := first; now.Wall < until; {
		if err := rightInstant(now, zone); err != nil {
			return err
		}
		then, ok := next(now)
		if !ok {
			return fmt.Errorf("nothing after %s", now.Wall)
		}
		today, err := time.Parse("2006-01-02T15:04", string(now.Wall))
		if err != nil {
			return err
		}
		tomorrow := cadence.Wall(today.AddDate(0, 0, 1).Format("2006-01-02T15:04"))
		if then.Wall != tomorrow {
			return fmt.Errorf("after %s comes %s", now.Wall, then.Wall)
		}
		if then.At.Before(now.At) {
			return fmt.Errorf("%s is before %s", then.Wall, now.Wall)
		}
		now = then
	}
	return nil
}

// rightInstant knows nothing of offsets: it only reads the clock around At.
func rightInstant(m cadence.Moment, zone *time.Location) error {
	shown, before := cadence.WallOf(m.At, zone), cadence.WallOf(m.At.Add(-time.Second), zone)
	if shown != m.Wall {
		if before < m.Wall && m.Wall < shown {
			return nil // in a gap
		}
		return fmt.Errorf("%s happens when the clock shows %s", m.Wall, shown)
	}
	for _, back := range []int{30, 60, 24 * 60} { // as far as clocks have been set back
		if cadence.WallOf(m.At.Add(-time.Duration(back)*time.Minute), zone) == m.Wall {
			return fmt.Errorf("%s was shown %d minutes earlier already", m.Wall, back)
		}
	}
	return nil
}

func TestOncePerNominalDayEverywhere(t *testing.T) {
	for i, name := range worldZones() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := zone(t, name)
			for j, spec := range []string{"30 2 * * *", "30 1 * * *", "0 0 * * *", "45 23 * * *"} {
				// every zone meets 12 years of every time; the years differ, to cover 2009 to 2032
				first := 2009
				if (i+j)%2 == 1 && name != "Pacific/Apia" && name != "America/Sao_Paulo" {
					first = 2020
				}
				r := rhythm(t, spec)
				start, ok := r.Following(cadence.Wall(fmt.Sprintf("%d-01-01T00:00", first)), where)
				if !ok {
					t.Fatal("no first turn")
				}
				until := cadence.Wall(fmt.Sprintf("%d-01-02T00:00", first+12))
				next := func(m cadence.Moment) (cadence.Moment, bool) { return r.Following(m.Wall, where) }
				if err := oncePerDay(start, next, where, until); err != nil {
					t.Errorf("%s from %d: %v", spec, first, err)
				}
			}
		})
	}
}

// TestOncePerDayCatchesNaiveClocks shows that the property can fail: cron run
// on local time skips 02:30 in spring and fires 01:30 twice or in the wrong
// pass in autumn; time.Date puts 02:30 before the gap.
func TestOncePerDayCatchesNaiveClocks(t *testing.T) {
	where := zone(t, "America/New_York")
	schedule, err := cron.ParseStandard("30 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	local := func(m cadence.Moment) (cadence.Moment, bool) {
		at := schedule.Next(m.At.In(where))
		return cadence.Moment{Wall: cadence.WallOf(at, where), At: at}, true
	}
	dated := func(m cadence.Moment) (cadence.Moment, bool) {
		day, _ := time.Parse("2006-01-02T15:04", string(m.Wall))
		day = day.AddDate(0, 0, 1)
		at := time.Date(day.Year(), day.Month(), day.Day(), day.Hour(), day.Minute(), 0, 0, where)
		return cadence.Moment{Wall: cadence.Wall(day.Format("2006-01-02T15:04")), At: at}, true
	}
	start := cadence.Moment{Wall: "2026-01-01T02:30", At: time.Date(2026, 1, 1, 7, 30, 0, 0, time.UTC)}
	for name, naive := range map[string]step{"cron on local time": local, "time.Date": dated} {
		if oncePerDay(start, naive, where, "2027-01-01T00:00") == nil {
			t.Errorf("%s passes, so the property proves nothing", name)
		}
	}
}

func TestAfterAgreesWithFollowing(t *testing.T) {
	zones := new(cadence.Zones)
	rapid.Check(t, func(t *rapid.T) {
		where := zones.First(rapid.SampledFrom(worldZones()).Draw(t, "zone"))
		r, err := cadence.ParseRhythm(goodSpec().Draw(t, "spec"))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1230768000, 1956528000).Draw(t, "now"), 0) // 2009 to 2032
		next, ok := r.After(now, where)
		if !ok || !next.At.After(now) {
			t.Fatalf("after %s comes %v, %v", now, next, ok)
		}
		if previous, ok := r.Preceding(next.Wall, where); ok {
			if previous.At.After(now) {
				t.Fatalf("%s was passed over between %s and %s", previous.Wall, now, next.Wall)
			}
			if again, _ := r.Following(previous.Wall, where); again != next {
				t.Fatalf("after %s comes %s, not %s", previous.Wall, again.Wall, next.Wall)
			}
		}
	})
}

// goodSpec draws rhythms of every kind that have turns within nine years.
func goodSpec() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		hour, minute := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		day := rapid.SampledFrom([]string{"Sun", "Monday", "tue", "WED", "thurs", "Fri", "saturday"}).Draw(t, "day")
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			return fmt.Sprintf("%d %d * * %d", minute, hour, rapid.IntRange(0, 6).Draw(t, "dow"))
		case 1:
			return fmt.Sprintf("%d %d %d * *", minute, hour, rapid.IntRange(1, 31).Draw(t, "dom"))
		case 2:
			return fmt.Sprintf("every %s %02d:%02d", day, hour, minute)
		case 3:
			return fmt.Sprintf("every %d weeks %s %02d:%02d from 2008-0%d-11", rapid.IntRange(2, 52).Draw(t, "weeks"), day,
				hour, minute, rapid.IntRange(1, 9).Draw(t, "month"))
		case 4:
			place := rapid.SampledFrom([]string{"1st", "second", "3rd", "fourth", "last"}).Draw(t, "place")
			return fmt.Sprintf("%s %s %d:%02d", place, day, hour, minute)
		}
		return fmt.Sprintf("%d %d * * *", minute, hour)
	})
}
