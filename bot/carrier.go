package bot

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/cadence"
)

// Metadata under which a post carries its delivery id, so that it can be found again after a crash.
const (
	metadataType = "threedeep_delivery"
	metadataKey  = "delivery"
)

// Send hands a rendered delivery to Slack.
func (b *Bot) Send(ctx context.Context, c cadence.Claim, message any) delivery.Result {
	m := message.(outgoing)
	var posted cadence.Posted
	var err error
	switch c.Op {
	case cadence.OpPost:
		posted.Channel, posted.TS, err = b.api.PostMessageContext(ctx, m.to, append(m.options(), posting(c)...)...)
	case cadence.OpUpdate:
		posted = c.Posted
		_, _, _, err = b.api.UpdateMessageContext(ctx, c.Posted.Channel, c.Posted.TS, m.options()...)
	default:
		err = b.publish(ctx, m.to, *m.home)
	}
	if f := fatal(err); f != nil {
		select {
		case b.broken <- f:
		default: // it is known
		}
	}
	r := outcome(c.Op, err)
	r.Posted = posted
	return r
}

// options are a message's words.
func (m outgoing) options() []slack.MsgOption {
	options := []slack.MsgOption{slack.MsgOptionText(m.Text, false)}
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	return options
}

// posting says where a post goes and carries its delivery id. Nothing in it is unfurled: a link that somebody wrote
// must not be fetched because the bot spoke of it.
func posting(c cadence.Claim) []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{metadataKey: c.ID}}),
	}
	if c.Thread != "" {
		options = append(options, slack.MsgOptionTS(c.Thread))
	}
	return options
}

func (b *Bot) publish(ctx context.Context, user string, view slack.HomeTabViewRequest) error {
	_, err := b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
	return err
}

// Find looks for a post that an earlier attempt may have made.
func (b *Bot) Find(ctx context.Context, c cadence.Claim) (cadence.Posted, bool, error) {
	who, err := b.Store.Person(ctx, c.Audience)
	if err != nil || who.Slack == "" {
		return cadence.Posted{}, false, err
	}
	channel, err := b.conversationWith(ctx, who.Slack)
	if err != nil {
		return cadence.Posted{}, false, err
	}
	messages, err := b.recent(ctx, channel, c.Thread)
	if err != nil {
		return cadence.Posted{}, false, err
	}
	for _, m := range messages {
		if m.Metadata.EventType == metadataType && m.Metadata.EventPayload[metadataKey] == c.ID {
			return cadence.Posted{Channel: channel, TS: m.Timestamp}, true, nil
		}
	}
	return cadence.Posted{}, false, nil
}

// recent is the latest page of a conversation or a thread. A lane sends in order and waits for each, so that the post
// looked for is the newest of ours.
func (b *Bot) recent(ctx context.Context, channel, thread string) ([]slack.Message, error) {
	if thread != "" {
		messages, _, _, err := b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Limit: 1000, IncludeAllMetadata: true,
		})
		return messages, err
	}
	h, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Limit: 200, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, err
	}
	return h.Messages, nil
}

// outcome says what an error means for a delivery.
func outcome(op cadence.Op, err error) delivery.Result {
	if err == nil {
		return delivery.Result{Outcome: delivery.Sent}
	}
	r := delivery.Result{Outcome: delivery.Unknown, Reason: code(err)}
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &limited):
		r.Outcome, r.Pause = delivery.Again, limited.RetryAfter
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		r.Outcome, r.Pause = delivery.Again, 30*time.Second
	case errors.As(err, &refused):
		r.Outcome, r.Pause = refusedOutcome(refused.Err)
	case neverSent(err):
		r.Outcome = delivery.Again
	}
	if r.Outcome == delivery.Unknown && op != cadence.OpPost {
		r.Outcome = delivery.Again // doing it twice is doing it once
	}
	return r
}

// refusedOutcome sorts Slack's own words: what passes, what the operator must mend first, what never will be.
func refusedOutcome(word string) (delivery.Outcome, time.Duration) {
	switch word {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		return delivery.Unknown, 0
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return delivery.Again, 30 * time.Second
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
		"not_allowed_token_type", "org_login_required", "ekm_access_denied", "access_denied", "no_permission":
		return delivery.Again, time.Minute
	default:
		return delivery.Gone, 0
	}
}

// neverSent says whether a request surely did not reach Slack.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
