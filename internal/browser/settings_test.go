package browser

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestASynonymOfTheDictionaryFindsTheArticle(t *testing.T) {
	lead := signedIn(t, laptop, "ja", "佐藤")
	lead.visit("/articles/new")
	lead.fill("#field-title", "自撮り棒を現場に持って入れますか")
	lead.fill("#field-short-answer", "撮影を許された場所だけです。")
	lead.click("#article-form .button.primary")
	lead.until("location.search === '?done=saved'")
	article := lead.eval("location.pathname.split('/').pop()")
	lead.visit("/settings/jargon/new")
	lead.fill("#field-term", "自撮り棒")
	lead.fill("#field-plain", "長い棒の先で写真を撮る道具")
	lead.fill("#field-synonyms", "セルカ棒")
	lead.click(`main form[action="/settings/jargon/new"] .button.primary`)
	lead.until("location.search === '?saved=1'")
	for range 20 { // the search follows within a second
		lead.search("セルカ棒は使えますか")
		if lead.holds("document.querySelector('.hit [name=choose]')?.value === '" + article + "'") {
			return
		}
	}
	t.Errorf("the synonym finds %s", lead.text("#results"))
}

func TestARestrictedConsultationIsSeenByItsGroupOnly(t *testing.T) {
	lead := signedIn(t, laptop, "ja", "佐藤")
	lead.visit("/settings/compartments/new")
	lead.fill("#field-name", "内々の調べ")
	lead.eval(`([...document.querySelectorAll("fieldset label")].find(x => x.textContent.includes("髙田")).querySelector("input").click(), "")`)
	lead.click(`main form[action="/settings/compartments/new"] .button.primary`)
	lead.until("location.search === '?saved=1'")

	const secret = "夜勤のロッカー番号が外に出ているようです"
	inside := signedIn(t, laptop, "ja", "髙田")
	inside.visit("/consultations/new")
	inside.fill("#field-subject", secret)
	inside.eval(`(() => { const f = document.querySelector("#field-compartment"); f.value = [...f.options].find(x => x.text === "内々の調べ").value; return "" })()`)
	inside.fill("#field-short-answer", "番号を替えて、本人に知らせます。")
	inside.click("#send")
	inside.until("location.search === '?saved=1'")
	page := inside.eval("location.pathname")

	outside := signedIn(t, laptop, "ja", "鈴木")
	outside.visit(page)
	if outside.holds("document.body.textContent.includes('ロッカー番号')") {
		t.Error("somebody outside the group reads it")
	}
	outside.visit("/consultations?words=" + "ロッカー番号")
	if outside.holds("document.querySelector('a.row-link')") {
		t.Error("the list shows it to somebody outside the group")
	}
	inside.visit("/consultations?words=" + "ロッカー番号")
	inside.until("document.querySelector('a.row-link')")
	for range 20 {
		inside.search(secret)
		if inside.holds("document.querySelector('#results').textContent.includes('ロッカー番号')") {
			break
		}
	}
	inside.until("document.querySelector('#results').textContent.includes('ロッカー番号')")
	outside.search(secret)
	if outside.holds("document.querySelector('#results').textContent.includes('ロッカー番号')") {
		t.Error("the search shows it to somebody outside the group")
	}
}

func TestTheFirstPersonSetsUpAnEmptyDepartmentAndInvitesTheNext(t *testing.T) {
	p, err := start("serve", filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	for i, language := range []string{"ja", "en"} {
		b := openOn(t, p, []size{laptop, phone}[i])
		b.visit("/sign-in")
		b.speak(language)
		b.accessible("signing in")
	}
	admin := openOn(t, p, laptop)
	admin.visit("/sign-in")
	admin.speak("ja")
	admin.visit(p.welcome)
	admin.accessible("the first account")
	admin.fill("#name", "佐藤 真一")
	admin.fill("#email", "sato@example.com")
	admin.fill("#password", "short")
	admin.click(`main form .button.primary`)
	admin.until("document.querySelector('[role=alert]')?.textContent.includes('10字以上')")
	if admin.value("#name") != "佐藤 真一" {
		t.Error("the name typed is gone")
	}
	admin.fill("#password", "橋の下の青い自転車")
	admin.fill("#password", "橋の下の青い自転車が三台")
	admin.click(`main form .button.primary`)
	admin.until("location.pathname === '/ask' && document.querySelectorAll('.steps a').length === 3")
	admin.accessible("the first page of an empty department")
	admin.visit(p.welcome)
	if !admin.holds("!document.querySelector('#password')") {
		t.Error("the link works a second time")
	}

	admin.visit("/ask")
	admin.click(".steps a")
	admin.until("location.pathname === '/settings/members'")
	admin.visit("/settings/members/new")
	admin.fill("#field-name", "グエン・"+strings.Repeat("長", 30))
	admin.fill("#field-email", "lan@example.com")
	admin.click(`main form[action="/settings/members/new"] .button.primary`)
	admin.until("location.search === '?saved=1'")
	admin.eval(`([...document.querySelectorAll("a.row-link")].find(x => x.textContent.includes("グエン")).click(), "")`)
	admin.until("document.querySelector('form[action$=\"/invite\"]')")
	member := admin.eval("location.pathname")
	admin.click(`form[action$="/invite"] button`)
	admin.until("document.querySelector('#link')?.value.includes('/welcome/')")
	admin.accessible("an invitation")
	link := admin.value("#link")

	lan := openOn(t, p, phone)
	lan.visit(strings.TrimPrefix(link, p.base))
	lan.speak("en")
	lan.accessible("a welcome")
	lan.fill("#password", "a long walk by the river")
	lan.click(`main form .button.primary`)
	lan.until("location.pathname === '/ask' && document.querySelector('.empty')")
	lan.accessible("the first page of a new member")

	admin.visit(member)
	admin.fill("#field-active", "")
	admin.click(fmt.Sprintf(`main form[action="%s"] .button.primary`, member))
	admin.until("location.search === '?saved=1'")
	lan.visit("/ask")
	lan.until("location.pathname === '/sign-in'")
	lan.fill("#email", "lan@example.com")
	lan.fill("#password", "a long walk by the river")
	lan.click(`main form .button.primary`)
	lan.until("document.querySelector('[role=alert]') && location.pathname === '/sign-in'")
}
