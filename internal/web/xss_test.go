package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"tasuki/internal/team"
	"tasuki/views"
)

// payloads are texts that have become markup somewhere; "zq" marks what they would make.
var payloads = []string{
	`<script>zq()</script>`, `<ScRiPt src=//zq.example></sCrIpT>`, `<img src=x onerror=zq()>`, `<img src="http://zq.example/a.png">`, `<svg onload=zq()>`,
	`<svg><script>zq()</script></svg>`, `<svg/onload=zq()//`, `<body onload=zq()>`, `<iframe src=javascript:zq()>`, `<iframe srcdoc="<script>zq()</script>">`,
	`<object data=javascript:zq()>`, `<embed src=//zq.example>`, `<link rel=stylesheet href=//zq.example>`, `<meta http-equiv=refresh content="0;url=//zq.example">`,
	`<base href=//zq.example>`, `<form action=//zq.example><input name=zq>`, `<input autofocus onfocus=zq()>`, `<button formaction=javascript:zq()>`, `<style>@import '//zq.example'</style>`,
	`<p style="background:url(//zq.example)">`, `<div hx-get="//zq.example" hx-trigger=load>`, `<div hx-on:load="zq()">`, `<div data-hx-get=/sign-out hx-trigger=load>`, `<details open ontoggle=zq()>`,
	`<video><source onerror=zq()>`, `<audio src=x onerror=zq()>`, `<marquee onstart=zq()>`, `<math><mtext><style><img src onerror=zq()>`, `<template><script>zq()</script></template>`, `<noscript><p title="</noscript><img src=x onerror=zq()>">`,
	`</title><script>zq()</script>`, `</textarea><script>zq()</script>`, `</option></select><script>zq()</script>`, `</style><script>zq()</script>`, `--><script>zq()</script>`, `]]><script>zq()</script>`,
	`"><script>zq()</script>`, `'><script>zq()</script>`, `" onmouseover=zq() x="`, `' onmouseover=zq() x='`, "` onmouseover=zq() x=`", `x onmouseover=zq()`, `&#34; onmouseover=zq()`, `&lt;script&gt;zq()&lt;/script&gt;`,
	`&#x3c;script&#x3e;zq()`, `\u003cscript\u003ezq()`, `%3Cscript%3Ezq()`, `＜script＞zq()＜/script＞`, "<scr\x00ipt>zq()</script>", "<scr\nipt>zq()", `<<script>zq()//<</script>`, `<script/zq src=data:,zq()>`,
	`[a](javascript:zq())`, `[a](JaVaScRiPt:zq())`, "[a](java\tscript:zq())", `[a](&#106;avascript:zq())`, `[a](data:text/html,<script>zq()</script>)`, `[a](vbscript:zq())`, `[a](//zq.example)`, `[a](https://ok.example "x\" onclick=zq()")`,
	`[a]: javascript:zq() "t"` + "\n\n[a]", `<javascript:zq()>`, `<https://ok.example/" onclick=zq()>`, `![x](http://zq.example/a.png)`, `![x](javascript:zq())`, `![a" onerror="zq()](x)`, `[![x](http://zq.example)](javascript:zq())`,
	"```html onclick=zq()\n<script>zq()</script>\n```", "`<script>zq()</script>`", "    <script>zq()</script>", "|<img src=x onerror=zq()>|b|\n|-|-|\n|[a](javascript:zq())|<b onclick=zq()>|", "# <img src=x onerror=zq()>", "- [x] <img src=x onerror=zq()>",
	"> <script>zq()</script>", "https://ok.example/<script>zq()</script>", "www.ok.example/\"onmouseover=\"zq()", "a@ok.example\"onmouseover=zq()", "<a href=\"jav&#x0A;ascript:zq()\">a</a>", "<a href='http://ok.example' onclick='zq()'>a</a>", "**<img src=x onerror=zq()>**",
	"{{.CSRF}}<script>zq()</script>", "{{template \"zq\"}}", "<mark><script>zq()</script></mark>", "\u2028<script>zq()</script>", "\ufeff<script>zq()</script>",
}

// fromMarkdown are the elements that people may make with Markdown.
var fromMarkdown = map[string]string{"p": "", "br": "", "hr": "", "h3": "", "h4": "", "h5": "", "h6": "", "strong": "", "em": "", "del": "", "code": "", "pre": "", "blockquote": "",
	"ul": "", "ol": "start", "li": "", "table": "", "thead": "", "tbody": "", "tr": "", "th": "align scope", "td": "align", "a": "href rel target"}

var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// ours are the elements that our templates and icons write, with their attributes:
// what a page holds besides these, somebody typed.
var ours = sync.OnceValue(func() map[string]map[string]bool {
	all := map[string]map[string]bool{}
	add := func(element, name string) {
		if all[element] == nil {
			all[element] = map[string]bool{"class": true, "id": true}
		}
		all[element][strings.ToLower(name)] = true
	}
	fs.WalkDir(views.FS, ".", func(path string, _ fs.DirEntry, err error) error {
		if data, err := fs.ReadFile(views.FS, path); err == nil && (strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".svg")) {
			written := html.NewTokenizer(strings.NewReader(action.ReplaceAllString(string(data), " ")))
			for written.Next() != html.ErrorToken {
				token := written.Token()
				if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
					continue
				}
				add(token.Data, "class")
				for _, a := range token.Attr {
					add(token.Data, a.Key)
				}
			}
		}
		return err
	})
	for element, names := range fromMarkdown {
		for _, name := range append(strings.Fields(names), "class") {
			add(element, name)
		}
	}
	for _, name := range []string{"viewbox", "aria-hidden", "focusable"} { // the frame of an icon
		add("svg", name)
	}
	return all
})

// checkMarkup reads a page as a browser does, and wants every element and every
// attribute to be one that we write, with addresses that stay here or are plain links.
func checkMarkup(t interface{ Errorf(string, ...any) }, name, page string) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("%s: a comment: %q", name, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		allowed, known := ours()[n.Data]
		if !known && n.Data != "tbody" {
			t.Errorf("%s: an element <%s> %v", name, n.Data, n.Attr)
		}
		for _, a := range n.Attr {
			if !allowed[strings.ToLower(a.Key)] || !harmless(n.Data, a) {
				t.Errorf("%s: an attribute <%s %s=%q>", name, n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "script" && n.FirstChild != nil {
			t.Errorf("%s: an inline script %q", name, n.FirstChild.Data)
		}
	}
}

// carriers are attributes whose value is text that somebody may have typed.
var carriers = []string{"value", "content", "title", "placeholder", "aria-label", "data-key-label"}

// harmless tells whether an attribute's value does nothing but carry text, or leads
// to a place of ours or, as a link, to a page that somebody may open.
func harmless(element string, a html.Attribute) bool {
	here := strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//") && !strings.HasPrefix(a.Val, `/\`)
	switch key := strings.ToLower(a.Key); {
	case key == "href" && element == "a":
		u, err := url.Parse(a.Val)
		return err == nil && slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme)
	case key == "src", key == "href":
		return strings.HasPrefix(a.Val, "/assets/")
	case key == "action", strings.HasPrefix(key, "hx-") && len(a.Val) > 0 && strings.Contains(a.Val, "//"), key == "formaction":
		return here
	case strings.HasPrefix(key, "on"), key == "style", key == "http-equiv", key == "srcdoc":
		return false
	default:
		return slices.Contains(carriers, key) || !strings.Contains(a.Val, "zq")
	}
}

// complaints counts what a check found.
type complaints int

func (n *complaints) Errorf(string, ...any) { *n++ }

func TestTheMarkupCheckSeesWhatItForbids(t *testing.T) {
	for _, bad := range payloads[:30] {
		var found complaints
		checkMarkup(&found, "", "<!doctype html><html lang=ja><head></head><body>"+bad+"</body></html>")
		if found == 0 {
			t.Errorf("%s passes", bad)
		}
	}
}

// Every payload goes into every field: thing number k has payload k+i in its i-th field.
func TestNothingTypedBecomesMarkup(t *testing.T) {
	if len(payloads) < 60 {
		t.Fatal(len(payloads))
	}
	w := sqliteWorld(t)
	b := w.as("admin")
	for k := range payloads {
		at := func(i int) string { return payloads[(k+i)%len(payloads)] }
		w.checkArticle(b, at)
		w.checkConsultation(b, at)
		w.checkRefusedForms(b, at)
		w.checkSettings(b, at, k)
	}
	w.catchUp()
	for _, payload := range payloads {
		for _, part := range []string{"", "true"} {
			got := b.ask(http.MethodPost, "/ask", url.Values{"text": {payload + " USB 題"}}, func(r *http.Request) { r.Header.Set("HX-Request", part) })
			checkMarkup(t, "the search for "+payload, got.body)
		}
	}
	for _, path := range []string{"/articles", "/articles?page=1", "/consultations", "/consultations?page=1", "/settings/departments", "/settings/topics", "/settings/jargon",
		"/settings/members", "/settings/compartments", "/ask"} {
		checkMarkup(t, path, b.ask(http.MethodGet, path, nil).body)
	}
}

// visit follows what a form led to and reads some pages below it.
func (w *world) visit(b *browser, form answer, below ...string) {
	w.t.Helper()
	location, _, _ := strings.Cut(form.header.Get("Location"), "?")
	if form.code != http.StatusSeeOther || location == "" {
		checkMarkup(w.t, "a refused form", form.body)
		return
	}
	for _, path := range append(below, "") {
		got := b.ask(http.MethodGet, location+path, nil)
		if got.code != http.StatusOK {
			w.t.Errorf("%s%s: %d", location, path, got.code)
		}
		checkMarkup(w.t, location+path, got.body)
	}
}

func (w *world) checkArticle(b *browser, at func(int) string) {
	w.t.Helper()
	f := url.Values{"state": {"verified"}, "audience": {"company"}}
	for i, field := range []string{"title", "short_answer", "reason", "merit", "demerit", "steps", "alternative", "due", "due_reason", "basis", "keywords", "wordings"} {
		f.Set(field, at(i)+" 題")
	}
	saved := b.ask(http.MethodPost, "/articles", f)
	location, _, _ := strings.Cut(saved.header.Get("Location"), "?")
	if got := b.ask(http.MethodPost, location+"/flags", url.Values{"note": {at(12)}}); got.code != http.StatusSeeOther {
		w.t.Errorf("flag: %d", got.code)
	}
	id := strings.TrimPrefix(location, "/articles/")
	w.visit(b, b.ask(http.MethodPost, "/use", url.Values{"article": {id}, "channel": {"mail"}, "text": {at(13)}, "wording": {at(14)}, "requester": {at(15)[:min(20, len(at(15)))]}, "reply": {at(16)}}))
	w.visit(b, saved, "/edit", "/versions")
}

func (w *world) checkConsultation(b *browser, at func(int) string) {
	w.t.Helper()
	f := url.Values{"channel": {"mail"}, "send": {"1"}}
	for i, field := range []string{"subject", "text", "short_answer", "reason", "merit", "demerit", "steps", "alternative", "due", "due_reason", "basis"} {
		f.Set(field, at(i)+" 題")
	}
	f.Set("requester", strings.ToValidUTF8(at(11)[:min(40, len(at(11)))], ""))
	w.visit(b, b.ask(http.MethodPost, "/consultations", f), "/edit")
}

// checkRefusedForms sends what cannot be saved, so that it comes back in its form.
func (w *world) checkRefusedForms(b *browser, at func(int) string) {
	w.t.Helper()
	f := url.Values{}
	for i, field := range formFields {
		f.Set(field, at(i))
	}
	for _, path := range []string{"/articles", "/consultations", "/consultations/new", "/sign-in", "/settings/members/new", "/settings/departments/new", "/ask", "/language"} {
		checkMarkup(w.t, path+" refused", b.ask(http.MethodPost, path, f).body)
	}
	for _, path := range []string{"/articles/new?title=", "/articles?words=", "/consultations?words=", "/settings/jargon?q=", "/nothing/"} {
		checkMarkup(w.t, path, b.ask(http.MethodGet, path+url.QueryEscape(at(0)), nil).body)
	}
}

func (w *world) checkSettings(b *browser, at func(int) string, k int) {
	w.t.Helper()
	short := func(i int) string {
		s := []rune(strings.ToValidUTF8(at(i), ""))
		return fmt.Sprint(k) + string(s[:min(len(s), 50)])
	}
	for noun, f := range map[string]url.Values{
		"departments":  {"name": {short(0)}, "name_en": {short(1)}, "headcount": {"1"}, "active": {"1"}},
		"topics":       {"name": {short(0)}, "name_en": {short(1)}, "active": {"1"}},
		"jargon":       {"term": {short(0)}, "plain": {short(1)}, "plain_en": {short(2)}, "synonyms": {short(3)}},
		"compartments": {"name": {short(0)}, "members": {w.people["admin"].ID}},
		"members":      {"name": {short(0)}, "reading": {short(1)}, "name_en": {short(2)}, "title": {short(3)}, "email": {short(4)}, "role": {string(team.RoleMember)}, "language": {"en"}},
	} {
		if got := b.ask(http.MethodPost, "/settings/"+noun+"/new", f); got.code != http.StatusSeeOther {
			w.t.Errorf("add to %s: %d", noun, got.code)
		}
	}
	if k%20 == 0 {
		checkMarkup(w.t, "the form of a compartment", b.ask(http.MethodGet, "/settings/compartments/new", nil).body)
	}
}
