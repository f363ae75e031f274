package slacksim

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// method is one method of the Web API.
type method struct {
	run       func(*call) (object, error)
	token     tokenKind
	scopes    []string // any one of them will do; none means that no scope is needed
	perMinute float64
	posts     bool // limited per channel and workspace rather than per method
	form      bool // takes no JSON body
}

type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	anyToken
)

// answer is what goes back over HTTP.
type answer struct {
	status int
	code   string // Slack's error code, empty when ok
	body   json.RawMessage
	header http.Header
}

func (s *Sim) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/link/", s.serveSocket)
	mux.HandleFunc("POST /hooks/{id}", s.serveHook)
	return mux
}

func (s *Sim) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	m, known := s.methods[name]
	c, err := readCall(r, name, !m.form)
	fault, faulty := s.takeFault(name)
	fault.pause(r)
	a, dropped := answer{}, fault.Drop
	switch {
	case fault.Drop:
	case faulty && fault.answers():
		a = fault.answer()
	default:
		a = s.run(m, known, c, err)
		dropped = fault.AfterEffect
	}
	if dropped {
		a.status = 0
	}
	s.logCall(c, a)
	if dropped {
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
	s.reply(w, m, a)
	s.watch.notify()
}

// run carries a call out and turns its result into an answer.
func (s *Sim) run(m method, known bool, c *call, readErr error) answer {
	if !known {
		s.mu.Lock()
		s.complain("unknown_method: %s", c.method)
		s.mu.Unlock()
		return s.refusal(m, refuse("unknown_method"))
	}
	if err := s.authorise(m, c); err != nil {
		return s.refusal(m, err)
	}
	if wait := s.limit(m, c); wait > 0 {
		return Fault{Status: http.StatusTooManyRequests, RetryAfter: wait}.answer()
	}
	if readErr != nil {
		return s.refusal(m, readErr)
	}
	result, err := m.run(c)
	if err != nil {
		s.noteInvalid(c, err)
		return s.refusal(m, err)
	}
	result["ok"] = true
	return answer{status: http.StatusOK, body: mustJSON(result)}
}

// authorise checks token, kind of token and scopes, in Slack's order.
func (s *Sim) authorise(m method, c *call) error {
	kind, scopes := appToken, s.app.AppScopes
	switch c.token {
	case "":
		return refuse("not_authed")
	case s.app.AppToken:
	case s.app.BotToken:
		kind, scopes = botToken, s.app.BotScopes
	default:
		return refuse("invalid_auth")
	}
	s.mu.Lock()
	revoked := s.revoked
	s.mu.Unlock()
	if revoked {
		return refuse("token_revoked")
	}
	if m.token != anyToken && kind != m.token {
		return refuse("not_allowed_token_type")
	}
	if len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, func(n string) bool { return hasScope(scopes, n) }) {
		return &apiError{code: "missing_scope", needed: m.scopes[0]}
	}
	return nil
}

func hasScope(scopes []string, needed string) bool { return slices.Contains(scopes, needed) }

func join(list []string) string { return strings.Join(list, ",") }

// noteInvalid complains about what would show as broken; a wrong block is the
// app's mistake, a missing channel may be the test's.
func (s *Sim) noteInvalid(c *call, err error) {
	if e, ok := errors.AsType[*apiError](err); ok && len(e.problems) > 0 {
		s.mu.Lock()
		s.complain("%s: %s", c.method, e)
		s.mu.Unlock()
	}
}

func (s *Sim) scopesOf(m method) []string {
	if m.token == appToken {
		return s.app.AppScopes
	}
	return s.app.BotScopes
}

func (s *Sim) refusal(m method, err error) answer {
	e, ok := errors.AsType[*apiError](err)
	if !ok {
		e = &apiError{code: "internal_error"}
	}
	return answer{status: http.StatusOK, code: e.code, body: mustJSON(e.body(s.scopesOf(m)))}
}

func (s *Sim) reply(w http.ResponseWriter, m method, a answer) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	h.Set("X-OAuth-Scopes", join(s.scopesOf(m)))
	h.Set("X-Accepted-OAuth-Scopes", join(m.scopes))
	w.WriteHeader(a.status)
	if _, err := w.Write(a.body); err != nil {
		s.cfg.Log.Debug("slacksim answer not taken", "error", err)
	}
}

func (s *Sim) logCall(c *call, a answer) {
	args := mustJSON(unpack(c.args))
	s.record(false, c.method, c.concerns, args)
	if a.status != 0 {
		s.record(true, c.method, c.concerns, a.body)
	}
	s.mu.Lock()
	defer s.changed()
	s.calls.add(Call{Method: c.method, Status: a.status, Error: a.code, Args: args, Response: a.body, At: time.Now()})
}
