package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/kelseyhightower/envconfig"

	"github.com/threedeep/threedeep/cadence"
	"github.com/threedeep/threedeep/cadence/chainfile"
	"github.com/threedeep/threedeep/prompts"
)

// environment is the settings as they are written: strings, so that every problem can be told at once instead of the
// first that a decoder meets.
type environment struct {
	AppToken  string `envconfig:"SLACK_APP_TOKEN"`
	BotToken  string `envconfig:"SLACK_BOT_TOKEN"`
	APIURL    string `envconfig:"SLACK_API_URL"`
	Database  string `envconfig:"THREEDEEP_DATABASE" default:"threedeep.db"`
	Chain     string `envconfig:"THREEDEEP_CHAIN"`
	Prompts   string `envconfig:"THREEDEEP_PROMPTS"`
	Command   string `envconfig:"THREEDEEP_COMMAND" default:"/coach"`
	Autostart string `envconfig:"THREEDEEP_AUTOSTART" default:"false"`
}

// settings are the same, checked and read.
type settings struct {
	environment
	chain     *cadence.Chain // nil until read, or when THREEDEEP_CHAIN is not set
	warnings  []string
	library   prompts.Library
	autostart bool
}

// readSettings checks everything and reports all problems together, each naming its variable and what to do.
func readSettings() (settings, error) {
	var s settings
	if err := envconfig.Process("", &s.environment); err != nil {
		return s, misused("reading the environment: %w", err)
	}
	var problems []error
	check := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	check(token("SLACK_APP_TOKEN", s.AppToken, "xapp-", "Basic Information > App-Level Tokens"))
	check(token("SLACK_BOT_TOKEN", s.BotToken, "xoxb-", "OAuth & Permissions"))
	check(s.readAPIURL())
	check(s.checkDatabase())
	check(s.readLibrary())
	check(s.checkCommand())
	check(s.readAutostart())
	if len(problems) > 0 {
		check(s.readChain()) // as it is to be mended anyway
		return s, misused("%w", errors.Join(problems...))
	}
	return s, nil
}

// token never repeats what it was given: a pasted secret must not reach a terminal's history or a log.
func token(name, value, prefix, where string) error {
	switch {
	case value == "":
		return fmt.Errorf("%s is not set; copy it from the app's settings (%s)", name, where)
	case !strings.HasPrefix(value, prefix):
		return fmt.Errorf("%s must begin with %s; copy it anew from the app's settings (%s)", name, prefix, where)
	default:
		return nil
	}
}

// readAPIURL lets tokens travel unencrypted on this machine only.
func (s *settings) readAPIURL() error {
	if s.APIURL == "" {
		return nil
	}
	u, err := url.Parse(s.APIURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("SLACK_API_URL must be a whole address such as http://127.0.0.1:8800/api/; leave it out for Slack itself")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return errors.New("SLACK_API_URL must begin with https:// unless it is on this machine: the tokens travel with every call")
	}
	if !strings.HasSuffix(s.APIURL, "/") {
		s.APIURL += "/"
	}
	return nil
}

func loopback(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.")
}

func (s *settings) checkDatabase() error {
	if strings.Contains(s.Database, "://") {
		return errors.New("THREEDEEP_DATABASE must be a file path in this version, such as /var/lib/threedeep/threedeep.db")
	}
	return nil
}

// readChain reads the chain file. A large one takes longer than the whole start, so run reads it only when the
// database holds no chain yet.
func (s *settings) readChain() error {
	if s.Chain == "" {
		return nil
	}
	data, err := os.ReadFile(s.Chain)
	if err != nil {
		return fmt.Errorf("THREEDEEP_CHAIN: %w", plainFile(err))
	}
	file, problems := chainfile.Parse(s.Chain, data)
	if err := problems.Err(); err != nil {
		return fmt.Errorf("THREEDEEP_CHAIN has problems:\n%w", err)
	}
	for _, w := range problems.Warnings() {
		s.warnings = append(s.warnings, w.String())
	}
	s.chain = &file.Chain
	return nil
}

func (s *settings) readLibrary() (err error) {
	var override fs.FS
	if s.Prompts != "" {
		info, err := os.Stat(s.Prompts)
		if err != nil {
			return fmt.Errorf("THREEDEEP_PROMPTS: %w", plainFile(err))
		}
		if !info.IsDir() {
			return errors.New("THREEDEEP_PROMPTS must be a folder with guides, such as weekly.en.yaml")
		}
		override = os.DirFS(s.Prompts)
	}
	if s.library, err = prompts.Load(override); err != nil {
		return fmt.Errorf("THREEDEEP_PROMPTS: %w", err)
	}
	return nil
}

func (s *settings) checkCommand() error {
	if !strings.HasPrefix(s.Command, "/") || len(s.Command) < 2 || strings.ContainsAny(s.Command, " \t") {
		return errors.New("THREEDEEP_COMMAND must be one word beginning with a slash, such as /coach")
	}
	return nil
}

func (s *settings) readAutostart() (err error) {
	if s.autostart, err = strconv.ParseBool(s.Autostart); err != nil {
		return errors.New("THREEDEEP_AUTOSTART must be true or false")
	}
	return nil
}

// plainFile says what is wrong with a file without the name of a system call.
func plainFile(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s can't be read: %w", p.Path, p.Err)
	}
	return err
}
