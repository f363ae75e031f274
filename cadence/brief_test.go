package cadence_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
)

// threeLeaders are Dana's, on Thursday 10:00 and 14:00 and on Friday 09:00.
func threeLeaders(t testing.TB) []cadence.Link {
	var links []cadence.Link
	for _, l := range []struct{ coachee, spec string }{
		{"sam", "0 14 * * THU"}, {"leo", "0 10 * * THU"}, {"ana", "0 9 * * FRI"}, {"priya", "no fixed time"},
	} {
		links = append(links, cadence.Link{
			ID: "dana>" + l.coachee, Coach: "dana", Coachee: l.coachee,
			Zone: "America/New_York", OneOnOne: rhythm(t, l.spec),
		})
	}
	return links
}

// tell is a brief as "2026-11-26 at Thu 2026-11-26 09:00: leo 10:00, sam 14:00".
func tell(b cadence.Brief, where *time.Location) string {
	var sessions []string
	for _, s := range b.Sessions {
		sessions = append(sessions, strings.TrimPrefix(s.Link, "dana>")+s.Session.At.In(where).Format(" 15:04"))
	}
	return fmt.Sprintf("%s at %s: %s", b.Day, shown(b.At, where), strings.Join(sessions, ", "))
}

func TestOneBriefADay(t *testing.T) {
	const thursday, friday = "2026-11-26 at Thu 2026-11-26 09:00: leo 10:00, sam 14:00", "2026-11-27 at Fri 2026-11-27 08:30: ana 09:00"
	for after, want := range map[string]string{
		"2026-11-23 12:00": thursday,
		"2026-11-26 09:59": thursday,
		"2026-11-26 10:00": thursday, // the same card, though one session has begun
		"2026-11-26 14:00": friday,
	} {
		where := zone(t, "America/New_York")
		b, ok := newYork().NextBrief(cadence.Person{ID: "dana"}, threeLeaders(t), clockIn(t, after, where))
		if got := tell(b, where); !ok || got != want || b.Coach != "dana" {
			t.Errorf("after %s: %s, want %s", after, got, want)
		}
	}
}

func TestBriefFollowsTheCoachsOwnClock(t *testing.T) {
	for name, want := range map[string]string{
		"Europe/London":    "2026-11-26 at Thu 2026-11-26 14:00: leo 15:00, sam 19:00",
		"Asia/Singapore":   "2026-11-26 at Thu 2026-11-26 17:00: leo 23:00",            // Sam's is Friday 03:00 there
		"Pacific/Honolulu": "2026-11-26 at Wed 2026-11-25 17:00: leo 05:00, sam 09:00", // Ana's is Friday 04:00 there
	} {
		where := zone(t, name)
		coach := cadence.Person{ID: "dana", Zone: name}
		b, _ := newYork().NextBrief(coach, threeLeaders(t), time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
		if got := tell(b, where); got != want {
			t.Errorf("in %s: %s, want %s", name, got, want)
		}
	}
}

func TestBriefOfASessionAtMidnight(t *testing.T) {
	where := zone(t, "America/New_York")
	links := []cadence.Link{pair(t, "0 0 * * THU", "")}
	b, _ := newYork().NextBrief(cadence.Person{ID: "dana"}, links, clockIn(t, "2026-11-23 12:00", where))
	if got := tell(b, where); got != "2026-11-26 at Wed 2026-11-25 17:00: leo 00:00" {
		t.Errorf("it is %s", got)
	}
}

func TestNoBriefWithoutSessions(t *testing.T) {
	links := threeLeaders(t)[3:]
	if b, ok := newYork().NextBrief(cadence.Person{ID: "dana"}, links, time.Unix(0, 0)); ok {
		t.Errorf("a brief for %s", b.Day)
	}
	if due := newYork().DueBriefs(cadence.Person{ID: "dana"}, nil, time.Unix(0, 0), time.Unix(1, 0)); due.More || due.Send != nil {
		t.Errorf("briefs without links: %v", due)
	}
	if b := (cadence.Brief{At: time.Unix(5, 0)}); !b.Last().Equal(b.At) {
		t.Errorf("an empty brief is useful until %s", b.Last())
	}
}

func TestBriefCatchUp(t *testing.T) {
	const start = "2026-11-20 12:00" // after Friday's
	for _, c := range []struct{ what, after, now, send, missed, next string }{
		{"not yet", start, "2026-11-26 08:59", "", "", "2026-11-26"},
		{"now", start, "2026-11-26 09:00", "2026-11-26", "", "2026-11-27"},
		{"the first 1:1 has begun, not the last", start, "2026-11-26 13:59", "2026-11-26", "", "2026-11-27"},
		{"the last has begun", start, "2026-11-26 14:00", "", "2026-11-26", "2026-11-27"},
		{"a week away", start, "2026-12-03 09:30", "2026-12-03", "2026-11-26 2026-11-27", "2026-12-04"},
		{"overtaken by the next", start, "2026-11-27 08:45", "2026-11-27", "2026-11-26", "2026-12-03"},
		{"handled already", "2026-11-26 14:00", "2026-11-26 13:00", "", "", "2026-11-27"},
	} {
		where := zone(t, "America/New_York")
		due := newYork().DueBriefs(cadence.Person{ID: "dana"}, threeLeaders(t), clockIn(t, c.after, where), clockIn(t, c.now, where))
		var send string
		if due.Send != nil {
			send = string(due.Send.Day)
		}
		var missed []string
		for _, b := range due.Missed {
			missed = append(missed, string(b.Day))
		}
		if send != c.send || strings.Join(missed, " ") != c.missed || string(due.Next.Day) != c.next || !due.More {
			t.Errorf("%s: send %q, missed %q, next %q", c.what, send, missed, due.Next.Day)
		}
	}
	early := []cadence.Link{pair(t, "0 18 * * MON-FRI", ""), pair(t, "0 7 * * TUE", "")}
	where := zone(t, "America/New_York")
	due := newYork().DueBriefs(cadence.Person{ID: "dana"}, early, clockIn(t, "2026-11-23 07:00", where), clockIn(t, "2026-11-23 17:30", where))
	if due.Send == nil || due.Send.Day != "2026-11-24" || len(due.Missed) != 1 {
		t.Errorf("two useful at once: %v", due)
	}
	long := newYork().DueBriefs(cadence.Person{ID: "dana"}, threeLeaders(t), time.Unix(0, 0), time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	if len(long.Missed) < 100 || len(long.Missed) > 120 {
		t.Errorf("ages away: %d missed", len(long.Missed))
	}
}
