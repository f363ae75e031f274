package store

import (
	"context"
	"database/sql"

	"github.com/threedeep/threedeep/cadence"
)

// Posted says where Slack put the message of a delivery key; ErrNone until it is sent.
func (s *Store) Posted(ctx context.Context, key string) (cadence.Posted, error) {
	return one(list(ctx, s.read, `SELECT channel, ts FROM deliveries WHERE key = $1 AND ts <> ''`, []any{key},
		func(r *sql.Rows) (p cadence.Posted, err error) {
			err = r.Scan(&p.Channel, &p.TS)
			return p, err
		}))
}

// Unmet lists the people whose Slack account is not known.
func (s *Store) Unmet(ctx context.Context) ([]cadence.Person, error) {
	return s.people(ctx, `SELECT `+personColumns+` FROM people WHERE slack_id = '' ORDER BY id`)
}
