package slacksim

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Type lets a person write to the app in their DM. The stored text has & < >
// escaped, as Slack does it.
func (s *Sim) Type(user, text string) (Message, error) { return s.typeMessage(user, "", text) }

// TypeInThread lets a person answer in the thread of a message.
func (s *Sim) TypeInThread(user, threadTS, text string) (Message, error) {
	if threadTS == "" {
		return Message{}, fmt.Errorf("slacksim: thread: %w", ErrNoMessage)
	}
	return s.typeMessage(user, threadTS, text)
}

func (s *Sim) typeMessage(user, threadTS, text string) (Message, error) {
	s.mu.Lock()
	defer s.changed()
	m, _, err := s.typeLocked(user, threadTS, text)
	if err != nil {
		return Message{}, err
	}
	return m.Message, nil
}

// typeLocked also returns the event's envelope, nil when the app has not
// subscribed to it. Caller holds mu.
func (s *Sim) typeLocked(user, threadTS, text string) (*message, *envelope, error) {
	if _, err := s.typist(user); err != nil {
		return nil, nil, err
	}
	if err := typable(text); err != nil {
		return nil, nil, err
	}
	ch := s.dm(user)
	if threadTS != "" && !threadable(ch.byTS[threadTS]) {
		return nil, nil, fmt.Errorf("slacksim: thread %s: %w", threadTS, ErrNoMessage)
	}
	m := &message{Message: Message{User: user, ThreadTS: threadTS}}
	s.say(m, text)
	m.clientMsgID = fmt.Sprintf("00000000-0000-4000-8000-%012x", s.nextSerial())
	s.add(ch, m)
	return m, s.emitMessage(ch, m), nil
}

// threadable tells whether a message can be answered in a thread: replies have
// no threads of their own.
func threadable(m *message) bool {
	return m != nil && !m.Ephemeral && !m.Deleted && m.ThreadTS == ""
}

func typable(text string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("slacksim: an empty message: %w", ErrNotAllowed)
	}
	if n := utf8.RuneCountInString(text); n > maxText {
		return fmt.Errorf("slacksim: a message of %d characters: %w", n, ErrNotAllowed)
	}
	return nil
}

// say sets what a person typed, with the rich text that Slack makes of it.
func (s *Sim) say(m *message, text string) {
	m.Text = escape(text)
	m.Blocks = fmt.Appendf(nil,
		`[{"type":"rich_text","block_id":"%s","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":%s}]}]}]`,
		s.blockID(), mustJSON(text))
}

// escape writes text as Slack stores it.
func escape(text string) string {
	if !strings.ContainsAny(text, "&<>") {
		return text
	}
	text = strings.ReplaceAll(text, "&", "&amp;")
	text = strings.ReplaceAll(text, "<", "&lt;")
	return strings.ReplaceAll(text, ">", "&gt;")
}

// Edit lets a person change what they typed.
func (s *Sim) Edit(user, ts, text string) error {
	s.mu.Lock()
	defer s.changed()
	if err := typable(text); err != nil {
		return err
	}
	ch, m, err := s.typed(user, ts)
	if err != nil {
		return err
	}
	previous := s.wireMessage(m)
	s.say(m, text)
	m.Edited, m.editedTS = true, formatTS(s.tick())
	m.Revision++
	s.emitChanged(ch, m, previous)
	return nil
}

// DeleteTyped lets a person delete what they typed.
func (s *Sim) DeleteTyped(user, ts string) error {
	s.mu.Lock()
	defer s.changed()
	ch, m, err := s.typed(user, ts)
	if err != nil {
		return err
	}
	s.remove(ch, m)
	return nil
}

// remove deletes a message. Caller holds mu.
func (s *Sim) remove(ch *channel, m *message) {
	m.Deleted = true
	if parent := ch.byTS[m.ThreadTS]; parent != nil {
		parent.replies--
	}
	if !m.Ephemeral {
		s.emitDeleted(ch, m)
	}
}

// typed finds a message that the person wrote. Caller holds mu.
func (s *Sim) typed(user, ts string) (*channel, *message, error) {
	if _, err := s.person(user); err != nil {
		return nil, nil, err
	}
	ch := s.dm(user)
	m := ch.byTS[ts]
	if m == nil || m.Deleted || m.User != user {
		return nil, nil, fmt.Errorf("slacksim: message %s of %s: %w", ts, user, ErrNoMessage)
	}
	return ch, m, nil
}

// blockID generates one as Slack does. Caller holds mu.
func (s *Sim) blockID() string { return shortID(s.nextSerial()) }

// shortID spreads a number over letters and digits, so that ids look unlike
// each other; the factor is odd, so no two numbers meet.
func shortID(n uint64) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	n = n * 0x9E3779B1 % (1 << 32)
	b := []byte{0, 0, 0, 0, 0, 0}
	for i := range b {
		b[i] = alphabet[n%uint64(len(alphabet))]
		n /= uint64(len(alphabet))
	}
	return string(b)
}
