package rehearse_test

import (
	"strings"
	"testing"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
)

func TestPeopleOutsideTheChainGetAPoliteLine(t *testing.T) {
	s := tell(t, oneLeader, wednesday, func(o *rehearse.Options) {
		o.Outsiders = []slacksim.User{{ID: "U0REP", Name: "robin", RealName: "Robin Reed", Email: "robin@acme.example"}}
	})
	robin := s.person("robin")
	s.must(robin.Types(s.ctx, "What is this?"))
	s.sees(robin, "You are not part of a coaching chain here")
	reply, err := robin.Commands(s.ctx, "/coach", "reflect")
	s.must(err)
	s.has(reply.Text, "You are not part of a coaching chain here")
	s.has(s.home(robin), "You are not part of a coaching chain here")
	s.hasNot(s.table("SELECT * FROM people"), "U0REP") // reps are never on record
	s.hasNot(s.table("SELECT * FROM inputs"), "U0REP")
}

func TestManagersAreLeftAlone(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	priya := s.person("priya")
	s.moveTo("2026-12-11T18:00:00-05:00") // a week and a half
	s.sees(priya)
	s.must(priya.Types(s.ctx, "Hello?"))
	s.sees(priya, "Nothing is asked of you here, and nothing you write here is kept.")
	s.has(s.home(priya), "You are coached by Leo. Nothing is asked of you here.")
}

func TestCommands(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	for command, part := range map[string]string{
		"":          "opens the questions for your next 1:1",
		"help":      "Your answers are yours until you press Share.",
		" HELP ":    "opens the questions for your next 1:1",
		"today":     "Nothing is planned for you today.",
		"sing":      "I don't know that one.",
		"reflect x": "I don't know that one.",
	} {
		reply, err := leo.Commands(s.ctx, "/coach", command)
		s.must(err)
		s.has(reply.Text, part)
		if reply.ResponseType != "ephemeral" {
			t.Errorf("%q is answered for everybody to see", command)
		}
	}
	reply, err := vera.Commands(s.ctx, "/coach", "reflect")
	s.must(err)
	s.has(reply.Text, "no 1:1 with a coach of yours planned")
}

func TestTodayListsTheDayAndWhatWaits(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.answered(leo)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.moveTo("2026-12-03T08:45:00-05:00")
	today := func(p *rehearse.Person) string {
		reply, err := p.Commands(s.ctx, "/coach", "today")
		s.must(err)
		return reply.Text
	}
	s.has(today(vera), "10:00 (EST)  1:1 with Leo")
	s.has(today(vera), "Leo shared something to read.")
	s.hasNot(today(vera), "First answer.")
	s.has(today(leo), "10:00 (EST)  1:1 with Vera")
}

func TestReflectBeforeItsTimeIsNotAskedTwice(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	_, err := leo.Commands(s.ctx, "/coach", "reflect")
	s.must(err)
	s.has(s.opened(leo), "What did you learn this week about how Priya and Sam coach?")
	s.must(leo.Fills("learned", "Early."))
	s.must(leo.Fills("solving", "Early too."))
	_, err = leo.Submits(s.ctx)
	s.must(err)
	s.sees(leo, "Saved. Thank you.")
	s.moveTo("2026-12-02T16:00:00-05:00")
	s.sees(leo) // it was answered already
}

func TestReflectLookedAtOnlyIsStillAsked(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	_, err := leo.Commands(s.ctx, "/coach", "reflect")
	s.must(err)
	s.must(s.Sim.CloseView(leo.ID))
	s.asked(leo)
	s.must(leo.Types(s.ctx, "Now."))
	s.sees(leo, "2 of 2.")
}

func TestHomeShowsWhatIsNextAndWhatWaits(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.has(s.home(leo), "1:1 with *Vera*, tomorrow, 10:00 (EST)")
	s.has(s.home(leo), "Who sees what")
	s.asked(leo)
	s.has(s.home(leo), "Reflection before your 1:1 with Vera")
	s.must(leo.PressesAtHome(s.ctx, "Answer"))
	s.must(leo.Fills("learned", "From Home."))
	s.must(leo.Fills("solving", "Also."))
	_, err := leo.Submits(s.ctx)
	s.must(err)
	view, _ := s.Sim.Home(leo.ID)
	s.has(string(view.Blocks), "You can still change it.") // published anew after their own action
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.has(s.home(vera), "Leo* shared something to read.")
	s.must(vera.PressesAtHome(s.ctx, "Open"))
	s.has(s.opened(vera), "From Home.")
}

func TestNobodyIsMessagedBeforeStart(t *testing.T) {
	chain := strings.Replace(oneLeader, "roles: [vp]", "roles: [vp, enablement]", 1)
	s := tell(t, chain, wednesday, func(o *rehearse.Options) {
		o.Change = func(c *bot.Config) { c.Autostart = false }
	})
	leo, vera := s.person("leo"), s.person("vera")
	s.moveTo("2026-12-02T16:00:00-05:00")
	s.sees(leo)
	s.has(s.home(vera), "Nobody is messaged until you press Start.")
	s.hasNot(s.home(leo), "Start")
	s.must(vera.PressesAtHome(s.ctx, "Start"))
	s.sees(vera, "Prompts are on.")
	s.sees(leo, "Your 1:1 with Vera is tomorrow")
}

func TestNamesAsSlackKnowsThem(t *testing.T) {
	long := strings.Repeat("Maximiliana-", 30)
	chain := strings.NewReplacer("Vera Lindqvist", "'<!channel> *&'", "Priya Raman", long).Replace(oneLeader)
	s := tell(t, chain, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.moveTo("2026-12-02T15:00:00-05:00")
	s.sees(leo, "Maximiliana-")
	s.must(leo.Types(s.ctx, "a"))
	s.must(leo.Types(s.ctx, "b"))
	s.home(leo)
	s.home(vera)
	_, err := leo.Commands(s.ctx, "/coach", "today")
	s.must(err)
	if s.Sim.Pings() > 0 {
		t.Fatal("a name pings people")
	}
}
