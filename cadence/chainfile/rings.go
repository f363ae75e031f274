package chainfile

import (
	"strings"
)

// mostRingNames bounds how much is printed about rings. It is far above what
// anybody mends in one go.
const mostRingNames = 2000

// rings walks from coach to coachee and notes where the walk comes back on
// itself. Coaching runs down the chain only, or the cascade has no end.
type rings struct {
	links   []placed
	coached map[string][]int // coach -> positions of their links
	depth   map[string]int   // person -> 1 + their place on the path, done when they are through
	path    []int            // positions of the links walked
	printed int
	report  func(ring []placed)
}

const done = -1

func (r *reader) findRings(links []placed) {
	w := &rings{links: links, coached: make(map[string][]int), depth: make(map[string]int), report: r.ring}
	for at, link := range links {
		w.coached[link.Coach] = append(w.coached[link.Coach], at)
	}
	for _, link := range links {
		if w.depth[link.Coach] == 0 {
			w.walk(link.Coach)
		}
	}
}

func (w *rings) walk(person string) {
	w.depth[person] = len(w.path) + 1
	for _, at := range w.coached[person] {
		coachee := w.links[at].Coachee
		w.path = append(w.path, at)
		switch depth := w.depth[coachee]; {
		case depth == 0:
			w.walk(coachee)
		case depth != done && w.printed < mostRingNames:
			w.close(w.path[depth-1:])
		}
		w.path = w.path[:len(w.path)-1]
	}
	w.depth[person] = done
}

func (w *rings) close(path []int) {
	ring := make([]placed, len(path))
	for i, at := range path {
		ring[i] = w.links[at]
	}
	w.printed += len(ring)
	w.report(ring)
}

// ring notes one ring at its last link in the file: the one that closed it.
func (r *reader) ring(ring []placed) {
	var names strings.Builder
	line := 0
	for _, link := range ring {
		names.WriteString(link.Coach + " > ")
		line = max(line, link.line)
	}
	names.WriteString(ring[0].Coach)
	r.problemAt(line, "coaching runs in a ring: %s. Remove one of these links.", names.String())
}
