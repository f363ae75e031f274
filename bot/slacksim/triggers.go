package slacksim

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// trigger lets the app open one view for the person who did something.
type trigger struct {
	user string
	made time.Time // machine clock
	used bool
}

// triggerBook keeps the newest triggers.
type triggerBook struct {
	byID  map[string]*trigger
	order []string
	form  *regexp.Regexp // as the error's documentation gives it
}

// keptTriggers is how many are told apart from unknown ones.
const keptTriggers = 1 << 14

func newTriggerBook() triggerBook {
	return triggerBook{byID: map[string]*trigger{}, form: regexp.MustCompile(`^\d+\.\d+\.[0-9a-z]+$`)}
}

// newTrigger hands out a trigger_id. Caller holds mu.
func (s *Sim) newTrigger(user string) string {
	b := &s.triggers
	id := fmt.Sprintf("%d.%d.%s", 1_000_000+s.nextSerial(), 7_000_000, strings.ToLower(rand.Text()))
	b.byID[id] = &trigger{user: user, made: time.Now()}
	b.order = append(b.order, id)
	if len(b.order) > 2*keptTriggers {
		for _, old := range b.order[:keptTriggers] {
			delete(b.byID, old)
		}
		b.order = append([]string(nil), b.order[keptTriggers:]...)
	}
	return id
}

// exchange finds the person behind a trigger_id that can still be used; spend
// it with use once the view turned out to be good. Caller holds mu.
func (s *Sim) exchange(id string) (*trigger, error) {
	t := s.triggers.byID[id]
	switch {
	case !s.triggers.form.MatchString(id) || t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case time.Since(t.made) > s.cfg.TriggerLife:
		return nil, refuse("expired_trigger_id")
	default:
		return t, nil
	}
}
