package slacksim

func (s *Sim) viewsPush(c *call) (object, error) {
	return s.withTrigger(c, s.push)
}
