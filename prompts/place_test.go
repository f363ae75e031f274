package prompts_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/prompts"
)

func TestATypedMessageFindsItsQuestion(t *testing.T) {
	card := func(talk, question, ts, thread string) prompts.Asked {
		return prompts.Asked{Conversation: talk, Question: question, TS: ts, Thread: thread}
	}
	asked := []prompts.Asked{
		card("vera", "learned", "100.000001", ""),
		card("vera", "solving", "200.000001", ""),
		card("dana", "learned", "300.000001", ""),
		card("dana", "solving", "400.000001", "300.000001"),
		card("old", "", "350.000001", ""),
	}
	for _, c := range []struct{ what, ts, thread, talk, question string }{
		{"before anything was asked", "099.000001", "", "", ""},
		{"at the very instant of the card", "100.000001", "", "", ""},
		{"after the first card", "150.000001", "", "vera", "learned"},
		{"after the second card the first has moved on", "250.000001", "", "vera", "solving"},
		{"the newest of two conversations", "310.000001", "", "dana", "learned"},
		{"one that asks nothing takes no words", "360.000001", "", "dana", "learned"},
		{"a card within a thread counts too", "450.000001", "", "dana", "solving"},
		{"in a thread: its own card", "250.000001", "100.000001", "vera", "learned"},
		{"in a thread: the newest card there", "450.000001", "300.000001", "dana", "solving"},
		{"in a thread: not a card not seen yet", "350.000001", "300.000001", "dana", "learned"},
		{"in the thread of something that asks nothing", "450.000001", "350.000001", "", ""},
		{"in a thread of something else", "450.000001", "042.000001", "", ""},
	} {
		for range 20 { // the order in which cards are looked at must not matter
			got, ok := prompts.Place(c.ts, c.thread, asked)
			if ok != (c.talk != "") || got.Conversation != c.talk || got.Question != c.question {
				t.Fatalf("%s: %v %+v", c.what, ok, got)
			}
		}
	}
}

func TestNothingIsEverPlacedUnderAQuestionNotYetSeen(t *testing.T) {
	moment := func(t *rapid.T, what string) string {
		return fmt.Sprintf("%03d.000001", rapid.IntRange(1, 20).Draw(t, what))
	}
	rapid.Check(t, func(t *rapid.T) {
		var asked []prompts.Asked
		for i := range rapid.IntRange(0, 12).Draw(t, "cards") {
			asked = append(asked, prompts.Asked{
				Conversation: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "talk"),
				Question:     rapid.SampledFrom([]string{"", "learned", "solving"}).Draw(t, "question"),
				TS:           moment(t, fmt.Sprint("ts", i)), Thread: "",
			})
		}
		now := moment(t, "now")
		got, ok := prompts.Place(now, "", asked)
		if ok && (got.TS >= now || got.Question == "") {
			t.Fatalf("typed at %s, placed under %+v", now, got)
		}
		for _, a := range asked {
			if ok && a.Conversation == got.Conversation && a.TS < now && a.TS > got.TS {
				t.Fatalf("%+v has moved on to %+v", got, a)
			}
		}
	})
}
