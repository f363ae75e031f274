package slacksim

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"
)

// A response_url can be used five times within half an hour.
const (
	hookUses = 5
	hookLife = 30 * time.Minute
	keptHook = 1 << 14
)

// hook is a response_url: where it came from and how often it was used.
type hook struct {
	user, channel string
	messageTS     string // the message that was pressed; empty for a command
	made          time.Time
	uses          int
}

type hookBook struct {
	byID  map[string]*hook
	order []string
}

func newHookBook() hookBook { return hookBook{byID: map[string]*hook{}} }

// newHook makes a response_url. Caller holds mu.
func (s *Sim) newHook(h hook) string {
	b := &s.hooks
	id := rand.Text()
	h.made = time.Now()
	b.byID[id] = &h
	b.order = append(b.order, id)
	if len(b.order) > 2*keptHook {
		for _, old := range b.order[:keptHook] {
			delete(b.byID, old)
		}
		b.order = append([]string(nil), b.order[keptHook:]...)
	}
	return fmt.Sprintf("http://%s/hooks/%s", s.listener.Addr(), id)
}

// serveHook takes a post to a response_url.
func (s *Sim) serveHook(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, "response_url", true)
	fault, faulty := s.takeFault("response_url")
	fault.pause(r)
	a, dropped := answer{}, fault.Drop
	switch {
	case fault.Drop:
	case faulty && fault.answers():
		a = fault.answer()
	default:
		a = s.useHook(r.PathValue("id"), c, err)
		dropped = fault.AfterEffect
	}
	if dropped {
		a.status = 0
	}
	s.logCall(c, a)
	if dropped {
		panic(http.ErrAbortHandler)
	}
	s.reply(w, method{}, a)
}

func (s *Sim) useHook(id string, c *call, err error) answer {
	if err == nil {
		err = s.respondVia(id, c)
	}
	if err == nil {
		return answer{status: http.StatusOK, body: mustJSON(object{"ok": true})}
	}
	s.noteInvalid(c, err)
	a := s.refusal(method{}, err)
	a.status = http.StatusBadRequest
	if a.code == "used_url" || a.code == "expired_url" {
		a.status = http.StatusNotFound
	}
	return a
}

// respondVia does what a post to a response_url asks for.
func (s *Sim) respondVia(id string, c *call) error {
	remove := c.flag("delete_original")
	var content content
	if !remove {
		var err error
		if content, err = s.readContent(c); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.changed()
	h, err := s.spend(id)
	if err != nil {
		return err
	}
	c.concerns = h.user
	ch := s.channels.byID[h.channel]
	original := ch.byTS[h.messageTS]
	switch {
	case original == nil && (remove || c.flag("replace_original")):
		return refuse("message_not_found")
	case remove:
		s.remove(ch, original)
	case c.flag("replace_original"):
		s.edit(ch, original, content)
	default:
		s.respondTo(ch, h.user, c, content)
	}
	return nil
}

// spend uses a response_url once. Caller holds mu.
func (s *Sim) spend(id string) (*hook, error) {
	h := s.hooks.byID[id]
	switch {
	case h == nil || time.Since(h.made) > hookLife:
		return nil, refuse("expired_url")
	case h.uses >= hookUses:
		return nil, refuse("used_url")
	}
	h.uses++
	return h, nil
}
