package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// baseLayout is what a page stands in when a handler names no other.
const baseLayout = "layouts/base"

// engine renders pages and parts; it is a fiber.Views. Each page has a template
// set of its own (layouts, all parts, the page), so that two pages never share a
// name and can be rendered side by side. Fiber's stock engine keeps all files in
// one set and moves the page's content in and out of it, which fails at random
// under load.
type engine struct {
	files fs.FS
	pages map[string]*template.Template // "articles/list" → its set; the page is "content" in it
	parts *template.Template
	icons map[string]template.HTML
}

// newEngine returns an engine over a folder of .html files. Call Load before use.
func newEngine(files fs.FS) *engine { return &engine{files: files} }

// Load reads every file again. It fails on a file that does not parse, calls a
// part that does not exist, or places a value where it cannot be made safe.
func (e *engine) Load() error {
	e.pages, e.icons = map[string]*template.Template{}, map[string]template.HTML{}
	if err := e.loadIcons(); err != nil {
		return err
	}
	e.parts = template.New("parts").Funcs(template.FuncMap{"icon": e.icon, "dict": dict}).Option("missingkey=error")
	var pages []string
	err := e.eachHTML(func(name string) error {
		if !isPart(name) && !strings.HasPrefix(name, "layouts/") {
			pages = append(pages, name)
			return nil
		}
		return e.parse(e.parts, name, name)
	})
	if err != nil {
		return err
	}
	for _, name := range pages {
		if err := e.loadPage(name); err != nil {
			return err
		}
	}
	return e.check()
}

// loadPage gives a page its own copy of layouts and parts.
func (e *engine) loadPage(name string) error {
	set, err := e.parts.Clone()
	if err != nil {
		return fmt.Errorf("views: %w", err)
	}
	e.pages[name] = set
	return e.parse(set, "content", name)
}

func (e *engine) eachHTML(f func(name string) error) error {
	return fs.WalkDir(e.files, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		return f(strings.TrimSuffix(file, ".html"))
	})
}

func (e *engine) parse(set *template.Template, as, name string) error {
	data, err := fs.ReadFile(e.files, name+".html")
	if err != nil {
		return fmt.Errorf("views: %w", err)
	}
	if _, err := set.New(as).Parse(string(data)); err != nil {
		return fmt.Errorf("views: %s: %w", name, err)
	}
	return nil
}

// check renders everything once over nothing. The values are missing, of course;
// what counts is that html/template looks through a template before its first
// rendering, and finds calls of missing parts and values in unsafe places then.
func (e *engine) check() error {
	parts, err := e.parts.Clone()
	if err != nil {
		return fmt.Errorf("views: %w", err)
	}
	for _, t := range parts.Templates() {
		if isPart(t.Name()) {
			if err := unsafeTemplate(t.Name(), parts.ExecuteTemplate(io.Discard, t.Name(), nil)); err != nil {
				return err
			}
		}
	}
	for name, set := range e.pages {
		for _, t := range e.parts.Templates() {
			if !strings.HasPrefix(t.Name(), "layouts/") || isPart(t.Name()) {
				continue
			}
			if err := unsafeTemplate(name, set.ExecuteTemplate(io.Discard, t.Name(), nil)); err != nil {
				return err
			}
		}
	}
	return nil
}

func unsafeTemplate(name string, err error) error {
	var unsafe *template.Error
	if errors.As(err, &unsafe) {
		return fmt.Errorf("views: %s: %w", name, err)
	}
	return nil
}

// Render writes a page inside its layout ("articles/list"), or a part alone
// ("articles/_row"). The layout is layouts/base unless one is named. It writes
// nothing when the rendering fails.
func (e *engine) Render(w io.Writer, name string, binding any, layouts ...string) error {
	set, entry := e.parts, name
	if !isPart(name) {
		if set, entry = e.pages[name], baseLayout; set == nil {
			return fmt.Errorf("views: there is no page %q", name)
		}
		if len(layouts) > 0 && layouts[0] != "" {
			entry = layouts[0]
		}
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, entry, binding); err != nil {
		return fmt.Errorf("views: %s: %w", name, err)
	}
	_, err := out.WriteTo(w)
	return err
}

func isPart(name string) bool { return strings.HasPrefix(path.Base(name), "_") }

var svgHead = regexp.MustCompile(`(?s)^.*?<svg[^>]*>`)

// loadIcons makes each icon ready to stand in a page: without comment, in the
// colour and size of the text around it, and silent for screen readers, because
// a word always stands beside it.
func (e *engine) loadIcons() error {
	files, err := fs.Glob(e.files, "icons/*.svg")
	if err != nil {
		return fmt.Errorf("views: icons: %w", err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(e.files, file)
		if err != nil {
			return fmt.Errorf("views: icons: %w", err)
		}
		body := svgHead.ReplaceAllString(string(data), "")
		name := strings.TrimSuffix(path.Base(file), ".svg")
		e.icons[name] = template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` +
			strings.Join(strings.Fields(body), " "))
	}
	return nil
}

// icon returns an icon of views/icons by its name.
func (e *engine) icon(name string) (template.HTML, error) {
	svg, ok := e.icons[name]
	if !ok {
		return "", fmt.Errorf("there is no icon %q", name)
	}
	return svg, nil
}

// dict joins name, value pairs, for parts that take more than one value.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict wants pairs of name and value")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
