package slacksim

import (
	"fmt"
)

// person finds somebody who can act. Caller holds mu.
func (s *Sim) person(id string) (*User, error) {
	u := s.users.byID[id]
	if u == nil || u.Deleted || u.IsBot {
		return nil, fmt.Errorf("slacksim: %s: %w", id, ErrNoUser)
	}
	return u, nil
}

// typist is a person who can type in their DM with the app. Caller holds mu.
func (s *Sim) typist(id string) (*User, error) {
	if s.app.MessagesTab != TabOn {
		return nil, fmt.Errorf("slacksim: messages tab: %w", ErrTabOff)
	}
	return s.person(id)
}

func (s *Sim) payloadUser(u *User) object {
	return object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": s.app.TeamID}
}

// interaction holds what all interactive payloads share.
func (s *Sim) interaction(kind string, u *User) object {
	return object{
		"type": kind, "user": s.payloadUser(u), "api_app_id": s.app.ID, "token": verificationToken,
		"team": object{"id": s.app.TeamID, "domain": s.app.TeamDomain}, "enterprise": nil, "is_enterprise_install": false,
	}
}

// OpenHome lets a person look at one of the app's tabs: "home" or "messages".
func (s *Sim) OpenHome(user, tab string) error {
	s.mu.Lock()
	defer s.changed()
	if _, err := s.person(user); err != nil {
		return err
	}
	tabs := map[string]Tab{"home": s.app.HomeTab, "messages": s.app.MessagesTab}
	state, ok := tabs[tab]
	if !ok || state == TabOff {
		return fmt.Errorf("slacksim: tab %q: %w", tab, ErrTabOff)
	}
	s.emitHomeOpened(user, tab)
	return nil
}
