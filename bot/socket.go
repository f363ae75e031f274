package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// Envelope is what arrives over the socket, still as Slack wrote it.
type Envelope struct {
	ID      string
	Type    string // events_api, interactive, slash_commands
	Payload json.RawMessage
	Retry   int // how often Slack has brought it before
}

// Socket brings envelopes in and takes acknowledgements back. The other implementations are the tests' broken ones.
type Socket interface {
	// Receive hands every envelope to take until ctx ends, or until Slack refuses for good.
	Receive(ctx context.Context, take func(Envelope)) error
	// Ack acknowledges an envelope, with a payload where Slack takes one.
	Ack(ctx context.Context, envelope string, payload any) error
}

// slackSocket is Socket Mode by slack-go.
type slackSocket struct {
	client *socketmode.Client
	hello  func(connections int)
}

func newSlackSocket(api *slack.Client, hello func(int)) *slackSocket {
	return &slackSocket{client: socketmode.New(api), hello: hello}
}

// Ack does not block beyond ctx: slack-go's own Ack would while no connection is up.
func (s *slackSocket) Ack(ctx context.Context, envelope string, payload any) error {
	return s.client.AckCtx(ctx, envelope, payload)
}

func (s *slackSocket) Receive(ctx context.Context, take func(Envelope)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan error, 1)
	go func() { ended <- s.client.RunContext(ctx) }()
	for {
		select {
		case e := <-s.client.Events:
			if err := s.event(ctx, e, take); err != nil {
				cancel(err)
				<-ended
				return err
			}
		case err := <-ended:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return remedy("Slack closed the connection for good", err)
		}
	}
}

// event looks at one thing that slack-go reports. An event it could not parse is acknowledged by its raw id, or
// Slack would send it again and again.
func (s *slackSocket) event(ctx context.Context, e socketmode.Event, take func(Envelope)) error {
	switch data := e.Data.(type) {
	case *socketmode.ErrorBadMessage:
		var raw struct {
			ID string `json:"envelope_id"`
		}
		if json.Unmarshal(data.Message, &raw) == nil && raw.ID != "" {
			take(Envelope{ID: raw.ID, Type: "unparseable"})
		}
		return nil
	case *slack.ConnectionErrorEvent:
		return fatal(data.ErrorObj)
	}
	switch {
	case e.Request == nil:
	case e.Type == socketmode.EventTypeHello:
		s.hello(e.Request.NumConnections)
	case e.Request.EnvelopeID != "":
		take(Envelope{ID: e.Request.EnvelopeID, Type: string(e.Request.Type), Payload: e.Request.Payload, Retry: e.Request.RetryAttempt})
	}
	return nil
}

// fatal is the remedy for what slack-go would retry for ever although no retry can help; nil for passing trouble.
func fatal(err error) error {
	switch code(err) {
	case "missing_scope", "not_allowed_token_type", "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
		return remedy("Slack does not let the bot connect", err)
	default:
		return nil
	}
}

// code is Slack's own word for an error.
func code(err error) string {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) {
		return r.Err
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

// remedy adds to an error of Slack's what the operator can do about it.
func remedy(what string, err error) error {
	todo := map[string]string{
		"invalid_auth":           "the token is not known to Slack; copy SLACK_APP_TOKEN (xapp-) and SLACK_BOT_TOKEN (xoxb-) anew from the app's settings",
		"not_authed":             "no token was sent; set SLACK_APP_TOKEN and SLACK_BOT_TOKEN",
		"account_inactive":       "the app was removed from the workspace; install it again",
		"token_revoked":          "the token was revoked; install the app again and copy the new one",
		"token_expired":          "the token has expired; install the app again and copy the new one",
		"not_allowed_token_type": "the tokens are of the wrong kind; SLACK_APP_TOKEN begins with xapp- and SLACK_BOT_TOKEN with xoxb-",
		"missing_scope":          "the token lacks a scope; SLACK_APP_TOKEN needs connections:write, and the app must be installed again after a change of scopes",
	}[code(err)]
	if todo == "" {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %s: %w", what, todo, err)
}
