package browser

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

// size is a window: that of a laptop or that of a phone.
type size struct{ width, height int64 }

var (
	laptop = size{1366, 768}
	phone  = size{390, 844}
)

// tab is one browser window with a profile of its own, and what its console
// complained about.
type tab struct {
	*testing.T
	ctx        context.Context
	program    program
	mu         sync.Mutex
	complaints []string
}

// open opens a window on the demo department. It fails the test at its end for
// whatever the console complained about.
func open(t *testing.T, s size) *tab { return openOn(t, demo, s) }

func openOn(t *testing.T, p program, s size) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	b := &tab{T: t, ctx: ctx, program: p}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(s.width, s.height))
	// Other windows are open too; this one acts as the one in front.
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, complaint := range b.complaints {
			b.Errorf("the console says: %s", complaint)
		}
	})
	return b
}

// people are the names on the sign-in page of the demo, once they were read.
var people []string

// signedIn opens a window as a person of the demo department.
func signedIn(t *testing.T, s size, language, person string) *tab {
	t.Helper()
	b := open(t, s)
	b.visit("/sign-in")
	// The names are in the language of the browser; the order is the same in both.
	i := slices.IndexFunc(people, func(name string) bool { return strings.Contains(name, person) })
	if i < 0 {
		b.speak("ja")
		people = strings.Split(b.eval(`[...document.querySelectorAll(".people strong")].map(x => x.textContent).join("\n")`), "\n")
		i = slices.IndexFunc(people, func(name string) bool { return strings.Contains(name, person) })
	}
	b.eval(fmt.Sprintf(`(document.querySelectorAll(".people button")[%d].click(), "")`, i))
	b.until("document.querySelector('#question')")
	b.speak(language)
	return b
}

// allow lets pages use or refuses them the clipboard.
func (b *tab) allow(permission string, setting cdpbrowser.PermissionSetting) {
	b.Helper()
	_, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
		Permission: &cdpbrowser.PermissionDescriptor{Name: permission}, Setting: setting, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID})
	if err != nil {
		b.Fatal(err)
	}
}

// hear keeps uncaught exceptions and what the browser logs as errors, which is
// where broken content security rules are named. An answer that refuses what was
// typed is no fault of the page.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, fmt.Sprintf("%+v", e.ExceptionDetails))
	case *cdplog.EventEntryAdded:
		refused := strings.Contains(e.Entry.Text, "status of 422") || strings.Contains(e.Entry.Text, "status of 409") || strings.Contains(e.Entry.Text, "status of 404")
		if e.Entry.Level == "error" && !refused || strings.Contains(e.Entry.Text, "Content Security Policy") {
			b.complaints = append(b.complaints, e.Entry.Text)
		}
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

func (b *tab) eval(js string) string {
	b.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%.80s: %v", js, err)
	}
	return got
}

// holds tells whether something is true of the page now.
func (b *tab) holds(condition string) bool {
	b.Helper()
	return b.eval("String(!!("+condition+"))") == "true"
}

// until waits for a condition of the page, across page loads.
func (b *tab) until(condition string) {
	b.Helper()
	for range 300 {
		got, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !!("+condition+")"))
		if err == nil && got {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("never came true: %s; the page is %s", condition, b.eval("location.href + ' ' + document.body.innerText.slice(0, 600)"))
}

func (b *tab) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.program.base + path))
	b.until("document.body")
}

// click clicks by script: on a phone some forms are inside a closed menu.
func (b *tab) click(selector string) {
	b.Helper()
	if !b.holds(fmt.Sprintf("document.querySelector(%q)", selector)) {
		b.Fatalf("there is no %s on %s", selector, b.eval("location.href + ' ' + document.body.innerText.slice(0, 400)"))
	}
	b.eval(fmt.Sprintf("(document.querySelector(%q).click(), '')", selector))
}

// fill puts a value into a field as typing would.
func (b *tab) fill(selector, value string) {
	b.Helper()
	b.eval(fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.value = %q;
		f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return "" })()`, selector, value))
}

func (b *tab) value(selector string) string {
	b.Helper()
	return b.eval(fmt.Sprintf("document.querySelector(%q).value", selector))
}

func (b *tab) text(selector string) string {
	b.Helper()
	return b.eval(fmt.Sprintf("document.querySelector(%q).textContent.trim()", selector))
}

// press presses a key while no field has the focus.
func (b *tab) press(key string) {
	b.Helper()
	b.eval("(document.activeElement.blur(), '')")
	b.key(key)
}

// key presses a letter where the focus is. The letter is typed only if the page
// does not take the key, as with a real keyboard.
func (b *tab) key(key string) {
	b.Helper()
	code := int64(strings.ToUpper(key)[0])
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key, WindowsVirtualKeyCode: code})
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, WindowsVirtualKeyCode: code})
}

func (b *tab) speak(language string) {
	b.Helper()
	if b.eval("document.documentElement.lang") != language {
		b.click(`form[action="/language"] button`)
	}
	b.until(fmt.Sprintf("document.documentElement.lang === %q", language))
}

// search puts a question into the box of the search page and waits for answers.
func (b *tab) search(question string) {
	b.Helper()
	b.visit("/ask")
	b.fill("#question", question)
	b.until("document.querySelector('#results [data-say]') && document.querySelector('#results').getAttribute('aria-busy') === 'false'")
}

// accessible fails for every serious or critical finding of axe, and where the page
// is wider than the window.
func (b *tab) accessible(page string) {
	b.Helper()
	if !b.holds("window.axe") {
		if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](axe+"\n;true")); err != nil {
			b.Fatal(err)
		}
	}
	found := b.eval(`axe.run({resultTypes: ["violations"]}).then(r => r.violations.filter(v => /serious|critical/.test(v.impact))
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + n.failureSummary).join(" | ")).join("\n"))`)
	if found != "" {
		b.Errorf("%s is hard to use for some people:\n%s", page, found)
	}
	b.fits(page)
}

// fits fails where the page is wider than the window.
func (b *tab) fits(page string) {
	b.Helper()
	if b.holds("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1") {
		b.Errorf("%s is wider than the window: %s", page, b.eval(`[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
			.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(" | ")`))
	}
}

// call sends a command of the browser's protocol to the window.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.Fatal(err)
	}
}
