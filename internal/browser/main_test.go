// Package browser has no code: its tests walk through the built program with
// Chromium, as a person at a desk or with a phone would. They run where
// TASUKI_TEST_CHROMIUM names the browser; named and missing fails.
package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// What all tests share: the program they visit, the demo department it shows, and
// one browser in which each test has a profile of its own.
var (
	chromium, binary string
	demo             program
	chrome           context.Context
)

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

// runWithProgram builds the program, opens its demo department and a browser, and
// runs the tests.
func runWithProgram(m *testing.M) (int, error) {
	if _, err := exec.LookPath(chromium); err != nil {
		return 1, fmt.Errorf("TASUKI_TEST_CHROMIUM is set, but: %w", err)
	}
	dir, err := os.MkdirTemp("", "tasuki-browser")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "tasuki")
	if out, err := exec.Command("go", "build", "-o", binary, "tasuki/cmd/tasuki").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w\n%s", err, out)
	}
	if demo, err = start("demo", filepath.Join(dir, "demo")); err != nil {
		return 1, err
	}
	defer demo.stop()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	allocator, closeAll := chromedp.NewExecAllocator(context.Background(), options...)
	defer closeAll()
	var closeBrowser func()
	chrome, closeBrowser = chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(chrome); err != nil {
		return 1, fmt.Errorf("open the browser: %w", err)
	}
	return m.Run(), nil
}

// program is the running program: where its pages are, and the link that it prints
// for the first person.
type program struct {
	base, welcome string
	command       *exec.Cmd
}

var (
	address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	setUp   = regexp.MustCompile(`/welcome/\S+`)
)

// start runs "demo" or "serve" on a folder and waits until it is ready.
func start(kind, folder string) (program, error) {
	p := program{command: exec.Command(binary, kind, "--listen", "127.0.0.1:0", "--data-dir", folder)}
	p.command.Stderr = os.Stderr
	out, err := p.command.StdoutPipe()
	if err != nil {
		return p, err
	}
	if err := p.command.Start(); err != nil {
		return p, err
	}
	lines := bufio.NewScanner(out)
	for (p.base == "" || kind == "serve" && p.welcome == "") && lines.Scan() {
		p.base = address.FindString(lines.Text())
		p.welcome = setUp.FindString(lines.Text())
	}
	go io.Copy(io.Discard, out)
	if err := p.waitReady(); err != nil {
		p.stop()
		return p, err
	}
	return p, nil
}

func (p program) stop() {
	p.command.Process.Kill()
	p.command.Wait()
}

// waitReady waits until the pages answer and the index has caught up.
func (p program) waitReady() error {
	last := errors.New("it never answered")
	for range 600 {
		answer, err := http.Get(p.base + "/readyz")
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
