package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

func (s *Server) skillRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/skills", readers, s.listSkills},
		{get, "/skills/new", leads, s.editSkill}, {post, "/skills/new", leads, s.saveSkill},
		{get, "/skills/import", leads, s.newMapImport}, {get, "/skills/export", readers, s.exportMap},
		{get, "/skills/starter", leads, s.showStarterSkills}, {post, "/skills/starter", leads, s.takeStarterSkills},
		{get, "/skills/categories/new", leads, s.editCategory}, {post, "/skills/categories/new", leads, s.saveCategory},
		{get, "/skills/categories/:id", leads, s.editCategory}, {post, "/skills/categories/:id", leads, s.saveCategory},
		{get, "/skills/:id", readers, s.showSkill},
		{get, "/skills/:id/edit", leads, s.editSkill}, {post, "/skills/:id/edit", leads, s.saveSkill},
	}
}

// skillsPage is the catalogue; Aside are the skills out of use, for leads only.
type skillsPage struct {
	page
	Groups []skillGroup
	Aside  []skillRow
	Total  int
}

// skillGroup is a category with its skills.
type skillGroup struct {
	ID, Name string
	Active   bool
	Skills   []skillRow
}

// skillRow is a skill with what it needs and how many have it.
type skillRow struct {
	Skill    team.Skill
	Name     string
	Holders  int
	Category string
}

// Short tells whether fewer people than needed can do it alone.
func (r skillRow) Short() bool { return r.Holders < r.Skill.Minimum }

func (s *Server) listSkills(c *fiber.Ctx) error {
	p := skillsPage{page: s.page(c)}
	p.Title, p.Nav = p.T("skill.catalogue"), "skills"
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	holders, err := s.holders(c)
	if err != nil {
		return err
	}
	p.fill(list, holders)
	switch done := c.Query("done"); done {
	case "saved":
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	case "taken":
		n, _ := strconv.Atoi(c.Query("count"))
		p.Notice = &notice{Kind: "done", Text: p.T("skill.taken", "Count", min(max(n, 0), 1000))}
	}
	return c.Render("skills/list", p)
}

// holders counts today, by the id of a skill, who has the level it needs.
func (s *Server) holders(c *fiber.Ctx) (map[string]int, error) {
	m, err := s.Store.SkillMap(c.UserContext(), member(c), s.today())
	count := map[string]int{}
	for i, k := range m.Skills {
		count[k.ID] = m.Totals[i].Holders(k.RequiredLevel)
	}
	return count, err
}

func (p *skillsPage) fill(list store.Catalogue, holders map[string]int) {
	at, names := map[string]int{}, map[string]string{}
	for _, g := range list.Categories {
		names[g.ID] = g.DisplayName(p.Language)
		if g.Active || p.CanManage() {
			at[g.ID] = len(p.Groups)
			p.Groups = append(p.Groups, skillGroup{ID: g.ID, Name: names[g.ID], Active: g.Active})
		}
	}
	for _, k := range list.Skills {
		row := skillRow{Skill: k, Name: k.DisplayName(p.Language), Holders: holders[k.ID], Category: names[k.CategoryID]}
		i, shown := at[k.CategoryID]
		used := shown && k.Active && p.Groups[i].Active
		switch {
		case used:
			p.Groups[i].Skills = append(p.Groups[i].Skills, row)
			p.Total++
		case p.CanManage():
			p.Aside = append(p.Aside, row)
		}
	}
}

// skillPage shows one skill: what it is, what is needed and the levels.
type skillPage struct {
	page
	skillRow
	Description string
	Anchors     []string // a sentence for each level, from 0
	Topics      []string
}

func (s *Server) showSkill(c *fiber.Ctx) error {
	p := skillPage{page: s.page(c)}
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	k, err := one(list.Skills, nil, func(k team.Skill) bool { return k.ID == c.Params("id") })
	if err != nil {
		return err
	}
	holders, err := s.holders(c)
	if err != nil {
		return err
	}
	p.skillRow = skillRow{Skill: k, Name: k.DisplayName(p.Language), Holders: holders[k.ID]}
	p.Title, p.Nav, p.Description = p.Name, "skills", k.DisplayDescription(p.Language)
	for _, g := range list.Categories {
		if g.ID == k.CategoryID {
			p.Category = g.DisplayName(p.Language)
		}
	}
	for _, level := range team.Levels {
		p.Anchors = append(p.Anchors, p.anchor(k, level))
	}
	if p.Topics, err = s.topicNames(c, p.page, list.Topics, k.ID); err != nil {
		return err
	}
	if c.Query("done") == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("skills/show", p)
}

// anchor is the sentence for a level, that of every skill where it has none of its own.
func (p page) anchor(k team.Skill, level team.Level) string {
	if own := k.Anchor(p.Language, level); own != "" {
		return own
	}
	return p.Word("skill_level", level)
}

func (s *Server) topicNames(c *fiber.Ctx, p page, ties []team.TopicSkill, skillID string) (names []string, err error) {
	topics, err := s.Store.Topics(c.UserContext())
	for _, topic := range topics {
		for _, tie := range ties {
			if topic.Active && tie.TopicID == topic.ID && tie.SkillID == skillID {
				names = append(names, topic.DisplayName(p.Language))
			}
		}
	}
	return names, err
}
