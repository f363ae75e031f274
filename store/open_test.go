package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// wantSentence opens a database that can't be opened, and looks at what the operator is told.
func wantSentence(t *testing.T, path string, o Options, want string) {
	t.Helper()
	s, err := Open(t.Context(), path, o)
	if err == nil {
		t.Fatal("it was opened", s.Close())
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("the operator is told %q, which does not say %q", err, want)
	}
}

// closed is a database with something in it, which nobody has open.
func closed(t *testing.T, o Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "threedeep.db")
	s, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, beginning())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// raw opens the file past the store.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", writerDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseIsOpenedAgainAsItWasLeft(t *testing.T) {
	s := open(t, closed(t, Options{}))
	if people, links, err := s.Size(t.Context()); err != nil || people != 2 || links != 1 {
		t.Errorf("%d people, %d links, %v", people, links, err)
	}
}

func TestClosingTwiceAndAfterAFailedOpenIsHarmless(t *testing.T) {
	s := fresh(t) // closed once more at the end
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
}

func TestANewerSchemaIsRefusedAndLeftAlone(t *testing.T) {
	path := closed(t, Options{})
	db := raw(t, path)
	run(t, db, `UPDATE meta SET value = '999' WHERE key = 'schema'`)
	wantSentence(t, path, Options{}, "newer version of Three Deep; start that version")
	_, err := Open(t.Context(), path, Options{})
	wantError(t, err, ErrNewer)
	var have string
	if err := db.QueryRowContext(t.Context(), `SELECT value FROM meta WHERE key = 'schema'`).Scan(&have); err != nil || have != "999" {
		t.Errorf("%q %v", have, err)
	}
}

func TestRehearsalsAndRealAnswersAreKeptApart(t *testing.T) {
	for _, c := range []struct {
		made, wanted Options
		err          error
	}{
		{Options{}, Options{Rehearsal: true}, ErrReal},
		{Options{Rehearsal: true}, Options{}, ErrRehearsal},
	} {
		path := closed(t, c.made)
		_, err := Open(t.Context(), path, c.wanted)
		wantError(t, err, c.err)
		s, err := Open(t.Context(), path, c.made)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// An upgrade of real answers must not come from a rehearsal that is refused a moment later.
func TestADatabaseOfTheOtherKindIsNotUpgraded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	db := raw(t, path)
	run(t, db, `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)`)
	run(t, db, `INSERT INTO meta VALUES ('kind', 'real'), ('schema', '0')`)
	_, err := Open(t.Context(), path, Options{Rehearsal: true})
	wantError(t, err, ErrReal)
	var tables int
	err = db.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_master WHERE type = 'table'`).Scan(&tables)
	if err != nil || tables != 1 {
		t.Errorf("%d tables, %v", tables, err)
	}
}

func TestADamagedFileIsNamedAsSuch(t *testing.T) {
	good, err := os.ReadFile(closed(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	headless := append([]byte(strings.Repeat("\xff", 4096)), good[4096:]...)
	for name, data := range map[string][]byte{
		"garbage": []byte(strings.Repeat("not a database ", 1000)), "truncated": good[:len(good)/2], "its first page lost": headless,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "threedeep.db")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			wantSentence(t, path, Options{}, "damaged or not a Three Deep database")
		})
	}
}

func TestAMissingFolderIsNamedAsSuch(t *testing.T) {
	wantSentence(t, filepath.Join(t.TempDir(), "missing", "threedeep.db"), Options{}, "check that its folder exists")
}

func TestAFileInUseByAnotherProgramIsNamedAsSuch(t *testing.T) {
	path := closed(t, Options{})
	other, err := raw(t, path).BeginTx(t.Context(), nil) // immediate, as the DSN says
	if err != nil {
		t.Fatal(err)
	}
	wantSentence(t, path, Options{Busy: time.Millisecond}, "in use by another program")
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestAPathOfAnyLettersIsOpened(t *testing.T) {
	for _, name := range []string{"a b.db", "100%.db", "what?.db", "dätä #1.db", "a&mode=ro.db"} {
		path := filepath.Join(t.TempDir(), name)
		commit(t, open(t, path), beginning())
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestAMigrationThatFailsLeavesNothingBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "threedeep.db")
	db := raw(t, path)
	run(t, db, `CREATE TABLE conversations (id TEXT)`) // in the way, halfway down the file
	wantSentence(t, path, Options{}, "already exists")
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil || name != "conversations" {
			t.Errorf("%s was left behind, %v", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
}

// Released migrations are never edited: a change of the schema is a new file, and a new line here.
func TestReleasedMigrationsStayAsTheyAre(t *testing.T) {
	released := []struct{ file, sum string }{
		{"migrations/0001_spine.sql", "443fa2d71cc19a10"},
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) != len(released) {
		t.Fatalf("%v %v", files, err)
	}
	for i, r := range released {
		text, err := migrations.ReadFile(files[i])
		sum := sha256.Sum256(text)
		if err != nil || files[i] != r.file || hex.EncodeToString(sum[:8]) != r.sum {
			t.Errorf("%s is %s, %v", files[i], hex.EncodeToString(sum[:8]), err)
		}
	}
}

// The outbox holds references: a column for words would be seen here.
func TestTheOutboxHasNoColumnForWords(t *testing.T) {
	const want = "id team key op kind subject part turn thread audience lane rank target due_at seq rev attempt owner " +
		"leased_until retry_at done_at outcome channel ts"
	s := fresh(t)
	rows, err := s.read.QueryContext(t.Context(), `SELECT * FROM deliveries`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil || strings.Join(columns, " ") != want {
		t.Errorf("%v %v", columns, err)
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
}
