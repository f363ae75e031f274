package rehearse_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
)

var crashSeed = flag.Uint64("crash.seed", 0, "seed of the crash tests: the same deaths and whims as in an earlier run; 0 for new ones")

// perPoint is how often the bot is killed at each of the named points.
const perPoint = 13

func TestNothingIsLostAcrossKills(t *testing.T) {
	o := newOrdeal(t)
	r := o.endure(o.deaths(perPoint, bot.PointBeforeCommit, bot.PointCommitted, delivery.PointClaimed, delivery.PointSent))
	for _, wrong := range slices.Concat(r.lost, r.misplaced, r.unheard, r.missing, r.doubled, o.unexpected()) {
		t.Error(wrong)
	}
	for point, n := range o.killed {
		if n < 10 {
			t.Errorf("killed %d times only %s", n, point)
		}
	}
}

// TestAckBeforeCommitWouldLoseAnswers is the test of the test above: a bot that acknowledges first must be found out.
func TestAckBeforeCommitWouldLoseAnswers(t *testing.T) {
	o := newOrdeal(t)
	o.hasty = true
	if r := o.endure(o.deaths(perPoint, bot.PointBeforeCommit)); len(r.lost) == 0 {
		t.Error("a bot that acknowledges before it commits seems to lose nothing")
	}
}

// ordeal is a stand-in Slack with people in it, who outlive a bot that is killed again and again.
type ordeal struct {
	*testing.T
	ctx      context.Context
	sim      *slacksim.Sim
	chain    string
	database string
	rnd      *rand.Rand
	players  []*player
	day      int // how many times the clock was moved on
	hasty    bool
	killed   map[string]int
}

func newOrdeal(t *testing.T) *ordeal {
	t.Helper()
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("to play this again: -crash.seed=%d", seed)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	o := &ordeal{
		T: t, ctx: ctx, chain: sixLeaders(), database: filepath.Join(t.TempDir(), "lives.db"),
		rnd: rand.New(rand.NewPCG(seed, 0)), killed: map[string]int{},
	}
	o.openSlack(seed)
	return o
}

// openSlack starts the stand-in and lets its people loose. It is patient enough for one message to see many lives.
func (o *ordeal) openSlack(seed uint64) {
	o.Helper()
	var err error
	o.sim, err = slacksim.Start(slacksim.Config{
		AckWithin: time.Second, Redeliver: slices.Repeat([]time.Duration{200 * time.Millisecond}, 200), KeepTraffic: 256 << 20,
	})
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { _ = o.sim.Close() })
	chain, err := readChain(o.chain)
	if err != nil {
		o.Fatal(err)
	}
	users := rehearse.Users(chain)
	o.sim.AddUsers(users...)
	for i, u := range users {
		p := newPlayer(o.sim, u, chain.People[i].Roles[0], rand.New(rand.NewPCG(seed, uint64(i+1))))
		o.players = append(o.players, p)
		go p.play(o.ctx)
	}
}

// sixLeaders is a chain in which two coaches meet three leaders each on Thursdays, and ask them on Wednesdays.
func sixLeaders() string {
	var people, links strings.Builder
	person := func(name, role string) string {
		fmt.Fprintf(&people, "  - {email: %s@acme.example, roles: [%s], timezone: America/New_York}\n", name, role)
		return name + "@acme.example"
	}
	for _, coach := range []string{"vera", "viktor"} {
		vp := person(coach, "vp")
		for i := range 3 {
			leader := person(fmt.Sprintf("leader%d.%s", i+1, coach), "leader")
			manager := person(fmt.Sprintf("manager%d.%s", i+1, coach), "manager")
			fmt.Fprintf(&links, "  - {coach: %s, coachee: %s, one_on_one: \"%d 10 * * THU\", reflect: \"0 15 * * WED\"}\n", vp, leader, 20*i)
			fmt.Fprintf(&links, "  - {coach: %s, coachee: %s}\n", leader, manager)
		}
	}
	return "timezone: America/New_York\npeople:\n" + people.String() + "links:\n" + links.String()
}

// ordealTime is where the domain clock stands on the nth day that matters: Wednesday 15:00, when leaders are asked,
// then Thursday 09:00, when coaches get their card, week after week.
func ordealTime(n int) time.Time {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return time.Date(2026, 12, 2+7*(n/2)+n%2, 15-6*(n%2), 0, 0, 0, zone)
}

// deaths are so many at each point, in an order and at passings that the seed decides.
func (o *ordeal) deaths(each int, points ...string) []death {
	var out []death
	for _, point := range points {
		for range each {
			out = append(out, death{Point: point, Nth: 1 + o.rnd.Int64N(12)})
		}
	}
	o.rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// endure lives and dies through all deaths, then one life to its natural end, and says what it came to.
func (o *ordeal) endure(deaths []death) report {
	o.Helper()
	for _, d := range deaths {
		l := o.begin(d)
		for o.settles(l) {
			o.day++
		}
		if !l.wasKilled() || o.ctx.Err() != nil {
			o.Fatalf("a life did not end %v as planned: %v, %v; %+v\n%s", d, o.ctx.Err(), l.err, o.sim.Envelopes(), l.log.String())
		}
		o.killed[d.Point]++
	}
	last := o.begin(death{})
	settled := o.settles(last)
	last.end()
	if !settled || last.err != nil {
		o.Fatalf("the last life did not come to its end: %v\n%s", last.err, last.log.String())
	}
	r := o.report()
	o.Logf("killed %d times: %v\n%s", len(deaths), o.killed, r)
	return r
}

// settles waits until nobody has anything left to do at this instant of the domain clock; false when the bot has died.
func (o *ordeal) settles(l *life) bool {
	for o.sim.Wait(l.ctx, o.quiet) == nil {
		before := o.acts()
		if !l.settleAt(ordealTime(o.day)) {
			return false
		}
		if o.quiet() && o.acts() == before {
			return true
		}
	}
	return false
}

func (o *ordeal) quiet() bool {
	return o.sim.Connections() > 0 && o.sim.Idle() && !slices.ContainsFunc(o.players, (*player).wants)
}

func (o *ordeal) acts() (n int) {
	for _, p := range o.players {
		n += p.acted()
	}
	return n
}

// unexpected are the complaints of the stand-in that a kill does not explain: what people press or send while the bot
// is dead fails, they are shown that, and try again.
func (o *ordeal) unexpected() []string {
	return slices.DeleteFunc(o.sim.Complaints(), func(c string) bool {
		press := strings.HasPrefix(c, "press of ") || strings.HasPrefix(c, "form ")
		return press && (strings.Contains(c, "failed: not acknowledged within") || strings.Contains(c, "failed: the app has no connection"))
	})
}

// begin starts a life once Slack has noticed the end of the one before.
func (o *ordeal) begin(d death) *life {
	o.Helper()
	if err := o.sim.Wait(o.ctx, func() bool { return o.sim.Connections() == 0 }); err != nil {
		o.Fatal(err)
	}
	app := o.sim.App()
	l, err := startLife(o.ctx, birth{
		URL: o.sim.URL(), AppToken: app.AppToken, BotToken: app.BotToken, Database: o.database, Chain: o.chain,
		At: ordealTime(o.day), Death: d, Hasty: o.hasty,
	})
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(l.end)
	return l
}
