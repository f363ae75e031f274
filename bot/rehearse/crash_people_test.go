package rehearse_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence"
)

// player is somebody who goes on with their week while the bot dies and comes back. They know nothing of that: they
// act on what Slack shows them, once, and press again what Slack says has failed.
type player struct {
	sim       *slacksim.Sim
	id, email string
	role      cadence.Role

	mu    sync.Mutex // held from looking until what follows has reached the stand-in
	rnd   *rand.Rand
	mood  map[string]int  // how they feel about a card or a question
	done  map[string]bool // what is done once only
	acts  int
	texts int
	wrote []written
	form  []written // filled in, not taken yet
}

// written is an answer as its writer knows it.
type written struct {
	spot
	text   string
	byForm bool
}

// spot is where an answer belongs.
type spot struct{ conversation, question string }

func newPlayer(sim *slacksim.Sim, u slacksim.User, role cadence.Role, rnd *rand.Rand) *player {
	return &player{sim: sim, id: u.ID, email: u.Email, role: role, rnd: rnd, mood: map[string]int{}, done: map[string]bool{}}
}

// play goes on until ctx ends.
func (p *player) play(ctx context.Context) {
	for p.sim.Wait(ctx, p.wants) == nil {
		p.act()
	}
}

// wants tells whether anything is left to do for them about what they see.
func (p *player) wants() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next() != nil
}

func (p *player) act() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if do := p.next(); do != nil {
		p.acts++
		do()
	}
}

func (p *player) acted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.acts
}

// next is what they do now: about the form that is open, else about their newest card. Nil is nothing.
func (p *player) next() func() {
	connected := p.sim.Connections() > 0
	view, open := p.sim.TopView(p.id)
	switch {
	case open && view.Submit == "":
		return func() { p.closes() }
	case open && connected: // without a connection Slack would only show another error
		return func() { p.fillsIn(view) }
	case open:
		return nil
	}
	card, offers, ok := p.newest()
	if !ok {
		return nil
	}
	return p.about(card, offers, connected)
}

// newest is their newest card that can be pressed.
func (p *player) newest() (slacksim.Message, []offer, bool) {
	for _, m := range slices.Backward(p.sim.DM(p.id)) {
		if offers := buttonsOf(m.Blocks); len(offers) > 0 && !m.Deleted {
			return m, offers, true
		}
	}
	return slacksim.Message{}, nil, false
}

func (p *player) about(card slacksim.Message, offers []offer, connected bool) func() {
	byAction := map[string]offer{}
	for _, o := range offers {
		byAction[o.Action] = o
	}
	if o, asks := byAction[blocks.ActionAnswer]; asks {
		return p.answers(card, o, connected)
	}
	if o, decides := byAction[blocks.ActionShare]; decides {
		if p.feels(o.block)%2 == 0 {
			o = byAction[blocks.ActionKeep]
		}
		return p.tries(card, o, connected)
	}
	for _, o := range offers {
		if do := p.tries(card, o, connected); do != nil && o.Action == blocks.ActionOpen {
			return do
		}
	}
	return nil
}

// answers types, or asks for the form. Slack keeps a message for the bot, so nobody types it twice.
func (p *player) answers(card slacksim.Message, o offer, connected bool) func() {
	switch {
	case p.done[card.TS]:
		return nil
	case p.feels(card.TS)%3 == 0:
		return p.tries(card, o, connected)
	default:
		return func() { p.types(card, o) }
	}
}

// tries presses a button once. When the card has changed or the bot has connected anew, pressing again is another try.
func (p *player) tries(card slacksim.Message, o offer, connected bool) func() {
	key := fmt.Sprintf("%s %d %s %d", card.TS, card.Revision, o.id(), p.sim.Count("apps.connections.open"))
	if p.done[key] || !connected {
		return nil
	}
	return func() { // an error says that the bot has just gone: they see it, and press again
		p.done[key] = p.sim.Click(p.id, card.TS, o.id()) == nil
	}
}

// feels is a number that stays theirs about one thing, so that a seed replays what they do.
func (p *player) feels(about string) int {
	if _, ok := p.mood[about]; !ok {
		p.mood[about] = p.rnd.IntN(6)
	}
	return p.mood[about]
}

func (p *player) types(card slacksim.Message, o offer) {
	w := written{text: p.words(), spot: spot{o.Value, questionOf(card)}}
	if _, err := p.sim.Type(p.id, w.text); err == nil {
		p.wrote = append(p.wrote, w)
		p.done[card.TS] = true
	}
}

// words are no two times the same, and not all plain letters.
func (p *player) words() string {
	p.texts++
	return fmt.Sprintf(`answer %d of %s: "what else?" > advice & 1 < 2 🌱`, p.texts, p.email)
}

// questionOf reads which of the two questions a card asks.
func questionOf(card slacksim.Message) string {
	if strings.Contains(string(card.Blocks), "*2 of 2.*") {
		return "solving"
	}
	return "learned"
}

// closes puts away what they were shown to read.
func (p *player) closes() { _ = p.sim.CloseView(p.id) }

// fillsIn writes into the empty fields of a form and saves it. A form that could not be saved stays open, and they
// press Save again.
func (p *player) fillsIn(view slacksim.View) {
	conversation, _, _ := blocks.FormRef(view.PrivateMetadata)
	for _, field := range emptyFields(view.State) {
		w := written{text: p.words(), spot: spot{conversation, field}, byForm: true}
		if p.sim.Fill(p.id, field, w.text) == nil {
			p.form = append(p.form, w)
		}
	}
	if card, _, ok := p.newest(); ok {
		p.done[card.TS] = true
	}
	p.mu.Unlock() // the form stays in sight while the bot thinks, so nobody takes them for idle
	r, err := p.sim.Submit(p.id)
	p.mu.Lock()
	switch {
	case err == nil && r.Closed:
		p.wrote = append(p.wrote, p.form...)
		p.form = nil
	case err != nil || len(r.Errors) > 0:
		p.form = nil // the bot said that this was not saved
		p.closes()
	}
}

// offer is a button, as the app wrote it.
type offer struct {
	Type   string `json:"type"`
	Action string `json:"action_id"`
	Value  string `json:"value"`
	block  string
}

func (o offer) id() string { return o.block + "/" + o.Action }

func buttonsOf(raw json.RawMessage) []offer {
	var list []struct {
		ID        string  `json:"block_id"`
		Elements  []offer `json:"elements"`
		Accessory offer   `json:"accessory"`
	}
	_ = json.Unmarshal(raw, &list) // what somebody typed has blocks of another shape, and no buttons
	var out []offer
	for _, b := range list {
		for _, o := range append(b.Elements, b.Accessory) {
			if o.Type == "button" {
				o.block = b.ID
				out = append(out, o)
			}
		}
	}
	return out
}

// emptyFields are the text fields in which nothing stands yet.
func emptyFields(state json.RawMessage) []string {
	var values map[string]map[string]struct {
		Type  string  `json:"type"`
		Value *string `json:"value"`
	}
	_ = json.Unmarshal(state, &values) // a form without fields has no state
	var out []string
	for _, block := range values {
		for action, v := range block {
			if v.Type == "plain_text_input" && (v.Value == nil || *v.Value == "") {
				out = append(out, action)
			}
		}
	}
	slices.Sort(out)
	return out
}
