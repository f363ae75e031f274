package main

import (
	"errors"
	"flag"
	"io"
	"strings"
)

// parse reads a command's flags. What is left over is a mistake: no command here takes more.
func parse(fs *flag.FlagSet, args []string) error {
	var said strings.Builder
	fs.SetOutput(&said)
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return misused("%s", strings.TrimSpace(said.String()))
	case err != nil:
		return misused("%w\n%s", err, strings.TrimSpace(usageOf(fs)))
	case fs.NArg() > 0:
		return misused("%s does not take %q\n%s", fs.Name(), fs.Arg(0), strings.TrimSpace(usageOf(fs)))
	}
	return nil
}

func usageOf(fs *flag.FlagSet) string {
	var b strings.Builder
	fs.SetOutput(&b)
	fs.PrintDefaults()
	fs.SetOutput(io.Discard)
	return b.String()
}
