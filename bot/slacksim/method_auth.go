package slacksim

// authTest is in a file without "test" at the end of its name, which Go would
// leave out of the build.
func (s *Sim) authTest(c *call) (object, error) {
	a := s.app
	o := object{
		"url": "https://" + a.TeamDomain + ".slack.com/", "team": a.TeamName, "team_id": a.TeamID,
		"user": a.Name, "user_id": a.BotUserID, "bot_id": a.BotID, "is_enterprise_install": false,
	}
	if c.token == a.AppToken {
		return object{"app_name": a.Name, "app_id": a.ID}, nil
	}
	return o, nil
}
