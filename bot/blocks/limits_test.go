package blocks_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/bot/blocks"
)

// object is any part of a message or view, as Slack gets it.
type object = map[string]any

// complaints lists what Slack would refuse or what somebody's words could do in what is shown.
func complaints(shown any) []string {
	data, err := json.Marshal(shown)
	var tree object
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	if err != nil {
		return []string{err.Error()}
	}
	c := &checker{}
	most := 50
	if kind, _ := tree["type"].(string); kind == "modal" || kind == "home" {
		most = 100
		c.most("view", string(data), 250_000)
	}
	list, _ := tree["blocks"].([]any)
	if len(list) > most {
		c.say("%d blocks, over %d", len(list), most)
	}
	if text, ok := tree["text"].(string); ok {
		c.markup(text)
		c.most("text", text, 4000)
	}
	c.length(tree, "callback_id", 255)
	c.length(tree, "private_metadata", 3000)
	for _, key := range []string{"title", "submit", "close"} {
		c.text(tree, key, 24)
	}
	for _, b := range list {
		c.block(b.(object))
	}
	return c.found
}

type checker struct {
	found []string
	ids   []string
}

func (c *checker) say(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *checker) most(what, s string, n int) {
	if size := utf8.RuneCountInString(s); size > n || !utf8.ValidString(s) {
		c.say("%s has %d of %d letters, or broken ones: %.60q", what, size, n, s)
	}
}

func (c *checker) length(o object, key string, n int) {
	if s, ok := o[key].(string); ok {
		c.most(key, s, n)
	}
}

// text checks a text object at a key, which may be missing.
func (c *checker) text(o object, key string, n int) {
	t, ok := o[key].(object)
	if !ok {
		return
	}
	s, _ := t["text"].(string)
	c.most(key, s, n)
	if s == "" {
		c.say("%s is empty", key)
	}
	if t["type"] == "mrkdwn" {
		c.markup(s)
		if t["verbatim"] != true {
			c.say("%s may be turned into links: %.60q", key, s)
		}
	}
}

// markup finds what Slack would read as a mention, a link or half an escape.
func (c *checker) markup(s string) {
	rest := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(s)
	if strings.ContainsAny(rest, "<>&") {
		c.say("unescaped: %.80q", s)
	}
}

func (c *checker) block(b object) {
	c.length(b, "block_id", 255)
	if id, _ := b["block_id"].(string); id != "" {
		for _, other := range c.ids {
			if other == id {
				c.say("block id %s twice", id)
			}
		}
		c.ids = append(c.ids, id)
	}
	most := map[any]int{"section": 3000, "header": 150}[b["type"]]
	c.text(b, "text", most)
	c.text(b, "label", 2000)
	c.text(b, "hint", 2000)
	for _, e := range elements(b) {
		c.element(b["type"], e)
	}
}

// elements are what stands in a block, wherever it stands.
func elements(b object) []object {
	var out []object
	list, _ := b["elements"].([]any)
	for _, e := range append(list, b["accessory"], b["element"]) {
		if o, ok := e.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

func (c *checker) element(in any, e object) {
	if in == "context" {
		c.text(object{"text": e}, "text", 2000)
		return
	}
	c.length(e, "action_id", 255)
	c.length(e, "value", 2000)
	c.length(e, "initial_value", 3000)
	c.text(e, "text", 75)
	c.text(e, "placeholder", 150)
	options, _ := e["options"].([]any)
	if len(options) > 100 {
		c.say("%d options", len(options))
	}
	for _, o := range options {
		c.text(o.(object), "text", 75)
		c.length(o.(object), "value", 150)
	}
}

// shown is everything that the bot can show, by name.
func shown(t *testing.T) map[string]any {
	out := map[string]any{}
	for name, r := range reflections(t) {
		out["card "+name] = message(blocks.Card(r))
		out["form of card "+name] = blocks.Form(r)
	}
	for name, r := range forms(t) {
		out["form "+name] = blocks.Form(r)
		out["card of form "+name] = message(blocks.Card(r))
	}
	for name, b := range briefs(t) {
		out["brief "+name] = message(blocks.BriefCard(b))
	}
	for name, r := range readings(t) {
		out["reading "+name] = blocks.ReadingView(r)
	}
	for name, h := range homes(t) {
		out["home "+name] = blocks.HomeView(h)
	}
	return out
}

// first is the text of a message's first block.
func first(m blocks.Message) string {
	if len(m.Blocks) == 0 {
		return ""
	}
	switch b := m.Blocks[0].(type) {
	case *slack.SectionBlock:
		return b.Text.Text
	case *slack.ContextBlock:
		return b.ContextElements.Elements[0].(*slack.TextBlockObject).Text
	default:
		return fmt.Sprintf("%+v", b)
	}
}
