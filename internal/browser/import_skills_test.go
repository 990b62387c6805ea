package browser

import (
	"fmt"
	"testing"
)

// A lead pastes a skill map, corrects who a name means, brings it in and takes it back.
func TestASkillMapIsPastedCorrectedBroughtInAndTakenBack(t *testing.T) {
	for _, one := range []struct {
		size     size
		language string
		light    string
	}{{laptop, "ja", "light"}, {laptop, "en", "dark"}, {phone, "ja", "dark"}, {phone, "en", "light"}} {
		t.Run(fmt.Sprintf("%s at %d pixels", one.language, one.size.width), func(t *testing.T) {
			b := signedIn(t, one.size, one.language, "佐藤")
			b.emulate(one.light)
			look := func(name string) {
				b.accessible(name)
				b.fits(name)
				b.bigEnough(name)
			}
			b.visit("/skills/import")
			look("the paste")
			b.fill("#pasted", "\t貼りつけ分類\t貼りつけ分類\n氏名\t貼りつけ"+one.language+"甲\t貼りつけ"+one.language+"乙\n高橋\t◎\t？？\n知らない人\t×\t△\n")
			b.click(".upload .button.primary")
			b.until("document.querySelector('#reading .notes li b')")
			look("the preview")
			if b.text("#reading .notes li b") != "C3" || b.holds("document.querySelectorAll('#people select').length !== 2") {
				t.Errorf("the reading is %s", b.text("#reading"))
			}
			b.eval(`(() => { const s = [...document.querySelectorAll('#people tr')].find(r => r.textContent.includes('知らない人')).querySelector('select');
				s.value = [...s.options].find(o => o.value.length > 5 && !o.selected && !o.textContent.includes('高橋') && !o.textContent.toLowerCase().includes('takahashi')).value; return '' })()`)
			b.click("#people .button")
			b.until("!document.querySelector('tr.fate-skip')")
			look("the corrected preview")
			b.click(".run-bar .button.primary")
			b.until("document.querySelector('.tally')")
			look("the result")
			b.click(`form[action$="/undo"] .button`)
			b.until("document.querySelector('.undone-line')")
			look("what was undone")
			if b.holds("document.querySelectorAll('tbody tr').length > 0 && document.querySelector('.page-head + .import h2.section-title span')") {
				t.Errorf("an undone import kept %s", b.text(".import"))
			}
		})
	}
}
