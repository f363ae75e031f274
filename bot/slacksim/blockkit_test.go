package slacksim

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func long(n int) string { return strings.Repeat("x", n) }

func plainJSONText(s string) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, s) }

func options(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"text":%s,"value":"v%d"}`, plainJSONText("o"), i))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func repeat(n int, block string) string {
	return strings.TrimSuffix(strings.Repeat(block+",", n), ",")
}

// checkMessage runs the validator on the blocks of a message.
func checkMessage(t *testing.T, raw string) ([]any, error) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatalf("the case itself is broken: %v", err)
	}
	return newSim(Config{App: DefaultApp()}).checkBlocks(v)
}

func TestBlocksAccepted(t *testing.T) {
	for name, raw := range map[string]string{
		"everything a question uses": askBlocks,
		"divider and header":         `[{"type":"divider"},{"type":"header","text":` + plainJSONText(long(150)) + `}]`,
		"section at its limit":       `[{"type":"section","text":{"type":"mrkdwn","text":"` + long(3000) + `"}}]`,
		"characters, not bytes":      `[{"type":"header","text":` + plainJSONText(strings.Repeat("🎯", 150)) + `}]`,
		"ten fields":                 `[{"type":"section","fields":[` + repeat(10, plainJSONText(long(2000))) + `]}]`,
		"fifty blocks":               "[" + repeat(50, `{"type":"divider"}`) + "]",
		"context":                    `[{"type":"context","elements":[{"type":"mrkdwn","text":"a"},{"type":"image","image_url":"https://x.example/a.png","alt_text":"a"}]}]`,
		"image":                      `[{"type":"image","image_url":"https://x.example/a.png","alt_text":"a","title":` + plainJSONText("t") + `}]`,
		"image by file":              `[{"type":"image","slack_file":{"id":"F1"},"alt_text":"a"}]`,
		"overflow":                   `[{"type":"section","text":` + plainJSONText("a") + `,"accessory":{"type":"overflow","action_id":"o","options":` + options(5) + `}}]`,
		"confirm":                    `[{"type":"actions","elements":[{"type":"button","text":` + plainJSONText("a") + `,"confirm":{"title":` + plainJSONText("t") + `,"text":{"type":"mrkdwn","text":"x"},"confirm":` + plainJSONText("y") + `,"deny":` + plainJSONText("n") + `,"style":"danger"}}]}]`,
		"pickers":                    `[{"type":"actions","elements":[{"type":"datepicker","action_id":"d","initial_date":"2026-11-24"},{"type":"timepicker","action_id":"t","initial_time":"14:00","timezone":"Europe/Berlin"}]}]`,
		"grouped options":            `[{"type":"actions","elements":[{"type":"static_select","action_id":"s","option_groups":[{"label":` + plainJSONText("l") + `,"options":` + options(2) + `}]}]}]`,
		"rich text":                  `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]`,
		"null is missing":            `[{"type":"divider","block_id":null}]`,
		"same action_id elsewhere":   `[{"type":"actions","elements":[{"type":"button","action_id":"a","text":` + plainJSONText("a") + `}]},{"type":"actions","elements":[{"type":"button","action_id":"a","text":` + plainJSONText("a") + `}]}]`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := checkMessage(t, raw); err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

// inActions wraps an element into a message.
func inActions(element string) string {
	return `[{"type":"actions","block_id":"b","elements":[` + element + `]}]`
}

func TestBlocksRefused(t *testing.T) {
	button := func(more string) string {
		return inActions(`{"type":"button","action_id":"a","text":` + plainJSONText("a") + more + `}`)
	}
	choice := func(kind, options, more string) string {
		return inActions(`{"type":"` + kind + `","action_id":"a","options":` + options + more + `}`)
	}
	for name, c := range map[string]struct{ blocks, want string }{
		"no object":               {`["x"]`, "must provide an object [json-pointer:/blocks/0]"},
		"no type":                 {`[{}]`, "missing required field: type [json-pointer:/blocks/0]"},
		"unknown type":            {`[{"type":"carousel"}]`, "unsupported type: carousel [json-pointer:/blocks/0/type]"},
		"unknown property":        {`[{"type":"divider","text":"x"}]`, "invalid additional property: text [json-pointer:/blocks/0]"},
		"51 blocks":               {"[" + repeat(51, `{"type":"divider"}`) + "]", "no more than 50 items allowed [json-pointer:/blocks]"},
		"block_id too long":       {`[{"type":"divider","block_id":"` + long(256) + `"}]`, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
		"block_id twice":          {`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]"},
		"section without text":    {`[{"type":"section"}]`, "must define either `text` or `fields` [json-pointer:/blocks/0]"},
		"section too long":        {`[{"type":"section","text":{"type":"mrkdwn","text":"` + long(3001) + `"}}]`, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		"empty text":              {`[{"type":"section","text":{"type":"mrkdwn","text":""}}]`, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		"text of no type":         {`[{"type":"section","text":{"text":"a"}}]`, "unsupported type:  [json-pointer:/blocks/0/text/type]"},
		"text as a string":        {`[{"type":"section","text":"a"}]`, "must provide an object [json-pointer:/blocks/0/text]"},
		"emoji on mrkdwn":         {`[{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}]`, "invalid additional property: emoji [json-pointer:/blocks/0/text]"},
		"11 fields":               {`[{"type":"section","fields":[` + repeat(11, plainJSONText("a")) + `]}]`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		"field too long":          {`[{"type":"section","fields":[` + plainJSONText(long(2001)) + `]}]`, "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		"header in mrkdwn":        {`[{"type":"header","text":{"type":"mrkdwn","text":"a"}}]`, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		"header too long":         {`[{"type":"header","text":` + plainJSONText(long(151)) + `}]`, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		"context of 11":           {`[{"type":"context","elements":[` + repeat(11, plainJSONText("a")) + `]}]`, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
		"context empty":           {`[{"type":"context","elements":[]}]`, "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"},
		"actions of 26":           {inActions(repeat(26, `{"type":"button","text":`+plainJSONText("a")+`}`)), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
		"action_id twice":         {inActions(repeat(2, `{"type":"button","action_id":"a","text":`+plainJSONText("a")+`}`)), "`action_id` \"a\" already exists [json-pointer:/blocks/0/elements/1/action_id]"},
		"text input in actions":   {inActions(`{"type":"plain_text_input","action_id":"a"}`), "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		"button without text":     {inActions(`{"type":"button","action_id":"a"}`), "missing required field: text [json-pointer:/blocks/0/elements/0]"},
		"button in mrkdwn":        {inActions(`{"type":"button","text":{"type":"mrkdwn","text":"a"}}`), "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]"},
		"button text too long":    {inActions(`{"type":"button","text":` + plainJSONText(long(76)) + `}`), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		"button value too long":   {button(`,"value":"` + long(2001) + `"`), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		"button url too long":     {button(`,"url":"https:` + long(3000) + `"`), "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"},
		"button style":            {button(`,"style":"green"`), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"},
		"button disabled":         {button(`,"disabled":true`), "invalid additional property: disabled [json-pointer:/blocks/0/elements/0]"},
		"action_id too long":      {inActions(`{"type":"button","action_id":"` + long(256) + `","text":` + plainJSONText("a") + `}`), "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"},
		"select without options":  {choice("static_select", "[]", ""), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"select of 101":           {choice("static_select", options(101), ""), "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"select with neither":     {inActions(`{"type":"static_select","action_id":"a"}`), "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]"},
		"placeholder too long":    {choice("static_select", options(1), `,"placeholder":`+plainJSONText(long(151))), "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]"},
		"initial not an option":   {choice("static_select", options(1), `,"initial_option":{"text":`+plainJSONText("o")+`,"value":"no"}`), "must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]"},
		"empty group":             {inActions(`{"type":"static_select","action_id":"s","option_groups":[{"label":` + plainJSONText("l") + `,"options":[]}]}`), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/option_groups/0/options]"},
		"radio of 11":             {choice("radio_buttons", options(11), ""), "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"checkboxes of 11":        {choice("checkboxes", options(11), ""), "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"overflow of 6":           {choice("overflow", options(6), ""), "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"option text too long":    {choice("static_select", `[{"text":`+plainJSONText(long(76))+`,"value":"v"}]`, ""), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]"},
		"option value too long":   {choice("static_select", `[{"text":`+plainJSONText("a")+`,"value":"`+long(151)+`"}]`, ""), "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]"},
		"option without value":    {choice("static_select", `[{"text":`+plainJSONText("a")+`}]`, ""), "missing required field: value [json-pointer:/blocks/0/elements/0/options/0]"},
		"select option in mrkdwn": {choice("static_select", `[{"text":{"type":"mrkdwn","text":"a"},"value":"v"}]`, ""), "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]"},
		"confirm too long":        {button(`,"confirm":{"title":` + plainJSONText("t") + `,"text":` + plainJSONText("x") + `,"confirm":` + plainJSONText(long(31)) + `,"deny":` + plainJSONText("n") + `}`), "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]"},
		"confirm without deny":    {button(`,"confirm":{"title":` + plainJSONText("t") + `,"text":` + plainJSONText("x") + `,"confirm":` + plainJSONText("y") + `}`), "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]"},
		"date of no date":         {inActions(`{"type":"datepicker","action_id":"d","initial_date":"24.11.2026"}`), "must match the format 2006-01-02 [json-pointer:/blocks/0/elements/0/initial_date]"},
		"image without alt":       {`[{"type":"image","image_url":"https://x.example/a.png"}]`, "missing required field: alt_text [json-pointer:/blocks/0]"},
		"image without source":    {`[{"type":"image","alt_text":"a"}]`, "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"},
		"two take the focus":      {inActions(repeat(2, `{"type":"datepicker","focus_on_load":true}`)), "only one element can have focus_on_load [json-pointer:/blocks/0/elements/1/focus_on_load]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := checkMessage(t, c.blocks)
			wantProblem(t, err, "invalid_blocks", c.want)
		})
	}
}

func wantProblem(t *testing.T, err error, code, want string) {
	t.Helper()
	e, ok := err.(*apiError)
	if !ok || e.code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	for _, p := range e.problems {
		if p.String() == want {
			return
		}
	}
	t.Errorf("problems %q do not hold %q", e.problems, want)
}

func modal(more, blocks string) string {
	return `{"type":"modal","title":` + plainJSONText("t") + more + `,"blocks":` + blocks + `}`
}

func inInput(element, more string) string {
	return `[{"type":"input","label":` + plainJSONText("l") + `,"element":` + element + more + `}]`
}

func TestViewsRefused(t *testing.T) {
	submit := `,"submit":` + plainJSONText("s")
	text := `{"type":"plain_text_input","action_id":"a"}`
	divider := `[{"type":"divider"}]`
	for name, c := range map[string]struct{ view, want string }{
		"a string":               {`"x"`, "must provide an object [json-pointer:/view]"},
		"unknown type":           {`{"type":"popup","blocks":[{"type":"divider"}]}`, "unsupported type: popup [json-pointer:/view/type]"},
		"no title":               {`{"type":"modal","blocks":[{"type":"divider"}]}`, "missing required field: title [json-pointer:/view]"},
		"title too long":         {`{"type":"modal","title":` + plainJSONText(long(25)) + `,"blocks":` + divider + `}`, "must be less than 25 characters [json-pointer:/view/title/text]"},
		"submit too long":        {modal(`,"submit":`+plainJSONText(long(25)), divider), "must be less than 25 characters [json-pointer:/view/submit/text]"},
		"close too long":         {modal(`,"close":`+plainJSONText(long(25)), divider), "must be less than 25 characters [json-pointer:/view/close/text]"},
		"no blocks":              {`{"type":"home"}`, "missing required field: blocks [json-pointer:/view]"},
		"empty blocks":           {modal("", "[]"), "no fewer than 1 items allowed [json-pointer:/view/blocks]"},
		"101 blocks":             {modal("", "["+repeat(101, `{"type":"divider"}`)+"]"), "no more than 100 items allowed [json-pointer:/view/blocks]"},
		"metadata too long":      {modal(`,"private_metadata":"`+long(3001)+`"`, divider), "must be less than 3001 characters [json-pointer:/view/private_metadata]"},
		"callback_id too long":   {modal(`,"callback_id":"`+long(256)+`"`, divider), "must be less than 256 characters [json-pointer:/view/callback_id]"},
		"submit_disabled":        {modal(`,"submit_disabled":true`, divider), "invalid additional property: submit_disabled [json-pointer:/view]"},
		"home with a title":      {`{"type":"home","title":` + plainJSONText("t") + `,"blocks":` + divider + `}`, "invalid additional property: title [json-pointer:/view]"},
		"inputs without submit":  {modal("", inInput(text, "")), "missing required field: submit [json-pointer:/view]"},
		"input without label":    {modal(submit, `[{"type":"input","element":`+text+`}]`), "missing required field: label [json-pointer:/view/blocks/0]"},
		"label too long":         {modal(submit, `[{"type":"input","label":`+plainJSONText(long(2001))+`,"element":`+text+`}]`), "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"},
		"hint too long":          {modal(submit, inInput(text, `,"hint":`+plainJSONText(long(2001)))), "must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]"},
		"button as input":        {modal(submit, inInput(`{"type":"button","text":`+plainJSONText("a")+`}`, "")), "unsupported type: button [json-pointer:/view/blocks/0/element/type]"},
		"max_length too large":   {modal(submit, inInput(`{"type":"plain_text_input","max_length":3001}`, "")), "must be less than or equal to 3000 [json-pointer:/view/blocks/0/element/max_length]"},
		"min above max":          {modal(submit, inInput(`{"type":"plain_text_input","min_length":9,"max_length":3}`, "")), "must be less than or equal to max_length [json-pointer:/view/blocks/0/element/min_length]"},
		"initial_value too long": {modal(submit, inInput(`{"type":"plain_text_input","initial_value":"abcd","max_length":3}`, "")), "must be no longer than max_length [json-pointer:/view/blocks/0/element/initial_value]"},
		"dispatch on nonsense":   {modal(submit, inInput(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["x"]}}`, "")), "must be a valid enum value [json-pointer:/view/blocks/0/element/dispatch_action_config/trigger_actions_on/0]"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := decodeJSON([]byte(c.view))
			if err != nil {
				t.Fatal(err)
			}
			_, err = newSim(Config{App: DefaultApp()}).checkView(v)
			wantProblem(t, err, "invalid_arguments", c.want)
		})
	}
}

func TestCanonicalBlocks(t *testing.T) {
	got, err := checkMessage(t, `[{"type":"section","text":{"type":"mrkdwn","text":"<!channel> & a"}},
		{"type":"actions","elements":[{"type":"button","text":`+plainJSONText("Go")+`}]}]`)
	if err != nil {
		t.Fatal(err)
	}
	section, actions := got[0].(map[string]any), got[1].(map[string]any)
	if textOf(section, "block_id") == "" || textOf(section, "block_id") == textOf(actions, "block_id") {
		t.Errorf("block ids were not generated: %v", got)
	}
	if text := mapOf(section, "text"); text["verbatim"] != false || text["text"] != "<!channel> & a" {
		t.Errorf("the text object is %v: want verbatim written out and the text as sent", text)
	}
	button := listOf(actions, "elements")[0].(map[string]any)
	if mapOf(button, "text")["emoji"] != true || textOf(button, "action_id") == "" {
		t.Errorf("the button is %v: want emoji written out and an action_id", button)
	}
}
