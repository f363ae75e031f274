package bot

import "time"

// Clock is the domain clock: what is due, quiet or over follows it. It can be moved; leases, timeouts,
// acknowledgements and pauses go by the machine's clock, which never is.
type Clock interface {
	Now() time.Time
	// At returns a channel that is closed once the clock has reached t or was moved, and a function that ends the wait.
	At(t time.Time) (<-chan time.Time, func())
}

// Running is a clock that runs by itself: the machine's own, or a rehearsal's that began elsewhere and runs faster.
type Running struct {
	began time.Time // on the machine's clock
	at    time.Time
	speed float64
}

// RealTime is the machine's clock.
func RealTime() Running { return RunningFrom(time.Now(), 1) }

// RunningFrom is a clock that shows at now and runs speed times as fast as the machine's.
func RunningFrom(at time.Time, speed float64) Running {
	return Running{began: time.Now(), at: at, speed: speed}
}

// Now is the clock's instant, in UTC.
func (r Running) Now() time.Time {
	return r.at.Add(time.Duration(float64(time.Since(r.began)) * r.speed)).UTC()
}

// longestWait keeps a wait in range of a timer and lets a machine that slept notice.
const longestWait = time.Hour

// At waits at most an hour, so that a machine that was suspended notices soon.
func (r Running) At(t time.Time) (<-chan time.Time, func()) {
	wait := min(time.Duration(float64(t.Sub(r.Now()))/r.speed), longestWait)
	timer := time.NewTimer(max(wait, 0))
	return timer.C, func() { timer.Stop() }
}
