package prompts

import (
	"fmt"
	"time"
)

// Day says when something is as a person would: "today", "tomorrow", "on Monday", "on Thu 26 Nov". Both instants
// are looked at in the zone of the person who reads it.
func Day(at, now time.Time, zone *time.Location) string {
	day, today := midnight(at.In(zone)), midnight(now.In(zone))
	switch days := int(day.Sub(today).Hours() / 24); {
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	case days > 1 && days < 7:
		return "on " + at.In(zone).Format("Monday")
	default:
		return "on " + at.In(zone).Format("Mon 2 Jan")
	}
}

// midnight is the calendar day as a UTC instant, so that days can be subtracted without summer time in between.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Clock is the time of day in the zone of the person who reads it, with the zone's name so that a traveller is not misled.
func Clock(at time.Time, zone *time.Location) string {
	t := at.In(zone)
	name, _ := t.Zone()
	if name == "" || name[0] == '+' || name[0] == '-' {
		name = "UTC" + t.Format("-07:00")
	}
	return fmt.Sprintf("%s (%s)", t.Format("15:04"), name)
}
