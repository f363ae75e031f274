package bot

import (
	"reflect"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

func guide(t *testing.T) prompts.Guide {
	t.Helper()
	lib, err := prompts.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	g, _ := lib.Guide(prompts.Weekly)
	return g
}

func dana() cadence.Link {
	return cadence.Link{ID: "dana>leo", Coach: "dana", Coachee: "leo", Zone: "UTC", Minutes: 30}
}

// week is the prompt before the 1:1 of a week in November 2026, asked on the day before.
func week(day int) cadence.Reflection {
	at := time.Date(2026, 11, day, 10, 0, 0, 0, time.UTC)
	return cadence.Reflection{
		Link: "dana>leo", Session: cadence.Moment{Wall: cadence.WallOf(at, time.UTC), At: at},
		Ends: at.Add(30 * time.Minute), At: at.AddDate(0, 0, -1),
	}
}

func ptr[T any](v T) *T { return &v }

func begunEarly(turns int) *prompts.Conversation {
	c := conversation(dana(), week(12), week(19), week(12).At.AddDate(0, 0, -2))
	c.Turns, c.Version = turns, 4
	return &c
}

// seen is a change in a few words.
type seen struct {
	States  []cadence.State // of what is put on record, in order
	Version int64           // of the conversation, 0 for none
	Cards   int
	Handled string
	At      time.Time
}

func look(c store.Change) seen {
	s := seen{Cards: len(c.Deliveries), Handled: c.Dues[0].Handled, At: c.Dues[0].At}
	for _, o := range c.Occurrences {
		s.States = append(s.States, o.State)
	}
	for _, t := range c.Conversations {
		s.Version = t.Version
	}
	return s
}

func TestWhatIsDueOnALinkBecomesOneChange(t *testing.T) {
	const planned, asked, missed = cadence.Planned, cadence.Asked, cadence.Missed
	now := week(12).At
	for _, c := range []struct {
		what    string
		due     cadence.Reflections
		already *prompts.Conversation
		want    seen
	}{
		{
			"nothing due",
			cadence.Reflections{Next: week(12), More: true},
			nil,
			seen{Handled: "before", At: week(12).At},
		},
		{
			"one to ask",
			cadence.Reflections{Ask: ptr(week(12)), Next: week(19), More: true},
			nil,
			seen{[]cadence.State{planned, asked}, 1, 1, "2026-11-12T10:00", week(19).At},
		},
		{
			"begun early, nothing said yet",
			cadence.Reflections{Ask: ptr(week(12)), Next: week(19), More: true},
			begunEarly(0),
			seen{[]cadence.State{planned, asked}, 5, 1, "2026-11-12T10:00", week(19).At},
		},
		{
			"begun early and answered",
			cadence.Reflections{Ask: ptr(week(12)), Next: week(19), More: true},
			begunEarly(1),
			seen{[]cadence.State{planned, asked}, 0, 0, "2026-11-12T10:00", week(19).At},
		},
		{
			"after a downtime",
			cadence.Reflections{Missed: []cadence.Reflection{week(5)}, Ask: ptr(week(12)), Next: week(19), More: true},
			nil,
			seen{[]cadence.State{planned, missed, planned, asked}, 1, 1, "2026-11-12T10:00", week(19).At},
		},
		{
			"too late",
			cadence.Reflections{Missed: []cadence.Reflection{week(5)}, Next: week(12), More: true},
			nil,
			seen{[]cadence.State{planned, missed}, 0, 0, "2026-11-05T10:00", week(12).At},
		},
		{
			"the last one",
			cadence.Reflections{Ask: ptr(week(12)), Next: week(19)},
			nil,
			seen{[]cadence.State{planned, asked}, 1, 1, "2026-11-12T10:00", time.Time{}},
		},
	} {
		got := planReflections(guide(t), dana(), c.due, "before", c.already, now)
		if s := look(got); !reflect.DeepEqual(s, c.want) {
			t.Errorf("%s:\n%+v\n%+v", c.what, s, c.want)
		}
	}
}

func TestAPromptsCardAsksTheFirstQuestionUnderItsSession(t *testing.T) {
	c := planReflections(guide(t), dana(), cadence.Reflections{Ask: ptr(week(12)), Next: week(19), More: true}, "", nil, week(12).At)
	talk, card := c.Conversations[0], c.Deliveries[0]
	if talk.ID != c.Occurrences[0].ID || talk.Person != "leo" || talk.Coach != "dana" || talk.Turns != 1 || talk.Until != week(19).At {
		t.Errorf("%+v", talk)
	}
	want := cadence.Delivery{
		ID: card.ID, Key: "card:" + talk.ID + ":1", Op: cadence.OpPost, Kind: prompts.CardKind, Subject: talk.ID, Part: "learned",
		Turn: 1, Audience: "leo", Due: week(12).At,
	}
	if card != want || card.ID == "" {
		t.Errorf("%+v", card)
	}
}

// Both may be decided at the same moment, by two processes: the store keeps one.
func TestTheSameTurnHasTheSameIDsHoweverOftenItIsDecided(t *testing.T) {
	due := cadence.Reflections{Missed: []cadence.Reflection{week(5)}, Ask: ptr(week(12)), Next: week(19), More: true}
	once := planReflections(guide(t), dana(), due, "", nil, week(12).At)
	again := planReflections(guide(t), dana(), due, "", nil, week(12).At.Add(time.Hour))
	if !reflect.DeepEqual(once.Occurrences, again.Occurrences) || once.Deliveries[0].Key != again.Deliveries[0].Key ||
		once.Conversations[0].ID != again.Conversations[0].ID {
		t.Errorf("%+v\n%+v", once, again)
	}
	ids := map[string]bool{}
	for _, o := range once.Occurrences {
		ids[o.ID] = true
	}
	if len(ids) != 4 {
		t.Errorf("%d ids for 4 occurrences", len(ids))
	}
}

func day(d int) cadence.Brief {
	at := time.Date(2026, 11, d, 10, 0, 0, 0, time.UTC)
	return cadence.Brief{
		Coach: "dana", Day: cadence.DayOf(at, time.UTC), At: at.Add(-time.Hour),
		Sessions: []cadence.BriefSession{{Link: "dana>leo", Session: cadence.Moment{At: at}}},
	}
}

func TestACoachsDayBecomesOneChange(t *testing.T) {
	before := day(5).At
	for _, c := range []struct {
		what string
		due  cadence.Briefs
		want seen
	}{
		{"nothing due", cadence.Briefs{Next: day(12), More: true}, seen{Handled: "2026-11-05T09:00:00Z", At: day(12).At}},
		{
			"one to send",
			cadence.Briefs{Send: ptr(day(12)), Next: day(19), More: true},
			seen{[]cadence.State{cadence.Asked}, 0, 1, "2026-11-12T10:00:00Z", day(19).At},
		},
		{
			"after a downtime",
			cadence.Briefs{Missed: []cadence.Brief{day(5)}, Send: ptr(day(12)), Next: day(19), More: true},
			seen{[]cadence.State{cadence.Missed, cadence.Asked}, 0, 1, "2026-11-12T10:00:00Z", day(19).At},
		},
		{
			"too late",
			cadence.Briefs{Missed: []cadence.Brief{day(12)}},
			seen{[]cadence.State{cadence.Missed}, 0, 0, "2026-11-12T10:00:00Z", time.Time{}},
		},
	} {
		got := planBriefs(cadence.Person{ID: "dana"}, "UTC", c.due, before, day(12).At)
		if s := look(got); !reflect.DeepEqual(s, c.want) {
			t.Errorf("%s:\n%+v\n%+v", c.what, s, c.want)
		}
	}
	sent := planBriefs(cadence.Person{ID: "dana"}, "UTC", cadence.Briefs{Send: ptr(day(12))}, before, day(12).At)
	if d := sent.Deliveries[0]; d.Key != "brief:dana:2026-11-12" || d.Audience != "dana" || d.Part != "2026-11-12" {
		t.Errorf("%+v", d)
	}
}

func TestALateAnswerIsTakenUntilTheNextPrompt(t *testing.T) {
	if c := conversation(dana(), week(12), week(19), week(12).At); c.Until != week(19).At {
		t.Error(c.Until)
	}
	never := conversation(dana(), week(12), cadence.Reflection{}, week(12).At)
	if never.Until != week(12).Ends.AddDate(0, 0, 7) {
		t.Errorf("the last session's stays open until %v", never.Until)
	}
}
