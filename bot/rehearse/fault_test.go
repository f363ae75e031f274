package rehearse_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence/chainfile"
)

// soon makes the stand-in repeat un-acknowledged events quickly, so that no test has to wait as a person would.
func soon(o *rehearse.Options) {
	o.Slack.AckWithin = 3 * time.Second
	o.Slack.Redeliver = []time.Duration{300 * time.Millisecond, 300 * time.Millisecond, 300 * time.Millisecond}
}

func TestUnparseableEventsAreAcknowledged(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	for i, payload := range []string{`{"type":"event_callback","event":{"type":7}}`, `"text"`, `[]`, `null`, `{"event":{"type":"from_the_future"}}`} {
		id := fmt.Sprintf("odd-%d", i)
		s.must(s.Sim.SendRaw(json.RawMessage(fmt.Sprintf(
			`{"envelope_id":%q,"type":"events_api","payload":%s,"accepts_response_payload":false}`, id, payload))))
		s.must(s.Sim.Wait(s.ctx, func() bool { return s.Sim.Acked(id) }))
	}
	s.asked(s.person("leo")) // and life goes on
}

func TestAPanicStaysWithItsEnvelope(t *testing.T) {
	var once atomic.Bool
	s := tell(t, oneLeader, wednesday, soon, func(o *rehearse.Options) {
		o.Slack.AckWithin = 300 * time.Millisecond
		o.Change = func(c *bot.Config) {
			c.Crash = func(point string) {
				if point == bot.PointBeforeCommit && once.CompareAndSwap(true, false) {
					panic("a defect")
				}
			}
		}
	})
	leo := s.person("leo")
	s.asked(leo)
	once.Store(true)
	s.must(leo.Types(s.ctx, "Brought again after a defect."))
	s.must(s.Sim.Wait(s.ctx, func() bool { return strings.Contains(said(leo.Messages()), "2 of 2.") }))
	s.has(s.answers(), "Brought again after a defect.")
}

func TestSlackAsksForAPause(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.Sim.Fail("chat.postMessage", slacksim.Fault{Times: 1, Status: 429, RetryAfter: 1})
	s.moveTo("2026-12-02T15:00:00-05:00")
	s.sees(leo, "Your 1:1 with Vera is tomorrow")
	if n := s.Sim.Count("chat.postMessage"); n != 2 {
		t.Fatalf("it was posted in %d calls: once refused and once accepted are 2", n)
	}
}

func TestAnAnswerLostOnTheWayBackIsNotSentTwice(t *testing.T) {
	s := tell(t, oneLeader, wednesday, func(o *rehearse.Options) {
		o.Change = func(c *bot.Config) { c.Lease, c.Timeout = 250*time.Millisecond, 150*time.Millisecond }
	})
	leo := s.person("leo")
	s.Sim.Fail("chat.postMessage", slacksim.Fault{Times: 1, AfterEffect: true})
	s.moveTo("2026-12-02T15:00:00-05:00")
	s.sees(leo, "Your 1:1 with Vera is tomorrow") // exactly one
	s.must(leo.Types(s.ctx, "Seen."))
	s.sees(leo, "2 of 2.")
}

func TestAConnectionThatDropsLosesNothing(t *testing.T) {
	for name, drop := range map[string]func(*slacksim.Sim){
		"dropped":           (*slacksim.Sim).DropSockets,
		"refresh requested": func(sim *slacksim.Sim) { sim.Disconnect("refresh_requested") },
		"warning":           func(sim *slacksim.Sim) { sim.Disconnect("warning") },
	} {
		t.Run(name, func(t *testing.T) {
			s := tell(t, oneLeader, wednesday, soon)
			leo := s.person("leo")
			s.asked(leo)
			drop(s.Sim)
			s.must(leo.Types(s.ctx, "Into the gap."))
			s.sees(leo, "2 of 2.")
			s.has(s.answers(), "Into the gap.")
		})
	}
}

func TestAFormThatCantBeOpenedSaysSo(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.asked(leo)
	s.Sim.Fail("views.open", slacksim.Fault{Error: "expired_trigger_id"})
	s.must(leo.Presses(s.ctx, "Answer"))
	s.sees(leo, "That did not open. Please press it once more.")
}

func TestTokensThatSlackRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*bot.Config)
		word   string
	}{
		{"swapped", func(c *bot.Config) { c.AppToken, c.BotToken = c.BotToken, c.AppToken }, "of the wrong kind"},
		{"unknown app token", func(c *bot.Config) { c.AppToken = "xapp-1-unknown" }, "is not known to Slack"},
		{"unknown bot token", func(c *bot.Config) { c.BotToken = "xoxb-unknown" }, "is not known to Slack"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := startWith(t, c.change, slacksim.Config{})
			if err == nil || !strings.Contains(err.Error(), c.word) {
				t.Fatalf("it says %v", err)
			}
		})
	}
	t.Run("missing scope", func(t *testing.T) {
		app := slacksim.DefaultApp()
		app.AppScopes = []string{"authorizations:read"}
		_, err := startWith(t, nil, slacksim.Config{App: app})
		if err == nil || !strings.Contains(err.Error(), "connections:write") {
			t.Fatalf("it says %v", err)
		}
	})
}

// startWith starts a world that is expected to fail.
func startWith(t *testing.T, change func(*bot.Config), slack slacksim.Config) (*rehearse.World, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	file, _ := chainfile.Parse("chain.yaml", []byte(oneLeader))
	w, err := rehearse.Start(ctx, rehearse.Options{
		Chain: file.Chain, At: time.Unix(1_780_000_000, 0), Database: filepath.Join(t.TempDir(), "refused.db"), Slack: slack, Change: change,
	})
	if err == nil {
		err = errors.Join(errors.New("it started"), w.Close())
	}
	return w, err
}

func TestARevokedTokenEndsTheBotWithTheRemedy(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	s.Sim.Revoke()
	err := s.Ended(s.ctx)
	if err == nil || !strings.Contains(err.Error(), "install the app again and copy the new one") {
		t.Fatalf("it ends with %v", err)
	}
}

func TestARestartForgetsNothing(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Types(s.ctx, "Before."))
	s.sees(leo, "2 of 2.")
	s.must(s.StopBot())
	_, err := s.Sim.Type(leo.ID, "While away.") // Slack holds it
	s.must(err)
	s.must(s.StartBot(s.ctx))
	s.must(s.Settle(s.ctx))
	s.sees(leo, "Saved. Thank you.")
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "Before.")
	s.has(s.opened(vera), "While away.")
}

func TestAfterDowntimeOnlyTheNewestIsAsked(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.must(s.StopBot())
	back, err := time.Parse(time.RFC3339, "2026-12-16T22:00:00-05:00") // two prompts and two briefs later, at night
	s.must(err)
	s.Clock.MoveTo(back)
	s.must(s.StartBot(s.ctx))
	s.must(s.Settle(s.ctx))
	s.sees(leo) // not at night
	s.moveTo("2026-12-17T08:30:00-05:00")
	s.sees(leo, "Your 1:1 with Vera is today")
	s.moveTo("2026-12-17T09:30:00-05:00")
	s.sees(vera, "Your 1:1s today")
	if n := strings.Count(s.table("SELECT id FROM occurrences WHERE kind = 'reflect' AND state = 'missed'"), "\n"); n != 2 {
		t.Fatalf("%d prompts are on record as missed, not 2", n)
	}
}

func TestALockedDatabaseDelaysAndLosesNothing(t *testing.T) {
	s := tell(t, oneLeader, wednesday, soon)
	leo := s.person("leo")
	s.asked(leo)
	unlock := s.lock()
	_, err := s.Sim.Type(leo.ID, "Written while locked.")
	s.must(err)
	// The bot gives up before Slack does, leaves the message un-acknowledged and says so; Slack brings it again.
	s.must(s.Sim.Wait(s.ctx, func() bool { return strings.Contains(said(leo.Messages()), "I could not save what you just wrote.") }))
	unlock()
	s.must(s.Sim.Wait(s.ctx, func() bool { return strings.Contains(said(leo.Messages()), "2 of 2.") }))
	s.must(s.Settle(s.ctx))
	s.has(s.answers(), "Written while locked.")
}

// lock holds the database as another program might, until the function it returns is called.
func (s *story) lock() func() {
	s.Helper()
	db, err := sql.Open("sqlite", "file:"+s.database+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	s.must(err)
	tx, err := db.Begin()
	s.must(err)
	return func() {
		s.must(tx.Rollback())
		s.must(db.Close())
	}
}

func TestAFullDiskKeepsTheWordsInTheForm(t *testing.T) {
	disk := smallDisk(t, "2m")
	s := tell(t, oneLeader, wednesday, func(o *rehearse.Options) {
		o.Database = filepath.Join(disk, "full.db")
		o.Slack.AckWithin = 500 * time.Millisecond
		o.Slack.Redeliver = slices.Repeat([]time.Duration{500 * time.Millisecond}, 60)
	})
	leo := s.person("leo")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Fills("learned", "Words on a full disk."))
	s.must(leo.Fills("solving", "More of them."))
	empty := fillDisk(t, disk)
	result, err := s.Sim.Submit(leo.ID)
	s.must(err)
	if result.Closed || !strings.Contains(result.Errors["about"], "Your words are still here") {
		t.Fatalf("a form on a full disk is answered with %+v", result)
	}
	_, err = s.Sim.Type(leo.ID, "Typed on a full disk.")
	s.must(err)
	s.must(s.Sim.Wait(s.ctx, func() bool { return strings.Contains(said(leo.Messages()), "I could not save what you just wrote.") }))
	s.must(s.Sim.OpenHome(leo.ID, "home")) // reading goes on
	s.must(s.Sim.Wait(s.ctx, func() bool { _, shown := s.Sim.Home(leo.ID); return shown }))
	empty()
	s.must(s.Sim.Wait(s.ctx, func() bool { return strings.Contains(s.answers(), "Typed on a full disk.") }))
	result, err = s.Sim.Submit(leo.ID)
	s.must(err)
	if !result.Closed {
		t.Fatalf("with room again the form is answered with %+v", result)
	}
	s.must(s.Settle(s.ctx))
	s.has(s.answers(), "Typed on a full disk.\nWords on a full disk.")
}
