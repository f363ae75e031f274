package slacksim

import "unicode/utf8"

// maxUpdateText is what chat.update takes, in characters: a tenth of a post.
const maxUpdateText = 4000

func (s *Sim) chatUpdate(c *call) (object, error) {
	content, err := s.readContent(c)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(content.text) > maxUpdateText {
		return nil, refuse("msg_too_long")
	}
	s.mu.Lock()
	defer s.changed()
	ch := s.findChannel(c.str("channel"))
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	c.concerns = ch.user
	m := ch.byTS[c.str("ts")]
	if m == nil || m.Deleted || m.Ephemeral {
		return nil, refuse("message_not_found")
	}
	if m.BotID == "" {
		return nil, refuse("cant_update_message")
	}
	s.edit(ch, m, content)
	return object{"channel": ch.id, "ts": m.TS, "text": m.Text, "message": s.wireWithMetadata(m)}, nil
}

// edit replaces what a message of the app says: blocks that are not sent are
// removed, metadata that is not sent stays. Caller holds mu.
func (s *Sim) edit(ch *channel, m *message, c content) {
	previous := s.wireMessage(m)
	if !c.hasMetadata {
		c.metadata = m.Metadata
	}
	c.fill(m)
	m.Edited, m.editedTS = true, formatTS(s.tick())
	m.Revision++
	m.state = nil
	if s.pinger.pings(m) {
		s.pings++
	}
	if !m.Ephemeral {
		s.emitChanged(ch, m, previous)
	}
}
