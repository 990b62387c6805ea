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

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

const mail = "お世話になっております。製造部の大野です。\n協力会社様に図面データをUSBメモリで渡してもよいでしょうか。\nよろしくお願いいたします。"

// tab is one browser window and what its console complained about.
type tab struct {
	*testing.T
	ctx        context.Context
	mu         sync.Mutex
	complaints []string
}

func open(t *testing.T, width, height int64) *tab {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(stop)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	b := &tab{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(width, height))
	return b
}

// hear keeps uncaught exceptions and what the browser logs as errors, which is
// where broken content security rules are named.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, fmt.Sprintf("%+v", e.ExceptionDetails))
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == "error" || strings.Contains(e.Entry.Text, "Content Security Policy") {
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

// until waits for a condition of the page, across page loads.
func (b *tab) until(condition string) {
	b.Helper()
	for range 150 {
		got, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !!("+condition+")"))
		if err == nil && got {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatalf("never came true: %s; the page is %s", condition, b.eval("location.href + ' ' + document.body.innerText.slice(0, 600)"))
}

func (b *tab) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate(base + path))
	b.until("document.body")
}

// click clicks by script: on a phone some forms are inside a closed menu.
func (b *tab) click(selector string) {
	b.Helper()
	b.eval(fmt.Sprintf("(document.querySelector(%q).click(), '')", selector))
}

func (b *tab) speak(language string) {
	b.Helper()
	if b.eval("document.documentElement.lang") != language {
		b.click(`form[action="/language"] button`)
	}
	b.until(fmt.Sprintf("document.documentElement.lang === %q", language))
}

// accessible fails for every serious or critical finding of axe.
func (b *tab) accessible(page string) {
	b.Helper()
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](axe+"\n;true"))
		return err
	}))
	found := b.eval(`axe.run().then(r => r.violations.filter(v => /serious|critical/.test(v.impact))
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + n.failureSummary).join(" | ")).join("\n"))`)
	if found != "" {
		b.Errorf("%s is hard to use for some people:\n%s", page, found)
	}
}

func TestAPastedMailIsAnsweredWithOneKeyAndTakenBack(t *testing.T) {
	for _, size := range [][2]int64{{1366, 768}, {390, 844}} {
		for _, language := range []string{"ja", "en"} {
			t.Run(fmt.Sprintf("in %s at %d pixels", language, size[0]), func(t *testing.T) {
				journey(open(t, size[0], size[1]), language)
			})
		}
	}
}

func journey(b *tab, language string) {
	b.visit("/sign-in")
	b.speak(language)
	b.accessible("sign-in")
	b.click(`form[action="/demo/sign-in"] button`)
	b.until("document.querySelector('#question')")
	b.speak(language)

	b.eval(fmt.Sprintf(`(() => { const q = document.querySelector("#question"); q.value = %q;
		q.dispatchEvent(new Event("input", {bubbles: true})); return "" })()`, mail))
	b.until("document.querySelector('#results mark')")
	if first := b.eval("document.querySelector('#results .hit-title').textContent"); !strings.Contains(first, "USB") {
		b.Errorf("the first answer is %q", first)
	}
	b.accessible("/ask with results")
	b.eval("(document.activeElement.blur(), '')")
	b.do(chromedp.KeyEvent("r"))
	b.until(`location.pathname.startsWith("/consultations/") && document.querySelector('form[action$="/undo"] button')`)
	b.click(`form[action$="/undo"] button`)
	b.until(`!document.querySelector('form[action$="/undo"]')`)

	for _, path := range []string{"/consultations", "/articles"} {
		b.visit(path)
		b.accessible(path)
	}
	article := b.eval(`[...document.querySelectorAll('main a[href^="/articles/"]')].map(a => a.pathname).find(p => p !== "/articles/new")`)
	b.visit(article)
	b.accessible("an article")
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.complaints {
		b.Errorf("the console says: %s", complaint)
	}
}
