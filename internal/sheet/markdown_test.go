package sheet

import (
	"strings"
	"testing"

	"tasuki/internal/team"
)

// articles reads a Markdown file into its articles.
func articles(t *testing.T, name, content string) []team.Incoming {
	t.Helper()
	table := read(t, name, content)
	return table.Incoming(Guess(table), now)
}

func TestAMarkdownFileIsAnArticle(t *testing.T) {
	in := articles(t, "usb.md", `---
id: FAQ-3
topics: [端末・媒体, "持ち出し"]
keywords:
  - USB
  - 外部媒体
見直し日: 2027-04-01
state: verified
---

# USBメモリは使えますか？

使えません。「あずけ箱」を使ってください。

## 理由

落とすと、拾った人に見られます。

### 背景の話

昔の事故です。

## してほしいこと
1. 図面を入れる
2. 期限を7日にする

## 代わりの方法

    ## これはコード
`+"```\n# コード\n```"+`

## 連絡先

内線3110
`)[0]
	a := in.Article
	want := team.Answer{Short: "使えません。", Steps: team.Lines{"図面を入れる", "期限を7日にする"}, Alternative: "## これはコード\n```\n# コード\n```",
		Reason: "落とすと、拾った人に見られます。\n\n### 背景の話\n\n昔の事故です。\n\n「あずけ箱」を使ってください。\n\n## 連絡先\n\n内線3110"}
	if len(in.Problems) > 0 || a.Title != "USBメモリは使えますか？" || !a.Answer.Equal(want) || in.Line != 11 {
		t.Errorf("line %d, %v\n got %+v\nwant %+v", in.Line, in.Problems, a.Answer, want)
	}
	if a.ExternalID != "FAQ-3" || strings.Join(in.Topics, "|") != "端末・媒体|持ち出し" || a.Keywords.String() != "USB\n外部媒体" || a.ReviewDue.String() != "2027-04-01" || a.State != team.ArticleVerified {
		t.Errorf("%+v, topics %q", *a, in.Topics)
	}
}

func TestHowManyArticlesAMarkdownFileHas(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"one to each heading":         {"# A\na\n# B\nb\n## Reason\nr", "A:a B:b+r"},
		"a title above questions":     {"# よくある質問\n\n## USBは使えますか\nいいえ\n\n## AIは使えますか？\nはい\n### 理由\nr", "USBは使えますか:いいえ AIは使えますか？:はい+r"},
		"no heading":                  {"使えません。いいえ。", "faq:使えません。+いいえ。"},
		"only second level":           {"## Q1. USBは\nいいえ\n## AIは\nはい", "USBは:いいえ AIは:はい"},
		"underlined":                  {"USBは\n===\n\nいいえ\n\n理由\n---\n落とすから", "USBは:いいえ+落とすから"},
		"a rule is no front matter":   {"---\nいいえ。\n\n---\n", "faq:---+いいえ。\n\n---"},
		"a title in the front matter": {"---\ntitle: \"USBは\"\n---\nいいえ", "USBは:いいえ"},
		"English headings":            {"# Can I use USB?\n## Short answer\nNo.\n## Why\nLost easily.", "Can I use USB?:No.+Lost easily."},
		"emphasis and closing marks":  {"# **USBは** #\nいいえ", "USBは:いいえ"},
	} {
		var got []string
		for _, in := range articles(t, "dir/faq.md", c.content) {
			one := in.Article.Title + ":" + in.Article.Short
			if in.Article.Reason != "" {
				one += "+" + in.Article.Reason
			}
			got = append(got, one)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatStandsAboveTheFirstArticleIsNamed(t *testing.T) {
	table := read(t, "faq.md", "この表は毎月見直します。\n# A\na\n# B\nb")
	if len(table.Rows) != 2 || kinds(table) != "preamble" || table.Notes[0].Detail != "この表は毎月見直します。" {
		t.Errorf("%v %v", table.Rows, table.Notes)
	}
}

func FuzzReadMarkdown(f *testing.F) {
	for _, s := range []string{"# A\na\n## 理由\nr\n# B\n", "---\nid: 1\nx:\n - a\n---\nA\n===\nb\n---\n", "```\n# a\n~~~\n```\n# b", "# よくある質問\n## a？\n## b？\n### 手順\n1. x", "---\n---\n#\n##"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) { wellFormed(t, "a.md", content) })
}
