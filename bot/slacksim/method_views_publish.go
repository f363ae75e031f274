package slacksim

func (s *Sim) viewsPublish(c *call) (object, error) {
	v, err := s.readView(c, "home")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.changed()
	user := c.str("user_id")
	u := s.users.byID[user]
	if u == nil || u.Deleted {
		return nil, refuseArgument("invalid `user_id`")
	}
	c.concerns = user
	if s.app.HomeTab == TabOff {
		return nil, refuse("not_enabled")
	}
	old := s.views.homes[user]
	if hash := c.str("hash"); hash != "" && old != nil && hash != old.hash {
		return nil, refuse("hash_conflict")
	}
	if s.externalTaken(v, old) {
		return nil, refuse("duplicate_external_id")
	}
	if old != nil {
		s.replace(old, v)
	} else {
		s.place(v, user)
		s.views.homes[user] = v
	}
	return object{"view": v.wire(s.app)}, nil
}
