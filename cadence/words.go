package cadence

import (
	"fmt"
	"math/bits"
	"strings"
	"time"
)

// Words reads the rhythm back in plain English: "every Thursday at 10:00",
// "every second Tuesday at 14:00, from 24 Nov 2026", "on the second Thursday
// of the month at 10:00". Cron fields without a plain reading come back as
// written; the zero value reads "not set".
func (r Rhythm) Words() string {
	switch r.kind {
	case none:
		return "not set"
	case loose:
		return r.looseWords()
	case byDates:
		return r.dateWords()
	case byWeeks:
		return r.weekWords() + r.clockWords()
	}
	return "on the " + placeWord(int(r.place)) + " " + time.Weekday(r.weekday).String() + " of the month" + r.clockWords()
}

func (r Rhythm) looseWords() string {
	switch r.per {
	case inWeek:
		return fmt.Sprintf("no fixed time, %d a week", r.count)
	case inMonth:
		return fmt.Sprintf("no fixed time, %d a month", r.count)
	}
	return "no fixed time"
}

func (r Rhythm) weekWords() string {
	day := time.Weekday(r.weekday).String()
	if r.weeks == 2 {
		return "every second " + day
	}
	return fmt.Sprintf("every %d weeks on %s", r.weeks, day)
}

func (r Rhythm) clockWords() string {
	words := " at " + Clock(r.clock).String()
	if r.from != "" {
		words += ", from " + r.firstDay().Format("2 Jan 2006")
	}
	return words
}

// dateWords covers the shapes people use: some weekdays, some days of the
// month, one day of the year.
func (r Rhythm) dateWords() string {
	everyMonth, anyDay := r.dates.month == 1<<13-2, r.dates.day == everyDay
	switch {
	case everyMonth && anyDay:
		return "every " + weekdayWords(r.dates.weekday) + r.clockWords()
	case everyMonth && r.dates.few():
		return "on the " + dayWords(r.dates.day) + " of the month" + r.clockWords()
	case bits.OnesCount16(r.dates.month) == 1 && bits.OnesCount32(r.dates.day) == 1:
		month := time.Month(bits.TrailingZeros16(r.dates.month))
		return fmt.Sprintf("every year on %d %s", bits.TrailingZeros32(r.dates.day), month) + r.clockWords()
	}
	return r.spec
}

func weekdayWords(set uint16) string {
	switch set {
	case 1<<7 - 1:
		return "day"
	case 1<<6 - 2:
		return "weekday"
	}
	var names []string
	for day := time.Sunday; day <= time.Saturday; day++ {
		if set&(1<<day) != 0 {
			names = append(names, day.String())
		}
	}
	return joinAnd(names)
}

func dayWords(set uint32) string {
	var days []string
	for day := 1; day <= 31; day++ {
		if set&(1<<day) != 0 {
			days = append(days, ordinal(day))
		}
	}
	return joinAnd(days)
}

func ordinal(n int) string {
	suffix := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n) + suffix
}

func joinAnd(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
