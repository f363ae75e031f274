package slacksim

import "strings"

func (s *Sim) conversationsOpen(c *call) (object, error) {
	s.mu.Lock()
	defer s.changed()
	u, err := s.personToOpen(c)
	if err != nil {
		return nil, err
	}
	_, open := s.channels.dms[u.ID]
	ch := s.dm(u.ID)
	c.concerns = u.ID
	out := object{"channel": object{"id": ch.id}}
	if open {
		out["no_op"], out["already_open"] = true, true
	}
	if c.flag("return_im") {
		out["channel"] = object{
			"id": ch.id, "created": int64(1700000000), "is_im": true, "is_org_shared": false, "user": u.ID,
			"last_read": "0000000000.000000", "latest": nil, "unread_count": 0, "unread_count_display": 0,
			"is_open": true, "priority": 0,
		}
	}
	return out, nil
}

// personToOpen finds the one person meant by users or channel. Caller holds mu.
func (s *Sim) personToOpen(c *call) (*User, error) {
	id := c.str("users")
	if channel := c.str("channel"); id == "" && channel != "" {
		ch := s.findChannel(channel)
		if ch == nil || ch.user == "" {
			return nil, refuse("channel_not_found")
		}
		id = ch.user
	}
	switch {
	case id == "":
		return nil, refuse("users_list_not_supplied")
	case strings.Contains(id, ","):
		return nil, refuse("missing_scope") // group DMs need mpim:write, which is not built yet
	}
	u := s.users.byID[id]
	switch {
	case u == nil || u.ID == s.app.BotUserID:
		return nil, refuse("user_not_found")
	case u.Deleted:
		return nil, refuse("user_disabled")
	}
	return u, nil
}
