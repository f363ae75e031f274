package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

const conversationColumns = `c.id, guide, person, coach, link, occurrence, about, turns, thread, opened_at, until_at, c.version`

// Conversation reads a conversation with its answers; ErrNone when there is none.
func (s *Store) Conversation(ctx context.Context, id string) (prompts.Conversation, error) {
	row, found, turn := s.talks.find(talkKey(id))
	if found {
		return row.(prompts.Conversation), nil
	}
	c, err := one(s.conversations(ctx, `WHERE c.id = $1 ORDER BY c.id`, id))
	if err == nil && !long(c) {
		s.talks.keep(talkKey(id), c, turn)
	}
	return c, err
}

// Open lists somebody's own conversations that still take answers, newest first.
func (s *Store) Open(ctx context.Context, person string, now time.Time) ([]prompts.Conversation, error) {
	return s.conversations(ctx, `WHERE person = $1 AND until_at > $2 ORDER BY opened_at DESC, c.id`, person, ms(now))
}

// OpenWith lists the conversations that prepare a coach's coming sessions, newest first.
func (s *Store) OpenWith(ctx context.Context, coach string, now time.Time) ([]prompts.Conversation, error) {
	return s.conversations(ctx, `WHERE coach = $1 AND until_at > $2 ORDER BY opened_at DESC, c.id`, coach, ms(now))
}

// conversations reads conversations and their answers in one query, so that they belong together.
func (s *Store) conversations(ctx context.Context, where string, args ...any) ([]prompts.Conversation, error) {
	rows, err := list(ctx, s.read, `SELECT `+conversationColumns+`, question, text, choice, answered_at, shared_at, read_at, a.version
		FROM conversations c LEFT JOIN answers a ON a.conversation = c.id `+where+`, place`, args, scanConversation)
	var out []prompts.Conversation
	for _, c := range rows {
		if last := len(out) - 1; last >= 0 && out[last].ID == c.ID {
			out[last].Answers = append(out[last].Answers, c.Answers...)
			continue
		}
		out = append(out, c)
	}
	return out, err
}

// scanConversation reads a conversation with the one answer of its row, if it has any.
func scanConversation(r *sql.Rows) (c prompts.Conversation, err error) {
	var opened, until int64
	var question, text, choice sql.NullString
	var at, shared, read, version sql.NullInt64
	err = r.Scan(&c.ID, &c.Guide, &c.Person, &c.Coach, &c.Link, &c.Occurrence, &c.About, &c.Turns, &c.Thread, &opened, &until, &c.Version,
		&question, &text, &choice, &at, &shared, &read, &version)
	c.OpenedAt, c.Until = instant(opened), instant(until)
	if question.Valid {
		c.Answers = []prompts.Answer{{
			Question: question.String, Text: text.String, Choice: prompts.Choice(choice.String), At: instant(at.Int64),
			SharedAt: instant(shared.Int64), ReadAt: instant(read.Int64), Version: version.Int64,
		}}
	}
	return c, err
}

// CountAnswers is how many answers are kept.
func (s *Store) CountAnswers(ctx context.Context) (n int, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM answers`).Scan(&n)
	return n, err
}

// Occurrence reads one occurrence. Once on record it does not change.
func (s *Store) Occurrence(ctx context.Context, id string) (cadence.Occurrence, error) {
	key := "occurrence " + id
	row, found, turn := s.talks.find(key)
	if found {
		return row.(cadence.Occurrence), nil
	}
	o, err := one(list(ctx, s.read, `SELECT id, kind, subject, nominal, zone, starts_at, ends_at, state, evidence
		FROM occurrences WHERE id = $1`, []any{id}, scanOccurrence))
	if err == nil {
		s.talks.keep(key, o, turn)
	}
	return o, err
}

func scanOccurrence(r *sql.Rows) (o cadence.Occurrence, err error) {
	var at, ends int64
	err = r.Scan(&o.ID, &o.Kind, &o.Subject, &o.Nominal, &o.Zone, &at, &ends, &o.State, &o.Evidence)
	o.At, o.Ends = instant(at), instant(ends)
	return o, err
}

// Due lists what is due by now, oldest first, at most n.
func (s *Store) Due(ctx context.Context, now time.Time, n int) ([]Due, error) {
	return list(ctx, s.read, `SELECT kind, subject, handled, due_at FROM dues WHERE due_at <= $1 ORDER BY due_at, subject LIMIT $2`,
		[]any{ms(now), n}, func(r *sql.Rows) (d Due, err error) {
			var at int64
			err = r.Scan(&d.Kind, &d.Subject, &d.Handled, &at)
			d.At = instant(at)
			return d, err
		})
}

// NextDue is the earliest instant (domain clock) at which something is to be looked at again: the next turn of what
// recurs, or a delivery that is held until its time. False when there is nothing.
func (s *Store) NextDue(ctx context.Context, now time.Time) (time.Time, bool, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(at) FROM (
		SELECT min(due_at) AS at FROM dues UNION ALL
		SELECT min(due_at) FROM deliveries WHERE team = $1 AND done_at IS NULL AND due_at > $2) AS nexts`,
		s.team, ms(now)).Scan(&at)
	return instant(at.Int64), at.Valid, err
}
