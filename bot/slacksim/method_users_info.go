package slacksim

func (s *Sim) usersInfo(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users.byID[c.str("user")]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	c.concerns = u.ID
	return object{"user": s.wireUser(u, c.flag("include_locale"))}, nil
}
