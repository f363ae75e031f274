package prompts_test

import (
	"testing"
	"time"

	"github.com/threedeep/threedeep/prompts"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestADayIsNamedAsAPersonWould(t *testing.T) {
	for _, c := range []struct{ what, now, at, zone, want string }{
		{"later today", "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z", "UTC", "today"},
		{"earlier today", "2026-11-25T09:00:00Z", "2026-11-25T00:00:00Z", "UTC", "today"},
		{"a minute past midnight", "2026-11-25T23:59:00Z", "2026-11-26T00:00:00Z", "UTC", "tomorrow"},
		{"six days on", "2026-11-25T09:00:00Z", "2026-12-01T09:00:00Z", "UTC", "on Tuesday"},
		{"a week on", "2026-11-25T09:00:00Z", "2026-12-02T09:00:00Z", "UTC", "on Wed 2 Dec"},
		{"yesterday", "2026-11-25T09:00:00Z", "2026-11-24T23:00:00Z", "UTC", "on Tue 24 Nov"},
		{"over the year's end", "2026-12-31T09:00:00Z", "2027-01-01T09:00:00Z", "UTC", "tomorrow"},
		{"the week over the year's end", "2026-12-30T09:00:00Z", "2027-01-04T09:00:00Z", "UTC", "on Monday"},
		{"today in New York, tomorrow in UTC", "2026-11-25T20:00:00Z", "2026-11-26T01:00:00Z", "America/New_York", "today"},
		{"tomorrow in Auckland, today in UTC", "2026-11-25T10:00:00Z", "2026-11-25T20:00:00Z", "Pacific/Auckland", "tomorrow"},
		{"23 hours, summer time begins", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Berlin", "tomorrow"},
		{"25 hours, summer time ends", "2026-10-24T22:30:00Z", "2026-10-25T23:30:00Z", "Europe/Berlin", "tomorrow"},
		{"the last hour of a 25-hour day", "2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z", "Europe/Berlin", "today"},
		{"midnight that does not exist", "2026-09-05T12:00:00Z", "2026-09-06T12:00:00Z", "America/Santiago", "tomorrow"},
	} {
		if got := prompts.Day(instant(t, c.at), instant(t, c.now), zone(t, c.zone)); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestTheTimeOfDayNamesItsZone(t *testing.T) {
	for _, c := range []struct{ at, zone, want string }{
		{"2026-11-26T15:00:00Z", "America/New_York", "10:00 (EST)"},
		{"2026-07-02T14:00:00Z", "America/New_York", "10:00 (EDT)"},
		{"2026-11-26T09:00:00Z", "Europe/Berlin", "10:00 (CET)"},
		{"2026-11-26T09:00:00Z", "UTC", "09:00 (UTC)"},
		{"2026-11-26T09:00:00Z", "Asia/Kathmandu", "14:45 (UTC+05:45)"},
		{"2026-11-26T09:00:00Z", "America/Sao_Paulo", "06:00 (UTC-03:00)"},
		{"2026-11-26T09:00:00Z", "Pacific/Kiritimati", "23:00 (UTC+14:00)"},
	} {
		if got := prompts.Clock(instant(t, c.at), zone(t, c.zone)); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.at, c.zone, got, c.want)
		}
	}
	if got := prompts.Clock(instant(t, "2026-11-26T09:00:00Z"), time.FixedZone("", 3600)); got != "10:00 (UTC+01:00)" {
		t.Errorf("a zone without a name: %q", got)
	}
}
