package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/store"
)

// runBot is `threedeep run`.
func runBot(ctx context.Context, args []string, errs io.Writer) (err error) {
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	at := fs.String("at", "", "rehearse: where the clock starts, such as 2026-11-23T14:58:00-05:00")
	speed := fs.Float64("speed", 1, "rehearse: how many times as fast the clock runs")
	if err := parse(fs, args); err != nil {
		return err
	}
	clock, rehearsal, err := clockFrom(*at, *speed)
	if err != nil {
		return err
	}
	s, err := readSettings()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(errs, nil))
	db, err := store.Open(ctx, s.Database, store.Options{Rehearsal: rehearsal})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := chainFor(ctx, &s, db, log); err != nil {
		return err
	}
	b, err := bot.New(bot.Config{
		AppToken: s.AppToken, BotToken: s.BotToken, APIURL: s.APIURL, Store: db, Library: s.library, Chain: s.chain,
		Clock: clock, Command: s.Command, Autostart: s.autostart, Log: log,
	})
	if err != nil {
		return err
	}
	return b.Run(ctx)
}

// chainFor reads the chain file when the database holds no chain; afterwards the database has its own.
func chainFor(ctx context.Context, s *settings, db *store.Store, log *slog.Logger) error {
	people, _, err := db.Size(ctx)
	if err != nil || people > 0 {
		return err
	}
	if err := s.readChain(); err != nil {
		return misuse{err}
	}
	for _, w := range s.warnings {
		log.Warn(w)
	}
	if s.chain != nil {
		for _, w := range notYet(*s.chain) {
			log.Warn(w)
		}
	}
	return nil
}

// notYet names what a chain file may say already and this version does not act upon, so that nobody relies on it.
func notYet(c cadence.Chain) []string {
	var out []string
	if len(c.Holidays) > 0 {
		out = append(out, "the chain file names holidays, which this version does not keep yet: questions go out on them too")
	}
	if slices.ContainsFunc(c.People, func(p cadence.Person) bool { return p.Calendar != "" }) {
		out = append(out, "the chain file names calendars, which this version neither reads nor keeps")
	}
	if slices.ContainsFunc(c.Links, func(l cadence.Link) bool { return !l.DeepDive.IsZero() || !l.Coaching.IsZero() }) {
		out = append(out, "the chain file plans deep dives or coaching sessions, which this version keeps on record and does not act upon yet")
	}
	return out
}

// clockFrom is the machine's clock, or a rehearsal's that began elsewhere.
func clockFrom(at string, speed float64) (bot.Clock, bool, error) {
	if speed <= 0 || speed > 1e6 {
		return nil, false, misused("-speed must be above 0 and at most 1000000")
	}
	start := time.Now()
	if at != "" {
		var err error
		if start, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, false, misused("-at must be a time with its offset, such as 2026-11-23T14:58:00-05:00")
		}
	}
	return bot.RunningFrom(start, speed), at != "" || speed != 1, nil
}
