package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

func TestEverythingWorksWithoutJavaScript(t *testing.T) {
	b := open(t, laptop)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.visit("/sign-in")
	b.speak("ja")
	b.eval(`([...document.querySelectorAll('form[action="/demo/sign-in"] button')].find(x => x.textContent.includes("髙田")).click(), "")`)
	b.until("document.querySelector('#question')")
	b.speak("ja") // as the person chose it before
	if b.holds("document.documentElement.classList.contains('js')") {
		t.Fatal("a script runs")
	}
	b.eval("(document.querySelector('#question').value = `" + mail + "`, '')")
	b.click("#search")
	b.until("document.querySelector('#reply')")
	first := b.value("[name=article]")
	b.click(`.hit:nth-child(2) [name=choose]`)
	b.until("document.querySelector('[name=article]').value !== '" + first + "' && document.querySelector('#question').value.includes('図面データ')")

	// Another name: the reply that goes out greets it.
	b.eval("(document.querySelector('[name=requester]').value = '佐々木', '')")
	b.eval("(document.querySelector('#flag-box').open = true, document.querySelector('#flag-note').value = '古い窓口です', '')")
	b.click("#flag-save")
	b.until("document.querySelector('#notice .notice-done') && document.querySelector('[name=requester]').value === '佐々木'")
	b.click("#use")
	b.until(`location.search === "?used=unknown" && document.querySelector('form[action$="/undo"] button')`)
	if !b.holds("document.querySelector('#sent').value.startsWith('佐々木さん') && document.querySelector('main .hint').textContent.includes('Ctrl+A')") {
		t.Errorf("the page after a use says %q, %q", b.value("#sent"), b.text("main .hint"))
	}
	b.click(`form[action$="/undo"] button`)
	b.until("document.querySelector('#question')?.value.includes('図面データ')")
	b.click(`button[formaction="/consultations/new"]`)
	b.until("document.querySelector('#field-text')?.value.includes('図面データ')")

	b.visit("/articles/new")
	b.eval("(document.querySelector('#field-title').value = '印刷した紙は持ち帰れますか', document.querySelector('#field-short-answer').value = '**持ち帰れません**', '')")
	b.click("[name=preview]")
	b.until("document.querySelector('#preview strong') && document.querySelector('#field-title').value === '印刷した紙は持ち帰れますか'")
}
