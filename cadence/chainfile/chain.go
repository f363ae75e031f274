package chainfile

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/threedeep/threedeep/cadence"
)

// chain reads the whole file: people first, because links refer to them.
func (r *reader) chain(root *yaml.Node) cadence.Chain {
	f, ok := r.fields(root, "the file", "timezone", "holidays", "channels", "people", "links")
	if !ok {
		return cadence.Chain{}
	}
	chain := cadence.Chain{
		Zone:     r.zone(f, "timezone"),
		Holidays: r.words(f, "holidays"),
		Channels: r.channels(f),
		People:   r.readPeople(r.list(f, "people")),
	}
	chain.Links = r.readLinks(r.list(f, "links"))
	if f.values["people"] == nil {
		r.problemAt(0, "the file names no people. Add \"people:\" with an email or Slack id for each.")
	}
	return chain
}

func (r *reader) channels(f fields) map[string]string {
	node := f.values["channels"]
	if node == nil {
		return nil
	}
	purposes, ok := r.fields(node, "\"channels\"", "circle", "wins")
	if !ok {
		return nil
	}
	channels := make(map[string]string, len(purposes.values))
	for purpose := range purposes.values {
		channels[purpose] = strings.TrimPrefix(r.text(purposes, purpose), "#")
	}
	return channels
}

// words reads a list of plain values.
func (r *reader) words(f fields, key string) []string {
	var words []string
	for _, node := range r.list(f, key) {
		if r.is(node, yaml.ScalarNode, "each of "+quote(key), "a single value") {
			words = append(words, node.Value)
		}
	}
	return words
}
