package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies what is missing, in one transaction. Migrations are only ever added: a file that was released is
// not edited again, and a database that has more of them than this program is refused. So is one of the other kind,
// which is left as it was.
func migrate(ctx context.Context, db *sql.DB, kind string) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit there is nothing to roll back
	have, err := version(ctx, tx)
	if err != nil {
		return err
	}
	if have > len(files) {
		return ErrNewer
	}
	if err := checkKind(ctx, tx, kind); err != nil {
		return err
	}
	for _, file := range files[have:] {
		text, err := migrations.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE meta SET value = $1 WHERE key = 'schema'`, len(files)); err != nil {
		return err
	}
	return tx.Commit()
}

func version(ctx context.Context, tx *sql.Tx) (int, error) {
	for _, q := range []string{
		`CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)`,
		`INSERT INTO meta (key, value) VALUES ('schema', '0') ON CONFLICT (key) DO NOTHING`,
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return 0, err
		}
	}
	var have int
	err := tx.QueryRowContext(ctx, `SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'schema'`).Scan(&have)
	return have, err
}

// checkKind marks a new database and refuses one of the other kind.
func checkKind(ctx context.Context, tx *sql.Tx, want string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO meta (key, value) VALUES ('kind', $1) ON CONFLICT (key) DO NOTHING`, want); err != nil {
		return fmt.Errorf("marking the database: %w", err)
	}
	var kind string
	if err := tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'kind'`).Scan(&kind); err != nil {
		return fmt.Errorf("reading the database's kind: %w", err)
	}
	switch {
	case kind == want:
		return nil
	case kind == rehearsal:
		return ErrRehearsal
	default:
		return ErrReal
	}
}
