package bot

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func quiet() (*dispatcher, *bytes.Buffer) {
	var log bytes.Buffer
	return newDispatcher(1000, func() {}, slog.New(slog.NewTextHandler(&log, nil))), &log
}

func TestOnePersonsJobsRunInOrder(t *testing.T) {
	d, _ := quiet()
	got := make([][]int, 5) // each person's own: no two of their jobs run at once
	for i := range 100 {
		for person := range got {
			d.put(fmt.Sprint(person), func() { got[person] = append(got[person], i) })
		}
	}
	d.drain()
	for person, order := range got {
		if len(order) != 100 || !slices.IsSorted(order) {
			t.Errorf("person %d: %v", person, order)
		}
	}
	if !d.idle() || len(d.queues) != 0 {
		t.Errorf("%d pending, %d queues are left", d.pending, len(d.queues))
	}
}

func TestASlowPersonHoldsUpNobodyElse(t *testing.T) {
	d, _ := quiet()
	release, done := make(chan struct{}), make(chan struct{})
	d.put("slow", func() { <-release })
	d.put("slow", func() {})
	d.put("quick", func() { close(done) })
	<-done
	if d.idle() {
		t.Error("idle while somebody is served")
	}
	close(release)
	d.drain()
}

func TestMoreThanThereIsRoomForIsTurnedAway(t *testing.T) {
	d := newDispatcher(3, func() {}, slog.New(slog.DiscardHandler))
	release := make(chan struct{})
	var ran atomic.Int32
	job := func() { <-release; ran.Add(1) }
	for i, want := range []bool{true, true, true, false, false} {
		if got := d.put(fmt.Sprint(i%2), job); got != want {
			t.Errorf("job %d: %v", i, got)
		}
	}
	close(release)
	d.drain()
	if !d.put("again", func() { ran.Add(1) }) {
		t.Error("there is room again")
	}
	d.drain()
	if ran.Load() != 4 {
		t.Errorf("%d ran", ran.Load())
	}
}

func TestAPanicIsKeptToItsEnvelope(t *testing.T) {
	d, log := quiet()
	ran := false
	d.put("leo", func() { panic("what she wrote") })
	d.put("leo", func() { ran = true })
	d.drain()
	if !ran || !d.idle() {
		t.Error("what came after it was lost")
	}
	if !strings.Contains(log.String(), "a defect in the bot") || strings.Contains(log.String(), "what she wrote") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestNoMoreThanSoManyPeopleAreServedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := quiet()
		var now, most atomic.Int32
		for i := range 2 * sideBySide {
			d.put(fmt.Sprint(i), func() {
				if n := now.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second) // of the bubble, not of the machine
				now.Add(-1)
			})
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if now.Load() != sideBySide {
			t.Errorf("%d side by side", now.Load())
		}
		d.drain()
	})
}

func TestEachEndIsTold(t *testing.T) {
	var told atomic.Int32
	d := newDispatcher(100, func() { told.Add(1) }, slog.New(slog.DiscardHandler))
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() { d.put(fmt.Sprint(i%3), func() {}) })
	}
	all.Wait()
	d.drain()
	if told.Load() != 10 {
		t.Errorf("%d of 10", told.Load())
	}
}
