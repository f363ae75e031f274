package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/threedeep/threedeep/prompts"
)

// together makes the writer take several writes in one go: they are handed over while it is held up by another.
func together(t *testing.T, s *Store, writes ...func(context.Context) error) []error {
	t.Helper()
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := s.writer.run(context.Background(), func(*tx) error {
			close(held)
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	errs := make([]error, len(writes))
	for i, write := range writes {
		all.Go(func() { errs[i] = write(t.Context()) })
	}
	for len(s.writer.jobs) < len(writes) { // each has handed over and waits for its answer
		runtime.Gosched()
	}
	close(release)
	all.Wait()
	return errs
}

func input(key string) Change {
	return Change{Input: &Input{Key: key, At: noon()}}
}

func TestOneCallersFailureUndoesNothingOfTheOthers(t *testing.T) {
	s := begun(t)
	commits := func(c Change) func(context.Context) error {
		return func(ctx context.Context) error { return s.Commit(ctx, c) }
	}
	stale := input("stale")
	stale.Conversations = []prompts.Conversation{conversation(9)}
	errs := together(t, s, commits(input("a")), commits(stale), commits(input("b")), func(context.Context) error {
		return s.writer.run(context.Background(), func(*tx) error { return errors.New("a defect") })
	}, commits(input("c")))
	for i, want := range []bool{false, true, false, true, false} {
		if (errs[i] != nil) != want {
			t.Errorf("caller %d: %v", i, errs[i])
		}
	}
	if n := count(t, s, "inputs"); n != 3 {
		t.Errorf("%d of 3 inputs", n)
	}
}

func TestACallerWhoGaveUpIsSpared(t *testing.T) {
	s := fresh(t)
	gone, leave := context.WithCancel(t.Context())
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = s.writer.run(context.Background(), func(*tx) error {
			close(held)
			<-release
			return nil
		})
	})
	<-held
	all.Go(func() { wantError(t, s.Commit(gone, input("gone")), context.Canceled) })
	for len(s.writer.jobs) < 1 {
		runtime.Gosched()
	}
	leave()
	close(release)
	all.Wait()
	commit(t, s, input("here"))
	if n := count(t, s, "inputs"); n != 1 {
		t.Errorf("%d inputs; who gave up before their turn wrote something", n)
	}
	wantError(t, s.Commit(gone, input("gone")), context.Canceled)
}

func TestClosingWhileManyWriteAnswersEverybody(t *testing.T) {
	s := fresh(t)
	path := s.path
	var all sync.WaitGroup
	acknowledged := make(chan string, 400)
	for i := range 400 {
		all.Go(func() {
			key := fmt.Sprint(i)
			err := s.Commit(context.Background(), input(key)) // nobody's patience ends
			switch {
			case err == nil:
				acknowledged <- key
			case !errors.Is(err, ErrClosed):
				t.Error(err)
			}
		})
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	close(acknowledged)
	again := open(t, path)
	for key := range acknowledged {
		var repeat *Repeat
		if err := again.Commit(t.Context(), input(key)); !errors.As(err, &repeat) {
			t.Errorf("%s was acknowledged and is not there: %v", key, err)
		}
	}
	wantError(t, s.Commit(t.Context(), input("late")), ErrClosed)
}

func TestAWriteHandedOverTooLateHasAnAnswer(t *testing.T) {
	s := fresh(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 200 { // whether it still fits into the queue is a matter of chance
		wantError(t, s.Commit(context.Background(), input("late")), ErrClosed)
	}
}

// squeeze leaves the database n pages to grow; 0 gives all room back.
func squeeze(t *testing.T, s *Store, n int) {
	t.Helper()
	err := s.writer.run(t.Context(), func(x *tx) error {
		query := "PRAGMA max_page_count = 1073741823"
		if n > 0 {
			query = fmt.Sprintf("PRAGMA max_page_count = %d", pages(t, s)+n)
		}
		_, err := x.w.conn.ExecContext(x.ctx, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func pages(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFullDiskWritesNothingAndReadingGoesOn(t *testing.T) {
	s := begun(t)
	squeeze(t, s, 3)
	before := sizes(t, s)
	big := everything(conversation(2))
	big.Conversations[0].Answers[0].Text = strings.Repeat("words ", 6000)
	err := s.Commit(t.Context(), big)
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatalf("the disk is full and nobody said so: %v", err)
	}
	if after := sizes(t, s); after != before {
		t.Errorf("before: %s\nafter:  %s", before, after)
	}
	if c, err := s.Conversation(t.Context(), talk); err != nil || c.Version != 1 {
		t.Errorf("%+v %v", c, err)
	}
	squeeze(t, s, 0)
	commit(t, s, big)
	if c, err := s.Conversation(t.Context(), talk); err != nil || len(c.Answers[0].Text) != 36000 {
		t.Errorf("%d %v", len(c.Answers), err)
	}
}

// What fails for want of room may take the whole transaction with it: then nobody of the batch may believe to be saved.
func TestOnAFullDiskWhoeverIsAcknowledgedIsSaved(t *testing.T) {
	s := begun(t)
	squeeze(t, s, 2)
	var writes []func(context.Context) error
	for i := range 20 {
		c := input(fmt.Sprint(i))
		c.Settings = map[string]string{fmt.Sprint("k", i): strings.Repeat("x", 1500)}
		writes = append(writes, func(ctx context.Context) error { return s.Commit(ctx, c) })
	}
	failed := 0
	for i, err := range together(t, s, writes...) {
		value := must[string](t)(s.Setting(t.Context(), fmt.Sprint("k", i)))
		if (err == nil) != (value != "") {
			t.Errorf("caller %d was told %v, and %d bytes are there", i, err, len(value))
		}
		if err != nil {
			failed++
		}
	}
	if failed == 0 {
		t.Error("everything fitted: nothing was shown")
	}
	squeeze(t, s, 0)
	for _, write := range writes {
		var repeat *Repeat
		if err := write(t.Context()); err != nil && !errors.As(err, &repeat) {
			t.Error(err)
		}
	}
	if n := count(t, s, "inputs"); n != 20 {
		t.Errorf("%d of 20", n)
	}
}
