// Command results reads what go test -json printed and says it for people. MODULE is what go list -m prints; it is
// left off the names of packages.
//
//	results MODULE packages < EVENTS        a line per package as it ends, and in full what failing tests printed
//	results MODULE skipped < EVENTS         every skipped test with its reason
//	results MODULE promises TABLE < EVENTS  whether the tests that TABLE names ran and passed in this very run
//	results MODULE count < EVENTS           N passed, N failed, N skipped
//
// It exits 1 when a package failed, no test ran at all, or a promise was not kept.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// What go test says of a test or package that ended. One that never ended has no outcome: "".
const (
	pass = "pass"
	fail = "fail"
	skip = "skip" // of a package: it has no test files
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Println("results:", err)
		os.Exit(1)
	}
}

func run(args []string, events io.Reader, out io.Writer) error {
	if len(args) < 2 {
		return errors.New("usage: results MODULE packages|skipped|promises TABLE|count < EVENTS")
	}
	module, command, rest := args[0], args[1], args[2:]
	switch {
	case command == "packages" && len(rest) == 0:
		return packages(module, events, out)
	case command == "promises" && len(rest) == 1:
		return promises(module, events, rest[0], out)
	}
	r, err := read(module, events, nil)
	switch {
	case err != nil:
		return err
	case command == "skipped" && len(rest) == 0:
		r.printSkipped(out)
	case command == "count" && len(rest) == 0:
		r.printCount(out)
	default:
		return fmt.Errorf("no such command: %q", args[1:])
	}
	return nil
}

// event is one line of go test -json; go doc test2json explains it.
type event struct {
	Action      string
	Package     string
	Test        string
	Output      string
	Elapsed     float64
	ImportPath  string // what build output is about
	FailedBuild string // the ImportPath that kept this package from running
}

// test names a test or subtest; without a name it is the package as a whole.
type test struct{ pkg, name string }

func (t test) String() string { return t.pkg + "." + t.name }

// top is the test that a subtest belongs to.
func (t test) top() test {
	name, _, _ := strings.Cut(t.name, "/")
	return test{t.pkg, name}
}

// results is what a run has said so far.
type results struct {
	module  string
	tests   []test // in the order they started
	outcome map[test]string
	printed map[test][]event  // by top-level test, with what its subtests printed
	built   map[string]string // build output by import path
}

// read takes in all events, and hands each, once taken in, to the observer if there is one.
func read(module string, events io.Reader, observe func(results, event)) (results, error) {
	r := results{module, nil, map[test]string{}, map[test][]event{}, map[string]string{}}
	lines := bufio.NewReader(events) // a Scanner would refuse the long lines that tests may print
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			e := r.decode(line)
			r.add(e)
			if observe != nil {
				observe(r, e)
			}
		}
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return r, err
		}
	}
}

// decode makes an event even of a line that is none, so that nothing the go command says gets lost.
func (r *results) decode(line []byte) event {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return event{Action: "text", Output: string(line)}
	}
	e.Package = strings.TrimPrefix(e.Package, r.module+"/")
	return e
}

func (r *results) add(e event) {
	t := test{e.Package, e.Test}
	switch e.Action {
	case "run":
		if _, again := r.outcome[t]; !again {
			r.tests = append(r.tests, t)
			r.outcome[t] = ""
		}
	case "output":
		r.printed[t.top()] = append(r.printed[t.top()], e)
	case "build-output":
		r.built[e.ImportPath] += e.Output
	case pass, skip, fail:
		r.outcome[t] = worse(r.outcome[t], e.Action)
	}
}

// worse is for tests that run several times, as -count and -cpu make them: one good run excuses nothing.
func worse(a, b string) string {
	for _, outcome := range []string{fail, skip, pass} {
		if a == outcome || b == outcome {
			return outcome
		}
	}
	return ""
}

// packages prints while the tests run, and fails if one of them did or none was there.
func packages(module string, events io.Reader, out io.Writer) error {
	r, err := read(module, events, func(r results, e event) {
		switch {
		case e.Action == "text":
			fmt.Fprint(out, e.Output)
		case e.Test == "" && (e.Action == pass || e.Action == fail || e.Action == skip):
			r.printPackage(out, e)
		}
	})
	if err != nil {
		return err
	}
	if len(r.tests) == 0 {
		return errors.New("no test ran")
	}
	if _, failed, _ := r.count(); failed > 0 {
		return fmt.Errorf("%d failed", failed)
	}
	return nil
}

func (r *results) printPackage(out io.Writer, ended event) {
	switch ended.Action {
	case skip:
		fmt.Fprintf(out, "-     %-24s no test files\n", ended.Package)
	case pass:
		fmt.Fprintf(out, "ok    %-24s %7.2fs\n", ended.Package, ended.Elapsed)
	case fail:
		fmt.Fprintf(out, "FAIL  %-24s %7.2fs\n", ended.Package, ended.Elapsed)
		fmt.Fprint(out, r.built[ended.FailedBuild])
		for _, t := range r.failed(ended.Package) {
			r.printOutput(out, t)
		}
		r.printOutput(out, test{pkg: ended.Package})
	}
}

func (r *results) printOutput(out io.Writer, t test) {
	for _, e := range r.printed[t] {
		fmt.Fprint(out, e.Output)
	}
}

// failed lists the top-level tests of a package that failed or never ended.
func (r *results) failed(pkg string) []test {
	var failed []test
	for _, t := range r.tests {
		if t.pkg == pkg && t == t.top() && (r.outcome[t] == fail || r.outcome[t] == "") {
			failed = append(failed, t)
		}
	}
	return failed
}

func (r *results) printSkipped(out io.Writer) {
	n := 0
	for _, t := range r.tests {
		if r.outcome[t] == skip {
			fmt.Fprintf(out, "skipped %s: %s\n", t, r.reason(t))
			n++
		}
	}
	fmt.Fprintf(out, "tests and subtests skipped: %d\n", n)
}

// reason is what a skipped test itself printed, without the lines that go test frames it with.
func (r *results) reason(t test) string {
	var said []string
	for _, e := range r.printed[t.top()] {
		line := strings.TrimSpace(e.Output)
		if e.Test == t.name && line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, " ")
}

func (r *results) printCount(out io.Writer) {
	passed, failed, skipped := r.count()
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", passed, failed, skipped)
}

// count counts top-level tests. A package that failed without a failing test (it did not build, or died outside
// of its tests) counts as one failure, so that "0 failed" is never said of a run that failed.
func (r *results) count() (passed, failed, skipped int) {
	for t, outcome := range r.outcome {
		switch {
		case t.name == "":
			if outcome == fail && len(r.failed(t.pkg)) == 0 {
				failed++
			}
		case t != t.top():
		case outcome == pass:
			passed++
		case outcome == skip:
			skipped++
		default:
			failed++
		}
	}
	return passed, failed, skipped
}

// promises fails unless every test that the table names ran and passed.
func promises(module string, events io.Reader, table string, out io.Writer) error {
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	r, err := read(module, events, nil)
	if err != nil {
		return err
	}
	rows, malformed := parseTable(string(text))
	kept := 0
	for _, row := range rows {
		if broken := r.broken(row); len(broken) == 0 {
			kept++
		} else {
			fmt.Fprintf(out, "%s:%d: %s: %s\n", table, row.line, row.requirement, strings.Join(broken, "; "))
		}
	}
	for _, problem := range malformed {
		fmt.Fprintf(out, "%s:%s\n", table, problem)
	}
	all := len(rows) + len(malformed)
	fmt.Fprintf(out, "promises kept: %d of %d\n", kept, all)
	if kept < all {
		return fmt.Errorf("promises broken or not readable: %d", all-kept)
	}
	return nil
}

// broken says of each test of a row what keeps it from proving the promise.
func (r *results) broken(p promise) []string {
	var broken []string
	for _, t := range p.tests {
		if why := r.objection(t); why != "" {
			broken = append(broken, t.String()+" "+why)
		}
	}
	return broken
}

// objection is strict about subtests: a test passes although all of them were skipped, but then it proves nothing.
// A promise that holds without the skipped ones names the others.
func (r *results) objection(t test) string {
	outcome, ran := r.outcome[t]
	switch {
	case !ran:
		return "did not run"
	case outcome == fail:
		return "failed"
	case outcome == skip:
		return "was skipped"
	case outcome == "":
		return "did not end"
	}
	for _, sub := range r.tests {
		if sub.pkg == t.pkg && strings.HasPrefix(sub.name, t.name+"/") && r.outcome[sub] == skip {
			return "passed without its subtest " + strings.TrimPrefix(sub.name, t.name+"/") + ", which was skipped"
		}
	}
	return ""
}

// promise is a row of the table: the tests prove what is promised under the requirement.
type promise struct {
	line        int
	requirement string
	tests       []test
}

// parseTable reads the rows | R | promise | test | of a Markdown text, which may break them into several tables.
// Whatever looks like a row must be a good one: a row passed over would be a promise that nobody checks.
func parseTable(text string) (rows []promise, malformed []string) {
	inside := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case isHeader(line):
			inside = true
		case line == "":
			inside = false
		case inside && strings.Trim(line, "|-: ") == "": // the rule under the header
		case inside || strings.HasPrefix(line, "|"):
			row, err := parseRow(line)
			if !inside {
				err = errors.New("not under a header | R | promise | test |")
			}
			if err != nil {
				malformed = append(malformed, fmt.Sprintf("%d: %v: %s", i+1, err, line))
				continue
			}
			row.line = i + 1
			rows = append(rows, row)
		}
	}
	if len(rows)+len(malformed) == 0 {
		malformed = append(malformed, "1: no rows | R | promise | test |")
	}
	return rows, malformed
}

func isHeader(line string) bool {
	return slices.Equal(cells(strings.ToLower(line)), []string{"r", "promise", "test"})
}

// cells splits a row at its bars; a bar that is part of the text is written \|.
func cells(line string) []string {
	const bar = "\x00"
	line = strings.ReplaceAll(line, `\|`, bar)
	split := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
	for i, cell := range split {
		split[i] = strings.TrimSpace(strings.ReplaceAll(cell, bar, "|"))
	}
	return split
}

func parseRow(line string) (promise, error) {
	row := cells(line)
	if len(row) != 3 || slices.Contains(row, "") {
		return promise{}, errors.New("a row has three cells, none empty")
	}
	p := promise{requirement: row[0]}
	for _, name := range strings.Split(strings.ReplaceAll(row[2], "<br>", ","), ",") {
		t, err := parseTest(strings.Trim(name, " `"))
		if err != nil {
			return promise{}, err
		}
		p.tests = append(p.tests, t)
	}
	return p, nil
}

// parseTest reads bot/rehearse.TestStory/typed.
func parseTest(name string) (test, error) {
	parts := regexp.MustCompile(`^([\w/-]+)\.((?:Test|Fuzz|Example)\w*(?:/\S+)?)$`).FindStringSubmatch(name)
	if parts == nil {
		return test{}, fmt.Errorf("%q is no test: write package/path.TestName or package/path.TestName/subtest", name)
	}
	return test{parts[1], parts[2]}, nil
}
