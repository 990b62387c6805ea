package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

func TestATrainingIsWrittenDownInSeconds(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := ownDemo(t, s, language, "小林")
			b.visit("/trainings")
			b.looksRight("the records")
			b.press("n")
			b.until("document.activeElement.id === 'field-title'")
			title := map[string]string{"ja": "クラウド設定レビュー会", "en": "Cloud configuration review"}[language]
			b.fill("#field-title", title)
			b.until("document.querySelector('#field-hours').placeholder === '6h' && document.querySelector('#field-cost').placeholder === '¥0' && document.querySelector('#training-says').textContent.includes('3')")
			b.eval(`(document.querySelector('#field-title').focus(), [...document.querySelectorAll("[name=members]")].filter(x => !x.checked)[0].click(), "")`)
			b.special("Enter", 13, ctrl)
			b.until("location.search.includes('done=logged') && document.querySelector('.notice-done')")
			row := "[...document.querySelectorAll('.trainings tbody tr')].find(x => x.textContent.includes(`" + title + "`))"
			if !b.holds(row + ".textContent.includes('6h') && " + row + ".querySelectorAll('td a[href^=\"/trainings/\"]').length >= 2") {
				t.Errorf("the row says %s", b.eval(row+".textContent"))
			}

			// The same people on the same day again: who is there already is taken out.
			b.fill("#field-title", title)
			b.click("#log-it")
			b.until("document.querySelector('#people-error')")
			if b.value("#field-title") != title || b.holds("document.querySelector('[name=members]:checked')") {
				t.Error("what was typed is gone, or who has a record stays ticked")
			}
			b.looksRight("a form that was refused")

			b.visit("/trainings")
			b.fill("#field-title", "途中の研修")
			b.special("s", 83, ctrl)
			b.until("document.querySelector('[data-draft-state]').textContent !== ''")
			b.visit("/trainings")
			b.until("document.querySelector('#field-title').value === '途中の研修'")
			b.click("[name=draft][value=discard]")
			b.until("document.querySelector('#field-title').value === ''")

			b.eval("(" + row + ".querySelector('td a[href^=\"/trainings/\"]').click(), '')")
			b.until("document.querySelector('form[action$=\"/withdraw\"]')")
			b.looksRight("a record")
			b.fill("#field-hours", "1:30")
			b.click("main form.form .button.primary")
			b.until("location.search === '?done=saved' && " + row + ".textContent.includes('1.5h')")
		})
	}
}

func TestALeadKeepsTheCatalogueOfTrainings(t *testing.T) {
	for language, s := range map[string]size{"ja": phone, "en": laptop} {
		t.Run(language, func(t *testing.T) {
			b := ownDemo(t, s, language, "高橋")
			b.visit("/trainings/catalogue")
			b.looksRight("the catalogue")
			b.click(".reviews a")
			b.until("document.querySelector('#field-title')?.value === 'Web会議の安全' && document.querySelector('#skill-0').value !== ''")
			b.looksRight("a training to be taken over")
			b.fill("#field-title-en", "Safe web meetings")
			b.click("main form.form .button.primary")
			b.until("location.search === '?done=saved' && !document.querySelector('.reviews')")
			b.visit(b.eval("[...document.querySelectorAll('.row-link')].find(x => /Web会議|web meetings/.test(x.textContent)).pathname"))
			if !b.holds("document.querySelectorAll('.trainings tbody tr').length === 1") {
				t.Error("the records so far do not belong to it")
			}
			b.looksRight("a training")

			b.visit("/skills/waiting")
			b.until("document.querySelector('#reviews')")
			b.looksRight("levels to look at again")
			n := b.eval("String(document.querySelectorAll('.reviews > li').length)")
			b.click(".reviews form button")
			b.until("document.querySelector('.notice-done') && document.querySelectorAll('.reviews > li').length === " + n + " - 1")
		})
	}
}

func TestATrainingIsWrittenDownWithoutJavaScript(t *testing.T) {
	b := ownDemo(t, phone, "ja", "髙田")
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.visit("/trainings")
	b.until("document.querySelector('#field-title')")
	b.eval(`(document.querySelector('#field-title').value = 'SaaS審査のやり方', document.querySelector('#field-day').value = '令和2年4月1日', "")`)
	b.click("#log-it")
	b.until("location.search.includes('done=logged')")
	b.visit("/trainings?year=2020")
	b.until("document.querySelector('main').textContent.includes('2020年4月1日')")

	// What was planned took place, by one press.
	n := b.eval("String(document.querySelectorAll('[name=state][value=done]').length)")
	b.click("[name=state][value=done]")
	b.until("location.search.includes('done=done') && document.querySelectorAll('[name=state][value=done]').length === " + n + " - 1")
}
