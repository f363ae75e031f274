package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/bot/delivery"
	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/prompts"
	"github.com/threedeep/threedeep/store"
)

// outgoing is a rendered delivery: whom it goes to, and a message or a Home.
type outgoing struct {
	to string // Slack user id
	blocks.Message
	home *slack.HomeTabViewRequest
}

// Render makes a message of a delivery's references at the moment it is sent. It asks again whether its audience may
// see it, whether it is still of use, and whether they are at work: what nobody asked for waits for the morning, however
// it came to be late.
func (b *Bot) Render(ctx context.Context, c cadence.Claim) (delivery.Rendered, error) {
	who, err := b.Store.Person(ctx, c.Audience)
	switch {
	case errors.Is(err, store.ErrNone):
		return delivery.Rendered{Drop: "its reader has left the chain"}, nil
	case err != nil:
		return delivery.Rendered{}, err
	case who.Slack == "":
		return delivery.Rendered{Drop: "its reader is not known in Slack"}, nil
	case c.Op == cadence.OpUpdate && c.Posted.TS == "":
		return delivery.Rendered{Drop: "there is no message to edit"}, nil
	}
	out := outgoing{to: who.Slack}
	var drop string
	unprompted := false
	switch c.Kind {
	case prompts.CardKind:
		out.Message, unprompted, drop, err = b.renderCard(ctx, who, c)
	case briefKind:
		unprompted = true
		out.Message, drop, err = b.renderBrief(ctx, who, c)
	case noteKind:
		out.Message = b.renderNote(c.Part)
	case homeKind:
		var h blocks.Home
		h, err = b.homeState(ctx, who)
		view := blocks.HomeView(h)
		out.home = &view
	default:
		drop = "this version does not know its kind"
	}
	rendered := delivery.Rendered{Message: out, Drop: drop}
	now := b.Clock.Now()
	if morning := b.planner.Week.OnceAwake(now, b.zone(who.Zone)); unprompted && c.Op == cadence.OpPost && morning.After(now) {
		rendered.Hold = morning
	}
	return rendered, err
}

// renderCard also says whether nobody asked for the card: the first one, as long as nothing is answered.
func (b *Bot) renderCard(ctx context.Context, who cadence.Person, d cadence.Claim) (m blocks.Message, unprompted bool, drop string, err error) {
	c, err := b.Store.Conversation(ctx, d.Subject)
	switch {
	case errors.Is(err, store.ErrNone):
		return m, false, "its conversation is gone", nil
	case err != nil:
		return m, false, "", err
	case c.Person != who.ID:
		return m, false, "its reader may not see it", nil
	}
	r, err := b.reflection(ctx, c)
	if err != nil {
		return m, false, "", err
	}
	unprompted = d.Turn == 1 && len(c.Answers) == 0
	if unprompted && d.Op == cadence.OpPost && !r.Now.Before(r.Session) {
		return m, false, "its 1:1 has begun", nil
	}
	return blocks.Card(r), unprompted, "", nil
}

// reflection gathers what the cards and the form of a conversation are made of.
func (b *Bot) reflection(ctx context.Context, c prompts.Conversation) (blocks.Reflection, error) {
	r := blocks.Reflection{Words: b.Library.Words, Talk: c, Now: b.Clock.Now()}
	r.Guide, _ = b.Library.Guide(c.Guide)
	o, err := b.Store.Occurrence(ctx, c.Occurrence)
	if err != nil {
		return r, err
	}
	coach, err := b.Store.Person(ctx, c.Coach)
	if err != nil {
		return r, err
	}
	reader, err := b.Store.Person(ctx, c.Person)
	if err != nil {
		return r, err
	}
	managers, err := b.coachees(ctx, c.Person)
	r.Session, r.Zone, r.Coach, r.People = o.At, b.zone(reader.Zone), firstName(coach), choices(managers)
	if c.About != "" {
		r.About = blocks.PersonRef(c.About)
	}
	return r, err
}

func (b *Bot) coachees(ctx context.Context, coach string) ([]cadence.Person, error) {
	links, err := b.Store.CoachedBy(ctx, coach)
	var out []cadence.Person
	for _, l := range links {
		p, err := b.Store.Person(ctx, l.Coachee)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, err
}

// reading gathers what a coach opens: shared answers only.
func (b *Bot) reading(ctx context.Context, c prompts.Conversation) (blocks.Reading, error) {
	r := blocks.Reading{Words: b.Library.Words}
	r.Guide, _ = b.Library.Guide(c.Guide)
	leader, err := b.Store.Person(ctx, c.Person)
	if err != nil {
		return r, err
	}
	r.Leader = firstName(leader)
	r.Shared = slices.DeleteFunc(slices.Clone(c.Answers), func(a prompts.Answer) bool { return !c.ReadableBy(c.Coach, a) })
	managers, err := b.coachees(ctx, c.Person)
	for _, p := range managers {
		if p.ID == c.About || len(managers) == 1 {
			r.About = firstName(p)
		}
	}
	return r, err
}

func (b *Bot) renderBrief(ctx context.Context, coach cadence.Person, d cadence.Claim) (blocks.Message, string, error) {
	zone := b.zone(coach.Zone)
	start, err := time.ParseInLocation("2006-01-02", d.Part, zone)
	if err != nil {
		return blocks.Message{}, "its day can't be read", nil
	}
	links, err := b.Store.CoachedBy(ctx, coach.ID)
	if err != nil {
		return blocks.Message{}, "", err
	}
	today, ok := b.planner.NextBrief(coach, links, start.Add(-1))
	if !ok || string(today.Day) != d.Part {
		today.Sessions = nil
	}
	if d.Op == cadence.OpPost && (len(today.Sessions) == 0 || !today.Useful(b.Clock.Now())) {
		return blocks.Message{}, "its use is over", nil
	}
	g, _ := b.Library.Guide(prompts.Weekly)
	view := blocks.Brief{Words: b.Library.Words, Zone: zone, Day: start, Now: b.Clock.Now(), Ask: g.CoachAsk(start.YearDay())}
	for _, s := range today.Sessions {
		row, err := b.briefRow(ctx, s)
		if err != nil {
			return blocks.Message{}, "", err
		}
		view.Sessions = append(view.Sessions, row)
	}
	return blocks.BriefCard(view), "", nil
}

func (b *Bot) briefRow(ctx context.Context, s cadence.BriefSession) (blocks.BriefRow, error) {
	l, err := b.Store.Link(ctx, s.Link)
	if err != nil {
		return blocks.BriefRow{}, err
	}
	leader, err := b.Store.Person(ctx, l.Coachee)
	if err != nil {
		return blocks.BriefRow{}, err
	}
	row := blocks.BriefRow{Leader: firstName(leader), At: s.Session.At, Talk: cadence.OccurrenceID(cadence.OneOnOne, l.ID, s.Session.Wall)}
	c, err := b.Store.Conversation(ctx, row.Talk)
	if errors.Is(err, store.ErrNone) {
		return row, nil
	}
	shared := c.Shared()
	row.Shared, row.Read = len(shared) > 0, true
	for _, a := range shared {
		row.Read = row.Read && !a.ReadAt.IsZero()
	}
	return row, err
}

func (b *Bot) renderNote(sentence string) blocks.Message {
	w := b.Library.Words.Reply
	text := map[string]string{
		noteNothingOpen: prompts.Fill(w.NothingOpen, "command", b.Command),
		noteManager:     w.Manager,
		noteOnlyWords:   w.OnlyWords,
		noteTooLong:     prompts.Fill(w.TooLong, "n", strconv.Itoa(prompts.LongestAnswer)),
		noteDecided:     w.Decided,
		noteClosed:      w.Closed,
		noteStarted:     w.Started,
	}[sentence]
	return blocks.Message{Text: text}
}
