package slacksim

import "fmt"

// The kinds of text object.
const (
	plainText = "plain_text"
	markup    = "mrkdwn"
)

const maxTextObject = 3000

// text checks a text object at a key; kinds says which types may be there.
func (c *checker) text(o map[string]any, at, key string, most int, kinds ...string) {
	v, ok := o[key]
	if !ok {
		return
	}
	c.textObject(v, at+"/"+key, most, kinds...)
}

func (c *checker) textObject(v any, at string, most int, kinds ...string) {
	t, ok := c.object(v, at)
	if !ok {
		return
	}
	before := len(c.problems)
	c.needs(t, at, "type", "text")
	c.str(t, at, "text", 1, most)
	switch kind := textOf(t, "type"); {
	case !contains(kinds, kind):
		c.fail(at+"/type", "unsupported type: %s", kind)
	case kind == plainText:
		c.only(t, at, "type", "text", "emoji")
		c.flags(t, at, "emoji")
	default:
		c.only(t, at, "type", "text", "verbatim")
		c.flags(t, at, "verbatim")
	}
	c.schema(before, at)
}

// schema puts Slack's summary before the problems found since before.
func (c *checker) schema(before int, at string) {
	if len(c.problems) == before {
		return
	}
	found := append([]problem{{pointer: at, text: "failed to match all allowed schemas"}}, c.problems[before:]...)
	c.problems = append(c.problems[:before], found...)
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// Limits of options and confirmation dialogs.
const (
	maxOptionText  = 75
	maxOptionValue = 150
	maxOptions     = 100
)

// option checks one option; rich ones (radio buttons, checkboxes) take mrkdwn,
// and those of overflow menus a URL.
func (c *checker) option(v any, at string, rich, url bool) {
	o, ok := c.object(v, at)
	if !ok {
		return
	}
	known, kinds := []string{"text", "value", "description"}, []string{plainText}
	if rich {
		kinds = append(kinds, markup)
	}
	if url {
		known = append(known, "url")
		c.link(o, at, "url")
	}
	c.only(o, at, known...)
	c.needs(o, at, "text", "value")
	c.text(o, at, "text", maxOptionText, kinds...)
	c.str(o, at, "value", 1, maxOptionValue)
	c.text(o, at, "description", maxOptionText, kinds...)
}

// optionList checks options and that a chosen one is among them.
func (c *checker) optionList(e map[string]any, at string, most int, rich, url bool) {
	for i, v := range c.list(e, at, "options", 1, most) {
		c.option(v, fmt.Sprintf("%s/options/%d", at, i), rich, url)
	}
}

// optionGroups checks the groups of a select.
func (c *checker) optionGroups(e map[string]any, at string) {
	for i, v := range c.list(e, at, "option_groups", 1, maxOptions) {
		groupAt := fmt.Sprintf("%s/option_groups/%d", at, i)
		g, ok := c.object(v, groupAt)
		if !ok {
			continue
		}
		c.only(g, groupAt, "label", "options")
		c.needs(g, groupAt, "label", "options")
		c.text(g, groupAt, "label", maxOptionText, plainText)
		c.optionList(g, groupAt, maxOptions, false, false)
	}
}

// initial checks that an option chosen from the start is one of the options.
func (c *checker) initial(e map[string]any, at, key string) {
	v, ok := e[key]
	if !ok {
		return
	}
	chosen, ok := v.(map[string]any)
	if _, err := optionOf(element{body: e}, textOf(chosen, "value")); !ok || err != nil {
		c.fail(at+"/"+key, "must match one of the options")
	}
}

// confirm checks a confirmation dialog.
func (c *checker) confirm(e map[string]any, at string) {
	v, ok := e["confirm"]
	if !ok {
		return
	}
	at += "/confirm"
	o, ok := c.object(v, at)
	if !ok {
		return
	}
	c.only(o, at, "title", "text", "confirm", "deny", "style")
	c.needs(o, at, "title", "text", "confirm", "deny")
	c.text(o, at, "title", 100, plainText)
	c.text(o, at, "text", 300, plainText, markup)
	c.text(o, at, "confirm", 30, plainText)
	c.text(o, at, "deny", 30, plainText)
	c.oneOf(o, at, "style", "primary", "danger")
}
