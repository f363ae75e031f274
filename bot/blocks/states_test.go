package blocks_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/prompts"
)

// marker stands in every answer: it may be read in a view that was opened, and in no message.
const marker = "she-waited-for-once"

func library(t testing.TB) (prompts.Library, prompts.Guide) {
	t.Helper()
	lib, err := prompts.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	g, ok := lib.Guide(prompts.Weekly)
	if !ok {
		t.Fatal("there is no weekly guide")
	}
	return lib, g
}

func eve() time.Time  { return time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC) }
func meet() time.Time { return time.Date(2026, 11, 26, 15, 0, 0, 0, time.UTC) }

func newYork(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// team is n managers by first name.
func team(n int) []blocks.Person {
	var out []blocks.Person
	for _, name := range []string{"Priya", "Sam", "Ana", "Mo", "Kim", "Ravi"}[:n] {
		out = append(out, blocks.Person{Ref: blocks.PersonRef(name), Name: name})
	}
	return out
}

// asking is Leo's reflection on the eve of his 1:1 with Dana, with n managers and nothing answered.
func asking(t testing.TB, n int) blocks.Reflection {
	lib, g := library(t)
	return blocks.Reflection{
		Words: lib.Words, Guide: g, People: team(n), Coach: "Dana", Session: meet(), Zone: newYork(t), Now: eve(),
		Talk: prompts.Conversation{
			ID: "talk", Guide: prompts.Weekly, Person: "leo", Coach: "dana", Turns: 1, Version: 1, Until: meet().AddDate(0, 0, 6),
		},
	}
}

// answered has one answer for each choice, in the guide's order; "read" is a shared one that was opened.
func answered(t testing.TB, choices ...prompts.Choice) blocks.Reflection {
	r := asking(t, 2)
	for i, choice := range choices {
		a := prompts.Answer{Question: r.Guide.Questions[i].ID, Text: marker, Choice: choice, At: eve(), Version: int64(i + 2)}
		if choice == read {
			a.Choice, a.ReadAt = prompts.Shared, meet()
		}
		if a.Choice == prompts.Shared {
			a.SharedAt = eve()
		}
		r.Talk.Answers = append(r.Talk.Answers, a)
	}
	r.Talk.Version += int64(len(choices))
	return r
}

const read prompts.Choice = "read"

func with(r blocks.Reflection, change func(*blocks.Reflection)) blocks.Reflection {
	change(&r)
	return r
}

// reflections is every state that a conversation's card can be in.
func reflections(t testing.TB) map[string]blocks.Reflection {
	late := func(r *blocks.Reflection) { r.Now = meet().Add(time.Hour) }
	over := func(r *blocks.Reflection) { r.Now = r.Talk.Until }
	return map[string]blocks.Reflection{
		"asking_0_managers":        asking(t, 0),
		"asking_1_manager":         asking(t, 1),
		"asking_2_managers":        asking(t, 2),
		"asking_6_managers":        asking(t, 6),
		"asking_about_one":         with(asking(t, 6), func(r *blocks.Reflection) { r.About = blocks.PersonRef("Ana") }),
		"asking_late":              with(asking(t, 2), late),
		"asking_second":            answered(t, prompts.Draft),
		"over_unanswered":          with(asking(t, 2), over),
		"over_half_answered":       with(answered(t, prompts.Draft), over),
		"deciding_first":           answered(t, prompts.Draft, prompts.Draft),
		"deciding_second":          answered(t, prompts.Shared, prompts.Draft),
		"deciding_second_kept":     answered(t, prompts.Kept, prompts.Draft),
		"shared_both":              answered(t, prompts.Shared, prompts.Shared),
		"read_one_shared_one":      answered(t, read, prompts.Shared),
		"read_both":                answered(t, read, read),
		"kept_both":                answered(t, prompts.Kept, prompts.Kept),
		"question_no_longer_asked": with(answered(t, prompts.Draft, prompts.Draft), func(r *blocks.Reflection) { r.Guide.Questions = r.Guide.Questions[:1] }),
	}
}

func briefs(t testing.TB) map[string]blocks.Brief {
	lib, g := library(t)
	day := func(rows ...blocks.BriefRow) blocks.Brief {
		return blocks.Brief{Words: lib.Words, Zone: newYork(t), Sessions: rows, Ask: g.CoachAsk(0)}
	}
	row := func(leader string, shared, read bool) blocks.BriefRow {
		return blocks.BriefRow{Leader: leader, At: meet(), Talk: "talk-" + leader, Shared: shared, Read: read}
	}
	var many []blocks.BriefRow
	for i := range 60 {
		many = append(many, row(fmt.Sprint("Leader", i), true, false))
	}
	return map[string]blocks.Brief{
		"no_sessions":    day(),
		"nothing_shared": day(row("Leo", false, false), row("Ana", false, true)),
		"one_shared":     day(row("Leo", true, false), row("Ana", false, false)),
		"one_read":       day(row("Leo", true, true), row("Ana", true, false)),
		"60_sessions":    day(many...),
	}
}

func readings(t testing.TB) map[string]blocks.Reading {
	lib, g := library(t)
	shows := func(texts ...string) blocks.Reading {
		r := blocks.Reading{Words: lib.Words, Guide: g, Leader: "Leo"}
		for i, text := range texts {
			r.Shared = append(r.Shared, prompts.Answer{Question: g.Questions[i].ID, Text: text, Choice: prompts.Shared})
		}
		return r
	}
	about := shows(marker)
	about.About = "Priya"
	return map[string]blocks.Reading{
		"nothing_any_more": shows(), "short": shows(marker, "And asked.\n\nTwice."), "about_one": about,
		"40000_letters": shows(strings.Repeat("word ", 8000), strings.Repeat("語", prompts.LongestAnswer)),
		"40000_escapes": shows(strings.Repeat("<", prompts.LongestAnswer), strings.Repeat("&", prompts.LongestAnswer)),
		"40000_emoji":   shows(strings.Repeat("🧭", prompts.LongestAnswer), strings.Repeat("🧭", prompts.LongestAnswer)),
	}
}

func homes(t testing.TB) map[string]blocks.Home {
	lib, _ := library(t)
	home := func(change func(*blocks.Home)) blocks.Home {
		h := blocks.Home{Words: lib.Words, Zone: newYork(t), Now: eve()}
		change(&h)
		return h
	}
	next := []blocks.HomeSession{{Other: "Dana", At: meet()}, {Other: "Dana", At: meet().AddDate(0, 0, 7)}}
	return map[string]blocks.Home{
		"outsider": home(func(h *blocks.Home) { h.Outsider = true }),
		"nothing":  home(func(*blocks.Home) {}),
		"manager":  home(func(h *blocks.Home) { h.Coaches = []string{"Leo"} }),
		"leader": home(func(h *blocks.Home) {
			h.Sessions, h.Open = next, []blocks.HomeReflection{{Talk: "talk", Coach: "Dana"}}
		}),
		"leader_saved": home(func(h *blocks.Home) {
			h.Sessions, h.Open = next, []blocks.HomeReflection{{Talk: "talk", Coach: "Dana", Saved: true}}
		}),
		"coach":         home(func(h *blocks.Home) { h.Sessions, h.ToRead = next, []blocks.HomeReading{{Talk: "talk", Leader: "Leo"}} }),
		"setup":         home(func(h *blocks.Home) { h.Setup = &blocks.HomeSetup{People: 10000, Links: 12000} }),
		"setup_started": home(func(h *blocks.Home) { h.Setup = &blocks.HomeSetup{People: 3, Links: 2, Started: true} }),
		"crowded": home(func(h *blocks.Home) {
			h.Setup = &blocks.HomeSetup{}
			h.Sessions = make([]blocks.HomeSession, 200)
			h.Open, h.ToRead = make([]blocks.HomeReflection, 200), make([]blocks.HomeReading, 200)
		}),
	}
}

// forms is the form in each of its states.
func forms(t testing.TB) map[string]blocks.Reflection {
	long := answered(t, prompts.Draft)
	long.Talk.Answers[0].Text = strings.Repeat("x", 3001)
	full := answered(t, prompts.Draft)
	full.Talk.Answers[0].Text = strings.Repeat("🧭", 3000)
	return map[string]blocks.Reflection{
		"fresh_1_manager":  asking(t, 1),
		"fresh_2_managers": asking(t, 2),
		"about_one":        with(asking(t, 2), func(r *blocks.Reflection) { r.About = blocks.PersonRef("Sam") }),
		"drafts":           answered(t, prompts.Draft, prompts.Kept),
		"one_shared":       answered(t, prompts.Shared),
		"all_shared":       answered(t, prompts.Shared, read),
		"too_long":         long,
		"full":             full,
	}
}
