package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// setting is one catalogue that leads look after. A form's values carry a thing
// both ways, so that what was typed and what is stored are shown alike.
type setting struct {
	noun    string
	columns []string
	rows    func(c *fiber.Ctx, p page) ([]settingRow, error)
	load    func(c *fiber.Ctx, id string) (url.Values, error) // team.ErrNotFound for an unknown id
	fields  func(p page, v url.Values) []field
	save    func(c *fiber.Ctx, id string, version int, v url.Values) error
}

// settingRow is a line of a list. Href is empty for what the person may not edit.
type settingRow struct {
	Href  string
	Cells []string
}

func (s *Server) settings() []setting {
	return []setting{s.memberSetting(), s.departmentSetting(), s.topicSetting(), s.jargonSetting(), s.compartmentSetting()}
}

func (s *Server) settingsRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	list := []route{{get, "/settings", leads, s.showSettings}}
	for _, one := range s.settings() {
		base := "/settings/" + one.noun
		list = append(list,
			route{get, base, leads, s.listSetting(one)},
			route{get, base + "/new", leads, s.editSetting(one)}, route{post, base + "/new", leads, s.saveSetting(one)},
			route{get, base + "/:id", leads, s.editSetting(one)}, route{post, base + "/:id", leads, s.saveSetting(one)})
	}
	return append(list, route{post, "/settings/members/:id/invite", leads, s.invite},
		route{post, "/settings/jargon/:id/delete", leads, s.deleteJargon})
}

type settingsPage struct {
	page
	form
	Noun, ID, Search, Version, Link string
	Key                             string // so that a form sent twice adds one thing
	Heading                         string // what is added or changed
	Admin                           bool   // looks after the program too
	Total                           int
	Pager                           pager
	Nouns, Columns                  []string
	Rows                            []settingRow
	People                          []choice // checkboxes of a compartment
	PeopleError                     string
	Now                             []field // what somebody else saved meanwhile
}

func (s *Server) showSettings(c *fiber.Ctx) error {
	p := settingsPage{page: s.page(c)}
	p.Title, p.Nav = p.T("settings.title"), "settings"
	for _, one := range s.settings() {
		p.Nouns = append(p.Nouns, one.noun)
	}
	p.Nouns = append(p.Nouns, "names")
	p.Admin = team.CanLookAfterProgram(p.Member)
	return c.Render("settings/index", p)
}

func (s *Server) listSetting(one setting) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p := s.settingsPage(c, one)
		p.Columns, p.Search = one.columns, c.Query("q")
		rows, err := one.rows(c, p.page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if strings.Contains(text.Key(strings.Join(r.Cells, "\n")), text.Key(p.Search)) {
				p.Rows = append(p.Rows, r)
			}
		}
		if wantsCSV(c) {
			return s.settingCSV(c, p)
		}
		number := pageNumber(c)
		p.Total, p.Pager = len(p.Rows), p.pager(number, len(p.Rows))
		from := min(number*store.PageSize, len(p.Rows))
		p.Rows = p.Rows[from:min(from+store.PageSize, len(p.Rows))]
		if c.Query("saved") != "" {
			p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
		}
		return c.Render("settings/list", p)
	}
}

func (s *Server) settingsPage(c *fiber.Ctx, one setting) settingsPage {
	p := settingsPage{page: s.page(c), Noun: one.noun, ID: c.Params("id")}
	p.Title, p.Nav = p.T("settings."+one.noun), "settings"
	return p
}

func (s *Server) editSetting(one setting) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p, v := s.settingsPage(c, one), url.Values{"active": {"1"}, "role": {"member"}, "language": {"ja"}, "headcount": {"0"}}
		if p.ID != "" {
			var err error
			if v, err = one.load(c, p.ID); err != nil {
				return err
			}
		}
		return s.renderSetting(c, one, p, v)
	}
}

func (s *Server) renderSetting(c *fiber.Ctx, one setting, p settingsPage, v url.Values) error {
	p.Version, p.Heading = v.Get("version"), p.Title+" — "+p.T("common.add")
	if p.ID != "" {
		p.Heading = p.Title + " — " + p.T("common.edit")
	}
	if p.Key = v.Get("key"); p.Key == "" {
		p.Key = rand.Text()
	}
	if p.Fields == nil {
		p.Fields = one.fields(p.page, v)
	}
	if one.noun == "compartments" {
		var err error
		if p.People, err = s.people(c, p.page, v["members"]); err != nil {
			return err
		}
	}
	return c.Render("settings/edit", p)
}

func (s *Server) saveSetting(one setting) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p, v := s.settingsPage(c, one), body(c)
		var now url.Values
		if p.ID != "" {
			var err error
			if now, err = one.load(c, p.ID); err != nil {
				return err
			}
		}
		version, _ := strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
		if p.ID == "" {
			c.SetUserContext(store.Once(c.UserContext(), p.Member, v.Get("key")))
		}
		err := one.save(c, p.ID, version, v)
		if err == nil {
			return c.Redirect("/settings/"+one.noun+"?saved=1", fiber.StatusSeeOther)
		}
		p.Fields = one.fields(p.page, v)
		var invalid team.Invalid
		switch {
		case errors.Is(err, team.ErrStale) && now != nil:
			p.Notice = &notice{Kind: "warn", Text: p.T("settings.stale")}
			p.Now = one.fields(p.page, now)
			v.Set("version", now.Get("version"))
			c.Status(fiber.StatusConflict)
		case errors.As(err, &invalid):
			p.explain(p.page, err)
			if problem, wrong := invalid.Field("members"); wrong {
				p.PeopleError = p.Problem(problem)
			}
			c.Status(fiber.StatusUnprocessableEntity)
		default:
			return err
		}
		return s.renderSetting(c, one, p, v)
	}
}

// input is a field with the words of its name.
func input(p page, v url.Values, name string) field {
	return field{Name: name, Label: p.T("settings.field." + name), Value: v.Get(name)}
}

func inputs(p page, v url.Values, names ...string) []field {
	var list []field
	for _, name := range names {
		f := input(p, v, name)
		if name == "active" {
			for _, value := range []string{"1", ""} {
				f.Choices = append(f.Choices, choice{value, p.T("settings.active_" + map[bool]string{true: "yes", false: "no"}[value == "1"]), value == f.Value})
			}
		}
		list = append(list, f)
	}
	return list
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

func (p page) activeWord(on bool) string {
	if on {
		return p.T("settings.active_yes")
	}
	return p.T("settings.active_no")
}

// one finds a thing by its id.
func one[T any](list []T, err error, is func(T) bool) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	for _, x := range list {
		if is(x) {
			return x, nil
		}
	}
	return none, team.ErrNotFound
}
