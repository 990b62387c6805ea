// Package internal has no code: its test keeps the map of who may import whom.
package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the map of the code: what stands left builds on what stands right,
// and on nothing else of ours. Tests may use sample and testdb besides.
var mayImport = map[string]string{
	"cmd/tasuki":      "web search store jobs mail risk plan sheet jsonfile auth i18n sample team text",
	"internal/web":    "store search risk plan coach sheet text auth i18n team views",
	"internal/search": "team text",
	"internal/store":  "team text migrations",
	"internal/jobs":   "store mail team i18n",
	"internal/risk":   "team",
	"internal/plan":   "jsonfile text",
	"internal/sheet":  "text team",
	"internal/sample": "team text",
	"internal/testdb": "store sample team",
	"internal/team":   "text",
	"internal/text":   "", "internal/jsonfile": "", "internal/i18n": "", "internal/auth": "", "internal/mail": "", "views": "", "migrations": "",
}

func TestTheMapOfImportsHolds(t *testing.T) {
	seen := map[string]bool{}
	for _, root := range []string{"../cmd", ".", "../views", "../migrations"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			of := filepath.ToSlash(filepath.Join("internal", filepath.Dir(path)))
			of = strings.TrimPrefix(filepath.ToSlash(filepath.Clean(of)), "internal/../")
			allowed, known := mayImport[of]
			if !known {
				t.Errorf("%s is not on the map", of)
			}
			seen[of] = true
			checkImports(t, path, strings.Fields(allowed))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !seen["cmd/tasuki"] || !seen["internal/store"] || !seen["views"] {
		t.Errorf("the walk missed packages: %v", seen)
	}
}

func checkImports(t *testing.T, path string, allowed []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		ours, found := strings.CutPrefix(name, "tasuki/")
		if found && !slices.Contains(allowed, strings.TrimPrefix(ours, "internal/")) {
			t.Errorf("%s imports %s", path, name)
		}
	}
}
