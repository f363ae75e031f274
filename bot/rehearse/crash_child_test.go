package rehearse_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/threedeep/threedeep/bot"
	"github.com/threedeep/threedeep/bot/rehearse"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/cadence/chainfile"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// lifeVariable makes the test binary be the bot instead of running tests: only a process of its own can be killed as
// a power cut would.
const lifeVariable = "THREEDEEP_TEST_LIFE"

func TestMain(m *testing.M) {
	if os.Getenv(lifeVariable) == "" {
		os.Exit(m.Run())
	}
	if err := live(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "a life ended:", err)
		os.Exit(1)
	}
}

// birth is the first thing a life reads: where Slack and the database are, what time it is, and when it is to die.
type birth struct {
	URL, AppToken, BotToken string
	Database                string
	Chain                   string // as its file
	At                      time.Time
	Death                   death
	Hasty                   bool // acknowledge before the commit: the mutant
}

// death is the nth passing of a named point; the zero death never comes.
type death struct {
	Point string
	Nth   int64
}

// live runs the bot until it kills itself, or until its input ends, as it does when the test is gone.
func live(in io.Reader, out io.Writer) error {
	orders := json.NewDecoder(in)
	var b birth
	if err := orders.Decode(&b); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s, err := store.Open(ctx, b.Database, store.Options{Rehearsal: true})
	if err != nil {
		return err
	}
	clock := rehearse.NewMoved(b.At)
	threedeep, err := b.bot(s, clock)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		defer stop()
		ended <- threedeep.Run(ctx)
	}()
	err = obey(ctx, threedeep, clock, orders, out)
	stop()
	return errors.Join(err, <-ended, s.Close())
}

func (b birth) bot(s *store.Store, clock bot.Clock) (*bot.Bot, error) {
	lib, err := prompts.Load(nil)
	if err != nil {
		return nil, err
	}
	chain, err := readChain(b.Chain)
	if err != nil {
		return nil, err
	}
	c := bot.Config{
		AppToken: b.AppToken, BotToken: b.BotToken, APIURL: b.URL, Store: s, Library: lib, Chain: &chain, Clock: clock,
		Autostart: true, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Crash: b.Death.hook(),
		// Shorter ones would let an attempt run out of time on a busy machine, and a delivery that has seen ten lives
		// waits for minutes after that.
		Lease: 600 * time.Millisecond, Timeout: 500 * time.Millisecond,
	}
	if b.Hasty {
		c.Wrap = func(s bot.Socket) bot.Socket { return hasty{s} }
	}
	return bot.New(c)
}

func readChain(text string) (cadence.Chain, error) {
	file, problems := chainfile.Parse("chain.yaml", []byte(text))
	return file.Chain, problems.Err()
}

// obey moves the clock to each instant it is told and says when the bot has settled there.
func obey(ctx context.Context, b *bot.Bot, clock *rehearse.Moved, orders *json.Decoder, out io.Writer) error {
	select {
	case <-b.Synced(): // before that there is no chain, and nothing to settle
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		var at time.Time
		if err := orders.Decode(&at); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		clock.MoveTo(at)
		if err := b.Settle(ctx); err != nil {
			return err
		}
		fmt.Fprintln(out, "settled")
	}
}

// hook counts the passings of the point and does not come back from the last one.
func (d death) hook() func(point string) {
	var passed atomic.Int64
	return func(point string) {
		if point != d.Point || passed.Add(1) != d.Nth {
			return
		}
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill() // SIGKILL: no deferred call, no flush, no goodbye to Slack
		}
		if err != nil {
			panic(err)
		}
		select {}
	}
}

// hasty is the socket of the mutant: it acknowledges what it has not kept yet.
type hasty struct{ bot.Socket }

func (h hasty) Receive(ctx context.Context, take func(bot.Envelope)) error {
	return h.Socket.Receive(ctx, func(e bot.Envelope) {
		if err := h.Socket.Ack(ctx, e.ID, nil); err == nil {
			take(e)
		}
	})
}

func (hasty) Ack(context.Context, string, any) error { return nil }

// life is the same process as the test sees it.
type life struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	settled chan struct{} // it says so
	ctx     context.Context
	cancel  context.CancelFunc
	err     error // how it ended
	log     bytes.Buffer
}

// startLife starts a process, which ends with ctx at the latest, or when the test that holds its input is gone.
func startLife(ctx context.Context, b birth) (*life, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	l := &life{cmd: exec.CommandContext(ctx, self), settled: make(chan struct{}, 1)}
	l.cmd.Env = append(os.Environ(), lifeVariable+"=1", "GORACE=halt_on_error=1") // a race is no death as planned
	l.cmd.Stderr = &l.log
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if l.orders, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	l.ctx, l.cancel = context.WithCancel(ctx)
	go l.listen(out)
	return l, json.NewEncoder(l.orders).Encode(b)
}

// listen hears what the process says until it is dead.
func (l *life) listen(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		l.settled <- struct{}{}
	}
	l.err = l.cmd.Wait()
	close(l.settled)
	l.cancel()
}

// settleAt moves its clock and waits until it has nothing left to do there; false when it died over it.
func (l *life) settleAt(at time.Time) bool {
	if err := json.NewEncoder(l.orders).Encode(at); err != nil {
		return false
	}
	_, ok := <-l.settled
	return ok
}

// end waits until the process is gone, having told it to stop.
func (l *life) end() {
	_ = l.orders.Close() // it may be closed already, by the death of its reader
	for range l.settled {
	}
}

// wasKilled tells whether it died by a signal.
func (l *life) wasKilled() bool {
	l.end()
	return !l.cmd.ProcessState.Exited()
}
