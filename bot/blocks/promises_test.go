package blocks_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/prompts"
)

func TestEveryStateKeepsSlacksLimits(t *testing.T) {
	for name, s := range shown(t) {
		for _, c := range complaints(s) {
			t.Errorf("%s: %s", name, c)
		}
	}
}

// nasty is what people may be called or write.
func nasty() *rapid.Generator[string] {
	parts := []string{"<!channel>", "<@U1>", "&", "&amp;", "<", ">", "*", "_", "`", "~", "{coach}", "🧭", "אב", "\n", "Priya", "|"}
	return rapid.Custom(func(t *rapid.T) string {
		part := rapid.SliceOfN(rapid.SampledFrom(parts), 1, 6).Draw(t, "parts")
		return strings.Repeat(strings.Join(part, ""), rapid.SampledFrom([]int{1, 1, 60, 300}).Draw(t, "times"))
	})
}

func TestNamesAndAnswersOfAnyKindNeitherPingNorBreakALimit(t *testing.T) {
	cards, forms, days, readings, homes := reflections(t), forms(t), briefs(t), readings(t), homes(t)
	rapid.Check(t, func(t *rapid.T) {
		name, words := nasty().Draw(t, "name"), nasty().Draw(t, "words")
		name = string([]rune(name)[:min(300, len([]rune(name)))])
		card, form := renamed(one(t, cards), name, words), renamed(one(t, forms), name, words)
		for _, s := range []any{
			message(blocks.Card(card)), blocks.Form(card), message(blocks.Card(form)), blocks.Form(form),
			message(blocks.BriefCard(coached(one(t, days), name))),
			blocks.ReadingView(wrote(one(t, readings), name, words)), blocks.HomeView(meets(one(t, homes), name)),
		} {
			for _, c := range complaints(s) {
				t.Fatalf("%T: %s", s, c)
			}
		}
	})
}

// Whatever is cut, no escape is cut in two: each of the names moves the place of the cut by a letter.
func TestNothingIsCutInsideAnEscape(t *testing.T) {
	r, reading := asking(t, 2), readings(t)["short"]
	for shift := range 8 {
		name := strings.Repeat("x", shift) + strings.Repeat("&", 500)
		for _, s := range []any{
			message(blocks.Card(renamed(r, name, ""))), blocks.Form(renamed(r, name, "")),
			blocks.ReadingView(wrote(reading, name, strings.Repeat(name, 20))),
		} {
			for _, c := range complaints(s) {
				if !strings.HasPrefix(c, "text has") { // so long a name is too much for the notification, not for this test
					t.Errorf("%d: %s", shift, c)
				}
			}
		}
	}
}

// one draws one of the states.
func one[T any](t *rapid.T, states map[string]T) T {
	return states[rapid.SampledFrom(slices.Sorted(maps.Keys(states))).Draw(t, "state")]
}

func coached(b blocks.Brief, name string) blocks.Brief {
	for i := range b.Sessions {
		b.Sessions[i].Leader = name
	}
	return b
}

func wrote(r blocks.Reading, name, words string) blocks.Reading {
	r.Leader, r.About, r.Shared = name, name, slices.Clone(r.Shared)
	for i := range r.Shared {
		r.Shared[i].Text = words
	}
	return r
}

func renamed(r blocks.Reflection, name, words string) blocks.Reflection {
	r.Coach, r.People = name, slices.Clone(r.People)
	for i := range r.People {
		r.People[i].Name = name
	}
	r.Talk.Answers = slices.Clone(r.Talk.Answers)
	for i := range r.Talk.Answers {
		r.Talk.Answers[i].Text = words
	}
	return r
}

func meets(h blocks.Home, name string) blocks.Home {
	for i := range h.Coaches {
		h.Coaches[i] = name
	}
	for i := range h.Sessions {
		h.Sessions[i].Other = name
	}
	for i := range h.Open {
		h.Open[i].Coach = name
	}
	for i := range h.ToRead {
		h.ToRead[i].Leader = name
	}
	return h
}

// posted is every message that is posted or edited, in every state.
func posted(t *testing.T) map[string]blocks.Message {
	out := map[string]blocks.Message{}
	for name, r := range reflections(t) {
		out["card "+name] = blocks.Card(r)
	}
	for name, r := range forms(t) {
		out["card of form "+name] = blocks.Card(r)
	}
	for name, b := range briefs(t) {
		out["brief "+name] = blocks.BriefCard(b)
	}
	return out
}

func TestStrangersReadNoManagerNoCountAndNoQuotation(t *testing.T) {
	date := regexp.MustCompile(`1:1s?|on [A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}|\d\d:\d\d \([A-Z0-9:+-]+\)`)
	for name, m := range posted(t) {
		for _, text := range []string{m.Text, first(m)} {
			if text == "" {
				t.Errorf("%s says nothing", name)
			}
			for _, p := range team(6) {
				if strings.Contains(text, p.Name) {
					t.Errorf("%s names a manager: %q", name, text)
				}
			}
			if strings.ContainsAny(date.ReplaceAllString(text, ""), "0123456789\"“”") || strings.Contains(text, marker) {
				t.Errorf("%s counts or quotes: %q", name, text)
			}
		}
	}
}

func TestNoPostedMessageHoldsAnAnswer(t *testing.T) {
	for name, m := range posted(t) {
		data, err := json.Marshal(message(m))
		if err != nil || strings.Contains(string(data), marker) {
			t.Errorf("%s holds what was written, %v", name, err)
		}
	}
}

func TestNoHomeHoldsAnAnswer(t *testing.T) {
	for name, h := range homes(t) {
		data, err := json.Marshal(blocks.HomeView(h))
		if err != nil || strings.Contains(string(data), marker) {
			t.Errorf("%s holds what was written, %v", name, err)
		}
	}
}

func TestEveryPlaceholderIsFilledIn(t *testing.T) {
	for name, s := range shown(t) {
		data, err := json.Marshal(s)
		if found := regexp.MustCompile(`\{[a-z_0-9]+\}`).FindString(string(data)); err != nil || found != "" {
			t.Errorf("%s shows %s, %v", name, found, err)
		}
	}
}

// R3: a coach can't tell from the card who kept, skipped, snoozed or was away.
func TestABriefReadsTheSameForAllWhoSharedNothing(t *testing.T) {
	b := briefs(t)["nothing_shared"]
	m := blocks.BriefCard(b)
	one, other := m.Blocks[1].(*slack.SectionBlock), m.Blocks[2].(*slack.SectionBlock)
	if strings.ReplaceAll(one.Text.Text, "Leo", "Ana") != other.Text.Text || one.Accessory != nil || other.Accessory != nil {
		t.Errorf("%q %q", one.Text.Text, other.Text.Text)
	}
}

func TestACardAsksOneThingAtATime(t *testing.T) {
	for name, r := range reflections(t) {
		data, err := json.Marshal(blocks.Card(r).Blocks)
		if err != nil {
			t.Fatal(err)
		}
		asks := strings.Count(string(data), `"primary"`)
		if asks > 1 {
			t.Errorf("%s has %d buttons that ask to be pressed", name, asks)
		}
		if decided := strings.Count(string(data), `"action_id":"share"`); decided != strings.Count(string(data), `"action_id":"keep"`) || decided > 1 {
			t.Errorf("%s does not offer Share and Keep as a pair, once", name)
		}
	}
}

// joined is all that a reading shows after its heading.
func joined(v slack.ModalViewRequest) string {
	var out strings.Builder
	for _, b := range v.Blocks.BlockSet {
		if s, ok := b.(*slack.SectionBlock); ok && !strings.HasPrefix(s.Text.Text, "*") {
			out.WriteString(s.Text.Text)
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(out.String())
}

func TestAnAnswerIsReadWholeHoweverLong(t *testing.T) {
	lib, g := library(t)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat(nasty().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "times"))
		text = strings.ReplaceAll(string([]rune(text)[:min(len([]rune(text)), 20_000)]), "*", "x")
		r := blocks.Reading{Words: lib.Words, Guide: g, Leader: "Leo", Shared: []prompts.Answer{{Question: g.Questions[0].ID, Text: text}}}
		if got := joined(blocks.ReadingView(r)); got != text {
			t.Fatalf("%d letters of %d", len(got), len(text))
		}
	})
	long := readings(t)["40000_letters"]
	if got := joined(blocks.ReadingView(long)); got != long.Shared[0].Text+long.Shared[1].Text {
		t.Errorf("%d letters", len(got))
	}
}

func TestWhatNoViewCanHoldIsSaid(t *testing.T) {
	for _, name := range []string{"40000_escapes", "40000_emoji"} {
		r := readings(t)[name]
		data, err := json.Marshal(blocks.ReadingView(r))
		if err != nil || !strings.Contains(string(data), "There is more than fits here") {
			t.Errorf("%s was cut short without a word, %v", name, err)
		}
	}
}

func TestAFormSaysWhichConversationAndVersionItIs(t *testing.T) {
	for name, r := range forms(t) {
		id, seen, ok := blocks.FormRef(blocks.Form(r).PrivateMetadata)
		if !ok || id != "talk" || seen != r.Talk.Version {
			t.Errorf("%s: %s %d %v", name, id, seen, ok)
		}
	}
	for _, bad := range []string{"", "talk", "talk|", "talk|x", "|1x"} {
		if _, _, ok := blocks.FormRef(bad); ok {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAFormWithoutAFieldHasNothingToSave(t *testing.T) {
	for name, r := range forms(t) {
		v := blocks.Form(r)
		fields := slices.ContainsFunc(v.Blocks.BlockSet, func(b slack.Block) bool { return b.BlockType() == slack.MBTInput })
		if fields != (v.Submit != nil) {
			t.Errorf("%s: fields %v, submit %v", name, fields, v.Submit)
		}
	}
}

// The rest of the bot finds its way back by these.
func TestAButtonsValueLeadsBackToItsAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id, question := rapid.StringMatching(`[0-9a-f]{24}`).Draw(t, "id"), rapid.StringMatching(`[a-z|_]{1,40}`).Draw(t, "question")
		if a, b := blocks.Unref(blocks.Ref(id, question)); a != id || b != question {
			t.Fatalf("%s %s", a, b)
		}
	})
}

func TestAChoiceTellsNothingOfThePerson(t *testing.T) {
	ref := blocks.PersonRef("priya@acme.example")
	if len(ref) > 20 || strings.Contains(ref, "priya") || ref == blocks.PersonRef("sam@acme.example") {
		t.Error(ref)
	}
}

func TestADayListsWhatIsPlannedAndWhatWaits(t *testing.T) {
	lib, _ := library(t)
	day := blocks.Today{Words: lib.Words, Command: "/coach", Zone: time.UTC, Now: eve()}
	if got := blocks.TodayText(day); !strings.HasSuffix(got, "\n"+lib.Words.Today.Empty) {
		t.Errorf("%q", got)
	}
	day.Sessions = []blocks.HomeSession{{Other: "<!channel>", At: meet()}}
	day.Open = []blocks.HomeReflection{{Talk: "a", Coach: "Dana"}, {Talk: "b", Coach: "Saved", Saved: true}}
	day.ToRead = []blocks.HomeReading{{Talk: "c", Leader: "Leo"}}
	want := "*Today, Wednesday 25 November*\n15:00 (UTC)  1:1 with &lt;!channel&gt;\n" +
		prompts.Fill(lib.Words.Today.Open, "coach", "Dana", "command", "/coach") + "\n" +
		prompts.Fill(lib.Words.Today.ToRead, "leader", "Leo")
	if got := blocks.TodayText(day); got != want {
		t.Errorf("%q", got)
	}
}
