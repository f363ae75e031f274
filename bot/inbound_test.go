package bot

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func envelope(kind, payload string) Envelope {
	return Envelope{ID: "e1", Type: kind, Payload: json.RawMessage(payload)}
}

func TestEverythingAPersonDoesIsDecoded(t *testing.T) {
	for _, c := range []struct {
		what, kind, payload string
		want                inbound
	}{
		{
			"a message", "events_api",
			`{"event_id":"Ev1","event":{"type":"message","channel_type":"im","user":"U1","channel":"D1","ts":"2.1","thread_ts":"1.1","text":"Hi &amp; bye"}}`,
			inbound{Kind: kindTyped, Key: "event:Ev1", User: "U1", Channel: "D1", TS: "2.1", Thread: "1.1", Text: "Hi & bye"},
		},
		{
			"a file with words", "events_api",
			`{"event_id":"Ev1","event":{"type":"message","subtype":"file_share","channel_type":"im","user":"U1","channel":"D1","ts":"2.1","text":"x","files":[{}]}}`,
			inbound{Kind: kindTyped, Key: "event:Ev1", User: "U1", Channel: "D1", TS: "2.1", Text: "x"},
		},
		{
			"a reply in a thread that was sent to the conversation too", "events_api",
			`{"event_id":"Ev1","event":{"type":"message","subtype":"thread_broadcast","channel_type":"im","user":"U1","channel":"D1","ts":"2.1","thread_ts":"1.1","text":"x"}}`,
			inbound{Kind: kindTyped, Key: "event:Ev1", User: "U1", Channel: "D1", TS: "2.1", Thread: "1.1", Text: "x"},
		},
		{
			"a Home", "events_api", `{"event_id":"Ev1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}`,
			inbound{Kind: kindHome, Key: "event:Ev1", User: "U1", Channel: "D1"},
		},
		{
			"a button on a message", "interactive",
			`{"type":"block_actions","user":{"id":"U1"},"channel":{"id":"D1"},"trigger_id":"T1","container":{"message_ts":"1.1"},
			  "actions":[{"action_id":"share","block_id":"b","value":"talk|q","action_ts":"9.9"}]}`,
			inbound{
				Kind: kindPressed, Key: "press:U1:1.1:share:9.9", User: "U1", Channel: "D1", Trigger: "T1", Message: "1.1",
				Action: "share", Value: "talk|q", Block: "b",
			},
		},
		{
			"a choice on a Home", "interactive",
			`{"type":"block_actions","user":{"id":"U1"},"container":{"view_id":"V1"},
			  "actions":[{"action_id":"about","value":null,"selected_option":{"value":"all"},"action_ts":"9.9"}]}`,
			inbound{Kind: kindPressed, Key: "press:U1:V1:about:9.9", User: "U1", Action: "about", Value: "all"},
		},
		{
			"a command", "slash_commands", `{"user_id":"U1","channel_id":"C1","trigger_id":"T1","text":"  Reflect "}`,
			inbound{Kind: kindCommand, Key: "command:T1", User: "U1", Channel: "C1", Trigger: "T1", Command: "reflect"},
		},
	} {
		if got := decode(envelope(c.kind, c.payload)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n%+v\n%+v", c.what, got, c.want)
		}
	}
}

func TestAFormIsDecodedByActionId(t *testing.T) {
	got := decode(envelope("interactive", `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","callback_id":"reflection",
		"private_metadata":"talk|3","blocks":[{"type":"context","block_id":"c"},{"type":"input","block_id":"first"},{"type":"input","block_id":"second"}],
		"state":{"values":{"first":{"learned":{"value":"a & <b>"}},"second":{"solving":{"value":null}},"x":{"about":{"selected_option":{"value":"p1"}}}}}}}`))
	if got.Kind != kindSubmitted || got.Callback != "reflection" || got.Metadata != "talk|3" || got.FirstInput != "first" {
		t.Errorf("%+v", got)
	}
	if want := map[string]string{"learned": "a & <b>", "solving": "", "about": "p1"}; !reflect.DeepEqual(got.Values, want) {
		t.Errorf("%+v", got.Values)
	}
}

func TestWhatIsNoneOfOursIsLeftAlone(t *testing.T) {
	for what, e := range map[string]Envelope{
		"nothing":              {},
		"a new kind":           envelope("carrier_pigeon", `{"user":{"id":"U1"}}`),
		"no JSON":              envelope("events_api", `{"event_id":`),
		"no user":              envelope("events_api", `{"event_id":"Ev1","event":{"type":"message","channel_type":"im","text":"x"}}`),
		"a user that is a row": envelope("events_api", `{"event_id":"Ev1","event":{"type":"team_join","user":{"id":"U1"}}}`),
		"a bot's own words":    envelope("events_api", `{"event_id":"Ev1","event":{"type":"message","channel_type":"im","user":"U1","bot_id":"B1","text":"x"}}`),
		"an edit":              envelope("events_api", `{"event_id":"Ev1","event":{"type":"message","subtype":"message_changed","channel_type":"im","user":"U1"}}`),
		"a channel":            envelope("events_api", `{"event_id":"Ev1","event":{"type":"message","channel_type":"channel","user":"U1","text":"x"}}`),
		"the messages tab":     envelope("events_api", `{"event_id":"Ev1","event":{"type":"app_home_opened","user":"U1","tab":"messages"}}`),
		"a shortcut":           envelope("interactive", `{"type":"shortcut","user":{"id":"U1"}}`),
		"a closed view":        envelope("interactive", `{"type":"view_closed","user":{"id":"U1"},"view":{"id":"V1"}}`),
		"no actions":           envelope("interactive", `{"type":"block_actions","user":{"id":"U1"},"actions":[]}`),
		"nobody's press":       envelope("interactive", `{"type":"block_actions","actions":[{"action_id":"share"}]}`),
		"nobody's command":     envelope("slash_commands", `{"text":"help"}`),
		"a number for words":   envelope("slash_commands", `{"user_id":"U1","text":7}`),
	} {
		if got := decode(e); got.Kind != kindNone {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

func form(id string, values string) string {
	return decode(envelope("interactive", `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"`+id+`","state":{"values":`+values+`}}}`)).Key
}

func TestASecondPressHasTheSameKeyAndAnotherStateAnother(t *testing.T) {
	once := form("V1", `{"b":{"learned":{"value":"x"},"solving":{"value":"y"}}}`)
	if again := form("V1", `{"b":{"solving":{"value":"y"},"learned":{"value":"x"}}}`); again != once {
		t.Errorf("%s %s", once, again)
	}
	for _, other := range []string{
		form("V2", `{"b":{"learned":{"value":"x"},"solving":{"value":"y"}}}`),
		form("V1", `{"b":{"learned":{"value":"y"},"solving":{"value":"x"}}}`),
		form("V1", `{"b":{"learned":{"value":"x"}}}`),
	} {
		if other == once {
			t.Errorf("another form passes for a repeat: %s", other)
		}
	}
}

func TestNoTwoStatesOfAFormAreTakenForOne(t *testing.T) {
	state := rapid.MapOfN(rapid.StringN(0, 3, -1), rapid.StringN(0, 3, -1), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		a, b := state.Draw(t, "a"), state.Draw(t, "b")
		if (fingerprint(a) == fingerprint(b)) != reflect.DeepEqual(a, b) {
			t.Fatalf("%q %q", a, b)
		}
	})
}

func TestWhatSomebodyTypedIsKeptAsTheyMeantIt(t *testing.T) {
	for typed, want := range map[string]string{
		"":                                 "",
		"plain":                            "plain",
		"a &lt; b &amp;&amp; c &gt; d":     "a < b && c > d",
		"&amp;lt;":                         "&lt;",
		"<!channel> look":                  "@channel look",
		"<!here|here>":                     "@here",
		"<!subteam^S1|@coaches>":           "@coaches",
		"<#C1|general>":                    "#general",
		"<#C1>":                            "#C1",
		"ask <@U1>":                        "ask <@U1>",
		"<@U1|leo>":                        "<@U1>",
		"<https://a.example>":              "https://a.example",
		"<https://a.example|a.example>":    "https://a.example",
		"<https://a.example|here>":         "here (https://a.example)",
		"<mailto:a@b.example|a@b.example>": "a@b.example",
		"<tel:+15550100|+1 555 0100>":      "+1 555 0100",
		"half < open":                      "half < open",
		"half > closed <!here>":            "half > closed <!here>",
		"<>":                               "",
		"👩‍👩‍👧 שלום":                       "👩‍👩‍👧 שלום",
	} {
		if got := plainWords(typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}

func TestWordsWithoutMarkupComeThroughWhole(t *testing.T) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.String().Draw(t, "words")
		if got := plainWords(escape.Replace(words)); got != words {
			t.Fatalf("%q became %q", words, got)
		}
	})
}

// FuzzDecode: whatever arrives is decoded to something, the same each time, and nothing of nobody is acted on.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, kind, payload string) {
		e := envelope(kind, payload)
		in := decode(e)
		if !reflect.DeepEqual(in, decode(e)) {
			t.Fatal("decoded in two ways")
		}
		if in.Kind != kindNone && (in.User == "" || in.Key == "") {
			t.Fatalf("nobody did %+v", in)
		}
		if in.Kind == kindTyped && utf8.ValidString(payload) && !utf8.ValidString(in.Text) {
			t.Fatalf("broken letters: %q", in.Text)
		}
	})
}
