package prompts

import (
	"slices"
	"time"
)

// LongestAnswer is how many characters one answer may hold: as many as one Slack message.
const LongestAnswer = 40_000

// Conversation is one person working through one guide for one session. What it holds belongs to that person;
// another sees an answer only once it is shared.
type Conversation struct {
	ID         string
	Guide      string
	Person     string // who answers
	Coach      string // who an answer may be shared with (R12)
	Link       string
	Occurrence string    // the planned session it prepares
	About      string    // a coachee's person id; empty for all of them
	Turns      int       // cards posted so far; the newest is the one that asks
	Thread     string    // the Slack thread it goes on in, empty for the conversation itself
	OpenedAt   time.Time // UTC
	Until      time.Time // UTC: when nothing is expected any more
	Version    int64     // raised by every change
	Answers    []Answer
}

// Choice is what the person decided about one answer.
type Choice string

// An answer is a draft until its writer chooses.
const (
	Draft  Choice = "draft"
	Kept   Choice = "kept"
	Shared Choice = "shared"
)

// Answer is what somebody wrote to one question.
type Answer struct {
	Question string
	Text     string
	Choice   Choice
	At       time.Time // UTC, of the latest change of the text
	SharedAt time.Time // UTC, zero while not shared
	ReadAt   time.Time // UTC, zero until the coach opened it
	Version  int64     // of the conversation, when the text last changed
}

// Answer finds the answer to a question.
func (c Conversation) Answer(question string) (Answer, bool) {
	for _, a := range c.Answers {
		if a.Question == question {
			return a, true
		}
	}
	return Answer{}, false
}

// Shared lists what the coach may read, in the order of the guide.
func (c Conversation) Shared() []Answer {
	var out []Answer
	for _, a := range c.Answers {
		if a.Choice == Shared {
			out = append(out, a)
		}
	}
	return out
}

// ReadableBy says whether somebody may read an answer: its writer always, the coach once it is shared, nobody else.
func (c Conversation) ReadableBy(person string, a Answer) bool {
	return person == c.Person || (person == c.Coach && a.Choice == Shared)
}

// Asking is the first question without an answer; false when all are answered.
func (c Conversation) Asking(g Guide) (Question, bool) {
	for _, q := range g.Questions {
		if _, ok := c.Answer(q.ID); !ok {
			return q, true
		}
	}
	return Question{}, false
}

// Deciding is the first answer still waiting for Share or Keep: one ask at a time.
func (c Conversation) Deciding() (Answer, bool) {
	for _, a := range c.Answers {
		if a.Choice == Draft {
			return a, true
		}
	}
	return Answer{}, false
}

// Open says whether answers are still taken.
func (c Conversation) Open(now time.Time) bool { return now.Before(c.Until) }

// with returns a copy of the conversation that holds this answer in the guide's order; the original is untouched. An
// answer whose question the guide does not ask any more is kept, after the others.
func (c Conversation) with(g Guide, a Answer) Conversation {
	out := make([]Answer, 0, len(c.Answers)+1)
	for _, old := range c.Answers {
		if old.Question != a.Question {
			out = append(out, old)
		}
	}
	out = append(out, a)
	slices.SortStableFunc(out, func(a, b Answer) int { return g.place(a.Question) - g.place(b.Question) })
	c.Answers = out
	return c
}
