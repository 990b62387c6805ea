package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// terminal is a command with a person at its keyboard.
type terminal struct {
	t    *testing.T
	cmd  *exec.Cmd
	keys *os.File
	mu   sync.Mutex
	seen bytes.Buffer
	grew chan struct{}
	done chan struct{} // closed when the command has let go of the terminal
}

func (p placed) terminal(args ...string) *terminal {
	p.t.Helper()
	tm := &terminal{t: p.t, cmd: exec.Command(p.binary, args...), grew: make(chan struct{}, 1), done: make(chan struct{})}
	tm.cmd.Env = append(p.env, "TERM=xterm")
	var err error
	if tm.keys, err = pty.StartWithSize(tm.cmd, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { tm.cmd.Process.Kill(); tm.keys.Close() })
	go tm.read()
	return tm
}

func (tm *terminal) read() {
	defer close(tm.done)
	part := make([]byte, 4096)
	for {
		n, err := tm.keys.Read(part)
		tm.mu.Lock()
		tm.seen.Write(part[:n])
		tm.mu.Unlock()
		select {
		case tm.grew <- struct{}{}:
		default:
		}
		if err != nil { // the other side is closed
			return
		}
	}
}

func (tm *terminal) screen() string {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	return tm.seen.String()
}

// waitFor returns when the screen has shown something.
func (tm *terminal) waitFor(want string) {
	tm.t.Helper()
	pattern, limit := regexp.MustCompile(want), time.After(patience)
	for !pattern.MatchString(tm.screen()) {
		select {
		case <-tm.grew:
		case <-tm.done:
			if !pattern.MatchString(tm.screen()) {
				tm.t.Fatalf("the command ended without %q:\n%s", want, tm.screen())
			}
		case <-limit:
			tm.t.Fatalf("no %q in:\n%s", want, tm.screen())
		}
	}
}

func (tm *terminal) press(keys string) {
	tm.t.Helper()
	if _, err := tm.keys.WriteString(keys); err != nil {
		tm.t.Fatal(err)
	}
}

// end waits for the command and returns its exit code and everything shown.
func (tm *terminal) end() (int, string) {
	tm.t.Helper()
	select {
	case <-tm.done:
	case <-time.After(patience):
		tm.t.Fatalf("the command does not end:\n%s", tm.screen())
	}
	tm.cmd.Wait()
	return tm.cmd.ProcessState.ExitCode(), tm.screen()
}

// manyRows is a file that takes a while to bring in.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString("質問,回答\n")
	for i := range n {
		fmt.Fprintf(&b, "持ち出しの質問 その%d,「あずけ箱」で送ってください。%d\n", i, i)
	}
	return b.String()
}

// barMoves is a bar that is past its beginning.
const barMoves = `Writing +[0-9]+% \|.*\([1-9][0-9]*/[0-9]+`

func TestAtATerminalTheImportAsksAndShowsHowFarItIs(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		const rows = 8000 // enough for the bar to be drawn more than once on a fast machine
		file := p.file("many.csv", manyRows(rows))
		for _, no := range []string{"n\r", "\r", "ye\r", "\x04"} { // ^D closes the keyboard
			tm := p.terminal("import", "answers", file)
			tm.waitFor(`Bring in 8000 new and change 0\? \[y/N\] $`)
			tm.press(no)
			if code, shown := tm.end(); code != 1 || !strings.Contains(shown, "tasuki: nothing was changed") || strings.Contains(shown, "Writing") {
				t.Errorf("%q ended with %d:\n%s", no, code, shown)
			}
		}
		count(t, s, 0)
		tm := p.terminal("import", "answers", file)
		tm.waitFor(`\[y/N\] $`)
		tm.press("y\r")
		tm.waitFor(barMoves)
		if code, shown := tm.end(); code != 0 || !strings.Contains(shown, "Done: 8000 new") {
			t.Errorf("ended with %d:\n%s", code, shown)
		}
		count(t, s, rows)
	})
}

// A bar of an import into a pipe would be noise in a log.
func TestWithoutATerminalThereIsNoBar(t *testing.T) {
	programs(t, func(t *testing.T, p placed, _ *store.Store) {
		out := p.expect(true, []string{"import", "answers", p.file("some.csv", manyRows(300)), "--yes"}, "Done: 300 new")
		if strings.ContainsAny(out, "\r\x1b") || strings.Contains(out, "Writing") {
			t.Errorf("a bar in a pipe: %q", out)
		}
	})
}

func TestAnImportKilledHalfwayLeavesNothingAndCanBeDoneAgain(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		const rows = 5000
		file := p.file("many.csv", manyRows(rows))
		before := everything(t, s)
		for range 3 {
			tm := p.terminal("import", "answers", file, "--yes")
			tm.waitFor(barMoves)
			if err := tm.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if code, shown := tm.end(); code != -1 || strings.Contains(shown, "Done") {
				t.Fatalf("it ended by itself with %d:\n%s", code, shown)
			}
			if after := everything(t, s); after != before {
				t.Errorf("the killed import left %+v, before it was %+v", after, before)
			}
		}
		p.expect(true, []string{"import", "answers", file, "--yes"}, "Done: 5000 new, 0 changed, 0 left out")
		count(t, s, rows)
		p.expect(true, []string{"import", "answers", file, "--yes"}, "0 new, 0 changed, 5000 the same")
	})
}

// held is how much of everything that an import writes there is.
type held struct{ articles, imports, topics, changes int }

func everything(t *testing.T, s *store.Store) (h held) {
	t.Helper()
	var err error
	if _, h.articles, err = s.Articles(t.Context(), team.Operator(), store.ArticleFilter{}); err != nil {
		t.Fatal(err)
	}
	if _, h.imports, err = s.Imports(t.Context(), team.Operator(), 0); err != nil {
		t.Fatal(err)
	}
	topics, err := s.Topics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes, err := s.Changes(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	h.topics, h.changes = len(topics), len(changes)
	return h
}
