package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree is a module in which everything that can become of a test does.
func tree() map[string]string {
	const begin = "\nimport (\n\"os\"\n\"strings\"\n\"testing\"\n)\nvar _, _ = os.Exit, strings.Repeat\n"
	return map[string]string{
		"go.mod":         "module example.org/deep\n\ngo 1.26.0\n",
		"README.md":      "# Deep\n",
		"empty/empty.go": "package empty\n",
		"good/good_test.go": "package good" + begin + `
func TestPasses(t *testing.T) { t.Run("a sub", func(*testing.T) {}) }
func TestLoud(t *testing.T) { t.Log(strings.Repeat("loud ", 100_000)) }
func TestSkips(t *testing.T) { t.Skip("no shared data") }
func TestHalf(t *testing.T) {
	t.Run("done", func(t *testing.T) { t.Log("not the reason") })
	t.Run("left", func(t *testing.T) { t.SkipNow() })
}
func FuzzPasses(f *testing.F) { f.Add(1); f.Fuzz(func(*testing.T, int) {}) }
`,
		"bad/bad_test.go": "package bad" + begin + `
func TestQuiet(t *testing.T) { t.Log("of no interest") }
func TestFails(t *testing.T) { t.Run("deep", func(t *testing.T) { t.Error("the reason") }) }
`,
		"dies/dies_test.go": "package dies" + begin + `
func TestBefore(t *testing.T) {}
func TestPanics(t *testing.T) { panic("at once") }
func TestAfter(t *testing.T) {}
`,
		"leaves/leaves_test.go":   "package leaves" + begin + "func TestMain(*testing.M) { println(`gone early`); os.Exit(3) }\n",
		"broken/broken_test.go":   "package broken" + begin + "func TestNever(t *testing.T) { undefined() }\n",
		"doubtful/doubtful.go":    "package doubtful\n",
		"doubtful/vetted_test.go": "package doubtful" + begin + "func TestVetted(t *testing.T) { t.Logf(`%d`, `text`) }\n",
	}
}

// goTest runs the tests of the tree, or of some of its packages, and returns the events.
func goTest(t *testing.T, packages ...string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range tree() {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, packages...)...)
	cmd.Dir = root
	events, err := cmd.Output() // fails wherever one of the tests does
	if len(events) == 0 {
		t.Fatal("go test said nothing:", err)
	}
	return string(events)
}

// say runs one of the commands over the events.
func say(events string, args ...string) (string, error) {
	var out bytes.Buffer
	err := run(append([]string{"example.org/deep"}, args...), strings.NewReader(events), &out)
	return out.String(), err
}

func TestARunThatFails(t *testing.T) {
	events := goTest(t, "./...")

	text, err := say(events, "packages")
	if err == nil || err.Error() != "5 failed" {
		t.Errorf("packages: %v", err)
	}
	for _, want := range []string{
		"ok    good ", "-     empty ", "FAIL  bad ", "FAIL  dies ", "FAIL  broken ",
		"bad_test.go:10: the reason", "panic: at once", "gone early", "undefined: undefined", "wrong type string",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("packages does not say %q", want)
		}
	}
	for _, unwanted := range []string{"of no interest", "loud"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("packages says %q of a test that passed", unwanted)
		}
	}
	if t.Failed() {
		t.Log(text)
	}

	expect(t, events, "skipped", "skipped good.TestSkips: good_test.go:11: no shared data\n"+
		"skipped good.TestHalf/left: no reason given\ntests and subtests skipped: 2\n")
	// bad.TestFails, dies.TestPanics, and the packages leaves, broken and doubtful as a whole.
	expect(t, events, "count", "6 passed, 5 failed, 1 skipped\n")
}

func expect(t *testing.T, events, command, want string) {
	t.Helper()
	if got, err := say(events, command); err != nil || got != want {
		t.Errorf("%s: %v\ngot  %q\nwant %q", command, err, got, want)
	}
}

func TestARunThatPasses(t *testing.T) {
	events := goTest(t, "./good", "./empty")
	if text, err := say(events, "packages"); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	expect(t, events, "count", "4 passed, 0 failed, 1 skipped\n")
}

func TestATestThatNeverEnds(t *testing.T) {
	events := ended("store.TestHangs", "run") +
		`{"Action":"output","Package":"example.org/deep/store","Test":"TestHangs","Output":"last words\n"}` + "\n" +
		`{"Action":"fail","Package":"example.org/deep/store"}` + "\n"
	if text, err := say(events, "packages"); err == nil || !strings.Contains(text, "last words") {
		t.Errorf("%v: %s", err, text)
	}
	expect(t, events, "count", "0 passed, 1 failed, 0 skipped\n")
}

func TestARunOfNothing(t *testing.T) {
	for _, events := range []string{"", goTest(t, "./empty"), "go: no such thing\n"} {
		text, err := say(events, "packages")
		if err == nil || !strings.Contains(text, strings.TrimSpace(events)) && events[0] != '{' {
			t.Errorf("%q passed, saying %q", events, text)
		}
		expect(t, events, "count", "0 passed, 0 failed, 0 skipped\n")
	}
}

// ended is what go test says of a test that ran.
func ended(name, action string) string {
	pkg, test, _ := strings.Cut(name, ".")
	const form = `{"Action":%q,"Package":"example.org/deep/%s","Test":%q}` + "\n"
	return fmt.Sprintf(form, "run", pkg, test) + fmt.Sprintf(form, action, pkg, test)
}

func TestPromises(t *testing.T) {
	events := ended("cadence.TestKept", pass) + ended("cadence.TestKept/sub.test", pass) +
		ended("cadence.TestFails", fail) + ended("cadence.TestSkips", skip) + ended("cadence.TestHangs", "run") +
		ended("cadence.TestTwice", fail) + ended("cadence.TestTwice", pass) +
		ended("store.TestKept/other", skip) + ended("bot/rehearse.TestHalf", pass) + ended("bot/rehearse.TestHalf/typed", pass) +
		ended("bot/rehearse.TestHalf/form", skip) + ended("bot/rehearse.FuzzEnvelope", pass)
	for _, c := range []struct{ tests, broken string }{
		{"cadence.TestKept", ""},
		{"cadence.TestKept/sub.test", ""},
		{"`cadence.TestKept`, bot/rehearse.FuzzEnvelope<br>bot/rehearse.TestHalf/typed", ""},
		{"cadence.TestMissing", "cadence.TestMissing did not run"},
		{"cadence.TestKept/missing", "cadence.TestKept/missing did not run"},
		{"store.TestKept", "store.TestKept did not run"},
		{"cadence.TestKept, cadence.TestSkips", "cadence.TestSkips was skipped"},
		{"cadence.TestFails", "cadence.TestFails failed"},
		{"cadence.TestTwice", "cadence.TestTwice failed"},
		{"cadence.TestHangs", "cadence.TestHangs did not end"},
		{"bot/rehearse.TestHalf", "bot/rehearse.TestHalf passed without its subtest form, which was skipped"},
	} {
		text, err := promised(t, events, "| R | promise | test |\n|---|---|---|\n| R12 | asks \\| waits | "+c.tests+" |\n")
		if c.broken == "" && (err != nil || text != "promises kept: 1 of 1\n") {
			t.Errorf("%s: %v, %s", c.tests, err, text)
		}
		if c.broken != "" && (err == nil || !strings.HasSuffix(text, ":3: R12: "+c.broken+"\npromises kept: 0 of 1\n")) {
			t.Errorf("%s: %v, %s", c.tests, err, text)
		}
	}
}

// promised checks a table against events.
func promised(t *testing.T, events, table string) (string, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "PROMISES.md")
	if err := os.WriteFile(file, []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	return say(events, "promises", file)
}

func TestMalformedTables(t *testing.T) {
	const head = "# Promises\n\n| R | promise | test |\n|:--|---|---|\n"
	const good = "| R1 | p | cadence.TestKept |\n"
	for _, table := range []string{
		"", head, good,
		head + good + "| R1 | p |\n",
		head + good + "| R1 | p | cadence.TestKept | more |\n",
		head + good + "| R1 | | cadence.TestKept |\n",
		head + good + "R1, p, cadence.TestKept\n",
		head + good + "\n" + good,
		head + good + "| R1 | p | TestKept |\n",
		head + good + "| R1 | p | planned |\n",
		head + good + "| R1 | p | cadence.TestKept, |\n",
	} {
		if text, err := promised(t, ended("cadence.TestKept", pass), table); err == nil {
			t.Errorf("passed: %s\n%s", table, text)
		}
	}
	two := head + good + "\nThe rest.\n\n" + head + strings.TrimSuffix(good, " |\n")
	if text, err := promised(t, ended("cadence.TestKept", pass), two); err != nil || text != "promises kept: 2 of 2\n" {
		t.Errorf("%v: %s", err, text)
	}
	if _, err := say("", "promises", filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a table that is not there passed")
	}
}

func TestMisuse(t *testing.T) {
	for _, args := range [][]string{nil, {"m"}, {"m", "guess"}, {"m", "promises"}, {"m", "count", "more"}} {
		if run(slices.Clone(args), strings.NewReader(""), io.Discard) == nil {
			t.Errorf("%q passed", args)
		}
	}
}
