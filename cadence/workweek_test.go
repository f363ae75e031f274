package cadence_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/cadence"
)

// clockIn reads "2026-11-26 10:00" on the zone's clock.
func clockIn(t testing.TB, wall string, where *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, where)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func shown(at time.Time, where *time.Location) string {
	return at.In(where).Format("Mon 2006-01-02 15:04")
}

// thanksgiving is a week with a Thursday off.
func thanksgiving() cadence.Workweek {
	return cadence.Workweek{Holiday: func(day cadence.Day) bool { return day == "2026-11-26" }}
}

func sundayToThursday() cadence.Workweek {
	return cadence.Workweek{Off: []time.Weekday{time.Friday, time.Saturday}}
}

func TestQuiet(t *testing.T) {
	late := cadence.Workweek{QuietFrom: 20 * 60, QuietTo: 10 * 60}
	everyDay := cadence.Workweek{Off: []time.Weekday{}}
	for _, c := range []struct {
		what  string
		week  cadence.Workweek
		wall  string
		quiet bool
	}{
		{"before work", cadence.Workweek{}, "2026-11-25 08:29", true},
		{"work begins", cadence.Workweek{}, "2026-11-25 08:30", false},
		{"work ends", cadence.Workweek{}, "2026-11-25 17:59", false},
		{"after work", cadence.Workweek{}, "2026-11-25 18:00", true},
		{"Saturday", cadence.Workweek{}, "2026-11-28 12:00", true},
		{"Sunday", cadence.Workweek{}, "2026-11-29 12:00", true},
		{"Sunday that works", sundayToThursday(), "2026-11-29 12:00", false},
		{"Friday off", sundayToThursday(), "2026-11-27 12:00", true},
		{"a holiday", thanksgiving(), "2026-11-26 12:00", true},
		{"no day off", everyDay, "2026-11-28 12:00", false},
		{"other hours, morning", late, "2026-11-25 09:59", true},
		{"other hours, evening", late, "2026-11-25 19:59", false},
	} {
		where := zone(t, "America/New_York")
		if got := c.week.Quiet(clockIn(t, c.wall, where), where); got != c.quiet {
			t.Errorf("%s: quiet is %v", c.what, got)
		}
	}
}

func TestWorkingAfternoonBefore(t *testing.T) {
	for _, c := range []struct {
		what    string
		week    cadence.Workweek
		session string
		want    string
	}{
		{"Thursday", cadence.Workweek{}, "2026-11-26 10:00", "Wed 2026-11-25 15:00"},
		{"Monday: over the weekend", cadence.Workweek{}, "2026-11-30 09:00", "Fri 2026-11-27 15:00"},
		{"Tuesday at midnight", cadence.Workweek{}, "2026-12-01 00:00", "Mon 2026-11-30 15:00"},
		{"Saturday", cadence.Workweek{}, "2026-11-28 10:00", "Fri 2026-11-27 15:00"},
		{"the day after a holiday", thanksgiving(), "2026-11-27 10:00", "Wed 2026-11-25 15:00"},
		{"Sunday in a Sunday-Thursday week", sundayToThursday(), "2026-11-29 10:00", "Thu 2026-11-26 15:00"},
		{"Monday in a Sunday-Thursday week", sundayToThursday(), "2026-11-30 10:00", "Sun 2026-11-29 15:00"},
		{"the clocks change between", cadence.Workweek{}, "2026-11-02 09:00", "Fri 2026-10-30 15:00"},
	} {
		where := zone(t, "America/New_York")
		got := shown(c.week.AfternoonBefore(clockIn(t, c.session, where), where), where)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

func TestLastHourBefore(t *testing.T) {
	for _, c := range []struct {
		what string
		week cadence.Workweek
		at   string
		want string
	}{
		{"in the middle of the day", cadence.Workweek{}, "2026-11-26 14:00", "Thu 2026-11-26 13:00"},
		{"as early as an hour allows", cadence.Workweek{}, "2026-11-26 09:30", "Thu 2026-11-26 08:30"},
		{"less than an hour after quiet", cadence.Workweek{}, "2026-11-26 09:00", "Thu 2026-11-26 08:30"},
		{"just 15 minutes after quiet", cadence.Workweek{}, "2026-11-26 08:45", "Thu 2026-11-26 08:30"},
		{"too soon after quiet", cadence.Workweek{}, "2026-11-26 08:44", "Wed 2026-11-25 17:00"},
		{"in the quiet morning", cadence.Workweek{}, "2026-11-26 07:00", "Wed 2026-11-25 17:00"},
		{"at midnight", cadence.Workweek{}, "2026-11-26 00:00", "Wed 2026-11-25 17:00"},
		{"just after hours", cadence.Workweek{}, "2026-11-26 18:30", "Thu 2026-11-26 17:30"},
		{"in the evening", cadence.Workweek{}, "2026-11-26 21:00", "Thu 2026-11-26 17:00"},
		{"early on Monday", cadence.Workweek{}, "2026-11-30 08:00", "Fri 2026-11-27 17:00"},
		{"on Saturday", cadence.Workweek{}, "2026-11-28 14:00", "Fri 2026-11-27 17:00"},
		{"on a holiday", thanksgiving(), "2026-11-26 14:00", "Wed 2026-11-25 17:00"},
		{"early after a holiday", thanksgiving(), "2026-11-27 08:00", "Wed 2026-11-25 17:00"},
		{"Sunday that works", sundayToThursday(), "2026-11-29 09:00", "Sun 2026-11-29 08:30"},
	} {
		where := zone(t, "America/New_York")
		got := shown(c.week.LastHourBefore(clockIn(t, c.at, where), where), where)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

func TestOnceAwake(t *testing.T) {
	for _, c := range []struct {
		what string
		week cadence.Workweek
		at   string
		want string
	}{
		{"by day", cadence.Workweek{}, "2026-11-25 12:34", "Wed 2026-11-25 12:34"},
		{"early", cadence.Workweek{}, "2026-11-25 03:00", "Wed 2026-11-25 08:30"},
		{"in the evening", cadence.Workweek{}, "2026-11-25 18:00", "Thu 2026-11-26 08:30"},
		{"Friday evening", cadence.Workweek{}, "2026-11-27 20:00", "Mon 2026-11-30 08:30"},
		{"before a holiday", thanksgiving(), "2026-11-25 20:00", "Fri 2026-11-27 08:30"},
		{"early on Saturday", cadence.Workweek{}, "2026-11-28 07:00", "Mon 2026-11-30 08:30"},
	} {
		where := zone(t, "America/New_York")
		got := shown(c.week.OnceAwake(clockIn(t, c.at, where), where), where)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

func TestNeverQuietAndAlwaysBefore(t *testing.T) {
	zones := new(cadence.Zones)
	weeks := []cadence.Workweek{{}, thanksgiving(), sundayToThursday(), {QuietFrom: 17 * 60, QuietTo: 10 * 60}}
	rapid.Check(t, func(t *rapid.T) {
		where := zones.First(rapid.SampledFrom(worldZones()).Draw(t, "zone"))
		week := weeks[rapid.IntRange(0, len(weeks)-1).Draw(t, "week")]
		at := time.Unix(rapid.Int64Range(1577836800, 1956528000).Draw(t, "at"), 0) // 2020 to 2032
		for name, early := range map[string]time.Time{
			"AfternoonBefore": week.AfternoonBefore(at, where),
			"LastHourBefore":  week.LastHourBefore(at, where),
		} {
			if !early.Before(at) || week.Quiet(early, where) {
				t.Fatalf("%s of %s is %s", name, shown(at, where), shown(early, where))
			}
		}
		if late := week.OnceAwake(at, where); late.Before(at) || week.Quiet(late, where) {
			t.Fatalf("once awake after %s is %s", shown(at, where), shown(late, where))
		}
		if early := week.OutOfQuiet(at, where); early.After(at) || week.Quiet(early, where) {
			t.Fatalf("out of quiet from %s is %s", shown(at, where), shown(early, where))
		}
	})
}

func TestAWeekWithoutWorkEnds(t *testing.T) {
	never := cadence.Workweek{Holiday: func(cadence.Day) bool { return true }}
	at := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	if got := shown(never.AfternoonBefore(at, time.UTC), time.UTC); got != "Wed 2026-11-25 15:00" {
		t.Errorf("the afternoon before is %s", got)
	}
	if got := shown(never.LastHourBefore(at, time.UTC), time.UTC); got != "Wed 2026-11-25 17:00" {
		t.Errorf("the last hour before is %s", got)
	}
	if got := shown(never.OnceAwake(at, time.UTC), time.UTC); got != "Fri 2026-11-27 08:30" {
		t.Errorf("awake is %s", got)
	}
	if never.Works(at, time.UTC) || !sundayToThursday().Works(at, time.UTC) {
		t.Error("Works is wrong")
	}
}
