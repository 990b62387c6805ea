package browser

import (
	"fmt"
	"strings"
	"testing"
)

func TestAnArticleIsChangedComparedAndRestored(t *testing.T) {
	for _, language := range []string{"ja", "en"} {
		t.Run(language, func(t *testing.T) {
			b := signedIn(t, laptop, language, "髙田")
			b.visit("/articles/new")
			b.accessible("/articles/new")
			title := "会議室の壁に図を貼ってよいですか " + language
			b.fill("#field-title", title)
			b.fill("#field-short-answer", "会議が終わったら外してください。")
			b.fill("#field-steps", "写真を撮らない\n終わったら**外す**")
			b.click("[name=preview]")
			b.until("document.querySelector('#preview .answer strong')?.textContent === '外す'")
			b.click("#article-form .button.primary")
			b.until("location.search === '?done=saved'")
			article := b.eval("location.pathname")

			b.press("e")
			b.until("location.pathname.endsWith('/edit')")
			b.accessible("the form of an article")
			b.fill("#field-short-answer", "会議が終わる前に外してください。")
			b.eval(`(document.querySelector("#field-short-answer").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true})), "")`)
			b.until("location.search === '?done=saved'")
			b.press("h")
			b.until("location.pathname.endsWith('/versions')")
			b.accessible("the versions of an article")
			if gone, come := b.text("del:not(.removed-mark)"), b.text("ins:not(.added)"); !strings.Contains(gone, "った") && gone == "" || come == "" {
				t.Errorf("the difference is -%q +%q", gone, come)
			}
			b.click(`form[action$="/versions/1/restore"] button`)
			b.until("location.search === '?done=restored' && location.pathname === '" + article + "'")
			if got := b.text(".box-short"); got != "会議が終わったら外してください。" {
				t.Errorf("restored %q", got)
			}
		})
	}
}

func TestTheSecondToSaveSeesWhatTheFirstSaved(t *testing.T) {
	first, second := signedIn(t, laptop, "ja", "髙田"), signedIn(t, laptop, "ja", "渡邉")
	first.visit("/articles?words=" + "ChatGPT")
	article := first.eval("document.querySelector('a.row-link').pathname")
	first.visit(article + "/edit")
	second.visit(article + "/edit")
	for _, step := range []struct {
		b      *tab
		reason string
	}{{first, "先に書いた理由です。"}, {second, "後から書いた理由です。"}} {
		step.b.fill("#field-reason", step.reason)
		step.b.click("#article-form .button.primary")
		step.b.until("!location.pathname.endsWith('/edit')")
	}
	second.until("document.querySelector('.notice-warn')?.textContent.includes('髙田') && document.querySelector('details[open]').textContent.includes('先に書いた理由')")
	if got := second.value("#field-reason"); got != "後から書いた理由です。" {
		t.Errorf("what was typed became %q", got)
	}
	second.accessible("a form that somebody else was faster with")
	second.click("#article-form .button.primary")
	second.until("location.search === '?done=saved' && document.querySelector('.answer').textContent.includes('後から書いた理由')")
}

func TestAnAskedWordingCanBeRemoved(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.search("お世話になっております。経理部の森です。\n顔の代わりにパスフレーズを使ってもよいでしょうか。")
	b.press("r")
	b.until(onUsed)
	article := b.eval("document.querySelector('.links a').pathname")
	b.visit(article)
	b.until("document.querySelector('.wordings').textContent.includes('パスフレーズを使ってもよい')")
	b.eval(`([...document.querySelectorAll(".wordings li")].find(x => x.textContent.includes("パスフレーズを使ってもよい")).querySelector("button").click(), "")`)
	b.until("location.search === '?done=wording' && !document.querySelector('.wordings')?.textContent.includes('パスフレーズを使ってもよい')")
}

func TestAnArticleIsVerifiedForAnotherYear(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.visit("/articles?state=not_verified")
	b.click("a.row-link")
	b.until("document.querySelector('form[action$=\"/verify\"]')")
	if due := b.value("#review_due"); due[:4] <= fmt.Sprint(b.eval("String(new Date().getFullYear())")) {
		t.Errorf("the next review is proposed for %s", due)
	}
	b.press("v")
	b.until("location.search === '?done=verified' && document.querySelector('.badge-article_state-verified')")
}
