package cadence

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Occurrence is one turn of something that recurs: a planned session, the prompt that goes with it, a coach's
// brief. It is known by its nominal time, so that no clock change, restart or catch-up makes it twice (R11).
type Occurrence struct {
	ID       string
	Kind     OccurrenceKind
	Subject  string    // link id; for a brief the coach's person id
	Nominal  Wall      // wall time in Zone; for a brief the day
	Zone     string    // IANA
	At, Ends time.Time // UTC
	State    State
	Evidence string // what the state rests on
}

// OccurrenceKind says what recurs.
type OccurrenceKind string

// What recurs.
const (
	OneOnOne   OccurrenceKind = "one_on_one"
	AskReflect OccurrenceKind = "reflect" // the prompt before a 1:1 (R12)
	DayBrief   OccurrenceKind = "brief"   // the coach's card on a day of 1:1s (R3)
)

// State says what became of an occurrence (R11).
type State string

// Sessions are planned until there is evidence; prompts are asked, or missed while the bot was away.
const (
	Planned State = "planned"
	Asked   State = "asked"
	Missed  State = "missed"
)

// OccurrenceID is the same for the same kind, subject and nominal time, and tells a reader nothing of them.
func OccurrenceID(kind OccurrenceKind, subject string, nominal Wall) string {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + subject + "\x00" + string(nominal)))
	return hex.EncodeToString(sum[:12])
}
