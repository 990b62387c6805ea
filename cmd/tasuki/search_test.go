package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tasuki/internal/testdb"
)

// onTerminal runs the program's own command line and returns what it printed.
func onTerminal(t *testing.T, args ...string) (string, error) {
	t.Helper()
	t.Setenv("TASUKI_DATABASE_URL", "")
	var out bytes.Buffer
	cmd := root()
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(context.Background())
	return out.String(), err
}

func TestATerminalFindsPastAnswers(t *testing.T) {
	dir := t.TempDir()
	if err := fill(context.Background(), testdb.Open(t, filepath.Join(dir, "tasuki.db")), true); err != nil {
		t.Fatal(err)
	}
	const mail = "お世話になっております。製造部の大野です。\n図面データをUSBメモリで渡してもよいでしょうか。\nよろしくお願いいたします。"
	out, err := onTerminal(t, "search", "--data-dir", dir, mail)
	if err != nil || !strings.Contains(strings.SplitN(out, "\n", 2)[0], "USB") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = onTerminal(t, "search", "--json", "--data-dir", dir, mail)
	var hits []found
	if err != nil || json.Unmarshal([]byte(out), &hits) != nil || len(hits) == 0 || hits[0].Short == "" {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = onTerminal(t, "search", "--data-dir", dir, "zzzzqqqq")
	if err != nil || !strings.Contains(out, "No past answer") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = onTerminal(t, "search", "--json", "--data-dir", dir, "zzzzqqqq"); err != nil || strings.TrimSpace(out) != "[]" {
		t.Errorf("%v\n%s", err, out)
	}
}
