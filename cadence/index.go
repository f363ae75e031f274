package cadence

// Index answers questions about a chain without looking through all of it. It
// is made once per chain, does not follow later changes of the chain, and may
// be read by many at once.
type Index struct {
	chain    Chain
	people   map[string]int
	links    map[string]int
	coaches  map[string][]int // person -> links in which they coach
	coachees map[string][]int // person -> links in which they are coached
}

// NewIndex reads the chain once. The chain's slices must not be changed while
// the index is in use.
func NewIndex(chain Chain) *Index {
	x := &Index{
		chain:    chain,
		people:   make(map[string]int, len(chain.People)),
		links:    make(map[string]int, len(chain.Links)),
		coaches:  make(map[string][]int),
		coachees: make(map[string][]int),
	}
	for at, person := range chain.People {
		x.people[person.ID] = at
	}
	for at, link := range chain.Links {
		x.links[link.ID] = at
		x.coaches[link.Coach] = append(x.coaches[link.Coach], at)
		x.coachees[link.Coachee] = append(x.coachees[link.Coachee], at)
	}
	return x
}

// Chain is the chain the index was made of.
func (x *Index) Chain() Chain { return x.chain }

// Person finds somebody by id.
func (x *Index) Person(id string) (Person, bool) {
	at, ok := x.people[id]
	if !ok {
		return Person{}, false
	}
	return x.chain.People[at], true
}

// Link finds a link by id.
func (x *Index) Link(id string) (Link, bool) {
	at, ok := x.links[id]
	if !ok {
		return Link{}, false
	}
	return x.chain.Links[at], true
}

// CoachedBy returns the links in which the person is the coach, in the chain's
// order.
func (x *Index) CoachedBy(id string) []Link { return x.pick(x.coaches[id]) }

// CoachesOf returns the links in which the person is coached, in the chain's
// order.
func (x *Index) CoachesOf(id string) []Link { return x.pick(x.coachees[id]) }

func (x *Index) pick(positions []int) []Link {
	links := make([]Link, len(positions))
	for i, at := range positions {
		links[i] = x.chain.Links[at]
	}
	return links
}
