package cadence

import (
	"fmt"
	"sync"
	"time"
)

// Zones finds time zones by IANA name and remembers them, because loading one
// reads a file. The zero value is ready; use one per process, through a
// pointer. It is safe for concurrent use.
type Zones struct {
	known sync.Map // name -> *time.Location
}

// Find returns the zone of an IANA name such as "America/New_York". "" and
// "Local" are refused: they would mean the machine's own zone. The error is a
// sentence for the person who wrote the name.
func (z *Zones) Find(name string) (*time.Location, error) {
	if known, ok := z.known.Load(name); ok {
		return known.(*time.Location), nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not a time zone: name one as \"America/New_York\"", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q is not known: name one as \"America/New_York\": %w", name, err)
	}
	z.known.Store(name, zone)
	return zone, nil
}

// First returns the zone of the first name that has one, and UTC when none
// has: a decision in the middle of the work must not fail over a name that
// Slack sent.
func (z *Zones) First(names ...string) *time.Location {
	for _, name := range names {
		if zone, err := z.Find(name); err == nil {
			return zone
		}
	}
	return time.UTC
}
