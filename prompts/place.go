package prompts

// Asked is a card that was delivered: which question it put, where and when by Slack's own clock.
type Asked struct {
	Conversation string
	Question     string // empty when the card asked nothing any more
	TS           string // Slack's time of the card; compares as text, being of fixed width
	Thread       string // the thread it stands in, empty for the conversation itself
}

// Place finds what a typed message answers: the question of the thread it was typed in, else the newest question
// already delivered when it was typed. It is never attached to a question the person had not yet seen. Only the
// newest card of each conversation counts, so one that has moved on, or asks nothing any more, takes no words.
// False when nothing qualifies.
func Place(ts, thread string, asked []Asked) (Asked, bool) {
	newest := map[string]Asked{}
	for _, a := range asked {
		inThread := thread == "" || a.TS == thread || a.Thread == thread
		if inThread && a.TS < ts && a.TS > newest[a.Conversation].TS {
			newest[a.Conversation] = a
		}
	}
	var best Asked
	for _, a := range newest {
		if a.Question != "" && a.TS > best.TS {
			best = a
		}
	}
	return best, best.Question != ""
}

// CardKind is the kind of the deliveries that carry a conversation's cards.
const CardKind = "card"
