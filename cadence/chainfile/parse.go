package chainfile

import (
	"github.com/threedeep/threedeep/cadence"
)

// mostBytes is far above ten thousand people with their links.
const mostBytes = 8 << 20

// File is a chain file as read.
type File struct {
	Name  string
	Chain cadence.Chain
}

// Parse reads a chain file. name is used in messages only. When the problems
// have an Err the chain holds what could be read, for a preview, and must not
// be used otherwise. A person's ID is the lower-case email, or the Slack id
// when there is no email; a link's Zone is "" unless the file gives it.
func Parse(name string, data []byte) (File, Problems) {
	r := &reader{file: name}
	file := File{Name: name}
	if root := r.load(data); root != nil {
		file.Chain = r.chain(root)
	}
	r.problems.sort()
	return file, r.problems
}
