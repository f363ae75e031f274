package chainfile

import (
	"slices"
	"strings"
)

const (
	longestName = 80
	// mostSearches bounds the work on a file that is wrong throughout: one
	// search compares with everybody.
	mostSearches = 20
)

// didYouMean is a sentence that begins with a space, or "" when nothing is
// near.
func (r *reader) didYouMean(written string, known []string) string {
	if r.searches++; r.searches > mostSearches {
		return ""
	}
	if near := nearest(written, known); near != "" {
		return suggest(near)
	}
	return ""
}

func suggest(name string) string { return " Did you mean " + quote(name) + "?" }

func (r *reader) didYouMeanPerson(written string) string {
	if r.people.sorted == nil {
		for key, person := range r.people.byName {
			name := person.Email
			if key != name {
				name = person.Slack
			}
			r.people.sorted = append(r.people.sorted, name)
		}
		slices.Sort(r.people.sorted) // so that the same file gets the same answer
	}
	return r.didYouMean(written, r.people.sorted)
}

// nearest is the known name with the fewest letters to change, "" when it
// would be more than a third of them (two, in a short name).
func nearest(written string, known []string) string {
	if len(written) > longestName {
		return ""
	}
	written = strings.ToLower(written)
	best, least := "", max(len(written)/3, 2)+1
	for _, name := range known {
		if gap := len(name) - len(written); gap >= least || -gap >= least {
			continue
		}
		if d := distance(written, strings.ToLower(name), least); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the bytes to add, drop or replace to make b from a. It stops
// counting at the limit.
func distance(a, b string, limit int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := diagonal
			if a[i-1] != b[j-1] {
				replaced++
			}
			diagonal = row[j]
			row[j] = min(replaced, row[j]+1, row[j-1]+1)
		}
		if slices.Min(row) >= limit {
			return limit
		}
	}
	return row[len(b)]
}
