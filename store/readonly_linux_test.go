package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A read-only mount refuses root too, which a file's mode does not.
func TestAFileThatMayNotBeWrittenIsNamedAsSuch(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("mounting a file system needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	data, err := os.ReadFile(closed(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	full, empty := filepath.Join(folder, "threedeep.db"), filepath.Join(folder, "empty.db")
	if err := errors.Join(os.WriteFile(full, data, 0o600), os.WriteFile(empty, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=4m"); err != nil {
		t.Skipf("mounting a file system needs root: %v", err)
	}
	for _, path := range []string{full, empty, filepath.Join(folder, "new.db")} {
		wantSentence(t, path, Options{}, "can't be opened for writing")
	}
}
