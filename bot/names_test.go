package bot

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/cadence"
)

func TestPeopleAreSpokenOfByFirstName(t *testing.T) {
	for _, c := range []struct{ name, email, full, first string }{
		{"Priya Raman", "p@acme.example", "Priya Raman", "Priya"},
		{"  Priya Raman ", "", "Priya Raman", "Priya"},
		{"Cher", "", "Cher", "Cher"},
		{"", "priya@acme.example", "Priya", "Priya"},
		{"   ", "émile@acme.example", "Émile", "Émile"},
		{"", "", "somebody", "somebody"},
	} {
		p := cadence.Person{Name: c.name, Email: c.email}
		if fullName(p) != c.full || firstName(p) != c.first {
			t.Errorf("%+v: %q %q", c, fullName(p), firstName(p))
		}
	}
}

func TestNobodyIsWithoutAName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := cadence.Person{Name: rapid.String().Draw(t, "name"), Email: rapid.String().Draw(t, "email")}
		if n := firstName(p); n == "" || !utf8.ValidString(n) {
			t.Fatalf("%q", n)
		}
	})
}

func TestTwoOfOneNameAreToldApart(t *testing.T) {
	people := []cadence.Person{{ID: "1", Name: "Sam Okafor"}, {ID: "2", Name: "Sam Hill"}, {ID: "3", Name: "Priya Raman"}}
	var got []string
	for _, c := range choices(people) {
		got = append(got, c.Name)
	}
	if got[0] != "Sam Okafor" || got[1] != "Sam Hill" || got[2] != "Priya" {
		t.Error(got)
	}
}
