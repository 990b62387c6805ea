package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tasuki/internal/testdb"
)

// hole is a line to a database that can stop carrying anything, in both
// directions, without any connection being closed.
type hole struct {
	address string
	open    atomic.Bool
}

func newHole(t *testing.T, target string) *hole {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	h := &hole{address: listener.Addr().String()}
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			to, err := net.Dial("tcp", target)
			if err != nil {
				from.Close()
				continue
			}
			go h.carry(from, to)
			go h.carry(to, from)
		}
	}()
	return h
}

// carry copies from one end to the other; what arrives while the hole is open is lost.
func (h *hole) carry(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if h.open.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// A database behind a line that swallows everything: pages say so before people give
// up, the process is known to live, and all is well again when the line is.
func TestADatabaseThatSwallowsEverythingIsToldInTime(t *testing.T) {
	t.Parallel()
	for kind, address := range testdb.URLs(t) {
		if kind != "postgres" {
			continue // a file has no line
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		line := newHole(t, u.Host)
		u.Host = line.address
		limits := u.Query() // those of tests leave time for a machine that others use too
		limits.Set("statement_timeout", "4000")
		u.RawQuery = limits.Encode()
		w := newWorld(t, testdb.Open(t, u.String()), "http://example.com")
		b := w.as("member")
		if got := b.ask(http.MethodGet, "/articles", nil); got.code != http.StatusOK {
			t.Fatalf("before: %d", got.code)
		}
		line.open.Store(true)
		checkNotHanging(t, request{http.MethodGet, "/articles", nil, false}, b)
		checkNotHanging(t, request{http.MethodPost, "/ask", url.Values{"text": {"USB"}}, true}, b)
		if got := b.ask(http.MethodGet, "/healthz", nil); got.code != http.StatusOK {
			t.Errorf("/healthz: %d", got.code)
		}
		if got := b.ask(http.MethodGet, "/readyz", nil); got.code != http.StatusServiceUnavailable || got.body != "database\n" {
			t.Errorf("/readyz: %d %q", got.code, got.body)
		}
		line.open.Store(false)
		healed := false
		for range 30 { // connections that were lost are found out one by one
			if healed = b.ask(http.MethodGet, "/articles", nil).code == http.StatusOK; healed {
				break
			}
		}
		if !healed {
			t.Error("it does not heal by itself")
		}
	}
}

// checkNotHanging wants an answer before any browser or proxy gives up; the watchdog
// is far beyond it.
func checkNotHanging(t *testing.T, r request, b *browser) {
	t.Helper()
	done := make(chan answer, 1)
	go func() { done <- r.send(b) }()
	select {
	case got := <-done:
		if got.code != http.StatusServiceUnavailable || !strings.Contains(got.body, "残っています") {
			t.Errorf("%s %s: %d: %.300s", r.method, r.target, got.code, got.body)
		}
		checkHygiene(t, got.body)
	case <-time.After(patience):
		t.Fatalf("%s %s hangs", r.method, r.target)
	}
}
