package chainfile

import (
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/threedeep/threedeep/cadence"
)

// roster finds the people of a file by what links call them.
type roster struct {
	byName map[string]*cadence.Person // lower-case email and Slack id
	lines  map[string]int             // the same names to the line of the person
	sorted []string                   // the names as written, once somebody is looked for in vain
}

func (r *reader) readPeople(nodes []*yaml.Node) []cadence.Person {
	r.people = roster{byName: make(map[string]*cadence.Person, len(nodes)), lines: make(map[string]int, len(nodes))}
	var people []cadence.Person
	for _, node := range nodes {
		person, ok := r.person(node)
		if ok && r.enter(&person, node.Line) {
			people = append(people, person)
		}
	}
	return people
}

func (r *reader) person(node *yaml.Node) (cadence.Person, bool) {
	f, ok := r.fields(node, "a person", "email", "slack", "name", "roles", "calendar", "timezone")
	if !ok {
		return cadence.Person{}, false
	}
	person := cadence.Person{
		Email:    r.email(f),
		Slack:    r.slackID(f),
		Name:     r.text(f, "name"),
		Roles:    r.roles(f),
		Calendar: r.calendar(f),
		Zone:     r.zone(f, "timezone"),
	}
	person.ID = person.Email
	if person.ID == "" {
		person.ID = person.Slack
	}
	if f.values["email"] == nil && f.values["slack"] == nil {
		r.problemAt(f.line, "this person has neither email nor slack. Add one, so that Slack can find them.")
	}
	return person, person.ID != ""
}

// enter adds a person to the roster, unless they are there.
func (r *reader) enter(person *cadence.Person, line int) bool {
	fresh := true
	for _, name := range []string{person.Email, person.Slack} {
		if name == "" {
			continue
		}
		if first, twice := r.people.lines[nameKey(name)]; twice {
			r.problemAt(line, "%s is listed twice, first in line %d. Keep one of the two.", quote(name), first)
			fresh = false
			continue
		}
		r.people.lines[nameKey(name)], r.people.byName[nameKey(name)] = line, person
	}
	return fresh
}

// nameKey makes emails and Slack ids comparable: neither heeds case.
func nameKey(name string) string { return strings.ToLower(name) }

func (r *reader) email(f fields) string {
	email := strings.ToLower(r.text(f, "email"))
	if email == "" {
		return ""
	}
	name, domain, ok := strings.Cut(email, "@")
	if !ok || name == "" || domain == "" || strings.ContainsAny(email, " \t\n<>,;") || strings.Contains(domain, "@") {
		r.problemAt(f.lineOf("email"), "%s is not an email address. Write it as \"leo@acme.example\".", quote(email))
		return ""
	}
	return email
}

func (r *reader) slackID(f fields) string {
	id := r.text(f, "slack")
	if id == "" {
		return ""
	}
	if (id[0] != 'U' && id[0] != 'W') || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" || len(id) < 3 {
		r.problemAt(f.lineOf("slack"), "%s is not a Slack member id. Copy it from the person's profile in Slack: it looks like \"U02ABCD34\".", quote(id))
		return ""
	}
	return id
}

// calendar takes care that the address, which is a secret, is in no message.
func (r *reader) calendar(f fields) string {
	address := r.text(f, "calendar")
	if address == "" {
		return ""
	}
	feed, err := url.Parse(address)
	if err != nil || feed.Host == "" || !slices.Contains([]string{"https", "http", "webcal"}, feed.Scheme) {
		r.problemAt(f.lineOf("calendar"), "the calendar is not a web address. Copy the private iCal address, which begins with \"https://\".")
		return ""
	}
	return address
}

func (r *reader) roles(f fields) []cadence.Role {
	known := []string{
		string(cadence.VP), string(cadence.Leader), string(cadence.Manager),
		string(cadence.Enablement), string(cadence.Sponsor),
	}
	var roles []cadence.Role
	for _, node := range r.list(f, "roles") {
		if !r.is(node, yaml.ScalarNode, "each of \"roles\"", "a single value") {
			continue
		}
		role := strings.ToLower(node.Value)
		switch {
		case slices.Contains(known, role):
			roles = append(roles, cadence.Role(role))
		case role == "rep" || role == "reps":
			r.problemAt(node.Line, "reps are not part of the chain: nothing is asked of them and nothing is kept. Remove this person.")
		default:
			r.problemAt(node.Line, "%s is not a role.%s Known roles: %s.", quote(node.Value), r.didYouMean(role, known), strings.Join(known, ", "))
		}
	}
	return roles
}
