package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// putDelivery queues a delivery. A post with a key that was queued before is that same post and stays as it is; an
// update or a publication is queued anew, so that the latest state is what gets shown; once the earlier one is done,
// its attempts count no more, or the tenth edit of a card would wait minutes after its first failure.
func (s *Store) putDelivery(t *tx, d cadence.Delivery) error {
	switch d.Op {
	case cadence.OpPost:
		return s.insertDelivery(t, d, `DO NOTHING`)
	case cadence.OpRepublish:
		return t.exec(`UPDATE deliveries SET due_at = $1, rev = rev + 1, retry_at = 0, attempt = CASE WHEN done_at IS NULL THEN attempt ELSE 0 END,
			done_at = NULL, outcome = '' WHERE key = $2`, ms(d.Due), d.Key)
	case cadence.OpUpdate:
		// What the message asks from now on is what words typed after it are placed under.
		// A message that was held is wanted now that there is something to say in it.
		if err := t.exec(`UPDATE deliveries SET part = $1, due_at = CASE WHEN done_at IS NULL AND due_at > $2 THEN $2 ELSE due_at END
			WHERE key = $3`, d.Part, ms(d.Due), d.Target); err != nil {
			return err
		}
	}
	return s.insertDelivery(t, d, `DO UPDATE SET seq = excluded.seq, due_at = excluded.due_at, rev = deliveries.rev + 1,
		retry_at = 0, attempt = CASE WHEN deliveries.done_at IS NULL THEN deliveries.attempt ELSE 0 END, done_at = NULL, outcome = '',
		part = excluded.part, turn = excluded.turn`)
}

func (s *Store) insertDelivery(t *tx, d cadence.Delivery, again string) error {
	return t.exec(`INSERT INTO deliveries (id, team, key, op, kind, subject, part, turn, thread, audience, lane, rank, target,
		due_at, seq, rev, attempt, owner, leased_until, retry_at, outcome, channel, ts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, (SELECT coalesce(max(seq), 0) + 1 FROM deliveries),
		1, 0, '', 0, 0, '', '', '') ON CONFLICT (key) `+again,
		d.ID, s.team, d.Key, string(d.Op), d.Kind, d.Subject, d.Part, d.Turn, d.Thread, d.Audience, d.Lane(), d.Rank(), d.Target, ms(d.Due))
}

// ClaimDue takes at most n due deliveries for owner until the lease ends: only the first of each lane, so that order
// holds within it, and none that is leased or waits for its next try. due is the domain clock's now; machine is the
// machine clock's.
func (s *Store) ClaimDue(ctx context.Context, owner string, due, machine time.Time, lease time.Duration, n int) ([]cadence.Claim, error) {
	var out []cadence.Claim
	err := s.writer.run(ctx, func(t *tx) error {
		rows, err := t.query(claimSQL, s.team, ms(due), ms(machine), n, owner, ms(machine.Add(lease)))
		if err != nil {
			return err
		}
		defer rows.Close()
		out = nil // a part may run twice
		for rows.Next() {
			c, err := scanClaim(rows)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err // not out: when ctx ended first, it may be written to still
	}
	return out, nil
}

// $4 + 0 rather than $4: SQLite plans anew for every new value of a bare limit, which costs more than the claim.
const claimSQL = `WITH heads AS MATERIALIZED (
	SELECT d.key FROM deliveries d
	WHERE d.team = $1 AND d.done_at IS NULL AND d.due_at <= $2 AND d.leased_until <= $3 AND d.retry_at <= $3
	AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.lane = d.lane AND e.done_at IS NULL AND e.seq < d.seq AND e.due_at <= $2)
	AND (d.target = '' OR NOT EXISTS (SELECT 1 FROM deliveries p WHERE p.key = d.target AND p.done_at IS NULL))
	ORDER BY d.rank, d.due_at, d.seq LIMIT $4 + 0)
	UPDATE deliveries SET owner = $5, leased_until = $6, attempt = attempt + 1
	WHERE key IN (SELECT key FROM heads)
	RETURNING id, key, op, kind, subject, part, turn, thread, audience, target, due_at, owner, attempt, rev,
	coalesce((SELECT p.channel FROM deliveries p WHERE p.key = deliveries.target), ''),
	coalesce((SELECT p.ts FROM deliveries p WHERE p.key = deliveries.target), '')`

func scanClaim(r *sql.Rows) (c cadence.Claim, err error) {
	var due int64
	err = r.Scan(&c.ID, &c.Key, &c.Op, &c.Kind, &c.Subject, &c.Part, &c.Turn, &c.Thread, &c.Audience, &c.Target, &due,
		&c.Owner, &c.Attempt, &c.Rev, &c.Posted.Channel, &c.Posted.TS)
	c.Due = instant(due)
	return c, err
}

// Settle records how a claim ended; at is the machine clock's now. A claim that was lost to another owner or
// attempt records nothing. An update that was queued again meanwhile stays queued.
func (s *Store) Settle(ctx context.Context, c cadence.Claim, outcome string, posted cadence.Posted, at time.Time) error {
	return s.writer.run(ctx, func(t *tx) error {
		return t.exec(`UPDATE deliveries SET leased_until = 0, outcome = $1, channel = $2, ts = $3,
			done_at = CASE WHEN rev = $4 THEN $5 END WHERE key = $6 AND owner = $7 AND attempt = $8 AND done_at IS NULL`,
			outcome, posted.Channel, posted.TS, c.Rev, ms(at), c.Key, c.Owner, c.Attempt)
	})
}

// Retry gives a claim back, to be tried again at an instant of the machine's clock.
func (s *Store) Retry(ctx context.Context, c cadence.Claim, outcome string, at time.Time) error {
	return s.writer.run(ctx, func(t *tx) error {
		return t.exec(`UPDATE deliveries SET leased_until = 0, retry_at = $1, outcome = $2
			WHERE key = $3 AND owner = $4 AND attempt = $5 AND done_at IS NULL`, ms(at), outcome, c.Key, c.Owner, c.Attempt)
	})
}

// Hold gives a claim back, to be due again at an instant of the domain clock, as if it had not been tried.
func (s *Store) Hold(ctx context.Context, c cadence.Claim, due time.Time) error {
	return s.writer.run(ctx, func(t *tx) error {
		return t.exec(`UPDATE deliveries SET leased_until = 0, due_at = $1, attempt = attempt - 1
			WHERE key = $2 AND owner = $3 AND attempt = $4 AND done_at IS NULL`, ms(due), c.Key, c.Owner, c.Attempt)
	})
}

// Waiting says how many due deliveries are not done, and when (machine clock) the first of those that wait for a
// lease or a next try may be taken; zero when none waits. What stands behind another of its lane waits for that one.
func (s *Store) Waiting(ctx context.Context, due time.Time) (n int, next time.Time, err error) {
	var at sql.NullInt64
	err = s.read.QueryRowContext(ctx, `SELECT count(*), min(CASE WHEN leased_until = 0 AND retry_at = 0 THEN NULL
		WHEN EXISTS (SELECT 1 FROM deliveries e WHERE e.lane = d.lane AND e.done_at IS NULL AND e.seq < d.seq AND e.due_at <= $2) THEN NULL
		WHEN leased_until > retry_at THEN leased_until ELSE retry_at END)
		FROM deliveries d WHERE team = $1 AND done_at IS NULL AND due_at <= $2`, s.team, ms(due)).Scan(&n, &at)
	return n, instant(at.Int64), err
}

// Asked lists the newest cards of somebody's open conversations that were delivered, for placing what they type;
// inFlight says that one more may be on their screen already without being recorded here yet.
func (s *Store) Asked(ctx context.Context, person string, now time.Time) (asked []prompts.Asked, inFlight bool, err error) {
	type row struct {
		prompts.Asked
		flying bool
	}
	rows, err := list(ctx, s.read, `SELECT subject, part, d.ts, d.thread,
		done_at IS NULL AND attempt > 0 AND (leased_until > 0 OR outcome LIKE 'unknown%')
		FROM deliveries d JOIN conversations c ON c.id = d.subject AND c.until_at > $3
		WHERE audience = $1 AND kind = $2 AND op = 'post' ORDER BY seq DESC LIMIT 50`, []any{person, prompts.CardKind, ms(now)},
		func(r *sql.Rows) (a row, err error) {
			err = r.Scan(&a.Conversation, &a.Question, &a.TS, &a.Thread, &a.flying)
			return a, err
		})
	for _, r := range rows {
		inFlight = inFlight || r.flying
		if r.TS != "" {
			asked = append(asked, r.Asked)
		}
	}
	return asked, inFlight, err
}
