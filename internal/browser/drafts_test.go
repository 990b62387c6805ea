package browser

import (
	"fmt"
	"testing"
)

// onKept is a page that says when the draft was kept.
const onKept = `/\d\d:\d\d/.test(document.querySelector("[data-draft-state]").textContent)`

func TestWhatIsTypedIsKeptByItselfAndComesBack(t *testing.T) {
	for _, s := range []size{laptop, phone} {
		for _, language := range []string{"ja", "en"} {
			t.Run(fmt.Sprintf("in %s at %d pixels", language, s.width), func(t *testing.T) {
				b := signedIn(t, s, language, "髙田")
				for path, field := range map[string]string{"/articles/new": "#field-title", "/consultations/new": "#field-reason"} {
					b.visit(path)
					b.fill(field, "書きかけの文 "+language)
					b.until(onKept) // nobody pressed anything
					b.visit(path)
					if got := b.value(field); got != "書きかけの文 "+language {
						t.Errorf("%s: after a reload there is %q", path, got)
					}
					b.accessible(path + " with a draft")
					b.fits(path + " with a draft")
					b.click("[name=draft][value=discard]")
					b.until(fmt.Sprintf("document.querySelector(%q)?.value === ''", field))
				}
			})
		}
	}
}

func TestADraftIsKeptWithCtrlSAndGoneWhenItIsSent(t *testing.T) {
	b := signedIn(t, laptop, "ja", "渡邉")
	b.visit("/articles/new")
	b.fill("#field-title", "下書きから作る記事")
	b.fill("#field-short-answer", "答え")
	b.eval(`(document.querySelector("#field-title").dispatchEvent(new KeyboardEvent("keydown", {key: "s", ctrlKey: true, bubbles: true, cancelable: true})), "")`)
	b.until(onKept + " && document.querySelector('#said').textContent.startsWith('保存ずみ')")
	b.fill("#field-reason", "送る直前に書いた理由")
	b.click("#article-form .button.primary") // leaves the field and sends at the same moment
	b.until("location.search === '?done=saved'")
	b.visit("/articles/new")
	if got := b.value("#field-title"); got != "" {
		t.Errorf("after it was sent the draft is %q", got)
	}
}

func TestAnEditedReplyAndItsQuestionComeBack(t *testing.T) {
	for _, s := range []size{laptop, phone} {
		t.Run(fmt.Sprint(s.width), func(t *testing.T) {
			b := signedIn(t, s, "ja", "髙田")
			b.search(mail)
			if s == phone {
				b.click(".hit [name=choose]")
				b.until("document.body.classList.contains('sheet-open') && document.querySelector('#draft').getAttribute('aria-busy') !== 'true'")
			}
			b.fill("#reply", "大野さん\n\n書きかけの返信です。")
			b.eval(`(document.querySelector("#reply").dispatchEvent(new FocusEvent("focusout", {bubbles: true})), "")`)
			b.until(onKept)
			b.accessible("a reply that was kept")
			b.visit("/articles")
			b.eval("(history.back(), '')")
			b.until("location.pathname === '/ask' && document.querySelector('#reply')?.value.includes('書きかけの返信')")
			if !b.holds("location.search === '' && document.querySelector('#question').value.includes('図面データ')") {
				t.Errorf("the page is %s", b.eval("location.href"))
			}
			b.eval("(document.querySelector('[name=draft][value=discard]').click(), '')")
			b.until("document.querySelector('#reply') && !document.querySelector('#reply').value.includes('書きかけ') && document.querySelector('#question').value.includes('図面データ')")
		})
	}
}

func TestBackAfterAUseShowsTheQuestionAgain(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search(mail)
	b.press("j")
	b.until("document.querySelectorAll('.hit')[1].getAttribute('aria-current') === 'true' && document.querySelector('#draft').getAttribute('aria-busy') !== 'true'")
	used := b.value("[name=article]")
	b.press("r")
	b.until(onUsed)
	b.eval("(history.back(), '')")
	b.until("location.pathname === '/ask' && document.querySelector('#question').value.includes('図面データ') && document.querySelector('#draft [name=article]')?.value === '" + used + "'")
	b.visit("/articles")
	b.visit("/ask") // a new visit begins with nothing
	if got := b.value("#question"); got != "" {
		t.Errorf("a new visit shows %q", got)
	}
	// From the box at the top of every page, too.
	b.visit("/articles")
	b.fill("#topsearch", "USBメモリ")
	b.eval("(document.querySelector('.topsearch').requestSubmit(), '')")
	b.until("document.querySelector('#draft [name=article]')")
	b.click(".draft-head a")
	b.until("location.pathname.startsWith('/articles/')")
	b.eval("(history.back(), '')")
	b.until("location.pathname === '/ask' && document.querySelector('#question').value === 'USBメモリ' && document.querySelector('#draft [name=article]')")
}
