package slacksim

import (
	"fmt"
	"slices"
	"time"
)

// choose records a choice in the state and returns the action for the payload.
func choose(state stateValues, e element, value string) (object, error) {
	chosen, err := choice(state, e, value)
	if err != nil {
		return nil, err
	}
	if emptyValue(e.kind) != nil {
		state.set(e.block, e.action, chosen)
	}
	action := object{"action_id": e.action, "block_id": e.block}
	for k, v := range chosen {
		action[k] = v
	}
	return action, nil
}

// choice is the value object after choosing value in e.
func choice(state stateValues, e element, value string) (object, error) {
	switch e.kind {
	case "static_select", "radio_buttons", "overflow":
		option, err := optionOf(e, value)
		return object{"type": e.kind, "selected_option": option}, err
	case "checkboxes":
		option, err := optionOf(e, value)
		return object{"type": e.kind, "selected_options": toggled(listOf(state[e.block][e.action], "selected_options"), option)}, err
	case "datepicker":
		return object{"type": e.kind, "selected_date": value}, wellFormed(time.DateOnly, value)
	case "timepicker":
		return object{"type": e.kind, "selected_time": value}, wellFormed("15:04", value)
	default:
		return nil, fmt.Errorf("slacksim: nothing to choose in a %s: %w", e.kind, ErrNoElement)
	}
}

func wellFormed(layout, value string) error {
	if _, err := time.Parse(layout, value); err != nil {
		return fmt.Errorf("slacksim: %q: %w", value, ErrNotAllowed)
	}
	return nil
}

// optionOf finds an option by value, in groups too.
func optionOf(e element, value string) (map[string]any, error) {
	options := slices.Clone(listOf(e.body, "options"))
	for _, g := range listOf(e.body, "option_groups") {
		group, _ := g.(map[string]any)
		options = append(options, listOf(group, "options")...)
	}
	for _, o := range options {
		if option, _ := o.(map[string]any); textOf(option, "value") == value {
			return option, nil
		}
	}
	return nil, fmt.Errorf("slacksim: option %q of %s: %w", value, e.action, ErrNoElement)
}

func toggled(selected []any, option map[string]any) []any {
	out := []any{}
	had := false
	for _, o := range selected {
		if m, _ := o.(map[string]any); m["value"] == option["value"] {
			had = true
			continue
		}
		out = append(out, o)
	}
	if !had {
		out = append(out, option)
	}
	return out
}
