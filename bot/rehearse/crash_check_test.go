package rehearse_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/threedeep/threedeep/bot/slacksim"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// report is what the lives came to: what people and Slack saw, held against what is in the database file.
type report struct {
	typed, byForm int      // answers that Slack saw acknowledged
	lost          []string // of these, not in the database
	misplaced     []string // there, but not once and under the question that they were given to
	unheard       []string // never acknowledged, though Slack went on trying
	cards         int      // that were due
	missing       []string
	doubled       []string
}

func (r report) String() string {
	return fmt.Sprintf("acknowledged answers: %d typed, %d by form; lost: %d; misplaced: %d; never acknowledged: %d; cards due: %d; missing: %d; doubled: %d",
		r.typed, r.byForm, len(r.lost), len(r.misplaced), len(r.unheard), r.cards, len(r.missing), len(r.doubled))
}

// kept is the database file, read without any code of the bot's.
type kept struct {
	answers map[string][]spot   // by text: a line of an answer, since people may write in pieces
	posts   map[string]keptPost // by delivery id
}

// keptPost is a message that the bot means to have sent: a key of its own, and, when it is the first card about a 1:1, which.
type keptPost struct {
	key string
	due dueCard
}

// dueCard is a leader's prompt or a coach's brief: whom it goes to, and the day of the 1:1s that it is about.
type dueCard struct{ to, kind, day string }

func (o *ordeal) report() report {
	o.Helper()
	k, err := readKept(o.database)
	if err != nil {
		o.Fatal(err)
	}
	var r report
	o.checkAnswers(&r, k)
	o.checkCards(&r, k)
	return r
}

// checkAnswers finds every acknowledged answer once, whole, and under the question it was given to.
func (o *ordeal) checkAnswers(r *report, k kept) {
	acked := o.acknowledged()
	for _, p := range o.players {
		for _, w := range p.wrote {
			switch {
			case w.byForm:
				r.byForm++
			case acked[w.text]:
				r.typed++
			default:
				r.unheard = append(r.unheard, "never acknowledged: "+w.text)
				continue
			}
			r.compare(w, k.answers[w.text])
		}
	}
}

// compare looks at the places where a text was found.
func (r *report) compare(w written, found []spot) {
	switch {
	case len(found) == 0:
		r.lost = append(r.lost, "acknowledged and lost: "+w.text)
	case len(found) > 1 || found[0] != w.spot:
		r.misplaced = append(r.misplaced, fmt.Sprintf("acknowledged and misplaced: %s: %v, not %v", w.text, found, w.spot))
	}
}

// checkCards finds every card that was due in its reader's conversation, and no message twice.
func (o *ordeal) checkCards(r *report, k kept) {
	seen, arrived := map[string]int{}, map[dueCard]bool{}
	for _, p := range o.players {
		for _, m := range o.sim.DM(p.id) {
			if id := deliveryOf(m); id != "" {
				sent := k.posts[id]
				seen[sent.key]++
				arrived[sent.due] = arrived[sent.due] || sent.due.to == p.email
			}
		}
	}
	for key, n := range seen {
		if n > 1 {
			r.doubled = append(r.doubled, fmt.Sprintf("posted %d times: %q", n, key))
		}
	}
	for _, c := range o.due() {
		r.cards++
		if !arrived[c] {
			r.missing = append(r.missing, fmt.Sprintf("never posted: %v", c))
		}
	}
}

// due are the cards of all days that the clock has seen, leaders' on Wednesdays and coaches' on Thursdays.
func (o *ordeal) due() []dueCard {
	var out []dueCard
	for day := range o.day + 1 {
		role, kind := cadence.Leader, prompts.CardKind
		if day%2 == 1 {
			role, kind = cadence.VP, "brief"
		}
		for _, p := range o.players {
			if p.role == role {
				out = append(out, dueCard{to: p.email, kind: kind, day: ordealTime(day | 1).Format(time.DateOnly)})
			}
		}
	}
	return out
}

// deliveryOf is the delivery id that a message of the bot carries.
func deliveryOf(m slacksim.Message) string {
	var metadata struct {
		Payload struct {
			Delivery string `json:"delivery"`
		} `json:"event_payload"`
	}
	_ = json.Unmarshal(m.Metadata, &metadata) // what people type has none
	return metadata.Payload.Delivery
}

// acknowledged are the typed texts of which Slack saw an envelope acknowledged in time.
func (o *ordeal) acknowledged() map[string]bool {
	o.Helper()
	traffic, complete := o.sim.Traffic()
	if !complete {
		o.Fatal("the stand-in did not keep all traffic: finding nothing would prove nothing")
	}
	acked := map[string]bool{}
	for _, t := range traffic {
		var envelope struct {
			ID      string `json:"envelope_id"`
			Payload struct {
				Event struct{ Text string }
			}
		}
		if t.ToApp && t.What == "events_api" && json.Unmarshal([]byte(t.Body), &envelope) == nil && o.sim.Acked(envelope.ID) {
			acked[html.UnescapeString(envelope.Payload.Event.Text)] = true
		}
	}
	return acked
}

func readKept(path string) (kept, error) {
	k := kept{answers: map[string][]spot{}, posts: map[string]keptPost{}}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return k, err
	}
	defer db.Close()
	err = eachRow(db, `SELECT conversation, question, text FROM answers`, func(col []string) {
		for line := range strings.SplitSeq(col[2], "\n") {
			k.answers[line] = append(k.answers[line], spot{col[0], col[1]})
		}
	})
	return k, errors.Join(err, eachRow(db, `SELECT d.id, d.key, d.audience, d.kind, coalesce(substr(o.nominal, 1, 10), d.part)
		FROM deliveries d LEFT JOIN conversations c ON c.id = d.subject LEFT JOIN occurrences o ON o.id = c.occurrence
		WHERE d.op = 'post'`, func(col []string) {
		p := keptPost{key: col[1]}
		if col[3] == "brief" || strings.HasSuffix(col[1], ":1") {
			p.due = dueCard{to: col[2], kind: col[3], day: col[4]}
		}
		k.posts[col[0]] = p
	}))
}

// eachRow calls row for every row, all columns as text.
func eachRow(db *sql.DB, query string, row func([]string)) error {
	rows, err := db.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	col := make([]string, len(names))
	into := make([]any, len(names))
	for i := range col {
		into[i] = &col[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row(col)
	}
	return rows.Err()
}
