package chainfile

import "strings"

// zone reads a field that names a time zone.
func (r *reader) zone(f fields, key string) string {
	name := r.text(f, key)
	if name == "" {
		return ""
	}
	if hint, known := r.knowsZone(name); !known {
		r.problemAt(f.lineOf(key), "the time zone %s is not known.%s Write one as \"America/New_York\".", quote(name), hint)
		return ""
	}
	return name
}

// knowsZone looks a zone up, and when it is not there what may be meant. Both
// are costly for a name that is wrong in ten thousand places.
func (r *reader) knowsZone(name string) (hint string, known bool) {
	if hint, wrong := r.wrongZones[name]; wrong {
		return hint, false
	}
	if _, err := r.zones.Find(name); err == nil {
		return "", true
	}
	if r.wrongZones == nil {
		r.wrongZones = make(map[string]string)
	}
	r.wrongZones[name] = r.didYouMeanZone(name)
	return r.wrongZones[name], false
}

// didYouMeanZone tries the name with capitals and underscores as zones have
// them, then its city, then its letters against the usual zones.
func (r *reader) didYouMeanZone(name string) string {
	written := zoneCase(name)
	if _, err := r.zones.Find(written); err == nil {
		return suggest(written)
	}
	_, city, found := strings.Cut(written, "/")
	if !found {
		city = written
	}
	for _, usual := range usualZones() {
		if strings.HasSuffix(usual, "/"+city) {
			return suggest(usual)
		}
	}
	return r.didYouMean(written, usualZones())
}

func zoneCase(name string) string {
	if len(name) > longestName {
		return ""
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return c == ' ' || c == '_' })
	for i, word := range words {
		parts := strings.Split(word, "/")
		for j, part := range parts {
			if part != "" {
				parts[j] = strings.ToUpper(part[:1]) + part[1:]
			}
		}
		words[i] = strings.Join(parts, "/")
	}
	return strings.Join(words, "_")
}

// usualZones is where most people who would read this are. It serves
// suggestions only: every IANA zone is accepted.
func usualZones() []string {
	return []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
		"America/Toronto", "America/Vancouver", "America/Halifax", "America/Mexico_City", "America/Bogota",
		"America/Lima", "America/Santiago", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
		"Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Brussels",
		"Europe/Amsterdam", "Europe/Berlin", "Europe/Zurich", "Europe/Vienna", "Europe/Rome", "Europe/Prague",
		"Europe/Warsaw", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen", "Europe/Helsinki",
		"Europe/Athens", "Europe/Istanbul", "Europe/Kyiv", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi",
		"Africa/Johannesburg", "Asia/Jerusalem", "Asia/Dubai", "Asia/Riyadh", "Asia/Karachi", "Asia/Kolkata",
		"Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Manila", "Asia/Hong_Kong",
		"Asia/Shanghai", "Asia/Taipei", "Asia/Seoul", "Asia/Tokyo", "Australia/Perth", "Australia/Brisbane",
		"Australia/Adelaide", "Australia/Sydney", "Australia/Melbourne", "Pacific/Auckland", "Pacific/Honolulu",
	}
}
