package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/threedeep/threedeep/cadence"
)

// ErrNone says that there is no such row.
var ErrNone = errors.New("not found")

func putPerson(t *tx, p cadence.Person) error {
	roles := make([]string, len(p.Roles))
	for i, r := range p.Roles {
		roles[i] = string(r)
	}
	return t.exec(`INSERT INTO people (id, slack_id, email, name, roles, zone) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET slack_id = excluded.slack_id, email = excluded.email, name = excluded.name,
		roles = excluded.roles, zone = excluded.zone`,
		p.ID, p.Slack, p.Email, p.Name, strings.Join(roles, " "), p.Zone)
}

// putLink keeps the zone a link was made with.
func putLink(t *tx, l cadence.Link) error {
	return t.exec(`INSERT INTO links (id, coach, coachee, zone, minutes, one_on_one, reflect, deep_dive, coaching)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET minutes = excluded.minutes,
		one_on_one = excluded.one_on_one, reflect = excluded.reflect, deep_dive = excluded.deep_dive, coaching = excluded.coaching`,
		l.ID, l.Coach, l.Coachee, l.Zone, l.Minutes, l.OneOnOne.String(), l.Reflect.String(), l.DeepDive.String(), l.Coaching.String())
}

const personColumns = `id, slack_id, email, name, roles, zone`

// Person finds somebody by id; ErrNone when there is nobody.
func (s *Store) Person(ctx context.Context, id string) (cadence.Person, error) {
	return s.person(ctx, "id "+id, `WHERE id = $1`, id)
}

// PersonBySlack finds somebody by their Slack user id; ErrNone for people outside the chain.
func (s *Store) PersonBySlack(ctx context.Context, slackID string) (cadence.Person, error) {
	return s.person(ctx, "slack "+slackID, `WHERE slack_id = $1`, slackID)
}

// person is remembered under both names, since whoever is written to tends to answer.
func (s *Store) person(ctx context.Context, key, where, value string) (cadence.Person, error) {
	_, known, turn := s.chain.find(key)
	found, err := remembered(s.chain, key, func() ([]cadence.Person, error) {
		return s.people(ctx, `SELECT `+personColumns+` FROM people `+where, value)
	})
	if !known && len(found) == 1 && found[0].Slack != "" {
		s.chain.keep("id "+found[0].ID, found, turn)
		s.chain.keep("slack "+found[0].Slack, found, turn)
	}
	return one(found, err)
}

// People lists everybody in the chain.
func (s *Store) People(ctx context.Context) ([]cadence.Person, error) {
	return s.people(ctx, `SELECT `+personColumns+` FROM people ORDER BY id`)
}

func (s *Store) people(ctx context.Context, query string, args ...any) ([]cadence.Person, error) {
	return list(ctx, s.read, query, args, func(r *sql.Rows) (p cadence.Person, err error) {
		var roles string
		err = r.Scan(&p.ID, &p.Slack, &p.Email, &p.Name, &roles, &p.Zone)
		for _, role := range strings.Fields(roles) {
			p.Roles = append(p.Roles, cadence.Role(role))
		}
		return p, err
	})
}

const linkColumns = `id, coach, coachee, zone, minutes, one_on_one, reflect, deep_dive, coaching`

// Link finds a link by id.
func (s *Store) Link(ctx context.Context, id string) (cadence.Link, error) {
	return one(s.links(ctx, "link "+id, `SELECT `+linkColumns+` FROM links WHERE id = $1`, id))
}

// CoachedBy lists the links on which somebody coaches, in a fixed order.
func (s *Store) CoachedBy(ctx context.Context, coach string) ([]cadence.Link, error) {
	return s.links(ctx, "coach "+coach, `SELECT `+linkColumns+` FROM links WHERE coach = $1 ORDER BY id`, coach)
}

// CoachesOf lists the links on which somebody is coached, in a fixed order.
func (s *Store) CoachesOf(ctx context.Context, coachee string) ([]cadence.Link, error) {
	return s.links(ctx, "coachee "+coachee, `SELECT `+linkColumns+` FROM links WHERE coachee = $1 ORDER BY id`, coachee)
}

func (s *Store) links(ctx context.Context, key, query string, args ...any) ([]cadence.Link, error) {
	return remembered(s.chain, key, func() ([]cadence.Link, error) { return list(ctx, s.read, query, args, scanLink) })
}

func scanLink(r *sql.Rows) (l cadence.Link, err error) {
	var specs [4]string
	if err = r.Scan(&l.ID, &l.Coach, &l.Coachee, &l.Zone, &l.Minutes, &specs[0], &specs[1], &specs[2], &specs[3]); err != nil {
		return l, err
	}
	for i, into := range []*cadence.Rhythm{&l.OneOnOne, &l.Reflect, &l.DeepDive, &l.Coaching} {
		if specs[i] == "" {
			continue
		}
		if *into, err = cadence.ParseRhythm(specs[i]); err != nil {
			return l, fmt.Errorf("link %s: %w", l.ID, err)
		}
	}
	return l, nil
}

// Size counts the chain's people and links.
func (s *Store) Size(ctx context.Context) (people, links int, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM links)`).Scan(&people, &links)
	return people, links, err
}

// list reads all rows of a query.
func list[T any](ctx context.Context, r *reader, query string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	stmt, err := r.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	// A read is over before anybody could cancel it; watching for that would cost more than the read.
	rows, err := stmt.QueryContext(context.WithoutCancel(ctx), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// one is the only row, or ErrNone.
func one[T any](rows []T, err error) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	if len(rows) == 0 {
		return none, ErrNone
	}
	return rows[0], nil
}
