// Command notices prints the licences of everything that is linked into the
// program or served by it: what cmd/tasuki/notices.txt has to hold.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

// notice is one licence text with whose it is. Many share a text to the letter.
type notice struct {
	of   []string
	text string
}

func run() error {
	places, err := places()
	if err != nil {
		return err
	}
	var list []*notice
	at := map[string]*notice{}
	for _, p := range places {
		text, err := p.licence()
		if err != nil {
			return err
		}
		if at[text] == nil {
			at[text] = &notice{text: text}
			list = append(list, at[text])
		}
		at[text].of = append(at[text].of, p.name)
	}
	fmt.Println("Tasuki is built with, or serves, the work of others. Each is named above its licence.")
	for _, n := range list {
		rule := strings.Repeat("=", 78)
		fmt.Printf("\n%s\n%s\n%s\n\n%s\n", rule, strings.Join(n.of, "\n"), rule, n.text)
	}
	return nil
}

// place is where one part's licence lies.
type place struct{ name, dir, files string }

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|credits)[^/]*$`)

func (p place) licence() (string, error) {
	files, err := filepath.Glob(filepath.Join(p.dir, p.files))
	if err != nil {
		return "", err
	}
	if inside, err := filepath.Glob(filepath.Join(p.dir, "LICENSES", "*")); err == nil && p.files == "*" {
		files = append(files, inside...) // of parts that came from elsewhere
	}
	var parts []string
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			continue
		}
		inside := filepath.Base(filepath.Dir(file)) == "LICENSES"
		if !licenceName.MatchString(filepath.Base(file)) && !inside && p.files == "*" || strings.HasSuffix(file, ".go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		parts = append(parts, strings.TrimSpace(strings.ReplaceAll(string(raw), "\r\n", "\n")))
	}
	if len(parts) == 0 {
		return "", fmt.Errorf("%s has no licence", p.name)
	}
	return strings.Join(parts, "\n\n"), nil
}

// places lists Go itself, the modules of the Linux program, and the files in views.
func places() ([]place, error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/tasuki")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	list := []place{{"The Go programming language and its standard library", runtime.GOROOT(), "LICENSE"}}
	seen := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		name, dir, ok := strings.Cut(lines.Text(), "\t")
		if ok && !seen[name] {
			seen[name] = true
			list = append(list, place{name, dir, "*"})
		}
	}
	slices.SortStableFunc(list[1:], func(a, b place) int { return strings.Compare(a.name, b.name) })
	assets, err := filepath.Glob("views/assets/licenses/*.txt")
	for _, a := range assets {
		list = append(list, place{"views: " + strings.TrimSuffix(filepath.Base(a), ".txt"), filepath.Dir(a), filepath.Base(a)})
	}
	return list, err
}
