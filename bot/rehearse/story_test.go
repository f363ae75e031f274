package rehearse_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence/chainfile"
)

// story is a rehearsal told by a test: whatever nobody expects fails it.
type story struct {
	*testing.T
	*rehearse.World
	ctx  context.Context
	seen map[string]int // person: messages looked at
}

const oneLeader = `
timezone: America/New_York
people:
  - {email: vera@acme.example, name: Vera Lindqvist, roles: [vp], timezone: America/New_York}
  - {email: leo@acme.example, name: Leo Marchetti, roles: [leader], timezone: America/New_York}
  - {email: priya@acme.example, name: Priya Raman, roles: [manager], timezone: America/New_York}
  - {email: sam@acme.example, name: Sam Okafor, roles: [manager], timezone: America/New_York}
links:
  - {coach: vera@acme.example, coachee: leo@acme.example, one_on_one: "0 10 * * THU", reflect: "0 15 * * WED"}
  - {coach: leo@acme.example, coachee: priya@acme.example}
  - {coach: leo@acme.example, coachee: sam@acme.example}
`

func tell(t *testing.T, chain, at string, change ...func(*rehearse.Options)) *story {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	file, problems := chainfile.Parse("chain.yaml", []byte(chain))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	start, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	o := rehearse.Options{Chain: file.Chain, At: start, Database: filepath.Join(t.TempDir(), "story.db")}
	if testing.Verbose() {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	for _, c := range change {
		c(&o)
	}
	w, err := rehearse.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{T: t, World: w, ctx: ctx, seen: map[string]int{}}
	t.Cleanup(s.end)
	return s
}

// end closes the world; a stand-in that had reason to complain fails the story.
func (s *story) end() {
	for _, c := range s.Sim.Complaints() {
		s.Errorf("Slack would complain: %s", c)
	}
	if err := s.Close(); err != nil {
		s.Errorf("stopping: %v", err)
	}
}

func (s *story) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *story) person(who string) *rehearse.Person {
	s.Helper()
	p, err := s.Person(who + "@acme.example")
	s.must(err)
	return p
}

func (s *story) moveTo(at string) {
	s.Helper()
	t, err := time.Parse(time.RFC3339, at)
	s.must(err)
	s.must(s.MoveTo(s.ctx, t, nil))
}

// sees expects exactly these new messages of the bot, each known by a part of what it says, and nothing else.
func (s *story) sees(p *rehearse.Person, parts ...string) {
	s.Helper()
	var fresh []slacksim.Message
	all := p.Messages()
	for _, m := range all[min(s.seen[p.ID], len(all)):] {
		if m.BotID != "" {
			fresh = append(fresh, m)
		}
	}
	s.seen[p.ID] = len(all)
	if len(fresh) != len(parts) {
		s.Fatalf("%s sees %d new messages, not %d: %s", p.ID, len(fresh), len(parts), said(fresh))
	}
	for i, part := range parts {
		if text := said(fresh[i : i+1]); !strings.Contains(text, part) {
			s.Fatalf("message %d says %q, not %q", i+1, text, part)
		}
	}
}

func said(messages []slacksim.Message) string {
	var lines []string
	for _, m := range messages {
		lines = append(lines, rehearse.Readable(m.Text, m.Blocks)...)
	}
	return strings.Join(lines, "\n")
}

// shows expects the newest message of the bot to say this, as edited by now.
func (s *story) shows(p *rehearse.Person, part string) {
	s.Helper()
	m, _ := p.Latest()
	if text := said([]slacksim.Message{m}); !strings.Contains(text, part) {
		s.Fatalf("%s is shown %q, not %q", p.ID, text, part)
	}
}

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
