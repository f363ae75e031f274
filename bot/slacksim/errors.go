package slacksim

import (
	"errors"
	"fmt"
)

// What a person's client, or the situation, does not allow. The errors that
// people's acts return wrap one of these.
var (
	ErrNoUser       = errors.New("there is no such user, or their account is closed")
	ErrTabOff       = errors.New("the app's tab is off or read-only: Slack shows no field to type in")
	ErrNoMessage    = errors.New("there is no such message")
	ErrNoElement    = errors.New("there is no such element to press or fill")
	ErrNoView       = errors.New("no view is open")
	ErrNotAllowed   = errors.New("the client does not accept this")
	ErrNoCommand    = errors.New("no app has such a command")
	ErrNoConnection = errors.New("the app has no connection: Slack shows an error")
)

// apiError is an answer with ok=false.
type apiError struct {
	code     string
	problems []problem // what is wrong with the blocks or the view
	needed   string    // scope
	extra    object
}

func (e *apiError) Error() string {
	if len(e.problems) > 0 {
		return fmt.Sprintf("%s: %s", e.code, e.problems[0])
	}
	return e.code
}

func refuse(code string) error { return &apiError{code: code} }

// refuseArgument is Slack's answer to an argument it cannot make sense of.
func refuseArgument(message string) error {
	return &apiError{code: "invalid_arguments", extra: object{
		"response_metadata": object{"messages": []any{"[ERROR] " + message}},
	}}
}

// body is the JSON of the answer.
func (e *apiError) body(provided []string) object {
	o := object{"ok": false, "error": e.code}
	for k, v := range e.extra {
		o[k] = v
	}
	if e.needed != "" {
		o["needed"], o["provided"] = e.needed, join(provided)
	}
	if len(e.problems) > 0 {
		e.describe(o)
	}
	return o
}

// describe words the problems as Slack does: messages list them under
// errors as well, views only in the metadata.
func (e *apiError) describe(o object) {
	var plain, tagged []any
	for _, p := range e.problems {
		plain = append(plain, p.String())
		tagged = append(tagged, "[ERROR] "+p.String())
	}
	if e.code == "invalid_blocks" {
		o["errors"] = plain
	}
	o["response_metadata"] = object{"messages": tagged}
}
