package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence"
)

// Play lets time pass in a world until to, with leaders who answer by typing and by form and coaches who open what
// is shared, and writes the conversation of each person as a transcript.
func Play(ctx context.Context, w *World, to time.Time, out io.Writer) error {
	p := &play{w: w, ctx: ctx, done: map[string]bool{}, said: map[string][]line{}, known: map[string]string{}}
	for _, until := range []time.Time{w.Clock.Now(), to} {
		if err := w.MoveTo(ctx, until, p.everybodyActs); err != nil {
			return err
		}
	}
	return errors.Join(p.write(out, to), p.complaints())
}

// line is one entry of somebody's transcript.
type line struct {
	at   time.Time
	text []string
}

type play struct {
	w     *World
	ctx   context.Context
	done  map[string]bool   // cards that were dealt with, by person and ts
	said  map[string][]line // by Slack id
	known map[string]string // what a message showed when it was noted last, by person and ts
	turn  int
}

// WednesdayAfter is the first instant at which it is Wednesday anywhere, and the last at which it is Thursday
// anywhere, of the first such days that begin at or after now.
func WednesdayAfter(now time.Time) (from, to time.Time) {
	day := now.UTC().Truncate(24 * time.Hour)
	for day.Weekday() != time.Wednesday || day.Add(-14*time.Hour).Before(now) {
		day = day.Add(24 * time.Hour)
	}
	return day.Add(-14 * time.Hour), day.Add(48*time.Hour + 12*time.Hour)
}

// everybodyActs gives everybody a look at what is in front of them, in a fixed order, until nobody does anything.
func (p *play) everybodyActs() error {
	for acted := true; acted; {
		acted = false
		for _, u := range Users(p.w.Chain) {
			did, err := p.acts(&Person{w: p.w, ID: u.ID})
			if err != nil {
				return err
			}
			acted = acted || did
		}
	}
	return nil
}

// acts lets one person do one thing about their newest card.
func (p *play) acts(who *Person) (bool, error) {
	p.notes(who)
	m, ok := who.Latest()
	key := who.ID + m.TS + string(m.Blocks)
	if !ok || p.done[key] {
		return false, nil
	}
	p.done[key] = true
	for _, step := range []struct {
		caption string
		do      func(*Person, slacksim.Message) error
	}{
		{"Answer", p.answers}, {"Share with", p.chooses}, {"Open", p.opens},
	} {
		if slices.ContainsFunc(captions(m.Blocks), func(c string) bool { return strings.HasPrefix(c, step.caption) }) {
			err := step.do(who, m)
			p.notes(who)
			return true, err
		}
	}
	return false, nil
}

// answers replies by typing or by form, in turn.
func (p *play) answers(who *Person, m slacksim.Message) error {
	p.turn++
	if p.turn%3 != 0 {
		return who.Types(p.ctx, "I asked what they had tried, and waited longer than was comfortable.")
	}
	p.did(who, "presses [Answer] and fills in the form")
	if err := who.Presses(p.ctx, "Answer"); err != nil {
		return err
	}
	view, ok := p.w.Sim.TopView(who.ID)
	if !ok {
		return fmt.Errorf("no form opened for %s", who.ID)
	}
	p.did(who, quote(Readable(view.Title, view.Blocks))...)
	for _, field := range fields(view.Blocks) {
		if err := who.Fills(field, "I asked one question more than I wanted to, and left the plan with them."); err != nil {
			return err
		}
	}
	p.did(who, "presses ["+view.Submit+"]")
	_, err := who.Submits(p.ctx)
	return err
}

// chooses shares the first answer of a card and keeps the second.
func (p *play) chooses(who *Person, m slacksim.Message) error {
	caption := "Keep"
	for _, c := range captions(m.Blocks) {
		if strings.HasPrefix(c, "Share with") && !slices.Contains(captions(m.Blocks), "Undo") {
			caption = c
		}
	}
	p.did(who, "presses ["+caption+"]")
	return who.Presses(p.ctx, caption)
}

// opens reads everything that was shared. The card is edited as one reads, so it is looked at anew each time.
func (p *play) opens(who *Person, _ slacksim.Message) error {
	for i := 0; ; i++ {
		m, _ := who.Latest()
		ids := buttonIDs(m.Blocks, "Open")
		if i >= len(ids) {
			p.done[who.ID+m.TS+string(m.Blocks)] = true
			return nil
		}
		p.did(who, "presses [Open]")
		if err := p.w.Sim.Click(who.ID, m.TS, ids[i]); err != nil {
			return err
		}
		if err := p.w.Settle(p.ctx); err != nil {
			return err
		}
		view, ok := p.w.Sim.TopView(who.ID)
		if !ok {
			return fmt.Errorf("nothing opened for %s", who.ID)
		}
		p.did(who, quote(Readable(view.Title, view.Blocks))...)
		if err := p.w.Sim.CloseView(who.ID); err != nil {
			return err
		}
	}
}

func (p *play) did(who *Person, what ...string) {
	p.said[who.ID] = append(p.said[who.ID], line{p.w.Clock.Now(), what})
}

// notes writes down what is new or has changed in somebody's conversation.
func (p *play) notes(who *Person) {
	for _, m := range who.Messages() {
		key, now := who.ID+m.TS, m.Text+string(m.Blocks)
		before, seen := p.known[key]
		if seen && before == now {
			continue
		}
		p.known[key] = now
		head := "Three Deep:"
		switch {
		case m.BotID == "":
			head = "writes:"
		case seen:
			head = "Three Deep (edited):"
		}
		p.did(who, append([]string{head}, quote(Readable(m.Text, m.Blocks))...)...)
	}
}

func quote(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "  │ " + l
	}
	return out
}

// write prints each person's transcript in their own time.
func (p *play) write(out io.Writer, to time.Time) error {
	var b strings.Builder
	quiet := 0
	for _, u := range Users(p.w.Chain) {
		zone, err := time.LoadLocation(u.TZ)
		if err != nil {
			zone = time.UTC
		}
		if len(p.said[u.ID]) == 0 {
			quiet++
			continue
		}
		fmt.Fprintf(&b, "━━ %s (%s) ━━\n", u.RealName, u.TZ)
		for _, l := range p.said[u.ID] {
			stamp := l.at.In(zone).Format("Mon 2 Jan 15:04")
			fmt.Fprintf(&b, "%s  %s\n", stamp, strings.Join(l.text, "\n"+strings.Repeat(" ", len(stamp)+2)))
		}
		b.WriteString("\n")
	}
	if quiet > 0 {
		fmt.Fprintf(&b, "%d of %d people saw nothing, as it should be for whoever has nothing to do.\n", quiet, len(p.w.Chain.People))
	}
	b.WriteString(p.later(to))
	_, err := io.WriteString(out, b.String())
	return err
}

// later says when links that had no turn in these two days are asked next, so that an empty play explains itself.
func (p *play) later(to time.Time) string {
	planner := cadence.Planner{Zones: &cadence.Zones{}, Zone: p.w.Chain.Zone}
	x := cadence.NewIndex(p.w.Chain)
	var lines []string
	for _, l := range p.w.Chain.Links {
		coachee, _ := x.Person(l.Coachee)
		if l.Zone == "" {
			l.Zone = coachee.Zone
		}
		r, ok := planner.NextReflection(l, coachee.Zone, "", to)
		if !ok || len(p.said[p.slack(l.Coachee)]) > 0 {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s is asked next on %s (UTC), before the 1:1 of %s.\n", l.Coachee,
			r.At.UTC().Format("Mon 2 Jan 15:04"), r.Session.Wall))
	}
	sort.Strings(lines)
	return strings.Join(lines, "")
}

func (p *play) slack(person string) string {
	for i, u := range Users(p.w.Chain) {
		if p.w.Chain.People[i].ID == person {
			return u.ID
		}
	}
	return ""
}

// complaints fails a play in which a strict Slack would have shown something broken.
func (p *play) complaints() error {
	if c := p.w.Sim.Complaints(); len(c) > 0 {
		return fmt.Errorf("what Slack would complain of: %s", strings.Join(c, "; "))
	}
	return nil
}
