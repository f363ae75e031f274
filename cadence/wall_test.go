package cadence_test

import (
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
)

func TestWallTimesMeetTheClocks(t *testing.T) {
	for _, c := range []struct{ what, zone, wall, at string }{
		{"an ordinary day", "America/New_York", "2026-11-26T10:00", "2026-11-26T15:00:00Z"},
		{"in the gap: its end", "America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00Z"},
		{"at the gap's start: its end", "America/New_York", "2026-03-08T02:00", "2026-03-08T07:00:00Z"},
		{"at the gap's end", "America/New_York", "2026-03-08T03:00", "2026-03-08T07:00:00Z"},
		{"shown twice: the first pass", "America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z"},
		{"after the overlap", "America/New_York", "2026-11-01T02:00", "2026-11-01T07:00:00Z"},
		{"half an hour's gap", "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z"},
		{"half an hour's overlap", "Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00Z"},
		{"a day that was skipped", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00:00Z"},
		{"the day after it", "Pacific/Apia", "2011-12-31T10:00", "2011-12-30T20:00:00Z"},
		{"another skipped day", "Pacific/Kwajalein", "1993-08-21T12:00", "1993-08-21T12:00:00Z"},
		{"midnight that does not exist", "America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00Z"},
		{"farthest east", "Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00:00Z"},
		{"farthest west", "Pacific/Niue", "2026-01-01T00:00", "2026-01-01T11:00:00Z"},
		{"leap day", "Asia/Kathmandu", "2028-02-29T05:45", "2028-02-29T00:00:00Z"},
	} {
		at, err := cadence.Wall(c.wall).In(zone(t, c.zone))
		if err != nil {
			t.Fatal(err)
		}
		if got := at.Format(time.RFC3339); got != c.at {
			t.Errorf("%s: %s in %s is %s, want %s", c.what, c.wall, c.zone, got, c.at)
		}
	}
}

func TestTheSecondPassBringsNothingAgain(t *testing.T) {
	where := zone(t, "America/New_York")
	second := time.Date(2026, 11, 1, 6, 10, 0, 0, time.UTC) // 01:10 for the second time
	next, ok := rhythm(t, "30 1 * * *").After(second, where)
	if !ok || next.Wall != "2026-11-02T01:30" {
		t.Errorf("after the second 01:10 comes %v, %v", next, ok)
	}
}

func TestTextThatIsNoWallTime(t *testing.T) {
	for _, wall := range []cadence.Wall{"", "2026-11-26", "2026-02-30T10:00", "2026-11-26T25:00", "soon"} {
		if at, err := wall.In(time.UTC); err == nil {
			t.Errorf("%q is taken for %s", wall, at)
		}
		if m, ok := rhythm(t, "every Thu 10:00").Following(wall, time.UTC); ok {
			t.Errorf("after %q comes %v", wall, m)
		}
	}
	if day := cadence.Wall("x").Day(); day != "" {
		t.Errorf("a day of nonsense: %q", day)
	}
	if day := cadence.Wall("2026-11-26T10:00").Day(); day != "2026-11-26" {
		t.Errorf("the day is %q", day)
	}
}

func TestZonesRefuseTheMachinesOwn(t *testing.T) {
	var zones cadence.Zones
	for name, want := range map[string]string{
		"":                 `"" is not a time zone: name one as "America/New_York"`,
		"Local":            `"Local" is not a time zone: name one as "America/New_York"`,
		"America/New_Yrok": `the time zone "America/New_Yrok" is not known: name one as "America/New_York": unknown time zone America/New_Yrok`,
	} {
		if _, err := zones.Find(name); err == nil || err.Error() != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	once, err := zones.Find("Asia/Kolkata")
	if again, _ := zones.Find("Asia/Kolkata"); err != nil || once != again {
		t.Errorf("the zone is loaded twice: %v", err)
	}
	if got := zones.First("", "Mars/Olympus", "Asia/Kolkata", "UTC"); got != once {
		t.Errorf("the first that is known is %s", got)
	}
	if got := zones.First("Mars/Olympus"); got != time.UTC {
		t.Errorf("with none known: %s", got)
	}
}
