package cadence

import (
	"fmt"
	"slices"
)

// Role says who somebody is. What they may see follows from their links, not
// from their roles (R5).
type Role string

// The roles of a chain.
const (
	VP         Role = "vp"         // coaches leaders
	Leader     Role = "leader"     // is coached by a VP, coaches managers
	Manager    Role = "manager"    // is coached by a leader
	Enablement Role = "enablement" // sets the chain up, sees no answers
	Sponsor    Role = "sponsor"    // sees aggregates only
)

// Person is somebody in the chain.
type Person struct {
	ID       string // lower-case email, or the Slack id when there is no email
	Slack    string // Slack user id, "" until known
	Email    string
	Name     string // "" until Slack gives it
	Roles    []Role
	Zone     string // IANA name as Slack gives it, "" when unknown
	Calendar string `json:"-"` // feed URL; whoever has it reads the calendar, so it is never printed
}

// Has tells whether the person has the role.
func (p Person) Has(role Role) bool { return slices.Contains(p.Roles, role) }

// String names the person without the calendar's address, in logs too.
func (p Person) String() string {
	if p.Name == "" {
		return p.ID
	}
	return p.Name + " (" + p.ID + ")"
}

// GoString keeps the calendar's address out of %#v too.
func (p Person) GoString() string { return fmt.Sprintf("cadence.Person{ID: %q}", p.ID) }

// Link is one pair of the chain: who coaches whom, and when (R4).
type Link struct {
	ID       string // Coach + ">" + Coachee
	Coach    string // a Person.ID
	Coachee  string // a Person.ID
	Zone     string // IANA name, fixed when the link is made: the coachee's
	OneOnOne Rhythm // the pair's 1:1
	Minutes  int    // length of a session, 0 for 30
	Reflect  Rhythm // when the coachee is asked; none for the working afternoon before the 1:1 (R12)
	DeepDive Rhythm // the monthly observation
	Coaching Rhythm // the coaching session between a leader and a manager
}

// LinkID is the id of the link between two people.
func LinkID(coach, coachee string) string { return coach + ">" + coachee }

// Chain is an organisation's coaching set-up.
type Chain struct {
	Zone     string            // IANA name used when Slack gives a person none
	Holidays []string          // names of holiday calendars, such as "us"
	Channels map[string]string // purpose ("circle", "wins") to channel name
	People   []Person
	Links    []Link
}

// Person finds somebody by id. It looks through the whole chain: for more than
// a few look-ups make an [Index].
func (c Chain) Person(id string) (Person, bool) {
	at := slices.IndexFunc(c.People, func(p Person) bool { return p.ID == id })
	if at < 0 {
		return Person{}, false
	}
	return c.People[at], true
}

// CoachedBy returns the links in which the person is the coach, in the chain's
// order. See [Index] for many look-ups.
func (c Chain) CoachedBy(id string) []Link {
	var links []Link
	for _, link := range c.Links {
		if link.Coach == id {
			links = append(links, link)
		}
	}
	return links
}

// CoachesOf returns the links in which the person is coached, in the chain's
// order. See [Index] for many look-ups.
func (c Chain) CoachesOf(id string) []Link {
	var links []Link
	for _, link := range c.Links {
		if link.Coachee == id {
			links = append(links, link)
		}
	}
	return links
}
