package slacksim

func (s *Sim) usersList(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	start := int64(0)
	if cursor := c.str("cursor"); cursor != "" {
		var ok bool
		if start, ok = cursorFrom("user", cursor); !ok || start < 0 || start > int64(len(s.users.order)) {
			return nil, refuse("invalid_cursor")
		}
	}
	end := min(start+int64(pageSize(c, len(s.users.order), 1000)), int64(len(s.users.order)))
	members := []any{}
	for _, id := range s.users.order[start:end] {
		members = append(members, s.wireUser(s.users.byID[id], c.flag("include_locale")))
	}
	next := ""
	if end < int64(len(s.users.order)) {
		next = cursorTo("user", end)
	}
	return object{
		"members": members, "cache_ts": s.cfg.Now().Unix(),
		"response_metadata": object{"next_cursor": next},
	}, nil
}
