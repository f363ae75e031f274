package chainfile_test

import (
	"strings"
	"testing"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/cadence/chainfile"
)

// acme is the file of the documentation.
const acme = `timezone: America/New_York       # when Slack gives none
holidays: [us]
channels: {circle: coaching-circle, wins: wins}
people:
  - {email: vera@acme.example, roles: [vp]}
  - {email: leo@acme.example, roles: [leader], calendar: "https://..."}
  - {slack: U0PRIYA, roles: [manager]}
links:
  - {coach: vera@acme.example, coachee: leo@acme.example, one_on_one: "0 10 * * THU", minutes: 30, reflect: "0 15 * * WED", deep_dive: "0 9 1 * *"}
  - {coach: leo@acme.example, coachee: U0PRIYA, coaching: "every 2 weeks Tue 14:00 from 2026-11-24", minutes: 45}
`

func TestTheDocumentedFile(t *testing.T) {
	file, problems := chainfile.Parse("acme.yaml", []byte(acme))
	if len(problems) != 0 || problems.Err() != nil {
		t.Fatalf("problems:\n%v", problems)
	}
	chain := file.Chain
	if file.Name != "acme.yaml" || chain.Zone != "America/New_York" || chain.Channels["circle"] != "coaching-circle" ||
		len(chain.Holidays) != 1 || len(chain.People) != 3 || len(chain.Links) != 2 {
		t.Fatalf("the chain is %+v", chain)
	}
	priya, ok := chain.Person("U0PRIYA")
	if !ok || priya.Slack != "U0PRIYA" || !priya.Has(cadence.Manager) {
		t.Errorf("Priya is %+v", priya)
	}
	leo, _ := chain.Person("leo@acme.example")
	if leo.Calendar != "https://..." {
		t.Error("Leo's calendar is lost")
	}
	weekly, coaching := chain.Links[0], chain.Links[1]
	if weekly.ID != "vera@acme.example>leo@acme.example" || weekly.Zone != "" || weekly.Minutes != 30 ||
		weekly.OneOnOne.Words() != "every Thursday at 10:00" || weekly.Reflect.IsZero() || weekly.DeepDive.IsZero() {
		t.Errorf("the weekly link is %+v", weekly)
	}
	if coaching.Coachee != "U0PRIYA" || coaching.Minutes != 45 || !coaching.OneOnOne.IsZero() ||
		coaching.Coaching.Words() != "every second Tuesday at 14:00, from 24 Nov 2026" {
		t.Errorf("the coaching link is %+v", coaching)
	}
}

func TestWhatAFileMaySay(t *testing.T) {
	file, problems := chainfile.Parse("acme.yaml", []byte(`
channels: {circle: "#coaching"}
people:
  - {email: Dana@Acme.example, slack: U0DANA, name: Dana, roles: [VP, sponsor], timezone: Europe/London}
  - {email: leo@acme.example, slack: U0LEO, name:, roles: [leader, manager]}
  - {email: cro@acme.example, roles: [vp, leader]}
  - {slack: W0PRIYA, roles: [manager]}
links:
  - {coach: u0dana, coachee: LEO@acme.example, timezone: Asia/Kolkata}
  - {coach: cro@acme.example, coachee: U0DANA}
  - {coach: cro@acme.example, coachee: W0PRIYA}
`))
	if len(problems) != 0 {
		t.Fatalf("problems:\n%v", problems)
	}
	dana, leo := file.Chain.People[0], file.Chain.Links[0]
	if dana.ID != "dana@acme.example" || dana.Email != dana.ID || dana.Zone != "Europe/London" || dana.Name != "Dana" ||
		!dana.Has(cadence.VP) || !dana.Has(cadence.Sponsor) || file.Chain.Channels["circle"] != "coaching" {
		t.Errorf("Dana is %+v with roles %v", dana, dana.Roles)
	}
	if leo.ID != "dana@acme.example>leo@acme.example" || leo.Zone != "Asia/Kolkata" || leo.Minutes != 30 {
		t.Errorf("the link is %+v", leo)
	}
}

// people is a good beginning, of five lines, for files with bad links.
const people = `people:
  - {email: vera@acme.example, roles: [vp]}
  - {email: leo@acme.example, roles: [leader]}
  - {slack: U0PRIYA, roles: [manager]}
links:
`

const rhythmRemedy = `Write it like "every Thu 10:00", "every 2 weeks Tue 14:00 from 2026-11-24" or "2nd Thu 10:00"`

func TestWhatIsWrongWithAFile(t *testing.T) {
	const roles = "Known roles: vp, leader, manager, enablement, sponsor."
	const linkKeys = "Known keys: coach, coachee, one_on_one, minutes, reflect, deep_dive, coaching, timezone."
	const personKeys = "Known keys: email, slack, name, roles, calendar, timezone."
	for _, c := range []struct{ what, file, want string }{
		{"empty", " \n", `f: the file is empty. Start it with "people:" and "links:".`},
		{"comments only", "# soon\n", `f: the file is empty. Start it with "people:" and "links:".`},
		{"not YAML", "people:\n  - {email: vera@acme.example", "f:3: this is not YAML: did not find expected ',' or '}'. Look at the indentation (spaces, no tabs), quotes and brackets there."},
		{"a tab", "people:\n\t- a", "f:2: this is not YAML: found character that cannot start any token. Look at the indentation (spaces, no tabs), quotes and brackets there."},
		{"binary", "\x00\x01", "f: this is not YAML: control characters are not allowed (value: 0). Look at the indentation (spaces, no tabs), quotes and brackets there."},
		{"two documents", "people: []\n---\npeople: []\n", `f: the file holds more than one document. Remove the line "---" between them.`},
		{"nested too deep", strings.Repeat("[", 100), "f:1: the file is nested more than 20 deep. A chain needs three levels."},
		{"a sentence", "hello", `f:1: the file should be "key: value" lines, and here is a single value.`},
		{"a list", "- a\n", `f:1: the file should be "key: value" lines, and here is a list.`},
		{"nobody", "timezone: UTC\n", `f: the file names no people. Add "people:" with an email or Slack id for each.`},

		{"unknown key", people + "linx: []\n", `f:6: "linx" is not a key of the file. Did you mean "links"? Known keys: timezone, holidays, channels, people, links.`},
		{"unknown key of a person", "people:\n  - {emial: leo@acme.example, slack: U0LEO}\n", `f:2: "emial" is not a key of a person. Did you mean "email"? ` + personKeys},
		{"deals", "people:\n  - {email: leo@acme.example, Quotas: 5}\npipeline_review: x\n", `f:2: "Quotas" is about deals, and nothing here keeps deals, pipeline, quota or revenue: only coaching. Remove it.
f:3: "pipeline_review" is about deals, and nothing here keeps deals, pipeline, quota or revenue: only coaching. Remove it.`},
		{"not about deals", people + "ideal: 1\n", `f:6: "ideal" is not a key of the file. Known keys: timezone, holidays, channels, people, links.`},
		{"a key twice", "people: []\ntimezone: UTC\ntimezone: UTC\n", `f:3: "timezone" is written twice, first in line 2. Keep one of the two.`},
		{"a list as key", "people: []\n? [a]\n: b\n", `f:2: a key of the file is not a plain word. Write it out; merging with "<<" is not read.`},
		{"merging", "people:\n  - {<<: {email: a@acme.example}, slack: U0LEO}\n", `f:2: a key of a person is not a plain word. Write it out; merging with "<<" is not read.`},
		{"alias", "people:\n  - &leo {email: leo@acme.example}\n  - *leo\n", `f:3: "*leo" stands for another part of the file, which is not read. Write it out.`},
		{"alias as value", "holidays: &h [us]\npeople:\n  - {email: *h}\n", `f:3: "*h" stands for another part of the file, which is not read. Write it out.`},
		{"wrong types", "timezone: [a]\nholidays: us\nchannels: [x]\npeople:\n  - leo\n  - {email: [a], roles: vp}\n  - {slack: U0LEO, roles: [[vp]]}\n", `f:1: "timezone" should be a single value, and here is a list.
f:2: "holidays" should be a list, and here is a single value.
f:3: "channels" should be "key: value" lines, and here is a list.
f:5: a person should be "key: value" lines, and here is a single value.
f:6: "email" should be a single value, and here is a list.
f:6: "roles" should be a list, and here is a single value.
f:7: each of "roles" should be a single value, and here is a list.`},
		{"holidays of groups", "holidays: [{a: b}]\npeople: []\n", `f:1: each of "holidays" should be a single value, and here is a group of "key: value".`},
		{"unknown channel", "channels: {circles: x}\npeople: []\n", `f:1: "circles" is not a key of "channels". Did you mean "circle"? Known keys: circle, wins.`},

		{"unknown zone", "timezone: america/new york\npeople: []\n", `f:1: the time zone "america/new york" is not known. Did you mean "America/New_York"? Write one as "America/New_York".`},
		{"a city", "timezone: london\npeople: []\n", `f:1: the time zone "london" is not known. Did you mean "Europe/London"? Write one as "America/New_York".`},
		{"a typo", "timezone: Europe/Belrin\npeople: []\n", `f:1: the time zone "Europe/Belrin" is not known. Did you mean "Europe/Berlin"? Write one as "America/New_York".`},
		{"the machine's zone", "timezone: Local\npeople: []\n", `f:1: the time zone "Local" is not known. Write one as "America/New_York".`},
		{"nonsense zone", "people:\n  - {email: leo@acme.example, timezone: headquarters}\n", `f:2: the time zone "headquarters" is not known. Write one as "America/New_York".`},

		{"neither email nor slack", "people:\n  - {name: Leo}\n", "f:2: this person has neither email nor slack. Add one, so that Slack can find them."},
		{"no email", "people:\n  - {email: leo at acme}\n  - {email: a@b@c}\n", `f:2: "leo at acme" is not an email address. Write it as "leo@acme.example".
f:3: "a@b@c" is not an email address. Write it as "leo@acme.example".`},
		{"no Slack id", "people:\n  - {slack: leo}\n", `f:2: "leo" is not a Slack member id. Copy it from the person's profile in Slack: it looks like "U02ABCD34".`},
		{"no calendar", "people:\n  - {email: leo@acme.example, calendar: secret-token}\n", `f:2: the calendar is not a web address. Copy the private iCal address, which begins with "https://".`},
		{"a person twice", "people:\n  - {email: leo@acme.example}\n  - {email: LEO@acme.example}\n  - {email: sam@acme.example, slack: U0SAM}\n  - {slack: U0SAM}\n", `f:3: "leo@acme.example" is listed twice, first in line 2. Keep one of the two.
f:5: "U0SAM" is listed twice, first in line 4. Keep one of the two.`},
		{"unknown role", "people:\n  - {email: leo@acme.example, roles: [leeder, boss]}\n", `f:2: "leeder" is not a role. Did you mean "leader"? ` + roles + `
f:2: "boss" is not a role. ` + roles},
		{"a rep", "people:\n  - {email: leo@acme.example, roles: [rep]}\n", "f:2: reps are not part of the chain: nothing is asked of them and nothing is kept. Remove this person."},

		{"unknown people", people + "  - {coach: lea@acme.example, coachee: U0PRIJA}\n", `f:6: the coach "lea@acme.example" is not among the people. Did you mean "leo@acme.example"? Otherwise add them under "people".
f:6: the coachee "U0PRIJA" is not among the people. Did you mean "U0PRIYA"? Otherwise add them under "people".`},
		{"nobody like it", people + "  - {coach: leo@acme.example, coachee: somebody@elsewhere.example}\n", `f:6: the coachee "somebody@elsewhere.example" is not among the people. Otherwise add them under "people".`},
		{"half a link", people + "  - {coach: leo@acme.example}\n  - {coach: [a], coachee: U0PRIYA}\n", `f:6: this link has no coachee. Write an email or Slack id that is listed under "people".
f:7: "coach" should be a single value, and here is a list.`},
		{"oneself", people + "  - {coach: leo@acme.example, coachee: leo@acme.example}\n", "f:6: leo@acme.example coaches themselves. Name two people."},
		{"a link twice", people + "  - {coach: leo@acme.example, coachee: U0PRIYA}\n  - {coach: LEO@acme.example, coachee: u0priya}\n", "f:7: leo@acme.example coaching U0PRIYA is listed twice, first in line 6. Keep one of the two."},
		{"VP to manager", people + "  - {coach: vera@acme.example, coachee: U0PRIYA}\n", "f:6: warning: vera@acme.example (vp) coaches U0PRIYA (manager) past the leader between them. Link the VP to the leader and the leader to the manager, unless this is meant."},
		{"minutes", people + "  - {coach: vera@acme.example, coachee: leo@acme.example, minutes: 4}\n  - {coach: leo@acme.example, coachee: U0PRIYA, minutes: half an hour}\n", `f:6: minutes is "4". Write a whole number from 5 to 240.
f:7: minutes is "half an hour". Write a whole number from 5 to 240.`},
		{"unknown key of a link", people + "  - {coach: vera@acme.example, coachee: leo@acme.example, oneonone: x}\n", `f:6: "oneonone" is not a key of a link. Did you mean "one_on_one"? ` + linkKeys},
		{"rhythms", people + "  - {coach: vera@acme.example, coachee: leo@acme.example, one_on_one: \"0 9 31 2 *\",\n     reflect: no fixed time,\n     deep_dive: monthly}\n", `f:6: one_on_one: "0 9 31 2 *" is not a rhythm I can keep: that date never comes. ` + rhythmRemedy + `.
f:7: reflect has no fixed time. Give it one, or leave it out: the prompt then comes on the working afternoon before.
f:8: deep_dive: "monthly" is not a rhythm I can keep: "monthly" means nothing to me here. ` + rhythmRemedy + "."},
		{"a bad link between unknown people", people + "  - 5\n", `f:6: a link should be "key: value" lines, and here is a single value.`},
		{"a long value", "people:\n  - {email: " + strings.Repeat("ab", 60) + "}\n", `f:2: "` + strings.Repeat("ab", 40) + `..." is not an email address. Write it as "leo@acme.example".`},
		{"a ring", people + "  - {coach: vera@acme.example, coachee: leo@acme.example}\n  - {coach: U0PRIYA, coachee: vera@acme.example}\n  - {coach: leo@acme.example, coachee: U0PRIYA}\n", "f:8: coaching runs in a ring: vera@acme.example > leo@acme.example > U0PRIYA > vera@acme.example. Remove one of these links."},
		{"two rings", people + "  - {coach: vera@acme.example, coachee: leo@acme.example}\n  - {coach: leo@acme.example, coachee: vera@acme.example}\n  - {coach: leo@acme.example, coachee: U0PRIYA}\n  - {coach: U0PRIYA, coachee: leo@acme.example}\n", `f:7: coaching runs in a ring: vera@acme.example > leo@acme.example > vera@acme.example. Remove one of these links.
f:9: coaching runs in a ring: leo@acme.example > U0PRIYA > leo@acme.example. Remove one of these links.`},
		{"a diamond is no ring", people + "  - {coach: vera@acme.example, coachee: leo@acme.example}\n  - {coach: leo@acme.example, coachee: U0PRIYA}\n  - {coach: vera@acme.example, coachee: U0PRIYA}\n", "f:8: warning: vera@acme.example (vp) coaches U0PRIYA (manager) past the leader between them. Link the VP to the leader and the leader to the manager, unless this is meant."},
		{"everything at once, in order", people + "  - {coach: nobody, coachee: leo@acme.example}\ntimezone: Mars\nquota: 1\n", `f:6: the coach "nobody" is not among the people. Otherwise add them under "people".
f:7: the time zone "Mars" is not known. Write one as "America/New_York".
f:8: "quota" is about deals, and nothing here keeps deals, pipeline, quota or revenue: only coaching. Remove it.`},
	} {
		_, problems := chainfile.Parse("f", []byte(c.file))
		if got := problems.Error(); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

func TestWarningsDoNotStopAFile(t *testing.T) {
	shortcut := people + "  - {coach: vera@acme.example, coachee: U0PRIYA}\n"
	file, problems := chainfile.Parse("f", []byte(shortcut))
	if len(file.Chain.Links) != 1 || problems.Err() != nil || len(problems.Warnings()) != 1 {
		t.Errorf("the link is %v, problems %v", file.Chain.Links, problems)
	}
	_, problems = chainfile.Parse("f", []byte(shortcut+"  - {}\n"))
	if err := problems.Err(); err == nil || len(problems.Warnings()) != 1 {
		t.Errorf("the error is %v", err)
	}
}

func TestASecretIsInNoMessage(t *testing.T) {
	for _, calendar := range []string{"secret-token", "https:secret-token", "ftp://host/secret-token", "http://%zz/secret-token", "[secret-token]"} {
		_, problems := chainfile.Parse("f", []byte("people:\n  - {email: leo@acme.example, calendar: "+calendar+"}\n"))
		if len(problems) != 1 || strings.Contains(problems.Error(), "secret-token") {
			t.Errorf("%s: %v", calendar, problems)
		}
	}
}
