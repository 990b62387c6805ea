package web

import (
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/sergi/go-diff/diffmatchpatch"

	"tasuki/internal/team"
)

type versionsPage struct {
	page
	Article team.Article
	Rows    []versionRow
}

// versionRow is one saved version with what changed since the one before.
type versionRow struct {
	page
	Version team.ArticleVersion
	Who     string
	Changes []boxChange
	Now     int  // the version to restore over
	Old     bool // not the newest
	First   bool
}

// boxChange is one box of an answer before and after, in pieces.
type boxChange struct {
	Label  string
	Pieces []diffPiece
}

// diffPiece is a stretch of text that stayed ("same"), came ("add") or went ("del").
type diffPiece struct{ Kind, Text string }

func (s *Server) articleVersions(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p := versionsPage{page: s.page(c)}
	p.Nav = "articles"
	var err error
	if p.Article, err = s.Store.Article(ctx, p.Member, c.Params("id")); err != nil {
		return err
	}
	p.Title = p.T("article.versions")
	versions, err := s.Store.ArticleVersions(ctx, p.Member, p.Article.ID)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	for i, v := range versions {
		row := versionRow{page: p.page, Version: v, Who: names[v.SavedBy], Now: p.Article.Version, Old: i > 0, First: i+1 == len(versions)}
		if i+1 < len(versions) {
			row.Changes = p.changes(versions[i+1], v)
		}
		p.Rows = append(p.Rows, row)
	}
	return c.Render("articles/versions", p)
}

// changes compares two versions box by box.
func (p page) changes(before, after team.ArticleVersion) []boxChange {
	var list []boxChange
	compare := func(label, a, b string) {
		if a != b {
			list = append(list, boxChange{label, diff(a, b)})
		}
	}
	compare(p.T("article.title"), before.Title, after.Title)
	replace := func(label, a, b string) {
		if a != b {
			list = append(list, boxChange{label, []diffPiece{{"del", a}, {"same", " "}, {"add", b}}})
		}
	}
	replace(p.T("article.state"), p.Word("article_state", before.State), p.Word("article_state", after.State))
	replace(p.T("article.audience"), p.Word("audience", before.Audience), p.Word("audience", after.Audience))
	replace(p.T("box.decision"), p.Word("decision", before.Decision), p.Word("decision", after.Decision))
	for _, box := range []struct{ key, a, b string }{
		{"short_answer", before.Short, after.Short}, {"reason", before.Reason, after.Reason}, {"merit", before.Merit, after.Merit},
		{"demerit", before.Demerit, after.Demerit}, {"steps", before.Steps.String(), after.Steps.String()},
		{"alternative", before.Alternative, after.Alternative}, {"due", before.Due, after.Due},
		{"due_reason", before.DueReason, after.DueReason}, {"basis", before.Basis, after.Basis},
	} {
		compare(p.T("box."+box.key), box.a, box.b)
	}
	compare(p.T("article.keywords"), before.Keywords.String(), after.Keywords.String())
	replace(p.T("article.review_due"), p.Date(before.ReviewDue), p.Date(after.ReviewDue))
	return list
}

// versionOf is an article as a version, to be compared.
func versionOf(a team.Article) team.ArticleVersion {
	return team.ArticleVersion{ArticleID: a.ID, Version: a.Version, Title: a.Title, Answer: a.Answer, State: a.State, Audience: a.Audience,
		Keywords: a.Keywords, ReviewDue: a.ReviewDue}
}

// wordsOf cuts a text into what people see as one piece: a word of letters, a run
// of kanji or of katakana, else a single letter.
var wordsOf = regexp.MustCompile(`[\p{Latin}\p{Nd}]+|\p{Han}+|[\p{Katakana}ー]+|(?s:.)`)

// diff compares two texts word by word; whole words change, not letters within them.
func diff(a, b string) []diffPiece {
	// The engine compares letters, so every word becomes one.
	known, words := map[string]rune{}, []string{}
	encode := func(s string) string {
		var out strings.Builder
		for _, word := range wordsOf.FindAllString(s, -1) {
			if _, seen := known[word]; !seen {
				known[word] = firstPrivate + rune(len(words))
				words = append(words, word)
			}
			out.WriteRune(known[word])
		}
		return out.String()
	}
	engine := diffmatchpatch.New()
	var pieces []diffPiece
	for _, d := range engine.DiffCleanupSemantic(engine.DiffMain(encode(a), encode(b), false)) {
		var plain strings.Builder
		for _, r := range d.Text {
			plain.WriteString(words[r-firstPrivate])
		}
		pieces = append(pieces, diffPiece{diffKinds[d.Type], plain.String()})
	}
	return pieces
}

// firstPrivate begins a range of letters that no text has; two boxes never hold more
// words than the range.
const firstPrivate = 0xF0000

var diffKinds = map[diffmatchpatch.Operation]string{diffmatchpatch.DiffEqual: "same", diffmatchpatch.DiffInsert: "add", diffmatchpatch.DiffDelete: "del"}
