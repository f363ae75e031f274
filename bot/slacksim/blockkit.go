package slacksim

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// problem is one thing wrong with blocks or a view, at a JSON pointer.
type problem struct {
	pointer string
	text    string
}

func (p problem) String() string { return fmt.Sprintf("%s [json-pointer:%s]", p.text, p.pointer) }

// checker collects everything wrong with some blocks, worded as Slack words it.
// Lengths count Unicode characters, as Slack does, not bytes.
type checker struct {
	problems []problem
	blockIDs map[string]bool
	focused  int
}

func newChecker() *checker { return &checker{blockIDs: map[string]bool{}} }

func (c *checker) fail(pointer, format string, args ...any) {
	c.problems = append(c.problems, problem{pointer: pointer, text: fmt.Sprintf(format, args...)})
}

// checkBlocks validates a message's blocks and returns their canonical copy.
func (s *Sim) checkBlocks(v any) ([]any, error) {
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, refuse("invalid_blocks_format")
	}
	list, _ = withoutNulls(list).([]any)
	c := newChecker()
	c.blocks(list, "/blocks", maxMessageBlocks)
	if len(c.problems) > 0 {
		return nil, &apiError{code: "invalid_blocks", problems: c.problems}
	}
	return s.canonical(list), nil
}

const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxID            = 255
	maxURL           = 3000
)

// blocks checks a list of blocks.
func (c *checker) blocks(list []any, pointer string, most int) {
	if len(list) > most {
		c.fail(pointer, "no more than %d items allowed", most)
	}
	for i, v := range list {
		at := fmt.Sprintf("%s/%d", pointer, i)
		if b, ok := c.object(v, at); ok {
			c.block(b, at)
		}
	}
}

func (c *checker) object(v any, at string) (map[string]any, bool) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
	}
	return o, ok
}

// only refuses properties that Slack does not know here.
func (c *checker) only(o map[string]any, at string, known ...string) {
	var strange []string
	for k := range o {
		if !slices.Contains(known, k) {
			strange = append(strange, k)
		}
	}
	slices.Sort(strange) // maps have no order, and messages should not change from run to run
	for _, k := range strange {
		c.fail(at, "invalid additional property: %s", k)
	}
}

func (c *checker) needs(o map[string]any, at string, keys ...string) {
	for _, k := range keys {
		if _, ok := o[k]; !ok {
			c.fail(at, "missing required field: %s", k)
		}
	}
}

// str checks an optional string.
func (c *checker) str(o map[string]any, at, key string, least, most int) {
	v, ok := o[key]
	if !ok {
		return
	}
	text, ok := v.(string)
	if !ok {
		c.fail(at+"/"+key, "must provide a string")
		return
	}
	c.length(text, at+"/"+key, least, most)
}

func (c *checker) length(text, at string, least, most int) {
	n := utf8.RuneCountInString(text)
	if n < least {
		c.fail(at, "must be more than %d characters", least-1)
	}
	if n > most {
		c.fail(at, "must be less than %d characters", most+1)
	}
}

func (c *checker) flags(o map[string]any, at string, keys ...string) {
	for _, k := range keys {
		v, ok := o[k]
		if !ok {
			continue
		}
		if _, ok := v.(bool); !ok {
			c.fail(at+"/"+k, "must provide a boolean")
		}
	}
}

// oneOf checks an optional string with fixed values.
func (c *checker) oneOf(o map[string]any, at, key string, values ...string) {
	v, ok := o[key]
	if !ok {
		return
	}
	if text, ok := v.(string); !ok || !slices.Contains(values, text) {
		c.fail(at+"/"+key, "must be a valid enum value")
	}
}

// list checks the number of items and returns them.
func (c *checker) list(o map[string]any, at, key string, least, most int) []any {
	v, ok := o[key]
	if !ok {
		return nil
	}
	l, ok := v.([]any)
	at += "/" + key
	switch {
	case !ok:
		c.fail(at, "must provide an array")
	case len(l) < least:
		c.fail(at, "no fewer than %d items allowed", least)
	case len(l) > most:
		c.fail(at, "no more than %d items allowed", most)
	}
	return l
}

// number checks an optional whole number.
func (c *checker) number(o map[string]any, at, key string, least, most float64) {
	v, ok := o[key]
	if !ok {
		return
	}
	n, ok := v.(float64)
	switch {
	case !ok || n != float64(int64(n)):
		c.fail(at+"/"+key, "must provide an integer")
	case n < least:
		c.fail(at+"/"+key, "must be greater than or equal to %v", least)
	case n > most:
		c.fail(at+"/"+key, "must be less than or equal to %v", most)
	}
}

func (c *checker) link(o map[string]any, at, key string) {
	c.str(o, at, key, 1, maxURL)
	if u, ok := o[key].(string); ok && u != "" && !strings.Contains(u, ":") {
		c.fail(at+"/"+key, "must be a valid URL")
	}
}
