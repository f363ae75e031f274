package prompts

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Input is what a person did to a conversation. Which fields count follows from Kind.
type Input struct {
	Kind     InputKind
	By       string            // the person who did it
	Question string            // Typed, Share, Keep, Undo
	Text     string            // Typed
	Thread   string            // Typed: the thread it was typed in
	About    string            // Pick, Submit
	Texts    map[string]string // Submit: by question id
	Seen     int64             // Submit: the conversation's version when the form was opened
}

// InputKind says what was done.
type InputKind string

// What people do.
const (
	Typed  InputKind = "typed"  // a message
	Submit InputKind = "submit" // the form
	Pick   InputKind = "pick"   // whom it is about
	Share  InputKind = "share"
	Keep   InputKind = "keep"
	Undo   InputKind = "undo"
	Read   InputKind = "read" // the coach opened what is shared
)

// Outcome is what a step leads to, beside the new state. Its writer decides nothing: it carries out.
type Outcome struct {
	Post    bool   // a new card at the end of the conversation (Turns was raised)
	Refresh bool   // the newest card is shown anew
	Coach   bool   // what the coach sees of it changed
	Refused Reason // nothing was changed, and why
}

// Reason says why an input changed nothing.
type Reason string

// The reasons, each with a sentence in Words.
const (
	Accepted    Reason = ""
	Empty       Reason = "empty"
	TooLong     Reason = "too_long"
	Closed      Reason = "closed"
	Stale       Reason = "stale"   // the card that was pressed was out of date
	Decided     Reason = "decided" // Share or Keep was pressed already
	AlreadyRead Reason = "already_read"
	NotYours    Reason = "not_yours"
)

// Step takes a conversation one input further. It is pure: the conversation that comes back is a changed copy with
// its version raised, or the same one with the reason why nothing changed (R12).
func Step(g Guide, c Conversation, in Input, now time.Time) (Conversation, Outcome) {
	if in.Kind == Read {
		return c.read(g, in.By, now)
	}
	if in.By != c.Person {
		return c, Outcome{Refused: NotYours}
	}
	switch in.Kind {
	case Typed:
		return c.typed(g, in, now)
	case Submit:
		return c.submitted(g, in, now)
	case Pick:
		return c.picked(in, now)
	case Share, Keep, Undo:
		return c.chosen(g, in, now)
	default:
		return c, Outcome{Refused: Stale}
	}
}

// typed saves a message as the answer to the question it was placed under. A second message to the same question
// goes on below the first: people write in pieces.
func (c Conversation) typed(g Guide, in Input, now time.Time) (Conversation, Outcome) {
	if why := c.refuses(in.Text, now); why != Accepted {
		return c, Outcome{Refused: why}
	}
	a, answered := c.Answer(in.Question)
	if _, _, ok := g.Question(in.Question); !ok || (answered && a.Choice != Draft) {
		return c, Outcome{Refused: Decided}
	}
	text := strings.TrimSpace(in.Text)
	if answered {
		text = a.Text + "\n" + text
	}
	if utf8.RuneCountInString(text) > LongestAnswer {
		return c, Outcome{Refused: TooLong}
	}
	c.Version++
	c = c.with(g, Answer{Question: in.Question, Text: text, Choice: Draft, At: now, Version: c.Version})
	if answered {
		return c, Outcome{Refresh: true}
	}
	c.Turns++
	c.Thread = in.Thread
	return c, Outcome{Post: true}
}

// submitted saves a form. Two devices may hold the same form: what came in since this one was opened is kept, and
// the later words go below the earlier ones, so that neither is lost. An answer that was shared meanwhile can't be
// changed: the form stays open with it.
func (c Conversation) submitted(g Guide, in Input, now time.Time) (Conversation, Outcome) {
	if !c.Open(now) {
		return c, Outcome{Refused: Closed}
	}
	next := c
	next.Version++
	if len(c.Shared()) == 0 { // what is shared stays about whom it was about
		next.About = in.About
	}
	changed, given := next.About != c.About, false
	for _, q := range g.Questions {
		old, had := c.Answer(q.ID)
		text := old.joined(in.Texts[q.ID], in.Seen)
		given = given || text != "" && old.Choice != Shared
		switch {
		case text == old.Text:
			continue
		case had && old.Choice == Shared:
			return c, Outcome{Refused: Decided}
		case utf8.RuneCountInString(text) > LongestAnswer:
			return c, Outcome{Refused: TooLong}
		}
		changed = true
		next = next.with(g, Answer{Question: q.ID, Text: text, Choice: Draft, At: now, Version: next.Version})
	}
	switch {
	case !given:
		return c, Outcome{Refused: Empty}
	case !changed:
		return c, Outcome{Refresh: true}
	case next.Turns == 0: // asked for before the card was due: it gets its card now
		next.Turns = 1
		return next, Outcome{Post: true}
	default:
		return next, Outcome{Refresh: true}
	}
}

// joined is the answer with what a form says now, which was opened when the conversation had the version seen. An
// empty field takes nothing away.
func (a Answer) joined(text string, seen int64) string {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return a.Text
	case a.Version <= seen: // the form held the answer; what it says now is instead of it
		return text
	case strings.Contains("\n"+a.Text+"\n", "\n"+text+"\n"): // it stands there already
		return a.Text
	default:
		return a.Text + "\n" + text
	}
}

func (c Conversation) picked(in Input, now time.Time) (Conversation, Outcome) {
	switch {
	case !c.Open(now):
		return c, Outcome{Refused: Closed, Refresh: true}
	case in.About == c.About:
		return c, Outcome{}
	case len(c.Answers) > 0: // what is written was written about somebody
		return c, Outcome{Refused: Stale, Refresh: true}
	}
	c.Version++
	c.About = in.About
	return c, Outcome{Refresh: true}
}

// chosen carries out Share, Keep and Undo for one answer. Share can be undone until the coach has opened it.
func (c Conversation) chosen(g Guide, in Input, now time.Time) (Conversation, Outcome) {
	a, ok := c.Answer(in.Question)
	switch {
	case !ok:
		return c, Outcome{Refused: Stale, Refresh: true}
	case in.Kind == Undo && !a.ReadAt.IsZero():
		return c, Outcome{Refused: AlreadyRead, Refresh: true}
	case in.Kind == Undo && a.Choice == Draft, in.Kind != Undo && a.Choice != Draft:
		return c, Outcome{Refused: Stale, Refresh: true}
	}
	wasShared := a.Choice == Shared
	a.SharedAt = time.Time{}
	switch in.Kind {
	case Share:
		a.Choice, a.SharedAt = Shared, now
	case Keep:
		a.Choice = Kept
	default:
		a.Choice = Draft
	}
	c.Version++
	return c.with(g, a), Outcome{Refresh: true, Coach: wasShared || a.Choice == Shared}
}

// read is the coach's opening: the receipt that ends Undo.
func (c Conversation) read(g Guide, by string, now time.Time) (Conversation, Outcome) {
	shared := c.Shared()
	if by != c.Coach || len(shared) == 0 {
		return c, Outcome{Refused: NotYours, Coach: by == c.Coach}
	}
	fresh := false
	for _, a := range shared {
		if a.ReadAt.IsZero() {
			fresh = true
			a.ReadAt = now
			c = c.with(g, a)
		}
	}
	if !fresh {
		return c, Outcome{}
	}
	c.Version++
	return c, Outcome{Refresh: true, Coach: true}
}

func (c Conversation) refuses(text string, now time.Time) Reason {
	switch {
	case strings.TrimSpace(text) == "":
		return Empty
	case utf8.RuneCountInString(text) > LongestAnswer:
		return TooLong
	case !c.Open(now):
		return Closed
	default:
		return Accepted
	}
}
