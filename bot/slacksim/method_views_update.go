package slacksim

func (s *Sim) viewsUpdate(c *call) (object, error) {
	if c.str("view_id") != "" && c.str("external_id") != "" {
		return nil, refuseArgument("Cannot provide both `view_id` and `external_id`")
	}
	s.mu.Lock()
	old := s.viewNamed(c)
	kind := "modal"
	if old != nil {
		kind, c.concerns = old.kind, old.user
	}
	s.mu.Unlock()
	v, err := s.readView(c, kind)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.changed()
	if old = s.viewNamed(c); old == nil { // looked up again: it may have been closed meanwhile
		return nil, refuse("not_found")
	}
	if hash := c.str("hash"); hash != "" && hash != old.hash {
		return nil, refuse("hash_conflict")
	}
	if s.externalTaken(v, old) {
		return nil, refuse("duplicate_external_id")
	}
	s.replace(old, v)
	return object{"view": v.wire(s.app)}, nil
}

// viewNamed finds an open view by view_id or external_id. Caller holds mu.
func (s *Sim) viewNamed(c *call) *view {
	if id := c.str("view_id"); id != "" {
		return s.views.byID[id]
	}
	return s.views.byExternal[c.str("external_id")]
}
