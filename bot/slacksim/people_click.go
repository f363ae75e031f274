package slacksim

import "fmt"

// Click lets a person press a button in a message of their DM, as the message
// is now. With several buttons of one action_id write "block_id/action_id". It
// does not wait for the app; a press that the app misses is a complaint.
func (s *Sim) Click(user, messageTS, actionID string) error {
	s.mu.Lock()
	defer s.changed()
	u, m, e, err := s.inMessage(user, messageTS, actionID)
	if err != nil {
		return err
	}
	if e.kind != "button" {
		return fmt.Errorf("slacksim: %s is no button: %w", actionID, ErrNoElement)
	}
	return s.press(u, m, s.wireMessage(m), pressed(e))
}

// ClickStale lets a person press a button of an older rendering: the message
// may have been edited or deleted since they saw it.
func (s *Sim) ClickStale(user string, seen Message, actionID string) error {
	s.mu.Lock()
	defer s.changed()
	u, err := s.person(user)
	if err != nil {
		return err
	}
	m := s.dm(user).byTS[seen.TS]
	if m == nil {
		return fmt.Errorf("slacksim: message %s: %w", seen.TS, ErrNoMessage)
	}
	old := *m
	old.Message = seen
	e, err := findElement(old.decoded(), actionID)
	if err != nil {
		return err
	}
	return s.press(u, m, s.wireMessage(&old), pressed(e))
}

// Choose lets a person choose in a select, radio group, checkboxes, overflow
// menu or picker of a message. For checkboxes it toggles the option.
func (s *Sim) Choose(user, messageTS, actionID, value string) error {
	s.mu.Lock()
	defer s.changed()
	u, m, e, err := s.inMessage(user, messageTS, actionID)
	if err != nil {
		return err
	}
	if m.state == nil {
		m.state = stateValues{}
	}
	action, err := choose(m.state, e, value)
	if err != nil {
		return err
	}
	return s.press(u, m, s.wireMessage(m), action)
}

// inMessage finds a person, a message of their DM and an element in it.
func (s *Sim) inMessage(user, ts, actionID string) (*User, *message, element, error) {
	u, err := s.person(user)
	if err != nil {
		return nil, nil, element{}, err
	}
	m := s.dm(user).byTS[ts]
	if m == nil || m.Deleted {
		return nil, nil, element{}, fmt.Errorf("slacksim: message %s: %w", ts, ErrNoMessage)
	}
	e, err := findElement(m.decoded(), actionID)
	return u, m, e, err
}

// findElement knows elements by action_id, or by "block_id/action_id".
func findElement(blocks []any, name string) (element, error) {
	var found []element
	for _, e := range elementsOf(blocks) {
		if e.block+"/"+e.action == name {
			return e, nil
		}
		if e.action == name {
			found = append(found, e)
		}
	}
	switch len(found) {
	case 0:
		return element{}, fmt.Errorf("slacksim: %s: %w", name, ErrNoElement)
	case 1:
		return found[0], nil
	default:
		return element{}, fmt.Errorf("slacksim: %d elements have action_id %s; name one as block_id/action_id: %w", len(found), name, ErrNoElement)
	}
}

// pressed is the action of a button.
func pressed(e element) object {
	a := object{"type": "button", "action_id": e.action, "block_id": e.block, "text": e.body["text"]}
	for _, k := range []string{"value", "style"} {
		if v, ok := e.body[k]; ok {
			a[k] = v
		}
	}
	return a
}

// press sends a block_actions payload from a message. Caller holds mu.
func (s *Sim) press(u *User, m *message, shown, action object) error {
	ch := s.channels.byID[m.Channel]
	action["action_ts"] = formatTS(s.tick())
	p := s.interaction("block_actions", u)
	container := object{"type": "message", "message_ts": m.TS, "channel_id": ch.id, "is_ephemeral": m.Ephemeral}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	p["container"] = container
	p["trigger_id"] = s.newTrigger(u.ID)
	p["channel"] = object{"id": ch.id, "name": ch.name}
	p["state"] = object{"values": m.state.filled(m.decoded())}
	p["response_url"] = s.newHook(hook{user: u.ID, channel: ch.id, messageTS: m.TS})
	p["actions"] = []any{action}
	if !m.Ephemeral { // Slack does not keep these, so it cannot show them
		p["message"] = shown
	}
	return s.interact(u, fmt.Sprintf("press of %s by %s", action["action_id"], u.ID), p, false)
}

// interact sends an interactive payload that nobody waits for. Caller holds mu.
func (s *Sim) interact(u *User, label string, payload object, accepts bool) error {
	e := &envelope{kind: kindInteractive, user: u.ID, label: label, payload: mustJSON(payload), accepts: accepts}
	s.send(e)
	if e.answered {
		return fmt.Errorf("slacksim: %s: %w", label, ErrNoConnection)
	}
	return nil
}
