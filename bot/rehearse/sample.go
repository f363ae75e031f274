package rehearse

import _ "embed"

//go:embed sample.yaml
var sample []byte

// Sample is the chain file of an invented organisation.
func Sample() []byte { return sample }
