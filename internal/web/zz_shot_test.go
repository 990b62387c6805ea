package web

import (
	"html/template"
	"os"
	"strings"
	"testing"
	"time"
	"io/fs"
	"testing/fstest"

	"tasuki/internal/team"
	"tasuki/views"
)

type shotPage struct{ page; S badge; V badge; D badge; Body template.HTML; F form }

func TestShot(t *testing.T) {
	m := fstest.MapFS{}
	fs.WalkDir(views.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if !d.IsDir() { b, _ := fs.ReadFile(views.FS, p); m[p] = &fstest.MapFile{Data: b} }
		return nil
	})
	for _, n := range []string{"ask", "article", "form", "list", "signin"} {
		b, err := os.ReadFile("/tmp/vend/shot/" + n + ".tmpl")
		if err != nil { t.Fatal(err) }
		m["shot/"+n+".html"] = &fstest.MapFile{Data: b}
	}
	e := newEngine(m)
	if err := e.Load(); err != nil { t.Fatal(err) }
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	l, err := newLook(time.FixedZone("JST", 9*3600), func() time.Time { return now }, false)
	if err != nil { t.Fatal(err) }
	for _, lang := range []string{"ja", "en"} {
		p := shotPage{page: page{look: l, Language: lang, Path: "/ask", Nav: "ask", Title: "x", CSRF: "t", Member: team.Member{ID: "1", Name: "髙田 美咲", NameEn: "Misaki TAKADA", Role: team.RoleLead, Active: true, Shortcuts: true}}}
		p.S, p.V, p.D = p.Badge("article_state", "verified"), p.Badge("article_state", "not_verified"), p.Badge("article_state", "draft")
		p.Body = p.Markdown("# 手順\n\n「**あずけ箱**」に入れる。\n\n| 項目 | 期限 |\n|---|---|\n| 申込 | 前日 |\n\n- [x] 済み\n- [ ] まだ")
		p.F.Fields = []field{{Name: "title", Label: "題名", Value: "USBメモリで図面を渡したい", Required: true, Hint: "質問の形で書きます。"}, {Name: "short_answer", Label: p.T("box.short_answer"), Rows: 2, Hint: p.T("box.short_answer_hint")}, choose(p.page, field{Name: "state", Label: "状態", Value: "draft"}, "article_state", team.ArticleStates)}
		p.F.explain(p.page, team.Invalid{{Field: "short_answer", Rule: team.Required}})
		for _, n := range []string{"ask", "article", "form", "list", "signin", "error"} {
			q := p
			view, layout := "shot/"+n, ""
			var bind any = q
			if n == "article" || n == "form" || n=="list" { q.Nav = "articles"; q.Notice = &notice{Kind: "done", Text: "返信をコピーし、相談 K7M2P に記録しました。", Action: "/undo", ActionLabel: q.T("common.undo"), Seconds: 10}; bind = q }
			if n == "signin" { layout = "layouts/plain" }
			if n == "error" { view, layout = "errors/error", "layouts/plain"; bind = errorPage{page: p.page, Code: 500, Number: "K7M2PAB3QX"} }
			var b strings.Builder
			if err := e.Render(&b, view, bind, layout); err != nil { t.Fatal(err) }
			out := b.String()
			for name := range l.assets { out = strings.ReplaceAll(out, strings.ReplaceAll(l.assets.address(name), "&", "&amp;"), "/work/main/views/assets/"+name); out = strings.ReplaceAll(out, template.HTMLEscapeString(l.assets.address(name)), "/work/main/views/assets/"+name) }
			os.WriteFile("/tmp/vend/shot/"+n+"-"+lang+".html", []byte(strings.ReplaceAll(out, `"/work/main`, `"file:///work/main`)), 0o644)
		}
	}
}
