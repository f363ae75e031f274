package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/cadence"
)

func TestAnErrorOfSlacksDecidesWhatBecomesOfADelivery(t *testing.T) {
	refused := func(word string) error { return slack.SlackErrorResponse{Err: word} }
	request := func(err error) error { return &url.Error{Op: "Post", URL: "https://slack.example", Err: err} }
	for _, c := range []struct {
		what  string
		err   error
		post  delivery.Outcome
		edit  delivery.Outcome
		pause time.Duration
	}{
		{"no error", nil, delivery.Sent, delivery.Sent, 0},
		{"rate limited", &slack.RateLimitedError{RetryAfter: 7 * time.Second}, delivery.Again, delivery.Again, 7 * time.Second},
		{"wrapped", fmt.Errorf("sending: %w", &slack.RateLimitedError{RetryAfter: time.Second}), delivery.Again, delivery.Again, time.Second},
		{"429 without a time", slack.StatusCodeError{Code: 429}, delivery.Again, delivery.Again, 30 * time.Second},
		{"500", slack.StatusCodeError{Code: 500}, delivery.Unknown, delivery.Again, 0},
		{"502", slack.StatusCodeError{Code: 502}, delivery.Unknown, delivery.Again, 0},
		{"internal error", refused("internal_error"), delivery.Unknown, delivery.Again, 0},
		{"fatal error", refused("fatal_error"), delivery.Unknown, delivery.Again, 0},
		{"in words", refused("ratelimited"), delivery.Again, delivery.Again, 30 * time.Second},
		{"token gone", refused("token_revoked"), delivery.Again, delivery.Again, time.Minute},
		{"scope missing", refused("missing_scope"), delivery.Again, delivery.Again, time.Minute},
		{"user gone", refused("user_disabled"), delivery.Gone, delivery.Gone, 0},
		{"channel gone", refused("channel_not_found"), delivery.Gone, delivery.Gone, 0},
		{"bad blocks", refused("invalid_blocks"), delivery.Gone, delivery.Gone, 0},
		{"message gone", refused("message_not_found"), delivery.Gone, delivery.Gone, 0},
		{"no connection", request(&net.OpError{Op: "dial", Err: errors.New("refused")}), delivery.Again, delivery.Again, 0},
		{"no such host", request(&net.OpError{Op: "dial", Err: &net.DNSError{Name: "slack.example"}}), delivery.Again, delivery.Again, 0},
		{"cut off", request(&net.OpError{Op: "read", Err: io.EOF}), delivery.Unknown, delivery.Again, 0},
		{"too slow", request(context.DeadlineExceeded), delivery.Unknown, delivery.Again, 0},
		{"half an answer", errors.New("unexpected end of JSON input"), delivery.Unknown, delivery.Again, 0},
	} {
		for op, want := range map[cadence.Op]delivery.Outcome{cadence.OpPost: c.post, cadence.OpUpdate: c.edit, cadence.OpPublish: c.edit} {
			if got := outcome(op, c.err); got.Outcome != want || got.Pause != c.pause || (got.Reason == "") != (c.err == nil) {
				t.Errorf("%s, %s: %+v", c.what, op, got)
			}
		}
	}
}
