package bot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorded is a folder of traffic that Slack once sent, outside the repository.
func recorded(t *testing.T, kind string) map[string][]byte {
	t.Helper()
	folder := filepath.Join(sharedData(t), kind)
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s holds nothing, %v", folder, err)
	}
	out := map[string][]byte{}
	for _, file := range files {
		if out[filepath.Base(file)], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func sharedData(t *testing.T) string {
	t.Helper()
	inside := filepath.Join("data", "slack")
	if folder := os.Getenv("THREEDEEP_SHARED"); folder != "" {
		return filepath.Join(folder, inside)
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		folder := filepath.Join(at, "shared", inside)
		if _, err := os.Stat(folder); err == nil {
			return folder
		}
	}
	t.Skip("no recorded Slack traffic: set THREEDEEP_SHARED, or put a folder named shared above the repository")
	return ""
}

// wantKind says what a recorded payload is, by the beginning of its file's name.
func wantKind(name string) inboundKind {
	for prefix, kind := range map[string]inboundKind{
		"block_actions": kindPressed, "view_submission": kindSubmitted,
		"py-03-slash_commands": kindCommand, "bp-13-slash_commands": kindCommand, "py-07-interactive-block_actions": kindPressed,
	} {
		if strings.HasPrefix(name, prefix) {
			return kind
		}
	}
	return kindNone // mentions, channels, shortcuts, bots: nothing of it is for this bot
}

func TestRecordedEnvelopesAreDecoded(t *testing.T) {
	for name, data := range recorded(t, "envelopes") {
		var e struct {
			ID      string `json:"envelope_id"`
			Type    string
			Payload json.RawMessage
		}
		if err := json.Unmarshal(data, &e); err != nil {
			t.Fatal(err)
		}
		in := decode(Envelope{ID: e.ID, Type: e.Type, Payload: e.Payload})
		if want := wantKind(name); in.Kind != want || (want != kindNone && (in.User == "" || in.Key == "")) {
			t.Errorf("%s: %+v", name, in)
		}
	}
}

func TestRecordedPayloadsAreDecoded(t *testing.T) {
	for name, data := range recorded(t, "payloads") {
		kind := "interactive"
		if strings.HasPrefix(name, "event-") {
			kind = "events_api"
		}
		in := decode(Envelope{ID: "e1", Type: kind, Payload: data})
		if want := wantKind(name); in.Kind != want {
			t.Errorf("%s: %+v, want %s", name, in, want)
		}
	}
}

func TestARecordedFormHoldsItsWords(t *testing.T) {
	in := decode(Envelope{Type: "interactive", Payload: recorded(t, "payloads")["view_submission-view_submission-17.json"]})
	if in.User != "W111" || in.Values["maBWU"] != "test" || in.FirstInput != "hspI" || in.Metadata != "This is for you!" {
		t.Errorf("%+v", in)
	}
}
