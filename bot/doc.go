// Package bot is the Slack edge: it starts and stops everything, takes envelopes in, and lets deliveries out. Two
// ways run through it.
//
// In: socket.go receives an envelope, inbound.go decodes it, dispatch.go puts it in its person's queue, one file per
// kind of interaction (typed.go, press.go, form.go, command.go, home.go) asks a pure step what it leads to and
// commits that with the input's key; only then is the envelope acknowledged.
//
// Out: tick.go waits for the store's next due instant, plan.go turns what is due into one change, bot/delivery sends
// what the change queued, render.go makes messages of references, and carrier.go hands them to Slack.
//
// It may import cadence, prompts, store and the bot/* rooms but the stand-in and the harness, and slack-go.
package bot
