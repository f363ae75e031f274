package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// Change is everything one input or one tick leads to. It is committed whole or not at all.
type Change struct {
	Input         *Input
	People        []cadence.Person
	Links         []cadence.Link
	Occurrences   []cadence.Occurrence
	Conversations []prompts.Conversation // Version is the new one; the stored one must be the version before
	Deliveries    []cadence.Delivery
	Dues          []Due
	Settings      map[string]string
}

// Input is something that was done, under the key that makes a repeat of it harmless, with the reply it got.
type Input struct {
	Key   string
	At    time.Time // by the machine's clock
	Reply string
}

// Due is the next turn of something that recurs.
type Due struct {
	Kind    cadence.OccurrenceKind
	Subject string
	Handled string    // the turn handled last, in the kind's own terms; empty for none yet
	At      time.Time // UTC; zero takes the due away
}

// ErrConflict says that a conversation was changed by somebody else since it was read: read it and step again.
var ErrConflict = errors.New("changed by somebody else meanwhile")

// Repeat is returned for an input that was committed before; Reply is what it got then.
type Repeat struct{ Reply string }

func (r *Repeat) Error() string { return "this input was committed before" }

// Commit writes a change durably. It returns nil when the disk has it, *Repeat when its input was committed before,
// ErrConflict when a conversation moved on; on any error nothing of the change is written.
func (s *Store) Commit(ctx context.Context, c Change) error {
	err := s.writer.runThen(ctx, func(t *tx) error { return s.apply(t, c) }, func() { s.remember(c) })
	if errors.Is(err, ErrConflict) {
		for _, talk := range c.Conversations {
			s.talks.drop(talkKey(talk.ID)) // what is remembered of it may be what is out of date
		}
	}
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// remember keeps what was just written for the reads that follow at once.
func (s *Store) remember(c Change) {
	if len(c.People)+len(c.Links) > 0 {
		s.chain.forget()
	}
	for _, talk := range c.Conversations {
		if long(talk) {
			s.talks.drop(talkKey(talk.ID))
			continue
		}
		s.talks.put(talkKey(talk.ID), talk)
	}
}

func talkKey(id string) string { return "talk " + id }

// long says whether a conversation is too large to be worth remembering.
func long(c prompts.Conversation) bool {
	n := 0
	for _, a := range c.Answers {
		n += len(a.Text)
	}
	return n > 8<<10
}

func (s *Store) apply(t *tx, c Change) error {
	if c.Input != nil {
		if err := takeInput(t, *c.Input); err != nil {
			return err
		}
	}
	// The first failure ends it: a full disk may have rolled the transaction back by then, and what came after would be
	// written outside of any.
	for _, part := range []func(*tx) error{
		settings(c.Settings), each(c.People, putPerson), each(c.Links, putLink), each(c.Occurrences, putOccurrence),
		each(c.Conversations, putConversation), each(c.Dues, putDue), each(c.Deliveries, s.putDelivery),
	} {
		if err := part(t); err != nil {
			return err
		}
	}
	return nil
}

func each[T any](rows []T, put func(*tx, T) error) func(*tx) error {
	return func(t *tx) error {
		for _, row := range rows {
			if err := put(t, row); err != nil {
				return err
			}
		}
		return nil
	}
}

func settings(values map[string]string) func(*tx) error {
	return func(t *tx) error {
		for key, value := range values {
			err := t.exec(`INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func takeInput(t *tx, in Input) error {
	n, err := t.affected(`INSERT INTO inputs (key, at, reply) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`, in.Key, ms(in.At), in.Reply)
	if err != nil || n == 1 {
		return err
	}
	rows, err := t.query(`SELECT reply FROM inputs WHERE key = $1`, in.Key)
	if err != nil {
		return err
	}
	defer rows.Close()
	var r Repeat
	for rows.Next() {
		if err := rows.Scan(&r.Reply); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), &r)
}

func putDue(t *tx, d Due) error {
	if d.At.IsZero() {
		return t.exec(`DELETE FROM dues WHERE kind = $1 AND subject = $2`, string(d.Kind), d.Subject)
	}
	return t.exec(`INSERT INTO dues (kind, subject, handled, due_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, subject) DO UPDATE SET handled = excluded.handled, due_at = excluded.due_at`,
		string(d.Kind), d.Subject, d.Handled, ms(d.At))
}

func putOccurrence(t *tx, o cadence.Occurrence) error {
	return t.exec(`INSERT INTO occurrences (id, kind, subject, nominal, zone, starts_at, ends_at, state, evidence)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, subject, nominal) DO NOTHING`,
		o.ID, string(o.Kind), o.Subject, string(o.Nominal), o.Zone, ms(o.At), ms(o.Ends), string(o.State), o.Evidence)
}

// putConversation inserts version 1 and otherwise compares and raises the version. Its answers are
// written with it.
func putConversation(t *tx, c prompts.Conversation) error {
	put := raiseConversation
	if c.Version == 1 {
		put = insertConversation
	}
	n, err := put(t, c)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrConflict
	}
	for place, a := range c.Answers {
		if err := putAnswer(t, c.ID, place, a); err != nil {
			return err
		}
	}
	return nil
}

func insertConversation(t *tx, c prompts.Conversation) (int64, error) {
	return t.affected(`INSERT INTO conversations (id, guide, person, coach, link, occurrence, about, turns, thread, opened_at, until_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		c.ID, c.Guide, c.Person, c.Coach, c.Link, c.Occurrence, c.About, c.Turns, c.Thread, ms(c.OpenedAt), ms(c.Until), c.Version)
}

func raiseConversation(t *tx, c prompts.Conversation) (int64, error) {
	return t.affected(`UPDATE conversations SET about = $1, turns = $2, thread = $3, until_at = $4, version = $5
		WHERE id = $6 AND version = $5 - 1`, c.About, c.Turns, c.Thread, ms(c.Until), c.Version, c.ID)
}

func putAnswer(t *tx, conversation string, place int, a prompts.Answer) error {
	return t.exec(`INSERT INTO answers (conversation, question, place, text, choice, answered_at, shared_at, read_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (conversation, question) DO UPDATE SET place = excluded.place,
		text = excluded.text, choice = excluded.choice, answered_at = excluded.answered_at,
		shared_at = excluded.shared_at, read_at = excluded.read_at, version = excluded.version`,
		conversation, a.Question, place, a.Text, string(a.Choice), ms(a.At), ms(a.SharedAt), ms(a.ReadAt), a.Version)
}

// Forget drops inputs older than before (machine clock): Slack repeats within minutes, so a week is ample.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	return s.writer.run(ctx, func(t *tx) error { return t.exec(`DELETE FROM inputs WHERE at < $1`, ms(before)) })
}
