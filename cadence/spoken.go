package cadence

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// spoken is what has been understood of a spec so far. Words may come in any
// order: "Thu 10:00 every 2 weeks from 2026-11-24" is as good.
type spoken struct {
	words   []string
	every   bool
	weeks   int // 0 until said
	place   int // 0 until said
	weekday int // -1 until said
	clock   int // -1 until said
	from    Day
}

func parseSpoken(spec string) (Rhythm, error) {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(spec, ",", " ")))
	if rest, ok := cutWords(words, "no", "fixed", "time"); ok {
		return parseLoose(spec, rest)
	}
	s := spoken{words: words, weekday: -1, clock: -1}
	for len(s.words) > 0 {
		if why := s.take(); why != "" {
			return Rhythm{}, refuse(spec, s.understood()+why)
		}
	}
	if why := s.missing(); why != "" {
		return Rhythm{}, refuse(spec, s.understood()+why)
	}
	return s.rhythm(spec), nil
}

// take understands the next word or words, or says why not.
func (s *spoken) take() string {
	word := s.words[0]
	s.words = s.words[1:]
	if isFiller(word) {
		return ""
	}
	if word == "every" {
		return s.takeEvery()
	}
	if word == "from" {
		return s.takeFrom()
	}
	if word == "of" {
		return s.takeMonth()
	}
	if day, ok := weekdayNamed(word); ok {
		return s.takeWeekday(day)
	}
	if place, ok := placeNamed(word); ok {
		return s.takePlace(place)
	}
	if strings.Contains(word, ":") {
		return s.takeClock(word)
	}
	return fmt.Sprintf("%q means nothing to me here", word)
}

// takeEvery reads "every", "every week", "every 2 weeks", "every other" and
// "every second". "every 2nd" is taken as weeks too; "every first" and "every
// last" are places in the month.
func (s *spoken) takeEvery() string {
	if s.every {
		return "it says \"every\" twice"
	}
	s.every = true
	if len(s.words) == 0 {
		return ""
	}
	word := s.words[0]
	place, isPlace := placeNamed(word)
	switch {
	case word == "week":
		s.words, s.weeks = s.words[1:], 1
	case word == "other":
		s.words, s.weeks = s.words[1:], 2
	case isPlace && place > 1:
		s.words, s.weeks = s.words[1:], place
	case strings.Trim(word, "0123456789") == "":
		return s.takeWeeks(word)
	}
	return ""
}

func (s *spoken) takeWeeks(number string) string {
	weeks, err := strconv.Atoi(number)
	if err != nil || weeks < 1 || weeks > 52 {
		return fmt.Sprintf("%q is not a number of weeks from 1 to 52", number)
	}
	rest, ok := cutWords(s.words[1:], "weeks")
	if !ok {
		rest, ok = cutWords(s.words[1:], "week")
	}
	if !ok {
		return fmt.Sprintf("after \"every %d\" I expect \"weeks\"", weeks)
	}
	s.words, s.weeks = rest, weeks
	return ""
}

// takeMonth reads the rest of "of the month", which says nothing new.
func (s *spoken) takeMonth() string {
	for _, article := range []string{"the", "every", "each"} {
		if rest, ok := cutWords(s.words, article, "month"); ok {
			s.words = rest
			return ""
		}
	}
	return "after \"of\" I expect \"the month\""
}

func (s *spoken) takeWeekday(day time.Weekday) string {
	if s.weekday >= 0 {
		return "it names two weekdays; for more than one write cron, \"0 10 * * MON,THU\""
	}
	s.weekday = int(day)
	return ""
}

func (s *spoken) takePlace(place int) string {
	if s.place != 0 {
		return "it names two places in the month"
	}
	s.place = place
	return ""
}

func (s *spoken) takeClock(word string) string {
	at, err := time.Parse("15:04", word)
	if err != nil {
		return fmt.Sprintf("%q is not a time of day as \"14:00\"", word)
	}
	if s.clock >= 0 {
		return "it names two times of day"
	}
	s.clock = at.Hour()*60 + at.Minute()
	return ""
}

// takeFrom reads a date as "2026-11-24" or, as Words writes it, "24 Nov 2026".
func (s *spoken) takeFrom() string {
	for _, form := range []struct {
		layout string
		words  int
	}{{dayLayout, 1}, {"2 Jan 2006", 3}} {
		if len(s.words) < form.words {
			continue
		}
		day, err := time.Parse(form.layout, strings.Join(s.words[:form.words], " "))
		if err == nil && day.Year() >= 1970 && day.Year() < 2200 {
			s.words, s.from = s.words[form.words:], dayAt(day)
			return ""
		}
	}
	return "after \"from\" I expect a date as \"2026-11-24\""
}

func (s *spoken) missing() string {
	switch {
	case s.weekday < 0:
		return "the weekday is missing"
	case s.clock < 0:
		return "the time of day is missing"
	case s.weeks > 0 && s.place != 0:
		return "it counts in weeks and in months at once"
	case s.weeks > 1 && s.from == "":
		return "the date to count from is missing"
	case !s.every && s.place == 0:
		return "it does not say how often"
	}
	return ""
}

// understood tells what was read so far, for the refusal.
func (s *spoken) understood() string {
	var parts []string
	if s.weeks > 0 {
		parts = append(parts, fmt.Sprintf("every %d weeks", s.weeks))
	} else if s.every && s.place == 0 {
		parts = append(parts, "every week")
	}
	if s.place != 0 {
		parts = append(parts, "the "+placeWord(s.place)+" of the month")
	}
	if s.weekday >= 0 {
		parts = append(parts, time.Weekday(s.weekday).String())
	}
	if s.clock >= 0 {
		parts = append(parts, Clock(s.clock).String())
	}
	if len(parts) == 0 {
		return ""
	}
	return "I understood " + strings.Join(parts, ", ") + ", but "
}

func (s *spoken) rhythm(spec string) Rhythm {
	r := Rhythm{spec: spec, clock: uint16(s.clock), weekday: uint8(s.weekday), from: s.from}
	switch {
	case s.place != 0:
		r.kind, r.place = byPlace, int8(s.place)
	case s.weeks > 1:
		r.kind, r.weeks = byWeeks, uint8(s.weeks)
	default:
		r.kind, r.weekday = byDates, 0
		r.dates = dates{month: 1<<13 - 2, weekday: 1 << s.weekday, day: everyDay}
	}
	return r
}
