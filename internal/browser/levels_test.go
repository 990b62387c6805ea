package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// startedIn is a department with the starter skills, seen by its first person.
func startedIn(t *testing.T, s size, language string) *tab {
	t.Helper()
	b := settledIn(t, s, language)
	b.visit("/skills/starter")
	b.eval(`([...document.querySelectorAll("[name=categories]")].slice(0, 2).forEach(x => x.click()), "")`)
	b.click("#some .button.primary")
	b.until("location.pathname === '/skills' && document.querySelector('.notice-done')")
	return b
}

func (b *tab) looksRight(page string) {
	b.Helper()
	b.accessible(page)
	b.fits(page)
	b.bigEnough(page)
}

// arrow presses a key that types nothing.
func (b *tab) arrow(key string) {
	b.Helper()
	b.eval(fmt.Sprintf(`(document.activeElement.blur(), document.body.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true, cancelable: true})), "")`, key))
}

func TestAFirstSelfAssessmentGoesByCategory(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := startedIn(t, s, language)
			b.click(`.menu-sheet a[href^="/members/"]`)
			b.until("document.querySelector('.empty a[href=\"/me/levels\"]')")
			b.looksRight("a page without levels")
			b.click(`.empty a[href="/me/levels"]`)
			b.until("location.pathname === '/me/levels'")
			b.looksRight("the beginning")
			b.click("main .button.primary")
			b.until("document.querySelectorAll('.round-level').length === 5")
			b.looksRight("the words of a category")
			b.press("2")
			b.until("document.querySelector('.round-skills select')?.value === '2'")
			b.looksRight("the skills of a category")
			b.eval(`(document.querySelectorAll(".round-skills select")[1].value = "", document.querySelectorAll(".round-skills select")[2].value = "3", "")`)
			n := b.eval("String(document.querySelectorAll('.round-skills select').length)")
			b.click(".round-skills .button.primary")
			b.until("location.pathname.startsWith('/me/levels/categories/') && document.querySelectorAll('.round-level').length === 5")
			b.visit("/me/levels")
			b.until("document.querySelectorAll('.round-changes li').length === " + n + " - 1")
			b.looksRight("the overview")
		})
	}
}

func TestTheKeysLeadThroughTheSkills(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := startedIn(t, s, language)
			b.visit("/me/levels")
			first := b.eval(`document.querySelector('tbody a[href*="?category="]').getAttribute("href")`)
			b.visit(first)
			b.until("document.querySelectorAll('.round-level').length === 5")
			b.looksRight("a skill")
			name := b.text("h1")
			b.arrow("Enter")
			b.until("document.querySelector('.round-form') && document.querySelector('h1').textContent !== `" + name + "`")
			second := b.text("h1")
			b.press("3")
			b.until("document.querySelector('.round-form') && document.querySelector('h1').textContent !== `" + second + "`")
			b.arrow("ArrowLeft")
			b.until("document.querySelector('.is-last')?.value === '3' && document.querySelector('h1').textContent === `" + second + "`")

			// While kana are converted, keys are none of ours.
			b.eval(`(document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, bubbles: true})),
				document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "4", isComposing: true, bubbles: true})), "")`)
			if b.text("h1") != second || b.holds("document.querySelector('[data-sent]')") {
				t.Error("a key of the input method was taken")
			}
			b.press("1")
			b.until("document.querySelector('.round-form') && document.querySelector('h1').textContent !== `" + second + "`")
			b.arrow("ArrowLeft")
			b.until("document.querySelector('.is-last')?.value === '1'")
			b.press("4")
			b.until("document.querySelector('#note-error') && document.activeElement.id === 'note'")
			b.looksRight("a large step without evidence")
			b.fill("#note", "当番を3回受け持ちました")
			b.click(".round-note .button.primary")
			b.until("!document.querySelector('#note-error') && document.querySelector('.round-form') && document.querySelector('h1').textContent !== `" + second + "`")
			b.click(`.menu-sheet a[href^="/members/"]`)
			b.until("document.querySelector('.profile-levels') && document.querySelector('main').textContent.includes('当番を3回受け持ちました')")
			b.looksRight("a page with a few levels")
		})
	}
}

func TestAPersonAndTheirLevelsInTheDemo(t *testing.T) {
	for _, one := range []struct {
		size     size
		language string
		light    string
	}{{laptop, "ja", "dark"}, {phone, "en", "light"}} {
		t.Run(one.language, func(t *testing.T) {
			b := signedIn(t, one.size, one.language, "髙田")
			b.emulate(one.light)
			b.click(`.menu-sheet a[href^="/members/"]`)
			b.until("document.querySelector('.radar-table') && document.querySelector('.growth')")
			b.looksRight("a person's page")
			if n := b.eval("String(document.querySelectorAll('.radar-table tbody tr').length)"); n != "6" {
				t.Errorf("%s categories", n)
			}
			if drawn := b.holds("document.querySelector('.radar').checkVisibility()"); drawn == (one.size == phone) {
				t.Errorf("the picture is shown: %v", drawn)
			}
			b.click(`.profile-levels a[href*="/targets/"]`)
			b.until("document.querySelector('#field-due')")
			b.looksRight("a target")
			b.fill("#field-level", "4")
			b.fill("#field-due", "いつか")
			b.click("main .button.primary")
			b.until("document.querySelector('#field-due[aria-invalid]')")
			b.looksRight("a target without a day")
			b.fill("#field-due", "令和99年3月31日")
			b.click("main .button.primary")
			b.until("document.querySelector('.notice-done') && document.querySelector('main').textContent.includes('2117')")

			lead := signedIn(t, one.size, one.language, "高橋")
			lead.visit("/skills/waiting")
			lead.until("document.querySelector('.waiting tbody tr')")
			lead.looksRight("what waits")
		})
	}
}

func TestSelfAssessmentAndConfirmationWorkWithoutJavaScript(t *testing.T) {
	b := startedIn(t, laptop, "ja")
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.visit("/me/levels")
	b.click("main .button.primary")
	b.until("document.querySelectorAll('.round-level').length === 5")
	b.click(".round-level[value='1']")
	b.until("document.querySelector('.round-skills select')?.value === '1'")
	category := b.eval("location.pathname")
	b.click(".round-skills .button.primary")
	b.until("location.pathname.startsWith('/me/levels/categories/') && location.pathname !== '" + category + "'")
	b.visit("/me/levels")
	b.click(".round-changes a")
	b.until("document.querySelector('.is-last')?.value === '1'")
	skill := b.eval("location.pathname")
	b.click(".round-level[value='4']")
	b.until("document.querySelector('#note-error')")
	b.eval(`(document.querySelector("#note").value = "当番を3回", "")`)
	b.click(".round-note .button.primary")
	b.until("!document.querySelector('#note-error') && location.pathname !== '" + skill + "'")
	b.visit(skill)
	b.until("document.querySelector('.is-last')?.value === '4'")
	if strings.Contains(b.eval("document.documentElement.className"), "js") {
		t.Error("a script ran")
	}
	b.do(chromedp.EmulateViewport(phone.width, phone.height))
	b.fits("a skill on a phone without scripts")
}
