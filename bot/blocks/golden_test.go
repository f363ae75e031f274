package blocks_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/bot/blocks"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what is shown with what was looked at and found good.
func golden(t *testing.T, name string, shown any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(shown); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s is not shown as before; go test ./bot/blocks -update writes it anew. Now:\n%s", name, got.Bytes())
	}
}

// message is a message as Slack gets it.
func message(m blocks.Message) any {
	return struct {
		Text   string        `json:"text"`
		Blocks []slack.Block `json:"blocks"`
	}{m.Text, m.Blocks}
}

func TestCardsAreShownAsLookedAt(t *testing.T) {
	for name, r := range reflections(t) {
		t.Run(name, func(t *testing.T) { golden(t, "card_"+name, message(blocks.Card(r))) })
	}
}

func TestFormsAreShownAsLookedAt(t *testing.T) {
	for name, r := range forms(t) {
		if name != "full" { // 3,000 letters need no eyes
			t.Run(name, func(t *testing.T) { golden(t, "form_"+name, blocks.Form(r)) })
		}
	}
}

func TestBriefsAreShownAsLookedAt(t *testing.T) {
	for name, b := range briefs(t) {
		if name != "60_sessions" {
			t.Run(name, func(t *testing.T) { golden(t, "brief_"+name, message(blocks.BriefCard(b))) })
		}
	}
}

func TestReadingsAreShownAsLookedAt(t *testing.T) {
	for name, r := range readings(t) {
		if name[0] != '4' { // 40,000 letters need no eyes
			t.Run(name, func(t *testing.T) { golden(t, "reading_"+name, blocks.ReadingView(r)) })
		}
	}
}

func TestHomesAreShownAsLookedAt(t *testing.T) {
	for name, h := range homes(t) {
		if name != "crowded" {
			t.Run(name, func(t *testing.T) { golden(t, "home_"+name, blocks.HomeView(h)) })
		}
	}
}
