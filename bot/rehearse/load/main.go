// Command load measures the bot on this machine, over loopback only and bounded in count and time: how fast answers
// become durable and replies reach the stand-in Slack, beside a bare slack-go bot in the same run that acknowledges
// and posts without a disk; how long from start to hello; what it weighs at rest; what a tick costs.
//
// It is part of the rehearsal and may import what that may.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

func main() {
	answers := flag.Int("answers", 5000, "how many people answer at once")
	flight := flag.Int("flight", 100, "how many may be un-acknowledged at a time")
	people := flag.Int("people", 10_000, "how many people the bot at rest knows")
	links := flag.Int("links", 100_000, "how many links the tick has to look over")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	if err := measure(ctx, *answers, *flight, *people, *links); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, answers, flight, people, links int) error {
	ours, card, err := ourRun(ctx, answers, flight)
	if err != nil {
		return fmt.Errorf("our bot: %w", err)
	}
	word, err := bareRun(ctx, answers, flight, slack.MsgOptionText("Saved.", false))
	if err != nil {
		return fmt.Errorf("the bare bot: %w", err)
	}
	same, err := bareRun(ctx, answers, flight, card...)
	if err != nil {
		return fmt.Errorf("the bare bot: %w", err)
	}
	fmt.Println("three deep, durable:              ", ours)
	fmt.Println("bare slack-go, posting a word:    ", word)
	fmt.Println("bare slack-go, posting our card:  ", same)
	fmt.Printf("rate against bare: %.2f with a word, %.2f with the same card\n",
		word.elapsed.Seconds()/ours.elapsed.Seconds(), same.elapsed.Seconds()/ours.elapsed.Seconds())
	tick, size, err := tickRun(ctx, links)
	if err != nil {
		return fmt.Errorf("the tick: %w", err)
	}
	fmt.Printf("tick, %d links, none due: %v (median of %d), database %.1f MB\n", links, tick, ticks, float64(size)/1e6)
	return restRun(ctx, people)
}

// result is one burst of answers.
type result struct {
	answers   int
	acked     time.Duration // until the last acknowledgement
	elapsed   time.Duration // until all were durable and all replies had arrived
	latencies []time.Duration
}

func (r result) String() string {
	slices.Sort(r.latencies)
	at := func(q float64) time.Duration {
		return r.latencies[min(len(r.latencies)-1, int(q*float64(len(r.latencies))))].Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("%d answers and replies in %v (%.0f/s), acked in %v, ack p50 %v p99 %v max %v", r.answers,
		r.elapsed.Round(time.Millisecond), float64(r.answers)/r.elapsed.Seconds(), r.acked.Round(time.Millisecond), at(0.5), at(0.99), at(1))
}
