package cadence_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/cadence"
)

func TestRhythmsAndTheirWords(t *testing.T) {
	for _, c := range []struct{ spec, words, turns string }{
		{"0 10 * * THU", "every Thursday at 10:00", "2026-11-26T10:00 2026-12-03T10:00"},
		{"  every Thu 10:00 ", "every Thursday at 10:00", "2026-11-26T10:00 2026-12-03T10:00"},
		{"every week Thu 9:05", "every Thursday at 09:05", "2026-11-26T09:05 2026-12-03T09:05"},
		{"Every THURSDAY at 10:00, from 2026-12-01", "every Thursday at 10:00, from 1 Dec 2026", "2026-12-03T10:00 2026-12-10T10:00"},
		{"every 2 weeks Tue 14:00 from 2026-11-24", "every second Tuesday at 14:00, from 24 Nov 2026", "2026-11-24T14:00 2026-12-08T14:00"},
		{"every other Tue 14:00 from 2026-11-09", "every second Tuesday at 14:00, from 9 Nov 2026", "2026-11-24T14:00 2026-12-08T14:00"},
		{"Tue 14:00 every 3 weeks from 24 Nov 2026", "every 3 weeks on Tuesday at 14:00, from 24 Nov 2026", "2026-11-24T14:00 2026-12-15T14:00"},
		{"2nd Thu 10:00", "on the second Thursday of the month at 10:00", "2026-12-10T10:00 2027-01-14T10:00"},
		{"on the second Thursday of the month at 10:00", "on the second Thursday of the month at 10:00", "2026-12-10T10:00 2027-01-14T10:00"},
		{"last Fri 16:00", "on the last Friday of the month at 16:00", "2026-11-27T16:00 2026-12-25T16:00"},
		{"last Mon 16:00", "on the last Monday of the month at 16:00", "2026-11-30T16:00 2026-12-28T16:00"},
		{"every 1st Tue 10:00", "on the first Tuesday of the month at 10:00", "2026-12-01T10:00 2027-01-05T10:00"},
		{"1st Sun 00:00 from 2027-01-03", "on the first Sunday of the month at 00:00, from 3 Jan 2027", "2027-01-03T00:00 2027-02-07T00:00"},
		{"no fixed time, 2 a month", "no fixed time, 2 a month", ""},
		{"No fixed time 1 per week", "no fixed time, 1 a week", ""},
		{"no fixed time", "no fixed time", ""},
		{"0 9 1 * *", "on the 1st of the month at 09:00", "2026-12-01T09:00 2027-01-01T09:00"},
		{"0 9 2,3,11,22 * *", "on the 2nd, 3rd, 11th and 22nd of the month at 09:00", "2026-11-22T09:00 2026-12-02T09:00"},
		{"30 8 * * MON-FRI", "every weekday at 08:30", "2026-11-23T08:30 2026-11-24T08:30"},
		{"30 8 * * MON,thu", "every Monday and Thursday at 08:30", "2026-11-23T08:30 2026-11-26T08:30"},
		{"0 7 * * *", "every day at 07:00", "2026-11-22T07:00 2026-11-23T07:00"},
		{"@weekly", "every Sunday at 00:00", "2026-11-29T00:00 2026-12-06T00:00"},
		{"@monthly", "on the 1st of the month at 00:00", "2026-12-01T00:00 2027-01-01T00:00"},
		{"0 9 29 2 *", "every year on 29 February at 09:00", "2028-02-29T09:00 2032-02-29T09:00"},
		{"0 9 1 1,7 *", "0 9 1 1,7 *", "2027-01-01T09:00 2027-07-01T09:00"},
		{"0 9 31 * *", "on the 31st of the month at 09:00", "2026-12-31T09:00 2027-01-31T09:00"},
	} {
		r := rhythm(t, c.spec)
		if got := r.Words(); got != c.words {
			t.Errorf("%q reads %q, want %q", c.spec, got, c.words)
		}
		if got := twoTurns(r); got != c.turns {
			t.Errorf("%q comes %s, want %s", c.spec, got, c.turns)
		}
		if r.String() != strings.TrimSpace(c.spec) || r.IsZero() || r.Fixed() != (c.turns != "") {
			t.Errorf("%q: String %q, IsZero %v, Fixed %v", c.spec, r.String(), r.IsZero(), r.Fixed())
		}
	}
}

func twoTurns(r cadence.Rhythm) string {
	one, ok := r.Following("2026-11-22T00:00", time.UTC)
	if !ok {
		return ""
	}
	two, _ := r.Following(one.Wall, time.UTC)
	return string(one.Wall + " " + two.Wall)
}

func TestRefusedRhythms(t *testing.T) {
	const examples = `. Write it like "every Thu 10:00", "every 2 weeks Tue 14:00 from 2026-11-24" or "2nd Thu 10:00"`
	for _, c := range []struct{ spec, why string }{
		{"", "nothing was written"},
		{"TZ=0", "a rhythm carries no time zone; each link has its own"},
		{"CRON_TZ=UTC 0 9 * * *", "a rhythm carries no time zone; each link has its own"},
		{"@every 1h", "a rhythm names a day and a time of day"},
		{"@hourly", "a rhythm names a day and a time of day"},
		{"@fortnightly", "as five cron fields it does not read: unrecognized descriptor: @fortnightly"},
		{"0 9 31 2 *", "that date never comes"},
		{"0 9,15 * * *", "it happens several times a day, and a rhythm happens at most once a day"},
		{"* * * * *", "it happens several times a day, and a rhythm happens at most once a day"},
		{", 9 * * *", "one of its fields is empty"},
		{"0 9 , * *", "one of its fields is empty"},
		{"0 10 8-14 * THU", `cron would take the day of the month or the day of the week, whichever comes first; give only one of the two, or say "2nd Thu 10:00" for a weekday of the month`},
		{"0 10 * *", "as five cron fields it does not read: expected exactly 5 fields, found 4: [0 10 * *]"},
		{"0 25 * * *", "as five cron fields it does not read: end of range (25) above maximum (23): 25"},
		{"whenever", `"whenever" means nothing to me here`},
		{"every Thu", "I understood every week, Thursday, but the time of day is missing"},
		{"Thu 10:00", "I understood Thursday, 10:00, but it does not say how often"},
		{"every 10:00", "I understood every week, 10:00, but the weekday is missing"},
		{"every 2 weeks Tue 14:00", "I understood every 2 weeks, Tuesday, 14:00, but the date to count from is missing"},
		{"every 2nd Thu 10:00", "I understood every 2 weeks, Thursday, 10:00, but the date to count from is missing"},
		{"every 2 months Tue 14:00", `I understood every week, but after "every 2" I expect "weeks"`},
		{"every 99 weeks Tue 14:00", `I understood every week, but "99" is not a number of weeks from 1 to 52`},
		{"every Thu 25:00", `I understood every week, Thursday, but "25:00" is not a time of day as "14:00"`},
		{"every Thu 10:00 11:00", "I understood every week, Thursday, 10:00, but it names two times of day"},
		{"every Mon Thu 10:00", `I understood every week, Monday, but it names two weekdays; for more than one write cron, "0 10 * * MON,THU"`},
		{"1st last Thu 10:00", "I understood the first of the month, but it names two places in the month"},
		{"every every Thu 10:00", `I understood every week, but it says "every" twice`},
		{"1st Thu 10:00 every 2 weeks", "I understood every 2 weeks, the first of the month, Thursday, 10:00, but it counts in weeks and in months at once"},
		{"every Thu 10:00 from tomorrow", `I understood every week, Thursday, 10:00, but after "from" I expect a date as "2026-11-24"`},
		{"every Thu 10:00 from 2026-02-30", `I understood every week, Thursday, 10:00, but after "from" I expect a date as "2026-11-24"`},
		{"every Thu 10:00 from 1969-12-31", `I understood every week, Thursday, 10:00, but after "from" I expect a date as "2026-11-24"`},
		{"2nd Thu of May 10:00", `I understood the second of the month, Thursday, but after "of" I expect "the month"`},
		{"5th Thu 10:00", `"5th" means nothing to me here`},
		{"no fixed time, often", `I understood "no fixed time", after which only "2 a month" or "1 a week" may follow`},
		{"no fixed time, 2 a year", `I understood "no fixed time", after which only "2 a month" or "1 a week" may follow`},
	} {
		_, err := cadence.ParseRhythm(c.spec)
		if err == nil {
			t.Errorf("%q is accepted", c.spec)
			continue
		}
		want := `"` + c.spec + `" is not a rhythm I can keep: ` + c.why + examples
		if err.Error() != want {
			t.Errorf("%q is refused with\n %s, want\n %s", c.spec, err, want)
		}
	}
	_, err := cadence.ParseRhythm("every Thu 10:00" + strings.Repeat(" ", 200) + "x")
	if err == nil || !strings.Contains(err.Error(), "longer than 120 characters") {
		t.Errorf("a long spec: %v", err)
	}
}

func TestNoRhythm(t *testing.T) {
	var none cadence.Rhythm
	if !none.IsZero() || none.Fixed() || none.String() != "" || none.Words() != "not set" {
		t.Errorf("the zero rhythm is %q, %q", none.String(), none.Words())
	}
	if m, ok := none.After(time.Unix(0, 0), time.UTC); ok {
		t.Errorf("it comes at %v", m)
	}
	if m, ok := none.Preceding("2026-11-26T10:00", time.UTC); ok {
		t.Errorf("it came at %v", m)
	}
	if m, ok := none.Preceding("nonsense", time.UTC); ok {
		t.Errorf("it came at %v", m)
	}
}

func TestLeapDayAcrossTheCentury(t *testing.T) {
	next, ok := rhythm(t, "0 9 29 2 *").Following("2096-03-01T00:00", time.UTC)
	if !ok || next.Wall != "2104-02-29T09:00" {
		t.Errorf("after 2096 comes %v, %v", next, ok)
	}
	before, ok := rhythm(t, "0 9 29 2 *").Preceding("2104-02-29T09:00", time.UTC)
	if !ok || before.Wall != "2096-02-29T09:00" {
		t.Errorf("before 2104 comes %v, %v", before, ok)
	}
	if m, ok := rhythm(t, "every Thu 10:00").Following("9999-12-31T00:00", time.UTC); ok {
		t.Errorf("after the last wall time comes %v", m)
	}
}

// TestWordsCanBeSaidAgain: what is read back is itself understood, and means
// the same.
func TestWordsCanBeSaidAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := cadence.ParseRhythm(goodSpec().Draw(t, "spec"))
		if err != nil {
			t.Fatal(err)
		}
		said, err := cadence.ParseRhythm(r.Words())
		if err != nil {
			t.Skip("days of the month can only be written as cron")
		}
		w := cadence.Wall("2026-11-22T00:00")
		for range 5 {
			one, _ := r.Following(w, time.UTC)
			two, _ := said.Following(w, time.UTC)
			if one != two {
				t.Fatalf("%q comes %s, its words %q %s", r, one.Wall, r.Words(), two.Wall)
			}
			w = one.Wall
		}
	})
}

func FuzzParseRhythm(f *testing.F) {
	for _, seed := range []string{
		"0 10 * * THU", "every 2 weeks Tue 14:00 from 2026-11-24", "2nd Thu 10:00", "last Fri 16:00",
		"no fixed time, 2 a month", "TZ=0", "CRON_TZ=", "@every 1h", "0 9 31 2 *", "0 9 29 2 *", ", , , , ,",
		"0 10 */2 * *", "*/99999999999 1 * * *", "every", "from", "every 2", "last", "1-1 2-2 ? ? ?", "\x00 \xff",
		"every last Fri 23:59", "0 0 1 1 *",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		r, err := cadence.ParseRhythm(spec)
		if err != nil {
			if !r.IsZero() || !strings.Contains(err.Error(), "Write it like") {
				t.Fatalf("%q: %#v, %v", spec, r, err)
			}
			return
		}
		if again, err := cadence.ParseRhythm(r.String()); err != nil || again != r {
			t.Fatalf("%q does not come back from its String: %v", spec, err)
		}
		if r.Words() == "" {
			t.Fatalf("%q has no words", spec)
		}
		next, ok := r.Following("2200-01-01T00:00", time.UTC)
		if ok != r.Fixed() {
			t.Fatalf("%q: fixed %v, but a turn %v", spec, r.Fixed(), ok)
		}
		if then, ok := r.Following(next.Wall, time.UTC); ok && then.Wall.Day() == next.Wall.Day() {
			t.Fatalf("%q comes twice on %s", spec, next.Wall.Day())
		}
	})
}
