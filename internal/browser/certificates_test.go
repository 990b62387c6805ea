package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// A certificate is logged, counted for, shown with its evidence and renewed, with the
// keyboard's own form posts: the same works without JavaScript.
func TestACertificateIsLoggedCountedAndRenewed(t *testing.T) {
	for language, s := range map[string]size{"ja": phone, "en": laptop} {
		t.Run(language, func(t *testing.T) {
			b := signedIn(t, s, language, "グエン")
			call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: language == "ja"})
			b.visit("/certificates/new")
			name := map[string]string{"ja": "CRISC", "en": "CISM"}[language]
			b.eval(`([...document.querySelectorAll("#field-certification option")].find(x => x.textContent === "` + name + `").selected = true, "")`)
			b.eval(`(document.querySelector("#field-starts-on").value = "令和6年1月1日", "")`)
			b.click("main form.form .button.primary")
			b.until("location.pathname.startsWith('/certificates/') && document.querySelector('.notice-done') && document.body.textContent.includes('2026')")

			b.click(".page-head .actions .primary")
			b.until("location.pathname === '/credits/new' && document.querySelector('.claims')")
			b.eval(`(document.querySelector("#field-title").value = "勉強会", document.querySelector("#field-credits").value = "2.5", "")`)
			b.click("main form.form .button.primary")
			b.until("document.querySelector('.credits-now')?.textContent.includes('2.5')")

			b.click(".page-head .actions a:not(.primary)")
			b.until("location.pathname.endsWith('/renew') && document.querySelector('#field-starts-on').value === '2027-01-01' && document.querySelector('#field-ends-on').value === '2029-12-31'")
			b.click("main form.form .button.primary")
			b.until("document.querySelector('.notice-done') && document.querySelectorAll('section.after-wide:last-of-type tbody tr').length === 2")
		})
	}
}

func TestThePagesOfCertificatesAreForEverybody(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := signedIn(t, s, language, "髙田")
			b.visit("/certificates")
			b.accessible("one's certificates")
			b.fits("one's certificates")
			b.bigEnough("one's certificates")
			if shown := b.holds("document.querySelector('.timeline').checkVisibility()"); shown != (s == laptop) {
				t.Errorf("the timeline is shown: %v", shown)
			}
			b.click(".certificate-own .row-link")
			b.until("document.querySelector('#evidence a[download]')")
			b.accessible("a certificate")
			b.fits("a certificate")
			b.bigEnough("a certificate")
		})
	}
}
