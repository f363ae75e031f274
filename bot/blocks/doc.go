// Package blocks is the room where state becomes Block Kit: pure functions from what is known to what is shown, one
// file for each thing a person sees. Whether somebody may see it is decided before; the words come from prompts.
//
// It may import cadence, prompts and slack-go's block types, nothing else.
package blocks
