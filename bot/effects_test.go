package bot

import (
	"strings"
	"testing"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// queued is what an outcome queues, one word each: "post card:talk:2 asks solving".
func queued(t *testing.T, c prompts.Conversation, o prompts.Outcome) string {
	t.Helper()
	var out []string
	for _, d := range deliveries(guide(t), c, o, "2026-11-12", week(12).At) {
		s := string(d.Op) + " " + d.Key
		if d.Kind == prompts.CardKind {
			s += " asks " + d.Part
		}
		if d.ID == "" || !d.Due.Equal(week(12).At) || (d.Op == cadence.OpUpdate) != ("edit:"+d.Target == d.Key) {
			t.Errorf("%+v", d)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestAnOutcomeQueuesWhatItLeadsTo(t *testing.T) {
	talk := func(turns int, answered ...string) prompts.Conversation {
		c := prompts.Conversation{ID: "talk", Person: "leo", Coach: "dana", Turns: turns}
		for _, q := range answered {
			c.Answers = append(c.Answers, prompts.Answer{Question: q, Text: "words"})
		}
		return c
	}
	for _, c := range []struct {
		what string
		talk prompts.Conversation
		o    prompts.Outcome
		want string
	}{
		{
			"the first answer", talk(2, "learned"),
			prompts.Outcome{Post: true},
			"post card:talk:2 asks solving, republish home:leo",
		},
		{
			"the last answer", talk(3, "learned", "solving"),
			prompts.Outcome{Post: true},
			"post card:talk:3 asks , republish home:leo",
		},
		{"a form", talk(1, "learned"), prompts.Outcome{Refresh: true}, "update edit:card:talk:1 asks solving, republish home:leo"},
		{
			"sharing", talk(3, "learned", "solving"),
			prompts.Outcome{Refresh: true, Coach: true},
			"update edit:card:talk:3 asks , update edit:brief:dana:2026-11-12, republish home:leo",
		},
		{"a stale press", talk(1), prompts.Outcome{Refresh: true, Refused: prompts.Stale}, "update edit:card:talk:1 asks learned"},
		{"no card yet", talk(0), prompts.Outcome{Refresh: true}, "republish home:leo"},
		{"a stranger", talk(1), prompts.Outcome{Refused: prompts.NotYours}, ""},
	} {
		if got := queued(t, c.talk, c.o); got != c.want {
			t.Errorf("%s:\n%s\n%s", c.what, got, c.want)
		}
	}
}

func TestNoDeliveryHoldsWhatSomebodyWrote(t *testing.T) {
	c := prompts.Conversation{ID: "talk", Person: "leo", Coach: "dana", Turns: 2}
	c.Answers = []prompts.Answer{{Question: "learned", Text: "she-waited"}}
	if got := queued(t, c, prompts.Outcome{Post: true, Refresh: true, Coach: true}); strings.Contains(got, "she-waited") {
		t.Error(got)
	}
}
