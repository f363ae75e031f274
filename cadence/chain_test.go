package cadence_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/threedeep/threedeep/cadence"
)

func acme() cadence.Chain {
	return cadence.Chain{
		People: []cadence.Person{
			{ID: "vera@acme.example", Name: "Vera", Roles: []cadence.Role{cadence.VP}},
			{ID: "leo@acme.example", Roles: []cadence.Role{cadence.Leader}, Calendar: "https://calendar.example/secret"},
			{ID: "U0PRIYA", Roles: []cadence.Role{cadence.Manager}},
		},
		Links: []cadence.Link{
			{ID: "vera@acme.example>leo@acme.example", Coach: "vera@acme.example", Coachee: "leo@acme.example"},
			{ID: "leo@acme.example>U0PRIYA", Coach: "leo@acme.example", Coachee: "U0PRIYA"},
		},
	}
}

// lookup is what a chain and its index both answer.
type lookup interface {
	Person(id string) (cadence.Person, bool)
	CoachedBy(id string) []cadence.Link
	CoachesOf(id string) []cadence.Link
}

func TestLookingUpTheChain(t *testing.T) {
	index := cadence.NewIndex(acme())
	for name, chain := range map[string]lookup{"chain": acme(), "index": index} {
		leo, ok := chain.Person("leo@acme.example")
		if !ok || !leo.Has(cadence.Leader) || leo.Has(cadence.VP) {
			t.Errorf("%s: leo is %v, %v", name, leo, ok)
		}
		if _, ok := chain.Person("nobody"); ok {
			t.Errorf("%s finds nobody", name)
		}
		if down := chain.CoachedBy(leo.ID); len(down) != 1 || down[0].Coachee != "U0PRIYA" {
			t.Errorf("%s: leo coaches %v", name, down)
		}
		if up := chain.CoachesOf(leo.ID); len(up) != 1 || up[0].Coach != "vera@acme.example" {
			t.Errorf("%s: leo is coached in %v", name, up)
		}
		if len(chain.CoachedBy("U0PRIYA"))+len(chain.CoachesOf("vera@acme.example")) != 0 {
			t.Errorf("%s has links beyond its ends", name)
		}
	}
	link, ok := index.Link(cadence.LinkID("leo@acme.example", "U0PRIYA"))
	if !ok || link.Coachee != "U0PRIYA" || len(index.Chain().Links) != 2 {
		t.Errorf("the link is %v, %v", link, ok)
	}
	if _, ok := index.Link("a>b"); ok {
		t.Error("a link that is not there is found")
	}
}

func TestTheCalendarsAddressIsNeverPrinted(t *testing.T) {
	chain := acme()
	leo := chain.People[1]
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("", "person", leo, "chain", chain)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "person", leo, "pointer", &leo, "chain", chain)
	encoded, err := json.Marshal(chain)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %q %v %+v %#v %v", leo, leo, leo, leo, leo, chain, chain, chain, &leo) + log.String() + string(encoded)
	if strings.Contains(all, "secret") {
		t.Errorf("it is printed: %s", all)
	}
	if got := chain.People[0].String(); got != "Vera (vera@acme.example)" {
		t.Errorf("Vera is %q", got)
	}
}
