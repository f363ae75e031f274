// Package chainfile reads the file in which an organisation describes its
// coaching chain, and tells everything that is wrong with it at once, with the
// line and what to do.
//
// The flow: [Parse] loads the text into YAML nodes, which know their lines; a
// reader walks the nodes and notes problems; people become known by their
// email and Slack id; links refer to them; last, the links are looked at
// together for rings. It may import cadence and the YAML library.
package chainfile
