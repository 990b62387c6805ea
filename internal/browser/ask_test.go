package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
)

const mail = "お世話になっております。製造部の大野です。\n協力会社様に図面データをUSBメモリで渡してもよいでしょうか。\nよろしくお願いいたします。"

// onUsed is the page after a use, with its undo.
const onUsed = `location.pathname.startsWith("/consultations/") && document.querySelector('form[action$="/undo"] button')`

func TestAPastedMailIsAnsweredWithOneKeyAndTakenBack(t *testing.T) {
	for _, s := range []size{laptop, phone} {
		for _, language := range []string{"ja", "en"} {
			t.Run(fmt.Sprintf("in %s at %d pixels", language, s.width), func(t *testing.T) {
				b := signedIn(t, s, language, "髙田")
				b.search(mail)
				if first := b.text("#results .hit-title"); !strings.Contains(first, "USB") {
					t.Errorf("the first answer is %q", first)
				}
				for _, want := range []string{"mark", ".hit-why", ".facts", ".match"} {
					if !b.holds(fmt.Sprintf("document.querySelector('#results .hit %s')", want)) {
						t.Errorf("a hit has no %s", want)
					}
				}
				if got := b.value("[name=requester]"); got != "大野" {
					t.Errorf("the asker is %q", got)
				}
				b.accessible("/ask with results")
				if s == phone {
					b.click(".hit [name=choose]")
					b.until("document.body.classList.contains('sheet-open') && document.querySelector('#draft').getAttribute('aria-busy') !== 'true'")
					b.accessible("the reply sheet")
					b.click("#use")
				} else {
					b.press("r")
				}
				b.until(onUsed)
				b.accessible("the page after a use")
				b.click(`form[action$="/undo"] button`)
				b.until(`document.querySelector("#question")?.value.includes("図面データ") && location.pathname === "/ask"`)
			})
		}
	}
}

func TestWhatMattersIsAboveTheFold(t *testing.T) {
	b := signedIn(t, size{1349, 600}, "ja", "髙田") // what a laptop leaves of 1366×768
	b.search(strings.Repeat("長いメールです。\n", 30) + mail)
	b.eval("(document.activeElement.blur(), '')")
	for _, want := range []string{"document.querySelectorAll('.hit')[2]", "document.querySelector('#use')", "document.querySelector('[data-key=c]')", "document.querySelector('.draft-foot [data-key=f]')"} {
		if bottom := b.eval("String(Math.round(" + want + ".getBoundingClientRect().bottom))"); len(bottom) > 3 || bottom > "600" {
			t.Errorf("%s ends at %s", want, bottom)
		}
	}
	if b.holds("document.querySelector('#reply').clientHeight < 8 * parseFloat(getComputedStyle(document.querySelector('#reply')).lineHeight)") {
		t.Error("fewer than eight lines of the reply are seen")
	}
}

func TestAPasteAnywhereIsAnsweredByOneMoreKey(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.eval(`(() => { document.activeElement.blur(); const d = new DataTransfer(); d.setData("text/plain", ` + "`" + mail + "`" + `);
		document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true})); return "" })()`)
	// The answers come, and the focus leaves the box for the first of them.
	b.until("document.activeElement.closest('.hit') && document.querySelector('#question').value.includes('図面データ')")
	b.key("r")
	b.until(onUsed)
}

func TestTheReplyIsOnTheClipboard(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.allow("clipboard-read", cdpbrowser.PermissionSettingGranted)
	b.allow("clipboard-write", cdpbrowser.PermissionSettingGranted)
	b.search(mail)
	reply := b.value("#reply")
	b.press("c")
	b.until("document.querySelector('#said').textContent === document.body.dataset.copied")
	if got := b.eval("navigator.clipboard.readText()"); got != reply {
		t.Errorf("copied %q, want %q", got, reply)
	}
	b.eval("navigator.clipboard.writeText('').then(() => '')")
	b.press("r")
	b.until(onUsed)
	if got := b.eval("navigator.clipboard.readText()"); got != reply || !b.holds("location.search === '?used=yes'") {
		t.Errorf("after the use the clipboard has %q on %s", got, b.eval("location.href"))
	}
}

func TestAClipboardThatRefusesLeavesTheTextSelected(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	b.eval(`(Object.defineProperty(navigator, "clipboard", {value: {writeText: () => Promise.reject(new Error("no"))}}), document.execCommand = () => false, "")`)
	b.press("c")
	b.until("document.querySelector('#said').textContent === document.body.dataset.copyFailed && !document.querySelector('#said').classList.contains('visually-hidden')")
	if !b.holds("(r => document.activeElement === r && r.selectionStart === 0 && r.selectionEnd === r.value.length)(document.querySelector('#reply'))") {
		t.Error("the reply is not selected")
	}
	b.press("r")
	b.until(onUsed + " && location.search === '?used=no'")
	if !b.holds("(r => document.activeElement === r && r.selectionStart === 0 && r.selectionEnd === r.value.length)(document.querySelector('#sent'))") {
		t.Error("the reply is not selected on the page after the use")
	}
}

func TestAnEditedReplyIsRecordedAsChanged(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	b.press("e")
	b.until("document.activeElement.id === 'reply'")
	b.fill("#reply", b.value("#reply")+"\n図面は社内の線でも送れます。")
	b.eval(`(document.querySelector("#reply").focus(), document.querySelector("#reply").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})), "")`)
	if !b.holds("location.pathname === '/ask'") {
		t.Error("Enter alone sent the reply")
	}
	b.eval(`(document.querySelector("#reply").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true})), "")`)
	b.until(onUsed)
	if !b.holds("document.querySelector('#sent').value.includes('社内の線') && document.querySelector('.links').textContent.includes('直して使った')") {
		t.Errorf("the page says %s", b.text("main"))
	}
}

func TestTheKeysMoveThroughTheAnswers(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	first := b.value("[name=article]")
	b.press("j")
	b.until("document.querySelector('[name=article]').value !== '" + first + "'")
	b.key("k")
	b.until("document.querySelector('[name=article]').value === '" + first + "'")
	if !b.holds("document.activeElement.id === 'hit-" + first + "'") {
		t.Error("the focus did not move with the choice")
	}
	b.key("j")
	b.key("r") // at once: it must wait for the second answer
	b.until(onUsed)
	used := strings.TrimPrefix(b.eval("document.querySelector('.links a').pathname"), "/articles/")
	if used == first {
		t.Error("the answer shown before was used")
	}
	b.click(`form[action$="/undo"] button`)
	b.until(`location.pathname === "/ask"`)
	if b.value("[name=article]") != used {
		t.Error("after the undo another answer is chosen")
	}
}

func TestALetterTakenBackLeavesTheKeysAlive(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	b.eval(`(() => { const q = document.querySelector("#question"), was = q.value;
		for (const v of [was + "x", was]) { q.value = v; q.dispatchEvent(new Event("input", {bubbles: true})); } return "" })()`)
	b.until("document.querySelector('#results').getAttribute('aria-busy') === 'false'")
	b.press("r")
	b.until(onUsed)
}

func TestTwoPressesMakeOneUse(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.visit("/consultations")
	before := b.text(".page-head .soft")
	b.search("二度押しても一度だけです。" + mail)
	b.eval(`(document.querySelector("#use").click(), document.querySelector("#use").click(), "")`)
	b.until(onUsed)
	undo := `form[action$="/undo"] button`
	b.click(undo)
	b.until(`location.pathname === "/ask"`)
	b.visit("/consultations")
	if after := b.text(".page-head .soft"); after != before {
		t.Errorf("%s consultations before, %s after one use was taken back", before, after)
	}
}

func TestKeysBelongToTheInputMethodWhileItConverts(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	b.eval("(document.activeElement.blur(), '')")
	for _, key := range []string{"r", "e", "c", "n", "f", "j", "Enter", "/"} {
		for _, event := range []string{`{key: K, isComposing: true}`, `{key: K, keyCode: 229}`, `{key: "Process"}`} {
			b.eval(`(document.body.dispatchEvent(new KeyboardEvent("keydown", Object.assign(` + strings.ReplaceAll(event, "K", fmt.Sprintf("%q", key)) + `, {bubbles: true, cancelable: true}))), "")`)
		}
	}
	time.Sleep(300 * time.Millisecond) // a page that had been left would be gone by now
	if !b.holds("location.pathname === '/ask' && document.activeElement === document.body && !document.querySelector('#flag-box').open && document.querySelector('.hit').getAttribute('aria-current') === 'true'") {
		t.Errorf("a key was taken from the input method: %s, focus on %s", b.eval("location.href"), b.eval("document.activeElement.outerHTML.slice(0, 200)"))
	}
	// Half-converted kana is no question yet.
	b.eval(`(() => { window.sent = 0; document.addEventListener("htmx:beforeRequest", () => window.sent++);
		const q = document.querySelector("#question"); q.focus(); q.value = "ぱすわ";
		q.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
		q.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true})); return "" })()`)
	time.Sleep(500 * time.Millisecond)
	if sent := b.eval("String(window.sent)"); sent != "0" {
		t.Errorf("%s searches went out before the conversion was done", sent)
	}
	b.eval(`(() => { const q = document.querySelector("#question"); q.value = "パスワード";
		q.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true, data: "パスワード"})); return "" })()`)
	b.until("window.sent === 1")
}

func TestTheKeysCanBeSwitchedOff(t *testing.T) {
	b := signedIn(t, laptop, "ja", "小林")
	b.visit("/me")
	b.accessible("/me")
	b.click("[name=shortcuts]")
	b.click(`form[action="/me"] button`)
	b.until("location.search === '?done=saved'")
	b.search(mail)
	b.press("r")
	b.press("f")
	time.Sleep(300 * time.Millisecond)
	if !b.holds("location.pathname === '/ask' && !document.querySelector('#flag-box').open") {
		t.Error("a letter still does something")
	}
	b.visit("/me")
	b.click("[name=shortcuts]")
	b.click(`form[action="/me"] button`)
	b.until("location.search === '?done=saved' && document.body.dataset.shortcuts === 'on'")
}

func TestANewConsultationBecomesTheNextAnswer(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search("お世話になっております。総務部の井上です。\n社内の植木鉢に監視用のとげとげ装置を付けてもよいですか。\nよろしくお願いいたします。")
	b.press("n")
	b.until("location.pathname === '/consultations/new' && document.querySelector('#field-text').value.includes('植木鉢')")
	if got := b.value("#field-requester"); got != "井上" {
		t.Errorf("the asker is %q", got)
	}
	b.accessible("/consultations/new")
	b.fill("#field-short-answer", "植木鉢の装置は、総務部と場所を決めれば付けられます。")
	b.fill("#field-reason", "通る人が写ることがあるためです。")
	b.click("#send")
	b.until("location.search === '?saved=1' && document.querySelector('[data-key=p]')")
	b.accessible("an answered consultation")
	b.press("p")
	b.until("location.pathname.endsWith('/edit') && document.querySelector('#article-form')")
	b.click("#article-form .button.primary")
	b.until("location.search === '?done=saved'")
	article := b.eval("location.pathname.split('/').pop()")
	b.search("植木鉢にとげとげ装置を置きたいです")
	b.until("document.querySelector('.hit [name=choose]')?.value === '" + article + "'")
}

func TestAFlagRaisedWhileAskingIsSettledOnTheArticle(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	article := b.value("[name=article]")
	b.press("f")
	b.until("document.activeElement.id === 'flag-note'")
	b.fill("#flag-note", "貸出の窓口が変わりました")
	b.click("#flag-save")
	b.until("document.querySelector('#notice .notice-done')")
	if !b.holds("document.querySelector('#question').value.includes('図面データ') && document.querySelector('.hit .warn')") {
		t.Error("the question or the flag is not on the page")
	}
	b.accessible("/ask after a flag")
	b.visit("/articles?flagged=1")
	b.until("document.querySelector('a.row-link[href=\"/articles/" + article + "\"]')")
	b.visit("/articles/" + article)
	b.accessible("a flagged article")
	b.click(`form[action*="/flags/"] button`)
	b.until("location.search === '?done=resolved' && !document.querySelector('form[action*=\"/flags/\"]')")
}
