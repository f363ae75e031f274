package prompts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/threedeep/threedeep/prompts"
)

func load(t testing.TB, files map[string]string) (prompts.Library, error) {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return prompts.Load(folder)
}

func shipped(t testing.TB) prompts.Library {
	t.Helper()
	lib, err := prompts.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func weekly(t testing.TB) prompts.Guide {
	t.Helper()
	g, ok := shipped(t).Guide(prompts.Weekly)
	if !ok {
		t.Fatal("there is no weekly guide")
	}
	return g
}

// wantSays checks an error for everything it should name.
func wantSays(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("nothing was refused")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q:\n%v", part, err)
		}
	}
}

const otherWeekly = `
guide: weekly
language: de
minutes: 3
questions:
  - {id: q1, topic: Thema, ask: {one: "Und {manager}?", all: "Und {managers}?", none: "Und?"}}
coach_asks: ["Was nun?"]
`

func TestTheShippedGuideAsksTwoQuestionsInTwoMinutes(t *testing.T) {
	g := weekly(t)
	if len(g.Questions) != 2 || g.Minutes != 2 {
		t.Errorf("%d questions in %d minutes", len(g.Questions), g.Minutes)
	}
	if _, ok := shipped(t).Guide("monthly"); ok {
		t.Error("a guide that was never shipped was found")
	}
}

func TestAGuideListsEverythingThatIsMissing(t *testing.T) {
	_, err := load(t, map[string]string{"weekly.en.yaml": "questions: [{id: a}, {id: a, ask: {one: ' '}}]"})
	wantSays(t, err, "weekly.en.yaml", "its name must be weekly", "no language", "how many minutes", "no coach_asks",
		"question 1 needs a topic", "question 1 needs ask.one", "question 2 needs an id of its own", "question 2 needs ask.one")
	_, err = load(t, map[string]string{"weekly.en.yaml": "guide: weekly"})
	wantSays(t, err, "it asks nothing")
	_, err = load(t, map[string]string{"weekly.en.yaml": strings.Replace(otherWeekly, `"Was nun?"`, `"Was nun?", " "`, 1)})
	wantSays(t, err, "coach_asks")
}

func TestAGuideAsksNoMoreThanOneCardHolds(t *testing.T) {
	guide := "guide: weekly\nlanguage: en\nminutes: 2\ncoach_asks: [\"And?\"]\nquestions:\n"
	for i := range prompts.MostQuestions + 1 {
		_, err := load(t, map[string]string{"weekly.en.yaml": guide})
		if i > 0 && err != nil {
			t.Errorf("%d questions: %v", i, err)
		}
		guide += fmt.Sprintf("  - {id: q%d, topic: T, ask: {one: A?, all: B?, none: C?}}\n", i)
	}
	_, err := load(t, map[string]string{"weekly.en.yaml": guide})
	wantSays(t, err, "it asks more than 10 questions")
}

func TestALongTopicIsCountedInLettersNotBytes(t *testing.T) {
	topic := func(n int) map[string]string {
		return map[string]string{"weekly.en.yaml": strings.Replace(otherWeekly, "Thema", strings.Repeat("学", n), 1)}
	}
	if _, err := load(t, topic(60)); err != nil {
		t.Error(err)
	}
	_, err := load(t, topic(61))
	wantSays(t, err, "at most 60 letters")
}

// A guide under another name would leave the bot without the one it asks for.
func TestAGuideThatWouldNotBeFoundIsRefused(t *testing.T) {
	_, err := load(t, map[string]string{"weekly.en.yaml": strings.Replace(otherWeekly, "guide: weekly", "guide: woche", 1)})
	wantSays(t, err, "its name must be weekly")
}

func TestAnOverrideReplacesOneFileAndLeavesTheOther(t *testing.T) {
	lib, err := load(t, map[string]string{"weekly.en.yaml": otherWeekly, "readme.txt": "not a guide"})
	if err != nil {
		t.Fatal(err)
	}
	if g, _ := lib.Guide(prompts.Weekly); g.Language != "de" || len(g.Questions) != 1 {
		t.Errorf("the guide was not replaced: %+v", g)
	}
	if lib.Words != shipped(t).Words {
		t.Error("the words were replaced too")
	}
}

func TestAnUnknownKeyIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"weekly.en.yaml": otherWeekly + "coach_ask: typo\n",
		"en.yaml":        "language: en\nprompt: {notise: typo}\n",
	} {
		_, err := load(t, map[string]string{name: text})
		wantSays(t, err, name, "not found")
	}
}

func TestProblemsOfAllFilesAreToldAtOnce(t *testing.T) {
	_, err := load(t, map[string]string{"weekly.en.yaml": "guide: [", "en.yaml": "language: en"})
	wantSays(t, err, "guide weekly.en.yaml", "words en.yaml", "prompt.notice missing")
}

func TestAGuideMayNotNameWhatNothingFillsIn(t *testing.T) {
	_, err := load(t, map[string]string{"weekly.en.yaml": strings.Replace(otherWeekly, "{managers}", "{manager}", 1)})
	wantSays(t, err, "question 1 may name {manager} in ask.one")
}

func TestAQuestionIsWordedForAnyNumberOfManagers(t *testing.T) {
	q := weekly(t).Questions[0]
	for _, c := range []struct {
		about []string
		want  string
	}{
		{nil, "What did you learn this week about how the people you coach do their own coaching?"},
		{[]string{"Priya"}, "What did you learn this week about how Priya coaches?"},
		{[]string{"Priya", "Sam"}, "What did you learn this week about how Priya and Sam coach?"},
		{[]string{"Priya", "Sam", "Ana"}, "What did you learn this week about how Priya, Sam and Ana coach?"},
		{
			[]string{"Priya", "Sam", "Ana", "Leo", "Mo", "Kim"},
			"What did you learn this week about how Priya, Sam and 4 others coach?",
		},
		{[]string{"{managers}"}, "What did you learn this week about how {managers} coaches?"},
	} {
		if got := q.Wording(c.about); got != c.want {
			t.Errorf("about %q: %q", c.about, got)
		}
	}
}

func TestAQuestionIsFoundByItsIDWithItsPlace(t *testing.T) {
	g := weekly(t)
	for i, q := range g.Questions {
		if found, n, ok := g.Question(q.ID); !ok || n != i+1 || found.ID != q.ID {
			t.Errorf("%s: %v %d %v", q.ID, found.ID, n, ok)
		}
	}
	if _, _, ok := g.Question("other"); ok {
		t.Error("a question that is not there was found")
	}
}

func TestEveryCoachAskIsAQuestion(t *testing.T) {
	for _, ask := range weekly(t).CoachAsks {
		if !strings.HasSuffix(ask, "?") {
			t.Errorf("not a question: %q", ask)
		}
	}
}

func TestTheCoachsQuestionIsTheSameAllDayAndAnotherNextTime(t *testing.T) {
	g := weekly(t)
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(-1000, 1000).Draw(t, "day")
		morning, evening, next := g.CoachAsk(day), g.CoachAsk(day), g.CoachAsk(day+1)
		if morning != evening || morning == next {
			t.Fatal("it changes within a day, or not from day to day")
		}
		if !slices.Contains(g.CoachAsks, morning) {
			t.Fatal("it is none of the guide's")
		}
	})
}

func TestAListNamesAtMostThreePeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.StringMatching(`[A-Z][a-z]{2,8}`), 0, 12).Draw(t, "names")
		list := prompts.ShortList(names)
		if strings.Count(list, ",") > 1 || !utf8.ValidString(list) || (list == "") != (len(names) == 0) {
			t.Fatalf("%q", list)
		}
		for _, name := range names[:min(2, len(names))] {
			if !strings.Contains(list, name) {
				t.Fatalf("%q does not name %s", list, name)
			}
		}
	})
}
