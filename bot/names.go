package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/threedeep/threedeep/bot/blocks"
	"github.com/threedeep/threedeep/cadence"
)

// fullName is somebody's name as Slack has it, or what their address suggests.
func fullName(p cadence.Person) string {
	if name := strings.TrimSpace(p.Name); name != "" {
		return name
	}
	local, _, _ := strings.Cut(p.Email, "@")
	if local = strings.TrimSpace(local); local == "" {
		return "somebody"
	}
	first, size := utf8.DecodeRuneInString(local)
	return string(unicode.ToUpper(first)) + local[size:]
}

// firstName is how people are spoken of.
func firstName(p cadence.Person) string {
	first, _, _ := strings.Cut(fullName(p), " ")
	return first
}

// choices name people by first name, and in full where two share one.
func choices(people []cadence.Person) []blocks.Person {
	count := map[string]int{}
	for _, p := range people {
		count[firstName(p)]++
	}
	var out []blocks.Person
	for _, p := range people {
		n := firstName(p)
		if count[n] > 1 {
			n = fullName(p)
		}
		out = append(out, blocks.Person{Ref: blocks.PersonRef(p.ID), Name: n})
	}
	return out
}
