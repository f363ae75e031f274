package chainfile

import (
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/threedeep/threedeep/cadence"
)

const (
	usualMinutes = 30
	leastMinutes = 5
	mostMinutes  = 240
)

// placed is a link with the line it stands in.
type placed struct {
	cadence.Link
	line int
}

func (r *reader) readLinks(nodes []*yaml.Node) []cadence.Link {
	var links []placed
	lines := make(map[string]int, len(nodes))
	for _, node := range nodes {
		link, ok := r.link(node)
		if !ok {
			continue
		}
		if first, twice := lines[link.ID]; twice {
			r.problemAt(link.line, "%s coaching %s is listed twice, first in line %d. Keep one of the two.",
				link.Coach, link.Coachee, first)
			continue
		}
		lines[link.ID] = link.line
		links = append(links, link)
	}
	r.findRings(links)
	return plain(links)
}

func plain(links []placed) []cadence.Link {
	var all []cadence.Link
	for _, link := range links {
		all = append(all, link.Link)
	}
	return all
}

// link reads one link. It is false when the pair is not known; everything else
// about the link has been looked at then too.
func (r *reader) link(node *yaml.Node) (placed, bool) {
	f, ok := r.fields(node, "a link", "coach", "coachee", "one_on_one", "minutes", "reflect", "deep_dive", "coaching", "timezone")
	if !ok {
		return placed{}, false
	}
	link := cadence.Link{
		Zone:     r.zone(f, "timezone"),
		OneOnOne: r.rhythm(f, "one_on_one"),
		Minutes:  r.minutes(f),
		Reflect:  r.reflect(f),
		DeepDive: r.rhythm(f, "deep_dive"),
		Coaching: r.rhythm(f, "coaching"),
	}
	coach, coachee := r.partner(f, "coach"), r.partner(f, "coachee")
	if coach == nil || coachee == nil {
		return placed{}, false
	}
	if coach.ID == coachee.ID {
		r.problemAt(f.line, "%s coaches themselves. Name two people.", coach.ID)
		return placed{}, false
	}
	r.warnOfShortcut(*coach, *coachee, f.line)
	link.ID, link.Coach, link.Coachee = cadence.LinkID(coach.ID, coachee.ID), coach.ID, coachee.ID
	return placed{link, f.line}, true
}

// partner finds the person a link names.
func (r *reader) partner(f fields, key string) *cadence.Person {
	name := r.text(f, key)
	if name == "" {
		if f.values[key] == nil || f.values[key].Kind == yaml.ScalarNode {
			r.problemAt(f.line, "this link has no %s. Write an email or Slack id that is listed under \"people\".", key)
		}
		return nil
	}
	person := r.people.byName[nameKey(name)]
	if person == nil {
		r.problemAt(f.lineOf(key), "the %s %s is not among the people.%s Otherwise add them under \"people\".",
			key, quote(name), r.didYouMeanPerson(name))
	}
	return person
}

// warnOfShortcut tells when a VP is wired past the leader (R4). It can be
// meant, so the link is kept.
func (r *reader) warnOfShortcut(coach, coachee cadence.Person, line int) {
	overLeaders := coach.Has(cadence.VP) && !coach.Has(cadence.Leader)
	underLeaders := coachee.Has(cadence.Manager) && !coachee.Has(cadence.Leader)
	if overLeaders && underLeaders {
		r.warnAt(line, "%s (vp) coaches %s (manager) past the leader between them. "+
			"Link the VP to the leader and the leader to the manager, unless this is meant.", coach.ID, coachee.ID)
	}
}

func (r *reader) minutes(f fields) int {
	text := r.text(f, "minutes")
	if text == "" {
		return usualMinutes
	}
	minutes, err := strconv.Atoi(text)
	if err != nil || minutes < leastMinutes || minutes > mostMinutes {
		r.problemAt(f.lineOf("minutes"), "minutes is %s. Write a whole number from %d to %d.", quote(text), leastMinutes, mostMinutes)
		return usualMinutes
	}
	return minutes
}

func (r *reader) rhythm(f fields, key string) cadence.Rhythm {
	text := r.text(f, key)
	if text == "" {
		return cadence.Rhythm{}
	}
	rhythm, err := cadence.ParseRhythm(text)
	if err != nil {
		r.problemAt(f.lineOf(key), "%s: %s.", key, err)
	}
	return rhythm
}

// reflect is a rhythm with a time: without one nobody would ever be asked.
func (r *reader) reflect(f fields) cadence.Rhythm {
	rhythm := r.rhythm(f, "reflect")
	if !rhythm.IsZero() && !rhythm.Fixed() {
		r.problemAt(f.lineOf("reflect"), "reflect has no fixed time. Give it one, or leave it out: the prompt then comes on the working afternoon before.")
		return cadence.Rhythm{}
	}
	return rhythm
}
