package bot

import (
	"context"
	"strings"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// form opens the whole guide in one modal, once everything before it is committed.
func (b *Bot) form(ctx context.Context, in inbound, c prompts.Conversation) (answered, error) {
	r, err := b.reflection(ctx, c)
	if err != nil {
		return answered{}, err
	}
	return answered{instant: func(ctx context.Context) error {
		_, err := b.api.OpenViewContext(ctx, in.Trigger, blocks.Form(r))
		return err
	}}, nil
}

// submitted saves a form, or leaves it open with a sentence on its first field.
func (b *Bot) submitted(ctx context.Context, who cadence.Person, in inbound) (answered, error) {
	id, seen, ok := blocks.FormRef(in.Metadata)
	if in.Callback != blocks.FormCallback || !ok {
		return answered{}, nil
	}
	about, err := b.aboutPerson(ctx, who, in.Values[blocks.ActionAbout])
	if err != nil {
		return answered{}, err
	}
	p := prompts.Input{Kind: prompts.Submit, By: who.ID, About: about, Texts: map[string]string{}, Seen: seen}
	for k, v := range in.Values {
		p.Texts[k] = strings.TrimSpace(v)
	}
	_, o, err := b.step(ctx, in, id, p, nil)
	if err != nil {
		return answered{}, err
	}
	return answered{reply: b.formRefusal(in, o.Refused)}, nil
}
