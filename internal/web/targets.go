package web

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// targetPage sets where somebody wants to be in one skill.
type targetPage struct {
	page
	form
	Action, Back, Last, Whose, Skill string
	Now                              string
	Has                              bool
	Newer                            string // what somebody else set meanwhile
}

func (s *Server) editTarget(c *fiber.Ctx) error {
	p, now, err := s.targetOf(c)
	if err != nil {
		return err
	}
	typed := url.Values{}
	if now != nil && now.Level.Assessed() {
		typed = url.Values{"level": {now.Level.String()}, "due": {now.Due.String()}}
	}
	p.fields(typed)
	return c.Render("members/target", p)
}

// targetOf reads the target that stands. Who may not set it finds nothing here.
func (s *Server) targetOf(c *fiber.Ctx) (p targetPage, now *team.Target, err error) {
	if !team.CanSetTarget(member(c), c.Params("id")) {
		return p, nil, team.ErrForbidden
	}
	data, err := s.Store.Profile(c.UserContext(), member(c), c.Params("id"), s.today())
	if err != nil {
		return p, nil, err
	}
	p = targetPage{page: s.page(c), Action: c.Path(), Back: "/members/" + data.Member.ID}
	p.Title, p.Nav, p.Whose = p.T("aim.title"), "skills", data.Member.DisplayName(p.Language)
	for i, k := range data.Skills {
		if k.ID == c.Params("skill") {
			p.Skill, p.Now, now = k.DisplayName(p.Language), p.levelWord(data.Cells[i].On(s.today())), data.Cells[i].Target
			if now != nil {
				p.Last, p.Has = now.ID, now.Level.Assessed()
			}
			return p, now, nil
		}
	}
	return p, nil, team.ErrNotFound
}

func (p *targetPage) fields(typed url.Values) {
	level := field{Name: "level", Label: p.T("aim.level"), Value: typed.Get("level"), Choices: []choice{{"", p.T("common.choose"), typed.Get("level") == ""}}}
	for _, l := range team.Levels[1:] {
		level.Choices = append(level.Choices, choice{l.String(), l.String() + " " + p.Word("skill_level", l), l.String() == level.Value})
	}
	p.Fields = []field{level, {Name: "due", Label: p.T("aim.due"), Value: typed.Get("due"), Hint: p.T("aim.due_hint"), Mark: p.T("common.optional"), MaxLength: 40}}
}

// typedTarget reads the form; dropping a target needs nothing else.
func (s *Server) typedTarget(c *fiber.Ctx, typed url.Values) (team.Target, error) {
	g := team.Target{MemberID: c.Params("id"), SkillID: c.Params("skill"), Level: team.NotAssessed}
	if typed.Get("drop") != "" {
		return g, nil
	}
	var invalid team.Invalid
	if g.Level = team.Level(number(typed, "level")); g.Level < team.Assisting || g.Level > team.Deciding {
		invalid = append(invalid, team.Problem{Field: "level", Rule: team.Unknown})
	}
	if due := strings.TrimSpace(typed.Get("due")); due != "" {
		year, month, day, ok := text.ParseDate(due, s.now().In(s.zone))
		if !ok || year > 9999 {
			invalid = append(invalid, team.Problem{Field: "due", Rule: team.NotADate})
		} else {
			g.Due = team.Date{Year: year, Month: time.Month(month), Day: day}
		}
	}
	return g, invalid.Or()
}

func (s *Server) saveTarget(c *fiber.Ctx) error {
	p, now, err := s.targetOf(c)
	if err != nil {
		return err
	}
	typed := body(c)
	g, err := s.typedTarget(c, typed)
	if err == nil && same(now, g) {
		return c.Redirect(p.Back+"?done=target", fiber.StatusSeeOther)
	}
	if err == nil {
		_, err = s.Store.SaveTarget(c.UserContext(), p.Member, s.today(), g, typed.Get("last"))
	}
	if err == nil {
		return c.Redirect(p.Back+"?done=target", fiber.StatusSeeOther)
	}
	p.fields(typed)
	switch {
	case errors.Is(err, team.ErrStale):
		p.stale(now)
		c.Status(fiber.StatusConflict)
	case p.explain(p.page, err):
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return c.Render("members/target", p)
}

// same tells whether a target stands already: the second of two clicks.
func same(now *team.Target, g team.Target) bool {
	if now == nil {
		return !g.Level.Assessed()
	}
	return now.Level == g.Level && now.Due == g.Due
}

func (p *targetPage) stale(now *team.Target) {
	p.Newer = p.T("aim.none")
	if now != nil && now.Level.Assessed() {
		p.Newer = p.T("aim.newer", "Level", now.Level, "Due", p.Date(now.Due))
	}
	p.Notice = &notice{Kind: "warn", Text: p.T("settings.stale")}
}
