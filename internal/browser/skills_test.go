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
