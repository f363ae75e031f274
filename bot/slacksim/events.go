package slacksim

import (
	"fmt"
	"slices"
)

// emit sends an event to the app if it subscribed to it. subscription is the
// name in the manifest ("message.im"). The envelope is nil when it did not.
// Caller holds mu.
func (s *Sim) emit(subscription, user string, event object) *envelope {
	if !slices.Contains(s.app.Events, subscription) {
		return nil
	}
	e := &envelope{
		kind: kindEvent, user: user, label: "event " + subscription + " of " + user,
		payload: mustJSON(s.eventCallback(event)),
	}
	s.send(e)
	return e
}

func (s *Sim) eventCallback(event object) object {
	o := object{
		"token": verificationToken, "team_id": s.app.TeamID, "api_app_id": s.app.ID,
		"event": event, "type": "event_callback",
		"event_id":   fmt.Sprintf("Ev%s%06d", s.started, s.nextSerial()),
		"event_time": s.cfg.Now().Unix(),
		"authorizations": []any{object{
			"enterprise_id": nil, "team_id": s.app.TeamID, "user_id": s.app.BotUserID,
			"is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false,
	}
	if channel := textOf(event, "channel"); channel != "" {
		o["event_context"] = fmt.Sprintf("1-%s-%s-%s", event["type"], s.app.TeamID, channel)
	}
	return o
}

// verificationToken is in every payload; Slack calls it deprecated.
const verificationToken = "verification-token"

// subscriptionFor names the message event of a kind of channel.
func subscriptionFor(ch *channel) string {
	if ch.user != "" {
		return "message.im"
	}
	return "message.channels"
}

func channelType(ch *channel) string {
	if ch.user != "" {
		return "im"
	}
	return "channel"
}

// emitMessage tells the app about a new message, its own ones included.
func (s *Sim) emitMessage(ch *channel, m *message) *envelope {
	if m.BotID != "" && s.cfg.QuietOwn {
		return nil
	}
	event := s.wireMessage(m)
	event["channel"], event["channel_type"], event["event_ts"] = ch.id, channelType(ch), m.TS
	if parent := ch.byTS[m.ThreadTS]; parent != nil {
		event["parent_user_id"] = parent.User
	}
	return s.emit(subscriptionFor(ch), ch.user, event)
}

// emitChanged tells the app that a message was edited.
func (s *Sim) emitChanged(ch *channel, m *message, previous object) {
	if m.BotID != "" && s.cfg.QuietOwn {
		return
	}
	ts := formatTS(s.tick())
	s.emit(subscriptionFor(ch), ch.user, object{
		"type": "message", "subtype": "message_changed", "hidden": true,
		"message": s.wireMessage(m), "previous_message": previous,
		"channel": ch.id, "channel_type": channelType(ch), "ts": ts, "event_ts": ts,
	})
}

// emitDeleted tells the app that a message was deleted.
func (s *Sim) emitDeleted(ch *channel, m *message) {
	if m.BotID != "" && s.cfg.QuietOwn {
		return
	}
	ts := formatTS(s.tick())
	s.emit(subscriptionFor(ch), ch.user, object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "deleted_ts": m.TS,
		"previous_message": s.wireMessage(m),
		"channel":          ch.id, "channel_type": channelType(ch), "ts": ts, "event_ts": ts,
	})
}

func (s *Sim) emitUserChange(u *User) {
	ts := formatTS(s.tick())
	s.emit("user_change", u.ID, object{
		"type": "user_change", "user": s.wireUser(u, true), "cache_ts": s.cfg.Now().Unix(), "event_ts": ts,
	})
}

// emitHomeOpened tells the app that a person looks at one of its tabs.
func (s *Sim) emitHomeOpened(user, tab string) {
	event := object{
		"type": "app_home_opened", "user": user, "channel": s.dm(user).id,
		"tab": tab, "event_ts": formatTS(s.tick()),
	}
	if home := s.views.homes[user]; home != nil && tab == "home" {
		event["view"] = home.wire(s.app)
	}
	s.emit("app_home_opened", user, event)
}
