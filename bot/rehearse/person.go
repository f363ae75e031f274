package rehearse

import (
	"context"
	"fmt"

	"github.com/threedeep/threedeep/bot/slacksim"
)

// Person is somebody who is played: they see what Slack shows them and do what a hand can do.
type Person struct {
	w  *World
	ID string // Slack user id
}

// Person finds somebody by address or Slack id.
func (w *World) Person(who string) (*Person, error) {
	for _, u := range append(Users(w.Chain), w.options.Outsiders...) {
		if u.Email == who || u.ID == who {
			return &Person{w: w, ID: u.ID}, nil
		}
	}
	return nil, fmt.Errorf("nobody called %s is in this workspace", who)
}

// Messages is the conversation with the bot as the person sees it now, oldest first; deleted ones are gone.
func (p *Person) Messages() []slacksim.Message {
	var out []slacksim.Message
	for _, m := range p.w.Sim.DM(p.ID) {
		if !m.Deleted {
			out = append(out, m)
		}
	}
	return out
}

// Latest is the newest message of the bot.
func (p *Person) Latest() (slacksim.Message, bool) {
	all := p.Messages()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].BotID != "" {
			return all[i], true
		}
	}
	return slacksim.Message{}, false
}

// Types writes a message and waits for what comes of it.
func (p *Person) Types(ctx context.Context, text string) error {
	if _, err := p.w.Sim.Type(p.ID, text); err != nil {
		return err
	}
	return p.w.Settle(ctx)
}

// TypesUnder writes a message in the thread of another.
func (p *Person) TypesUnder(ctx context.Context, ts, text string) error {
	if _, err := p.w.Sim.TypeInThread(p.ID, ts, text); err != nil {
		return err
	}
	return p.w.Settle(ctx)
}

// Presses presses the button with this caption, in the form that is open, else on the newest message that has one.
func (p *Person) Presses(ctx context.Context, caption string) error {
	all := p.Messages()
	for i := len(all) - 1; i >= 0; i-- {
		if id, ok := buttonID(all[i].Blocks, caption); ok {
			if err := p.w.Sim.Click(p.ID, all[i].TS, id); err != nil {
				return err
			}
			return p.w.Settle(ctx)
		}
	}
	return fmt.Errorf("%s sees no button %q", p.ID, caption)
}

// PressesAtHome presses a button of the Home tab.
func (p *Person) PressesAtHome(ctx context.Context, caption string) error {
	home, _ := p.w.Sim.Home(p.ID)
	id, ok := buttonID(home.Blocks, caption)
	if !ok {
		return fmt.Errorf("%s sees no button %q at Home", p.ID, caption)
	}
	if err := p.w.Sim.ClickHome(p.ID, id); err != nil {
		return err
	}
	return p.w.Settle(ctx)
}

// Picks chooses somebody in the list of the newest message that has one.
func (p *Person) Picks(ctx context.Context, action, label string) error {
	all := p.Messages()
	for i := len(all) - 1; i >= 0; i-- {
		if value, ok := optionValue(all[i].Blocks, action, label); ok {
			if err := p.w.Sim.Choose(p.ID, all[i].TS, action, value); err != nil {
				return err
			}
			return p.w.Settle(ctx)
		}
	}
	return fmt.Errorf("%s sees no choice %q", p.ID, label)
}

// Fills writes into a field of the open form, by its action id.
func (p *Person) Fills(action, text string) error { return p.w.Sim.Fill(p.ID, action, text) }

// Submits presses the form's own button and waits for what comes of it.
func (p *Person) Submits(ctx context.Context) (slacksim.SubmitResult, error) {
	r, err := p.w.Sim.Submit(p.ID)
	if err != nil {
		return r, err
	}
	return r, p.w.Settle(ctx)
}

// Commands types a slash command in the conversation.
func (p *Person) Commands(ctx context.Context, command, text string) (slacksim.Reply, error) {
	r, err := p.w.Sim.Command(p.ID, command, text)
	if err != nil {
		return r, err
	}
	return r, p.w.Settle(ctx)
}

// OpensHome goes to the Home tab.
func (p *Person) OpensHome(ctx context.Context) error {
	if err := p.w.Sim.OpenHome(p.ID, "home"); err != nil {
		return err
	}
	return p.w.Settle(ctx)
}
