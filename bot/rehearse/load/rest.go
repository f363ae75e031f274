package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence"
)

// errNoFigure is for machines without /proc.
var errNoFigure = errors.New("the kernel does not say what the process weighs")

const ticks = 101

// chain is n leaders under a VP for every ten, with a weekly 1:1 on Wednesday morning.
func chain(n int) cadence.Chain {
	c := cadence.Chain{Zone: "Europe/London"}
	rhythm, err := cadence.ParseRhythm("0 10 * * WED")
	if err != nil {
		panic(err) // it is a constant
	}
	for i := range n {
		coach := fmt.Sprintf("vp%05d@acme.example", i/10)
		if i%10 == 0 {
			c.People = append(c.People, cadence.Person{ID: coach, Email: coach, Roles: []cadence.Role{cadence.VP}})
		}
		leader := fmt.Sprintf("leader%06d@acme.example", i)
		c.People = append(c.People, cadence.Person{ID: leader, Email: leader, Roles: []cadence.Role{cadence.Leader}})
		c.Links = append(c.Links, cadence.Link{
			ID: cadence.LinkID(coach, leader), Coach: coach, Coachee: leader, OneOnOne: rhythm, Minutes: 30,
		})
	}
	return c
}

// tickRun is what one look at the store costs with everybody's links in it and nothing due.
func tickRun(ctx context.Context, links int) (median time.Duration, size int64, err error) {
	dir, err := os.MkdirTemp("", "threedeep-load-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "tick.db")
	w, err := rehearse.Start(ctx, rehearse.Options{Chain: chain(links), Database: path, Slack: quiet(), At: monday()})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	var took []time.Duration
	for range ticks {
		began := time.Now()
		if _, err := w.Bot.Tick(ctx, monday()); err != nil {
			return 0, 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, err
	}
	return took[len(took)/2], info.Size(), nil
}

// restRun starts the real program as a process of its own: how long until hello, and what it weighs at rest.
func restRun(ctx context.Context, people int) (err error) {
	dir, err := os.MkdirTemp("", "threedeep-load-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program := filepath.Join(dir, "threedeep")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/threedeep").CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w: %s", err, out)
	}
	org := chain(people * 10 / 11)
	file := filepath.Join(dir, "chain.yaml")
	if err := os.WriteFile(file, []byte(yaml(org)), 0o600); err != nil {
		return err
	}
	sim, err := slacksim.Start(quiet())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	sim.AddUsers(rehearse.Users(org)...)
	for _, when := range []string{"first start, importing the chain", "start again"} {
		if err := oneLife(ctx, sim, program, dir, file, when, len(org.People)); err != nil {
			return err
		}
	}
	return nil
}

func oneLife(ctx context.Context, sim *slacksim.Sim, program, dir, file, when string, people int) error {
	cmd := exec.CommandContext(ctx, program, "run")
	cmd.Stderr = os.Stderr
	cmd.Env = []string{
		"SLACK_APP_TOKEN=" + sim.App().AppToken, "SLACK_BOT_TOKEN=" + sim.App().BotToken, "SLACK_API_URL=" + sim.URL(),
		"THREEDEEP_DATABASE=" + filepath.Join(dir, "rest.db"), "THREEDEEP_CHAIN=" + file, "THREEDEEP_AUTOSTART=true",
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // what it ended with was printed
	}()
	if err := sim.Wait(ctx, func() bool { return sim.Connections() > 0 }); err != nil {
		return err
	}
	hello := time.Since(began)
	// At rest is ten quiet seconds later, after the names were looked up.
	select {
	case <-time.After(10 * time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	rss, peak, err := weight(cmd.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Printf("%s: hello after %v; at rest with %d people %.1f MB resident (peak %.1f MB)\n", when, hello.Round(time.Millisecond), people, rss, peak)
	return nil
}

// weight reads a process's resident memory and its peak, in MB.
func weight(pid int) (rss, peak float64, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, errNoFigure
	}
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kb, _ := strconv.ParseFloat(f[1], 64) // other lines hold no number and are not looked at
		switch f[0] {
		case "VmRSS:":
			rss = kb / 1000
		case "VmHWM:":
			peak = kb / 1000
		}
	}
	return rss, peak, nil
}

// yaml writes a chain as its file.
func yaml(c cadence.Chain) string {
	var b strings.Builder
	fmt.Fprintf(&b, "timezone: %s\npeople:\n", c.Zone)
	for _, p := range c.People {
		fmt.Fprintf(&b, "  - {email: %s, roles: [%s]}\n", p.Email, p.Roles[0])
	}
	b.WriteString("links:\n")
	for _, l := range c.Links {
		fmt.Fprintf(&b, "  - {coach: %s, coachee: %s, one_on_one: %q}\n", l.Coach, l.Coachee, l.OneOnOne.String())
	}
	return b.String()
}

// monday is where the clock of every measurement stands at first.
func monday() time.Time { return time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC) }
