package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

func TestALeadAsksWhatIsMissedAndPrintsWhatToHandOver(t *testing.T) {
	for language, s := range map[string]size{"ja": laptop, "en": phone} {
		t.Run(language, func(t *testing.T) {
			b := signedIn(t, s, language, "佐藤")
			b.visit("/risk/what-if")
			b.accessible("the question")
			b.fits("the question")
			b.bigEnough("the question")
			takada := map[string]string{"ja": "髙田", "en": "TAKADA"}[language]
			b.eval(`([...document.querySelectorAll("#who label")].find(x => x.textContent.includes("` + takada + `")).querySelector("input").click(), "")`)
			b.click("main .what-if-ask .button.primary")
			b.until("document.querySelector('#answer') && document.querySelectorAll('.badge-severity-lost').length === 2")
			b.accessible("the answer")
			b.fits("the answer")
			if got := b.text(".what-if-counts li:first-child strong"); got != "2" {
				t.Errorf("%s skills are lost, want 2", got)
			}
			b.click(".page-head .actions a")
			b.until("location.pathname === '/risk/hand-over' && document.querySelectorAll('.hand-over .tick').length === 9")
			b.accessible("the hand-over list")
			b.fits("the hand-over list")

			call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			b.until("getComputedStyle(document.querySelector('.rail')).display === 'none' && getComputedStyle(document.querySelector('.hand-over-signs')).display !== 'none'")
			if !b.holds("getComputedStyle(document.querySelector('.hand-over .tick')).borderTopWidth !== '0px' && getComputedStyle(document.querySelector('.hand-over .csv')).display === 'none'") {
				t.Error("the printed list has no boxes, or has what only a screen needs")
			}
			call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: ""})

			b.visit("/risk/what-if?member=nobody&from=2001-01-01")
			b.until("document.querySelector('[role=alert]')")
			b.accessible("a question that cannot be answered")
		})
	}
}

func TestLeaveThatBreaksASkillWarnsBeforeItIsSaved(t *testing.T) {
	for language, s := range map[string]size{"ja": phone, "en": laptop} {
		t.Run(language, func(t *testing.T) {
			b := signedIn(t, s, language, "髙田")
			b.visit("/absences/new")
			days := map[string][2]string{"ja": {"2098-01-06", "2098-01-08"}, "en": {"2098-02-03", "2098-02-05"}}[language]
			b.eval(`(document.querySelector("#field-starts-on").value = "` + days[0] + `", document.querySelector("#field-ends-on").value = "` + days[1] + `", "")`)
			b.click("main form.form .button.primary")
			b.until("document.querySelector('#guard li') && document.querySelector('#field-ends-on').value === '" + days[1] + "'")
			b.accessible("the warning of a leave")
			b.fits("the warning of a leave")
			b.bigEnough("the warning of a leave")
			b.click("main form.form [name=anyway].primary")
			b.until("location.pathname === '/absences' && document.querySelector('.notice-done')")

			lead := signedIn(t, s, language, "佐藤")
			lead.visit("/absences")
			lead.until("document.querySelector('.leave-warnings li')")
			lead.accessible("absences that break skills")
			lead.fits("absences that break skills")
			b.eval(`([...document.querySelectorAll("tbody tr")].find(x => x.textContent.includes("2098")).querySelector("button").click(), "")`)
			b.until("document.querySelector('.notice-done') && ![...document.querySelectorAll('tbody tr')].some(x => x.textContent.includes('2098'))")
		})
	}
}
