package web

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

func (s *Server) skillCodeRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/skills/:id/codes", leads, s.showSkillCodes},
		{post, "/skills/:id/codes", leads, s.addSkillCode},
		{post, "/skills/:id/codes/remove", leads, s.removeSkillCode},
	}
}

// skillCodesPage shows what a skill is called elsewhere, and finds more to add.
type skillCodesPage struct {
	page
	SkillID, Skill, Search string
	Codes                  []skillCodeRow
	Found                  []skillCodeRow
	More                   int  // how many are shown where there are more, else 0
	Any                    bool // whether there is anything to search in
}

// skillCodeRow is one code with what it stands for, as far as that is known.
type skillCodeRow struct {
	Code              team.SkillCode
	Kind, Title, Text string
	Has               bool // the skill is called so already
}

func (s *Server) showSkillCodes(c *fiber.Ctx) error {
	p := s.skillCodesPage(c, c.Query("q"))
	switch c.Query("done") {
	case "added":
		p.Notice = &notice{Kind: "done", Text: p.T("skill_codes.added")}
	case "removed":
		p.Notice = &notice{Kind: "done", Text: p.T("skill_codes.removed")}
	}
	return s.renderSkillCodes(c, p)
}

func (s *Server) skillCodesPage(c *fiber.Ctx, search string) skillCodesPage {
	p := skillCodesPage{page: s.page(c), SkillID: c.Params("id"), Search: search}
	p.Title, p.Nav = p.T("skill_codes.title"), "skills"
	return p
}

func (s *Server) renderSkillCodes(c *fiber.Ctx, p skillCodesPage) error {
	ctx, by := c.UserContext(), member(c)
	k, err := s.Store.Skill(ctx, by, p.SkillID)
	if err != nil {
		return err
	}
	known, err := s.Store.CodeEntries(ctx, by, k.ID)
	if err != nil {
		return err
	}
	found, more, err := s.Store.FrameworkEntries(ctx, by, p.Search)
	if err != nil {
		return err
	}
	if p.Any, err = s.Store.HasFrameworks(ctx); err != nil {
		return err
	}
	p.Skill = k.DisplayName(p.Language)
	has := map[team.SkillCode]bool{}
	for _, code := range k.Codes {
		code.SkillID = ""
		has[code] = true
		p.Codes = append(p.Codes, p.row(code, known))
	}
	for _, e := range found {
		row := p.row(e.SkillCode(), found)
		row.Has = has[e.SkillCode()]
		p.Found = append(p.Found, row)
	}
	if more {
		p.More = store.MaxEntriesFound
	}
	return c.Render("skills/codes", p)
}

// row fills a code with what it stands for.
func (p skillCodesPage) row(code team.SkillCode, entries []team.FrameworkEntry) skillCodeRow {
	row := skillCodeRow{Code: code}
	for _, e := range entries {
		if e.SkillCode() == code {
			row.Kind, row.Title, row.Text = p.Word("entry_kind", e.Kind), e.Title, e.Text
		}
	}
	return row
}

// codeOf reads a code from a form; the version of a framework is its edition there,
// as version is that of what is edited.
func codeOf(c *fiber.Ctx, f url.Values) team.SkillCode {
	return team.SkillCode{SkillID: c.Params("id"), Framework: f.Get("framework"), Version: f.Get("edition"), Code: f.Get("code")}
}

func (s *Server) addSkillCode(c *fiber.Ctx) error {
	f := body(c)
	_, err := s.Store.AddSkillCode(c.UserContext(), member(c), codeOf(c, f))
	return s.codesChanged(c, f, "added", err)
}

func (s *Server) removeSkillCode(c *fiber.Ctx) error {
	f := body(c)
	_, err := s.Store.RemoveSkillCode(c.UserContext(), member(c), codeOf(c, f))
	return s.codesChanged(c, f, "removed", err)
}

// codesChanged goes back to the same search; what cannot be added is explained there.
func (s *Server) codesChanged(c *fiber.Ctx, f url.Values, done string, err error) error {
	var invalid team.Invalid
	if errors.As(err, &invalid) {
		p := s.skillCodesPage(c, f.Get("q"))
		p.Notice = &notice{Kind: "warn", Text: p.T("skill_codes.refused")}
		c.Status(fiber.StatusUnprocessableEntity)
		return s.renderSkillCodes(c, p)
	}
	if err != nil {
		return err
	}
	back := url.Values{"done": {done}}
	if q := f.Get("q"); q != "" {
		back.Set("q", q)
	}
	return c.Redirect("/skills/"+c.Params("id")+"/codes?"+back.Encode(), fiber.StatusSeeOther)
}
