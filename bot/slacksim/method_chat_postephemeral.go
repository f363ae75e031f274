package slacksim

func (s *Sim) chatPostEphemeral(c *call) (object, error) {
	content, err := s.readContent(c)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.changed()
	ch, err := s.postTarget(c)
	if err != nil {
		return nil, err
	}
	user := c.str("user")
	c.concerns = user
	if !ch.members[user] {
		return nil, refuse("user_not_in_channel")
	}
	content.metadata = nil // ephemeral messages keep none
	m := s.addEphemeral(ch, user, content)
	return object{"message_ts": m.TS}, nil
}

// addEphemeral shows a message to one person. Caller holds mu.
func (s *Sim) addEphemeral(ch *channel, user string, c content) *message {
	m := &message{Message: Message{User: s.app.BotUserID, BotID: s.app.BotID, Ephemeral: true}, to: user}
	c.fill(m)
	s.add(ch, m)
	return m
}
