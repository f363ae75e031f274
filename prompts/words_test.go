package prompts

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// everySentence is all that the bot may say: the words and what stands in guides.
func everySentence(t *testing.T) []sentence {
	t.Helper()
	lib, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	all := sentences(lib.Words)
	for name, g := range lib.guides {
		for _, q := range g.Questions {
			for _, s := range []string{q.Topic, q.Ask.One, q.Ask.All, q.Ask.None, q.Hint} {
				all = append(all, sentence{name + "." + q.ID, s})
			}
		}
		for _, s := range g.CoachAsks {
			all = append(all, sentence{name + ".coach_asks", s})
		}
	}
	return all
}

func TestNoQuestionOrWordSaysYourManager(t *testing.T) {
	for _, s := range everySentence(t) {
		if strings.Contains(strings.ToLower(s.text), "your manager") {
			t.Errorf("%s reads as \"my boss\" in a direct message: %q", s.key, s.text)
		}
	}
}

func TestNothingPromisesThatOnlyYouSeeIt(t *testing.T) {
	promise := regexp.MustCompile(`(?i)only you\b|nobody else|private(ly)? to you|confidential`)
	for _, s := range everySentence(t) {
		if promise.MatchString(s.text) {
			t.Errorf("%s promises what Slack's exports break: %q", s.key, s.text)
		}
	}
}

func TestNothingIsAboutDealsOrQuota(t *testing.T) {
	deals := regexp.MustCompile(`(?i)\b(deal|pipeline|quota|revenue|forecast)s?\b`)
	for _, s := range everySentence(t) {
		if deals.MatchString(s.text) {
			t.Errorf("%s: %q", s.key, s.text)
		}
	}
}

func TestNoticesAreForStrangersWhoLookAtTheScreen(t *testing.T) {
	notices := map[string]bool{"prompt.notice": true, "after.notice": true, "brief.notice": true}
	for _, s := range everySentence(t) {
		if !notices[s.key] {
			continue
		}
		delete(notices, s.key)
		for _, name := range regexp.MustCompile(`\{[a-z_]+\}`).FindAllString(s.text, -1) {
			if name != "{coach}" && name != "{day}" {
				t.Errorf("%s shows %s to a stranger", s.key, name)
			}
		}
		plain := strings.ReplaceAll(s.text, "1:1", "")
		if strings.ContainsAny(plain, "0123456789\"“”«»") {
			t.Errorf("%s counts or quotes: %q", s.key, s.text)
		}
	}
	if len(notices) > 0 {
		t.Errorf("not found: %v", notices)
	}
}

func TestButtonCaptionsAreShortVerbs(t *testing.T) {
	captions := map[string]string{
		"prompt.answer": "Answer", "after.share": "Share with {coach}", "after.keep": "Keep", "after.undo": "Undo",
		"form.submit": "Save", "brief.open": "Open", "home.answer": "Answer", "home.change": "Change",
		"home.open": "Open", "home.start": "Start",
	}
	for _, s := range everySentence(t) {
		if want, is := captions[s.key]; is && s.text != want {
			t.Errorf("%s is %q, not the verb %q", s.key, s.text, want)
		}
		if _, is := captions[s.key]; is && len(s.text) > 20 {
			t.Errorf("%s is long: %q", s.key, s.text)
		}
	}
}

func TestTitlesFitSlacksTwentyFourLetters(t *testing.T) {
	for _, s := range everySentence(t) {
		switch s.key {
		case "form.title", "form.submit", "form.close", "reading.title", "reading.close":
			if len(s.text) > 24 {
				t.Errorf("%s will be cut: %q", s.key, s.text)
			}
		}
	}
}

func TestWordsListEverySentenceThatIsMissing(t *testing.T) {
	_, err := Load(fstest.MapFS{"en.yaml": {Data: []byte("language: en\nafter: {keep: ' '}\n")}})
	if err == nil {
		t.Fatal("half a translation was taken")
	}
	for _, s := range sentences(Words{}) {
		if s.key != "language" && !strings.Contains(err.Error(), s.key+" missing") {
			t.Errorf("%s is not told as missing", s.key)
		}
	}
}

func TestWordsMayNotNameWhatNothingFillsIn(t *testing.T) {
	text, err := os.ReadFile("words/en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	translated := strings.Replace(string(text), "Your reflection for the 1:1 with {coach} is", "Your reflection about {manager} is", 1)
	_, err = Load(fstest.MapFS{"en.yaml": {Data: []byte(translated)}})
	if err == nil || !strings.Contains(err.Error(), "prompt.notice may hold only the braces") {
		t.Errorf("a stranger could read a manager's name in a notice: %v", err)
	}
}

func TestAValueIsNeverLookedAtAgain(t *testing.T) {
	got := Fill("{a} and {b}", "a", "{b}", "b", "{a}{c}")
	if got != "{b} and {a}{c}" {
		t.Error(got)
	}
	if got := Fill("{a} {other}", "a", "x"); got != "x {other}" {
		t.Error(got)
	}
}

func TestFillingLeavesTheCallersPairsAlone(t *testing.T) {
	pairs := []string{"a", "x"}
	Fill("{a}", pairs...)
	if got := Fill("{a}", pairs...); got != "x" {
		t.Error(got)
	}
}
