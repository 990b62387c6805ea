package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) memberSetting() setting {
	return setting{noun: "members", columns: []string{"name", "email", "role", "active"},
		rows: func(c *fiber.Ctx, p page) ([]settingRow, error) {
			list, err := s.Store.Members(c.UserContext())
			var rows []settingRow
			for _, m := range list {
				r := settingRow{Cells: []string{m.DisplayName(p.Language), m.Email, p.Word("role", m.Role), p.activeWord(m.Active)}}
				if team.CanGiveRole(p.Member, m.Role) {
					r.Href = "/settings/members/" + m.ID
				}
				rows = append(rows, r)
			}
			return rows, err
		},
		load: func(c *fiber.Ctx, id string) (url.Values, error) {
			m, err := s.Store.Member(c.UserContext(), id)
			if err == nil && !team.CanGiveRole(member(c), m.Role) {
				err = team.ErrForbidden
			}
			return url.Values{"name": {m.Name}, "reading": {m.Reading}, "name_en": {m.NameEn}, "email": {m.Email}, "title": {m.Title},
				"role": {string(m.Role)}, "language": {m.Language}, "active": {flag(m.Active)}, "version": {strconv.Itoa(m.Version)}}, err
		},
		fields: func(p page, v url.Values) []field {
			var roles []team.Role
			for _, r := range team.Roles {
				if team.CanGiveRole(p.Member, r) {
					roles = append(roles, r)
				}
			}
			language := input(p, v, "language")
			language.Choices = []choice{{"ja", "日本語", v.Get("language") == "ja"}, {"en", "English", v.Get("language") == "en"}}
			list := append(inputs(p, v, "name", "reading", "name_en", "email", "title"), choose(p, input(p, v, "role"), "role", roles), language)
			return append(list, inputs(p, v, "active")...)
		},
		save: func(c *fiber.Ctx, id string, version int, v url.Values) error {
			m := team.Member{Shortcuts: true}
			if id != "" {
				var err error
				if m, err = s.Store.Member(c.UserContext(), id); err != nil {
					return err
				}
			}
			m.Name, m.Reading, m.NameEn, m.Email, m.Title = v.Get("name"), text.Clean(v.Get("reading")), text.Clean(v.Get("name_en")), v.Get("email"), text.Clean(v.Get("title"))
			m.Role, m.Language, m.Active, m.Version = team.Role(v.Get("role")), v.Get("language"), v.Get("active") != "", version
			_, err := s.Store.SaveMember(c.UserContext(), member(c), m)
			return err
		}}
}

// invite shows the link once: only its hash is kept.
func (s *Server) invite(c *fiber.Ctx) error {
	token, err := s.Store.Invite(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	p := s.settingsPage(c, s.memberSetting())
	p.Link = strings.TrimSuffix(s.BaseURL, "/") + "/welcome/" + token
	return c.Render("settings/invite", p)
}

// people lists the active members, and those chosen who have left, as checkboxes.
func (s *Server) people(c *fiber.Ctx, p page, chosen []string) ([]choice, error) {
	list, err := s.Store.Members(c.UserContext())
	var boxes []choice
	for _, m := range list {
		if on := slices.Contains(chosen, m.ID); on || m.Active {
			boxes = append(boxes, choice{m.ID, m.DisplayName(p.Language), on})
		}
	}
	return boxes, err
}

func (s *Server) compartmentSetting() setting {
	return setting{noun: "compartments", columns: []string{"name", "people"},
		rows: func(c *fiber.Ctx, p page) ([]settingRow, error) {
			list, err := s.Store.Compartments(c.UserContext(), p.Member)
			var rows []settingRow
			for _, x := range list {
				rows = append(rows, settingRow{"/settings/compartments/" + x.ID, []string{x.Name, p.T("common.people", "Count", len(x.Members))}})
			}
			return rows, err
		},
		load: func(c *fiber.Ctx, id string) (url.Values, error) {
			list, err := s.Store.Compartments(c.UserContext(), member(c))
			x, err := one(list, err, func(x team.Compartment) bool { return x.ID == id })
			return url.Values{"name": {x.Name}, "members": x.Members, "version": {strconv.Itoa(x.Version)}}, err
		},
		fields: func(p page, v url.Values) []field { return inputs(p, v, "name") },
		save: func(c *fiber.Ctx, id string, version int, v url.Values) error {
			known, err := s.people(c, s.page(c), v["members"])
			if err != nil {
				return err
			}
			for _, m := range v["members"] {
				if !slices.ContainsFunc(known, func(x choice) bool { return x.Value == m }) {
					return team.Invalid{{Field: "members", Rule: team.Unknown}}
				}
			}
			x := team.Compartment{ID: id, Name: v.Get("name"), Members: slices.Clone(v["members"]), Version: version}
			_, err = s.Store.SaveCompartment(c.UserContext(), member(c), x)
			return err
		}}
}
