package browser

import (
	"path/filepath"
	"testing"
)

// settledIn opens a window on an empty department, as its first person.
func settledIn(t *testing.T, s size, language string) *tab {
	t.Helper()
	p, err := start("serve", filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	b := openOn(t, p, s)
	b.visit("/sign-in")
	b.speak(language)
	b.visit(p.welcome)
	b.fill("#name", "佐藤 真一")
	b.fill("#email", "sato@example.com")
	b.fill("#password", "橋の下の青い自転車が三台")
	b.click("main form .button.primary")
	b.until("location.pathname === '/ask'")
	b.speak(language)
	return b
}

func TestADepartmentBeginsItsCatalogueAndMakesItItsOwn(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := settledIn(t, s, language)
			b.visit("/skills")
			b.accessible("an empty catalogue")
			b.fits("an empty catalogue")
			b.click(".empty .button.primary")
			b.until("location.pathname === '/skills/starter'")
			b.accessible("the starter skills")
			b.fits("the starter skills")
			b.bigEnough("the starter skills")
			b.eval(`(document.querySelector("[name=categories]").click(), "")`)
			b.click("#some .button.primary")
			b.until("location.pathname === '/skills' && document.querySelector('a.row-link') && document.querySelector('.notice-done')")
			b.accessible("a catalogue")
			b.fits("a catalogue")

			b.click("a.row-link")
			b.until("document.querySelector('a[href$=\"/codes\"]') && document.querySelector('a[href$=\"/edit\"]')")
			b.accessible("a skill")
			b.fits("a skill")
			skill := b.eval("location.pathname")
			b.click(`main a[href$="/edit"]`)
			b.until("location.pathname.endsWith('/edit')")
			b.accessible("the form of a skill")
			b.fits("the form of a skill")
			b.bigEnough("the form of a skill")
			b.fill("#field-name", "")
			b.fill("#field-minimum", "5")
			b.eval(`(document.querySelector("main form.form").submit(), "")`)
			b.until("document.querySelector('[role=alert]') && document.querySelector('#field-name[aria-invalid]')")
			b.accessible("a skill without a name")
			if b.value("#field-minimum") != "5" {
				t.Error("the number typed is gone")
			}
			b.fill("#field-name", "港の警備")
			b.fill("#field-name-en", "Harbour watch")
			b.click("main form.form .button.primary")
			b.until("document.querySelector('.notice-done')")
			b.visit(skill)
			b.until(`document.querySelector("h1").textContent === ` + map[string]string{"ja": "'港の警備'", "en": "'Harbour watch'"}[language])

			b.visit(skill + "/edit")
			b.fill("#field-active", "")
			b.click("main form.form .button.primary")
			b.until(`location.pathname === "` + skill + `" && document.querySelector(".notice-done")`)
			b.visit("/skills")
			b.until(`document.querySelector("main details a[href='` + skill + `']")`)
			b.visit("/skills/starter")
			b.click("#whole .button.primary")
			b.until("location.pathname === '/skills' && document.querySelectorAll('main h2').length >= 6")
			b.visit("/skills/starter")
			b.until("!document.querySelector('#whole')")
		})
	}
}

func TestALeaveIsPlannedAndCancelled(t *testing.T) {
	for language, s := range map[string]size{"ja": phone, "en": laptop} {
		t.Run(language, func(t *testing.T) {
			b := settledIn(t, s, language)
			b.visit("/absences")
			b.accessible("no absences")
			b.fits("no absences")
			b.click(".empty .button.primary")
			b.until("document.querySelector('#field-starts-on')")
			b.accessible("the form of an absence")
			b.fits("the form of an absence")
			b.bigEnough("the form of an absence")
			b.eval(`(document.querySelector("#field-starts-on").value = "2099-01-04", document.querySelector("main form.form").submit(), "")`)
			b.until("document.querySelector('#field-ends-on[aria-invalid]')")
			b.accessible("a leave without an end")
			if got := b.value("#field-starts-on"); got != "2099-01-04" {
				t.Errorf("the day typed is %q now", got)
			}
			b.eval(`(document.querySelector("#field-ends-on").value = "2099-01-08", "")`)
			b.click("main form.form .button.primary")
			b.until("document.querySelector('.notice-done') && document.querySelectorAll('tbody tr').length === 1")
			b.accessible("an absence")
			b.fits("an absence")
			b.bigEnough("an absence")
			b.click("tbody button")
			b.until("document.querySelector('.notice-done') && document.querySelector('.empty')")
		})
	}
}

func TestTheCatalogueIsPutInOrder(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := settledIn(t, s, language)
			b.visit("/skills/starter")
			b.click("#whole .button.primary")
			b.until("location.pathname === '/skills'")
			b.visit("/skills/order")
			b.accessible("the order of skills")
			b.fits("the order of skills")
			b.bigEnough("the order of skills")
			second := b.eval(`document.querySelectorAll("h2.order-row > span:first-child")[1].textContent`)
			b.click("h2.order-row [value^='down:']")
			b.until(`document.querySelector("h2.order-row > span:first-child").textContent === ` + "`" + second + "`")
			b.visit("/settings/names")
			b.accessible("who sees names")
			b.fits("who sees names")
			b.fill("#field-names-visible", "")
			b.click("main form.form .button.primary")
			b.until("document.querySelector('.notice-done') && document.querySelector('#field-names-visible').value === ''")
		})
	}
}
