package store

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

const lease = 10 * time.Second

func post(key string) cadence.Delivery {
	return cadence.Delivery{
		ID: "id-" + key, Key: key, Op: cadence.OpPost, Kind: prompts.CardKind, Subject: talk, Part: "learned",
		Turn: 1, Audience: leo, Due: noon(),
	}
}

func edit(key string, target string) cadence.Delivery {
	d := post(key)
	d.Op, d.Target, d.Part = cadence.OpUpdate, target, "solving"
	return d
}

func homeOf(person string, op cadence.Op) cadence.Delivery {
	return cadence.Delivery{ID: "home-" + person, Key: "home:" + person, Op: op, Kind: "home", Audience: person, Due: noon()}
}

func to(person string, d cadence.Delivery) cadence.Delivery {
	d.Audience = person
	return d
}

func queue(t *testing.T, s *Store, ds ...cadence.Delivery) {
	t.Helper()
	commit(t, s, Change{Deliveries: ds})
}

// claim takes what is due at a moment of the machine's clock.
func claim(t *testing.T, s *Store, owner string, at time.Time) []cadence.Claim {
	t.Helper()
	return must[[]cadence.Claim](t)(s.ClaimDue(t.Context(), owner, noon(), at, lease, 10))
}

func wantClaims(t *testing.T, got []cadence.Claim, keys ...string) {
	t.Helper()
	have := []string{}
	for _, c := range got {
		have = append(have, c.Key)
	}
	if slices.Sort(have); strings.Join(have, " ") != strings.Join(keys, " ") {
		t.Fatalf("claimed %v, want %v", have, keys)
	}
}

func settle(t *testing.T, s *Store, c cadence.Claim, ts string) {
	t.Helper()
	if err := s.Settle(t.Context(), c, "sent", cadence.Posted{Channel: "D1", TS: ts}, noon()); err != nil {
		t.Fatal(err)
	}
}

func retry(t *testing.T, s *Store, c cadence.Claim, at time.Time) {
	t.Helper()
	if err := s.Retry(t.Context(), c, "again", at); err != nil {
		t.Fatal(err)
	}
}

func TestAClaimHoldsAllThatWasQueued(t *testing.T) {
	s := fresh(t)
	d := post("a")
	d.Thread = "100.1"
	queue(t, s, d)
	want := cadence.Claim{Delivery: d, Owner: "me", Attempt: 1, Rev: 1}
	if got := claim(t, s, "me", noon()); len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
}

func TestAPostWithTheSameKeyIsQueuedOnce(t *testing.T) {
	s := fresh(t)
	other := post("a")
	other.ID = "another id"
	queue(t, s, post("a"), other)
	queue(t, s, other)
	c := claim(t, s, "me", noon())
	wantClaims(t, c, "a")
	settle(t, s, c[0], "100.1")
	queue(t, s, other)
	wantClaims(t, claim(t, s, "me", noon().Add(time.Hour)))
}

func TestALaneKeepsItsOrderAndLanesGoSideBySide(t *testing.T) {
	s := fresh(t)
	queue(t, s, post("leo1"), post("leo2"), to(vera, post("vera1")), post("leo3"), to(vera, post("vera2")))
	first := claim(t, s, "me", noon())
	wantClaims(t, first, "leo1", "vera1")
	wantClaims(t, claim(t, s, "me", noon())) // both heads are leased
	for _, c := range first {
		settle(t, s, c, c.Key)
	}
	second := claim(t, s, "me", noon())
	wantClaims(t, second, "leo2", "vera2")
	retry(t, s, second[slices.IndexFunc(second, func(c cadence.Claim) bool { return c.Key == "leo2" })], noon().Add(time.Minute))
	wantClaims(t, claim(t, s, "me", noon())) // leo3 waits behind leo2
	wantClaims(t, claim(t, s, "me", noon().Add(time.Minute)), "leo2", "vera2")
}

func TestAHomeIsALaneOfItsOwn(t *testing.T) {
	s := fresh(t)
	queue(t, s, post("leo1"), homeOf(leo, cadence.OpPublish))
	wantClaims(t, claim(t, s, "me", noon()), "home:"+leo, "leo1")
}

func TestWhatIsNotDueIsNotClaimedAndHoldsNobodyUp(t *testing.T) {
	s := fresh(t)
	later := post("later")
	later.Due = noon().Add(time.Hour)
	queue(t, s, later, post("now"))
	wantClaims(t, claim(t, s, "me", noon().AddDate(1, 0, 0)), "now") // the machine's clock makes nothing due
}

func TestAClaimTakesNoMoreThanItWasAskedFor(t *testing.T) {
	s := fresh(t)
	queue(t, s, post("leo1"), to(vera, post("vera1")))
	for n := range 2 {
		if got := must[[]cadence.Claim](t)(s.ClaimDue(t.Context(), "me", noon(), noon(), lease, n)); len(got) != n {
			t.Errorf("%d of %d", len(got), n)
		}
	}
}

func TestALeaseThatEndsLetsAnotherTakeOver(t *testing.T) {
	s := fresh(t)
	queue(t, s, post("a"))
	mine := claim(t, s, "me", noon())[0]
	wantClaims(t, claim(t, s, "other", noon().Add(lease-time.Millisecond)))
	theirs := claim(t, s, "other", noon().Add(lease))
	wantClaims(t, theirs, "a")
	if theirs[0].Attempt != 2 || theirs[0].Owner != "other" {
		t.Errorf("%+v", theirs[0])
	}
	settle(t, s, mine, "too late")
	retry(t, s, mine, noon())
	if _, err := s.Posted(t.Context(), "a"); err != ErrNone {
		t.Errorf("who lost a lease recorded something: %v", err)
	}
	wantClaims(t, claim(t, s, "me", noon().Add(lease))) // their lease stands
	settle(t, s, theirs[0], "100.1")
	if got := must[cadence.Posted](t)(s.Posted(t.Context(), "a")); got.TS != "100.1" {
		t.Errorf("%+v", got)
	}
}

// The same process may have lost and taken the same delivery again.
func TestAnEarlierAttemptOfTheSameOwnerRecordsNothing(t *testing.T) {
	s := fresh(t)
	queue(t, s, post("a"))
	first := claim(t, s, "me", noon())[0]
	claim(t, s, "me", noon().Add(lease))
	settle(t, s, first, "too late")
	if _, err := s.Posted(t.Context(), "a"); err != ErrNone {
		t.Errorf("%v", err)
	}
}

func TestAnUpdateKnowsWhereItsMessageIsAndWhatItAsksNow(t *testing.T) {
	s := begun(t)
	queue(t, s, post("a"))
	settle(t, s, claim(t, s, "me", noon())[0], "100.1")
	queue(t, s, edit("edit:a", "a"))
	got := claim(t, s, "me", noon())
	wantClaims(t, got, "edit:a")
	if got[0].Posted != (cadence.Posted{Channel: "D1", TS: "100.1"}) {
		t.Errorf("%+v", got[0].Posted)
	}
	asked, inFlight, err := s.Asked(t.Context(), leo, noon())
	if err != nil || inFlight || len(asked) != 1 || asked[0].Question != "solving" {
		t.Errorf("%+v %v %v", asked, inFlight, err)
	}
}

func TestTheLatestUpdateWins(t *testing.T) {
	s := fresh(t)
	first, second := edit("edit:a", "a"), edit("edit:a", "a")
	second.Turn = 2
	queue(t, s, first)
	queue(t, s, post("b"), second)
	got := claim(t, s, "me", noon())
	wantClaims(t, got, "b", "edit:a")
	for _, c := range got {
		if c.Key == "edit:a" && c.Turn != 2 {
			t.Errorf("%+v", c)
		}
	}
}

// An answer to somebody goes before edits, and waits for none of them; an edit waits for its own message only.
func TestPostsGoBeforeEditsAndEditsAfterTheirPost(t *testing.T) {
	s := fresh(t)
	queue(t, s, edit("edit:sent long ago", "sent long ago"), post("a"), edit("edit:a", "a"), post("b"))
	wantClaims(t, claim(t, s, "me", noon()), "a", "edit:sent long ago")
	settle(t, s, cadence.Claim{Delivery: post("a"), Owner: "me", Attempt: 1, Rev: 1}, "100.1")
	wantClaims(t, claim(t, s, "me", noon()), "b", "edit:a")
}

func TestAnUpdateQueuedAgainWhileOneIsUnderWayStaysQueued(t *testing.T) {
	s := fresh(t)
	queue(t, s, homeOf(leo, cadence.OpPublish), edit("edit:a", "a"))
	for _, c := range claim(t, s, "me", noon()) {
		queue(t, s, edit("edit:a", "a"), homeOf(leo, cadence.OpRepublish))
		settle(t, s, c, "")
	}
	again := claim(t, s, "me", noon())
	wantClaims(t, again, "edit:a", "home:"+leo)
	for _, c := range again {
		settle(t, s, c, "")
	}
	wantClaims(t, claim(t, s, "me", noon().Add(time.Hour)))
}

// Otherwise the tenth edit of a card would wait as long after its first failure as after ten.
func TestAnUpdateBeginsToCountItsAttemptsAnew(t *testing.T) {
	s := fresh(t)
	queue(t, s, homeOf(leo, cadence.OpPublish))
	for range 3 {
		queue(t, s, edit("edit:a", "a"), homeOf(leo, cadence.OpRepublish))
		for _, c := range claim(t, s, "me", noon()) {
			if c.Attempt != 1 {
				t.Errorf("attempt %d of %s", c.Attempt, c.Key)
			}
			settle(t, s, c, "")
		}
	}
}

func TestAHomeIsShownAnewOnlyToThoseWhoOpenedIt(t *testing.T) {
	s := fresh(t)
	queue(t, s, homeOf(leo, cadence.OpRepublish))
	wantClaims(t, claim(t, s, "me", noon()))
	queue(t, s, homeOf(leo, cadence.OpPublish))
	settle(t, s, claim(t, s, "me", noon())[0], "")
	queue(t, s, homeOf(leo, cadence.OpRepublish), homeOf(vera, cadence.OpRepublish))
	wantClaims(t, claim(t, s, "me", noon()), "home:"+leo)
}

func TestWaitingSaysWhenToLookAgain(t *testing.T) {
	s := fresh(t)
	waiting := func(wantN int, want time.Time) {
		t.Helper()
		if n, next, err := s.Waiting(t.Context(), noon()); err != nil || n != wantN || !next.Equal(want) {
			t.Errorf("%d, %v, %v; want %d, %v", n, next, err, wantN, want)
		}
	}
	waiting(0, time.Time{})
	queue(t, s, post("a"), post("b"))
	waiting(2, time.Time{})
	c := claim(t, s, "me", noon())[0]
	waiting(2, noon().Add(lease))
	retry(t, s, c, noon().Add(time.Second))
	waiting(2, noon().Add(time.Second)) // b waits for a, and must not hide when a is tried again
	settle(t, s, claim(t, s, "me", noon().Add(time.Second))[0], "1")
	retry(t, s, claim(t, s, "me", noon())[0], noon().Add(time.Minute))
	waiting(1, noon().Add(time.Minute))
	queue(t, s, to(vera, post("c"))) // can be taken at once, and hides no other
	waiting(2, noon().Add(time.Minute))
}

// Its next try is long past, but it can't be taken before what stands ahead of it.
func TestWhatWaitsBehindItsLaneDoesNotKeepTheSenderAwake(t *testing.T) {
	s := fresh(t)
	behind := post("behind")
	behind.Due = noon().Add(-time.Hour)
	queue(t, s, post("ahead"), behind)
	early := must[[]cadence.Claim](t)(s.ClaimDue(t.Context(), "me", behind.Due, behind.Due, lease, 1))
	wantClaims(t, early, "behind")
	retry(t, s, early[0], behind.Due.Add(time.Minute))
	wantClaims(t, claim(t, s, "me", noon()), "ahead")
	if _, next, err := s.Waiting(t.Context(), noon()); err != nil || !next.Equal(noon().Add(lease)) {
		t.Errorf("%v %v", next, err)
	}
}

// What was surely refused is on nobody's screen; what may have been done is.
func TestACardThatWasRefusedIsOnNoScreen(t *testing.T) {
	for outcome, want := range map[string]bool{"again ratelimited": false, "unknown request_timeout": true} {
		s := begun(t)
		queue(t, s, post("a"))
		c := claim(t, s, "me", noon())[0]
		if err := s.Retry(t.Context(), c, outcome, noon().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, inFlight, err := s.Asked(t.Context(), leo, noon()); err != nil || inFlight != want {
			t.Errorf("%s: in flight %v, %v", outcome, inFlight, err)
		}
	}
}

// Words typed after a conversation has closed are not placed under its questions.
func TestAClosedConversationAsksNothing(t *testing.T) {
	s := begun(t)
	queue(t, s, post("a"))
	settle(t, s, claim(t, s, "me", noon())[0], "100.1")
	if asked, _, err := s.Asked(t.Context(), leo, conversation(1).Until); err != nil || len(asked) != 0 {
		t.Errorf("%+v %v", asked, err)
	}
}

func TestACardUnderWayMayBeOnTheScreenAlready(t *testing.T) {
	s := begun(t)
	queue(t, s, post("a"))
	look := func(wantCards int, wantFlying bool) {
		t.Helper()
		asked, inFlight, err := s.Asked(t.Context(), leo, noon())
		if err != nil || len(asked) != wantCards || inFlight != wantFlying {
			t.Errorf("%+v %v %v", asked, inFlight, err)
		}
	}
	look(0, false)
	c := claim(t, s, "me", noon())[0]
	look(0, true)
	settle(t, s, c, "100.1")
	look(1, false)
}

func TestADroppedCardAsksNothing(t *testing.T) {
	s := begun(t)
	queue(t, s, post("a"))
	settle(t, s, claim(t, s, "me", noon())[0], "")
	if asked, inFlight, err := s.Asked(t.Context(), leo, noon()); len(asked) != 0 || inFlight || err != nil {
		t.Errorf("%+v %v %v", asked, inFlight, err)
	}
}

// The writer may be filling in the claims at the very moment their caller gives up; the race detector would tell.
func TestACallerWhoGivesUpWhileClaimingGetsNothing(t *testing.T) {
	s := fresh(t)
	for i := range 200 {
		queue(t, s, to(fmt.Sprint(i), post(fmt.Sprint(i))))
	}
	for i := range 300 {
		ctx, cancel := context.WithCancel(t.Context())
		var gone sync.WaitGroup
		gone.Go(func() {
			for range i * 20 { // each time a little later
				runtime.Gosched()
			}
			cancel()
		})
		if got, err := s.ClaimDue(ctx, "me", noon(), noon().AddDate(1, 0, 0), 0, 200); err != nil && got != nil {
			t.Fatalf("%d claims and %v", len(got), err)
		}
		gone.Wait()
	}
}
