package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// inbound is one thing a person did, as far as the bot cares. Key is the same for every repeat of it.
type inbound struct {
	Kind    inboundKind
	Key     string
	User    string // Slack id
	Trigger string // opens a view within 3 s, once
	Channel string

	TS, Thread, Text string // typed

	Action, Value, Block string // pressed, picked
	Message              string // ts of the message that was pressed on, empty for a Home or a view

	Callback, Metadata string            // submitted
	Values             map[string]string // submitted: by action id
	FirstInput         string            // submitted: block id that errors are shown on

	Command string // command: what follows its name
}

type inboundKind string

const (
	kindTyped     inboundKind = "typed"
	kindHome      inboundKind = "home"
	kindPressed   inboundKind = "pressed"
	kindSubmitted inboundKind = "submitted"
	kindCommand   inboundKind = "command"
	kindNone      inboundKind = "none" // acknowledged and otherwise left alone
)

// decode reads an envelope's payload. It is pure, and whatever arrives it returns: what it can't make sense of, or
// has no interest in, is kindNone. Slack's own types are not used, since theirs fail on events newer than they are.
func decode(e Envelope) inbound {
	switch e.Type {
	case "events_api":
		return decodeEvent(e.Payload)
	case "interactive":
		return decodeInteraction(e.Payload)
	case "slash_commands":
		return decodeCommand(e.Payload)
	default:
		return inbound{Kind: kindNone}
	}
}

func decodeEvent(raw json.RawMessage) inbound {
	var p struct {
		EventID string `json:"event_id"`
		Event   struct {
			Type, Subtype, User, Channel, Text, TS, Tab string
			ChannelType                                 string `json:"channel_type"`
			ThreadTS                                    string `json:"thread_ts"`
			BotID                                       string `json:"bot_id"`
		} `json:"event"`
	}
	if json.Unmarshal(raw, &p) != nil || p.EventID == "" || p.Event.User == "" {
		return inbound{Kind: kindNone}
	}
	ev := p.Event
	in := inbound{Kind: kindNone, Key: "event:" + p.EventID, User: ev.User, Channel: ev.Channel}
	typed := ev.Subtype == "" || ev.Subtype == "file_share" || ev.Subtype == "thread_broadcast"
	switch {
	case ev.Type == "message" && ev.ChannelType == "im" && typed && ev.BotID == "":
		in.Kind, in.TS, in.Thread, in.Text = kindTyped, ev.TS, ev.ThreadTS, plainWords(ev.Text)
	case ev.Type == "app_home_opened" && ev.Tab == "home":
		in.Kind = kindHome
	}
	return in
}

type interaction struct {
	Type    string
	Trigger string `json:"trigger_id"`
	User    struct{ ID string }
	Channel struct{ ID string }
	Actions []struct {
		ActionID string `json:"action_id"`
		BlockID  string `json:"block_id"`
		ActionTS string `json:"action_ts"`
		Value    string
		Selected struct{ Value string } `json:"selected_option"`
	}
	Container struct {
		MessageTS string `json:"message_ts"`
		ViewID    string `json:"view_id"`
	}
	View struct {
		ID       string
		Callback string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		Blocks   []struct {
			Type    string
			BlockID string `json:"block_id"`
		}
		State struct {
			Values map[string]map[string]struct {
				Value    string
				Selected struct{ Value string } `json:"selected_option"`
			}
		}
	}
}

func decodeInteraction(raw json.RawMessage) inbound {
	var p interaction
	if json.Unmarshal(raw, &p) != nil || p.User.ID == "" {
		return inbound{Kind: kindNone}
	}
	in := inbound{Kind: kindNone, User: p.User.ID, Trigger: p.Trigger, Channel: p.Channel.ID}
	switch {
	case p.Type == "block_actions" && len(p.Actions) > 0:
		a := p.Actions[0]
		in.Kind, in.Action, in.Block, in.Message = kindPressed, a.ActionID, a.BlockID, p.Container.MessageTS
		in.Value = a.Value + a.Selected.Value // one of them is empty
		in.Key = strings.Join([]string{"press", in.User, in.Message + p.Container.ViewID, a.ActionID, a.ActionTS}, ":")
	case p.Type == "view_submission":
		in.Kind, in.Callback, in.Metadata = kindSubmitted, p.View.Callback, p.View.Metadata
		in.Values = p.values()
		in.FirstInput = p.firstInput()
		in.Key = fmt.Sprintf("form:%s:%s:%s", in.User, p.View.ID, fingerprint(in.Values))
	}
	return in
}

func (p interaction) values() map[string]string {
	out := map[string]string{}
	for _, block := range p.View.State.Values {
		for action, v := range block {
			out[action] = v.Value + v.Selected.Value
		}
	}
	return out
}

func (p interaction) firstInput() string {
	for _, b := range p.View.Blocks {
		if b.Type == "input" {
			return b.BlockID
		}
	}
	return ""
}

// fingerprint tells one state of a form from another: a second press of the same form has the same.
func fingerprint(values map[string]string) string {
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	h := sha256.New()
	for _, k := range keys {
		fmt.Fprintf(h, "%d:%s%d:%s", len(k), k, len(values[k]), values[k])
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

func decodeCommand(raw json.RawMessage) inbound {
	var p struct {
		User    string `json:"user_id"`
		Channel string `json:"channel_id"`
		Trigger string `json:"trigger_id"`
		Text    string
	}
	if json.Unmarshal(raw, &p) != nil || p.User == "" {
		return inbound{Kind: kindNone}
	}
	return inbound{
		Kind: kindCommand, Key: "command:" + p.Trigger, User: p.User, Trigger: p.Trigger, Channel: p.Channel,
		Command: strings.ToLower(strings.TrimSpace(p.Text)),
	}
}

// plainWords undoes Slack's markup in what somebody typed, so that it is kept as they meant it: "<!channel>" is
// "@channel" (and pings nobody when it is shown again), "<https://a.example|here>" is "here (https://a.example)".
// Mentions of people stay for the handler, which knows names.
func plainWords(s string) string {
	var out strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '<')
		end := strings.IndexByte(s, '>')
		if open < 0 || end < open {
			out.WriteString(s)
			break
		}
		out.WriteString(s[:open])
		out.WriteString(markup(s[open+1 : end]))
		s = s[end+1:]
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(out.String())
}

func markup(inside string) string {
	target, label, labelled := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(target, "!subteam^") && labelled:
		return "@" + strings.TrimLeft(label, "@")
	case strings.HasPrefix(target, "#") && labelled:
		return "#" + strings.TrimLeft(label, "#")
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimPrefix(target, "!")
	case strings.HasPrefix(target, "@"):
		return "&lt;" + target + "&gt;"
	case labelled && (strings.HasPrefix(target, "mailto:") || strings.HasPrefix(target, "tel:")):
		return label
	case labelled && label != target && !strings.HasSuffix(target, label):
		return label + " (" + target + ")"
	default:
		return target
	}
}
