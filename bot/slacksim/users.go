package slacksim

import (
	"fmt"
	"hash/fnv"
	"time"
)

// User is a member of the workspace.
type User struct {
	ID       string // e.g. "U0LEO"
	Name     string // handle; empty means derived from the e-mail address or id
	RealName string
	Email    string
	TZ       string // IANA zone; empty means "America/New_York"
	Locale   string // e.g. "en-US", the default
	Deleted  bool
	IsBot    bool
}

// userBook keeps users by id, by e-mail address and in the order of users.list.
type userBook struct {
	byID    map[string]*User
	byEmail map[string]*User
	order   []string
	zones   map[string]*time.Location // by name; loading one reads a file
}

func newUserBook() userBook {
	return userBook{byID: map[string]*User{}, byEmail: map[string]*User{}, zones: map[string]*time.Location{}}
}

// zone loads a zone once; one that does not exist counts as UTC.
func (b *userBook) zone(name string) *time.Location {
	if loc, ok := b.zones[name]; ok {
		return loc
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		loc = time.UTC
	}
	b.zones[name] = loc
	return loc
}

func (b *userBook) put(u User) {
	if old, ok := b.byID[u.ID]; ok {
		delete(b.byEmail, old.Email)
	} else {
		b.order = append(b.order, u.ID)
	}
	b.byID[u.ID] = &u
	if u.Email != "" {
		b.byEmail[u.Email] = &u
	}
}

// AddUsers adds members, or replaces those with a known id. An unknown zone
// counts as UTC, as a broken profile would.
func (s *Sim) AddUsers(users ...User) {
	s.mu.Lock()
	defer s.changed()
	for _, u := range users {
		fill(&u.Name, handleOf(u))
		fill(&u.RealName, u.Name)
		fill(&u.TZ, "America/New_York")
		fill(&u.Locale, "en-US")
		s.users.put(u)
	}
}

// User returns a member by id.
func (s *Sim) User(id string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ok := s.users.byID[id]
	if !ok {
		return User{}, false
	}
	return *u, true
}

// Deactivate closes an account: the person can do nothing any more and the app
// gets user_disabled.
func (s *Sim) Deactivate(id string) error {
	s.mu.Lock()
	defer s.changed()
	u, ok := s.users.byID[id]
	if !ok {
		return fmt.Errorf("slacksim: there is no user %s", id)
	}
	u.Deleted = true
	s.closeStack(id)
	s.emitUserChange(u)
	return nil
}

func (s *Sim) addBotUser() {
	a := s.app
	s.users.put(User{ID: a.BotUserID, Name: a.Name, RealName: a.Name, TZ: "America/Los_Angeles", Locale: "en-US", IsBot: true})
}

func handleOf(u User) string {
	for i, r := range u.Email {
		if r == '@' {
			return u.Email[:i]
		}
	}
	return u.ID
}

// wireUser is the user object of users.info and users.list.
func (s *Sim) wireUser(u *User, withLocale bool) object {
	o := object{
		"id": u.ID, "team_id": s.app.TeamID, "name": u.Name, "deleted": u.Deleted,
		"profile": s.wireProfile(u), "is_bot": u.IsBot, "is_app_user": false,
		"updated": int64(1700000000),
	}
	if withLocale {
		o["locale"] = u.Locale
	}
	if u.Deleted { // Slack leaves most of a closed account out
		return o
	}
	label, offset := zoneOf(s.users.zone(u.TZ), s.cfg.Now())
	o["color"], o["real_name"] = colourOf(u.ID), u.RealName
	o["tz"], o["tz_label"], o["tz_offset"] = u.TZ, label, offset
	for _, k := range []string{"is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"} {
		o[k] = false
	}
	o["is_email_confirmed"] = true
	o["who_can_share_contact_card"] = "EVERYONE"
	return o
}

func (s *Sim) wireProfile(u *User) object {
	p := object{
		"title": "", "phone": "", "skype": "", "avatar_hash": "g" + colourOf(u.ID),
		"real_name": u.RealName, "real_name_normalized": u.RealName,
		"display_name": u.Name, "display_name_normalized": u.Name,
		"status_text": "", "status_emoji": "", "status_text_canonical": "",
		"status_emoji_display_info": []any{}, "status_expiration": 0,
		"team": s.app.TeamID, "first_name": u.RealName, "last_name": "",
	}
	for _, size := range []string{"24", "32", "48", "72", "192", "512"} {
		p["image_"+size] = "https://avatars.example.com/" + u.ID + "_" + size + ".png"
	}
	if u.Email != "" && hasScope(s.app.BotScopes, "users:read.email") {
		p["email"] = u.Email
	}
	if u.IsBot {
		p["bot_id"], p["api_app_id"], p["always_active"] = s.app.BotID, s.app.ID, true
	}
	return p
}

func colourOf(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return fmt.Sprintf("%06x", h.Sum32()&0xffffff)
}

// zoneOf gives the label and the offset in seconds that Slack shows for a zone
// at a moment.
func zoneOf(loc *time.Location, at time.Time) (label string, offset int) {
	abbreviation, offset := at.In(loc).Zone()
	return zoneLabel(abbreviation, offset), offset
}

func zoneLabel(abbreviation string, offset int) string {
	long := map[string]string{
		"EST": "Eastern Standard Time", "EDT": "Eastern Daylight Time",
		"CST": "Central Standard Time", "CDT": "Central Daylight Time",
		"MST": "Mountain Standard Time", "MDT": "Mountain Daylight Time",
		"PST": "Pacific Standard Time", "PDT": "Pacific Daylight Time",
		"GMT": "Greenwich Mean Time", "BST": "British Summer Time",
		"CET": "Central European Time", "CEST": "Central European Summer Time",
		"UTC": "Coordinated Universal Time",
	}
	if l, ok := long[abbreviation]; ok {
		return l
	}
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("UTC%c%02d:%02d", sign, offset/3600, offset/60%60)
}
