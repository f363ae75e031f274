package cadence

import "testing"

// TestTheParserIsGuarded goes past the checks that keep such specs from the
// parser: it panics on the first.
func TestTheParserIsGuarded(t *testing.T) {
	for _, spec := range []string{"TZ=0", "CRON_TZ=", "@every 24h", "@every"} {
		if schedule, err := cronFields(spec); err == nil {
			t.Errorf("%q is read as %v", spec, schedule)
		}
	}
}
