package chainfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing to change in the file: a plain sentence or two with the
// remedy.
type Problem struct {
	File    string // as given to Parse
	Line    int    // from 1; 0 when it is about the whole file
	Message string
	Warning bool // told, but the file can be used
}

// String is the problem as "chain.yaml:12: ...".
func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Warning {
		return where + ": warning: " + p.Message
	}
	return where + ": " + p.Message
}

// Problems is everything found in a file, in the order of its lines.
type Problems []Problem

// Error lists all problems, warnings too, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err is nil when the file can be used: when it has no problems, or warnings
// only. Otherwise it is the Problems.
func (ps Problems) Err() error {
	if slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning }) {
		return ps
	}
	return nil
}

// Warnings are the problems that do not keep the file from being used.
func (ps Problems) Warnings() Problems {
	var warnings Problems
	for _, p := range ps {
		if p.Warning {
			warnings = append(warnings, p)
		}
	}
	return warnings
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
}
