package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASecretMayComeFromAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(path, []byte("postgres://db\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	values, err := withFiles([]string{"TASUKI_DATABASE_URL_FILE=" + path, "HOME=/"})
	if err != nil || values["TASUKI_DATABASE_URL"] != "postgres://db" || len(values) != 1 {
		t.Errorf("got %v, %v", values, err)
	}
	_, err = withFiles([]string{"TASUKI_DATABASE_URL_FILE=" + path, "TASUKI_DATABASE_URL=x"})
	if err == nil || !strings.Contains(err.Error(), "both set") {
		t.Errorf("both: %v", err)
	}
	if _, err = withFiles([]string{"TASUKI_DATABASE_URL_FILE=/nowhere"}); err == nil {
		t.Error("a missing file must be said")
	}
}
