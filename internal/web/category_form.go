package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// catalogueForm is the form of a category or of a skill.
type catalogueForm struct {
	page
	form
	ID, Version, Key, Action, Back string
	Codes                          string // where a skill's names in frameworks are
	Topics                         []topicChoice
	TopicsError                    string
	Now                            []field // what somebody else saved meanwhile
}

// Plain returns the fields but for the sentences of the levels, and Anchors those.
func (p catalogueForm) Plain() []field {
	return slices.DeleteFunc(slices.Clone(p.Fields), isAnchor)
}

// Anchors returns the fields of the sentences of the levels.
func (p catalogueForm) Anchors() []field {
	return slices.DeleteFunc(slices.Clone(p.Fields), func(f field) bool { return !isAnchor(f) })
}

func isAnchor(f field) bool { return strings.HasPrefix(f.Name, "anchor_") }

func (s *Server) catalogueForm(c *fiber.Ctx, v url.Values, title string) catalogueForm {
	p := catalogueForm{page: s.page(c), ID: c.Params("id"), Version: v.Get("version"), Key: v.Get("key"), Action: c.Path(), Back: "/skills"}
	p.Title, p.Nav = p.T(title), "skills"
	if p.Key == "" {
		p.Key = rand.Text()
	}
	return p
}

func (s *Server) categoryOf(c *fiber.Ctx) (team.Category, error) {
	if c.Params("id") == "" {
		return team.Category{Active: true}, nil
	}
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	return one(list.Categories, err, func(g team.Category) bool { return g.ID == c.Params("id") })
}

func categoryValues(g team.Category) url.Values {
	return url.Values{"name": {g.Name}, "name_en": {g.NameEn}, "active": {flag(g.Active)}, "version": {strconv.Itoa(g.Version)}}
}

func (s *Server) editCategory(c *fiber.Ctx) error {
	g, err := s.categoryOf(c)
	if err != nil {
		return err
	}
	v := categoryValues(g)
	p := s.categoryForm(c, v)
	return c.Render("skills/edit", p)
}

func (s *Server) categoryForm(c *fiber.Ctx, v url.Values) catalogueForm {
	p := s.catalogueForm(c, v, "skill.new_category")
	if p.ID != "" {
		p.Title = p.T("skill.edit_category")
	}
	p.Fields = skillFields(p.page, v, "name", "name_en", "active")
	return p
}

func (s *Server) saveCategory(c *fiber.Ctx) error {
	now, err := s.categoryOf(c)
	if err != nil {
		return err
	}
	v := body(c)
	version, _ := strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	s.onceForNew(c, v)
	_, err = s.Store.SaveCategory(c.UserContext(), member(c), team.Category{ID: now.ID, Name: v.Get("name"), NameEn: v.Get("name_en"), Active: v.Get("active") != "", Version: version})
	if err == nil {
		return c.Redirect("/skills?done=saved", fiber.StatusSeeOther)
	}
	p := s.categoryForm(c, v)
	if err := p.refused(c, err, categoryValues(now)); err != nil {
		return err
	}
	return c.Render("skills/edit", p)
}

// onceForNew makes sure that a form sent twice adds one thing.
func (s *Server) onceForNew(c *fiber.Ctx, v url.Values) {
	if c.Params("id") == "" {
		c.SetUserContext(store.Once(c.UserContext(), member(c), v.Get("key")))
	}
}

// refused explains why something was not saved: wrong fields, or what somebody else
// saved meanwhile. Any other error comes back.
func (p *catalogueForm) refused(c *fiber.Ctx, err error, now url.Values) error {
	var invalid team.Invalid
	switch {
	case errors.Is(err, team.ErrStale) && p.ID != "":
		p.Notice = &notice{Kind: "warn", Text: p.T("settings.stale")}
		for _, f := range p.Fields {
			f.Value = now.Get(f.Name)
			for i, choice := range f.Choices {
				f.Choices[i].Chosen = choice.Value == f.Value
			}
			p.Now = append(p.Now, f)
		}
		p.Version = now.Get("version")
		c.Status(fiber.StatusConflict)
	case errors.As(err, &invalid):
		p.explain(p.page, err)
		if problem, wrong := invalid.Field("topics"); wrong {
			p.TopicsError = p.Problem(problem)
		}
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return nil
}

// skillFields returns the fields of a category or a skill.
func skillFields(p page, v url.Values, names ...string) []field {
	var list []field
	for _, name := range names {
		f := field{Name: name, Label: p.T("skill.field." + name), Value: v.Get(name)}
		switch name {
		case "active":
			f.Choices = []choice{{"1", p.T("settings.active_yes"), f.Value != ""}, {"", p.T("settings.active_no"), f.Value == ""}}
		case "critical", "incident":
			f.Choices = []choice{{"1", p.T("common.yes"), f.Value != ""}, {"", p.T("common.no"), f.Value == ""}}
		}
		list = append(list, f)
	}
	return list
}
