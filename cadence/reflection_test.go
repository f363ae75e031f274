package cadence_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/cadence"
)

func newYork() cadence.Planner {
	return cadence.Planner{Zones: new(cadence.Zones), Zone: "America/New_York"}
}

// pair is Dana and Leo, with the 1:1 and the prompt as given.
func pair(t testing.TB, oneOnOne, reflect string) cadence.Link {
	t.Helper()
	l := cadence.Link{ID: "dana>leo", Coach: "dana", Coachee: "leo", Zone: "America/New_York", OneOnOne: rhythm(t, oneOnOne)}
	if reflect != "" {
		l.Reflect = rhythm(t, reflect)
	}
	return l
}

func TestWhenTheCoacheeIsAsked(t *testing.T) {
	const monday = "2026-11-23 12:00"
	for _, c := range []struct {
		what, oneOnOne, reflect, asked string
		after                          cadence.Wall
		session                        cadence.Wall
		at                             string // on New York's clocks
	}{
		{"the working afternoon before", "0 10 * * THU", "", "", "", "2026-11-26T10:00", "Wed 2026-11-25 15:00"},
		{"over a weekend", "0 10 * * MON", "", "", "", "2026-11-30T10:00", "Fri 2026-11-27 15:00"},
		{"already due", "0 14 * * MON", "", "", "", "2026-11-23T14:00", "Fri 2026-11-20 15:00"},
		{"after a session that was handled", "0 10 * * THU", "", "", "2026-11-26T10:00", "2026-12-03T10:00", "Wed 2026-12-02 15:00"},
		{"after one long ago: not a begun one", "0 10 * * THU", "", "", "2026-01-01T10:00", "2026-11-26T10:00", "Wed 2026-11-25 15:00"},
		{"reflect overrides", "0 10 * * THU", "0 12 * * TUE", "", "", "2026-11-26T10:00", "Tue 2026-11-24 12:00"},
		{"the last reflect before", "0 10 * * THU", "0 16 * * *", "", "", "2026-11-26T10:00", "Wed 2026-11-25 16:00"},
		{"reflect on the session's own morning", "0 10 * * THU", "0 9 * * THU", "", "", "2026-11-26T10:00", "Thu 2026-11-26 09:00"},
		{"reflect at the session's minute is the next one's", "0 10 * * THU", "0 10 * * THU", "", "", "", ""},
		{"reflect in quiet hours", "0 10 * * THU", "0 20 * * WED", "", "", "2026-11-26T10:00", "Wed 2026-11-25 17:00"},
		{"reflect before work", "0 10 * * THU", "0 7 * * THU", "", "", "2026-11-26T10:00", "Wed 2026-11-25 17:00"},
		{"reflect on Sunday", "0 10 * * MON", "0 19 * * SUN", "", "", "2026-11-30T10:00", "Fri 2026-11-27 17:00"},
		{"sessions without a reflect of their own are passed over", "0 10 * * THU", "2nd Wed 15:00", "", "", "2026-12-10T10:00", "Wed 2026-12-09 15:00"},
		{"the coachee in London: still day there", "0 10 * * THU", "0 12 * * WED", "Europe/London", "", "2026-11-26T10:00", "Wed 2026-11-25 12:00"},
		{"the coachee in London: 20:00 there", "0 10 * * THU", "", "Europe/London", "", "2026-11-26T10:00", "Wed 2026-11-25 12:00"},
		{"the coachee in Singapore: night there", "0 10 * * THU", "", "Asia/Singapore", "", "2026-11-26T10:00", "Wed 2026-11-25 04:00"},
		{"a zone nobody knows: the link's", "0 10 * * THU", "", "Mars/Olympus", "", "2026-11-26T10:00", "Wed 2026-11-25 15:00"},
		{"no 1:1 at a fixed time", "no fixed time, 2 a month", "", "", "", "", ""},
		{"a monthly 1:1 rolls off Saturday", "0 10 28 * *", "", "", "", "2026-11-28T10:00", "Fri 2026-11-27 15:00"},
	} {
		p := newYork()
		where := zone(t, "America/New_York")
		r, ok := p.NextReflection(pair(t, c.oneOnOne, c.reflect), c.asked, c.after, clockIn(t, monday, where))
		if ok != (c.session != "") || r.Session.Wall != c.session {
			t.Errorf("%s: session %q, %v, want %q", c.what, r.Session.Wall, ok, c.session)
			continue
		}
		if ok && shown(r.At, where) != c.at {
			t.Errorf("%s: asked %s, want %s", c.what, shown(r.At, where), c.at)
		}
	}
}

func TestMonthlySessionRollsToTheNextWorkingDay(t *testing.T) {
	p, where := newYork(), zone(t, "America/New_York")
	l := pair(t, "0 10 28 * *", "") // 28 Nov 2026 is a Saturday
	for now, want := range map[string]string{
		"2026-11-23 12:00": "2026-11-28T10:00 Mon 2026-11-30 10:00",
		"2026-11-29 12:00": "2026-11-28T10:00 Mon 2026-11-30 10:00", // it is past by name only
		"2026-11-30 10:00": "2026-12-28T10:00 Mon 2026-12-28 10:00",
	} {
		session, ok := p.NextSession(l, clockIn(t, now, where))
		if got := string(session.Wall) + " " + shown(session.At, where); !ok || got != want {
			t.Errorf("after %s comes %s, want %s", now, got, want)
		}
	}
}

func TestFrequentSessionsDoNotRoll(t *testing.T) {
	where := zone(t, "America/New_York")
	session, _ := newYork().NextSession(pair(t, "0 10 */3 * *", ""), clockIn(t, "2026-11-26 12:00", where))
	if got := shown(session.At, where); got != "Sat 2026-11-28 10:00" {
		t.Errorf("it is on %s", got)
	}
}

func TestReflectionEnds(t *testing.T) {
	l := pair(t, "0 10 * * THU", "")
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for minutes, want := range map[int]time.Duration{0: 30 * time.Minute, 45: 45 * time.Minute} {
		l.Minutes = minutes
		r, _ := newYork().NextReflection(l, "", "", now)
		if got := r.Ends.Sub(r.Session.At); got != want || r.Link != l.ID {
			t.Errorf("%d minutes: it lasts %s", minutes, got)
		}
	}
}

// walls joins the sessions of the prompts.
func walls(prompts []cadence.Reflection) string {
	var all []string
	for _, r := range prompts {
		all = append(all, string(r.Session.Wall))
	}
	return strings.Join(all, " ")
}

func TestCatchUp(t *testing.T) {
	for _, c := range []struct {
		what, oneOnOne, reflect string
		after                   cadence.Wall
		now                     string
		ask, missed, next       string
	}{
		{"nothing due", "0 10 * * THU", "", "2026-11-19T10:00", "2026-11-25 14:59", "", "", "2026-11-26T10:00"},
		{"due now", "0 10 * * THU", "", "2026-11-19T10:00", "2026-11-25 15:00", "2026-11-26T10:00", "", "2026-12-03T10:00"},
		{"late but useful", "0 10 * * THU", "", "2026-11-19T10:00", "2026-11-26 09:59", "2026-11-26T10:00", "", "2026-12-03T10:00"},
		{"too late: the 1:1 has begun", "0 10 * * THU", "", "2026-11-19T10:00", "2026-11-26 10:00", "", "2026-11-26T10:00", "2026-12-03T10:00"},
		{
			"three weeks away", "0 10 * * THU", "", "2026-11-05T10:00", "2026-11-25 16:00",
			"2026-11-26T10:00", "2026-11-12T10:00 2026-11-19T10:00", "2026-12-03T10:00",
		},
		{
			"a reflect between two sessions is the later one's", "0 10 * * MON,TUE", "0 15 * * MON", "2026-11-23T10:00", "2026-11-23 16:00",
			"2026-11-24T10:00", "", "2026-12-01T10:00",
		},
		{
			"a weekend's prompts, both pulled back to Friday: the newer", "0 17 * * *", "0 9 * * *", "2026-11-27T17:00", "2026-11-27 18:00",
			"2026-11-29T17:00", "2026-11-28T17:00", "2026-11-30T17:00",
		},
		{"nothing before the start", "0 10 * * THU", "", "", "2026-11-25 16:00", "2026-11-26T10:00", "", "2026-12-03T10:00"},
		{"nothing before the start, begun", "0 10 * * THU", "", "", "2026-11-26 10:00", "", "", "2026-12-03T10:00"},
		{"never planned", "no fixed time", "", "", "2026-11-26 10:00", "", "", ""},
		{"never planned, with a past", "no fixed time", "", "2026-11-19T10:00", "2026-11-26 10:00", "", "", ""},
	} {
		p, where := newYork(), zone(t, "America/New_York")
		due := p.DueReflections(pair(t, c.oneOnOne, c.reflect), "", c.after, clockIn(t, c.now, where))
		var ask string
		if due.Ask != nil {
			ask = string(due.Ask.Session.Wall)
		}
		if ask != c.ask || walls(due.Missed) != c.missed || string(due.Next.Session.Wall) != c.next || due.More != (c.next != "") {
			t.Errorf("%s:\n ask %q, want %q\n missed %q, want %q\n next %q, want %q",
				c.what, ask, c.ask, walls(due.Missed), c.missed, due.Next.Session.Wall, c.next)
		}
	}
}

func TestCatchUpAfterYears(t *testing.T) {
	where := zone(t, "America/New_York")
	now := clockIn(t, "2026-11-25 16:00", where)
	year := newYork().DueReflections(pair(t, "0 10 * * THU", ""), "", "2025-11-20T10:00", now)
	if len(year.Missed) != 52 || year.Ask == nil {
		t.Errorf("a year away: %d missed", len(year.Missed))
	}
	ages := newYork().DueReflections(pair(t, "0 10 * * *", ""), "", "1970-01-01T10:00", now)
	if len(ages.Missed) < 390 || len(ages.Missed) > 410 || ages.Ask == nil {
		t.Errorf("ages away: %d missed", len(ages.Missed))
	}
}

// TestEachSessionIsAskedOrMissedOnce lets a bot look at random moments, and
// compares what it did with the sessions there were.
func TestEachSessionIsAskedOrMissedOnce(t *testing.T) {
	where := zone(t, "America/New_York")
	begin := clockIn(t, "2026-01-01 00:00", where)
	rapid.Check(t, func(t *rapid.T) {
		p := newYork()
		r, err := cadence.ParseRhythm(rapid.SampledFrom([]string{
			"0 10 * * THU", "0 9 * * *", "2nd Thu 10:00", "every 2 weeks Tue 14:00 from 2025-11-25", "0 8 1 * *",
		}).Draw(t, "one_on_one"))
		if err != nil {
			t.Fatal(err)
		}
		l := cadence.Link{ID: "dana>leo", Zone: "America/New_York", OneOnOne: r}
		asked := rapid.SampledFrom([]string{"", "Europe/London", "Asia/Singapore"}).Draw(t, "asked")
		var seen []string
		last, now := cadence.Wall("2026-01-01T00:00"), begin
		for range 30 {
			now = now.Add(time.Duration(rapid.IntRange(1, 20000).Draw(t, "minutes")) * time.Minute)
			due := p.DueReflections(l, asked, last, now)
			done := due.Missed
			if due.Ask != nil {
				if !due.Ask.Useful(now) || due.Ask.At.After(now) {
					t.Fatalf("asked at %s about %v", now, due.Ask)
				}
				done = append(done, *due.Ask)
			}
			for _, d := range done {
				seen = append(seen, string(d.Session.Wall))
				last = d.Session.Wall
			}
		}
		w := cadence.Wall("2026-01-01T00:00")
		for _, s := range seen {
			turn, _ := r.Following(w, where)
			if w = turn.Wall; string(w) != s {
				t.Fatalf("%s was decided where %s was due", s, w)
			}
		}
	})
}
