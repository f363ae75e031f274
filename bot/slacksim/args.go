package slacksim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is far above the largest thing Slack takes.
const maxBody = 4 << 20

// call is one request to the Web API, however its arguments came in.
type call struct {
	method   string
	token    string
	args     map[string]any // strings from forms; any JSON value from a JSON body
	concerns string         // the user this is about, set by the method
}

// readCall decodes a request. Errors are apiErrors.
func readCall(r *http.Request, methodName string, jsonBody bool) (*call, error) {
	c := &call{method: methodName, args: map[string]any{}}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return c, refuse("request_timeout")
	}
	addValues(c.args, r.URL.Query())
	if r.Method == http.MethodPost {
		err = readBody(c.args, r.Header.Get("Content-Type"), body, jsonBody)
	}
	c.token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if c.token == "" {
		c.token = c.str("token")
	}
	delete(c.args, "token")
	return c, err
}

func readBody(args map[string]any, contentType string, body []byte, jsonBody bool) error {
	if len(body) == 0 {
		return nil
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return refuse("missing_post_type")
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		return readForm(args, body)
	case "multipart/form-data":
		return readMultipart(args, body, params["boundary"])
	case "application/json":
		if !jsonBody { // these methods overlook a JSON body, and miss their arguments
			return nil
		}
		return readJSON(args, body)
	default:
		return refuse("invalid_post_type")
	}
}

func readForm(args map[string]any, body []byte) error {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return refuse("invalid_form_data")
	}
	addValues(args, values)
	return nil
}

func readMultipart(args map[string]any, body []byte, boundary string) error {
	r := http.Request{
		Method: http.MethodPost,
		Header: http.Header{"Content-Type": {"multipart/form-data; boundary=" + strconv.Quote(boundary)}},
		Body:   io.NopCloser(bytes.NewReader(body)),
	}
	if err := r.ParseMultipartForm(maxBody); err != nil {
		return refuse("invalid_form_data")
	}
	defer r.MultipartForm.RemoveAll()
	addValues(args, r.MultipartForm.Value)
	return nil
}

func readJSON(args map[string]any, body []byte) error {
	v, err := decodeJSON(body)
	if err != nil {
		return refuse("invalid_json")
	}
	o, ok := v.(map[string]any)
	if !ok {
		return refuse("json_not_object")
	}
	for k, e := range o {
		args[k] = e
	}
	return nil
}

// decodeJSON refuses what follows the first value.
func decodeJSON(raw []byte) (any, error) {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

func addValues(args map[string]any, values url.Values) {
	for k, list := range values {
		if len(list) > 0 {
			args[k] = list[0]
		}
	}
}

func (c *call) has(name string) bool { return c.args[name] != nil }

// str reads a string; numbers and booleans of a JSON body count as their text.
func (c *call) str(name string) string {
	switch v := c.args[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	default:
		return ""
	}
}

func (c *call) flag(name string) bool {
	switch strings.ToLower(c.str(name)) {
	case "true", "1":
		return true
	default:
		return false
	}
}

// number reads a whole number, or the default when it is missing or senseless.
func (c *call) number(name string, otherwise int) int {
	n, err := strconv.Atoi(c.str(name))
	if err != nil {
		return otherwise
	}
	return n
}

// json reads a structure, given as JSON or as a string that holds JSON. The
// value is nil when the argument is missing or empty.
func (c *call) json(name string) (any, error) {
	v := c.args[name]
	s, ok := v.(string)
	if !ok {
		return v, nil
	}
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	return decodeJSON([]byte(s))
}
