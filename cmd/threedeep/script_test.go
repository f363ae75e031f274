package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"threedeep": main})
}

// TestScripts runs the program as an operator would: testdata/script holds one story a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: withSlack,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "connected": connected, "sees": sees, "revoke": revoke,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

type slackKey struct{}

// withSlack gives every script a workspace of its own, with the people of the sample organisation, and the
// environment that connects to it.
func withSlack(e *testscript.Env) error {
	sim, err := slacksim.Start(slacksim.Config{})
	if err != nil {
		return err
	}
	e.Defer(func() { _ = sim.Close() }) // a script that failed may leave connections open
	chain, err := chainToTry("", os.Stderr)
	if err != nil {
		return err
	}
	sim.AddUsers(rehearse.Users(chain)...)
	e.Values[slackKey{}] = sim
	e.Setenv("SLACK_APP_TOKEN", sim.App().AppToken)
	e.Setenv("SLACK_BOT_TOKEN", sim.App().BotToken)
	e.Setenv("SLACK_API_URL", strings.TrimSuffix(sim.URL(), "/"))
	e.Setenv("THREEDEEP_AUTOSTART", "true")
	return os.WriteFile(e.WorkDir+"/sample.yaml", rehearse.Sample(), 0o600)
}

func slackOf(ts *testscript.TestScript) *slacksim.Sim { return ts.Value(slackKey{}).(*slacksim.Sim) }

// exits runs a command and expects an exit code: exits 2 threedeep nonsense.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var e *exec.ExitError
	if errors.As(err, &e) {
		code = e.ExitCode()
	}
	if code != want {
		ts.Fatalf("%s exits with %d, not %d", strings.Join(args[1:], " "), code, want)
	}
}

// connected waits until a bot is connected.
func connected(ts *testscript.TestScript, _ bool, _ []string) {
	sim := slackOf(ts)
	ts.Check(within(sim, func() bool { return sim.Connections() > 0 }))
}

// sees waits until somebody's conversation holds a sentence: sees leo@acme.example 'Your 1:1'.
func sees(ts *testscript.TestScript, _ bool, args []string) {
	sim := slackOf(ts)
	chain, err := chainToTry("", os.Stderr)
	ts.Check(err)
	for _, u := range rehearse.Users(chain) {
		if u.Email == args[0] {
			ts.Check(within(sim, func() bool { return strings.Contains(fmt.Sprint(sim.DM(u.ID)), args[1]) }))
			return
		}
	}
	ts.Fatalf("nobody is called %s", args[0])
}

// revoke takes the tokens back.
func revoke(ts *testscript.TestScript, _ bool, _ []string) { slackOf(ts).Revoke() }

func within(sim *slacksim.Sim, cond func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return sim.Wait(ctx, cond)
}
