package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

func (s *Server) skillOrderRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/skills/order", leads, s.showSkillOrder}, {post, "/skills/order", leads, s.moveSkill},
		{get, "/settings/names", leads, s.showNames}, {post, "/settings/names", leads, s.saveNames},
	}
}

// skillOrderPage lists what can be moved up and down.
type skillOrderPage struct {
	page
	Groups []orderGroup
}

type orderGroup struct {
	orderItem
	Skills []orderItem
}

// orderItem is a category or a skill; at the ends of a list it has one way to go.
type orderItem struct {
	ID, Name, Up, Down string // what the buttons say, "" for none
}

// Self hands the buttons of a category to their part.
func (o orderItem) Self() orderItem { return o }

func (p page) orderItem(id, name string, first, last bool) orderItem {
	item := orderItem{ID: id, Name: name}
	if !first {
		item.Up = p.T("skill.move_up", "Name", name)
	}
	if !last {
		item.Down = p.T("skill.move_down", "Name", name)
	}
	return item
}

func (s *Server) showSkillOrder(c *fiber.Ctx) error {
	p := skillOrderPage{page: s.page(c)}
	p.Title, p.Nav = p.T("skill.order"), "skills"
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	of := map[string][]team.Skill{}
	for _, k := range list.Skills {
		of[k.CategoryID] = append(of[k.CategoryID], k)
	}
	for i, g := range list.Categories {
		group := orderGroup{orderItem: p.orderItem(g.ID, g.DisplayName(p.Language), i == 0, i == len(list.Categories)-1)}
		for j, k := range of[g.ID] {
			group.Skills = append(group.Skills, p.orderItem(k.ID, k.DisplayName(p.Language), j == 0, j == len(of[g.ID])-1))
		}
		p.Groups = append(p.Groups, group)
	}
	return c.Render("skills/order", p)
}

// moveSkill moves a category among the categories or a skill in its category by one
// place. What is not there, or stands at the end already, stays.
func (s *Server) moveSkill(c *fiber.Ctx) error {
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	way, id, _ := strings.Cut(body(c).Get("move"), ":")
	lists := map[string][]string{}
	for _, g := range list.Categories {
		lists[""] = append(lists[""], g.ID)
	}
	for _, k := range list.Skills {
		lists[k.CategoryID] = append(lists[k.CategoryID], k.ID)
	}
	for _, ids := range lists {
		if moved(ids, id, way == "up") {
			if err := s.Store.SaveOrder(c.UserContext(), member(c), ids); err != nil {
				return err
			}
		}
	}
	return c.Redirect("/skills/order#row-"+url.PathEscape(id), fiber.StatusSeeOther)
}

// moved moves an id of a list by one place, and tells whether it did.
func moved(ids []string, id string, up bool) bool {
	for i := range ids {
		other := i + 1
		if up {
			other = i - 1
		}
		if ids[i] == id && other >= 0 && other < len(ids) {
			ids[i], ids[other] = ids[other], ids[i]
			return true
		}
	}
	return false
}

// showNames asks whether everybody sees names on the skill map.
func (s *Server) showNames(c *fiber.Ctx) error {
	visible, err := s.Store.NamesVisible(c.UserContext())
	if err != nil {
		return err
	}
	p := s.namesForm(c, flag(visible))
	if c.Query("saved") != "" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("skills/edit", p)
}

func (s *Server) namesForm(c *fiber.Ctx, value string) catalogueForm {
	p := s.catalogueForm(c, url.Values{}, "settings.names")
	p.Nav, p.Back = "settings", "/settings"
	p.Fields = []field{{Name: "names_visible", Label: p.T("settings.names_visible"), Value: value, Hint: p.T("settings.names_hint"),
		Choices: []choice{{"1", p.T("settings.names_all"), value == "1"}, {"", p.T("settings.names_own"), value == ""}}}}
	return p
}

func (s *Server) saveNames(c *fiber.Ctx) error {
	value := body(c).Get("names_visible")
	if value != "" && value != "1" {
		p := s.namesForm(c, value)
		p.explain(p.page, team.Invalid{{Field: "names_visible", Rule: team.Unknown}})
		c.Status(fiber.StatusUnprocessableEntity)
		return c.Render("skills/edit", p)
	}
	if err := s.Store.SaveNamesVisible(c.UserContext(), member(c), value == "1"); err != nil {
		return err
	}
	return c.Redirect("/settings/names?saved=1", fiber.StatusSeeOther)
}
