package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// SubmitResult is what a person sees after pressing submit.
type SubmitResult struct {
	Errors map[string]string // under the inputs, by block id; the form stays open with what was typed
	Closed bool              // the form is gone
	Failed bool              // no answer in time, or one that Slack cannot use: the form stays, with an error
}

// Submit lets a person press the submit button of the modal in front of them
// and waits for the app's acknowledgement, or for its deadline. An error means
// that the client would not have sent it.
func (s *Sim) Submit(user string) (SubmitResult, error) {
	e, id, err := s.submission(user)
	if err != nil {
		return SubmitResult{}, err
	}
	<-e.done
	return s.afterSubmit(e, id), nil
}

// SubmitTwice sends the same form twice, as a second press or a second device
// does, before the app answered the first.
func (s *Sim) SubmitTwice(user string) (first, second SubmitResult, err error) {
	a, id, err := s.submission(user)
	if err != nil {
		return first, second, err
	}
	b, _, err := s.submission(user)
	if err != nil {
		<-a.done
		return s.afterSubmit(a, id), second, err
	}
	<-a.done
	first = s.afterSubmit(a, id)
	<-b.done
	return first, s.afterSubmit(b, id), nil
}

// submission sends the form and returns the envelope to wait for.
func (s *Sim) submission(user string) (*envelope, string, error) {
	s.mu.Lock()
	defer s.changed()
	u, v, err := s.inFront(user)
	if err != nil {
		return nil, "", err
	}
	if err := submittable(v); err != nil {
		return nil, "", err
	}
	p := s.interaction("view_submission", u)
	p["trigger_id"] = s.newTrigger(user)
	p["view"] = v.wireFilled(s.app)
	p["response_urls"] = []any{}
	e := &envelope{
		kind: kindInteractive, user: user, label: "form " + v.callbackID + " of " + user,
		payload: mustJSON(p), accepts: true, done: make(chan struct{}),
	}
	s.send(e)
	return e, v.id, nil
}

// submittable is what the client checks before it sends a form.
func submittable(v *view) error {
	if v.submit == nil {
		return fmt.Errorf("slacksim: the view has no submit button: %w", ErrNoElement)
	}
	for _, e := range elementsOf(v.blocks) {
		if e.input == nil {
			continue
		}
		value := v.state[e.block][e.action]
		if isEmpty(value) {
			if !boolOf(e.input, "optional") {
				return fmt.Errorf("slacksim: input %s is required: %w", e.action, ErrNotAllowed)
			}
			continue
		}
		if err := longEnough(e, value); err != nil {
			return err
		}
	}
	return nil
}

func longEnough(e element, value object) error {
	least, ok := e.body["min_length"].(float64)
	if text := textOf(value, "value"); ok && utf8.RuneCountInString(text) < int(least) {
		return fmt.Errorf("slacksim: input %s needs %d characters: %w", e.action, int(least), ErrNotAllowed)
	}
	return nil
}

// afterSubmit carries out what the acknowledgement asks for.
func (s *Sim) afterSubmit(e *envelope, viewID string) SubmitResult {
	if !e.acked { // settled before done was closed
		return SubmitResult{Failed: true}
	}
	r, err := s.readResponse(e.reply)
	s.mu.Lock()
	defer s.changed()
	v := s.views.byID[viewID]
	if v == nil { // closed meanwhile: nothing to show an answer in
		return SubmitResult{Closed: true}
	}
	result := SubmitResult{}
	if err == nil {
		result, err = s.respond(v, r)
	}
	if err != nil {
		s.complain("%s: the answer cannot be used: %v", e.label, err)
		return SubmitResult{Failed: true}
	}
	return result
}

// viewResponse is the payload of a view_submission's acknowledgement.
type viewResponse struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   any               `json:"view"`
	next   *view             // View, checked
}

func (s *Sim) readResponse(raw json.RawMessage) (viewResponse, error) {
	var r viewResponse
	if len(raw) == 0 {
		return r, nil
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("not a response to a form: %w", err)
	}
	if r.Action != "update" && r.Action != "push" {
		return r, nil
	}
	var err error
	if r.next, err = s.checkView(r.View); err != nil {
		return r, err
	}
	if r.next.kind != "modal" {
		return r, fmt.Errorf("a view of type %q", r.next.kind)
	}
	return r, nil
}

// respond carries out a response_action. Caller holds mu.
func (s *Sim) respond(v *view, r viewResponse) (SubmitResult, error) {
	v.errors = nil
	switch r.Action {
	case "":
		s.closeUpTo(v)
		return SubmitResult{Closed: true}, nil
	case "clear":
		s.closeStack(v.user)
		return SubmitResult{Closed: true}, nil
	case "errors":
		return s.showErrors(v, r.Errors)
	case "push":
		return SubmitResult{}, s.push(r.next, v.user)
	case "update":
		s.replace(v, r.next)
		return SubmitResult{}, nil
	default:
		return SubmitResult{}, fmt.Errorf("response_action %q", r.Action)
	}
}

// closeUpTo closes v and whatever was put on it meanwhile.
func (s *Sim) closeUpTo(v *view) {
	user, id := v.user, v.id
	for s.views.byID[id] != nil && len(s.views.stacks[user]) > 0 {
		s.closeTop(user)
	}
}

// showErrors puts messages under inputs; what was typed stays.
func (s *Sim) showErrors(v *view, texts map[string]string) (SubmitResult, error) {
	if len(texts) == 0 {
		return SubmitResult{}, errors.New("response_action errors without errors")
	}
	for block := range texts {
		if !slices.ContainsFunc(v.blocks, func(b any) bool { return isInputNamed(b, block) }) {
			return SubmitResult{}, fmt.Errorf("an error for %q, which is no input block", block)
		}
	}
	v.errors = texts
	return SubmitResult{Errors: texts}, nil
}

func isInputNamed(b any, id string) bool {
	block, _ := b.(map[string]any)
	return isInput(b) && block["block_id"] == id
}
