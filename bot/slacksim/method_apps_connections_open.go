package slacksim

func (s *Sim) appsConnectionsOpen(*call) (object, error) {
	return object{"url": s.ticketURL()}, nil
}
