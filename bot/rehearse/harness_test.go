package rehearse_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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

	forged   int
	database string // its file
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
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
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
		o.Log = textLog(os.Stderr)
	}
	for _, c := range change {
		c(&o)
	}
	w, err := rehearse.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{T: t, World: w, ctx: ctx, database: o.Database, seen: map[string]int{}}
	t.Cleanup(s.end)
	return s
}

func textLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
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

// opened is what stands in the form or reading that is open in front of somebody.
func (s *story) opened(p *rehearse.Person) string {
	s.Helper()
	view, ok := s.Sim.TopView(p.ID)
	if !ok {
		s.Fatalf("nothing is open in front of %s", p.ID)
	}
	return strings.Join(rehearse.Readable(view.Title, view.Blocks), "\n")
}

// home is what somebody's Home tab says.
func (s *story) home(p *rehearse.Person) string {
	s.Helper()
	s.must(p.OpensHome(s.ctx))
	view, ok := s.Sim.Home(p.ID)
	if !ok {
		s.Fatalf("%s has no Home", p.ID)
	}
	return strings.Join(rehearse.Readable("", view.Blocks), "\n")
}

// has expects a part of what somebody reads.
func (s *story) has(text, part string) {
	s.Helper()
	if !strings.Contains(text, part) {
		s.Fatalf("it says %q, not %q", text, part)
	}
}

func (s *story) hasNot(text, part string) {
	s.Helper()
	if strings.Contains(text, part) {
		s.Fatalf("it says %q, which holds %q", text, part)
	}
}

// asked moves to the prompt of the sample chain's Wednesday and reads it.
func (s *story) asked(p *rehearse.Person) {
	s.Helper()
	s.moveTo("2026-12-02T15:00:00-05:00")
	s.sees(p, "Your 1:1 with Vera is tomorrow")
}

// briefed moves to the coach's card of the day.
func (s *story) briefed(coach *rehearse.Person, part string) {
	s.Helper()
	s.moveTo("2026-12-03T09:00:00-05:00")
	s.sees(coach, part)
}

// forge sends a press by somebody on a card that was never shown to them.
func (s *story) forge(p *rehearse.Person, card slacksim.Message, action string) {
	s.Helper()
	var blocks []struct {
		Elements []struct{ Value string }
	}
	s.must(json.Unmarshal(card.Blocks, &blocks))
	value := ""
	for _, b := range blocks {
		for _, e := range b.Elements {
			value = max(value, e.Value)
		}
	}
	if action != "share" {
		value, _, _ = strings.Cut(value, "|")
	}
	s.forged++
	payload := map[string]any{
		"type": "block_actions", "user": map[string]any{"id": p.ID}, "trigger_id": "1.2.forged",
		"container": map[string]any{"type": "message", "message_ts": card.TS},
		"actions":   []any{map[string]any{"type": "button", "action_id": action, "value": value, "action_ts": fmt.Sprint(s.forged)}},
	}
	raw, err := json.Marshal(map[string]any{
		"envelope_id": fmt.Sprintf("forged-%d", s.forged), "type": "interactive", "payload": payload, "accepts_response_payload": true,
	})
	s.must(err)
	s.must(s.Sim.SendRaw(raw))
	s.must(s.Settle(s.ctx))
}
