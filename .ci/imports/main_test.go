package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files into a fresh folder with a go.mod of its own.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	files["go.mod"] = "module example.org/deep\n\ngo 1.26.0\n"
	for name, text := range files {
		full := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// importing is a file of the package that imports paths.
func importing(pkg string, paths ...string) string {
	text := "package " + pkg + "\n"
	for _, p := range paths {
		text += "import _ \"" + p + "\"\n"
	}
	return text
}

func TestImports(t *testing.T) {
	const ours, slackGo, rapid = "example.org/deep/", "github.com/slack-go/slack", "pgregory.net/rapid"
	for _, c := range []struct {
		name, file, pkg string
		allowed         []string
		refused         []string
	}{
		{
			"cadence", "cadence/a.go", "cadence",
			[]string{"time", "net/url", "github.com/robfig/cron/v3", "github.com/rickar/cal/v2/us"},
			[]string{"os", "os/exec", "net", "net/http", "database/sql", ours + "prompts", slackGo, "go.yaml.in/yaml/v4", rapid},
		},
		{
			"tests inside cadence", "cadence/a_test.go", "cadence",
			[]string{"os", rapid, "github.com/rogpeppe/go-internal/testscript"},
			[]string{ours + "store", slackGo},
		},
		{
			"tests outside cadence", "cadence/a_test.go", "cadence_test",
			[]string{"os", rapid, ours + "cadence", ours + "store", slackGo},
			nil,
		},
		{
			"chainfile", "cadence/chainfile/a.go", "chainfile",
			[]string{ours + "cadence", "go.yaml.in/yaml/v4", "os"},
			[]string{ours + "cadence/calendar", ours + "prompts"},
		},
		{
			"calendar", "cadence/calendar/a.go", "calendar",
			[]string{ours + "cadence", "github.com/teambition/rrule-go", "net/http"},
			[]string{ours + "cadence/chainfile", "go.yaml.in/yaml/v4"},
		},
		{"transcript", "cadence/transcript/a.go", "transcript", []string{"bufio"}, []string{ours + "cadence"}},
		{
			"prompts", "prompts/a.go", "prompts",
			[]string{ours + "cadence", "go.yaml.in/yaml/v4", "io/fs"},
			[]string{"os", "net/http", ours + "store"},
		},
		{
			"store", "store/a.go", "store",
			[]string{ours + "cadence", ours + "prompts", "database/sql", "modernc.org/sqlite", "github.com/jackc/pgx/v5/stdlib"},
			[]string{ours + "cadence/chainfile", ours + "bot", slackGo},
		},
		{
			"bot", "bot/a.go", "bot",
			[]string{ours + "cadence", ours + "cadence/chainfile", ours + "store", ours + "bot/blocks", slackGo + "/socketmode"},
			[]string{ours + "bot/slacksim", ours + "bot/rehearse", ours + "cmd/threedeep", "github.com/kelseyhightower/envconfig"},
		},
		{
			"blocks", "bot/blocks/a.go", "blocks",
			[]string{ours + "cadence", ours + "prompts", slackGo},
			[]string{ours + "bot", ours + "store"},
		},
		{
			"delivery", "bot/delivery/a.go", "delivery",
			[]string{ours + "cadence", "net/http"},
			[]string{"database/sql", slackGo, ours + "store"},
		},
		{"charts", "bot/charts/a.go", "charts", []string{"gonum.org/v1/plot/vg"}, []string{ours + "cadence", slackGo}},
		{
			"slacksim", "bot/slacksim/a.go", "slacksim",
			[]string{"net/http", "github.com/gorilla/websocket"},
			[]string{ours + "cadence", slackGo + "/socketmode", rapid},
		},
		{
			"slacksim's plain tests", "bot/slacksim/a_test.go", "slacksim_test",
			[]string{ours + "bot/slacksim"},
			[]string{slackGo, ours + "bot"},
		},
		{"slacksim's client tests", "bot/slacksim/web_client_test.go", "slacksim_test", []string{slackGo}, nil},
		{"client tests stay outside", "bot/slacksim/web_client_test.go", "slacksim", nil, []string{slackGo}},
		{
			"rehearse", "bot/rehearse/a.go", "rehearse",
			[]string{ours + "bot", ours + "bot/slacksim", ours + "store", slackGo},
			[]string{ours + "cmd/threedeep", "github.com/kelseyhightower/envconfig", rapid},
		},
		{
			"cmd", "cmd/threedeep/a.go", "main",
			[]string{ours + "bot/rehearse", "github.com/kelseyhightower/envconfig", slackGo},
			[]string{rapid},
		},
		{"a neighbour's module", "store/a.go", "store", nil, []string{"example.org/deeper"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range c.allowed {
				expect(t, c.file, importing(c.pkg, p))
			}
			for _, p := range c.refused {
				name := strings.Replace(p, ours, "./", 1)
				expect(t, c.file, importing(c.pkg, p), c.file+":2: "+filepath.Dir(c.file)+" may not import "+name)
			}
		})
	}
}

// expect checks one file alone in a tree.
func expect(t *testing.T, file, text string, want ...string) {
	t.Helper()
	got, err := check(tree(t, map[string]string{file: text}))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\ngot  %q\nwant %q", file, text, got, want)
	}
}

func TestUnknownRooms(t *testing.T) {
	got, err := check(tree(t, map[string]string{
		"util/a.go":             "package util",
		"util/b.go":             "package util",
		"a.go":                  "package deep",
		"cadence/testdata/a.go": "package broken, on purpose",
		".ci/imports/main.go":   "package main",
		"cadence/_old/a.go":     "package old",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		".: no such room: add a room to the table in .ci/imports",
		"util: no such room: add a room to the table in .ci/imports",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestClockAndEnvironment(t *testing.T) {
	const clock = "import \"time\"\nvar _ any = time.Now()\n"
	expect(t, "cadence/a.go", "package cadence\n"+clock, "cadence/a.go:3: time.Now: cadence takes now as an argument")
	expect(t, "cadence/a_test.go", "package cadence\n"+clock)
	expect(t, "store/a.go", "package store\n"+clock)
	expect(t, "prompts/a.go", "package prompts\nimport clock \"time\"\nfunc f() any { return clock.Since }\n",
		"prompts/a.go:3: time.Since: prompts takes now as an argument")

	const env = "import \"os\"\nfunc f() any { return os.Getenv(\"HOME\") }\n"
	expect(t, "bot/a.go", "package bot\n"+env, "bot/a.go:3: os.Getenv: only cmd reads the environment")
	expect(t, "bot/a_test.go", "package bot\n"+env)
	expect(t, "cmd/threedeep/a.go", "package main\n"+env)
}

func TestGlobals(t *testing.T) {
	const complaint = ": pass it to those who need it"
	for _, c := range []struct{ name, text, want string }{
		{"a counter", "var n int", "package variable n" + complaint},
		{"a compiled pattern", "import \"regexp\"\nvar re = regexp.MustCompile(`a`)", "package variable re" + complaint},
		{"one of a group", "import \"errors\"\nvar (\nErrA = errors.New(`a`)\nm = map[int]int{}\n)", "package variable m" + complaint},
		{"no error after all", "import errors \"fmt\"\nvar ErrA = errors.New(`a`)", "package variable ErrA" + complaint},
		{"a call for its effect", "var _ = f()\nfunc f() int { return 1 }", "package variable _" + complaint},
		{"init", "func init() {}", "func init: call it from where it is needed"},
		{"errors", "import (\n\"errors\"\n\"fmt\"\n)\nvar ErrA, ErrB = errors.New(`a`), fmt.Errorf(`b: %w`, ErrA)", ""},
		{"an embedded file", "import _ \"embed\"\n//go:embed a.txt\nvar text string", ""},
		{"an embedded file in a group", "import _ \"embed\"\nvar (\n// Text is text.\n//\n//go:embed a.txt\ntext string\n)", ""},
		{"an assertion", "import \"io\"\nvar _ io.Reader = (*T)(nil)\ntype T struct{ io.Reader }", ""},
		{"a method called init", "type T struct{}\nfunc (T) init() {}", ""},
		{"a constant", "const n = 1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := check(tree(t, map[string]string{"store/a.go": "package store\n" + c.text}))
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(got, "\n"); c.want == "" && all != "" || !strings.HasSuffix(all, c.want) || len(got) > 1 {
				t.Errorf("got %q, want %q", got, c.want)
			}
			expect(t, "store/a_test.go", "package store\n"+c.text) // tests may have globals
		})
	}
}

func TestBrokenTrees(t *testing.T) {
	if _, err := check(t.TempDir()); err == nil {
		t.Error("a tree without go.mod passed")
	}
	if _, err := check(tree(t, map[string]string{"store/a.go": "package"})); err == nil {
		t.Error("a file that does not parse passed")
	}
}
