package main

import (
	"flag"
	"fmt"
	"io"
	"runtime/debug"
)

// version says what was built, and of what.
func version(args []string, out io.Writer) error {
	if err := parse(flag.NewFlagSet("version", flag.ContinueOnError), args); err != nil {
		return err
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	revision := "unknown revision"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	_, err := fmt.Fprintf(out, "threedeep %s (%s, %s)\n", info.Main.Version, revision, info.GoVersion)
	return err
}
