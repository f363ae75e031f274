package cadence

import (
	"strings"
	"time"
)

// cutWords drops the wanted words from the front, if they are there.
func cutWords(words []string, want ...string) (rest []string, ok bool) {
	if len(words) < len(want) {
		return words, false
	}
	for i, word := range want {
		if words[i] != word {
			return words, false
		}
	}
	return words[len(want):], true
}

func isFiller(word string) bool {
	switch word {
	case "on", "at", "the":
		return true
	}
	return false
}

// weekdayNamed knows the full names and all beginnings from three letters on.
func weekdayNamed(word string) (time.Weekday, bool) {
	if len(word) < 3 {
		return 0, false
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		name := day.String()
		if len(word) <= len(name) && strings.EqualFold(name[:len(word)], word) {
			return day, true
		}
	}
	return 0, false
}

func placeNamed(word string) (int, bool) {
	switch word {
	case "1st", "first":
		return 1, true
	case "2nd", "second":
		return 2, true
	case "3rd", "third":
		return 3, true
	case "4th", "fourth":
		return 4, true
	case "last":
		return last, true
	}
	return 0, false
}

func placeWord(place int) string {
	switch place {
	case 1:
		return "first"
	case 2:
		return "second"
	case 3:
		return "third"
	case 4:
		return "fourth"
	}
	return "last"
}
