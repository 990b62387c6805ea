package web

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// starterPage offers the catalogue that a department can begin with.
type starterPage struct {
	page
	Groups []starterGroup
	Left   int // how many skills are not there yet
}

// starterGroup is a category with the skills that can be taken over, and the names
// of those that are there already.
type starterGroup struct {
	Key, Name string
	Skills    []choice
	Taken     []string
}

func (s *Server) showStarterSkills(c *fiber.Ctx) error {
	p := starterPage{page: s.page(c)}
	p.Title, p.Nav = p.T("skill.starter"), "skills"
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	taken := list.Taken(s.StarterSkills)
	for _, g := range s.StarterSkills {
		group := starterGroup{Key: g.Key, Name: g.Category.DisplayName(p.Language)}
		for _, k := range g.Skills {
			name := k.Skill.DisplayName(p.Language)
			if taken[k.Key] {
				group.Taken = append(group.Taken, name)
			} else {
				group.Skills = append(group.Skills, choice{Value: k.Key, Label: name})
			}
		}
		p.Left += len(group.Skills)
		p.Groups = append(p.Groups, group)
	}
	if c.Query("done") == "none" {
		p.Notice = &notice{Kind: "warn", Text: p.T("skill.none_chosen")}
	}
	return c.Render("skills/starter", p)
}

func (s *Server) takeStarterSkills(c *fiber.Ctx) error {
	chosen := chosenSkills(s.StarterSkills, body(c))
	if len(chosen) == 0 {
		return c.Redirect("/skills/starter?done=none", fiber.StatusSeeOther)
	}
	added, err := s.Store.TakeStarterSkills(c.UserContext(), member(c), chosen)
	if err != nil {
		return err
	}
	return c.Redirect("/skills?done=taken&count="+strconv.Itoa(added), fiber.StatusSeeOther)
}

// chosenSkills returns what a form named: everything ("whole"), whole categories, or
// single skills.
func chosenSkills(all []team.StarterCategory, v url.Values) (chosen []team.StarterCategory) {
	for _, g := range all {
		if v.Get("whole") == "" && !slices.Contains(v["categories"], g.Key) {
			g.Skills = slices.DeleteFunc(slices.Clone(g.Skills), func(k team.StarterSkill) bool { return !slices.Contains(v["skills"], k.Key) })
		}
		if len(g.Skills) > 0 {
			chosen = append(chosen, g)
		}
	}
	return chosen
}
