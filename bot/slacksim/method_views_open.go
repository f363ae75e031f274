package slacksim

func (s *Sim) viewsOpen(c *call) (object, error) {
	return s.withTrigger(c, func(v *view, user string) error {
		s.openStack(v, user)
		return nil
	})
}

// withTrigger reads the view, exchanges the trigger and shows the view; a view
// that is refused leaves the trigger usable.
func (s *Sim) withTrigger(c *call, show func(*view, string) error) (object, error) {
	v, err := s.readView(c, "modal")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.changed()
	t, err := s.exchange(c.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	c.concerns = t.user
	if s.externalTaken(v, nil) {
		return nil, refuse("duplicate_external_id")
	}
	if err := show(v, t.user); err != nil {
		return nil, err
	}
	t.used = true
	return object{"view": v.wire(s.app)}, nil
}

// maxView is the size of a view in bytes of JSON.
const maxView = 250_000

// readView decodes and checks the view argument.
func (s *Sim) readView(c *call, kind string) (*view, error) {
	raw, err := c.json("view")
	if err != nil {
		return nil, refuseArgument("invalid json [json-pointer:/view]")
	}
	if raw == nil {
		return nil, refuseArgument("missing required field: view")
	}
	if len(mustJSON(raw)) > maxView {
		return nil, refuse("view_too_large")
	}
	v, err := s.checkView(raw)
	if err != nil {
		return nil, err
	}
	if v.kind != kind {
		return nil, refuseArgument("invalid view type: " + v.kind + " [json-pointer:/view/type]")
	}
	return v, nil
}
