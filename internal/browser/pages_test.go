package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pages are the addresses that people visit, empty lists and an unknown one among them.
var pages = []string{"/ask", "/consultations", "/articles", "/settings", "/settings/members", "/settings/members/new", "/settings/departments",
	"/settings/topics", "/settings/jargon", "/settings/compartments", "/settings/compartments/new", "/imports", "/certificates", "/certificates/new", "/credits/new", "/certifications", "/certifications/new", "/skills/map", "/skills/map?view=sources&sort=catalogue", "/skills/map?view=age", "/skills/map?view=confidence&day=2026-01-05", "/skills", "/skills/new", "/skills/starter", "/skills/categories/new", "/risk", "/risk?away=abc", "/trainings", "/trainings?year=all&words=none-such", "/trainings/catalogue", "/trainings/catalogue/new", "/me", "/consultations?words=none-such", "/articles?words=none-such", "/none-such"}

func TestEveryPageIsAccessibleAndFitsTheWindow(t *testing.T) {
	for _, one := range []struct {
		size     size
		language string
		light    string
		other    size
	}{{laptop, "ja", "light", phone}, {phone, "en", "dark", laptop}} {
		t.Run(fmt.Sprintf("%s at %d pixels, %s", one.language, one.size.width, one.light), func(t *testing.T) {
			b := signedIn(t, one.size, one.language, "佐藤")
			b.emulate(one.light)
			look := func(name string) {
				b.accessible(name)
				for _, s := range []size{one.other, one.size} {
					b.do(chromedp.EmulateViewport(s.width, s.height))
					b.fits(name)
					b.bigEnough(name)
				}
			}
			for _, path := range pages {
				b.visit(path)
				look(path)
			}
			for _, list := range []string{"/articles", "/consultations?state=answered", "/skills", "/trainings/catalogue", "/certificates", "/certifications"} {
				b.visit(list)
				b.visit(b.eval("(a => a.pathname)(document.querySelector('a.row-link'))"))
				look("the first of " + list)
			}
			b.search(mail)
			look("/ask with results")
		})
	}
}

// emulate switches to dark or light.
func (b *tab) emulate(light string) {
	b.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: light}}})
}

// bigEnough fails for what a thumb cannot hit on a phone: buttons and fields lower
// than 44 pixels. Links within a text are left to the text.
func (b *tab) bigEnough(page string) {
	b.Helper()
	small := b.eval(`innerWidth > 760 ? "" : [...document.querySelectorAll("button,.button,select,input:not([type=hidden]),textarea,summary.button,.rail a")]
		.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".visually-hidden") && !e.matches(".visually-hidden, .hit-title, [type=checkbox], .topbar *"))
		.filter(e => e.getBoundingClientRect().height < 43.5).slice(0, 4).map(e => Math.round(e.getBoundingClientRect().height) + " " + e.outerHTML.slice(0, 120)).join("\n")`)
	if small != "" {
		b.Errorf("%s has targets that are too small for a thumb:\n%s", page, small)
	}
}

func TestTheLanguageSwitchLeavesNothingBehind(t *testing.T) {
	b := signedIn(t, laptop, "en", "佐藤")
	for _, path := range []string{"/settings", "/imports", "/settings/members/new", "/me", "/articles/new", "/consultations/new", "/skills/map", "/skills", "/skills/starter", "/risk"} {
		b.visit(path)
		// The switch itself names the other language in its own letters, and so do choices of a language. What came in is called as its person called it.
		left := b.eval(`(() => { const c = document.body.cloneNode(true);
			c.querySelectorAll('form[action="/language"],option,.checks,a[href^="/imports/"],[lang=ja],script,.menu').forEach(x => x.remove());
			return (c.textContent.match(/[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]+/gu) || []).join(" ") })()`)
		if left != "" {
			t.Errorf("%s in English still says %s", path, left)
		}
	}
	b.visit("/me")
	b.speak("ja")
	if !b.holds("document.title.includes('自分の設定')") {
		t.Errorf("in Japanese the page is called %s", b.eval("document.title"))
	}
}
