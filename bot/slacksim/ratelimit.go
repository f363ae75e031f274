package slacksim

import (
	"math"
	"sync"
	"time"
)

// Slack's tiers, in calls per minute and method. Tier 5 is what the reference
// gives to methods with a limit of their own.
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
	tier5 = 600
)

// Posting is limited per channel and for the whole workspace.
const (
	postsPerMinute    = 60 // about one a second and channel
	postBurst         = 4
	workspacePosts    = 600
	bucketsBeforeTrim = 100_000
)

// limiter holds one bucket per thing that is limited.
type limiter struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	seen   time.Time
}

func newLimiter() limiter { return limiter{buckets: map[string]*bucket{}} }

// take uses one call of key, or returns the seconds to wait.
func (l *limiter) take(key string, perMinute, burst float64, now time.Time) (wait int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		l.trim()
		b = &bucket{tokens: burst, seen: now}
		l.buckets[key] = b
	}
	perSecond := perMinute / 60
	b.tokens = min(burst, b.tokens+now.Sub(b.seen).Seconds()*perSecond)
	b.seen = now
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return max(1, int(math.Ceil((1-b.tokens)/perSecond)))
}

// trim forgets everything when there are too many channels: at worst a few
// posts too many are let through.
func (l *limiter) trim() {
	if len(l.buckets) >= bucketsBeforeTrim {
		clear(l.buckets)
	}
}

// limit returns the Retry-After in seconds when a call comes too soon.
func (s *Sim) limit(m method, c *call) int {
	if !s.cfg.RateLimits {
		return 0
	}
	now := time.Now()
	if !m.posts {
		return s.limits.take(c.method, m.perMinute, m.perMinute, now)
	}
	channel := c.str("channel")
	if channel != "" {
		channel = channel[1:] // a person's id and their DM's differ in the first letter only
	}
	if wait := s.limits.take("post "+channel, postsPerMinute, postBurst, now); wait > 0 {
		return wait
	}
	return s.limits.take("posts", workspacePosts, workspacePosts, now)
}
