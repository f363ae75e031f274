package chainfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// mostNested is well above a person's list of roles, the deepest thing here.
const mostNested = 20

// load turns the text into a node, or notes why it cannot and returns nil.
func (r *reader) load(data []byte) *yaml.Node {
	if len(data) > mostBytes {
		r.problemAt(0, "the file has %d MB and I read up to %d. Split off what is not people or links.",
			len(data)>>20, mostBytes>>20)
		return nil
	}
	if len(bytes.TrimSpace(data)) == 0 {
		r.empty()
		return nil
	}
	document, err := loadNode(data)
	if err != nil {
		r.notYAML(err)
		return nil
	}
	return document.Content[0]
}

// loadNode stops at the nodes: aliases are not followed and nothing is built,
// so that a small file cannot become a large value. The library is guarded
// because the text is anybody's.
func loadNode(data []byte) (document *yaml.Node, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the YAML library failed on it: %v", cause)
		}
	}()
	document = new(yaml.Node)
	limits := loaderlimits.New(loaderlimits.DepthValue(mostNested))
	err = yaml.Load(data, document, yaml.WithV4Defaults(), yaml.WithPlugin(limits))
	if err == nil && len(document.Content) == 0 {
		err = errors.New("no documents in stream")
	}
	return document, err
}

func (r *reader) empty() {
	r.problemAt(0, "the file is empty. Start it with \"people:\" and \"links:\".")
}

func (r *reader) notYAML(err error) {
	line, why := 0, err.Error()
	var at *yaml.LoadError
	if errors.As(err, &at) {
		line, why = at.Mark.Line, at.Message
	}
	switch {
	case strings.Contains(why, "no documents"):
		r.empty()
	case strings.Contains(why, "found multiple"):
		r.problemAt(line, "the file holds more than one document. Remove the line \"---\" between them.")
	case strings.Contains(why, "max depth"):
		r.problemAt(line, "the file is nested more than %d deep. A chain needs three levels.", mostNested)
	default:
		r.problemAt(line, "this is not YAML: %s. Look at the indentation (spaces, no tabs), quotes and brackets there.", clip(why))
	}
}
