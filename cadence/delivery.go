package cadence

import "time"

// Delivery is one message to be posted, edited or published. It holds references only, never words: what it says
// is rendered when it is sent, after asking again whether its audience may see it.
type Delivery struct {
	ID       string // random; travels in the message's metadata
	Key      string // what makes it the same delivery: a second one with this key is not queued again
	Op       Op
	Kind     string    // which card
	Subject  string    // the row it is rendered from
	Part     string    // a finer reference, such as the question that a card asks
	Turn     int       // which card of its conversation, counted from 1
	Thread   string    // Slack's thread to post in, empty for the conversation itself
	Audience string    // person id
	Target   string    // OpUpdate: key of the post to edit
	Due      time.Time // UTC, by the domain clock
}

// Op says how a delivery reaches Slack.
type Op string

// Posts are sent once; updates and publications are idempotent, and only the latest of one key counts.
const (
	OpPost    Op = "post"
	OpUpdate  Op = "update"
	OpPublish Op = "publish"
	// OpRepublish shows a Home anew for somebody who has opened it before; for others there is nothing to do.
	OpRepublish Op = "republish"
)

// Lane is what must stay in order: what is posted to a person. An edit waits for its own message only, and a Home for
// nothing, so that neither holds up an answer to somebody.
func (d Delivery) Lane() string {
	switch d.Op {
	case OpPost:
		return d.Audience
	case OpUpdate:
		return "edit:" + d.Target
	default:
		return "home:" + d.Audience
	}
}

// Rank says what goes first when much is due at once: posts, then edits and Homes.
func (d Delivery) Rank() int {
	if d.Op == OpPost {
		return 0
	}
	return 1
}

// Claim is a delivery taken for sending. Owner and Attempt fence its end: a sender that lost its lease records nothing.
type Claim struct {
	Delivery
	Owner   string
	Attempt int
	Rev     int64  // raised when the same update is queued again meanwhile
	Posted  Posted // OpUpdate: where the message to edit is
}

// Posted says where Slack put a message.
type Posted struct{ Channel, TS string }
