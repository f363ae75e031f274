package prompts_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/prompts"
)

func anyInput(t *rapid.T, version int64) prompts.Input {
	words := rapid.SampledFrom([]string{"", " ", "a", "b\nc", "🧭 אב", strings.Repeat("x", 39_990), strings.Repeat("y", 40_001)})
	in := prompts.Input{
		Kind: rapid.SampledFrom([]prompts.InputKind{
			prompts.Typed, prompts.Submit, prompts.Pick, prompts.Share, prompts.Keep, prompts.Undo, prompts.Read, "",
		}).Draw(t, "kind"),
		By:       rapid.SampledFrom([]string{leo, leo, leo, vera, priya}).Draw(t, "by"),
		Question: rapid.SampledFrom([]string{learned, solving, "other"}).Draw(t, "question"),
		Text:     words.Draw(t, "text"),
		About:    rapid.SampledFrom([]string{"", priya}).Draw(t, "about"),
		Seen:     rapid.Int64Range(0, version).Draw(t, "seen"),
		Texts:    map[string]string{learned: words.Draw(t, "learned"), solving: words.Draw(t, "solving")},
	}
	if in.Kind == prompts.Read {
		in.By = rapid.SampledFrom([]string{vera, vera, leo, priya}).Draw(t, "reader")
	}
	return in
}

// copied is a conversation that shares no memory with the original.
func copied(c prompts.Conversation) prompts.Conversation {
	c.Answers = slices.Clone(c.Answers)
	return c
}

func content(c prompts.Conversation) prompts.Conversation {
	c = copied(c)
	c.Version = 0
	for i := range c.Answers {
		c.Answers[i].Version = 0
	}
	return c
}

// walk takes a conversation through any inputs, in any order, at any time, and shows each step to look.
func walk(t *testing.T, look func(t *rapid.T, was prompts.Conversation, in prompts.Input, next prompts.Conversation, o prompts.Outcome)) {
	g := weekly(t)
	rapid.Check(t, func(t *rapid.T) {
		c := asked()
		c.Turns = rapid.IntRange(0, 1).Draw(t, "turns")
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			in := anyInput(t, c.Version)
			at := noon().Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
			before := copied(c)
			next, o := prompts.Step(g, c, in, at)
			if !reflect.DeepEqual(c, before) {
				t.Fatalf("%s changed the conversation it was given:\n%+v\n%+v", in.Kind, before, c)
			}
			look(t, before, in, next, o)
			c = next
		}
	})
}

func TestTheVersionRisesByOneWithEachChangeAndNotOtherwise(t *testing.T) {
	walk(t, func(t *rapid.T, was prompts.Conversation, in prompts.Input, next prompts.Conversation, o prompts.Outcome) {
		changed := !reflect.DeepEqual(content(was), content(next))
		switch {
		case o.Refused != prompts.Accepted && !reflect.DeepEqual(was, next):
			t.Fatalf("%s was refused (%s) and changed something", in.Kind, o.Refused)
		case changed && next.Version != was.Version+1:
			t.Fatalf("%s changed something from version %d to %d", in.Kind, was.Version, next.Version)
		case !changed && next.Version != was.Version:
			t.Fatalf("%s changed nothing and yet has a new version", in.Kind)
		}
	})
}

func TestEveryAcceptedTextIsInTheAnswerAfterwards(t *testing.T) {
	walk(t, func(t *rapid.T, _ prompts.Conversation, in prompts.Input, next prompts.Conversation, o prompts.Outcome) {
		if o.Refused != prompts.Accepted {
			return
		}
		texts := map[string]string{}
		switch in.Kind {
		case prompts.Typed:
			texts[in.Question] = in.Text
		case prompts.Submit:
			texts = in.Texts
		}
		for question, text := range texts {
			if a, _ := next.Answer(question); !strings.Contains(a.Text, strings.TrimSpace(text)) {
				t.Fatalf("%s of %q was accepted, and %s holds %q", in.Kind, text, question, a.Text)
			}
		}
	})
}

func TestNothingSavedIsLostButToAFormThatShowedIt(t *testing.T) {
	walk(t, func(t *rapid.T, was prompts.Conversation, in prompts.Input, next prompts.Conversation, _ prompts.Outcome) {
		for _, old := range was.Answers {
			shown := in.Kind == prompts.Submit && old.Version <= in.Seen
			if a, ok := next.Answer(old.Question); !ok || (!shown && !strings.HasPrefix(a.Text, old.Text)) {
				t.Fatalf("%s made %q of %q", in.Kind, a.Text, old.Text)
			}
		}
	})
}

func TestOnlyTheWriterSharesAndOnlyTheCoachsOpeningIsAReceipt(t *testing.T) {
	walk(t, func(t *rapid.T, was prompts.Conversation, in prompts.Input, next prompts.Conversation, _ prompts.Outcome) {
		for _, a := range next.Answers {
			old, _ := was.Answer(a.Question)
			if a.Choice == prompts.Shared && old.Choice != prompts.Shared && (in.Kind != prompts.Share || in.By != leo) {
				t.Fatalf("%s by %s shared something", in.Kind, in.By)
			}
			if !a.ReadAt.IsZero() && (a.Choice != prompts.Shared || a.SharedAt.IsZero()) {
				t.Fatalf("read, but %s", a.Choice)
			}
			if a.ReadAt != old.ReadAt && (in.Kind != prompts.Read || in.By != vera || !old.ReadAt.IsZero()) {
				t.Fatalf("%s by %s wrote a receipt", in.Kind, in.By)
			}
			if (a.Choice == prompts.Shared) == a.SharedAt.IsZero() {
				t.Fatalf("%s with %v", a.Choice, a.SharedAt)
			}
		}
	})
}

func TestNoAnswerGrowsBeyondWhatIsKept(t *testing.T) {
	walk(t, func(t *rapid.T, _ prompts.Conversation, _ prompts.Input, next prompts.Conversation, _ prompts.Outcome) {
		for _, a := range next.Answers {
			if n := len([]rune(a.Text)); n > prompts.LongestAnswer || strings.TrimSpace(a.Text) == "" {
				t.Fatalf("%d characters", n)
			}
		}
	})
}
