package rehearse_test

import (
	"strings"
	"testing"

	"github.com/threedeep/threedeep/bot/rehearse"
)

func TestReflectionFromClockToCoach(t *testing.T) {
	s := tell(t, oneLeader, "2026-12-02T09:00:00-05:00")
	leo, vera := s.person("leo"), s.person("vera")

	s.moveTo("2026-12-02T14:59:00-05:00")
	s.sees(leo)
	s.moveTo("2026-12-02T15:00:00-05:00")
	s.sees(leo, "What did you learn this week about how Priya and Sam coach?")
	s.sees(vera)

	s.must(leo.Types(s.ctx, "Priya asks before she tells."))
	s.sees(leo, "where was it hard to stay coach")
	s.must(leo.Types(s.ctx, "I nearly wrote the plan for her."))
	s.sees(leo, "Vera can't see this until you share it.")

	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.shows(leo, "Shared with Vera.")
	s.must(leo.Presses(s.ctx, "Keep"))
	s.shows(leo, "Kept.")
	s.sees(vera)

	s.moveTo("2026-12-03T09:00:00-05:00")
	s.sees(vera, "There is something to read first.")
	s.must(vera.Presses(s.ctx, "Open"))
	view, ok := s.Sim.TopView(vera.ID)
	if !ok {
		t.Fatal("nothing opened")
	}
	text := strings.Join(rehearse.Readable("", view.Blocks), "\n")
	if !strings.Contains(text, "Priya asks before she tells.") || strings.Contains(text, "nearly wrote") {
		t.Fatalf("the coach reads %q", text)
	}
	s.shows(leo, "Vera has opened it.")
	s.sees(leo)
}
