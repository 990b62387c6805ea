package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tasuki/internal/store"
	"tasuki/internal/testdb"
)

// patience is when a test gives up on a program that hangs.
const patience = 2 * time.Minute

// built is the program as people run it, built once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tasuki-test-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // another user runs it in one test
		return "", err
	}
	path := filepath.Join(dir, "tasuki")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := built(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// command is the program with these variables and no others of its own.
func command(t testing.TB, variables []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "TASUKI_") {
			cmd.Env = append(cmd.Env, line)
		}
	}
	cmd.Env = append(cmd.Env, variables...)
	return cmd
}

// program is one that serves.
type program struct {
	cmd     *exec.Cmd
	address string
	log     *bytes.Buffer // to be read after the end
}

func startProgram(t testing.TB, variables []string, args ...string) program {
	t.Helper()
	cmd := command(t, variables, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "Tasuki: "); ok {
			return program{cmd, address, log}
		}
	}
	cmd.Wait()
	t.Fatalf("the program ended before it listened: %s", log)
	return program{}
}

func (p program) host() string { return strings.TrimPrefix(p.address, "http://") }

// ended waits for the end and tells how it was; a program that hangs is killed.
func (p program) ended(t *testing.T) *os.ProcessState {
	t.Helper()
	watchdog := time.AfterFunc(patience, func() {
		t.Error("the program hangs")
		p.cmd.Process.Kill()
	})
	defer watchdog.Stop()
	p.cmd.Wait()
	return p.cmd.ProcessState
}

// What cannot work is said in one line, and the program ends.
func TestAStartThatCannotWorkIsSaidInOneLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer")
	makeNewer(t, filepath.Join(newer, "tasuki.db"))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	good := filepath.Join(dir, "good")
	for name, test := range map[string]struct {
		variables []string
		says      string
	}{
		"a file in place of the folder":       {[]string{"TASUKI_DATA_DIR=" + file}, "data folder"},
		"a folder that cannot be made":        {[]string{"TASUKI_DATA_DIR=" + filepath.Join(file, "x")}, "data folder"},
		"a folder of the kernel":              {[]string{"TASUKI_DATA_DIR=/proc/self/tasuki"}, "data folder"},
		"a database of a newer program":       {[]string{"TASUKI_DATA_DIR=" + newer}, "newer version of tasuki"},
		"a port that is taken":                {[]string{"TASUKI_DATA_DIR=" + good, "TASUKI_LISTEN=" + taken.Addr().String()}, "address already in use"},
		"no database there":                   {[]string{"TASUKI_DATABASE_URL=postgres://u:s3cr3t@127.0.0.1:1/x?sslmode=disable"}, "connection refused"},
		"an address of a database that isn't": {[]string{"TASUKI_DATABASE_URL=postgres://u:s3cr3t@127.0.0.1:port/x"}, "database address"},
		"a base that is no address":           {[]string{"TASUKI_BASE_URL=tasuki.example.com"}, "TASUKI_BASE_URL"},
		"a zone that is none":                 {[]string{"TASUKI_TIME_ZONE=Asia/Tokio"}, "TASUKI_TIME_ZONE"},
		"a value and a file":                  {[]string{"TASUKI_BASE_URL=http://a", "TASUKI_BASE_URL_FILE=" + file}, "both set"},
		"a file that is missing":              {[]string{"TASUKI_DATABASE_URL_FILE=/nowhere"}, "TASUKI_DATABASE_URL_FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			variables := append([]string{"TASUKI_LISTEN=127.0.0.1:0", "TASUKI_DATA_DIR=" + good}, test.variables...)
			checkRefusedStart(t, command(t, variables, "serve"), test.says)
		})
	}
	t.Run("a folder of somebody else", func(t *testing.T) {
		checkRefusedStart(t, asNobody(t, command(t, []string{"TASUKI_LISTEN=127.0.0.1:0", "TASUKI_DATA_DIR=" + readOnly(t)}, "serve")), "data folder cannot be written to")
	})
}

func checkRefusedStart(t *testing.T, cmd *exec.Cmd, says string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	state := program{cmd: cmd}.ended(t)
	said := errs.String()
	if state.ExitCode() != 1 || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "tasuki: ") || !strings.Contains(said, says) {
		t.Errorf("ended with %d and said %q, want %q", state.ExitCode(), said, says)
	}
	if strings.Contains(said+out.String(), "s3cr3t") || strings.Contains(said, "goroutine") {
		t.Errorf("it tells a secret: %q", said)
	}
}

func makeNewer(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)"); err != nil {
		t.Fatal(err)
	}
}

// readOnly returns a folder that only its owner, root or not, could open up again.
func readOnly(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tasuki-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700); os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	return dir
}

// asNobody takes root's rights from a command, since root may write everywhere.
func asNobody(t *testing.T, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	cmd.Dir = "/"
	return cmd
}

func TestAMisspeltVariableIsPointedOut(t *testing.T) {
	cmd := command(t, []string{"TASUKI_DATA_DRI=/x", "TASUKI_DATA_DIR=" + t.TempDir()}, "migrate")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "TASUKI_DATA_DRI") || strings.Contains(string(out), "TASUKI_DATA_DIR") {
		t.Errorf("%v: %s", err, out)
	}
}

// The first signal lets a running request finish; nobody new gets in.
func TestAStopWaitsForWhatIsRunning(t *testing.T) {
	p := startProgram(t, nil, "--data-dir", t.TempDir())
	c := halfRequest(t, p)
	defer c.Close()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitUntilClosed(t, p)
	if _, err := c.Write([]byte("mail=a")); err != nil {
		t.Error(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || answer.StatusCode != http.StatusUnauthorized { // a form without a token: answered, though
		t.Errorf("the running request got %v, %v", answer, err)
	}
	c.Close()
	if state := p.ended(t); state.ExitCode() != 0 {
		t.Errorf("ended with %v", state)
	}
}

// The second signal ends at once, whatever is running.
func TestASecondSignalEndsAtOnce(t *testing.T) {
	p := startProgram(t, nil, "--data-dir", t.TempDir())
	c := halfRequest(t, p)
	defer c.Close()
	p.cmd.Process.Signal(syscall.SIGTERM)
	waitUntilClosed(t, p)
	p.cmd.Process.Signal(syscall.SIGTERM)
	// One that waited for the request would end by itself, not by the signal.
	if status, ok := p.ended(t).Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("ended with %v", p.cmd.ProcessState)
	}
}

// halfRequest begins a form and leaves out its end.
func halfRequest(t *testing.T, p program) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.host())
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(c, "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ne")
	if answer, err := http.Get(p.address + "/healthz"); err != nil || answer.StatusCode != http.StatusOK { // the server has taken both by now
		t.Fatal(answer, err)
	}
	http.DefaultClient.CloseIdleConnections()
	return c
}

// waitUntilClosed returns when the program takes no new connections.
func waitUntilClosed(t *testing.T, p program) {
	t.Helper()
	for range 1000 {
		c, err := net.Dial("tcp", p.host())
		if err != nil {
			return
		}
		c.Close()
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("it still takes new connections")
}

func TestFourMayStartAtOnceOnAnEmptyDatabase(t *testing.T) {
	for kind, address := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			variables := []string{"TASUKI_DATA_DIR=" + t.TempDir()}
			if kind == "postgres" {
				variables = append(variables, "TASUKI_DATABASE_URL="+address)
			}
			var wait sync.WaitGroup
			for range 4 {
				cmd := command(t, variables, "migrate")
				wait.Go(func() {
					if out, err := cmd.CombinedOutput(); err != nil {
						t.Errorf("%v: %s", err, out)
					}
				})
			}
			wait.Wait()
		})
	}
}
