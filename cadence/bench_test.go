package cadence_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence"
)

// manyLinks are as different as those of a large organisation.
func manyLinks(b *testing.B, n int) []cadence.Link {
	specs := []string{"0 10 * * THU", "every 2 weeks Tue 14:00 from 2026-11-24", "2nd Thu 10:00", "0 9 1 * *", "30 8 * * MON-FRI"}
	links := make([]cadence.Link, n)
	for i := range links {
		links[i] = cadence.Link{
			ID: fmt.Sprint("link", i), Zone: worldZones()[i%len(worldZones())],
			OneOnOne: rhythm(b, specs[i%len(specs)]),
		}
		if i%2 == 0 {
			links[i].Reflect = rhythm(b, "0 15 * * WED")
		}
	}
	return links
}

func BenchmarkNextReflection100kLinks(b *testing.B) {
	links, p := manyLinks(b, 100_000), newYork()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		for _, link := range links {
			p.NextReflection(link, "", "", now)
		}
	}
}

func BenchmarkCatchUpAYear(b *testing.B) {
	link, p := manyLinks(b, 1)[0], newYork()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		p.DueReflections(link, "", "2025-11-22T00:00", now)
	}
}

func BenchmarkNextBriefOfSixLeaders(b *testing.B) {
	links, p := manyLinks(b, 6), newYork()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for b.Loop() {
		p.NextBrief(cadence.Person{ID: "dana"}, links, now)
	}
}

func BenchmarkParseRhythm(b *testing.B) {
	for b.Loop() {
		if _, err := cadence.ParseRhythm("every 2 weeks Tue 14:00 from 2026-11-24"); err != nil {
			b.Fatal(err)
		}
	}
}
