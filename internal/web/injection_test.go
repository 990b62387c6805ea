package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// offSite are addresses that lead, or have once led some browser, to another host.
var offSite = []string{
	"//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http://evil.example", "HTTPS://evil.example", "https:evil.example",
	"https:/evil.example", "http:\\\\evil.example", `\\evil.example`, `/\evil.example`, `\/evil.example`, `/\/evil.example`, `//\evil.example`, `/.\evil.example`,
	"/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example", "\u00a0//evil.example", "/%09/evil.example",
	"/%0d/evil.example", "/%0a/evil.example", "/%5cevil.example", "/%2f/evil.example", "%2f%2fevil.example", "//evil.example%2f@example.com",
	"//example.com@evil.example", "https://example.com@evil.example", "//user:pass@evil.example", "//evil.example:80", "//0x7f000001", "//[::1]",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example", "ftp://evil.example",
	"/\u2028/evil.example", "//evil。example", "／／evil.example", "/.//evil.example", "/..//evil.example", "/a/..//evil.example", "?//evil.example",
	"#//evil.example", "evil.example", "", "/\x00/evil.example", "//evil.example\r\nSet-Cookie: a=b", "/ask\r\nX-Injected: 1", "/ask%0d%0aX-Injected:%201",
	"/ask\u2028X-Injected: 1", "/ask\u560a\u560dX-Injected: 1", "/ask\u0085X-Injected: 1", "://evil.example", "/:80//evil.example", "//;@evil.example",
}

func TestNoRedirectLeadsOffThisSite(t *testing.T) {
	w := sqliteWorld(t)
	base, err := url.Parse("http://example.com/language")
	if err != nil {
		t.Fatal(err)
	}
	for _, actor := range []string{"stranger", "member"} {
		b := w.as(actor)
		for _, evil := range offSite {
			got := b.ask(http.MethodPost, "/language", url.Values{"language": {"en"}, "back": {evil}})
			location := got.header.Get("Location")
			// As browsers read it: blanks go, and a backslash is a slash.
			read := strings.ReplaceAll(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(location)), `\`, "/")
			to, err := base.Parse(read)
			if got.code != http.StatusSeeOther || err != nil || to.Host != "example.com" || to.Scheme != "http" || !strings.HasPrefix(location, "/") || strings.HasPrefix(read, "//") {
				t.Errorf("%s: %q leads to %q (%d, %v)", actor, evil, location, got.code, err)
			}
		}
	}
}

// splitters are what ends a header, in every writing that some program has taken
// for a line end.
var splitters = []string{"\r\nX-Injected: 1", "\nX-Injected: 1", "\rX-Injected: 1", "%0d%0aX-Injected: 1", "%0D%0AX-Injected: 1", "\u2028X-Injected: 1", "\u2029X-Injected: 1",
	"\u0085X-Injected: 1", "\u560d\u560aX-Injected: 1", "\r\n\r\n<script>alert(1)</script>", "\x00\r\nX-Injected: 1", "\\r\\nX-Injected: 1", "&#13;&#10;X-Injected: 1"}

func TestNothingTypedBecomesAHeader(t *testing.T) {
	w := sqliteWorld(t)
	fields := []string{"back", "language", "email", "member", "article", "consultation", "text", "title", "subject", "requester", "department", "topic",
		"channel", "compartment", "key", "version", "state", "audience", "review_due", "note", "name", "reply", "choose"}
	for _, actor := range []string{"stranger", "member"} {
		b := w.as(actor)
		for _, bad := range splitters {
			f := url.Values{}
			for _, field := range fields {
				f.Set(field, "a"+bad)
			}
			for _, path := range []string{"/language", "/sign-in", "/ask", "/use", "/articles", "/consultations", "/consultations/new", "/me", "/settings/topics/new"} {
				checkNotInjected(t, path, b.ask(http.MethodPost, path, f))
			}
			query := url.QueryEscape("a" + bad)
			for _, path := range []string{"/articles/x", "/articles?words=", "/articles?topic=", "/articles/new?title=", "/consultations?words=", "/ask?consultation=", "/assets/app.css?v="} {
				checkNotInjected(t, path, b.ask(http.MethodGet, path+query, nil))
			}
			checkNotInjected(t, "a header", b.ask(http.MethodGet, "/sign-in", nil, func(r *http.Request) {
				r.Header.Set("Accept-Language", "ja"+strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(bad))
				r.Header.Set("X-Forwarded-Host", "evil.example")
				r.Header.Set("X-Forwarded-Proto", "https")
			}))
		}
	}
}

func checkNotInjected(t *testing.T, path string, got answer) {
	t.Helper()
	if got.header.Get("X-Injected") != "" || got.code >= 500 || strings.Contains(got.body, "<script>alert") {
		t.Errorf("%s: %d %v", path, got.code, got.header)
	}
	for name, values := range got.header {
		for _, value := range values {
			if strings.ContainsAny(value, "\r\n\x00") || strings.Contains(value, "evil.example") {
				t.Errorf("%s: %s: %q", path, name, value)
			}
		}
	}
}
