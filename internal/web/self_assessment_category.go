package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// categoryRoundPage asks for a whole category: first the words that come closest,
// then the skills, all of them at that level, to be changed where they differ.
type categoryRoundPage struct {
	page
	Name, Action, Back, Skip string
	Place, Total             int
	Words                    []roundLevel
	Skills                   []roundChoice
	Chosen                   bool // a level is: the skills are shown
	Problem                  string
}

// Percent is how many of the categories are behind, for the bar.
func (p categoryRoundPage) Percent() int { return 100 * (p.Place - 1) / max(p.Total, 1) }

// roundChoice is a skill with the levels to choose from.
type roundChoice struct {
	ID, Name string
	Levels   []choice
}

func (s *Server) showCategoryRound(c *fiber.Ctx) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	near, typed := c.Query("level"), url.Values{}
	p, err := s.categoryRound(c, r, near, typed)
	if err != nil {
		return err
	}
	return c.Render("members/category", p)
}

func (s *Server) categoryRound(c *fiber.Ctx, r round, near string, typed url.Values) (p categoryRoundPage, err error) {
	g, err := one(r.profile.Categories, nil, func(g team.Category) bool { return g.ID == c.Params("id") })
	if err != nil {
		return p, err
	}
	p = categoryRoundPage{page: s.page(c), Action: "/me/levels/categories/" + g.ID, Back: "/me/levels",
		Skip: r.nextCategory(g.ID), Total: len(r.profile.Categories)}
	p.Name = g.DisplayName(p.Language)
	p.Place = 1 + slices.IndexFunc(r.profile.Categories, func(x team.Category) bool { return x.ID == g.ID })
	p.Title, p.Nav = p.T("assess.category_title", "Name", p.Name), "skills"
	for _, l := range team.Levels {
		p.Words = append(p.Words, roundLevel{Level: l, Words: p.Word("skill_level", l)})
		p.Chosen = p.Chosen || l.String() == near
	}
	for _, k := range r.unknown(g.ID) {
		p.Skills = append(p.Skills, p.choose(k, near, typed))
	}
	return p, nil
}

func (p categoryRoundPage) choose(k team.Skill, near string, typed url.Values) roundChoice {
	row := roundChoice{ID: k.ID, Name: k.DisplayName(p.Language)}
	if typed.Has("level_" + k.ID) {
		near = typed.Get("level_" + k.ID)
	}
	for _, l := range team.Levels {
		row.Levels = append(row.Levels, choice{l.String(), p.anchor(k, l), l.String() == near})
	}
	row.Levels = append(row.Levels, choice{"", p.T("assess.not_now"), near == ""})
	return row
}

func (s *Server) saveCategoryRound(c *fiber.Ctx) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	typed := body(c)
	p, err := s.categoryRound(c, r, "", typed)
	if err != nil {
		return err
	}
	changes, wrong := p.typed(typed)
	if wrong {
		p.Chosen, p.Problem = true, p.T("assess.choose_level")
		return c.Status(fiber.StatusUnprocessableEntity).Render("members/category", p)
	}
	kept, err := s.declareAll(c, changes)
	if err != nil {
		return err
	}
	if kept += r.differing(typed); kept > 0 {
		return c.Redirect("/me/levels?kept="+strconv.Itoa(kept), fiber.StatusSeeOther)
	}
	return c.Redirect(p.Skip, fiber.StatusSeeOther)
}

// typed returns the levels that were chosen for skills of which nothing is known.
func (p categoryRoundPage) typed(typed url.Values) (changes []store.LevelChange, wrong bool) {
	for _, k := range p.Skills {
		if typed.Get("level_"+k.ID) == "" {
			continue
		}
		level := team.Level(number(typed, "level_"+k.ID))
		if !level.Assessed() || level > team.Deciding {
			return nil, true
		}
		changes = append(changes, store.LevelChange{Assessment: team.Assessment{MemberID: p.Member.ID, SkillID: k.ID, Kind: team.Declared, Level: level}})
	}
	return changes, false
}

// declareAll saves first words. Where another window was first, its word stays; kept
// is how many of them say something else.
func (s *Server) declareAll(c *fiber.Ctx, changes []store.LevelChange) (kept int, err error) {
	newer, err := s.Store.SaveLevels(c.UserContext(), member(c), s.today(), changes)
	if !errors.Is(err, team.ErrStale) {
		return 0, err
	}
	for _, a := range newer {
		changes = slices.DeleteFunc(changes, func(change store.LevelChange) bool {
			if change.SkillID == a.SkillID && change.Level != a.Level {
				kept++
			}
			return change.SkillID == a.SkillID
		})
	}
	_, err = s.Store.SaveLevels(c.UserContext(), member(c), s.today(), changes)
	return kept, err
}

// nextCategory is the address of the next category with skills of which nothing is
// known, or of the overview.
func (r round) nextCategory(after string) string {
	passed := false
	for _, g := range r.profile.Categories {
		if passed && len(r.unknown(g.ID)) > 0 {
			return "/me/levels/categories/" + g.ID
		}
		passed = passed || g.ID == after
	}
	return "/me/levels?done=1"
}

// unknown are the skills of a category of which the person never said anything.
func (r round) unknown(category string) (list []team.Skill) {
	for _, step := range r.steps {
		if step.Skill.CategoryID == category && step.Last == nil {
			list = append(list, step.Skill)
		}
	}
	return list
}

// differing counts the skills for which a form says something else than what was
// saved before it came: from another window, which was first.
func (r round) differing(typed url.Values) (n int) {
	for _, step := range r.steps {
		said := typed.Get("level_" + step.Skill.ID)
		if step.Last != nil && said != "" && said != step.Last.Level.String() {
			n++
		}
	}
	return n
}
