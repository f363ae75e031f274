package slacksim

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// object is a JSON object on its way out.
type object = map[string]any

// mustJSON encodes values that came out of a JSON decoder or are built of maps,
// slices and strings, which cannot fail. Characters such as < stay as they are,
// so that a recorded transfer can be searched for what a person would read.
func mustJSON(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("slacksim: encode: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// textOf is the string at a key, or "" when it is missing or of another type.
func textOf(o map[string]any, key string) string {
	s, _ := o[key].(string)
	return s
}

func mapOf(o map[string]any, key string) map[string]any {
	m, _ := o[key].(map[string]any)
	return m
}

func listOf(o map[string]any, key string) []any {
	l, _ := o[key].([]any)
	return l
}

func boolOf(o map[string]any, key string) bool {
	b, _ := o[key].(bool)
	return b
}
