package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

func anyText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "'; DROP TABLE people", "שלום 🧭", "a\x00b", "\n"}))
}

func anyInstant() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-1e12, 4e12), func(ms int64) time.Time {
		if ms == 0 {
			return time.Time{}
		}
		return time.UnixMilli(ms).UTC()
	})
}

func anyRhythm(t *rapid.T, what string) cadence.Rhythm {
	spec := rapid.SampledFrom([]string{
		"", "0 10 * * THU", "every 2 weeks Tue 14:00 from 2026-11-24", "2nd Thu 10:00", "no fixed time, 2 a month",
	}).Draw(t, what)
	if spec == "" {
		return cadence.Rhythm{}
	}
	r, err := cadence.ParseRhythm(spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func anyPerson(t *rapid.T, id string) cadence.Person {
	p := cadence.Person{
		ID: id, Slack: anyText().Draw(t, "slack"), Email: anyText().Draw(t, "email"),
		Name: anyText().Draw(t, "name"), Zone: anyText().Draw(t, "zone"),
	}
	for _, r := range []cadence.Role{cadence.VP, cadence.Leader, cadence.Manager} {
		if rapid.Bool().Draw(t, string(r)) {
			p.Roles = append(p.Roles, r)
		}
	}
	return p
}

func anyLink(t *rapid.T, id string) cadence.Link {
	return cadence.Link{
		ID: id, Coach: vera, Coachee: leo, Zone: anyText().Draw(t, "zone"), Minutes: rapid.Int().Draw(t, "minutes"),
		OneOnOne: anyRhythm(t, "one on one"), Reflect: anyRhythm(t, "reflect"), DeepDive: anyRhythm(t, "deep dive"),
		Coaching: anyRhythm(t, "coaching"),
	}
}

func anyOccurrence(t *rapid.T, id string) cadence.Occurrence {
	return cadence.Occurrence{
		ID: id, Kind: cadence.OneOnOne, Subject: id, Nominal: cadence.Wall(anyText().Draw(t, "nominal")), Zone: anyText().Draw(t, "zone"),
		At: anyInstant().Draw(t, "at"), Ends: anyInstant().Draw(t, "ends"), State: cadence.Planned, Evidence: anyText().Draw(t, "evidence"),
	}
}

func anyConversation(t *rapid.T, id, link, occurrence string) prompts.Conversation {
	c := prompts.Conversation{
		ID: id, Guide: anyText().Draw(t, "guide"), Person: leo, Coach: vera, Link: link, Occurrence: occurrence, About: anyText().Draw(t, "about"),
		Turns: rapid.IntRange(0, 9).Draw(t, "turns"), Thread: anyText().Draw(t, "thread"), OpenedAt: anyInstant().Draw(t, "opened"),
		Until: anyInstant().Draw(t, "until"), Version: 1,
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "answers") {
		c.Answers = append(c.Answers, prompts.Answer{
			Question: fmt.Sprint("q", 3-i), Text: anyText().Draw(t, "text"), Choice: prompts.Kept, At: anyInstant().Draw(t, "at"),
			SharedAt: anyInstant().Draw(t, "shared"), ReadAt: anyInstant().Draw(t, "read"), Version: rapid.Int64().Draw(t, "version"),
		})
	}
	return c
}

func TestWhatIsReadBackIsWhatWasWritten(t *testing.T) {
	s := begun(t)
	row := 0
	rapid.Check(t, func(rt *rapid.T) {
		row++
		id := fmt.Sprint("row", row)
		p, l, o := anyPerson(rt, id), anyLink(rt, id), anyOccurrence(rt, id)
		c := anyConversation(rt, id, id, id)
		commit(t, s, Change{
			People: []cadence.Person{p}, Links: []cadence.Link{l}, Occurrences: []cadence.Occurrence{o}, Conversations: []prompts.Conversation{c},
		})
		for _, pair := range [][2]any{
			{p, must[cadence.Person](t)(s.Person(t.Context(), id))},
			{l, must[cadence.Link](t)(s.Link(t.Context(), id))},
			{o, must[cadence.Occurrence](t)(s.Occurrence(t.Context(), id))},
			{c, must[prompts.Conversation](t)(s.Conversation(t.Context(), id))},
		} {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				rt.Fatalf("written %+v\nread    %+v", pair[0], pair[1])
			}
		}
	})
}

func TestALinkKeepsTheZoneItWasMadeWith(t *testing.T) {
	s := begun(t)
	moved := cadence.Link{ID: link, Coach: vera, Coachee: leo, Zone: "Asia/Tokyo", Minutes: 45}
	commit(t, s, Change{Links: []cadence.Link{moved}})
	if l := must[cadence.Link](t)(s.Link(t.Context(), link)); l.Zone != "UTC" || l.Minutes != 45 {
		t.Errorf("%+v", l)
	}
}

func TestPeopleAndLinksAreFoundFromEachSide(t *testing.T) {
	s := begun(t)
	ctx := t.Context()
	if p := must[cadence.Person](t)(s.PersonBySlack(ctx, "U0LEO")); p.ID != leo {
		t.Errorf("%+v", p)
	}
	if ls := must[[]cadence.Link](t)(s.CoachedBy(ctx, vera)); len(ls) != 1 || ls[0].ID != link {
		t.Errorf("%+v", ls)
	}
	if ls := must[[]cadence.Link](t)(s.CoachesOf(ctx, leo)); len(ls) != 1 || ls[0].ID != link {
		t.Errorf("%+v", ls)
	}
	if ls := must[[]cadence.Link](t)(s.CoachedBy(ctx, leo)); len(ls) != 0 {
		t.Errorf("%+v", ls)
	}
	commit(t, s, Change{People: []cadence.Person{{ID: "unmet"}}})
	if ps := must[[]cadence.Person](t)(s.Unmet(ctx)); len(ps) != 1 || ps[0].ID != "unmet" {
		t.Errorf("%+v", ps)
	}
	if ps := must[[]cadence.Person](t)(s.People(ctx)); len(ps) != 3 {
		t.Errorf("%+v", ps)
	}
	_, err := s.PersonBySlack(ctx, "U0STRANGER")
	wantError(t, err, ErrNone)
	_, err = s.Link(ctx, "none")
	wantError(t, err, ErrNone)
}

func TestOpenConversationsAreThoseThatStillTakeAnswers(t *testing.T) {
	s := begun(t)
	ctx, until := t.Context(), conversation(1).Until
	for _, c := range []struct {
		at   time.Time
		want int
	}{{noon(), 1}, {until.Add(-time.Millisecond), 1}, {until, 0}} {
		own, err := s.Open(ctx, leo, c.at)
		theirs, err2 := s.OpenWith(ctx, vera, c.at)
		if err != nil || err2 != nil || len(own) != c.want || len(theirs) != c.want {
			t.Errorf("at %v: %d %d %v %v", c.at, len(own), len(theirs), err, err2)
		}
	}
	if cs := must[[]prompts.Conversation](t)(s.Open(ctx, vera, noon())); len(cs) != 0 {
		t.Errorf("the coach has none of her own: %+v", cs)
	}
}
