package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/cadence"
)

// told runs a story in a bubble of its own, where time passes only when everybody waits.
func told(t *testing.T, o func(*delivery.Options), story func(t *testing.T, o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if o == nil {
			o = func(*delivery.Options) {}
		}
		office := opened(t, o)
		story(t, office)
		office.finish(t)
	})
}

// pass lets d go by and everything that follows happen.
func pass(d time.Duration) {
	time.Sleep(d) // of the bubble, not of the machine
	synctest.Wait()
}

func TestALaneIsSentInOrderAndLanesSideBySide(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		through := o.answer
		o.answer = func(c cadence.Claim) delivery.Result {
			if c.Audience == "slow" {
				time.Sleep(time.Second)
			}
			return through(c)
		}
		for i := range 3 {
			o.put(fmt.Sprint("slow", i), "slow", cadence.OpPost)
		}
		o.put("quick", "quick", cadence.OpPost)
		o.start(t)
		pass(500 * time.Millisecond)
		if o.outcome("quick") == "" || o.outcome("slow0") != "" {
			t.Error("one lane held up the other")
		}
		pass(5 * time.Second)
		var order journal
		for _, s := range o.sent.all() {
			if strings.HasPrefix(s, "slow") {
				order.add(s)
			}
		}
		want(t, "sent", &order, "slow0 at 0s", "slow1 at 1s", "slow2 at 2s")
	})
}

func TestAFailureHoldsUpItsLaneOnly(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a1", delivery.Result{Outcome: delivery.Again})
		o.put("a1", "a", cadence.OpUpdate)
		o.put("a2", "a", cadence.OpUpdate)
		o.start(t)
		pass(500 * time.Millisecond)
		o.put("b1", "b", cadence.OpUpdate)
		o.Wake()
		pass(time.Minute)
		want(t, "sent", &o.sent, "a1 at 0s", "b1 at 500ms", "a1 at 1s", "a2 at 1s")
	})
}

func TestRetryAfterPausesTheWholeSender(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Again, Pause: 20 * time.Second})
		o.put("a", "a", cadence.OpUpdate)
		o.start(t)
		synctest.Wait()
		o.put("b", "b", cadence.OpUpdate)
		o.Wake()
		pass(20*time.Second - time.Millisecond)
		want(t, "sent during the pause", &o.sent, "a at 0s")
		pass(time.Second)
		if o.outcome("a") == "" || o.outcome("b") == "" {
			t.Errorf("not sent after the pause: %q", o.sent.all())
		}
		if b := o.rows[1]; b.Attempt != 1 {
			t.Errorf("b was taken %d times: a pause is no failure", b.Attempt)
		}
	})
}

// b was taken before Slack asked for the pause, and is ready to be sent a moment after.
func TestWhoIsUnderWayWaitsOutThePauseToo(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Again, Pause: 20 * time.Second})
		o.render = func(c cadence.Claim) (string, error) {
			if c.Key == "b" && c.Attempt == 1 {
				time.Sleep(time.Second)
			}
			return "", nil
		}
		o.put("a", "a", cadence.OpUpdate)
		o.put("b", "b", cadence.OpUpdate)
		o.start(t)
		pass(19 * time.Second)
		want(t, "sent during the pause", &o.sent, "a at 0s")
		pass(5 * time.Second)
		if o.outcome("b") == "" {
			t.Errorf("b was forgotten: %q", o.sent.all())
		}
	})
}

// c was taken before both pauses, and is ready to be sent between their ends.
func TestAShorterPauseDoesNotEndALongerOne(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Again, Pause: 20 * time.Second})
		o.first("b", delivery.Result{Outcome: delivery.Again, Pause: time.Second})
		through := o.answer
		o.answer = func(c cadence.Claim) delivery.Result {
			time.Sleep(map[string]time.Duration{"a": 100 * time.Millisecond, "b": 200 * time.Millisecond}[c.Key])
			return through(c)
		}
		o.render = func(c cadence.Claim) (string, error) {
			if c.Key == "c" {
				time.Sleep(5 * time.Second)
			}
			return "", nil
		}
		for _, key := range []string{"a", "b", "c"} {
			o.put(key, key, cadence.OpUpdate)
		}
		o.start(t)
		pass(20 * time.Second)
		if n := len(o.sent.all()); n != 2 {
			t.Errorf("sent during the pause: %q", o.sent.all())
		}
	})
}

func TestFailuresAreTriedAgainEverMoreSlowly(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		again := delivery.Result{Outcome: delivery.Again}
		o.first("a", again, again, again, again, again, again, again, again, again, again, again)
		o.put("a", "a", cadence.OpUpdate)
		o.start(t)
		pass(40 * time.Minute)
		want(t, "sent", &o.sent, "a at 0s", "a at 1s", "a at 3s", "a at 7s", "a at 15s", "a at 31s", "a at 1m3s",
			"a at 2m7s", "a at 4m15s", "a at 8m31s", "a at 13m31s", "a at 18m31s")
	})
}

func TestAnUnknownOutcomeWaitsOutTheLeaseAndIsLookedUp(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Unknown})
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(time.Hour)
		want(t, "looked up", &o.looked, "a at 30s")
		want(t, "sent", &o.sent, "a at 0s", "a at 30s")
	})
}

func TestAPostThatIsFoundIsNotSentAgain(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Unknown})
		o.found["a"] = cadence.Posted{Channel: "D1", TS: "100.1"}
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(time.Hour)
		want(t, "sent", &o.sent, "a at 0s")
		if o.outcome("a") != "sent found" || o.rows[0].Posted.TS != "100.1" {
			t.Errorf("%+v", o.rows[0])
		}
	})
}

func TestALookUpThatFailsSendsNothing(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Unknown})
		o.put("a", "a", cadence.OpPost)
		o.Sender = delivery.NewSender(o.outbox, o.slack, blind{o.slack}, delivery.Options{Owner: "me", Lease: lease, Timeout: timeout})
		o.start(t)
		pass(time.Hour)
		want(t, "sent", &o.sent, "a at 0s")
		if o.outcome("a") != "" {
			t.Errorf("given up: %s", o.outcome("a"))
		}
	})
}

// blind can't look anything up.
type blind struct{ *slack }

func (blind) Find(context.Context, cadence.Claim) (cadence.Posted, bool, error) {
	return cadence.Posted{}, false, errors.New("Slack is away")
}

func TestAnUpdateIsRepeatedWithoutLookingUp(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Unknown})
		o.put("a", "a", cadence.OpUpdate)
		o.start(t)
		pass(time.Hour)
		want(t, "sent", &o.sent, "a at 0s", "a at 30s")
		want(t, "looked up", &o.looked)
	})
}

func TestWhatIsOfNoUseIsDroppedUnsent(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.render = func(cadence.Claim) (string, error) { return "its use is over", nil }
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(time.Hour)
		want(t, "sent", &o.sent)
		if o.outcome("a") != "dropped its use is over" {
			t.Error(o.outcome("a"))
		}
	})
}

func TestWhatCanNeverBeDoneLetsTheNextThrough(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Gone, Reason: "user_disabled"})
		o.put("a", "a", cadence.OpPost)
		o.put("b", "a", cadence.OpPost)
		o.start(t)
		pass(time.Hour)
		want(t, "sent", &o.sent, "a at 0s", "b at 0s")
		if o.outcome("a") != "gone user_disabled" {
			t.Error(o.outcome("a"))
		}
	})
}

func TestWhatCannotBeRenderedNowIsTriedAgain(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.render = func(c cadence.Claim) (string, error) {
			if c.Attempt < 3 {
				return "", errors.New("the database is away")
			}
			return "", nil
		}
		o.put("a", "a", cadence.OpUpdate)
		o.start(t)
		pass(time.Hour)
		want(t, "sent", &o.sent, "a at 3s")
	})
}

func TestASentPostThatCouldNotBeRecordedIsLookedUpAfterTheLease(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.fail(true, false)
		o.found["a"] = cadence.Posted{Channel: "D1", TS: "100.1"}
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(time.Second)
		o.fail(false, false)
		pass(time.Hour)
		want(t, "sent", &o.sent, "a at 0s")
		want(t, "looked up", &o.looked, "a at 30s")
		if o.outcome("a") != "sent found" {
			t.Error(o.outcome("a"))
		}
	})
}

func TestADatabaseThatIsAwayIsAskedAgain(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		o.fail(false, true)
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(1500 * time.Millisecond)
		o.fail(false, false)
		pass(time.Second)
		want(t, "sent", &o.sent, "a at 2s")
	})
}

func TestADefectIsKeptToItsDelivery(t *testing.T) {
	var log bytes.Buffer
	noted := func(o *delivery.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) }
	told(t, noted, func(t *testing.T, o *office) {
		o.render = func(c cadence.Claim) (string, error) {
			if c.Key == "a" {
				panic("what she wrote")
			}
			return "", nil
		}
		o.put("a", "a", cadence.OpPost)
		o.put("b", "b", cadence.OpPost)
		o.start(t)
		pass(time.Second)
		want(t, "sent", &o.sent, "b at 0s")
	})
	if !strings.Contains(log.String(), "a defect in the bot") || strings.Contains(log.String(), "what she wrote") {
		t.Errorf("the log says:\n%s", log.String())
	}
}

func TestStoppingFinishesWhatIsUnderWay(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		through := o.answer
		o.answer = func(c cadence.Claim) delivery.Result {
			time.Sleep(3 * time.Second)
			return through(c)
		}
		o.put("a1", "a", cadence.OpPost)
		o.put("a2", "a", cadence.OpPost)
		o.start(t)
		pass(time.Second)
		o.finish(t)
		if since := time.Since(o.began); since != 3*time.Second || o.outcome("a1") == "" || o.outcome("a2") != "" {
			t.Errorf("after %v: %q %q", since, o.outcome("a1"), o.outcome("a2"))
		}
		o.ended <- nil
	})
}

func TestStoppingEndsAPauseAndAnIdleWait(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) { // idle
		o.start(t)
		pass(time.Second)
	})
	told(t, nil, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Again, Pause: time.Hour})
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(time.Second)
		o.finish(t)
		if time.Since(o.began) != time.Second {
			t.Errorf("stopping took %v", time.Since(o.began))
		}
		o.ended <- nil
	})
}

func TestWakingSendsAtOnceAndNeverBlocks(t *testing.T) {
	told(t, nil, func(t *testing.T, o *office) {
		for range 100 {
			o.Wake() // before anybody listens
		}
		o.start(t)
		pass(10 * time.Minute)
		o.put("a", "a", cadence.OpPost)
		o.Wake()
		pass(time.Millisecond)
		want(t, "sent", &o.sent, "a at 10m0s")
	})
}

func TestNoMoreAttemptsSideBySideThanWorkers(t *testing.T) {
	two := func(o *delivery.Options) { o.Workers = 2 }
	told(t, two, func(t *testing.T, o *office) {
		through := o.answer
		o.answer = func(c cadence.Claim) delivery.Result {
			time.Sleep(time.Second)
			return through(c)
		}
		for i := range 5 {
			o.put(fmt.Sprint(i), fmt.Sprint(i), cadence.OpPost)
		}
		o.start(t)
		for seconds, n := range []int{2, 4, 5} {
			pass(time.Duration(min(seconds, 1))*time.Second + time.Millisecond)
			if len(o.sent.all()) != n {
				t.Errorf("%d were begun after %d s, not %d: %q", len(o.sent.all()), seconds, n, o.sent.all())
			}
		}
	})
}

func TestAnAttemptHasATimeBelowItsLease(t *testing.T) {
	for _, given := range []time.Duration{0, timeout, lease, time.Hour} {
		o := func(o *delivery.Options) { o.Timeout = given }
		told(t, o, func(t *testing.T, o *office) {
			if o.Timeout <= 0 || o.Timeout >= o.Lease {
				t.Errorf("timeout %v, lease %v", o.Timeout, o.Lease)
			}
			o.start(t)
		})
	}
}

func TestTheNamedPointsAreTold(t *testing.T) {
	var points journal
	noted := func(o *delivery.Options) { o.At = func(p string) { points.add(p) } }
	told(t, noted, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Again})
		o.put("a", "a", cadence.OpUpdate)
		o.start(t)
		pass(time.Minute)
	})
	want(t, "points", &points, delivery.PointClaimed, delivery.PointClaimed, delivery.PointSent)
}

func TestWhoWaitsForAnEndIsTold(t *testing.T) {
	var ends journal
	noted := func(o *delivery.Options) { o.Settled = func(c cadence.Claim) { ends.add(c.Key) } }
	told(t, noted, func(t *testing.T, o *office) {
		o.first("a", delivery.Result{Outcome: delivery.Again})
		o.put("a", "a", cadence.OpUpdate)
		o.start(t)
		pass(500 * time.Millisecond)
		want(t, "ended before", &ends)
		pass(time.Minute)
	})
	want(t, "ended", &ends, "a")
}

// What is held is not sent, and whoever keeps the clock is told.
func TestWhatIsHeldIsNotSent(t *testing.T) {
	var ends journal
	noted := func(o *delivery.Options) { o.Held = func() { ends.add("held") } }
	told(t, noted, func(t *testing.T, o *office) {
		o.hold = time.Now().Add(9 * time.Hour)
		o.put("a", "a", cadence.OpPost)
		o.start(t)
		pass(time.Minute)
		want(t, "sent", &o.sent)
		want(t, "told", &ends, "held")
		if o.outcome("a") != "held" {
			t.Error(o.outcome("a"))
		}
	})
}
