package rehearse_test

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const wednesday = "2026-12-02T09:00:00-05:00"

func TestAnswerByForm(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)

	s.must(leo.Presses(s.ctx, "Answer"))
	s.has(s.opened(leo), "What did you learn this week about how Priya and Sam coach?")
	s.must(leo.Fills("learned", "Sam lets silence work."))
	s.must(leo.Fills("solving", "I answered for Sam twice."))
	result, err := leo.Submits(s.ctx)
	s.must(err)
	if !result.Closed {
		t.Fatalf("the form stays open: %+v", result)
	}
	s.sees(leo) // the card is edited, nothing new is posted
	s.shows(leo, "Vera can't see this until you share it.")
	for _, m := range leo.Messages() {
		if strings.Contains(m.Text+string(m.Blocks), "silence") {
			t.Fatal("the form left its words in a message")
		}
	}

	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "There is something to read first.")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "Sam lets silence work.")
	s.has(s.opened(vera), "I answered for Sam twice.")
}

func TestAnswerInThread(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.asked(leo)
	prompt, _ := leo.Latest()

	s.must(leo.TypesUnder(s.ctx, prompt.TS, "Priya asks first."))
	s.sees(leo, "2 of 2.")
	second, _ := leo.Latest()
	if second.ThreadTS != prompt.TS {
		t.Fatalf("the next question is asked outside the thread it was answered in: %+v", second)
	}
	s.must(leo.TypesUnder(s.ctx, prompt.TS, "I nearly did it for her."))
	s.sees(leo, "Vera can't see this until you share it.")
}

func TestAnswerAboutOneManagerOrAll(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.shows(leo, "how Priya and Sam coach?")

	s.must(leo.Picks(s.ctx, "about", "Sam"))
	s.sees(leo)
	s.shows(leo, "how Sam coaches?")
	s.must(leo.Types(s.ctx, "He lets them finish."))
	s.sees(leo, "With Sam, where was it hard")
	s.must(leo.Types(s.ctx, "At the forecast."))
	s.sees(leo, "Saved.")
	s.must(leo.Presses(s.ctx, "Share with Vera"))

	s.briefed(vera, "Leo")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "About Sam")
}

const sixManagers = `
timezone: Europe/London
people:
  - {email: vera@acme.example, name: Vera Lindqvist, roles: [vp]}
  - {email: leo@acme.example, name: Leo Marchetti, roles: [leader]}
  - {email: priya@acme.example, name: Priya Raman, roles: [manager]}
  - {email: sam@acme.example, name: Sam Okafor, roles: [manager]}
  - {email: ines@acme.example, name: Inés Duarte, roles: [manager]}
  - {email: kofi@acme.example, name: Kofi Asante, roles: [manager]}
  - {email: jonas@acme.example, name: Jonas Lund, roles: [manager]}
  - {email: sami@acme.example, name: Sam Berg, roles: [manager]}
links:
  - {coach: vera@acme.example, coachee: leo@acme.example, one_on_one: "0 15 * * THU"}
  - {coach: leo@acme.example, coachee: priya@acme.example}
  - {coach: leo@acme.example, coachee: sam@acme.example}
  - {coach: leo@acme.example, coachee: ines@acme.example}
  - {coach: leo@acme.example, coachee: kofi@acme.example}
  - {coach: leo@acme.example, coachee: jonas@acme.example}
  - {coach: leo@acme.example, coachee: sami@acme.example}
`

func TestSixManagersAreStillTwoQuestions(t *testing.T) {
	s := tell(t, sixManagers, "2026-12-02T09:00:00Z")
	leo := s.person("leo")
	s.moveTo("2026-12-02T15:00:00Z")
	s.sees(leo, "how Inés, Jonas and 4 others coach?")
	s.must(leo.Picks(s.ctx, "about", "Sam Berg")) // two are called Sam, so both are named in full
	s.must(leo.Types(s.ctx, "One."))
	s.sees(leo, "With Sam Berg, where")
	s.must(leo.Types(s.ctx, "Two."))
	s.sees(leo, "Saved. Thank you.")
}

func TestPiecesOfOneAnswerStayTogether(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	// Two messages in a breath: the second is typed before the next question can have been read.
	_, err := s.Sim.Type(leo.ID, "Priya asked first,")
	s.must(err)
	_, err = s.Sim.Type(leo.ID, "and then waited.")
	s.must(err)
	s.must(s.Settle(s.ctx))
	s.sees(leo, "2 of 2.")
	s.must(leo.Types(s.ctx, "Nowhere."))
	s.sees(leo, "Saved.")
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "Priya asked first,\nand then waited.")
}

func TestLateAnswerStillCounts(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.briefed(vera, "Leo")
	s.moveTo("2026-12-03T12:00:00-05:00")
	s.must(leo.Types(s.ctx, "Late, but here."))
	s.sees(leo, "Your 1:1 with Vera was")
	s.must(leo.Types(s.ctx, "Nowhere."))
	s.sees(leo, "Saved.")
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.shows(vera, "There is something to read first.")
	s.sees(vera)
}

func TestNextWeekAsksAnew(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.moveTo("2026-12-09T15:00:00-05:00")
	s.sees(leo, "Your 1:1 with Vera is tomorrow")
	s.sees(vera, "Your 1:1s today")
	s.must(leo.Types(s.ctx, "This week's answer."))
	s.sees(leo, "2 of 2.")
}

func TestLongAnswersAreKeptWhole(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	piece := "Ünïcödé & <b> مرحبا 👋🏽 "
	long := strings.Repeat(piece, 40_000/utf8.RuneCountInString(piece))
	s.must(leo.Types(s.ctx, long))
	s.sees(leo, "2 of 2.")
	s.must(leo.Presses(s.ctx, "Answer"))
	s.has(s.opened(leo), "They are saved whole")
	s.must(leo.Fills("solving", "Short."))
	_, err := leo.Submits(s.ctx)
	s.must(err)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	whole := strings.ReplaceAll(s.opened(vera), "\n", "")
	s.has(whole, strings.TrimSpace(long))
}

func TestEmptyFormSaysWhatIsMissing(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Fills("learned", "   "))
	result, err := leo.Submits(s.ctx)
	s.must(err)
	if result.Closed || !strings.Contains(result.Errors["about"], "A few words are enough") {
		t.Fatalf("an empty form is answered with %+v", result)
	}
	s.must(leo.Fills("learned", "A few words."))
	if result, err = leo.Submits(s.ctx); err != nil || !result.Closed {
		t.Fatalf("the form does not close: %+v, %v", result, err)
	}
	s.shows(leo, "2 of 2.")
}

func TestEmojiAndRightToLeftComeThrough(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	words := "شكراً سام 👩‍👧‍👦 – עברית, 你好 & *bold* _it_ `code`"
	s.must(leo.Types(s.ctx, words))
	s.sees(leo, "2 of 2.")
	s.must(leo.Types(s.ctx, "x"))
	s.sees(leo, "Saved.")
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), words)
}

func TestAnAnswerPingsNobody(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Fills("learned", "<!channel> <@U0000001> & <https://x.example|x>"))
	s.must(leo.Fills("solving", "typed"))
	_, err := leo.Submits(s.ctx)
	s.must(err)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	view, _ := s.Sim.TopView(vera.ID)
	s.has(string(view.Blocks), "&lt;!channel&gt; &lt;@U0000001&gt; &amp;")
	s.hasNot(string(view.Blocks), "<!channel")
	if s.Sim.Pings() > 0 {
		t.Fatalf("%d messages ping somebody", s.Sim.Pings())
	}
}

// A leader who is coached twice: words go to the newest question on the screen, and the card says to which.
func TestTwoCoachesTwoConversations(t *testing.T) {
	s := tell(t, strings.Replace(oneLeader, "links:", `  - {email: dana@acme.example, name: Dana Weiss, roles: [vp]}
links:
  - {coach: dana@acme.example, coachee: leo@acme.example, one_on_one: "0 12 * * THU", reflect: "30 15 * * WED"}`, 1), wednesday)
	leo := s.person("leo")
	s.moveTo("2026-12-02T15:30:00-05:00")
	s.sees(leo, "1:1 with Vera", "1:1 with Dana")
	s.must(leo.Types(s.ctx, "For Dana, being the newest."))
	s.sees(leo, "1:1 with Dana")
	first := leo.Messages()[0]
	s.must(leo.TypesUnder(s.ctx, first.TS, "For Vera, under her question."))
	s.sees(leo, "1:1 with Vera")
}
