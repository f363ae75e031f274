package slacksim

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Message is a message as it is now, a copy that later edits do not touch.
type Message struct {
	TS        string // seconds.microseconds, the id within the channel
	ThreadTS  string // the parent's TS when in a thread
	Channel   string
	User      string
	BotID     string // set when the app wrote it
	Text      string // as Slack stores it: & < > escaped
	Blocks    json.RawMessage
	Metadata  json.RawMessage
	Edited    bool
	Deleted   bool
	Ephemeral bool // only the one person sees it, until a reload
	Revision  int  // 0 when posted, then one more for each edit
}

type message struct {
	Message
	micros      int64
	to          string // who sees an ephemeral message
	clientMsgID string
	editedTS    string
	replies     int
	state       stateValues // what was chosen in it; a DM has one person, so one state
}

type channel struct {
	id, name string
	user     string // the person, when this is their DM with the app
	members  map[string]bool
	archived bool
	last     int64 // microseconds of the newest ts
	list     []*message
	byTS     map[string]*message
}

// Channel is a channel of the workspace that is not a DM.
type Channel struct {
	ID, Name string
	Members  []string // user ids; the app's bot user is a member only when listed
	Archived bool
}

type channelBook struct {
	byID map[string]*channel
	dms  map[string]*channel // by user id
}

func newChannelBook() channelBook {
	return channelBook{byID: map[string]*channel{}, dms: map[string]*channel{}}
}

// AddChannels adds channels, or replaces those with a known id.
func (s *Sim) AddChannels(channels ...Channel) {
	s.mu.Lock()
	defer s.changed()
	for _, c := range channels {
		ch := &channel{id: c.ID, name: c.Name, archived: c.Archived, members: map[string]bool{}, byTS: map[string]*message{}}
		for _, m := range c.Members {
			ch.members[m] = true
		}
		s.channels.byID[c.ID] = ch
	}
}

// dm returns a person's DM with the app, made at first use. Caller holds mu.
func (s *Sim) dm(user string) *channel {
	if ch, ok := s.channels.dms[user]; ok {
		return ch
	}
	ch := &channel{
		id: dmID(user), name: "directmessage", user: user,
		members: map[string]bool{user: true, s.app.BotUserID: true},
		byTS:    map[string]*message{},
	}
	s.channels.dms[user] = ch
	s.channels.byID[ch.id] = ch
	return ch
}

// dmID derives the channel id, so that it is the same in every run.
func dmID(user string) string { return "D" + user[min(1, len(user)):] }

// findChannel knows DMs that were never used too. Caller holds mu.
func (s *Sim) findChannel(id string) *channel {
	if ch, ok := s.channels.byID[id]; ok {
		return ch
	}
	if len(id) > 1 && id[0] == 'D' {
		for _, prefix := range []string{"U", "W"} {
			if u, ok := s.users.byID[prefix+id[1:]]; ok && u.ID != s.app.BotUserID {
				return s.dm(u.ID)
			}
		}
	}
	return nil
}

// stamp gives the channel's next ts. Caller holds mu.
func (s *Sim) stamp(ch *channel) int64 {
	ch.last = max(ch.last+1, s.cfg.Now().UnixMicro())
	s.lastTS = max(s.lastTS, ch.last)
	return ch.last
}

// add stamps m and appends it to the channel. Caller holds mu.
func (s *Sim) add(ch *channel, m *message) {
	m.micros = s.stamp(ch)
	m.TS = formatTS(m.micros)
	m.Channel = ch.id
	ch.list = append(ch.list, m)
	ch.byTS[m.TS] = m
	if parent := ch.byTS[m.ThreadTS]; parent != nil && m.ThreadTS != "" {
		parent.replies++
	}
	if s.pinger.pings(m) {
		s.pings++
	}
}

// decoded returns the blocks for looking into. They are kept as raw JSON, which
// is what most uses need and is cheap to hold by the hundred thousand.
func (m *message) decoded() []any {
	v, err := decodeJSON(m.Blocks)
	if err != nil {
		return nil
	}
	list, _ := v.([]any)
	return list
}

// DM returns a person's conversation with the app, oldest first: deleted
// messages are marked, ephemeral ones included.
func (s *Sim) DM(user string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, ok := s.channels.dms[user]
	if !ok {
		return nil
	}
	return copyMessages(ch.list)
}

// ChannelMessages returns what was posted in a channel, oldest first.
func (s *Sim) ChannelMessages(id string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels.byID[id]
	if ch == nil {
		return nil
	}
	return copyMessages(ch.list)
}

func copyMessages(list []*message) []Message {
	out := make([]Message, len(list))
	for i, m := range list {
		out[i] = m.Message
	}
	return out
}

// wireMessage is the message object of responses, payloads and histories.
func (s *Sim) wireMessage(m *message) object {
	o := object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.app.TeamID}
	if m.BotID != "" {
		o["bot_id"], o["app_id"], o["bot_profile"] = m.BotID, s.app.ID, s.botProfile()
	}
	if m.clientMsgID != "" {
		o["client_msg_id"] = m.clientMsgID
	}
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	if m.Edited {
		o["edited"] = object{"user": m.User, "ts": m.editedTS}
	}
	if m.ThreadTS != "" {
		o["thread_ts"] = m.ThreadTS
	}
	return o
}

func (s *Sim) botProfile() object {
	icons := object{}
	for _, size := range []string{"36", "48", "72"} {
		icons["image_"+size] = "https://avatars.example.com/app_" + size + ".png"
	}
	return object{
		"id": s.app.BotID, "app_id": s.app.ID, "name": s.app.Name, "team_id": s.app.TeamID,
		"deleted": false, "updated": int64(1700000000), "icons": icons,
	}
}

// before returns the index after the last message older than a moment in
// microseconds, or not newer than it when inclusive.
func (ch *channel) before(micros int64, inclusive bool) int {
	i, found := slices.BinarySearchFunc(ch.list, micros, func(m *message, t int64) int {
		return int(max(min(m.micros-t, 1), -1))
	})
	if found && inclusive {
		i++
	}
	return i
}

// parseTS reads a ts, or plain seconds, into microseconds.
func parseTS(ts string) (int64, bool) {
	whole, frac := ts, ""
	for i := range ts {
		if ts[i] == '.' {
			whole, frac = ts[:i], ts[i+1:]
			break
		}
	}
	seconds, err := strconv.ParseInt(whole, 10, 40)
	if err != nil || seconds < 0 || len(frac) > 6 {
		return 0, false
	}
	micros := int64(0)
	for i := range 6 {
		digit := byte('0')
		if i < len(frac) {
			digit = frac[i]
		}
		if digit < '0' || digit > '9' {
			return 0, false
		}
		micros = micros*10 + int64(digit-'0')
	}
	return seconds*1e6 + micros, true
}
