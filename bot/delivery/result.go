package delivery

import (
	"time"

	"github.com/threedeep/threedeep/cadence"
)

// Outcome says how an attempt to send ended.
type Outcome string

// How an attempt ends.
const (
	Sent    Outcome = "sent"
	Again   Outcome = "again"   // it surely was not done: try again
	Gone    Outcome = "gone"    // it can never be done
	Dropped Outcome = "dropped" // it is of no use any more, or its audience may not see it
	Held    Outcome = "held"    // not now, but at an instant of the domain clock
	Unknown Outcome = "unknown" // it may have been done: look before trying again
)

// Result is what became of one attempt.
type Result struct {
	Outcome Outcome
	Posted  cadence.Posted // Sent: where
	Pause   time.Duration  // Again: how long Slack asked the whole sender to wait; 0 for nothing of the kind
	Until   time.Time      // Held: by the domain clock
	Reason  string         // for the record and the log; never holds words of a person
}

// backoff is how long to wait before attempt+1: a second at first, doubled each time, five minutes at most.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(max(attempt-1, 0), 10), 5*time.Minute)
}
