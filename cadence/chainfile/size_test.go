package chainfile_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/threedeep/threedeep/cadence/chainfile"
)

// organisation is a chain file with n people and a link for nearly each.
func organisation(n int) []byte {
	var file strings.Builder
	file.WriteString("timezone: America/New_York\npeople:\n")
	for i := range n {
		role := "manager"
		if i < n/10 {
			role = "leader"
		}
		fmt.Fprintf(&file, "  - {email: person%d@acme.example, roles: [%s]}\n", i, role)
	}
	file.WriteString("links:\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&file, "  - {coach: person%d@acme.example, coachee: person%d@acme.example, one_on_one: \"0 10 * * THU\"}\n", i/10, i)
	}
	return []byte(file.String())
}

func TestTooLarge(t *testing.T) {
	_, problems := chainfile.Parse("f", make([]byte, 9<<20))
	want := "f: the file has 9 MB and I read up to 8. Split off what is not people or links."
	if problems.Error() != want {
		t.Errorf("%v, want %s", problems, want)
	}
}

// TestHostileFilesEnd: files made to be slow or to grow end soon.
func TestHostileFilesEnd(t *testing.T) {
	bomb := "a0: &a0 [x]\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1, i-1)
	}
	wrong := strings.ReplaceAll(string(organisation(3_000)), "coach: person", "coach: persona")
	line := "people:\n"
	links := "links:\n"
	for i := range 2000 {
		line += fmt.Sprintf("  - {slack: U%d}\n", 1000+i)
		links += fmt.Sprintf("  - {coach: U%d, coachee: U%d}\n  - {coach: U%d, coachee: U1000}\n", 1000+i, 1000+(i+1)%2000, 1000+i)
	}
	for name, file := range map[string]string{
		"alias bomb": bomb, "all coaches unknown": wrong, "rings everywhere": line + links,
		"many zones": "people:\n" + strings.Repeat("  - {slack: U01, timezone: Mars/Olympus}\n", 3_000),
		"one key":    strings.Repeat("k: v\n", 20_000),
	} {
		begin := time.Now()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, problems := chainfile.Parse("f", []byte(file))
		runtime.ReadMemStats(&after)
		if problems.Err() == nil {
			t.Errorf("%s: no problem found", name)
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 200 {
			t.Errorf("%s: took %d MB", name, grown)
		}
		t.Logf("%s: %d problems in %s", name, len(problems), time.Since(begin))
	}
}

func BenchmarkParse10kPeople(b *testing.B) {
	file := organisation(10_000)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, problems := chainfile.Parse("f", file); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		acme, people, "", "a: *b", "a: &a [*a]", "people:\n  - &x {email: a@b}\n  - *x\n", "<<: {}\n", "? {}\n", "[[[[",
		"people: !!binary x\nlinks: !foo []\n", "%YAML 1.1\n---\npeople: []\n", "people: []\n---\n", "\xff\xfe", "\xef\xbb\xbfpeople: []",
		people + "  - {coach: vera@acme.example, coachee: leo@acme.example, one_on_one: TZ=0}\n",
		people + "  - {coach: U0PRIYA, coachee: leo@acme.example}\n  - {coach: leo@acme.example, coachee: U0PRIYA}\n",
		"people:\n  - {email: \"\\0\", slack: U}\n", "timezone: ../../etc/passwd\n", "timezone: /\n", "people: ~\nlinks: ~\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, problems := chainfile.Parse("f", data)
		last := 0
		for _, p := range problems {
			if p.Line < last || p.Message == "" || p.File != "f" {
				t.Fatalf("after line %d comes %+v", last, p)
			}
			last = p.Line
		}
		for _, link := range file.Chain.Links {
			if _, ok := file.Chain.Person(link.Coach); !ok {
				t.Fatalf("nobody is %q", link.Coach)
			}
		}
	})
}
