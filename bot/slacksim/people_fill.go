package slacksim

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fill sets an input of the modal in front of a person: a text, an option's
// value, a date or a time; for checkboxes a list of values. An empty text
// empties the input. With several inputs of one action_id write
// "block_id/action_id". Texts over the input's max_length are refused, as the
// client does; min_length is checked by Submit.
func (s *Sim) Fill(user, actionID string, value any) error {
	s.mu.Lock()
	defer s.changed()
	u, v, err := s.inFront(user)
	if err != nil {
		return err
	}
	e, err := findElement(v.blocks, actionID)
	if err != nil {
		return err
	}
	if e.input == nil {
		return fmt.Errorf("slacksim: %s is not in an input block: %w", actionID, ErrNoElement)
	}
	filled, err := fillIn(e, value)
	if err != nil {
		return err
	}
	v.state.set(e.block, e.action, filled)
	return s.dispatchInput(u, v, e, filled)
}

// fillIn is the value object after filling.
func fillIn(e element, value any) (object, error) {
	switch value := value.(type) {
	case string:
		if value == "" {
			return emptyValue(e.kind), nil
		}
		if e.kind == "plain_text_input" {
			return object{"type": e.kind, "value": value}, acceptText(e, value)
		}
		return choice(stateValues{}, e, value)
	case []string:
		return fillSeveral(e, value)
	default:
		return nil, fmt.Errorf("slacksim: a %T for %s: %w", value, e.action, ErrNotAllowed)
	}
}

func fillSeveral(e element, values []string) (object, error) {
	if e.kind != "checkboxes" {
		return nil, fmt.Errorf("slacksim: a list for a %s: %w", e.kind, ErrNotAllowed)
	}
	chosen := []any{}
	for _, v := range values {
		option, err := optionOf(e, v)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, option)
	}
	return object{"type": e.kind, "selected_options": chosen}, nil
}

func acceptText(e element, text string) error {
	most := maxInput
	if n, ok := e.body["max_length"].(float64); ok {
		most = int(n)
	}
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Errorf("slacksim: %d characters for %s, which takes %d: %w", n, e.action, most, ErrNotAllowed)
	}
	if strings.ContainsRune(text, '\n') && !boolOf(e.body, "multiline") {
		return fmt.Errorf("slacksim: a line break for %s, which has one line: %w", e.action, ErrNotAllowed)
	}
	return nil
}

// maxInput is what an input takes that says nothing about it, in characters.
const maxInput = 3000

// dispatchInput tells the app about a filled input that asked for it. Choices
// always count; a text counts when it dispatches on typed characters.
func (s *Sim) dispatchInput(u *User, v *view, e element, filled object) error {
	if !boolOf(e.input, "dispatch_action") {
		return nil
	}
	on := listOf(mapOf(e.body, "dispatch_action_config"), "trigger_actions_on")
	if e.kind == "plain_text_input" && !slices.Contains(on, any("on_character_entered")) {
		return nil
	}
	action := object{"action_id": e.action, "block_id": e.block}
	for k, value := range filled {
		action[k] = value
	}
	return s.pressInView(u, v, action)
}
