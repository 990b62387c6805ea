package web

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/views"
)

func TestAnErrorIsAPageWithoutSecrets(t *testing.T) {
	secret := "dial tcp db.internal:5432: password authentication failed for user \"tasuki\""
	for _, test := range []struct {
		name string
		err  error
		code int
	}{
		{"missing", team.ErrNotFound, 404},
		{"refused looks like missing", fmt.Errorf("read: %w", team.ErrForbidden), 404},
		{"fiber's forbidden looks like missing", fiber.ErrForbidden, 404},
		{"saved by somebody else", team.ErrStale, 409},
		{"an undo too late", team.ErrTooLate, 409},
		{"invalid", team.Invalid{{Field: "title", Rule: team.Required}}, 422},
		{"out of time", fmt.Errorf("search: %w", context.DeadlineExceeded), 503},
		{"too large", fiber.ErrRequestEntityTooLarge, 413},
		{"too often", fiber.ErrTooManyRequests, 429},
		{"no room", fiber.NewError(507, secret), 507},
		{"a client's fault without sentences of its own", fiber.NewError(418, secret), 400},
		{"a fault", errors.New(secret), 500},
		{"a fault joined with a code", errors.Join(fiber.ErrBadGateway, errors.New(secret)), 500},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := testLook(t, true)
			app := testApp(t, l)
			app.Get("/x", func(*fiber.Ctx) error { return test.err })
			for _, htmx := range []string{"", "true"} {
				r := httptest.NewRequest(http.MethodGet, "/x", nil)
				r.Header.Set("HX-Request", htmx)
				answer, body := send(t, app, r)
				want := l.words.T("ja", fmt.Sprintf("error.%d.title", test.code))
				if answer.StatusCode != test.code || !strings.Contains(body, want) {
					t.Errorf("got %d and no %q: %.200s", answer.StatusCode, want, body)
				}
				if strings.Contains(body, "db.internal") || strings.Contains(body, "forbidden") {
					t.Errorf("the page tells a secret: %s", body)
				}
				if part := !strings.Contains(body, "<html"); part != (htmx == "true") || part != (answer.Header.Get("HX-Retarget") == "#notice") {
					t.Errorf("htmx %q got a part: %v", htmx, part)
				}
				checkHeaders(t, answer)
			}
		})
	}
}

func TestRefusedAndMissingAreTheSamePage(t *testing.T) {
	app := testApp(t, testLook(t, false))
	app.Get("/refused", func(*fiber.Ctx) error { return team.ErrForbidden })
	_, refused := send(t, app, httptest.NewRequest(http.MethodGet, "/refused", nil))
	_, missing := send(t, app, httptest.NewRequest(http.MethodGet, "/missing", nil))
	if got := strings.ReplaceAll(refused, "/refused", "/missing"); got != missing {
		t.Errorf("they differ:\n%s\n%s", got, missing)
	}
}

func checkHeaders(t *testing.T, answer *http.Response) {
	t.Helper()
	for name, want := range safeHeaders {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := answer.Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("no HSTS although people come over https")
	}
}

func TestThePolicyAllowsNothingInline(t *testing.T) {
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "*", "http:", "data:"} {
		if strings.Contains(contentPolicy, bad) {
			t.Errorf("the policy contains %s", bad)
		}
	}
}

func TestPackedBodiesAreRefusedUnread(t *testing.T) {
	app := testApp(t, testLook(t, false))
	app.Post("/x", func(c *fiber.Ctx) error { return c.SendString(string(c.Body())) })
	for _, encoding := range []string{"gzip", "deflate", "br", "identity, gzip", "GZIP"} {
		r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader("x"))
		r.Header.Set("Content-Encoding", encoding)
		if answer, _ := send(t, app, r); answer.StatusCode != 415 {
			t.Errorf("%s: got %d, want 415", encoding, answer.StatusCode)
		}
	}
}

// Errors that are raised before the router never pass middleware; only a real
// connection shows what they look like.
func TestErrorsBeforeTheRouterAreOurPagesToo(t *testing.T) {
	app := testApp(t, testLook(t, true))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(listener) }()
	defer func() {
		if err := errors.Join(app.Shutdown(), <-done); err != nil {
			t.Error(err)
		}
	}()
	for _, test := range []struct {
		name, request string
		code          string
	}{
		{"headers too long", "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 20_000) + "\r\n\r\n", "431"},
		{"a body too long", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + strings.Repeat("a", 5000), "413"},
		{"not a request", "\x00\x01 what\r\n\r\n", "400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, test.request); err != nil {
				t.Fatal(err)
			}
			got, _ := io.ReadAll(c) // the server may cut the rest of what we send
			text := string(got)
			if !strings.HasPrefix(text, "HTTP/1.1 "+test.code) {
				t.Fatalf("got %.100q, want %s", text, test.code)
			}
			for _, want := range []string{"Content-Security-Policy: default-src 'none'", "Content-Type: text/html", "残っているもの"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing", want)
				}
			}
		})
	}
}

func TestAssets(t *testing.T) {
	l := testLook(t, false)
	app := testApp(t, l)
	for name := range l.assets {
		t.Run(name, func(t *testing.T) {
			want, err := fs.ReadFile(views.FS, "assets/"+name)
			if err != nil {
				t.Fatal(err)
			}
			answer, body := send(t, app, httptest.NewRequest(http.MethodGet, l.assets.address(name), nil))
			if answer.StatusCode != 200 || body != string(want) || answer.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
				t.Errorf("got %d, %d bytes, %v", answer.StatusCode, len(body), answer.Header)
			}
			r := httptest.NewRequest(http.MethodGet, "/assets/"+name+"?v=old", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			answer, body = send(t, app, r)
			plain, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			unpacked, err := io.ReadAll(plain)
			if err != nil || string(unpacked) != string(want) || answer.Header.Get("Cache-Control") != "no-cache" {
				t.Errorf("packed: %v, %d bytes, %v", err, len(unpacked), answer.Header)
			}
		})
	}
}

func TestNothingElseIsServed(t *testing.T) {
	app := testApp(t, testLook(t, false))
	for _, address := range []string{"/assets/VENDOR.json", "/assets/none.css", "/assets/../views.go", "/assets/..%2fviews.go", "/assets/%2e%2e%2fviews.go", "/assets/licenses/htmx.txt", "/assets/"} {
		answer, body := send(t, app, httptest.NewRequest(http.MethodGet, address, nil))
		if answer.StatusCode != 404 || strings.Contains(body, "package views") {
			t.Errorf("%s: got %d", address, answer.StatusCode)
		}
	}
}

// vendored is an entry of VENDOR.json.
type vendored struct {
	Name, Version, Licence, From string
	Files                        map[string]string // path → SHA-256
}

func TestWhatOthersMadeIsAsTheyMadeIt(t *testing.T) {
	data, err := fs.ReadFile(views.FS, "assets/VENDOR.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []vendored
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, v := range list {
		if v.Name == "" || v.Version == "" || v.Licence == "" || v.From == "" {
			t.Errorf("%+v lacks something", v)
		}
		for file, want := range v.Files {
			known[file] = true
			data, err := fs.ReadFile(views.FS, file)
			if err != nil {
				t.Error(err)
			}
			if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
				t.Errorf("%s has changed", file)
			}
		}
	}
	// Ours: written here, in no list.
	ours := map[string]bool{"app.css": true, "app.js": true, "ask.js": true, "drafts.js": true, "levels.js": true, "map.css": true, "certificates.css": true, "map.js": true, "trainings.js": true, "favicon.svg": true, "VENDOR.json": true}
	for _, dir := range []string{"assets", "icons", "assets/licenses"} {
		entries, err := fs.ReadDir(views.FS, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if file := path.Join(dir, e.Name()); !e.IsDir() && !known[file] && !ours[e.Name()] {
				t.Errorf("%s is in no list of what we carry", file)
			}
		}
	}
}
