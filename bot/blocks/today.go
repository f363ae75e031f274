package blocks

import (
	"strings"
	"time"

	"github.com/threedeep/threedeep/prompts"
)

// Today is somebody's day, asked for by command.
type Today struct {
	Words    prompts.Words
	Command  string
	Zone     *time.Location // the reader's
	Now      time.Time
	Sessions []HomeSession // of this day, earliest first
	Open     []HomeReflection
	ToRead   []HomeReading
}

// TodayText lists the day's 1:1s and what waits for the reader, one line each. It holds nobody's words.
func TodayText(t Today) string {
	w := t.Words.Today
	lines := []string{prompts.Fill(w.Lead, "date", t.Now.In(t.Zone).Format("Monday 2 January"))}
	for _, s := range t.Sessions {
		lines = append(lines, prompts.Fill(w.Coached, "time", prompts.Clock(s.At, t.Zone), "other", name(s.Other)))
	}
	for _, o := range t.Open {
		if !o.Saved {
			lines = append(lines, prompts.Fill(w.Open, "coach", name(o.Coach), "command", t.Command))
		}
	}
	for _, r := range t.ToRead {
		lines = append(lines, prompts.Fill(w.ToRead, "leader", name(r.Leader)))
	}
	if len(lines) == 1 {
		lines = append(lines, w.Empty)
	}
	return strings.Join(lines, "\n")
}
