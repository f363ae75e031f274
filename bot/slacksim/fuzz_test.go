package slacksim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzArguments looks for bodies that break the argument parsing. Whatever comes
// in, there are arguments or an error Slack has a code for.
func FuzzArguments(f *testing.F) {
	for _, seed := range []struct{ kind, body string }{
		{formType, "channel=U0LEO&text=a%20b&blocks=%5B%5D"},
		{"application/json", `{"channel":"U0LEO","limit":5,"inclusive":true,"metadata":{"event_type":"a","event_payload":{}}}`},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx\r\n--b--\r\n"},
		{`multipart/form-data; boundary="`, "--b"},
		{"", ""},
		{"text/plain", "x"},
		{formType, "a=%zz"},
		{"application/json", `[[[[`},
	} {
		f.Add(seed.kind, seed.body)
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest(http.MethodPost, "/api/x?limit=1", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		c, err := readCall(r, "x", true)
		if err != nil {
			if _, ok := err.(*apiError); !ok {
				t.Fatalf("%q %q: an error without a code: %v", kind, body, err)
			}
			return
		}
		_ = c.number("limit", 1)
		_ = c.flag("inclusive")
		if _, err := c.json("blocks"); err == nil {
			mustJSON(unpack(c.args))
		}
	})
}

// FuzzValidator looks for blocks and views that break the validator, and checks
// that what it lets through stays valid in its canonical form.
func FuzzValidator(f *testing.F) {
	for _, seed := range []string{
		askBlocks, formNamed("x"), `[]`, `[null]`, `[{"type":"section","text":null}]`, `{"type":"home","blocks":[{"type":"divider"}]}`,
		`[{"type":"actions","elements":[{"type":"checkboxes","options":[{"text":{},"value":1}],"initial_options":["x"]}]}]`,
		`[{"type":"input","label":{"type":"plain_text","text":"l"},"element":{"type":"plain_text_input","max_length":1e300}}]`,
		`[{"type":"context","elements":[[],{},"x",{"type":"image","slack_file":[]}]}]`,
		`[{"type":"rich_text","elements":[{"type":"rich_text_list","elements":{}}]}]`,
	} {
		f.Add(seed)
	}
	sim := newSim(Config{App: DefaultApp()})
	f.Fuzz(func(t *testing.T, raw string) {
		var v any
		if json.Unmarshal([]byte(raw), &v) != nil {
			return
		}
		if v, err := sim.checkView(v); err == nil {
			initialState(v.blocks)
		}
		blocks, err := sim.checkBlocks(v)
		if err != nil || blocks == nil {
			return
		}
		again, err := decodeJSON(mustJSON(blocks))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sim.checkBlocks(again); err != nil {
			t.Errorf("%s is accepted, its canonical form %s is not: %v", raw, mustJSON(blocks), err)
		}
	})
}
