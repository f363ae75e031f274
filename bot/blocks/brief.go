package blocks

import (
	"encoding/json"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/prompts"
)

// Brief is a coach's one card on a day of their 1:1s (R3).
type Brief struct {
	Words    prompts.Words
	Zone     *time.Location // the coach's
	Day      time.Time      // any instant of the day it is about
	Now      time.Time
	Sessions []BriefRow
	Ask      string // a question the coach may bring along
}

// BriefRow is one 1:1 of the day.
type BriefRow struct {
	Leader string // first name
	At     time.Time
	Talk   string // conversation id
	Shared bool   // something may be read
	Read   bool   // and all of it was opened
}

// BriefCard shows who shared something to read and a question to ask. A row reads the same whether its leader
// skipped, kept, snoozed or is away. It holds nothing of what was written.
func BriefCard(b Brief) Message {
	day := prompts.Day(b.Day, b.Now, b.Zone) // "tomorrow" when the first 1:1 is too early for the same morning
	out := []slack.Block{section(prompts.Fill(b.Words.Brief.Lead, "day", day))}
	for _, row := range b.Sessions[:min(len(b.Sessions), 40)] {
		s := section(prompts.Fill(b.sentence(row), "leader", name(row.Leader), "time", prompts.Clock(row.At, b.Zone)))
		if row.Shared {
			s.Accessory = slack.NewAccessory(button(ActionOpen, row.Talk, b.Words.Brief.Open))
		}
		out = append(out, s)
	}
	if len(b.Sessions) == 0 {
		out = append(out, section(prompts.Fill(b.Words.Brief.None, "day", day)))
	} else {
		out = append(out, note(prompts.Fill(b.Words.Brief.Ask, "question", escape(b.Ask))))
	}
	return Message{Text: prompts.Fill(b.Words.Brief.Notice, "day", day), Blocks: out}
}

func (b Brief) sentence(row BriefRow) string {
	switch {
	case row.Shared && row.Read:
		return b.Words.Brief.RowRead
	case row.Shared:
		return b.Words.Brief.RowShared
	default:
		return b.Words.Brief.Row
	}
}

// Reading is what a coach opens: the answers that were shared with them, and nothing else.
type Reading struct {
	Words  prompts.Words
	Guide  prompts.Guide
	Leader string // first name
	About  string // the manager's name, empty for all
	Shared []prompts.Answer
}

// ReadingView is the modal in which shared answers are read, whole unless they are more than Slack shows at once.
func ReadingView(r Reading) slack.ModalViewRequest {
	w := r.Words.Reading
	var out []slack.Block
	if len(r.Shared) == 0 {
		out = append(out, section(prompts.Fill(w.Gone, "leader", name(r.Leader))))
	} else {
		out = append(out, note(prompts.Fill(w.Lead, "leader", name(r.Leader))), note(r.about()))
		out = append(out, r.answers()...)
	}
	return slack.ModalViewRequest{
		Type:       slack.VTModal,
		CallbackID: ReadingCallback,
		Title:      plainText(w.Title, 24),
		Close:      plainText(w.Close, 24),
		Blocks:     slack.Blocks{BlockSet: out},
	}
}

// mostBytes is what the answers may take of the 250 kB of JSON that Slack takes. They can't come near its 100 blocks:
// a section holds some 3 kB, and a guide asks at most prompts.MostQuestions.
const mostBytes = 220_000

// answers are what may be read, with a sentence in place of what no view could hold.
func (r Reading) answers() []slack.Block {
	var out []slack.Block
	room := mostBytes
	for _, a := range r.Shared {
		for i, part := range pieces(escape(a.Text), 2900) {
			if room -= encoded(part); room < 0 {
				return append(out, note(prompts.Fill(r.Words.Reading.Rest, "leader", name(r.Leader))))
			}
			if i == 0 {
				out = append(out, section("*"+topic(r.Guide, a.Question)+"*"))
			}
			out = append(out, section(part))
		}
	}
	return out
}

// encoded is how many bytes a text takes in a view, with what stands around it.
func encoded(s string) int {
	text, err := json.Marshal(s)
	if err != nil { // a string always can be
		return mostBytes
	}
	return len(text) + 100
}

func (r Reading) about() string {
	if r.About == "" {
		return prompts.Fill(r.Words.Reading.AboutAll, "leader", name(r.Leader))
	}
	return prompts.Fill(r.Words.Reading.About, "manager", name(r.About))
}
