package blocks

import (
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/prompts"
)

// Reflection is what is known about a conversation when one of its cards is shown to the person who answers.
type Reflection struct {
	Words   prompts.Words
	Guide   prompts.Guide
	Talk    prompts.Conversation
	About   string   // ref of the chosen person, empty for all
	People  []Person // whom it may be about
	Coach   string   // first name
	Session time.Time
	Zone    *time.Location // the reader's
	Now     time.Time
}

// Card shows where a conversation stands: the question that is open, or what was saved with Share and Keep, one
// answer at a time (R12). Its text and first block are for strangers: no manager, no count, no quotation. The
// answers themselves are never repeated: a form leaves no message behind.
func Card(r Reflection) Message {
	switch {
	case len(r.Talk.Answers) == 0 && !r.Talk.Open(r.Now):
		return r.line(r.Words.Prompt.Over)
	}
	if q, asking := r.Talk.Asking(r.Guide); asking && r.Talk.Open(r.Now) {
		return r.asking(q)
	}
	return r.deciding()
}

func (r Reflection) say(sentence string, pairs ...string) string {
	return prompts.Fill(sentence, append([]string{
		"coach", name(r.Coach), "day", prompts.Day(r.Session, r.Now, r.Zone), "time", prompts.Clock(r.Session, r.Zone),
	}, pairs...)...)
}

func (r Reflection) line(sentence string) Message {
	s := r.say(sentence)
	return Message{Text: s, Blocks: []slack.Block{note(s)}}
}

// asking puts one question, with the list of whom it is about while nothing is answered yet.
func (r Reflection) asking(q prompts.Question) Message {
	w := r.Words.Prompt
	_, n, _ := r.Guide.Question(q.ID)
	lead := w.Lead
	if r.Now.After(r.Session) {
		lead = w.LeadPast
	}
	question := escape(q.Wording(aboutNames(r.People, r.About)))
	out := []slack.Block{
		section(r.say(lead)),
		section(prompts.Fill(w.Ask, "n", strconv.Itoa(n), "total", strconv.Itoa(len(r.Guide.Questions)), "question", question)),
	}
	elements := []slack.BlockElement{primary(button(ActionAnswer, r.Talk.ID, w.Answer))}
	if list, ok := aboutChoice(r.People, w.All, r.About); ok && len(r.Talk.Answers) == 0 {
		elements = append(elements, list)
	}
	out = append(out, slack.NewActionBlock(Ref(ActionAbout, r.Talk.ID), elements...), note(r.say(w.How)))
	return Message{Text: r.say(w.Notice), Blocks: out}
}

// deciding shows what was saved. Only one answer at a time has Share and Keep, so that a card is one ask.
func (r Reflection) deciding() Message {
	out := []slack.Block{section(r.say(r.Words.After.Lead))}
	next, waiting := r.Talk.Deciding()
	for _, a := range r.Talk.Answers {
		current := waiting && next.Question == a.Question
		out = append(out, section(r.say(r.status(a, current), "topic", topic(r.Guide, a.Question))))
		if row := r.choices(a, current); len(row) > 0 {
			out = append(out, slack.NewActionBlock(Ref(a.Question, r.Talk.ID), row...))
		}
	}
	return Message{Text: r.say(r.Words.After.Notice), Blocks: out}
}

func (r Reflection) status(a prompts.Answer, current bool) string {
	w := r.Words.After
	switch {
	case a.Choice == prompts.Kept:
		return w.Kept
	case a.Choice == prompts.Shared && !a.ReadAt.IsZero():
		return w.Read
	case a.Choice == prompts.Shared:
		return w.Shared
	case current:
		return w.Undecided
	default:
		return w.Waiting
	}
}

func (r Reflection) choices(a prompts.Answer, current bool) []slack.BlockElement {
	w, ref := r.Words.After, Ref(r.Talk.ID, a.Question)
	switch {
	case current:
		return []slack.BlockElement{
			primary(button(ActionShare, ref, prompts.Fill(w.Share, "coach", r.Coach))), button(ActionKeep, ref, w.Keep),
		}
	case a.Choice == prompts.Draft || !a.ReadAt.IsZero():
		return nil
	default:
		return []slack.BlockElement{button(ActionUndo, ref, w.Undo)}
	}
}
