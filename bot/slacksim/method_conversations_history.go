package slacksim

import (
	"encoding/base64"
	"strconv"
	"strings"
)

func (s *Sim) conversationsHistory(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	from, to, err := window(ch, c)
	if err != nil {
		return nil, err
	}
	limit := pageSize(c, 100, 999)
	messages := []any{}
	i := to - 1
	for ; i >= from && len(messages) < limit; i-- {
		if m := ch.list[i]; !m.Deleted && !m.Ephemeral && m.ThreadTS == "" {
			messages = append(messages, s.wireHistoric(m, c))
		}
	}
	out := object{"messages": messages, "has_more": i >= from, "pin_count": 0, "channel_actions_ts": nil, "channel_actions_count": 0}
	if i >= from {
		out["response_metadata"] = object{"next_cursor": cursorTo("next_ts", ch.list[i].micros)}
	}
	return out, nil
}

// readable finds the channel of a reading method. Caller holds mu.
func (s *Sim) readable(c *call) (*channel, error) {
	ch := s.findChannel(c.str("channel"))
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	c.concerns = ch.user
	if !ch.members[s.app.BotUserID] {
		return nil, refuse("not_in_channel")
	}
	needed := "channels:history"
	if ch.user != "" {
		needed = "im:history"
	}
	if !hasScope(s.app.BotScopes, needed) {
		return nil, &apiError{code: "missing_scope", needed: needed}
	}
	return ch, nil
}

// window turns oldest, latest, inclusive and cursor into a range of indexes.
// The cursor names the newest message of the next page.
func window(ch *channel, c *call) (from, to int, err error) {
	from, to = 0, len(ch.list)
	inclusive := c.flag("inclusive")
	if ts := c.str("oldest"); ts != "" {
		micros, ok := parseTS(ts)
		if !ok {
			return 0, 0, refuse("invalid_ts_oldest")
		}
		from = ch.before(micros, !inclusive)
	}
	if ts := c.str("latest"); ts != "" && ts != "now" {
		micros, ok := parseTS(ts)
		if !ok {
			return 0, 0, refuse("invalid_ts_latest")
		}
		to = ch.before(micros, inclusive)
	}
	if cursor := c.str("cursor"); cursor != "" {
		micros, ok := cursorFrom("next_ts", cursor)
		if !ok {
			return 0, 0, refuse("invalid_cursor")
		}
		to = min(to, ch.before(micros, true))
	}
	return from, to, nil
}

func pageSize(c *call, otherwise, most int) int {
	n := c.number("limit", otherwise)
	if n <= 0 {
		n = otherwise
	}
	return min(n, most)
}

// cursorTo writes a cursor as Slack does: base64 of a name and a value.
func cursorTo(name string, value int64) string {
	return base64.StdEncoding.EncodeToString([]byte(name + ":" + strconv.FormatInt(value, 10)))
}

func cursorFrom(name, cursor string) (int64, bool) {
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	text, ok := strings.CutPrefix(string(raw), name+":")
	value, err := strconv.ParseInt(text, 10, 64)
	return value, ok && err == nil
}

// wireHistoric is a message as histories give it: with the thread's size, and
// metadata when asked for.
func (s *Sim) wireHistoric(m *message, c *call) object {
	o := s.wireMessage(m)
	if c.flag("include_all_metadata") && m.Metadata != nil {
		o["metadata"] = m.Metadata
	}
	if m.replies > 0 {
		o["thread_ts"], o["reply_count"] = m.TS, m.replies
	}
	return o
}
