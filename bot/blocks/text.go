package blocks

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
)

// Message is what is posted: the text that notifications and screen readers use, and the blocks.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Action ids of everything a person can press. They stay the same for ever: old messages still carry them.
const (
	ActionAnswer = "answer" // opens the form
	ActionAbout  = "about"
	ActionShare  = "share"
	ActionKeep   = "keep"
	ActionUndo   = "undo"
	ActionOpen   = "open" // opens what was shared
	ActionStart  = "start"

	FormCallback    = "reflection"
	ReadingCallback = "reading"
	HomeCallback    = "home"
)

// AboutAll is the value of the choice "All of them".
const AboutAll = "all"

// escape keeps words from being read as markup: nobody is pinged by what somebody wrote.
func escape(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// name makes a person's name safe inside a sentence with markup. Asterisks would end the bold around it.
func name(s string) string { return escape(cut(strings.ReplaceAll(s, "*", "∗"), longestName)) }

// longestName is what Slack lets a display name be; whoever has a longer one is still recognised by its beginning.
const longestName = 80

// cut shortens to at most n characters and says so with an ellipsis.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimSpace(string(r[:n-1])) + "…"
}

// cutMarkup shortens escaped text the same way, and never inside an escape.
func cutMarkup(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimSpace(pieces(s, n-1)[0]) + "…"
}

// pieces cuts a long text where Slack would refuse it, never inside a character or an escape.
func pieces(s string, n int) []string {
	var out []string
	for r := []rune(s); len(r) > 0; {
		end := min(n, len(r))
		for i := end - 1; end < len(r) && i > end-8; i-- {
			if r[i] == '&' { // "&amp;" must stay whole
				end = i
				break
			}
		}
		out = append(out, string(r[:end]))
		r = r[end:]
	}
	return out
}

func mrkdwn(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: s, Verbatim: true}
}

func plainText(s string, n int) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: cut(s, n)}
}

func section(s string) *slack.SectionBlock {
	return slack.NewSectionBlock(mrkdwn(cutMarkup(s, 3000)), nil, nil)
}

func note(s string) *slack.ContextBlock {
	return slack.NewContextBlock("", mrkdwn(cutMarkup(s, 2000)))
}

func button(action, value, caption string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, plainText(caption, 75))
}

func primary(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	b.Style = slack.StylePrimary
	return b
}

// Ref joins a conversation and a question into a button's value.
func Ref(conversation, question string) string { return conversation + "|" + question }

// Unref takes a button's value apart again.
func Unref(value string) (conversation, question string) {
	conversation, question, _ = strings.Cut(value, "|")
	return conversation, question
}

// topic names an answer; one whose question the guide does not ask any more goes by its id.
func topic(g prompts.Guide, question string) string {
	if q, _, ok := g.Question(question); ok {
		return escape(q.Topic)
	}
	return escape(question)
}

// Person is somebody to choose from, under a value that tells nothing.
type Person struct{ Ref, Name string }

// aboutChoice is the list of whom a reflection is about; nothing where there is no choice.
func aboutChoice(people []Person, all, chosen string) (*slack.SelectBlockElement, bool) {
	if len(people) < 2 {
		return nil, false
	}
	var first *slack.OptionBlockObject
	var options []*slack.OptionBlockObject
	for _, p := range append([]Person{{Ref: AboutAll, Name: all}}, people...)[:min(len(people)+1, 100)] {
		o := slack.NewOptionBlockObject(p.Ref, plainText(p.Name, 75), nil)
		options = append(options, o)
		if p.Ref == chosen || (chosen == "" && p.Ref == AboutAll) {
			first = o
		}
	}
	list := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, ActionAbout, options...)
	list.InitialOption = first
	return list, true
}

// names of those a question is about: the one chosen, or everybody.
func aboutNames(people []Person, chosen string) []string {
	var out []string
	for _, p := range people {
		if p.Ref == chosen {
			return []string{p.Name}
		}
		out = append(out, p.Name)
	}
	return out
}

// PersonRef stands for a person in the values that travel through Slack, where no address should.
func PersonRef(id string) string {
	return cadence.OccurrenceID("person", id, "")[:12]
}
