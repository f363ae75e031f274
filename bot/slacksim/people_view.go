package slacksim

import (
	"fmt"
)

// ClickInView lets a person press a button in the modal in front of them.
func (s *Sim) ClickInView(user, actionID string) error { return s.actInView(user, actionID, "", true) }

// ChooseInView lets a person choose in an element of that modal which is not an
// input: in a section or an actions block. Inputs are filled with Fill.
func (s *Sim) ChooseInView(user, actionID, value string) error {
	return s.actInView(user, actionID, value, false)
}

// ClickHome lets a person press a button in their Home tab.
func (s *Sim) ClickHome(user, actionID string) error { return s.actInHome(user, actionID, "", true) }

// ChooseHome lets a person choose in an element of their Home tab.
func (s *Sim) ChooseHome(user, actionID, value string) error {
	return s.actInHome(user, actionID, value, false)
}

func (s *Sim) actInView(user, actionID, value string, button bool) error {
	s.mu.Lock()
	defer s.changed()
	return s.act(user, s.views.top(user), actionID, value, button)
}

func (s *Sim) actInHome(user, actionID, value string, button bool) error {
	s.mu.Lock()
	defer s.changed()
	return s.act(user, s.views.homes[user], actionID, value, button)
}

// act presses or chooses in a view. Caller holds mu.
func (s *Sim) act(user string, v *view, actionID, value string, button bool) error {
	u, err := s.person(user)
	if err != nil {
		return err
	}
	if v == nil {
		return fmt.Errorf("slacksim: %s: %w", user, ErrNoView)
	}
	e, err := findElement(v.blocks, actionID)
	if err != nil {
		return err
	}
	if button != (e.kind == "button") || e.input != nil {
		return fmt.Errorf("slacksim: %s is a %s: %w", actionID, e.kind, ErrNoElement)
	}
	if button {
		return s.pressInView(u, v, pressed(e))
	}
	action, err := choose(v.state, e, value)
	if err != nil {
		return err
	}
	return s.pressInView(u, v, action)
}

// pressInView sends a block_actions payload from a view. Caller holds mu.
func (s *Sim) pressInView(u *User, v *view, action object) error {
	action["action_ts"] = formatTS(s.tick())
	p := s.interaction("block_actions", u)
	p["container"] = object{"type": "view", "view_id": v.id}
	p["trigger_id"] = s.newTrigger(u.ID)
	p["view"] = v.wireFilled(s.app)
	p["actions"] = []any{action}
	return s.interact(u, fmt.Sprintf("press of %s by %s", action["action_id"], u.ID), p, false)
}

// CloseView lets a person close the modal in front of them. The app hears of it
// only when the view asked for it (notify_on_close).
func (s *Sim) CloseView(user string) error {
	s.mu.Lock()
	defer s.changed()
	u, v, err := s.inFront(user)
	if err != nil {
		return err
	}
	if v.clearOnClose {
		s.closeStack(user)
	} else {
		s.closeTop(user)
	}
	if !v.notifyOnClose {
		return nil
	}
	p := s.interaction("view_closed", u)
	p["view"] = v.wire(s.app)
	p["is_cleared"] = v.clearOnClose
	p["response_urls"] = []any{}
	return s.interact(u, "closing of a view by "+user, p, false)
}

// inFront finds a person and their top view. Caller holds mu.
func (s *Sim) inFront(user string) (*User, *view, error) {
	u, err := s.person(user)
	if err != nil {
		return nil, nil, err
	}
	v := s.views.top(user)
	if v == nil {
		return nil, nil, fmt.Errorf("slacksim: %s: %w", user, ErrNoView)
	}
	return u, v, nil
}
