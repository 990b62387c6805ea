package browser

import "testing"

func TestALeadOpensTheRowsBehindANumber(t *testing.T) {
	for _, one := range []struct {
		size, other size
		language    string
	}{{laptop, phone, "ja"}, {phone, laptop, "en"}} {
		t.Run(one.language, func(t *testing.T) {
			b := signedIn(t, one.size, one.language, "佐藤")
			look := func(name string) {
				b.accessible(name)
				b.fits(name)
				b.bigEnough(name)
			}
			b.visit("/skills")
			b.click("main a[href='/risk']")
			b.until("location.pathname === '/risk' && document.querySelector('.risk-sentence').textContent.includes('2')")
			b.eval(`(document.querySelectorAll("main details").forEach(d => d.open = true), "")`)
			look("what hangs on one person, opened")
			b.fill("#field-away", "25")
			b.fill("#field-count", "needed")
			b.click(".risk-form .button")
			b.until("location.search.includes('away=25') && location.search.includes('count=needed') && document.body.textContent.includes('25%')")
			b.visit("/risk")
			b.click("#one a.row-link")
			b.until("location.pathname.startsWith('/risk/skills/') && document.querySelectorAll('#people tbody tr').length > 2")
			look("the people of a skill")
			b.visit("/risk")
			b.click("main a[href^='/risk/topics/']")
			b.until("location.pathname.startsWith('/risk/topics/') && document.querySelector('main a[href^=\"/consultations/\"]')")
			look("the answers of a topic")
			b.click("main a.row-link")
			b.until("location.pathname.startsWith('/consultations/')")
		})
	}
}
