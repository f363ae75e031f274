package slacksim

import (
	"math"
	"slices"
)

// Limits of views.
const (
	maxViewText        = 24 // title, submit, close
	maxPrivateMetadata = 3000
)

// checkView validates a view and returns it with canonical blocks.
func (s *Sim) checkView(raw any) (*view, error) {
	c := newChecker()
	plain, _ := withoutNulls(raw).(map[string]any)
	if plain == nil {
		c.fail("/view", "must provide an object")
	} else {
		c.view(plain, "/view")
	}
	if len(c.problems) > 0 {
		return nil, &apiError{code: "invalid_arguments", problems: c.problems}
	}
	return s.makeView(plain), nil
}

func (c *checker) view(v map[string]any, at string) {
	before := len(c.problems)
	common := []string{"type", "blocks", "private_metadata", "callback_id", "external_id"}
	switch kind := textOf(v, "type"); kind {
	case "modal":
		c.only(v, at, append(common, "title", "submit", "close", "clear_on_close", "notify_on_close")...)
		c.modal(v, at)
	case "home":
		c.only(v, at, common...)
	default:
		c.fail(at+"/type", "unsupported type: %s", kind)
	}
	c.needs(v, at, "blocks")
	c.str(v, at, "private_metadata", 0, maxPrivateMetadata)
	c.str(v, at, "callback_id", 0, maxID)
	c.str(v, at, "external_id", 0, maxID)
	c.blocks(c.list(v, at, "blocks", 1, math.MaxInt), at+"/blocks", maxViewBlocks)
	c.schema(before, at)
}

func (c *checker) modal(v map[string]any, at string) {
	c.needs(v, at, "title")
	for _, key := range []string{"title", "submit", "close"} {
		c.text(v, at, key, maxViewText, plainText)
	}
	c.flags(v, at, "clear_on_close", "notify_on_close")
	if v["submit"] == nil && slices.ContainsFunc(listOf(v, "blocks"), isInput) {
		c.fail(at, "missing required field: submit")
	}
}

func isInput(b any) bool {
	block, _ := b.(map[string]any)
	return block["type"] == "input"
}

func (s *Sim) makeView(v map[string]any) *view {
	for _, key := range []string{"title", "submit", "close"} {
		v[key] = canonicalValue(v[key])
	}
	return &view{
		kind: textOf(v, "type"), callbackID: textOf(v, "callback_id"), externalID: textOf(v, "external_id"),
		privateMetadata: textOf(v, "private_metadata"),
		title:           mapOf(v, "title"), submit: mapOf(v, "submit"), close: mapOf(v, "close"),
		clearOnClose: boolOf(v, "clear_on_close"), notifyOnClose: boolOf(v, "notify_on_close"),
		blocks: s.canonical(listOf(v, "blocks")),
	}
}
