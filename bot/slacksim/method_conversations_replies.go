package slacksim

func (s *Sim) conversationsReplies(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	parent := ch.byTS[c.str("ts")]
	if parent != nil && parent.ThreadTS != "" {
		parent = ch.byTS[parent.ThreadTS]
	}
	if parent == nil || parent.Ephemeral {
		return nil, refuse("thread_not_found")
	}
	from, to, err := window(ch, c)
	if err != nil {
		return nil, err
	}
	return s.threadPage(ch, parent, from, to, c)
}

// threadPage lists oldest first; the parent always leads the first page.
func (s *Sim) threadPage(ch *channel, parent *message, from, to int, c *call) (object, error) {
	limit := pageSize(c, 1000, 1000)
	messages := []any{}
	if cursor := c.str("cursor"); cursor != "" {
		micros, _ := cursorFrom("next_ts", cursor) // window refused a bad one
		from, to = ch.before(micros, false), len(ch.list)
	} else if !parent.Deleted {
		messages = append(messages, s.wireHistoric(parent, c))
	}
	out := object{"has_more": false}
	for _, m := range ch.list[from:max(from, to)] {
		if m.ThreadTS != parent.TS || m.Deleted || m.Ephemeral {
			continue
		}
		if len(messages) >= limit {
			out["has_more"] = true
			out["response_metadata"] = object{"next_cursor": cursorTo("next_ts", m.micros)}
			break
		}
		o := s.wireHistoric(m, c)
		o["parent_user_id"] = parent.User
		messages = append(messages, o)
	}
	out["messages"] = messages
	return out, nil
}
