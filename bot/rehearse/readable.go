package rehearse

import (
	"encoding/json"
	"strings"
)

// shown is a block or an element as Slack stores it, as far as a reader of a transcript cares.
type shown struct {
	Type     string          `json:"type"`
	BlockID  string          `json:"block_id"`
	ActionID string          `json:"action_id"`
	Text     json.RawMessage `json:"text"`
	Label    *words          `json:"label"`
	Element  *shown          `json:"element"`
	Elements []shown         `json:"elements"`
	Access   *shown          `json:"accessory"`
	Options  []option        `json:"options"`
	Initial  *option         `json:"initial_option"`
	Value    string          `json:"initial_value"`
}

type words struct {
	Text string `json:"text"`
}

type option struct {
	Text  words  `json:"text"`
	Value string `json:"value"`
}

// words of a block are an object, those of a context's element a plain string.
func (s shown) words() string {
	var w words
	if json.Unmarshal(s.Text, &w) == nil {
		return w.Text
	}
	var text string
	_ = json.Unmarshal(s.Text, &text) // neither: there are no words
	return text
}

func blocksOf(raw json.RawMessage) []shown {
	var out []shown
	_ = json.Unmarshal(raw, &out) // no blocks is an empty list
	return out
}

// walk visits every block and element.
func walk(list []shown, visit func(block string, s shown)) {
	for _, b := range list {
		visit(b.BlockID, b)
		for _, e := range b.Elements {
			visit(b.BlockID, e)
		}
		for _, e := range []*shown{b.Access, b.Element} {
			if e != nil {
				visit(b.BlockID, *e)
			}
		}
	}
}

// buttonID finds a button by its caption, as "block_id/action_id".
func buttonID(raw json.RawMessage, caption string) (string, bool) {
	ids := buttonIDs(raw, caption)
	if len(ids) == 0 {
		return "", false
	}
	return ids[0], true
}

// buttonIDs are all buttons with this caption.
func buttonIDs(raw json.RawMessage, caption string) []string {
	var ids []string
	walk(blocksOf(raw), func(block string, s shown) {
		if s.Type == "button" && s.words() == caption {
			ids = append(ids, block+"/"+s.ActionID)
		}
	})
	return ids
}

// captions of all buttons, in order.
func captions(raw json.RawMessage) []string {
	var out []string
	walk(blocksOf(raw), func(_ string, s shown) {
		if s.Type == "button" {
			out = append(out, s.words())
		}
	})
	return out
}

// fields are the action ids of a form's text fields.
func fields(raw json.RawMessage) []string {
	var out []string
	walk(blocksOf(raw), func(_ string, s shown) {
		if s.Type == "plain_text_input" {
			out = append(out, s.ActionID)
		}
	})
	return out
}

func optionValue(raw json.RawMessage, action, label string) (string, bool) {
	value, found := "", false
	walk(blocksOf(raw), func(_ string, s shown) {
		for _, o := range s.Options {
			if s.ActionID == action && o.Text.Text == label {
				value, found = o.Value, true
			}
		}
	})
	return value, found
}

// Readable is a message, a form or a Home in plain lines, as a transcript shows it.
func Readable(text string, blocks json.RawMessage) []string {
	var lines []string
	add := func(s string) {
		if s != "" {
			lines = append(lines, strings.Split(unescape(s), "\n")...)
		}
	}
	for _, b := range blocksOf(blocks) {
		add(b.line())
	}
	if len(lines) == 0 { // what people type has blocks that say no more than its text
		add(text)
	}
	return lines
}

func (s shown) line() string {
	var parts []string
	switch s.Type {
	case "input":
		parts = append(parts, s.Label.Text)
	case "divider":
		parts = append(parts, "———")
	case "section", "header":
		parts = append(parts, s.words())
	}
	for _, e := range s.Elements {
		parts = append(parts, e.control())
	}
	for _, e := range []*shown{s.Access, s.Element} {
		if e != nil {
			parts = append(parts, e.control())
		}
	}
	return strings.Join(parts, "  ")
}

func (s shown) control() string {
	switch s.Type {
	case "button":
		return "[" + s.words() + "]"
	case "static_select":
		if s.Initial != nil {
			return "(" + s.Initial.Text.Text + " ▾)"
		}
		return "(choose ▾)"
	case "plain_text_input":
		return "[" + s.Value + "____]"
	default:
		return s.words()
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
