package slacksim

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Limits of elements.
const (
	maxButtonText   = 75
	maxButtonValue  = 2000
	maxPlaceholder  = 150
	maxFewOptions   = 10 // radio buttons, checkboxes
	maxOverflow     = 5
	maxInputSetting = 3000
)

// element checks an element; allowed lists the kinds that may be here.
func (c *checker) element(v any, at string, allowed ...string) {
	e, ok := c.object(v, at)
	if !ok {
		return
	}
	kind := textOf(e, "type")
	if !contains(allowed, kind) {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	if kind == "image" {
		c.only(e, at, "type", "image_url", "slack_file", "alt_text")
		c.picture(e, at)
		return
	}
	c.str(e, at, "action_id", 1, maxID)
	c.confirm(e, at)
	c.focus(e, at)
	c.interactive(kind, e, at)
}

func (c *checker) interactive(kind string, e map[string]any, at string) {
	switch kind {
	case "button":
		c.button(e, at)
	case "static_select":
		c.staticSelect(e, at)
	case "radio_buttons":
		c.only(e, at, "type", "action_id", "options", "initial_option", "confirm", "focus_on_load")
		c.needs(e, at, "options")
		c.optionList(e, at, maxFewOptions, true, false)
		c.initial(e, at, "initial_option")
	case "checkboxes":
		c.checkboxes(e, at)
	case "overflow":
		c.only(e, at, "type", "action_id", "options", "confirm")
		c.needs(e, at, "options")
		c.optionList(e, at, maxOverflow, false, true)
	case "plain_text_input":
		c.textInput(e, at)
	case "datepicker":
		c.only(e, at, "type", "action_id", "placeholder", "initial_date", "confirm", "focus_on_load")
		c.picker(e, at, "initial_date", time.DateOnly)
	case "timepicker":
		c.only(e, at, "type", "action_id", "placeholder", "initial_time", "confirm", "focus_on_load", "timezone")
		c.str(e, at, "timezone", 1, maxID)
		c.picker(e, at, "initial_time", "15:04")
	}
}

// focus allows one element in all to take the cursor.
func (c *checker) focus(e map[string]any, at string) {
	c.flags(e, at, "focus_on_load")
	if !boolOf(e, "focus_on_load") {
		return
	}
	c.focused++
	if c.focused > 1 {
		c.fail(at+"/focus_on_load", "only one element can have focus_on_load")
	}
}

func (c *checker) button(e map[string]any, at string) {
	c.only(e, at, "type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label")
	c.needs(e, at, "text")
	c.text(e, at, "text", maxButtonText, plainText)
	c.link(e, at, "url")
	c.str(e, at, "value", 0, maxButtonValue)
	c.str(e, at, "accessibility_label", 1, maxButtonText)
	c.oneOf(e, at, "style", "primary", "danger")
}

func (c *checker) staticSelect(e map[string]any, at string) {
	c.only(e, at, "type", "action_id", "placeholder", "options", "option_groups", "initial_option", "confirm", "focus_on_load")
	c.text(e, at, "placeholder", maxPlaceholder, plainText)
	if (e["options"] == nil) == (e["option_groups"] == nil) {
		c.fail(at, "must define either `options` or `option_groups`")
	}
	c.optionList(e, at, maxOptions, false, false)
	c.optionGroups(e, at)
	c.initial(e, at, "initial_option")
}

func (c *checker) checkboxes(e map[string]any, at string) {
	c.only(e, at, "type", "action_id", "options", "initial_options", "confirm", "focus_on_load")
	c.needs(e, at, "options")
	c.optionList(e, at, maxFewOptions, true, false)
	for i, v := range c.list(e, at, "initial_options", 1, maxFewOptions) {
		chosen, ok := v.(map[string]any)
		if _, err := optionOf(element{body: e}, textOf(chosen, "value")); !ok || err != nil {
			c.fail(fmt.Sprintf("%s/initial_options/%d", at, i), "must match one of the options")
		}
	}
}

func (c *checker) textInput(e map[string]any, at string) {
	c.only(e, at, "type", "action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load")
	c.text(e, at, "placeholder", maxPlaceholder, plainText)
	c.flags(e, at, "multiline")
	c.number(e, at, "min_length", 0, maxInputSetting)
	c.number(e, at, "max_length", 1, maxInputSetting)
	least, most := e["min_length"], e["max_length"]
	if l, ok := least.(float64); ok && most != nil && l > floatOr(most, l) {
		c.fail(at+"/min_length", "must be less than or equal to max_length")
	}
	c.str(e, at, "initial_value", 0, maxInputSetting)
	if text := textOf(e, "initial_value"); float64(utf8.RuneCountInString(text)) > floatOr(most, maxInputSetting) {
		c.fail(at+"/initial_value", "must be no longer than max_length")
	}
	c.dispatchConfig(e, at)
}

func floatOr(v any, otherwise float64) float64 {
	if f, ok := v.(float64); ok {
		return f
	}
	return otherwise
}

func (c *checker) dispatchConfig(e map[string]any, at string) {
	v, ok := e["dispatch_action_config"]
	if !ok {
		return
	}
	at += "/dispatch_action_config"
	o, ok := c.object(v, at)
	if !ok {
		return
	}
	c.only(o, at, "trigger_actions_on")
	for i, on := range c.list(o, at, "trigger_actions_on", 1, 2) {
		if on != "on_enter_pressed" && on != "on_character_entered" {
			c.fail(fmt.Sprintf("%s/trigger_actions_on/%d", at, i), "must be a valid enum value")
		}
	}
}

// picker checks what date and time pickers share.
func (c *checker) picker(e map[string]any, at, initial, layout string) {
	c.text(e, at, "placeholder", maxPlaceholder, plainText)
	v, ok := e[initial]
	if !ok {
		return
	}
	text, _ := v.(string)
	if _, err := time.Parse(layout, text); err != nil {
		c.fail(at+"/"+initial, "must match the format %s", layout)
	}
}
