package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// everything is a change that touches every table.
func everything(c prompts.Conversation) Change {
	another := session()
	another.ID, another.Nominal = "another", "2026-12-03T10:00"
	return Change{
		Input:         &Input{Key: "press:1", At: noon(), Reply: "stale"},
		People:        []cadence.Person{{ID: "new@acme.example"}},
		Links:         []cadence.Link{{ID: "new", Coach: leo, Coachee: "new@acme.example"}},
		Occurrences:   []cadence.Occurrence{another},
		Conversations: []prompts.Conversation{c},
		Deliveries:    []cadence.Delivery{post("new")},
		Dues:          []Due{{Kind: cadence.AskReflect, Subject: link, At: noon()}},
		Settings:      map[string]string{"new": "value"},
	}
}

// sizes is how much every table holds, to be compared before and after.
func sizes(t *testing.T, s *Store) (out string) {
	for _, table := range []string{"people", "links", "occurrences", "conversations", "answers", "inputs", "deliveries", "dues", "meta"} {
		out += fmt.Sprint(table, " ", count(t, s, table), " ")
	}
	return out
}

func TestAConflictWritesNothingOfTheChange(t *testing.T) {
	s := begun(t)
	before := sizes(t, s)
	for _, version := range []int64{1, 3, 9} {
		wantError(t, s.Commit(t.Context(), everything(conversation(version))), ErrConflict)
	}
	unknown := conversation(4)
	unknown.ID = "gone meanwhile"
	wantError(t, s.Commit(t.Context(), everything(unknown)), ErrConflict)
	if after := sizes(t, s); after != before {
		t.Errorf("before: %s\nafter:  %s", before, after)
	}
	commit(t, s, everything(conversation(2)))
}

func TestAFailureAnywhereWritesNothingOfTheChange(t *testing.T) {
	s := begun(t)
	before := sizes(t, s)
	for _, spoil := range []func(*Change){
		func(c *Change) { c.Links[0].Coach = "nobody" },
		func(c *Change) { c.Occurrences[0].ID = "session" },
		func(c *Change) {
			other := conversation(1)
			other.ID, other.Occurrence = "other", "nowhere"
			c.Conversations = append(c.Conversations, other)
		},
	} {
		c := everything(conversation(2))
		spoil(&c)
		if err := s.Commit(t.Context(), c); err == nil {
			t.Error("a change that breaks the schema was taken")
		}
	}
	if after := sizes(t, s); after != before {
		t.Errorf("before: %s\nafter:  %s", before, after)
	}
}

func TestARepeatedInputGetsItsReplyAndWritesNothing(t *testing.T) {
	s := begun(t)
	commit(t, s, everything(conversation(2)))
	before := sizes(t, s)
	again := everything(conversation(3))
	again.Input.Reply = "another reply"
	var repeat *Repeat
	if err := s.Commit(t.Context(), again); !errors.As(err, &repeat) || repeat.Reply != "stale" {
		t.Errorf("%v", err)
	}
	if after := sizes(t, s); after != before || must[prompts.Conversation](t)(s.Conversation(t.Context(), talk)).Version != 2 {
		t.Errorf("before: %s\nafter:  %s", before, after)
	}
}

func TestOldInputsAreForgotten(t *testing.T) {
	s := fresh(t)
	for i := range 3 {
		commit(t, s, Change{Input: &Input{Key: fmt.Sprint(i), At: noon().Add(time.Duration(i) * time.Hour)}})
	}
	if err := s.Forget(t.Context(), noon().Add(time.Hour)); err != nil || count(t, s, "inputs") != 2 {
		t.Errorf("%d are left, %v", count(t, s, "inputs"), err)
	}
}

func TestNoUpdateIsLostAmongMany(t *testing.T) {
	const writers, each = 8, 12
	s := begun(t)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				if err := raise(t, s); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	c := must[prompts.Conversation](t)(s.Conversation(t.Context(), talk))
	if c.Version != 1+writers*each || c.Turns != 1+writers*each {
		t.Errorf("%d changes were acknowledged, and it has turn %d of version %d", writers*each, c.Turns, c.Version)
	}
}

// raise reads, steps and commits until nobody else was faster.
func raise(t *testing.T, s *Store) error {
	for {
		c, err := s.Conversation(t.Context(), talk)
		if err != nil {
			return err
		}
		c.Version++
		c.Turns++
		if err = s.Commit(t.Context(), Change{Conversations: []prompts.Conversation{c}}); !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

func TestAnOccurrenceIsOnRecordOncePerNominalTime(t *testing.T) {
	s := begun(t)
	again := session()
	again.ID, again.At = "other", noon().Add(time.Minute)
	commit(t, s, Change{Occurrences: []cadence.Occurrence{again, session()}})
	if n := count(t, s, "occurrences"); n != 1 {
		t.Errorf("%d occurrences", n)
	}
	if got := must[cadence.Occurrence](t)(s.Occurrence(t.Context(), "session")); got != session() {
		t.Errorf("the first one did not stay: %+v", got)
	}
	_, err := s.Occurrence(t.Context(), "other")
	wantError(t, err, ErrNone)
}

func TestADueIsReplacedAndTakenAway(t *testing.T) {
	s := fresh(t)
	due := func(subject string, at time.Time) Due {
		return Due{Kind: cadence.AskReflect, Subject: subject, Handled: "turn", At: at}
	}
	commit(t, s, Change{Dues: []Due{due("a", noon()), due("b", noon().Add(-1*time.Hour)), due("c", noon().Add(time.Hour))}})
	got := must[[]Due](t)(s.Due(t.Context(), noon(), 10))
	if len(got) != 2 || got[0] != due("b", noon().Add(-1*time.Hour)) || got[1] != due("a", noon()) {
		t.Errorf("%+v", got)
	}
	if got := must[[]Due](t)(s.Due(t.Context(), noon(), 1)); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestTheNextDueIsATurnOrAHeldDelivery(t *testing.T) {
	s := fresh(t)
	next := func(want time.Time) {
		t.Helper()
		if at, ok, err := s.NextDue(t.Context(), noon()); err != nil || ok == want.IsZero() || !at.Equal(want) {
			t.Errorf("%v %v %v, want %v", at, ok, err, want)
		}
	}
	held, now := post("held"), post("now")
	held.Due = noon().Add(2 * time.Hour)
	turn := Due{Kind: cadence.AskReflect, Subject: "a", At: noon().Add(time.Hour)}
	next(time.Time{})
	commit(t, s, Change{Deliveries: []cadence.Delivery{now, held}, Dues: []Due{turn}})
	next(turn.At)
	turn.At = time.Time{}
	commit(t, s, Change{Dues: []Due{turn}})
	next(held.Due)
}

func TestASettingIsRemembered(t *testing.T) {
	s := fresh(t)
	if v := must[string](t)(s.Setting(t.Context(), "started")); v != "" {
		t.Errorf("%q", v)
	}
	for _, v := range []string{"once", "twice"} {
		commit(t, s, Change{Settings: map[string]string{"started": v}})
		if got := must[string](t)(s.Setting(t.Context(), "started")); got != v {
			t.Errorf("%q", got)
		}
	}
}
