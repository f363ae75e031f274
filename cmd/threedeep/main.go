// Command threedeep is the Slack bot that keeps the coach-the-coach cadence.
//
// It reads flags, the environment and signals, and puts the rooms together; it decides nothing about coaching. It may
// import everything, and is the only reader of the environment. One file for each command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones must be found in a container that has none
)

// Exit codes that scripts rely on.
const (
	exitOK     = 0
	exitFailed = 1
	exitMisuse = 2
)

// misuse is an error of whoever typed the command, rather than of the world.
type misuse struct{ error }

func misused(format string, args ...any) error { return misuse{fmt.Errorf(format, args...)} }

const usage = `Three Deep keeps the coach-the-coach cadence in Slack.

  threedeep try -headless [-chain FILE]   play a Wednesday and Thursday here, without Slack, and print
                                          everybody's conversation
  threedeep run                           the bot
  threedeep run -at TIME -speed N         rehearse: the clock starts at TIME and runs N times as fast
  threedeep version                       which version this is

Settings come from the environment; see README.md. Exit code 0 is fine, 1 failed, 2 misused.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the default is restored, so that a second one ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out one command and says how it went.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	err := command(ctx, args, out, errs)
	var m misuse
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &m):
		fmt.Fprintln(errs, "threedeep:", err)
		return exitMisuse
	default:
		fmt.Fprintln(errs, "threedeep:", err)
		return exitFailed
	}
}

func command(ctx context.Context, args []string, out, errs io.Writer) error {
	if len(args) == 0 {
		return misused("say what to do\n\n%s", usage)
	}
	switch args[0] {
	case "run":
		return runBot(ctx, args[1:], errs)
	case "try":
		return try(ctx, args[1:], out, errs)
	case "version":
		return version(args[1:], out)
	case "help", "-h", "-help", "--help":
		_, err := io.WriteString(out, usage)
		return err
	default:
		return misused("there is no command %q\n\n%s", args[0], usage)
	}
}
