// Package store is the room for what must survive: one database/sql store for the chain, what is due, occurrences,
// conversations and answers, inputs already seen, and the outbox. It persists thinly and decides nothing: what is
// written comes in as one Change and is committed whole or not at all.
//
// It may import cadence, prompts and database drivers. Differences between databases live in dialect.go.
package store
