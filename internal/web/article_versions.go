package web

import (
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
		row := versionRow{page: p.page, Version: v, Who: names[v.SavedBy]}
		if i+1 < len(versions) {
			row.Changes = p.changes(versions[i+1], v)
		}
		p.Rows = append(p.Rows, row)
	}
	return c.Render("articles/versions", p)
}

// changes compares two versions box by box, letter by letter.
func (p page) changes(before, after team.ArticleVersion) []boxChange {
	var list []boxChange
	compare := func(label, a, b string) {
		if a != b {
			list = append(list, boxChange{label, diff(a, b)})
		}
	}
	compare(p.T("article.title"), before.Title, after.Title)
	compare(p.T("article.state"), p.Word("article_state", before.State), p.Word("article_state", after.State))
	compare(p.T("article.audience"), p.Word("audience", before.Audience), p.Word("audience", after.Audience))
	compare(p.T("box.decision"), p.Word("decision", before.Decision), p.Word("decision", after.Decision))
	for _, box := range []struct{ key, a, b string }{
		{"short_answer", before.Short, after.Short}, {"reason", before.Reason, after.Reason}, {"merit", before.Merit, after.Merit},
		{"demerit", before.Demerit, after.Demerit}, {"steps", before.Steps.String(), after.Steps.String()},
		{"alternative", before.Alternative, after.Alternative}, {"due", before.Due, after.Due},
		{"due_reason", before.DueReason, after.DueReason}, {"basis", before.Basis, after.Basis},
	} {
		compare(p.T("box."+box.key), box.a, box.b)
	}
	compare(p.T("article.keywords"), before.Keywords.String(), after.Keywords.String())
	compare(p.T("article.review_due"), p.Date(before.ReviewDue), p.Date(after.ReviewDue))
	return list
}

func diff(a, b string) []diffPiece {
	engine := diffmatchpatch.New()
	var pieces []diffPiece
	for _, d := range engine.DiffCleanupSemantic(engine.DiffMain(a, b, false)) {
		kind := "same"
		switch d.Type {
		case diffmatchpatch.DiffInsert:
			kind = "add"
		case diffmatchpatch.DiffDelete:
			kind = "del"
		}
		pieces = append(pieces, diffPiece{kind, d.Text})
	}
	return pieces
}
