package browser

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
)

// ownDemo opens a demo department that a test may change, as one of its people.
func ownDemo(t *testing.T, s size, language, person string) *tab {
	t.Helper()
	p, err := start("demo", filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	b := openOn(t, p, s)
	b.enter(language, person)
	return b
}

// enter signs a window in to a demo department.
func (b *tab) enter(language, person string) {
	b.Helper()
	b.visit("/sign-in")
	b.speak("ja")
	b.eval(`([...document.querySelectorAll('form[action="/demo/sign-in"] button')].find(x => x.textContent.includes("` + person + `")).click(), "")`)
	b.until("document.querySelector('#question')")
	b.speak(language)
}

// special presses a key that is no letter, where the focus is.
func (b *tab) special(key string, code, modifiers int64) {
	b.Helper()
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, WindowsVirtualKeyCode: code, Modifiers: modifiers})
	call(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, WindowsVirtualKeyCode: code, Modifiers: modifiers})
}

const ctrl = 2

// cell is the link of a skill and a member on the map, as JavaScript.
func cell(skill, member string) string {
	return `[...document.querySelectorAll("#map tr.r")].find(r => r.querySelector(".k").textContent.includes("` + skill + `")).querySelectorAll("td > a")[` +
		`[...document.querySelectorAll("#map thead .m")].findIndex(h => h.textContent.includes("` + member + `"))]`
}

func TestKeysSetLevelsThatAreSavedTogether(t *testing.T) {
	b := ownDemo(t, laptop, "ja", "佐藤")
	b.visit("/skills/map")
	b.until("document.querySelectorAll('#map tr.r').length === 30")
	b.accessible("the map")
	b.eval("(" + cell("フォレンジック", "中島") + ".focus(), '')")
	b.key("3")
	b.special("ArrowDown", 40, 0)
	b.key("2")
	b.key("2")
	b.special("ArrowDown", 40, 0)
	b.key("1")
	b.until("document.querySelectorAll('#map .draft').length === 3 && !document.querySelector('#map-drafts').hidden")
	b.accessible("the map with drafts")
	b.special("Escape", 27, 0)
	b.until("document.querySelectorAll('#map .draft').length === 2")
	b.key("f")
	b.until("document.querySelectorAll('#map.one-row tr.on').length === 1")
	b.special("Escape", 27, 0)
	b.special("Enter", 13, ctrl)
	b.until("document.querySelector('.notice-done') && !document.querySelector('#map .draft') && " + cell("フォレンジック", "中島") + ".textContent === '3' && " + cell("マルウェア", "中島") + ".textContent === '2'")
	if got := b.text("#map-drafts p"); got != "" {
		t.Errorf("something still waits: %s", got)
	}
	b.eval("(" + cell("フォレンジック", "中島") + ".focus(), '')")
	b.key("h")
	b.until("document.activeElement.id === 'cell-history' && document.querySelectorAll('#cell-history li').length > 1")
	b.accessible("the history beside the map")
	b.special("Escape", 27, 0)
	b.until("document.querySelector('#cell-panel').hidden && document.activeElement.closest('#map')")
	b.key("t")
	b.until("document.activeElement.name === 'target'")
	b.fill("#cell-target [name=target]", "4")
	b.fill("#cell-target [name=due]", "2099-03-31")
	b.eval("(document.querySelector('.notice-done').remove(), '')")
	b.click("#cell-target .button")
	b.until("document.querySelector('.notice-done')")
	b.visit("/skills/map?view=gap")
	b.until(cell("フォレンジック", "中島") + ".textContent === '−1'")
	b.accessible("the gaps")
}

func TestWhoWasFirstIsShownBesideWhatOneTyped(t *testing.T) {
	b := ownDemo(t, laptop, "ja", "佐藤")
	b.visit("/skills/map")
	b.until("document.querySelector('#map')")
	other := openOn(t, b.program, laptop)
	other.enter("ja", "高橋")
	other.visit("/skills/map")
	for _, one := range []struct {
		tab   *tab
		level string
	}{{other, "3"}, {b, "2"}} {
		one.tab.eval("(" + cell("フォレンジック", "中島") + ".focus(), '')")
		one.tab.key(one.level)
		if one.tab == b {
			b.special("ArrowDown", 40, 0)
			b.key("1")
		}
		one.tab.special("Enter", 13, ctrl)
		one.tab.until("document.querySelector('.notice-done') || document.querySelector('fieldset')")
	}
	said := b.text("main form")
	for _, want := range []string{"高橋", "3", "あなたは 2", "ほかの1件"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said: %s", want, said)
		}
	}
	b.accessible("two values for a cell")
	b.eval("(document.querySelectorAll('fieldset [type=radio]')[1].click(), '')")
	b.click("main form .button.primary")
	b.until("document.querySelector('.notice-done') && " + cell("フォレンジック", "中島") + ".textContent === '2' && " + cell("マルウェア", "中島") + ".textContent === '1'")
}

func TestACellIsAFormWithoutJavaScript(t *testing.T) {
	b := ownDemo(t, laptop, "ja", "中島")
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.visit("/skills/map?sort=name")
	link := b.eval(cell("フォレンジック", "中島") + ".href")
	b.click(`#map a[href="` + strings.TrimPrefix(link, b.program.base+"/skills/") + `"]`)
	b.until("document.querySelector('#field-level')")
	b.eval("(document.querySelector('#field-level').value = '2', document.querySelector('#field-confidence').value = '4', document.querySelector('#field-note').value = '研修を受けました', '')")
	b.click(".cell-form .button.primary")
	b.until("location.pathname === '/skills/map' && location.search.includes('sort=name') && document.querySelector('.notice-done')")
	b.visit(strings.TrimPrefix(link, b.program.base))
	b.until("document.querySelector('#cell-history').textContent.includes('研修を受けました')")
}

// What lies below the first screen is painted later; it must come, and be as good.
func TestTheWholeMapIsThereWithAndWithoutScripts(t *testing.T) {
	b := settledIn(t, laptop, "ja")
	b.visit("/skills/starter")
	b.click("#whole .button.primary")
	b.until("location.pathname === '/skills' && document.querySelector('.notice-done')")
	const last = `document.querySelector("#map tbody:last-of-type tr.r:last-child td > a")`
	const all = `document.querySelectorAll("#map tbody").length > 1 && ` + last + `.getClientRects().length === 1`
	b.visit("/skills/map")
	b.until(all + ` && !document.querySelector("#map .later")`)
	b.eval("(" + last + ".focus(), '')")
	b.key("2")
	b.until(last + `.parentElement.matches(".draft") && ` + last + `.textContent === "2"`)
	b.special("Escape", 27, 0)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.visit("/skills/map")
	b.until(all + ` && document.querySelector("#map .later")`)
}

func TestOnAPhoneTheMapIsAListThatOpensToPeople(t *testing.T) {
	for _, language := range []string{"ja", "en"} {
		b := signedIn(t, phone, language, "中島")
		b.visit("/skills/map")
		b.until("document.querySelectorAll('.map-item').length === 30")
		b.accessible("the list of the map")
		b.bigEnough("the list of the map")
		if b.holds("document.querySelector('#map').checkVisibility()") || !b.holds("document.querySelector('.map-item .chip').checkVisibility()") {
			t.Error("the table is shown on a phone")
		}
		b.click(".map-item a")
		b.until("document.querySelectorAll('.map-people li').length === 12")
		b.accessible("the people of a skill")
		b.visit("/skills/map")
		b.click(".map-item .own")
		b.until("document.querySelector('#field-level')")
		b.accessible("one's own cell")
		b.bigEnough("one's own cell")
	}
}

func TestWhoseViewIsNarrowedFindsNobodyElseOnTheMap(t *testing.T) {
	b := ownDemo(t, laptop, "ja", "佐藤")
	b.visit("/settings/names")
	b.fill("#field-names-visible", "")
	b.click("main form.form .button.primary")
	b.until("document.querySelector('.notice-done')")
	b.visit("/skills/map")
	other := b.eval("new URL(" + cell("フォレンジック", "髙田") + ".href).pathname")
	skill := other[:strings.LastIndex(other, "/")]
	member := openOn(t, b.program, laptop)
	member.enter("ja", "中島")
	for _, view := range []string{"now", "gap", "confidence", "age", "sources"} {
		member.visit("/skills/map?" + url.Values{"view": {view}}.Encode())
		if got := member.eval("document.querySelector('main').outerHTML"); strings.Contains(got, "髙田") || strings.Contains(got, other[len(skill)+1:]) || strings.Count(got, `<th class="m`) != 1 {
			t.Errorf("%s shows others", view)
		}
	}
	member.visit(skill)
	if got := member.eval("document.querySelector('main').outerHTML"); strings.Contains(got, "髙田") {
		t.Error("the people of a skill are shown")
	}
	member.visit(other)
	if !member.holds("document.title.includes('見つかりません') || !document.querySelector('#cell-history')") {
		t.Error("somebody else's cell is shown")
	}
}
