package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

func (s *Server) departmentSetting() setting {
	return setting{noun: "departments", columns: []string{"name", "headcount", "active"},
		rows: func(c *fiber.Ctx, p page) ([]settingRow, error) {
			list, err := s.Store.Departments(c.UserContext())
			var rows []settingRow
			for _, d := range list {
				rows = append(rows, settingRow{"/settings/departments/" + d.ID, []string{d.DisplayName(p.Language), strconv.Itoa(d.Headcount), p.activeWord(d.Active)}})
			}
			return rows, err
		},
		load: func(c *fiber.Ctx, id string) (url.Values, error) {
			list, err := s.Store.Departments(c.UserContext())
			d, err := one(list, err, func(d team.Department) bool { return d.ID == id })
			return url.Values{"name": {d.Name}, "name_en": {d.NameEn}, "headcount": {strconv.Itoa(d.Headcount)}, "active": {flag(d.Active)}, "version": {strconv.Itoa(d.Version)}}, err
		},
		fields: func(p page, v url.Values) []field { return inputs(p, v, "name", "name_en", "headcount", "active") },
		save: func(c *fiber.Ctx, id string, version int, v url.Values) error {
			n, err := strconv.Atoi(v.Get("headcount"))
			if err != nil {
				n = -1 // Validate explains it
			}
			_, err = s.Store.SaveDepartment(c.UserContext(), member(c), team.Department{ID: id, Name: v.Get("name"), NameEn: v.Get("name_en"), Headcount: n, Active: v.Get("active") != "", Version: version})
			return err
		}}
}

func (s *Server) topicSetting() setting {
	return setting{noun: "topics", columns: []string{"name", "active"},
		rows: func(c *fiber.Ctx, p page) ([]settingRow, error) {
			list, err := s.Store.Topics(c.UserContext())
			var rows []settingRow
			for _, x := range list {
				rows = append(rows, settingRow{"/settings/topics/" + x.ID, []string{x.DisplayName(p.Language), p.activeWord(x.Active)}})
			}
			return rows, err
		},
		load: func(c *fiber.Ctx, id string) (url.Values, error) {
			list, err := s.Store.Topics(c.UserContext())
			x, err := one(list, err, func(x team.Topic) bool { return x.ID == id })
			return url.Values{"name": {x.Name}, "name_en": {x.NameEn}, "active": {flag(x.Active)}, "version": {strconv.Itoa(x.Version)}}, err
		},
		fields: func(p page, v url.Values) []field { return inputs(p, v, "name", "name_en", "active") },
		save: func(c *fiber.Ctx, id string, version int, v url.Values) error {
			_, err := s.Store.SaveTopic(c.UserContext(), member(c), team.Topic{ID: id, Name: v.Get("name"), NameEn: v.Get("name_en"), Active: v.Get("active") != "", Version: version})
			return err
		}}
}

func (s *Server) jargonSetting() setting {
	return setting{noun: "jargon", columns: []string{"term", "plain", "synonyms"},
		rows: func(c *fiber.Ctx, p page) ([]settingRow, error) {
			list, err := s.Store.Jargon(c.UserContext())
			var rows []settingRow
			for _, j := range list {
				rows = append(rows, settingRow{"/settings/jargon/" + j.ID, []string{j.Term, j.Plain, strings.Join(j.Synonyms, "、")}})
			}
			return rows, err
		},
		load: func(c *fiber.Ctx, id string) (url.Values, error) {
			list, err := s.Store.Jargon(c.UserContext())
			j, err := one(list, err, func(j team.JargonTerm) bool { return j.ID == id })
			return url.Values{"term": {j.Term}, "plain": {j.Plain}, "plain_en": {j.PlainEn}, "synonyms": {j.Synonyms.String()}, "version": {strconv.Itoa(j.Version)}}, err
		},
		fields: func(p page, v url.Values) []field {
			list := inputs(p, v, "term", "plain", "plain_en", "synonyms")
			list[3].Rows, list[3].Hint = 4, p.T("article.one_a_line")
			return list
		},
		save: func(c *fiber.Ctx, id string, version int, v url.Values) error {
			_, err := s.Store.SaveJargon(c.UserContext(), member(c), team.JargonTerm{ID: id, Term: v.Get("term"), Plain: v.Get("plain"), PlainEn: v.Get("plain_en"), Synonyms: team.LinesOf(v.Get("synonyms")), Version: version})
			return err
		}}
}

func (s *Server) deleteJargon(c *fiber.Ctx) error {
	if err := s.Store.DeleteJargon(c.UserContext(), member(c), c.Params("id")); err != nil {
		return err
	}
	return c.Redirect("/settings/jargon?saved=1", fiber.StatusSeeOther)
}
