package rehearse_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/threedeep/threedeep/bot/rehearse"
)

// Words that must not be found where they don't belong.
const (
	secret    = "QUOKKA-unshared-9f3"
	confided  = "NARWHAL-shared-7c1"
	secretTwo = "PANGOLIN-kept-5d2"
)

// Nothing of an answer that was not shared reaches anybody else, by any message, view, Home or the outbox; what was
// shared reaches the coach in a modal that they opened, and nowhere else.
func TestUnsharedWordsAreNowhereElse(t *testing.T) {
	var log strings.Builder
	s := tell(t, oneLeader, wednesday, func(o *rehearse.Options) { o.Log = textLog(&log) })
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Types(s.ctx, confided))
	s.must(leo.Presses(s.ctx, "Answer"))
	s.must(leo.Fills("solving", secret))
	_, err := leo.Submits(s.ctx)
	s.must(err)
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.everybodyLooks()
	s.briefed(vera, "something to read")
	s.must(vera.Presses(s.ctx, "Open"))
	s.must(leo.Presses(s.ctx, "Keep"))
	s.everybodyLooks()
	s.must(vera.Presses(s.ctx, "Open"))

	s.onlyLeoAnd(vera, leo)
	for _, word := range []string{secret, confided} {
		s.hasNot(log.String(), word)
		s.hasNot(s.outbox(), word)
	}
	s.has(s.answers(), secret) // it is kept, and the search above would have found it
}

// onlyLeoAnd checks all traffic: the unshared word concerns leo only, the shared one the coach only where it opened.
func (s *story) onlyLeoAnd(coach, leo *rehearse.Person) {
	s.Helper()
	transfers, whole := s.Sim.Traffic()
	if !whole {
		s.Fatal("the traffic is not whole, so that finding nothing would prove nothing")
	}
	found := map[string]bool{}
	for _, t := range transfers {
		if strings.Contains(t.Body, secret) {
			found["secret to "+t.User] = true
		}
		if strings.Contains(t.Body, confided) && t.User == coach.ID {
			found["shared by "+t.What] = true
		}
	}
	for what := range found {
		if what != "secret to "+leo.ID && what != "shared by views.open" {
			s.Errorf("words went where they don't belong: %s", what)
		}
	}
	if len(found) != 2 {
		s.Errorf("the search is blind: it found %v", found)
	}
}

// everybodyLooks lets everybody look everywhere they can.
func (s *story) everybodyLooks() {
	s.Helper()
	for _, who := range []string{"leo", "vera", "priya", "sam"} {
		p := s.person(who)
		s.home(p)
		_, err := p.Commands(s.ctx, "/coach", "today")
		s.must(err)
		s.seen[p.ID] = len(p.Messages())
	}
}

func (s *story) outbox() string  { return s.table("SELECT * FROM deliveries") }
func (s *story) answers() string { return s.table("SELECT text FROM answers") }

// table reads rows straight from the database file, as somebody with the file would.
func (s *story) table(query string) string {
	s.Helper()
	db, err := sql.Open("sqlite", "file:"+s.database+"?mode=ro")
	s.must(err)
	defer db.Close()
	rows, err := db.Query(query)
	s.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	s.must(err)
	var out strings.Builder
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		s.must(rows.Scan(into...))
		for _, c := range cells {
			out.WriteString(c.String + "\t")
		}
		out.WriteString("\n")
	}
	s.must(rows.Err())
	return out.String()
}

// The file itself holds an answer in the answers table only: nothing of it is repeated in another table.
func TestAnswersStandInOneTableOnly(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo := s.person("leo")
	s.asked(leo)
	s.must(leo.Types(s.ctx, secretTwo))
	s.must(leo.Types(s.ctx, "x"))
	s.must(leo.Presses(s.ctx, "Keep"))
	for _, table := range strings.Fields(s.table("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
		if found := strings.Contains(s.table("SELECT * FROM "+table), secretTwo); found != (table == "answers") {
			t.Errorf("the answer stands in %s: %v", table, found)
		}
	}
	file, err := os.ReadFile(filepath.Clean(s.database + "-wal"))
	s.must(err)
	if !strings.Contains(string(file), secretTwo) {
		t.Error("the search of tables proves nothing: the file does not hold the words at all")
	}
}

// A stranger who looks at the screen learns nothing: the notification and the first block of everything posted hold
// no manager's name, no count and no quotation.
func TestAStrangerLearnsNothing(t *testing.T) {
	s := tell(t, oneLeader, wednesday)
	leo, vera := s.person("leo"), s.person("vera")
	s.asked(leo)
	s.must(leo.Types(s.ctx, confided))
	s.must(leo.Types(s.ctx, secret))
	s.must(leo.Presses(s.ctx, "Share with Vera"))
	s.briefed(vera, "something to read")
	s.must(leo.Types(s.ctx, "And this?"))
	for _, p := range []*rehearse.Person{leo, vera} {
		for _, m := range p.Messages() {
			if m.BotID == "" {
				continue
			}
			first := append(rehearse.Readable(m.Text, m.Blocks), "")[0]
			for _, told := range []string{"Priya", "Sam", confided, secret} {
				s.hasNot(m.Text, told)
				s.hasNot(first, told)
			}
		}
	}
}
