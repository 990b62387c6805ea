package web

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"tasuki/views"
)

type row struct{ Name string }

// rowsPage is a model like any other.
type rowsPage struct {
	page
	Rows []row
}

func sampleViews() fstest.MapFS {
	return fstest.MapFS{
		"layouts/base.html":  {Data: []byte(`<html><title>{{.Title}}</title>{{template "content" .}}</html>`)},
		"layouts/plain.html": {Data: []byte(`<plain>{{template "content" .}}</plain>`)},
		"articles/list.html": {Data: []byte(`articles:{{range .Rows}}{{template "articles/_row" .}}{{end}}{{define "extra"}}articles{{end}}{{template "extra"}}`)},
		"articles/_row.html": {Data: []byte(`<li>{{.Name}}</li>`)},
		"members/list.html":  {Data: []byte(`members:{{range .Rows}}{{template "articles/_row" .}}{{end}}{{define "extra"}}members{{end}}{{template "extra"}}`)},
		"icons/dot.svg":      {Data: []byte("<!-- note -->\n<svg\n class=\"x\" width=\"24\">\n  <circle r=\"1\" />\n</svg>\n")},
	}
}

func render(t *testing.T, e *engine, name string, binding any, layouts ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := e.Render(&out, name, binding, layouts...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRender(t *testing.T) {
	e := newEngine(sampleViews())
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	model := rowsPage{page: page{Title: "T"}, Rows: []row{{"<a>"}}}
	for _, test := range []struct {
		name, view string
		binding    any
		layouts    []string
		want       string
	}{
		{"a page stands in the base layout", "articles/list", model, nil, `<html><title>T</title>articles:<li>&lt;a&gt;</li>articles</html>`},
		{"a page keeps its own definitions", "members/list", model, nil, `<html><title>T</title>members:<li>&lt;a&gt;</li>members</html>`},
		{"a page can stand in another layout", "members/list", model, []string{"layouts/plain"}, `<plain>members:<li>&lt;a&gt;</li>members</plain>`},
		{"a part stands alone", "articles/_row", row{"b"}, nil, `<li>b</li>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := render(t, e, test.view, test.binding, test.layouts...); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestRenderSideBySide(t *testing.T) {
	e := newEngine(sampleViews())
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for g := range 8 {
		wait.Go(func() {
			for i := range 200 {
				name := fmt.Sprintf("g%di%d", g, i)
				noun := [...]string{"articles", "members"}[(g+i)%2]
				var full, part bytes.Buffer
				if err := e.Render(&full, noun+"/list", rowsPage{page: page{Title: name}, Rows: []row{{name}}}); err != nil {
					t.Error(err)
				}
				if err := e.Render(&part, "articles/_row", row{name}); err != nil {
					t.Error(err)
				}
				want := "<html><title>" + name + "</title>" + noun + ":<li>" + name + "</li>" + noun + "</html>"
				if full.String() != want || part.String() != "<li>"+name+"</li>" {
					t.Errorf("got %s and %s, want %s", full.String(), part.String(), want)
				}
			}
		})
	}
	wait.Wait()
}

func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct{ name, file, body string }{
		{"a page that does not parse", "articles/broken.html", `{{if}}`},
		{"a part that does not parse", "articles/_broken.html", `{{.Name`},
		{"a page that calls a part nobody wrote", "articles/broken.html", `{{template "articles/_none" .}}`},
		{"a value where it cannot be made safe", "articles/broken.html", `<a href={{.A}}{{.B}}/{{if .C}}"{{end}}>`},
		{"an unknown function", "articles/_broken.html", `{{shout .Name}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := sampleViews()
			files[test.file] = &fstest.MapFile{Data: []byte(test.body)}
			if err := newEngine(files).Load(); err == nil || !strings.Contains(err.Error(), "broken") {
				t.Errorf("got %v, want an error that names the file", err)
			}
		})
	}
}

func TestRenderWritesNothingWhenItFails(t *testing.T) {
	files := sampleViews()
	files["articles/half.html"] = &fstest.MapFile{Data: []byte(`first {{.NoSuchField}}`)}
	e := newEngine(files)
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"articles/half", "articles/none", "articles/_none"} {
		var out bytes.Buffer
		if err := e.Render(&out, name, rowsPage{}); err == nil || out.Len() > 0 {
			t.Errorf("%s: got %v and %q, want an error and nothing written", name, err, out.String())
		}
	}
}

func TestIconIsReadyToStandInAPage(t *testing.T) {
	e := newEngine(sampleViews())
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	svg, err := e.icon("dot")
	if want := `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle r="1" /> </svg>`; err != nil || string(svg) != want {
		t.Errorf("got %s, %v\nwant %s", svg, err, want)
	}
	if _, err := e.icon("none"); err == nil {
		t.Error("an icon that is not there must be an error")
	}
}

// What must not stand in a template: html/template knows nothing of htmx and
// cannot make a value safe there; and our content policy refuses inline code.
var forbidden = map[string]*regexp.Regexp{
	"a value inside an attribute that htmx evaluates": regexp.MustCompile(`(?i)\s(hx-on[^=\s]*|hx-vals|hx-headers|hx-vars|x-[a-z:.-]+|_)\s*=\s*("[^"]*\{\{|'[^']*\{\{)`),
	"hx-on or js: (needs eval)":                       regexp.MustCompile(`(?i)\shx-on|["']js:`),
	"an inline script":                                regexp.MustCompile(`(?i)<script(?:\s[^>]*)?>\s*[^<\s]|<script(?:[^>]*[^>a-z-]|\s*)>\s*[^<]`),
	"an inline style":                                 regexp.MustCompile(`(?i)<style|\sstyle\s*=`),
	"an event attribute":                              regexp.MustCompile(`(?i)\son[a-z]+\s*=`),
	"another host":                                    regexp.MustCompile(`(?i)(src|href|action)\s*=\s*["'](https?:)?//`),
}

var iconCall = regexp.MustCompile(`\bicon "([^"]+)"`)

func TestTemplatesKeepToThePolicy(t *testing.T) {
	e := newEngine(views.FS)
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	files, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	err = e.eachHTML(func(name string) error {
		data, err := fs.ReadFile(views.FS, name+".html")
		if err != nil {
			return err
		}
		for what, pattern := range forbidden {
			if found := pattern.FindString(string(data)); found != "" {
				t.Errorf("%s: %s: %s", name, what, found)
			}
		}
		for _, m := range iconCall.FindAllStringSubmatch(string(data), -1) {
			if _, err := e.icon(m[1]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, m := range regexp.MustCompile(`Asset "([^"]+)"`).FindAllStringSubmatch(string(data), -1) {
			if _, ok := files[m[1]]; !ok {
				t.Errorf("%s: there is no asset %s", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for state, icon := range badgeIcons {
		if _, err := e.icon(icon); err != nil {
			t.Errorf("%s: %v", state, err)
		}
	}
	for _, item := range navItems {
		if _, err := e.icon(item.icon); err != nil {
			t.Errorf("menu %s: %v", item.name, err)
		}
	}
}

func TestThePolicyTestSeesWhatItForbids(t *testing.T) {
	for _, test := range []struct{ what, template string }{
		{"a value inside an attribute that htmx evaluates", `<a hx-vals='{"q":"{{.Q}}"}'>`},
		{"hx-on or js: (needs eval)", `<a hx-on:click="f()">`},
		{"an inline script", `<script>f()</script>`},
		{"an inline style", `<p style="color:red">`},
		{"an event attribute", `<p onclick="f()">`},
		{"another host", `<script src="https://cdn.example/x.js"></script>`},
	} {
		if !forbidden[test.what].MatchString(test.template) {
			t.Errorf("%s is not seen in %s", test.what, test.template)
		}
	}
}
