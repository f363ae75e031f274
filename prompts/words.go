package prompts

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
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
		About    string `yaml:"about"`
		All      string `yaml:"all"`
		Answer   string `yaml:"answer"`
		MovedOn  string `yaml:"moved_on"`
		Closed   string `yaml:"closed"`
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

func readWords(name string, override fs.FS) (Words, error) {
	var w Words
	data, err := pick(name, override)
	if err != nil {
		return w, fmt.Errorf("words %s: %w", path.Base(name), err)
	}
	if err := decode(data, &w); err != nil {
		return w, fmt.Errorf("words %s: %w", path.Base(name), err)
	}
	if missing := emptyFields(reflect.ValueOf(w)); len(missing) > 0 {
		return w, fmt.Errorf("words %s are not complete: %s missing", path.Base(name), strings.Join(missing, ", "))
	}
	return w, nil
}

// emptyFields names the fields that hold no sentence, as the file spells them.
func emptyFields(v reflect.Value) []string {
	var out []string
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("yaml")
		if f := v.Field(i); f.Kind() == reflect.Struct {
			for _, sub := range emptyFields(f) {
				out = append(out, key+"."+sub)
			}
		} else if f.String() == "" {
			out = append(out, key)
		}
	}
	return out
}

// Fill puts values into a sentence: Fill("with {coach}", "coach", "Dana"). A value is never looked at again,
// so a name or an answer that holds braces stays as it is.
func Fill(sentence string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
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
