package web

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tasuki/internal/testdb"
)

// listen serves a world on a real port until the test ends.
func (w *world) listen() (address string) {
	w.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.app.Listener(listener) }()
	w.t.Cleanup(func() {
		if err := errors.Join(w.app.Shutdown(), <-done); err != nil {
			w.t.Error(err)
		}
	})
	return listener.Addr().String()
}

// patience is when a test gives up on a server that hangs; nothing good takes long.
const patience = 2 * time.Minute

// exchange sends bytes as they are and returns all that comes back until the server
// closes, or until it waits for more.
func exchange(t *testing.T, address, request string) (got string, closed bool) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, request) // the server may close before it has read all
	c.SetReadDeadline(time.Now().Add(patience))
	r := bufio.NewReader(c)
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		return "", true
	}
	var all strings.Builder
	fmt.Fprintf(&all, "%d\n", answer.StatusCode)
	answer.Header.Write(&all)
	body, _ := io.ReadAll(answer.Body)
	all.Write(body)
	if !answer.Close {
		return all.String(), false
	}
	rest, err := io.ReadAll(r)
	all.Write(rest)
	return all.String(), err == nil || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "reset")
}

// malformed are requests that no browser sends. What two programs on the way could
// read in two ways must be refused, and the connection ended.
var malformed = map[string]string{
	"two lengths that differ":        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nMARK",
	"two lengths that are the same":  "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nMARK",
	"a list of lengths":              "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 4\r\n\r\nMARK",
	"length and chunks":              "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nMARK",
	"chunks and length":              "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nMARK",
	"two transfer encodings":         "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"chunked twice":                  "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
	"an unknown transfer encoding":   "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: MARK\r\n\r\n0\r\n\r\n",
	"a hidden transfer encoding":     "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
	"a negative length":              "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nMARK",
	"a length with a sign":           "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nMARK",
	"a length in hexadecimal":        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 0x4\r\n\r\nMARK",
	"a length that is a word":        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: MARK\r\n\r\nMARK",
	"a length beyond counting":       "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nMARK",
	"a chunk size that is a word":    "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nMARK\r\n",
	"a negative chunk":               "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nMARK\r\n0\r\n\r\n",
	"a NUL in the address":           "GET /MARK\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
	"a NUL in a header":              "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-A: MA\x00RK\r\n\r\n",
	"a NUL in a header's name":       "GET /sign-in HTTP/1.1\r\nHost: x\r\nX\x00MARK: a\r\n\r\n",
	"no host":                        "GET /MARK HTTP/1.1\r\n\r\n",
	"two hosts":                      "GET /MARK HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
	"line feeds alone":               "GET /MARK HTTP/1.1\nHost: x\n\n",
	"a line feed inside a header":    "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-A: a\nX-MARK: b\r\n\r\n",
	"a carriage return in a header":  "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-A: a\rX-MARK: b\r\n\r\n",
	"a space before the colon":       "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-MARK : a\r\n\r\n",
	"a header without a colon":       "GET /sign-in HTTP/1.1\r\nHost: x\r\nMARK\r\n\r\n",
	"a header without a name":        "GET /sign-in HTTP/1.1\r\nHost: x\r\n: MARK\r\n\r\n",
	"a folded header":                "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-A: a\r\n MARK\r\n\r\n",
	"a first header that is folded":  "GET /sign-in HTTP/1.1\r\n MARK: x\r\nHost: x\r\n\r\n",
	"an old protocol":                "GET /MARK\r\n\r\n",
	"an unknown protocol":            "GET /MARK HTTP/9.9\r\nHost: x\r\n\r\n",
	"a protocol that is a word":      "GET /MARK FTP\r\nHost: x\r\n\r\n",
	"no address":                     "GET HTTP/1.1\r\nHost: x\r\nX-A: MARK\r\n\r\n",
	"an empty first line":            "\x01\x02 MARK\r\n\r\n",
	"a method with other letters":    "GE\x01T /MARK HTTP/1.1\r\nHost: x\r\n\r\n",
	"headers longer than any":        "GET /MARK HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 2*maxHeaders) + "\r\n\r\n",
	"an address longer than any":     "GET /MARK" + strings.Repeat("a", 2*maxHeaders) + " HTTP/1.1\r\nHost: x\r\n\r\n",
	"a body longer than any":         fmt.Sprintf("POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\nMARK", maxBody+1),
	"chunks longer than any":         "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n", maxBody+1, strings.Repeat("m", maxBody+1)) + "0\r\n\r\n",
	"a body of parts without an end": "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 4\r\n\r\nMARK",
}

func TestMalformedRequestsAreRefusedAndTheConnectionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testdb.Open(t, t.TempDir()+"/tasuki.db"), "https://tasuki.example.com")
	address := w.listen()
	for name, request := range malformed {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // some are given time to send the rest
			got, closed := exchange(t, address, request)
			if !closed {
				t.Errorf("the connection stays open after %.60q", got)
			}
			if got != "" && !strings.HasPrefix(got, "4") && !strings.HasPrefix(got, "505") {
				t.Errorf("answered %.80q", got)
			}
			if strings.Contains(got, "MARK") || strings.Contains(got, "fasthttp") {
				t.Errorf("the answer repeats the request: %q", got)
			}
			if got != "" {
				checkSafe(t, got)
			}
		})
	}
}

// calendarHeaders: a calendar may be kept by who asked for it, and its secret address
// goes nowhere.
var calendarHeaders = map[string]string{"Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}

// checkSafe wants the headers of every answer, and nothing of what is inside.
func checkSafe(t *testing.T, got string) {
	t.Helper()
	got = strings.Replace(got, "; sandbox\r\n", "\r\n", 1) // a download may do less still
	for header, value := range safeHeaders {
		if header == "Cache-Control" && (strings.Contains(got, "Content-Type: text/css") || strings.HasPrefix(got, "304")) {
			continue // an asset has its own
		}
		if strings.Contains(got, "Content-Type: text/calendar") {
			value = cmp.Or(calendarHeaders[header], value)
		}
		if !strings.Contains(got, header+": "+value+"\r\n") {
			t.Errorf("%s is missing in %.500q", header, got)
		}
	}
	if !strings.Contains(got, "Strict-Transport-Security: max-age=") {
		t.Error("no HSTS although people come over https")
	}
	checkHygiene(t, got)
}

// inside are words that only the program's own parts use.
var inside = []string{"pq:", "sqlite", "sql:", "SQLSTATE", "panic", "goroutine", ".go:", "runtime error", "fasthttp", "fiber", "\r\nServer:", "X-Powered-By", "/root/", "tasuki.db", "constraint", "no rows"}

func checkHygiene(t *testing.T, got string) {
	t.Helper()
	for _, word := range inside {
		if strings.Contains(strings.ToLower(got), strings.ToLower(word)) {
			t.Errorf("%q stands in %.600q", word, got)
		}
	}
}

func TestEveryAnswerCarriesTheSafeHeaders(t *testing.T) {
	w := newWorld(t, testdb.Open(t, t.TempDir()+"/tasuki.db"), "https://tasuki.example.com")
	address := w.listen()
	send := func(method, target, cookie, rest string) string {
		got, _ := exchange(t, address, method+" "+target+" HTTP/1.1\r\nHost: tasuki.example.com\r\nConnection: close\r\nCookie: __Host-tasuki="+cookie+"\r\n"+rest+"\r\n")
		if got == "" {
			t.Errorf("%s %s: no answer", method, target)
		}
		return got
	}
	cookie := strings.TrimPrefix(w.as("admin").cookie, "tasuki=")
	for _, e := range expectations(t) {
		ids, _ := w.thing(e.about, "admin", "own")
		target := strings.NewReplacer(":id", ids[0], ":token", ids[0], ":name", ids[0], ":flag", ids[1], ":member", ids[1], ":place", ids[1]).Replace(e.path)
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "OPTIONS"} {
			rest := ""
			if method == "POST" || method == "PUT" {
				rest = "Content-Length: 0\r\n"
			}
			checkSafe(t, send(method, target, cookie, rest))
			checkSafe(t, send(method, target, "stranger", rest))
		}
	}
	for name, got := range map[string]string{
		"an unknown method": send("BREW", "/ask", cookie, ""),
		"a lower method":    send("get", "/ask", cookie, ""),
		"TRACE":             send("TRACE", "/ask", cookie, "X-Echo: MARK\r\n"),
		"a packed body":     send("POST", "/ask", cookie, "Content-Encoding: gzip\r\nContent-Length: 0\r\n"),
		"a broken address":  send("GET", "/articles?topic=%00", cookie, ""),
		"broken letters":    send("GET", "/articles?words=%ff", cookie, ""),
		"a whole address":   send("GET", "http://evil.example/ask", cookie, ""),
		"climbing out":      send("GET", "/assets/../../etc/passwd", cookie, ""),
		"climbing quietly":  send("GET", "/assets/..%2f..%2fetc%2fpasswd", cookie, ""),
	} {
		checkSafe(t, got)
		if strings.Contains(got, "MARK") || strings.Contains(got, "root:") || strings.Contains(got, "evil.example") {
			t.Errorf("%s: %.300q", name, got)
		}
	}
}

// A person on a slow line is not kept for ever, nor is an attacker with a thousand.
func TestSlowSendersAreClosed(t *testing.T) {
	t.Parallel()
	w := sqliteWorld(t)
	address := w.listen()
	for name, begin := range map[string]string{
		"in the headers": "GET /sign-in HTTP/1.1\r\nHost: x\r\nX-A:",
		"in the body":    "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, closed := exchange(t, address, begin); !closed || strings.HasPrefix(got, "2") {
				t.Errorf("it waits on: %.80q", got)
			}
		})
	}
}
