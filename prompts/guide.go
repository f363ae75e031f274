package prompts

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

//go:embed guides/*.yaml words/*.yaml
var shipped embed.FS

// Weekly names the guide of the weekly reflection (R12).
const Weekly = "weekly"

// MostQuestions is how many a guide may ask: what one card, form or view can hold in Slack, and more than anybody answers.
const MostQuestions = 10

// Guide is a set of questions asked one after the other, in one language.
type Guide struct {
	Name      string     `yaml:"guide"`
	Language  string     `yaml:"language"`
	Minutes   int        `yaml:"minutes"` // what it takes at most, and what it promises
	Questions []Question `yaml:"questions"`
	CoachAsks []string   `yaml:"coach_asks"` // what the coach may ask instead of telling (R3, R53)
}

// Question is one step of a guide.
type Question struct {
	ID    string `yaml:"id"`
	Topic string `yaml:"topic"` // names the answer afterwards, without quoting it
	Ask   struct {
		One  string `yaml:"one"`
		All  string `yaml:"all"`
		None string `yaml:"none"`
	} `yaml:"ask"`
	Hint string `yaml:"hint"`
}

// Question finds a question by its id and says which place it has, counted from 1.
func (g Guide) Question(id string) (Question, int, bool) {
	for i, q := range g.Questions {
		if q.ID == id {
			return q, i + 1, true
		}
	}
	return Question{}, 0, false
}

// place is where an answer to a question stands: as the guide asks, and last when it does not ask that any more.
func (g Guide) place(question string) int {
	_, n, ok := g.Question(question)
	if !ok {
		return len(g.Questions) + 1
	}
	return n
}

// Wording is the question as it is put: about one person, several, or nobody known. It names people by first
// name and never says "your manager", which in a direct message reads as "my boss".
func (q Question) Wording(about []string) string {
	switch len(about) {
	case 0:
		return q.Ask.None
	case 1:
		return Fill(q.Ask.One, "manager", about[0])
	default:
		return Fill(q.Ask.All, "managers", ShortList(about))
	}
}

// CoachAsk picks the question a coach may bring along to a session, the same one all day and another next time.
func (g Guide) CoachAsk(turn int) string {
	return g.CoachAsks[((turn%len(g.CoachAsks))+len(g.CoachAsks))%len(g.CoachAsks)]
}

// Library holds the guides and words the bot speaks with.
type Library struct {
	guides map[string]Guide
	Words  Words
}

// Guide returns a guide by name. A conversation whose guide was taken away meanwhile gets false.
func (l Library) Guide(name string) (Guide, bool) {
	g, ok := l.guides[name]
	return g, ok
}

// Load reads the shipped guides and words, then lets files of the same name in override (which may be nil)
// replace them one by one. A guide is complete or refused: the error lists everything that is missing.
func Load(override fs.FS) (Library, error) {
	lib := Library{guides: map[string]Guide{}}
	names, err := fs.Glob(shipped, "guides/*.yaml")
	if err != nil {
		return lib, fmt.Errorf("listing guides: %w", err)
	}
	var problems []error
	for _, name := range names {
		g, err := readGuide(name, override)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		lib.guides[g.Name] = g
	}
	lib.Words, err = readWords("words/en.yaml", override)
	return lib, errors.Join(append(problems, err)...)
}

// pick reads the overriding file where there is one, else the shipped one.
func pick(name string, override fs.FS) ([]byte, error) {
	if override != nil {
		data, err := fs.ReadFile(override, path.Base(name))
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return shipped.ReadFile(name)
}

func readGuide(name string, override fs.FS) (Guide, error) {
	var g Guide
	data, err := pick(name, override)
	if err != nil {
		return g, fmt.Errorf("guide %s: %w", path.Base(name), err)
	}
	if err := decode(data, &g); err != nil {
		return g, fmt.Errorf("guide %s: %w", path.Base(name), err)
	}
	kind, _, _ := strings.Cut(path.Base(name), ".")
	if missing := g.missing(kind); len(missing) > 0 {
		return g, fmt.Errorf("guide %s is not complete: %s", path.Base(name), strings.Join(missing, "; "))
	}
	return g, nil
}

// missing lists what a guide of a kind lacks, so that half a translation is refused and never sent.
func (g Guide) missing(kind string) []string {
	var out []string
	need := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	need(g.Name == kind, "its name must be "+kind+" (guide:)")
	need(!blank(g.Language), "it has no language")
	need(g.Minutes > 0, "it does not say how many minutes it takes")
	need(len(g.Questions) > 0, "it asks nothing")
	need(len(g.Questions) <= MostQuestions, fmt.Sprintf("it asks more than %d questions", MostQuestions))
	need(len(g.CoachAsks) > 0 && !slices.ContainsFunc(g.CoachAsks, blank), "it has no coach_asks, or an empty one")
	seen := map[string]bool{}
	for i, q := range g.Questions {
		at := fmt.Sprintf("question %d ", i+1)
		need(!blank(q.ID) && len(q.ID) <= 40 && !seen[q.ID], at+"needs an id of its own of at most 40 letters")
		need(!blank(q.Topic) && utf8.RuneCountInString(q.Topic) <= 60, at+"needs a topic of at most 60 letters")
		need(!blank(q.Ask.One) && !blank(q.Ask.All) && !blank(q.Ask.None), at+"needs ask.one, ask.all and ask.none")
		need(q.fillable(), at+"may name {manager} in ask.one and {managers} in ask.all, and nothing else in braces")
		seen[q.ID] = true
	}
	return out
}

// fillable says whether every brace of a question will be filled in.
func (q Question) fillable() bool {
	return fills(q.Ask.One, "{manager}") && fills(q.Ask.All, "{managers}") && fills(q.Ask.None+q.Topic+q.Hint, "")
}

// decode refuses keys it does not know: a typo in a guide must not silently drop a sentence.
func decode(data []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	return dec.Decode(into)
}
