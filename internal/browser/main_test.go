// Package browser has no code: its tests walk through the built program with
// Chromium, as a person at a desk or with a phone would. They run where
// TASUKI_TEST_CHROMIUM names the browser; named and missing fails.
package browser

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

var base, chromium string

func TestMain(m *testing.M) {
	chromium = os.Getenv("TASUKI_TEST_CHROMIUM")
	if chromium == "" {
		fmt.Println("TASUKI_TEST_CHROMIUM is not set: no browser is run")
		os.Exit(0)
	}
	code, err := runWithProgram(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser tests:", err)
		code = 1
	}
	os.Exit(code)
}

// runWithProgram builds the program, opens its demo department and runs the tests.
func runWithProgram(m *testing.M) (int, error) {
	if _, err := exec.LookPath(chromium); err != nil {
		return 1, fmt.Errorf("TASUKI_TEST_CHROMIUM is set, but: %w", err)
	}
	dir, err := os.MkdirTemp("", "tasuki-browser")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "tasuki")
	if out, err := exec.Command("go", "build", "-o", binary, "tasuki/cmd/tasuki").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w\n%s", err, out)
	}
	program := exec.Command(binary, "demo", "--listen", "127.0.0.1:0", "--data-dir", filepath.Join(dir, "data"))
	program.Stderr = os.Stderr
	out, err := program.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := program.Start(); err != nil {
		return 1, err
	}
	defer func() {
		program.Process.Kill()
		program.Wait()
	}()
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	lines := bufio.NewScanner(out)
	for base == "" && lines.Scan() {
		base = address.FindString(lines.Text())
	}
	if err := waitReady(); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// waitReady waits until the pages answer and the index has caught up.
func waitReady() error {
	var last error
	for range 600 {
		answer, err := http.Get(base + "/readyz")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("/readyz answered %s", answer.Status)
		}
		last = err
		time.Sleep(100 * time.Millisecond)
	}
	return last
}
