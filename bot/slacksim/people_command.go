package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Reply is what a person sees at once after a slash command.
type Reply struct {
	Text         string
	Blocks       json.RawMessage
	ResponseType string // "ephemeral" or "in_channel"; empty when nothing was replied
	Failed       bool   // no answer in time, or one that Slack cannot use: the person sees an error
}

// Command lets a person give a slash command in their DM with the app and waits
// for the acknowledgement, or for its deadline. What the acknowledgement carries
// is shown in the DM as well.
func (s *Sim) Command(user, command, text string) (Reply, error) {
	e, err := s.giveCommand(user, command, text)
	if err != nil {
		return Reply{}, err
	}
	<-e.done
	s.mu.Lock()
	reply := e.reply
	acked := e.acked
	s.mu.Unlock()
	if !acked {
		return Reply{Failed: true}, nil
	}
	return s.showReply(e, reply), nil
}

func (s *Sim) giveCommand(user, command, text string) (*envelope, error) {
	s.mu.Lock()
	defer s.changed()
	u, err := s.person(user)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.app.Commands, command) {
		return nil, fmt.Errorf("slacksim: %s: %w", command, ErrNoCommand)
	}
	ch := s.dm(user)
	e := &envelope{
		kind: kindCommand, user: user, label: command + " by " + user, accepts: true, done: make(chan struct{}),
		payload: mustJSON(object{
			"token": verificationToken, "team_id": s.app.TeamID, "team_domain": s.app.TeamDomain,
			"channel_id": ch.id, "channel_name": ch.name, "user_id": user, "user_name": u.Name,
			"command": command, "text": strings.TrimSpace(text), "api_app_id": s.app.ID, "is_enterprise_install": false,
			"response_url": s.newHook(hook{user: user, channel: ch.id}), "trigger_id": s.newTrigger(user),
		}),
	}
	s.send(e)
	return e, nil
}

// showReply shows the acknowledgement's payload like a post to the response_url.
func (s *Sim) showReply(e *envelope, raw json.RawMessage) Reply {
	if len(raw) == 0 {
		return Reply{}
	}
	c := &call{method: "reply to a command", concerns: e.user, args: map[string]any{}}
	err := readJSON(c.args, raw)
	if err == nil && len(c.args) == 0 {
		return Reply{}
	}
	var content content
	if err == nil {
		content, err = s.readContent(c)
	}
	s.mu.Lock()
	defer s.changed()
	if err != nil {
		s.complain("%s: the reply cannot be used: %v", e.label, err)
		return Reply{Failed: true}
	}
	m := s.respondTo(s.dm(e.user), e.user, c, content)
	return Reply{Text: c.str("text"), Blocks: m.Blocks, ResponseType: responseType(c)}
}

func responseType(c *call) string {
	if c.str("response_type") == "in_channel" {
		return "in_channel"
	}
	return "ephemeral"
}

// respondTo posts for everybody or shows to one person, as the response_type
// says. Caller holds mu.
func (s *Sim) respondTo(ch *channel, user string, c *call, content content) *message {
	if responseType(c) == "ephemeral" {
		return s.addEphemeral(ch, user, content)
	}
	m := &message{Message: Message{User: s.app.BotUserID, BotID: s.app.BotID}}
	content.fill(m)
	s.add(ch, m)
	s.emitMessage(ch, m)
	return m
}
