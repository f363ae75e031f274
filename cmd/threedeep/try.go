package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/cadence/chainfile"
)

// try is `threedeep try`: the real bot and a real database, with a stand-in for Slack and a clock that is moved.
func try(ctx context.Context, args []string, out, errs io.Writer) (err error) {
	fs := flag.NewFlagSet("try", flag.ContinueOnError)
	headless := fs.Bool("headless", false, "play a Wednesday and Thursday and print everybody's conversation")
	file := fs.String("chain", "", "play this chain `file` instead of the sample organisation")
	at := fs.String("at", "", "play the first Wednesday and Thursday after this `time` instead of now")
	if err := parse(fs, args); err != nil {
		return err
	}
	if !*headless {
		return misused("this version plays without a page: add -headless")
	}
	chain, err := chainToTry(*file, errs)
	if err != nil {
		return err
	}
	clock, _, err := clockFrom(*at, 1)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "threedeep-try-")
	if err != nil {
		return fmt.Errorf("making a place for the database: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return play(ctx, chain, clock.Now(), filepath.Join(dir, "try.db"), out, errs)
}

func play(ctx context.Context, chain cadence.Chain, now time.Time, database string, out, errs io.Writer) (err error) {
	from, to := rehearse.WednesdayAfter(now)
	w, err := rehearse.Start(ctx, rehearse.Options{
		Chain: chain, Database: database, At: from,
		Log: slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	fmt.Fprintf(out, "The real bot with a stand-in Slack: %s to %s, everywhere on earth.\n\n",
		from.Add(14*time.Hour).Format("Wednesday 2 January 2006"), to.Add(-36*time.Hour).Format("Thursday 2 January"))
	return rehearse.Play(ctx, w, to, out)
}

// chainToTry is the file's chain, or the sample organisation.
func chainToTry(file string, errs io.Writer) (cadence.Chain, error) {
	name, data := "the sample organisation", rehearse.Sample()
	if file != "" {
		var err error
		if data, err = os.ReadFile(file); err != nil {
			return cadence.Chain{}, misused("-chain: %w", plainFile(err))
		}
		name = file
	}
	f, problems := chainfile.Parse(name, data)
	if err := problems.Err(); err != nil {
		return cadence.Chain{}, fmt.Errorf("this chain can't be played:\n%w", err)
	}
	for _, w := range problems.Warnings() {
		fmt.Fprintln(errs, w)
	}
	return f.Chain, nil
}
