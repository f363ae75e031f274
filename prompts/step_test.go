package prompts_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/threedeep/threedeep/prompts"
)

const (
	leo, vera, priya = "leo@acme.example", "vera@acme.example", "priya@acme.example"
	learned, solving = "learned", "solving"
)

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// asked is Leo's conversation for his 1:1 with Vera, right after its first card.
func asked() prompts.Conversation {
	return prompts.Conversation{
		ID: "talk", Guide: prompts.Weekly, Person: leo, Coach: vera, Turns: 1, Version: 1,
		OpenedAt: noon(), Until: noon().AddDate(0, 0, 7),
	}
}

func typed(question, text string) prompts.Input {
	return prompts.Input{Kind: prompts.Typed, By: leo, Question: question, Text: text}
}

func form(seen int64, texts ...string) prompts.Input {
	in := prompts.Input{Kind: prompts.Submit, By: leo, Seen: seen, Texts: map[string]string{}}
	for i, text := range texts {
		in.Texts[[]string{learned, solving}[i]] = text
	}
	return in
}

func press(kind prompts.InputKind, question string) prompts.Input {
	return prompts.Input{Kind: kind, By: leo, Question: question}
}

func opens() prompts.Input { return prompts.Input{Kind: prompts.Read, By: vera} }

// after takes a conversation through inputs that must all be accepted.
func after(t *testing.T, c prompts.Conversation, ins ...prompts.Input) prompts.Conversation {
	t.Helper()
	for _, in := range ins {
		next, o := prompts.Step(weekly(t), c, in, noon())
		if o.Refused != prompts.Accepted {
			t.Fatalf("%s %s was refused: %s", in.Kind, in.Question, o.Refused)
		}
		c = next
	}
	return c
}

func wantText(t *testing.T, c prompts.Conversation, question, want string) {
	t.Helper()
	if a, _ := c.Answer(question); a.Text != want {
		t.Errorf("%s holds %q, want %q", question, a.Text, want)
	}
}

func wantRefused(t *testing.T, c prompts.Conversation, in prompts.Input, at time.Time, why prompts.Reason) {
	t.Helper()
	next, o := prompts.Step(weekly(t), c, in, at)
	if o.Refused != why {
		t.Errorf("%s %s: %q, want %q", in.Kind, in.Question, o.Refused, why)
	}
	if !reflect.DeepEqual(next, c) {
		t.Errorf("%s was refused and yet changed something:\n%+v\n%+v", in.Kind, c, next)
	}
}

func TestTheFirstAnswerPostsTheNextCard(t *testing.T) {
	in := typed(learned, "  She waited. ")
	in.Thread = "100.1"
	next, o := prompts.Step(weekly(t), asked(), in, noon())
	if o != (prompts.Outcome{Post: true}) {
		t.Errorf("%+v", o)
	}
	want := prompts.Answer{Question: learned, Text: "She waited.", Choice: prompts.Draft, At: noon(), Version: 2}
	if got, _ := next.Answer(learned); got != want {
		t.Errorf("%+v", got)
	}
	if next.Turns != 2 || next.Thread != "100.1" || next.Version != 2 {
		t.Errorf("%+v", next)
	}
}

func TestASecondMessageGoesBelowTheFirst(t *testing.T) {
	c := after(t, asked(), typed(learned, "She waited."), typed(learned, "And asked."))
	wantText(t, c, learned, "She waited.\nAnd asked.")
	if c.Turns != 2 {
		t.Errorf("a piece of an answer posted another card: %d", c.Turns)
	}
}

func TestTextsOfEveryKindAreKeptAsTheyAre(t *testing.T) {
	for _, text := range []string{
		"👩‍👩‍👧 🇳🇿 👍🏽", "שלום, איך היה?", "مرحبا <!channel> & *bold*", "a\n\nb", "\u202eright to left\u202c",
		strings.Repeat("x", prompts.LongestAnswer), strings.Repeat("語", prompts.LongestAnswer),
	} {
		wantText(t, after(t, asked(), typed(learned, text)), learned, text)
		wantText(t, after(t, asked(), form(1, text)), learned, text)
	}
}

func TestWhatCannotBeAnAnswerIsRefused(t *testing.T) {
	long := strings.Repeat("語", prompts.LongestAnswer+1)
	full := after(t, asked(), typed(learned, strings.Repeat("x", prompts.LongestAnswer-1)))
	for _, c := range []struct {
		talk prompts.Conversation
		in   prompts.Input
		why  prompts.Reason
	}{
		{asked(), typed(learned, ""), prompts.Empty},
		{asked(), typed(learned, " \n\t\u00a0"), prompts.Empty},
		{asked(), typed(learned, long), prompts.TooLong},
		{asked(), typed("other", "words"), prompts.Decided},
		{asked(), form(1, "", "  "), prompts.Empty},
		{asked(), form(1, long), prompts.TooLong},
		{full, typed(learned, "x"), prompts.TooLong},
		{full, form(1, "xx"), prompts.TooLong}, // the form is older than the answer, so the two would be joined
	} {
		wantRefused(t, c.talk, c.in, noon(), c.why)
	}
}

func TestAClosedConversationTakesNoWords(t *testing.T) {
	c := after(t, asked(), typed(learned, "She waited."))
	for _, in := range []prompts.Input{typed(solving, "x"), form(9, "x"), {Kind: prompts.Pick, By: leo, About: priya}} {
		wantRefused(t, c, in, c.Until, prompts.Closed)
	}
	if _, o := prompts.Step(weekly(t), c, typed(solving, "x"), c.Until.Add(-1)); o.Refused != prompts.Accepted {
		t.Error("it closed too early")
	}
}

func TestChoosingGoesOnAfterTheConversationClosed(t *testing.T) {
	c := after(t, asked(), typed(learned, "She waited."))
	late, o := prompts.Step(weekly(t), c, press(prompts.Share, learned), c.Until.AddDate(1, 0, 0))
	if o.Refused != prompts.Accepted || len(late.Shared()) != 1 {
		t.Errorf("what was saved stays theirs to share: %+v", o)
	}
}

func TestAStrangerIsRefusedWhateverTheyDo(t *testing.T) {
	shared := after(t, asked(), typed(learned, "a"), typed(solving, "b"), press(prompts.Share, learned))
	for _, by := range []string{priya, vera, ""} {
		for _, in := range []prompts.Input{
			typed(learned, "x"), form(9, "x", "y"), press(prompts.Pick, ""), press(prompts.Share, solving),
			press(prompts.Keep, solving), press(prompts.Undo, learned), press("", ""),
		} {
			in.By = by
			wantRefused(t, shared, in, noon(), prompts.NotYours)
		}
	}
	for _, by := range []string{priya, leo, ""} {
		wantRefused(t, shared, prompts.Input{Kind: prompts.Read, By: by}, noon(), prompts.NotYours)
	}
	wantRefused(t, shared, press("dance", learned), noon(), prompts.Stale)
}

func TestOnlyWhatIsSharedMayBeReadByTheCoach(t *testing.T) {
	c := after(t, asked(), typed(learned, "a"), typed(solving, "b"))
	wantRefused(t, c, opens(), noon(), prompts.NotYours)
	c = after(t, c, press(prompts.Keep, solving), press(prompts.Share, learned))
	if got := c.Shared(); len(got) != 1 || got[0].Question != learned {
		t.Fatalf("shared: %+v", got)
	}
	for _, a := range c.Answers {
		if !c.ReadableBy(leo, a) || c.ReadableBy(vera, a) != (a.Question == learned) || c.ReadableBy(priya, a) {
			t.Errorf("%s (%s) is readable by the wrong people", a.Question, a.Choice)
		}
	}
}

func TestSharingCanBeUndoneUntilItIsRead(t *testing.T) {
	shared := after(t, asked(), typed(learned, "a"), press(prompts.Share, learned))
	if a, _ := shared.Answer(learned); a.SharedAt != noon() {
		t.Errorf("not on record when it was shared: %+v", a)
	}
	undone := after(t, shared, press(prompts.Undo, learned))
	if a, _ := undone.Answer(learned); a.Choice != prompts.Draft || !a.SharedAt.IsZero() {
		t.Errorf("%+v", a)
	}
	wantRefused(t, undone, opens(), noon(), prompts.NotYours)
	read := after(t, undone, press(prompts.Share, learned), opens())
	if a, _ := read.Answer(learned); a.ReadAt != noon() {
		t.Errorf("there is no receipt: %+v", a)
	}
	wantRefused(t, read, press(prompts.Undo, learned), noon(), prompts.AlreadyRead)
}

func TestReadingAgainLeavesTheFirstReceipt(t *testing.T) {
	read := after(t, asked(), typed(learned, "a"), press(prompts.Share, learned), opens())
	again, o := prompts.Step(weekly(t), read, opens(), noon().Add(time.Hour))
	if o != (prompts.Outcome{}) || !reflect.DeepEqual(again, read) {
		t.Errorf("%+v %+v", o, again)
	}
	more := after(t, read, typed(solving, "b"), press(prompts.Share, solving))
	more, _ = prompts.Step(weekly(t), more, opens(), noon().Add(time.Hour))
	first, _ := more.Answer(learned)
	second, _ := more.Answer(solving)
	if first.ReadAt != noon() || second.ReadAt != noon().Add(time.Hour) {
		t.Errorf("%v %v", first.ReadAt, second.ReadAt)
	}
}

func TestAPressOnAnOldCardChangesNothing(t *testing.T) {
	draft := after(t, asked(), typed(learned, "a"))
	kept := after(t, draft, press(prompts.Keep, learned))
	for _, c := range []struct {
		talk prompts.Conversation
		in   prompts.Input
	}{
		{asked(), press(prompts.Share, learned)},
		{draft, press(prompts.Undo, learned)},
		{kept, press(prompts.Share, learned)},
		{kept, press(prompts.Keep, learned)},
	} {
		wantRefused(t, c.talk, c.in, noon(), prompts.Stale)
	}
	wantText(t, after(t, kept, press(prompts.Undo, learned)), learned, "a")
}

func TestTheCoachsCardIsTouchedOnlyByWhatTheCoachSees(t *testing.T) {
	draft := after(t, asked(), typed(learned, "a"))
	shared := after(t, draft, press(prompts.Share, learned))
	for _, c := range []struct {
		talk prompts.Conversation
		in   prompts.Input
		want bool
	}{
		{draft, press(prompts.Keep, learned), false},
		{draft, press(prompts.Share, learned), true},
		{shared, press(prompts.Undo, learned), true},
		{shared, opens(), true},
		{shared, typed(solving, "b"), false},
		{shared, form(9, "", "b"), false},
	} {
		if _, o := prompts.Step(weekly(t), c.talk, c.in, noon()); o.Coach != c.want {
			t.Errorf("%s: %+v", c.in.Kind, o)
		}
	}
}

func TestADecidedAnswerTakesNoMoreWordsUntilUndo(t *testing.T) {
	for _, choice := range []prompts.InputKind{prompts.Share, prompts.Keep} {
		c := after(t, asked(), typed(learned, "a"), press(choice, learned))
		wantRefused(t, c, typed(learned, "b"), noon(), prompts.Decided)
		wantText(t, after(t, c, press(prompts.Undo, learned), typed(learned, "b")), learned, "a\nb")
	}
}

func TestTwoDevicesWithTheSameFormLoseNothing(t *testing.T) {
	c := after(t, asked(), form(1, "from the laptop", "same"), form(1, "from the phone", "same"))
	wantText(t, c, learned, "from the laptop\nfrom the phone")
	wantText(t, c, solving, "same")
	c = after(t, asked(), typed(learned, "typed"), form(1, "in a form opened before"))
	wantText(t, c, learned, "typed\nin a form opened before")
}

func TestAStaleFormThatStillShowsAnEarlierPieceDoesNotRepeatIt(t *testing.T) {
	c := after(t, asked(), typed(learned, "one"))
	opened := c.Version
	c = after(t, c, typed(learned, "two"), form(opened, "one", "new"))
	wantText(t, c, learned, "one\ntwo")
	wantText(t, c, solving, "new")
}

func TestAFreshFormReplacesWhatItShows(t *testing.T) {
	c := after(t, asked(), typed(learned, "one"), press(prompts.Keep, learned))
	c = after(t, c, form(c.Version, "better", ""))
	wantText(t, c, learned, "better")
	if a, _ := c.Answer(learned); a.Choice != prompts.Draft {
		t.Errorf("new words are %s before anybody chose", a.Choice)
	}
	wantText(t, after(t, c, form(c.Version, "", "x")), learned, "better") // an empty field takes nothing away
}

func TestAFormWithAnAnswerSharedMeanwhileIsRefusedWhole(t *testing.T) {
	c := after(t, asked(), typed(learned, "one"))
	opened := c.Version
	c = after(t, c, press(prompts.Share, learned))
	wantRefused(t, c, form(opened, "one and more", "new"), noon(), prompts.Decided)
	wantText(t, after(t, c, form(opened, "one", "new")), solving, "new")
	c = after(t, c, press(prompts.Undo, learned), form(opened, "one and more", "new"))
	wantText(t, c, learned, "one and more")
}

func TestAFormSavedBeforeTheCardIsDuePostsIt(t *testing.T) {
	early := asked()
	early.Turns = 0
	next, o := prompts.Step(weekly(t), early, form(1, "early"), noon())
	if o != (prompts.Outcome{Post: true}) || next.Turns != 1 {
		t.Errorf("%+v %+v", o, next)
	}
}

func TestWhatChangesNothingIsAcceptedWithoutANewVersion(t *testing.T) {
	c := after(t, asked(), form(1, "a", "b"))
	for _, in := range []prompts.Input{form(c.Version, "a", "b"), form(c.Version), press(prompts.Pick, "")} {
		if next := after(t, c, in); !reflect.DeepEqual(next, c) {
			t.Errorf("%s changed %+v", in.Kind, next)
		}
	}
	in := form(c.Version, "a", "b")
	in.About = priya
	if next := after(t, c, in); next.About != priya || next.Version != c.Version+1 {
		t.Errorf("%+v", next)
	}
}

func TestPickingSaysWhomItIsAbout(t *testing.T) {
	c := after(t, asked(), prompts.Input{Kind: prompts.Pick, By: leo, About: priya})
	if c.About != priya || c.Version != 2 {
		t.Errorf("%+v", c)
	}
}

// A guide may be replaced while conversations are open.
func TestAnAnswerOutlivesItsQuestion(t *testing.T) {
	c := after(t, asked(), typed(learned, "a"), typed(solving, "b"))
	g := weekly(t)
	g.Questions = slices.Clone(g.Questions[1:])
	for _, in := range []prompts.Input{press(prompts.Share, learned), press(prompts.Keep, solving), opens()} {
		var o prompts.Outcome
		if c, o = prompts.Step(g, c, in, noon()); o.Refused != prompts.Accepted {
			t.Fatalf("%s: %s", in.Kind, o.Refused)
		}
	}
	first, _ := c.Answer(learned)
	second, _ := c.Answer(solving)
	if first.ReadAt.IsZero() || second.Choice != prompts.Kept || first.Text != "a" || second.Text != "b" {
		t.Errorf("%+v", c.Answers)
	}
}

func TestAnswersStandInTheGuidesOrder(t *testing.T) {
	c := after(t, asked(), form(1, "", "second first"), form(2, "first second", ""))
	if c.Answers[0].Question != learned || c.Answers[1].Question != solving {
		t.Errorf("%+v", c.Answers)
	}
	q, asking := asked().Asking(weekly(t))
	if !asking || q.ID != learned {
		t.Errorf("the first question is %s", q.ID)
	}
	if _, asking := c.Asking(weekly(t)); asking {
		t.Error("it still asks")
	}
	if a, deciding := c.Deciding(); !deciding || a.Question != learned {
		t.Errorf("it decides about %+v", a)
	}
}
