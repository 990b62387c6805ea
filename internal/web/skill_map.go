package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) skillMapRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/skills/map", readers, s.showSkillMap}, {post, "/skills/map", writers, s.saveCells},
		{get, "/skills/map/:id", readers, s.showSkillPeople},
		{get, "/skills/map/:id/:member", readers, s.showCell}, {post, "/skills/map/:id/:member", writers, s.saveCell},
		{post, "/skills/map/:id/:member/target", writers, s.saveCellTarget},
	}
}

// The views and orders of the map; the first of each is shown where none is asked for.
var (
	mapViews = []string{"now", "gap", "confidence", "age", "sources"}
	mapSorts = []string{"dependency", "catalogue", "name"}
)

// mapQuery is what of the map somebody looks at, as it stands in the address.
type mapQuery struct{ View, Sort, Category, On string }

// readMapQuery takes what is known; anything else is left out.
func readMapQuery(q url.Values, today team.Date) mapQuery {
	m := mapQuery{View: mapViews[0], Sort: mapSorts[0], Category: q.Get("category")}
	if slices.Contains(mapViews, q.Get("view")) {
		m.View = q.Get("view")
	}
	if slices.Contains(mapSorts, q.Get("sort")) {
		m.Sort = q.Get("sort")
	}
	if year, month, day, ok := text.ParseDate(q.Get("day"), today.Time()); ok && year < 10000 {
		m.On = team.Date{Year: year, Month: time.Month(month), Day: day}.String()
	}
	if m.On == today.String() {
		m.On = ""
	}
	return m
}

// Address is where the map is seen this way.
func (m mapQuery) Address() string {
	q := url.Values{}
	for name, value := range map[string]string{"view": strings.TrimPrefix(m.View, mapViews[0]), "sort": strings.TrimPrefix(m.Sort, mapSorts[0]), "category": m.Category, "day": m.On} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/skills/map"
	}
	return "/skills/map?" + q.Encode()
}

// skillMapPage is the map: a table on a wide screen, a list on a phone.
type skillMapPage struct {
	page
	mapQuery
	Views      []mapLink
	Sorts      []choice
	Categories []choice
	Members    []mapMember
	Rows       []mapRow
	Blocks     [][]mapRow // the same; all but the first are shown after the first paint
	Coverage   team.Coverage
	Upright    bool // names stand upright, since there are many
	Past       bool // another day than today: nothing can be set
	Hidden     bool
	Editable   bool
	Empty      bool // there are no skills at all
	NoLevels   bool
	AsOf       string
	Columns    int
}

type mapLink struct {
	Label, Href string
	Current     bool
}

type mapMember struct {
	Name, Href string
	Self       bool
}

// mapRow is a skill in the table and in the list.
type mapRow struct {
	ID, Href, Name, Category string
	Head                     string // the category that begins here
	Required, Holders        int
	Short                    bool
	Dependency               team.Dependency
	Label                    string // the dependency in words, with the name where it may be seen
	Cells                    template.HTML
	Seen                     string // for each cell what a new level replaces
	Own, OwnHref             string // one's own level
}

func (s *Server) showSkillMap(c *fiber.Ctx) error {
	q, _ := url.ParseQuery(string(c.Request().URI().QueryString())) // what cannot be read is left out
	p := skillMapPage{page: s.page(c), mapQuery: readMapQuery(q, s.today())}
	p.Title, p.Nav = p.T("map.title"), "skills"
	day := s.today()
	if p.On != "" {
		day, _ = team.ParseDate(p.On) // written by readMapQuery
		p.Past, p.AsOf = true, p.Date(day)
	}
	m, err := s.Store.SkillMap(c.UserContext(), p.Member, day)
	if err != nil {
		return err
	}
	p.fill(m)
	if c.Query("done") == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("skills/map", p)
}

func (p *skillMapPage) fill(m team.SkillMap) {
	p.Empty, p.Hidden = len(m.Skills) == 0, m.Hidden
	p.Editable = !p.Past && p.CanWrite()
	p.Upright = len(m.Members) > 25
	p.Columns = 4 + len(m.Members)
	for _, person := range m.Members {
		p.Members = append(p.Members, mapMember{Name: person.DisplayName(p.Language), Href: "/members/" + url.PathEscape(person.ID), Self: person.ID == p.Member.ID})
	}
	p.links(m)
	p.NoLevels = true
	draw := newCellWriter(p, m)
	for _, i := range p.order(m) {
		row := p.row(m, i)
		draw.row(i, &row)
		p.Coverage.Add(m.Skills[i].Requirement, row.Holders)
		p.Rows = append(p.Rows, row)
	}
	for _, t := range m.Totals {
		p.NoLevels = p.NoLevels && t.Holders(team.None) == 0
	}
	p.heads()
	p.Blocks = blocks(p.Rows)
}

// screenful is more rows than a laptop shows.
const screenful = 24

// blocks cuts rows into parts of a screenful, where a category begins if any does.
func blocks(rows []mapRow) (list [][]mapRow) {
	from := 0
	for i := range rows {
		if n := i - from; n >= 2*screenful || n >= screenful && (rows[i].Head != "" || rows[0].Head == "") {
			list, from = append(list, rows[from:i]), i
		}
	}
	return append(list, rows[from:])
}

// heads says where a category begins, in the order of the catalogue.
func (p *skillMapPage) heads() {
	last := ""
	for i := range p.Rows {
		if p.Sort == "catalogue" && p.Rows[i].Category != last {
			last = p.Rows[i].Category
			p.Rows[i].Head = last
		}
	}
}

func (p *skillMapPage) links(m team.SkillMap) {
	for _, v := range mapViews {
		to := p.mapQuery
		to.View = v
		p.Views = append(p.Views, mapLink{p.Word("map_view", v), to.Address(), v == p.View})
	}
	for _, v := range mapSorts {
		p.Sorts = append(p.Sorts, choice{v, p.Word("map_sort", v), v == p.Sort})
	}
	p.Categories = []choice{{"", p.T("common.all"), p.Category == ""}}
	for _, g := range m.Categories {
		p.Categories = append(p.Categories, choice{g.ID, g.DisplayName(p.Language), g.ID == p.Category})
	}
}

// order lists the skills to show as they are asked for: by what hangs on few people,
// by name, or as the catalogue has them. Only totals decide, which everybody sees.
func (p *skillMapPage) order(m team.SkillMap) (list []int) {
	for i, k := range m.Skills {
		if p.Category == "" || k.CategoryID == p.Category {
			list = append(list, i)
		}
	}
	press := func(i int) int {
		k := m.Skills[i]
		return slices.Index(team.Dependencies, k.Dependency(m.Totals[i].Holders(k.RequiredLevel)))
	}
	slices.SortStableFunc(list, func(a, b int) int {
		switch p.Sort {
		case "dependency":
			if n := press(a) - press(b); n != 0 {
				return n
			}
			return m.Skills[b].Weight - m.Skills[a].Weight
		case "name":
			return strings.Compare(m.Skills[a].DisplayName(p.Language), m.Skills[b].DisplayName(p.Language))
		}
		return 0
	})
	return list
}

func (p *skillMapPage) row(m team.SkillMap, i int) mapRow {
	k := m.Skills[i]
	row := mapRow{ID: k.ID, Name: k.DisplayName(p.Language), Required: k.Minimum, Holders: m.Totals[i].Holders(k.RequiredLevel)}
	row.Href = "/skills/map/" + url.PathEscape(k.ID)
	row.Short = row.Holders < row.Required
	row.Dependency = k.Dependency(row.Holders)
	row.Label = p.Word("dependency", row.Dependency)
	if row.Dependency == team.OnOne {
		for j, cell := range m.Cells[i] {
			if cell.On(m.Day) >= k.RequiredLevel {
				row.Label = p.T("dependency.one_name", "Name", shortName(m.Members[j].DisplayName(p.Language), p.Language))
			}
		}
	}
	for _, g := range m.Categories {
		if g.ID == k.CategoryID {
			row.Category = g.DisplayName(p.Language)
		}
	}
	return row
}

// shortName is the family name, where it can be told: the first word in Japanese,
// the last one in English.
func shortName(name, language string) string {
	words := strings.Fields(name)
	switch {
	case len(words) < 2:
		return name
	case language == "en":
		return words[len(words)-1]
	}
	return words[0]
}
