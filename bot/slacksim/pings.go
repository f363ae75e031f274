package slacksim

import "regexp"

// pingPattern finds markup that notifies people: unescaped, so typed by no
// person but put there by the app.
const pingPattern = `<(!channel|!here|!everyone|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(\|[^>]*)?>`

// Pings counts the app's messages whose text, or a mrkdwn text object in them,
// notifies a channel, a group or a person. Edits count too.
func (s *Sim) Pings() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pings
}

// pinger recognises what notifies people.
type pinger struct{ form *regexp.Regexp }

func newPinger() pinger { return pinger{regexp.MustCompile(pingPattern)} }

func (p pinger) pings(m *message) bool {
	if m.BotID == "" {
		return false
	}
	return p.form.MatchString(m.Text) || (p.form.Match(m.Blocks) && p.pingsIn(m.decoded()))
}

func (p pinger) pingsIn(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if p.pingsIn(e) {
				return true
			}
		}
	case map[string]any:
		if text, ok := v["text"].(string); ok && v["type"] == "mrkdwn" && p.form.MatchString(text) {
			return true
		}
		for _, e := range v {
			if p.pingsIn(e) {
				return true
			}
		}
	}
	return false
}
