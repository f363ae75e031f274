package cadence

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	// anyValue is the bit by which robfig/cron marks a field written with a star.
	anyValue uint64 = 1 << 63
	everyDay uint32 = 1<<32 - 2
	// mostRolling is the most days of a month a rolling rhythm names. With more,
	// rolled sessions would pile up on the same Monday.
	mostRolling = 4
)

func (d dates) few() bool { return bits.OnesCount32(d.day) <= mostRolling }

// looksLikeCron tells cron from speech by its first two words.
func looksLikeCron(spec string) bool {
	if strings.HasPrefix(spec, "@") || strings.Contains(spec, "=") {
		return true
	}
	words := strings.Fields(spec)
	for _, word := range words[:min(2, len(words))] {
		if strings.Trim(word, "0123456789*/,-?") != "" {
			return false
		}
	}
	return true
}

// parseCron lets robfig/cron read the fields, behind a guard: the parser
// panics on some specs ("TZ=0"), accepts ones that never come ("0 9 31 2 *"),
// and ORs the two day fields, which people do not expect.
func parseCron(spec string) (Rhythm, error) {
	if why := notPlainCron(spec); why != "" {
		return Rhythm{}, refuse(spec, why)
	}
	schedule, err := cronFields(spec)
	if err != nil {
		return Rhythm{}, refuse(spec, "as five cron fields it does not read: "+err.Error())
	}
	if why := unsuitable(schedule); why != "" {
		return Rhythm{}, refuse(spec, why)
	}
	r := Rhythm{spec: spec, kind: byDates, clock: onlyClock(schedule), dates: datesOf(schedule)}
	if never(r) {
		return Rhythm{}, refuse(spec, "that date never comes")
	}
	return r, nil
}

func notPlainCron(spec string) string {
	switch {
	case strings.Contains(spec, "="):
		return "a rhythm carries no time zone; each link has its own"
	case strings.HasPrefix(spec, "@every"), strings.HasPrefix(spec, "@hourly"):
		return "a rhythm names a day and a time of day"
	}
	return ""
}

func cronFields(spec string) (schedule *cron.SpecSchedule, err error) {
	defer func() {
		if recover() != nil {
			schedule, err = nil, errors.New("the cron parser failed on it")
		}
	}()
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, err
	}
	schedule, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("%q names no time of day", spec)
	}
	return schedule, nil
}

func unsuitable(s *cron.SpecSchedule) string {
	minutes, hours := bits.OnesCount64(s.Minute&^anyValue), bits.OnesCount64(s.Hour&^anyValue)
	switch {
	case minutes*hours == 0 || s.Dom == 0 || s.Month == 0 || s.Dow == 0:
		return "one of its fields is empty"
	case minutes*hours > 1:
		return "it happens several times a day, and a rhythm happens at most once a day"
	case s.Dom&anyValue == 0 && s.Dow&anyValue == 0:
		return "cron would take the day of the month or the day of the week, whichever comes first; " +
			"give only one of the two, or say \"2nd Thu 10:00\" for a weekday of the month"
	}
	return ""
}

func onlyClock(s *cron.SpecSchedule) uint16 {
	hour, minute := bits.TrailingZeros64(s.Hour), bits.TrailingZeros64(s.Minute)
	return uint16(hour*60 + minute)
}

func datesOf(s *cron.SpecSchedule) dates {
	return dates{month: uint16(s.Month), weekday: uint16(s.Dow), day: uint32(s.Dom)}
}

// never looks from a fixed day, so that a spec is as good tomorrow as today.
func never(r Rhythm) bool {
	_, ok := r.next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	return !ok
}
