package rehearse_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
)

// signal is closed the first time a word is written to it.
type signal struct {
	word string
	once sync.Once
	ch   chan struct{}
}

func (s *signal) Write(line []byte) (int, error) {
	if strings.Contains(string(line), s.word) {
		s.once.Do(func() { close(s.ch) })
	}
	return len(line), nil
}

func TestAFormSavedWhileStoppingIsAcknowledged(t *testing.T) {
	stopping := &signal{word: "stopping", ch: make(chan struct{})}
	committed := make(chan struct{})
	var armed atomic.Bool
	s := tell(t, oneLeader, wednesday, func(o *rehearse.Options) {
		o.Log = textLog(stopping)
		o.Change = func(c *bot.Config) {
			c.Crash = func(point string) { // the answer is durable, and the bot is told to stop before it can say so
				if point == bot.PointCommitted && armed.CompareAndSwap(true, false) {
					close(committed)
					<-stopping.ch
				}
			}
		}
	})
	leo := s.person("leo")
	s.asked(leo)
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Fills("learned", "Just in time."))
	armed.Store(true)
	result := make(chan slacksim.SubmitResult, 1)
	go func() {
		r, _ := s.Sim.Submit(leo.ID) // an error leaves the form open, which fails below
		result <- r
	}()
	<-committed
	s.must(s.StopBot())
	if r := <-result; !r.Closed {
		t.Fatalf("a form that was saved while stopping is answered with %+v", r)
	}
}

func TestARefusedFormCanBeSavedOnceNothingIsInItsWay(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.asked(leo)
	s.must(leo.Types(s.ctx, "First."))
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Types(s.ctx, "Second."))
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.must(leo.Fills("learned", "Better."))
	s.must(leo.Fills("solving", "Second."))
	refused, err := leo.Submits(s.ctx)
	s.must(err)
	if refused.Closed || !strings.Contains(strings.Join(values(refused.Errors), " "), "Undo") {
		t.Fatalf("a form whose answer was shared meanwhile is answered with %+v", refused)
	}
	s.must(leo.Presses(s.ctx, "Undo"))
	saved, err := leo.Submits(s.ctx)
	s.must(err)
	if !saved.Closed {
		t.Fatalf("after Undo it is answered with %+v", saved)
	}
	s.has(s.answers(), "Better.")
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func TestNothingUnpromptedAtNightHoweverItCameToBeLate(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.Sim.Fail("chat.postMessage", slacksim.Fault{Times: 1, Status: 429, RetryAfter: 1})
	s.Clock.MoveTo(s.at("2026-12-02T15:00:00-05:00"))
	s.must(s.Sim.Wait(s.ctx, func() bool { return s.Sim.Count("chat.postMessage") == 1 }))
	s.Clock.MoveTo(s.at("2026-12-02T23:00:00-05:00"))
	s.must(s.Settle(s.ctx))
	s.sees(leo)
	s.moveTo("2026-12-03T08:30:00-05:00")
	s.sees(leo, "Your 1:1 with Vera is today at 10:00")
}

func TestNoPromptOnceThe1on1HasBegun(t *testing.T) {
	s := tell(t, strings.Replace(oneLeader, `"0 10 * * THU", reflect: "0 15 * * WED"`, `"0 8 * * MON"`, 1), "2026-12-04T12:00:00-05:00")
	leo := s.person("leo")
	s.must(s.StopBot())
	s.Clock.MoveTo(s.at("2026-12-06T12:00:00-05:00")) // its Friday passed meanwhile
	s.must(s.StartBot(s.ctx))
	s.moveTo("2026-12-07T09:00:00-05:00")
	s.sees(leo)
}

func (s *story) at(instant string) time.Time {
	s.Helper()
	t, err := time.Parse(time.RFC3339, instant)
	s.must(err)
	return t
}

func TestWhomWordsAreAboutStandsOnceTheyAreWritten(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Picks(s.ctx, "about", "Priya"))
	s.must(leo.Types(s.ctx, "One."))
	s.must(leo.Types(s.ctx, "Two."))
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.must(leo.Picks(s.ctx, "about", "Sam")) // on the card that is answered long since
	s.has(said(leo.Messages()), "That card was out of date.")
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	s.has(s.opened(vera), "About Priya")
}

func TestReflectAfterThe1on1BeginsTheNext(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.answered(leo)
	s.briefed(vera, "Leo")
	s.moveTo("2026-12-04T10:00:00-05:00")
	_, err := leo.Commands(s.ctx, "/coach", "reflect")
	s.must(err)
	s.hasNot(s.opened(leo), "First answer.")
	s.must(leo.Fills("learned", "Next week's."))
	_, err = leo.Submits(s.ctx)
	s.must(err)
	s.sees(leo, "2 of 2.")
}

func TestABotTokenTakenBackEndsTheBot(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	s.Sim.Fail("chat.postMessage", slacksim.Fault{Times: 100, Error: "token_revoked"})
	s.Clock.MoveTo(s.at("2026-12-02T15:00:00-05:00"))
	if err := s.Ended(s.ctx); err == nil || !strings.Contains(err.Error(), "install the app again and copy the new one") {
		t.Fatalf("it ends with %v", err)
	}
}
