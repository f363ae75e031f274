package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

const (
	leo, vera = "leo@acme.example", "vera@acme.example"
	link      = vera + ">" + leo
	talk      = "talk"
)

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// fresh is a new database on disk.
func fresh(t testing.TB) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "threedeep.db"))
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// begun is a database with one conversation, in version 1.
func begun(t testing.TB) *Store {
	t.Helper()
	s := fresh(t)
	commit(t, s, beginning())
	return s
}

func beginning() Change {
	return Change{
		People:        []cadence.Person{{ID: leo, Slack: "U0LEO", Email: leo}, {ID: vera, Slack: "U0VERA", Email: vera}},
		Links:         []cadence.Link{{ID: link, Coach: vera, Coachee: leo, Zone: "UTC", Minutes: 30}},
		Occurrences:   []cadence.Occurrence{session()},
		Conversations: []prompts.Conversation{conversation(1)},
	}
}

func session() cadence.Occurrence {
	return cadence.Occurrence{
		ID: "session", Kind: cadence.OneOnOne, Subject: link, Nominal: "2026-11-26T10:00", Zone: "UTC",
		At: noon(), Ends: noon().Add(time.Hour), State: cadence.Planned,
	}
}

// conversation is Leo's, with one answer for each version after the first.
func conversation(version int64) prompts.Conversation {
	c := prompts.Conversation{
		ID: talk, Guide: prompts.Weekly, Person: leo, Coach: vera, Link: link, Occurrence: "session",
		OpenedAt: noon(), Until: noon().AddDate(0, 0, 7), Turns: int(version), Version: version,
	}
	for v := int64(2); v <= version; v++ {
		c.Answers = append(c.Answers, prompts.Answer{
			Question: fmt.Sprint("q", v), Text: "words", Choice: prompts.Draft, At: noon(), Version: v,
		})
	}
	return c
}

func commit(t testing.TB, s *Store, c Change) {
	t.Helper()
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// must returns a value that was read without trouble.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// count says how many rows a table holds.
func count(t testing.TB, s *Store, table string) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(context.Background(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
