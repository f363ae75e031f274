package prompts

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Words is everything the bot says outside a guide, in one language, one group for each card. Every field is
// filled or the file is refused.
type Words struct {
	Language string `yaml:"language"`
	Prompt   struct {
		Notice   string `yaml:"notice"`
		Lead     string `yaml:"lead"`
		LeadPast string `yaml:"lead_past"`
		Ask      string `yaml:"ask"`
		How      string `yaml:"how"`
		All      string `yaml:"all"`
		Answer   string `yaml:"answer"`
		Over     string `yaml:"over"`
	} `yaml:"prompt"`
	After struct {
		Notice    string `yaml:"notice"`
		Lead      string `yaml:"lead"`
		Undecided string `yaml:"undecided"`
		Waiting   string `yaml:"waiting"`
		Shared    string `yaml:"shared"`
		Read      string `yaml:"read"`
		Kept      string `yaml:"kept"`
		Share     string `yaml:"share"`
		Keep      string `yaml:"keep"`
		Undo      string `yaml:"undo"`
	} `yaml:"after"`
	Form struct {
		Title         string `yaml:"title"`
		Submit        string `yaml:"submit"`
		Close         string `yaml:"close"`
		Lead          string `yaml:"lead"`
		About         string `yaml:"about"`
		AboutHint     string `yaml:"about_hint"`
		AlreadyShared string `yaml:"already_shared"`
		TooLongHere   string `yaml:"too_long_here"`
		Nothing       string `yaml:"nothing"`
		NotSaved      string `yaml:"not_saved"`
		Closed        string `yaml:"closed"`
		Decided       string `yaml:"decided"`
		TooLong       string `yaml:"too_long"`
	} `yaml:"form"`
	Brief struct {
		Notice    string `yaml:"notice"`
		Lead      string `yaml:"lead"`
		Row       string `yaml:"row"`
		RowShared string `yaml:"row_shared"`
		RowRead   string `yaml:"row_read"`
		Open      string `yaml:"open"`
		Ask       string `yaml:"ask"`
		None      string `yaml:"none"`
	} `yaml:"brief"`
	Reading struct {
		Title    string `yaml:"title"`
		Close    string `yaml:"close"`
		Lead     string `yaml:"lead"`
		About    string `yaml:"about"`
		AboutAll string `yaml:"about_all"`
		Rest     string `yaml:"rest"`
		Gone     string `yaml:"gone"`
	} `yaml:"reading"`
	Home struct {
		Title       string `yaml:"title"`
		Next        string `yaml:"next"`
		Next1on1    string `yaml:"next_1on1"`
		No1on1      string `yaml:"no_1on1"`
		OpenPrompt  string `yaml:"open_prompt"`
		SavedPrompt string `yaml:"saved_prompt"`
		ToRead      string `yaml:"to_read"`
		Answer      string `yaml:"answer"`
		Change      string `yaml:"change"`
		Open        string `yaml:"open"`
		WhoSees     string `yaml:"who_sees"`
		Manager     string `yaml:"manager"`
		Outsider    string `yaml:"outsider"`
		Setup       string `yaml:"setup"`
		Started     string `yaml:"started"`
		Start       string `yaml:"start"`
	} `yaml:"home"`
	Reply struct {
		NothingOpen  string `yaml:"nothing_open"`
		Outsider     string `yaml:"outsider"`
		Manager      string `yaml:"manager"`
		OnlyWords    string `yaml:"only_words"`
		TooLong      string `yaml:"too_long"`
		NotSaved     string `yaml:"not_saved"`
		PressAgain   string `yaml:"press_again"`
		NotOpened    string `yaml:"not_opened"`
		CommandAgain string `yaml:"command_again"`
		Decided      string `yaml:"decided"`
		AlreadyRead  string `yaml:"already_read"`
		Stale        string `yaml:"stale"`
		Closed       string `yaml:"closed"`
		NotYours     string `yaml:"not_yours"`
		Help         string `yaml:"help"`
		Unknown      string `yaml:"unknown"`
		NoReflection string `yaml:"no_reflection"`
		Started      string `yaml:"started"`
	} `yaml:"reply"`
	Today struct {
		Lead    string `yaml:"lead"`
		Coached string `yaml:"coached"`
		Empty   string `yaml:"empty"`
		Open    string `yaml:"open"`
		ToRead  string `yaml:"to_read"`
	} `yaml:"today"`
}

// readWords reads the words and refuses those that lack a sentence, or that name something in braces which the shipped
// sentence does not: nothing would fill it in.
func readWords(name string, override fs.FS) (Words, error) {
	standard, err := decodeWords(name, nil)
	if err != nil {
		return standard, err
	}
	w, err := decodeWords(name, override)
	if err != nil {
		return w, err
	}
	known, problems := sentences(standard), []string(nil)
	for _, s := range sentences(w) {
		at := slices.IndexFunc(known, func(k sentence) bool { return k.key == s.key })
		if blank(s.text) {
			problems = append(problems, s.key+" missing")
		} else if !fills(s.text, known[at].text) {
			problems = append(problems, s.key+" may hold only the braces of the shipped sentence")
		}
	}
	if len(problems) > 0 {
		return w, fmt.Errorf("words %s are not complete: %s", path.Base(name), strings.Join(problems, ", "))
	}
	return w, nil
}

func decodeWords(name string, override fs.FS) (Words, error) {
	var w Words
	data, err := pick(name, override)
	if err == nil {
		err = decode(data, &w)
	}
	if err != nil {
		return w, fmt.Errorf("words %s: %w", path.Base(name), err)
	}
	return w, nil
}

// sentence is one of the words, under its key as the file spells it: "prompt.notice".
type sentence struct{ key, text string }

// sentences lists all words in the file's order.
func sentences(w Words) []sentence { return fields("", reflect.ValueOf(w)) }

func fields(prefix string, v reflect.Value) []sentence {
	var out []sentence
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("yaml")
		if f := v.Field(i); f.Kind() == reflect.Struct {
			out = append(out, fields(key+".", f)...)
		} else {
			out = append(out, sentence{key, f.String()})
		}
	}
	return out
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// fills says whether everything that a sentence names in braces is named in the pattern too.
func fills(sentence, pattern string) bool {
	for _, name := range regexp.MustCompile(`\{[a-z_]+\}`).FindAllString(sentence, -1) {
		if !strings.Contains(pattern, name) {
			return false
		}
	}
	return true
}

// Fill puts values into a sentence: Fill("with {coach}", "coach", "Dana"). A value is never looked at again,
// so a name or an answer that holds braces stays as it is.
func Fill(sentence string, pairs ...string) string {
	named := slices.Clone(pairs) // the caller may use its own again
	for i := 0; i < len(named); i += 2 {
		named[i] = "{" + named[i] + "}"
	}
	return strings.NewReplacer(named...).Replace(sentence)
}

// ShortList names at most three people: "Priya", "Priya and Sam", "Priya, Sam and 4 others".
func ShortList(names []string) string {
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n <= 3:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return strings.Join(names[:2], ", ") + " and " + strconv.Itoa(n-2) + " others"
	}
}
