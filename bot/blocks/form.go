package blocks

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/prompts"
)

// longestInput is what a form's text field can hold.
const longestInput = 3000

// Form is the whole guide in one modal. What was typed before stands in it; what is shared already does not, and
// neither does what is too long for a field; a form without any field has nothing to save. Its metadata says which
// conversation it is, and as of which version.
func Form(r Reflection) slack.ModalViewRequest {
	w := r.Words.Form
	view := slack.ModalViewRequest{
		Type:            slack.VTModal,
		CallbackID:      FormCallback,
		Title:           plainText(w.Title, 24),
		Close:           plainText(w.Close, 24),
		PrivateMetadata: r.Talk.ID + "|" + strconv.FormatInt(r.Talk.Version, 10),
	}
	var fields []slack.Block
	for _, q := range r.Guide.Questions {
		f := r.field(q)
		if f.BlockType() == slack.MBTInput {
			view.Submit = plainText(w.Submit, 24)
		}
		fields = append(fields, f)
	}
	out := []slack.Block{note(r.say(w.Lead))}
	if list, ok := aboutChoice(r.People, r.Words.Prompt.All, r.About); ok && view.Submit != nil {
		out = append(out, slack.NewInputBlock(ActionAbout, plainText(w.About, 2000), plainText(w.AboutHint, 2000), list))
	}
	view.Blocks.BlockSet = append(out, fields...)
	return view
}

func (r Reflection) field(q prompts.Question) slack.Block {
	w := r.Words.Form
	a, _ := r.Talk.Answer(q.ID)
	switch n := utf8.RuneCountInString(a.Text); {
	case a.Choice == prompts.Shared && !a.ReadAt.IsZero():
		return section(r.say(r.Words.After.Read, "topic", escape(q.Topic)))
	case a.Choice == prompts.Shared:
		return section(prompts.Fill(w.AlreadyShared, "topic", escape(q.Topic)))
	case n > longestInput:
		return section(prompts.Fill(w.TooLongHere, "topic", escape(q.Topic), "n", strconv.Itoa(n)))
	}
	text := slack.NewPlainTextInputBlockElement(nil, q.ID)
	text.Multiline, text.MaxLength, text.InitialValue = true, longestInput, a.Text
	in := slack.NewInputBlock(q.ID, plainText(q.Wording(aboutNames(r.People, r.About)), 2000), nil, text)
	if q.Hint != "" {
		in.Hint = plainText(q.Hint, 2000)
	}
	in.Optional = true // one answer is worth keeping too; the bot says so when both are empty
	return in
}

// FormRef reads which conversation a form belongs to, and as of which version it was opened.
func FormRef(metadata string) (conversation string, seen int64, ok bool) {
	conversation, version, ok := strings.Cut(metadata, "|")
	seen, err := strconv.ParseInt(version, 10, 64)
	return conversation, seen, ok && err == nil
}
