package blocks

import (
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/prompts"
)

// Home is what somebody finds in the app's Home tab: what is next, what waits for them, who sees what.
type Home struct {
	Words    prompts.Words
	Zone     *time.Location // the reader's
	Now      time.Time
	Outsider bool
	Coaches  []string // of somebody who is only coached in coaching sessions: first names
	Sessions []HomeSession
	Open     []HomeReflection
	ToRead   []HomeReading
	Setup    *HomeSetup
}

// HomeSession is a coming 1:1.
type HomeSession struct {
	Other string // first name
	At    time.Time
}

// HomeReflection is a conversation of the reader's own that still takes answers.
type HomeReflection struct {
	Talk, Coach string
	Saved       bool // nothing is asked any more
}

// HomeReading is something a leader shared.
type HomeReading struct{ Talk, Leader string }

// HomeSetup is what enablement sees: numbers, no answers.
type HomeSetup struct {
	People, Links int
	Started       bool
}

// HomeView shows the most important first; each role sees its own parts.
func HomeView(h Home) slack.HomeTabViewRequest {
	out := []slack.Block{slack.NewHeaderBlock(plainText(h.Words.Home.Title, 150))}
	switch {
	case h.Outsider:
		out = append(out, section(h.Words.Home.Outsider))
	default:
		out = append(out, h.setup()...)
		out = append(out, h.waiting()...)
		out = append(out, h.next()...)
		if len(h.Coaches) == 0 { // a manager is told what is on record instead: they answer nothing here
			out = append(out, slack.NewDividerBlock(), note(h.Words.Home.WhoSees))
		}
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: HomeCallback, Blocks: slack.Blocks{BlockSet: out}}
}

func (h Home) setup() []slack.Block {
	if h.Setup == nil {
		return nil
	}
	w := h.Words.Home
	sentence := w.Setup
	if h.Setup.Started {
		sentence = w.Started
	}
	s := section(prompts.Fill(sentence, "people", strconv.Itoa(h.Setup.People), "links", strconv.Itoa(h.Setup.Links)))
	if !h.Setup.Started {
		s.Accessory = slack.NewAccessory(primary(button(ActionStart, "start", w.Start)))
	}
	return []slack.Block{s, slack.NewDividerBlock()}
}

// waiting is what asks something of the reader.
func (h Home) waiting() []slack.Block {
	w := h.Words.Home
	var out []slack.Block
	for _, o := range h.Open[:min(len(h.Open), 10)] {
		sentence, caption := w.OpenPrompt, w.Answer
		if o.Saved {
			sentence, caption = w.SavedPrompt, w.Change
		}
		s := section(prompts.Fill(sentence, "coach", name(o.Coach)))
		s.Accessory = slack.NewAccessory(button(ActionAnswer, o.Talk, caption))
		out = append(out, s)
	}
	for _, r := range h.ToRead[:min(len(h.ToRead), 40)] {
		s := section(prompts.Fill(w.ToRead, "leader", name(r.Leader)))
		s.Accessory = slack.NewAccessory(button(ActionOpen, r.Talk, w.Open))
		out = append(out, s)
	}
	return out
}

func (h Home) next() []slack.Block {
	w := h.Words.Home
	switch {
	case len(h.Sessions) > 0:
	case len(h.Coaches) > 0:
		return []slack.Block{section(prompts.Fill(w.Manager, "coaches", name(prompts.ShortList(h.Coaches))))}
	default:
		return []slack.Block{section(w.No1on1)}
	}
	out := []slack.Block{section("*" + w.Next + "*")}
	for _, s := range h.Sessions[:min(len(h.Sessions), 20)] {
		when := prompts.Day(s.At, h.Now, h.Zone) + ", " + prompts.Clock(s.At, h.Zone)
		out = append(out, section(prompts.Fill(w.Next1on1, "other", name(s.Other), "when", when)))
	}
	return out
}
