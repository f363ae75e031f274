package chainfile

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/threedeep/threedeep/cadence"
)

// reader walks a file's nodes and notes what is wrong with them. After a
// problem it goes on with what is left.
type reader struct {
	file     string
	problems Problems
	zones    cadence.Zones
	people   roster
	searches int // for near names, see didYouMean

	wrongZones map[string]string // to what may be meant
}

func (r *reader) problemAt(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: line, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) warnAt(line int, format string, args ...any) {
	r.problemAt(line, format, args...)
	r.problems[len(r.problems)-1].Warning = true
}

// fields are a mapping's values by key, and the line they begin at.
type fields struct {
	line   int
	values map[string]*yaml.Node
}

// fields reads a mapping that may have the known keys. what names it in
// messages ("a person"). Keys without a value are left out, as if unwritten.
func (r *reader) fields(node *yaml.Node, what string, known ...string) (fields, bool) {
	if !r.is(node, yaml.MappingNode, what, "\"key: value\" lines") {
		return fields{}, false
	}
	f := fields{line: node.Line, values: make(map[string]*yaml.Node, len(node.Content)/2)}
	seen := make(map[string]int, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !r.keyFits(key, what, known, seen) {
			continue
		}
		if value.ShortTag() != "!!null" {
			f.values[key.Value] = value
		}
	}
	return f, true
}

func (r *reader) keyFits(key *yaml.Node, what string, known []string, seen map[string]int) bool {
	if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
		r.problemAt(key.Line, "a key of %s is not a plain word. Write it out; merging with \"<<\" is not read.", what)
		return false
	}
	if first, twice := seen[key.Value]; twice {
		r.problemAt(key.Line, "%s is written twice, first in line %d. Keep one of the two.", quote(key.Value), first)
		return false
	}
	seen[key.Value] = key.Line
	if !slices.Contains(known, key.Value) {
		r.unknownKey(key, what, known)
		return false
	}
	return true
}

// unknownKey refuses deal and money fields with their reason: prompts and
// measures are about coaching (R1, R37).
func (r *reader) unknownKey(key *yaml.Node, what string, known []string) {
	if aboutDeals(key.Value) {
		r.problemAt(key.Line, "%s is about deals, and nothing here keeps deals, pipeline, quota or revenue: only coaching. Remove it.",
			quote(key.Value))
		return
	}
	r.problemAt(key.Line, "%s is not a key of %s.%s Known keys: %s.",
		quote(key.Value), what, r.didYouMean(key.Value, known), strings.Join(known, ", "))
}

func aboutDeals(key string) bool {
	words := strings.FieldsFunc(strings.ToLower(key), func(c rune) bool { return c < 'a' || c > 'z' })
	return slices.ContainsFunc(words, func(word string) bool {
		switch strings.TrimSuffix(word, "s") {
		case "deal", "pipeline", "quota", "revenue":
			return true
		}
		return false
	})
}

// text is a field's value as written, "" when it is missing or no text.
func (r *reader) text(f fields, key string) string {
	node := f.values[key]
	if node == nil || !r.is(node, yaml.ScalarNode, quote(key), "a single value") {
		return ""
	}
	return strings.TrimSpace(node.Value)
}

// list is a field's values, none when it is missing or no list.
func (r *reader) list(f fields, key string) []*yaml.Node {
	node := f.values[key]
	if node == nil || !r.is(node, yaml.SequenceNode, quote(key), "a list") {
		return nil
	}
	return node.Content
}

// lineOf is where a field that is there stands.
func (f fields) lineOf(key string) int { return f.values[key].Line }

// is tells whether the node has the kind, and notes it when not. Aliases are
// never followed: a few lines of them can unfold into gigabytes.
func (r *reader) is(node *yaml.Node, kind yaml.Kind, what, expected string) bool {
	if node.Kind == kind {
		return true
	}
	if node.Kind == yaml.AliasNode {
		r.problemAt(node.Line, "%s stands for another part of the file, which is not read. Write it out.", quote("*"+node.Value))
		return false
	}
	r.problemAt(node.Line, "%s should be %s, and here is %s.", what, expected, kindWords(node.Kind))
	return false
}

func kindWords(kind yaml.Kind) string {
	switch kind {
	case yaml.MappingNode:
		return "a group of \"key: value\""
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// quote shows a value of the file, cut when it is long.
func quote(value string) string { return fmt.Sprintf("%q", clip(value)) }

func clip(value string) string {
	const most = 80
	runes := []rune(value)
	if len(runes) <= most {
		return value
	}
	return string(runes[:most]) + "..."
}
