package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence"
)

// quiet is a stand-in that remembers little, so that its own bookkeeping weighs on both bots alike and lightly.
func quiet() slacksim.Config { return slacksim.Config{QuietOwn: true, KeepTraffic: -1} }

// bareRun is what slack-go can do at best: acknowledge, then post a reply, without a disk.
func bareRun(ctx context.Context, answers, flight int, reply ...slack.MsgOption) (r result, err error) {
	sim, err := slacksim.Start(quiet())
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	var ids []string
	for i := range answers {
		ids = append(ids, fmt.Sprintf("U%07d", i+1))
		sim.AddUsers(slacksim.User{ID: ids[i]})
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	api := slack.New(sim.App().BotToken, slack.OptionAppLevelToken(sim.App().AppToken), slack.OptionAPIURL(sim.URL()),
		slack.OptionHTTPClient(&http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 128}}))
	client := socketmode.New(api)
	go func() { _ = client.RunContext(ctx) }() // it ends with ctx, which is no news
	go bareBot(ctx, api, client, reply)
	if err := sim.Wait(ctx, func() bool { return sim.Connections() > 0 }); err != nil {
		return r, err
	}
	return burst(ctx, sim, ids, flight, 0)
}

func bareBot(ctx context.Context, api *slack.Client, client *socketmode.Client, reply []slack.MsgOption) {
	slots := make(chan struct{}, 32)
	for {
		var e socketmode.Event
		select {
		case e = <-client.Events:
		case <-ctx.Done():
			return
		}
		if e.Type != socketmode.EventTypeEventsAPI {
			continue
		}
		if client.AckCtx(ctx, e.Request.EnvelopeID, nil) != nil {
			return
		}
		m, ok := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.MessageEvent)
		if !ok {
			continue
		}
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			_, _, _ = api.PostMessageContext(ctx, m.Channel, reply...) // counted by the stand-in
		}()
	}
}

// burst lets everybody answer once and waits until as many replies have arrived.
func burst(ctx context.Context, sim *slacksim.Sim, ids []string, flight, posted int) (result, error) {
	began := time.Now()
	load, err := sim.LoadEvents(ctx, slacksim.Load{
		Users: ids, Messages: len(ids), InFlight: flight, Text: "I asked what they had tried, and waited longer than was comfortable.",
	})
	if err != nil {
		return result{}, err
	}
	err = sim.Wait(ctx, func() bool { return sim.Count("chat.postMessage") >= posted+len(ids) })
	return result{answers: len(ids), acked: load.Elapsed, elapsed: time.Since(began), latencies: load.Latencies}, err
}

// ourRun asks everybody, then lets everybody answer at once. It also returns one of the replies, for the bare bot to
// post the same.
func ourRun(ctx context.Context, answers, flight int) (r result, reply []slack.MsgOption, err error) {
	dir, err := os.MkdirTemp("", "threedeep-load-")
	if err != nil {
		return r, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	w, err := rehearse.Start(ctx, rehearse.Options{
		Chain: chain(answers), Database: filepath.Join(dir, "load.db"), Slack: quiet(), At: monday(),
	})
	if err != nil {
		return r, nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if err := w.MoveTo(ctx, monday().Add(24*time.Hour+8*time.Hour), nil); err != nil {
		return r, nil, err
	}
	ids := leaders(w)
	if r, err = burst(ctx, w.Sim, ids, flight, w.Sim.Count("chat.postMessage")); err != nil {
		return r, nil, err
	}
	kept, err := w.Store.CountAnswers(ctx)
	if err == nil && kept != answers {
		err = fmt.Errorf("%d answers are durable, not %d", kept, answers)
	}
	if err != nil {
		return r, nil, err
	}
	reply, err = sample(w.Sim.DM(ids[0]))
	return r, reply, err
}

func leaders(w *rehearse.World) []string {
	var ids []string
	for i, u := range rehearse.Users(w.Chain) {
		if w.Chain.People[i].Has(cadence.Leader) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

// sample is the newest message of a conversation, to be posted again.
func sample(messages []slacksim.Message) ([]slack.MsgOption, error) {
	m := messages[len(messages)-1]
	var blocks slack.Blocks
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		return nil, err
	}
	return []slack.MsgOption{slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(blocks.BlockSet...)}, nil
}
