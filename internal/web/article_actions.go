package web

import (
	"context"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

func (s *Server) verifyArticle(c *fiber.Ctx) error {
	f := body(c)
	version, err := strconv.Atoi(f.Get("version"))
	if err != nil {
		return fiber.ErrBadRequest
	}
	due, err := team.ParseDate(f.Get("review_due"))
	if err != nil || due.IsZero() {
		due = s.today().AddMonths(12)
	}
	if err := s.Store.VerifyArticle(c.UserContext(), member(c), c.Params("id"), version, due); err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=verified", fiber.StatusSeeOther)
}

func (s *Server) flagArticle(c *fiber.Ctx) error {
	f, by := body(c), member(c)
	note := f.Get("note")
	err := s.Store.FlagArticle(flagOnce(c, f), by, c.Params("id"), note)
	flagForm := form{Fields: []field{{Name: "note"}}}
	if flagForm.explain(s.page(c), err) {
		return s.renderArticle(c, flagForm, note)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=flagged", fiber.StatusSeeOther)
}

// flagOnce makes a form sent twice one flag. The same form can also be sent to use
// the answer, so the key is the flag's own.
func flagOnce(c *fiber.Ctx, f url.Values) context.Context {
	key := f.Get("key")
	if key != "" {
		key = "flag " + key
	}
	return store.Once(c.UserContext(), member(c), key)
}

func (s *Server) resolveFlag(c *fiber.Ctx) error {
	if err := s.Store.ResolveFlag(c.UserContext(), member(c), c.Params("id"), c.Params("flag")); err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=resolved", fiber.StatusSeeOther)
}

// restoreArticle saves what an old version said as the newest one.
func (s *Server) restoreArticle(c *fiber.Ctx) error {
	old, err := strconv.Atoi(c.Params("version"))
	if err != nil {
		return team.ErrNotFound
	}
	at, err := strconv.Atoi(body(c).Get("version"))
	if err != nil {
		return fiber.ErrBadRequest
	}
	if err := s.Store.RestoreArticle(c.UserContext(), member(c), c.Params("id"), old, at); err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=restored", fiber.StatusSeeOther)
}

// removeWording takes one asked wording away from an article, and from the search.
func (s *Server) removeWording(c *fiber.Ctx) error {
	if err := s.Store.RemoveWording(c.UserContext(), member(c), c.Params("id"), c.Params("wording")); err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=wording", fiber.StatusSeeOther)
}
