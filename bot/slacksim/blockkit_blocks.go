package slacksim

import "fmt"

// Limits of blocks.
const (
	maxSection     = 3000
	maxFields      = 10
	maxField       = 2000
	maxHeader      = 150
	maxContext     = 10
	maxActions     = 25
	maxLabel       = 2000
	maxAltText     = 2000
	maxImageTitle  = 2000
	maxRichTextTop = 100 // not documented; keeps nonsense out
)

// block checks one block of any kind.
func (c *checker) block(b map[string]any, at string) {
	c.needs(b, at, "type")
	c.blockID(b, at)
	switch kind := textOf(b, "type"); kind {
	case "section":
		c.section(b, at)
	case "context":
		c.context(b, at)
	case "actions":
		c.actions(b, at)
	case "divider":
		c.only(b, at, "type", "block_id")
	case "header":
		c.only(b, at, "type", "block_id", "text")
		c.needs(b, at, "text")
		c.text(b, at, "text", maxHeader, plainText)
	case "input":
		c.input(b, at)
	case "image":
		c.imageBlock(b, at)
	case "rich_text":
		c.richText(b, at)
	default:
		c.fail(at+"/type", "unsupported type: %s", kind)
	}
}

func (c *checker) blockID(b map[string]any, at string) {
	c.str(b, at, "block_id", 1, maxID)
	id := textOf(b, "block_id")
	if id == "" {
		return
	}
	if c.blockIDs[id] {
		c.fail(at+"/block_id", "`block_id` %q already exists", id)
	}
	c.blockIDs[id] = true
}

func (c *checker) section(b map[string]any, at string) {
	c.only(b, at, "type", "block_id", "text", "fields", "accessory", "expand")
	if b["text"] == nil && b["fields"] == nil {
		c.fail(at, "must define either `text` or `fields`")
	}
	c.text(b, at, "text", maxSection, plainText, markup)
	c.flags(b, at, "expand")
	for i, f := range c.list(b, at, "fields", 1, maxFields) {
		c.textObject(f, fmt.Sprintf("%s/fields/%d", at, i), maxField, plainText, markup)
	}
	if a, ok := b["accessory"]; ok {
		c.element(a, at+"/accessory", "button", "static_select", "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker", "image")
	}
}

func (c *checker) context(b map[string]any, at string) {
	c.only(b, at, "type", "block_id", "elements")
	c.needs(b, at, "elements")
	for i, v := range c.list(b, at, "elements", 1, maxContext) {
		elementAt := fmt.Sprintf("%s/elements/%d", at, i)
		if o, _ := v.(map[string]any); textOf(o, "type") == "image" {
			c.element(v, elementAt, "image")
		} else {
			c.textObject(v, elementAt, maxTextObject, plainText, markup)
		}
	}
}

func (c *checker) actions(b map[string]any, at string) {
	c.only(b, at, "type", "block_id", "elements")
	c.needs(b, at, "elements")
	seen := map[string]bool{}
	for i, v := range c.list(b, at, "elements", 1, maxActions) {
		elementAt := fmt.Sprintf("%s/elements/%d", at, i)
		c.element(v, elementAt, "button", "static_select", "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker")
		o, _ := v.(map[string]any)
		id := textOf(o, "action_id")
		if id != "" && seen[id] {
			c.fail(elementAt+"/action_id", "`action_id` %q already exists", id)
		}
		seen[id] = true
	}
}

func (c *checker) input(b map[string]any, at string) {
	c.only(b, at, "type", "block_id", "label", "element", "hint", "optional", "dispatch_action")
	c.needs(b, at, "label", "element")
	c.text(b, at, "label", maxLabel, plainText)
	c.text(b, at, "hint", maxLabel, plainText)
	c.flags(b, at, "optional", "dispatch_action")
	if e, ok := b["element"]; ok {
		c.element(e, at+"/element", "plain_text_input", "static_select", "radio_buttons", "checkboxes", "datepicker", "timepicker")
	}
}

func (c *checker) imageBlock(b map[string]any, at string) {
	c.only(b, at, "type", "block_id", "image_url", "slack_file", "alt_text", "title")
	c.picture(b, at)
	c.text(b, at, "title", maxImageTitle, plainText)
}

// picture checks what image blocks and image elements share.
func (c *checker) picture(o map[string]any, at string) {
	c.needs(o, at, "alt_text")
	c.str(o, at, "alt_text", 1, maxAltText)
	c.link(o, at, "image_url")
	_, byURL := o["image_url"]
	file, byFile := o["slack_file"]
	if byURL == byFile {
		c.fail(at, "must define either `image_url` or `slack_file`")
	}
	if !byFile {
		return
	}
	f, ok := c.object(file, at+"/slack_file")
	if !ok {
		return
	}
	c.only(f, at+"/slack_file", "id", "url")
	if (f["id"] == nil) == (f["url"] == nil) {
		c.fail(at+"/slack_file", "must define either `id` or `url`")
	}
}

// richText looks only at the outer layers: the bot does not write rich text.
func (c *checker) richText(b map[string]any, at string) {
	c.only(b, at, "type", "block_id", "elements")
	c.needs(b, at, "elements")
	for i, v := range c.list(b, at, "elements", 1, maxRichTextTop) {
		elementAt := fmt.Sprintf("%s/elements/%d", at, i)
		o, ok := c.object(v, elementAt)
		if !ok {
			continue
		}
		c.oneOf(o, elementAt, "type", "rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
		c.needs(o, elementAt, "type", "elements")
		c.list(o, elementAt, "elements", 0, maxTextObject)
	}
}
