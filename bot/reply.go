package bot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/prompts"
)

// errCardInFlight leaves a message for Slack to bring again in a few seconds.
var errCardInFlight = errors.New("the card it answers is still being recorded")

// formError keeps a form open with a sentence on its first field, so that what was written stays in it.
func formError(in inbound, sentence string) any {
	return map[string]any{"response_action": "errors", "errors": map[string]string{in.FirstInput: sentence}}
}

// formRefusal is the acknowledgement of a form: nothing closes it, an error keeps it open.
func (b *Bot) formRefusal(in inbound, why prompts.Reason) any {
	w := b.Library.Words.Form
	switch {
	case in.Kind != kindSubmitted || why == prompts.Accepted:
		return nil
	case why == prompts.Empty:
		return formError(in, w.Nothing)
	case why == prompts.TooLong:
		return formError(in, prompts.Fill(w.TooLong, "n", strconv.Itoa(prompts.LongestAnswer)))
	case why == prompts.Decided:
		return formError(in, w.Decided)
	default:
		return formError(in, w.Closed)
	}
}

// ephemeral answers a command where it was typed, for nobody else to see.
func ephemeral(text string) any {
	return map[string]any{"response_type": "ephemeral", "text": text}
}

// whispered acknowledges and then tells one person why nothing came of a press.
func (b *Bot) whispered(in inbound, sentence string) answered {
	return answered{instant: func(context.Context) error {
		b.whisper(in, sentence)
		return nil
	}}
}

// whisper tells one person something at most once, past the outbox: it is only ever said about something that was
// not done, and it holds nothing of what anybody wrote. Failing is logged, no more.
func (b *Bot) whisper(in inbound, sentence string) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := b.tell(ctx, in, sentence); err != nil {
		b.Log.Warn("somebody could not be told that nothing came of what they did", "err", code(err))
	}
}

func (b *Bot) tell(ctx context.Context, in inbound, sentence string) error {
	channel, err := b.channelOf(ctx, in)
	if err != nil {
		return err
	}
	options := []slack.MsgOption{slack.MsgOptionText(sentence, false)}
	if in.Thread != "" {
		options = append(options, slack.MsgOptionTS(in.Thread))
	}
	_, err = b.api.PostEphemeralContext(ctx, channel, in.User, options...)
	return err
}

// channelOf is where somebody did something; for a Home or a form, which are nowhere, their conversation with the bot.
func (b *Bot) channelOf(ctx context.Context, in inbound) (string, error) {
	if in.Channel != "" {
		return in.Channel, nil
	}
	return b.conversationWith(ctx, in.User)
}

// conversationWith is the channel of somebody's conversation with the bot.
func (b *Bot) conversationWith(ctx context.Context, slackID string) (string, error) {
	dm, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{slackID}, ReturnIM: true})
	if err != nil {
		return "", err
	}
	return dm.ID, nil
}
