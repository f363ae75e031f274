package slacksim

import (
	"encoding/json"
	"unicode/utf8"
)

const (
	maxText     = 40_000 // characters; Slack would cut a post off here, we refuse it so that no loss goes unseen
	maxMetadata = 16_000 // bytes of JSON
)

// Slack also limits the text of all blocks of a post together, without saying
// where. These two numbers fit the refusals that people have measured.
const (
	maxBlocksText = 13_297 // characters
	textPerBlock  = 44     // what each block costs on top
)

// noTextFallback is what Slack stores as the text of a message that has only blocks.
const noTextFallback = "This content can't be displayed."

func (s *Sim) chatPostMessage(c *call) (object, error) {
	content, err := s.readContent(c)
	if err != nil {
		return nil, err
	}
	if textIn(content.blocks)+textPerBlock*len(content.blocks) > maxBlocksText {
		return nil, refuse("msg_blocks_too_long")
	}
	s.mu.Lock()
	defer s.changed()
	ch, err := s.postTarget(c)
	if err != nil {
		return nil, err
	}
	m := &message{Message: Message{User: s.app.BotUserID, BotID: s.app.BotID}}
	if m.ThreadTS, err = threadOf(ch, c); err != nil {
		return nil, err
	}
	content.fill(m)
	s.add(ch, m)
	s.emitMessage(ch, m)
	return object{"channel": ch.id, "ts": m.TS, "message": s.wireWithMetadata(m)}, nil
}

// textIn counts the characters of all text in some blocks.
func textIn(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += textIn(e)
		}
	case map[string]any:
		n += utf8.RuneCountInString(textOf(v, "text"))
		for _, e := range v {
			n += textIn(e)
		}
	}
	return n
}

// content is what a message says, checked and canonical.
type content struct {
	text     string
	blocks   []any
	metadata json.RawMessage
	// Which arguments were there: chat.update keeps metadata that is not named.
	hasText, hasBlocks, hasMetadata bool
}

func (c content) fill(m *message) {
	m.Text, m.Metadata, m.Blocks = c.text, c.metadata, nil
	if len(c.blocks) > 0 {
		m.Blocks = mustJSON(c.blocks)
	}
}

// readContent checks text, blocks and metadata of any posting method.
func (s *Sim) readContent(c *call) (content, error) {
	raw, err := c.json("blocks")
	if err != nil {
		return content{}, refuse("invalid_blocks_format")
	}
	out := content{text: c.str("text"), hasText: c.str("text") != "", hasBlocks: raw != nil, hasMetadata: c.has("metadata")}
	if utf8.RuneCountInString(out.text) > maxText {
		return out, refuse("msg_too_long")
	}
	if out.blocks, err = s.checkBlocks(raw); err != nil {
		return out, err
	}
	if out.text == "" && len(out.blocks) == 0 {
		return out, refuse("no_text")
	}
	if out.text == "" {
		out.text = noTextFallback
	}
	out.metadata, err = readMetadata(c)
	return out, err
}

// readMetadata checks event_type and event_payload.
func readMetadata(c *call) (json.RawMessage, error) {
	v, err := c.json("metadata")
	if err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	o, ok := v.(map[string]any)
	if v != nil && !ok {
		return nil, refuse("invalid_metadata_format")
	}
	if len(o) == 0 {
		return nil, nil
	}
	if textOf(o, "event_type") == "" || mapOf(o, "event_payload") == nil {
		return nil, refuse("invalid_metadata_schema")
	}
	raw := mustJSON(object{"event_type": o["event_type"], "event_payload": o["event_payload"]})
	if len(raw) > maxMetadata {
		return nil, refuse("metadata_too_large")
	}
	return raw, nil
}

// postTarget resolves the channel argument: an id, or a user id that stands for
// their DM with the app. Caller holds mu.
func (s *Sim) postTarget(c *call) (*channel, error) {
	id := c.str("channel")
	ch := s.findChannel(id)
	if u := s.users.byID[id]; ch == nil && u != nil && id != s.app.BotUserID {
		ch = s.dm(id)
	}
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	c.concerns = ch.user
	switch {
	case ch.user != "" && s.users.byID[ch.user].Deleted:
		return nil, refuse("user_disabled")
	case ch.user != "" && s.app.MessagesTab == TabOff:
		return nil, refuse("messages_tab_disabled")
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.members[s.app.BotUserID] && !hasScope(s.app.BotScopes, "chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// threadOf resolves thread_ts; a reply's ts stands for its thread.
func threadOf(ch *channel, c *call) (string, error) {
	ts := c.str("thread_ts")
	if ts == "" {
		return "", nil
	}
	parent := ch.byTS[ts]
	if parent == nil || parent.Ephemeral {
		return "", refuse("cannot_reply_to_message")
	}
	if parent.ThreadTS != "" {
		return parent.ThreadTS, nil
	}
	return ts, nil
}

func (s *Sim) wireWithMetadata(m *message) object {
	o := s.wireMessage(m)
	if m.Metadata != nil {
		o["metadata"] = m.Metadata
	}
	return o
}
