package slacksim

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
)

// maxStack is how many modals can lie on each other.
const maxStack = 3

// View is what a person has open, a copy.
type View struct {
	ID, Hash, Type  string
	CallbackID      string
	ExternalID      string
	PrivateMetadata string
	Title           string
	Submit          string // caption of the submit button; empty when there is none
	Close           string
	Blocks          json.RawMessage
	State           json.RawMessage // the values filled in: block id, action id, value
	Errors          map[string]string
}

type view struct {
	id, hash, kind  string
	user            string
	callbackID      string
	externalID      string
	privateMetadata string
	title           map[string]any
	submit          map[string]any
	close           map[string]any
	blocks          []any
	clearOnClose    bool
	notifyOnClose   bool
	root, previous  string
	state           stateValues
	errors          map[string]string // shown under inputs
}

// viewBook keeps what is open: a stack of modals and a Home for each person.
type viewBook struct {
	byID       map[string]*view
	byExternal map[string]*view
	stacks     map[string][]*view
	homes      map[string]*view
}

func newViewBook() viewBook {
	return viewBook{
		byID: map[string]*view{}, byExternal: map[string]*view{},
		stacks: map[string][]*view{}, homes: map[string]*view{},
	}
}

func (b *viewBook) put(v *view) {
	b.byID[v.id] = v
	if v.externalID != "" {
		b.byExternal[v.externalID] = v
	}
}

func (b *viewBook) drop(v *view) {
	delete(b.byID, v.id)
	if b.byExternal[v.externalID] == v {
		delete(b.byExternal, v.externalID)
	}
}

func (b *viewBook) top(user string) *view {
	stack := b.stacks[user]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// place gives a new view its ids. Caller holds mu.
func (s *Sim) place(v *view, user string) {
	v.user = user
	v.id = fmt.Sprintf("V%s%05d", s.started, s.nextSerial())
	v.root = v.id
	v.state = initialState(v.blocks)
	s.rehash(v)
	s.views.put(v)
}

func (s *Sim) rehash(v *view) { v.hash = formatTS(s.tick())[:10] + "." + rand.Text()[:8] }

// openStack starts a new stack with v. Caller holds mu.
func (s *Sim) openStack(v *view, user string) {
	s.closeStack(user)
	s.place(v, user)
	s.views.stacks[user] = []*view{v}
}

// push puts v on the stack. Caller holds mu.
func (s *Sim) push(v *view, user string) error {
	stack := s.views.stacks[user]
	if len(stack) == 0 {
		return refuse("not_found")
	}
	if len(stack) >= maxStack {
		return refuse("push_limit_reached")
	}
	s.place(v, user)
	v.root, v.previous = stack[0].id, stack[len(stack)-1].id
	s.views.stacks[user] = append(stack, v)
	return nil
}

// replace gives an open view new content. What a person filled in stays where
// block_id, action_id and kind of element are the same. Caller holds mu.
func (s *Sim) replace(old, v *view) {
	s.views.drop(old)
	v.id, v.user, v.root, v.previous = old.id, old.user, old.root, old.previous
	v.state = initialState(v.blocks)
	v.state.keep(old.state)
	s.rehash(v)
	s.views.put(v)
	if old.kind == "home" {
		s.views.homes[old.user] = v
		return
	}
	stack := s.views.stacks[old.user]
	stack[slices.Index(stack, old)] = v
}

// closeTop takes the top view away and shows the one below.
func (s *Sim) closeTop(user string) {
	stack := s.views.stacks[user]
	if len(stack) == 0 {
		return
	}
	s.views.drop(stack[len(stack)-1])
	s.views.stacks[user] = stack[:len(stack)-1]
}

func (s *Sim) closeStack(user string) {
	for len(s.views.stacks[user]) > 0 {
		s.closeTop(user)
	}
	delete(s.views.stacks, user)
}

// externalTaken tells whether another open view has v's external id.
func (s *Sim) externalTaken(v, except *view) bool {
	other := s.views.byExternal[v.externalID]
	return v.externalID != "" && other != nil && other != except
}

// TopView returns the modal that a person has in front of them.
func (s *Sim) TopView(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return lookAt(s.views.top(user))
}

// Home returns a person's Home tab, once the app has published it.
func (s *Sim) Home(user string) (View, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return lookAt(s.views.homes[user])
}

func lookAt(v *view) (View, bool) {
	if v == nil {
		return View{}, false
	}
	return View{
		ID: v.id, Hash: v.hash, Type: v.kind, CallbackID: v.callbackID, ExternalID: v.externalID,
		PrivateMetadata: v.privateMetadata,
		Title:           textOf(v.title, "text"), Submit: textOf(v.submit, "text"), Close: textOf(v.close, "text"),
		Blocks: mustJSON(v.blocks), State: mustJSON(v.state), Errors: v.errors,
	}, true
}

// wire is the view object of responses and events: its state holds only what
// has a value.
func (v *view) wire(app App) object {
	o := object{
		"id": v.id, "team_id": app.TeamID, "type": v.kind, "blocks": v.blocks,
		"private_metadata": v.privateMetadata, "callback_id": v.callbackID, "external_id": v.externalID,
		"state": object{"values": v.state.given()}, "hash": v.hash,
		"clear_on_close": v.clearOnClose, "notify_on_close": v.notifyOnClose,
		"close": nullable(v.close), "submit": nullable(v.submit),
		"previous_view_id": nil, "root_view_id": v.root,
		"app_id": app.ID, "app_installed_team_id": app.TeamID, "bot_id": app.BotID,
	}
	if v.title != nil {
		o["title"] = v.title
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	return o
}

// wireFilled is wire with every input present, the empty ones as null.
func (v *view) wireFilled(app App) object {
	o := v.wire(app)
	o["state"] = object{"values": v.state.filled(v.blocks)}
	return o
}

func nullable(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}
