package rehearse_test

import (
	"strings"
	"testing"

	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
)

// answered brings somebody to the card with Share and Keep, by form.
func (s *story) answered(p *rehearse.Person) {
	s.Helper()
	s.asked(p)
	s.must(p.Presses(s.ctx, "Answer"))
	s.must(p.Fills("learned", "First answer."))
	s.must(p.Fills("solving", "Second answer."))
	_, err := p.Submits(s.ctx)
	s.must(err)
	s.shows(p, "Saved. Thank you.")
}

func TestShareCanBeUndoneUntilItIsOpened(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.answered(leo)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.must(leo.Presses(s.ctx, "Undo"))
	s.shows(leo, "Vera can't see this until you share it.")

	s.briefed(vera, "*Leo*, 10:00 (EST)")
	s.hasNot(said(vera.Messages()), "something to read") // as if nothing had ever been shared
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.shows(vera, "There is something to read first.") // the card of the day is edited
	s.sees(vera)

	seen, _ := leo.Latest()
	s.must(vera.Presses(s.ctx, "Open"))
	s.shows(leo, "Vera has opened it.")
	s.must(s.Sim.ClickStale(leo.ID, seen, "undo"))
	s.must(s.Settle(s.ctx))
	s.sees(leo, "Vera has opened this already, so the sharing can't be undone any more.")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "First answer.")
}

func TestWhatIsUndoneCantBeOpenedFromAnOldCard(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.answered(leo)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	card, _ := vera.Latest()
	s.must(leo.Presses(s.ctx, "Undo"))
	s.must(s.Sim.ClickStale(vera.ID, card, "open"))
	s.must(s.Settle(s.ctx))
	s.has(s.opened(vera), "Nothing is shared here any more.")
	s.hasNot(s.opened(vera), "First answer.")
	s.shows(vera, "*Leo*, 10:00 (EST)")
}

func TestPressOnAnOldCardShowsThePresentState(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.answered(leo)
	old, _ := leo.Latest()
	s.must(leo.Presses(s.ctx, "Keep"))
	s.must(s.Sim.ClickStale(leo.ID, old, "share"))
	s.must(s.Settle(s.ctx))
	s.sees(leo, "That card was out of date. It shows the present state now.")
	s.has(said(leo.Messages()), "Kept. Vera can't see this.")
	s.hasNot(said(leo.Messages()), "Shared with Vera")
}

func TestPressingTwiceIsPressingOnce(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.answered(leo)
	card, _ := leo.Latest()
	for range 2 { // two presses before the card has changed: the second finds the first one's answer decided
		s.must(s.Sim.ClickStale(leo.ID, card, "share"))
	}
	s.must(s.Settle(s.ctx))
	text := said(leo.Messages())
	if strings.Count(text, "Shared with Vera.") != 1 {
		t.Fatalf("two presses on one answer shared something else too: %q", text)
	}
}

func TestSecondPressOfTheSameFormIsSavedOnce(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Fills("learned", "Once."))
	s.must(leo.Fills("solving", "Only."))
	first, second, err := s.Sim.SubmitTwice(leo.ID)
	s.must(err)
	if first.Failed || second.Failed || len(first.Errors)+len(second.Errors) > 0 {
		t.Fatalf("two presses are answered with %+v and %+v", first, second)
	}
	s.must(s.Settle(s.ctx))
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	if n := strings.Count(s.opened(vera), "Once."); n != 1 {
		t.Fatalf("the answer is there %d times", n)
	}
}

func TestTwoDevicesLoseNothing(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer")) // the form is open on the laptop
	s.must(leo.Types(s.ctx, "From the phone."))
	s.sees(leo, "2 of 2.")
	s.must(leo.Fills("learned", "From the laptop."))
	s.must(leo.Fills("solving", "Also from the laptop."))
	_, err := leo.Submits(s.ctx)
	s.must(err)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "From the phone.\nFrom the laptop.")
}

func TestSomebodyElsesCardIsNotTheirs(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.answered(leo)
	card, _ := leo.Latest()
	// A press that no client offers, made up from what a curious coach might learn.
	s.forge(vera, card, "share")
	s.forge(vera, card, "open")
	s.forge(vera, card, "answer")
	s.hasNot(said(leo.Messages()), "Shared with Vera.")
	if _, open := s.Sim.TopView(vera.ID); open {
		s.hasNot(s.opened(vera), "First answer.")
	}
	for _, m := range vera.Messages() {
		s.hasNot(said([]slacksim.Message{m}), "First answer.")
	}
}

func TestOldFormAfterTheConversationClosedKeepsTheWords(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer"))
	s.moveTo("2026-12-09T15:00:00-05:00")
	s.must(leo.Fills("learned", "A week late."))
	result, err := leo.Submits(s.ctx)
	s.must(err)
	if result.Closed || !strings.Contains(result.Errors["about"], "closed now") {
		t.Fatalf("a form of last week is answered with %+v", result)
	}
}
