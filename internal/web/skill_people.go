package web

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// peoplePage lists who can do one skill, the most able first; on a phone it stands
// for a row of the map.
type peoplePage struct {
	page
	mapRow
	Action    string // of the skill itself
	People    []personLevel
	Hidden    bool
	Anchors   []string
	Tally     []int // people by level
	NotKnown  int
	RequiredL string
}

type personLevel struct {
	Name, Href, Level, Source, Page string
	Self                            bool
	sort                            team.Level
}

func (s *Server) showSkillPeople(c *fiber.Ctx) error {
	p := peoplePage{page: s.page(c)}
	m, err := s.Store.SkillMap(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	i := skillAt(m, c.Params("id"))
	if i < 0 {
		return team.ErrNotFound
	}
	k := m.Skills[i]
	p.mapRow = (&skillMapPage{page: p.page}).row(m, i)
	p.Title, p.Nav, p.Action, p.Hidden, p.RequiredL = p.Name, "skills", "/skills/"+url.PathEscape(k.ID), m.Hidden, k.RequiredLevel.String()
	p.Tally, p.NotKnown = m.Totals[i].Levels[:], m.Totals[i].NotAssessed
	for _, l := range team.Levels {
		p.Anchors = append(p.Anchors, p.anchor(k, l))
	}
	for j, person := range m.Members {
		cell := m.Cells[i][j]
		row := personLevel{Name: person.DisplayName(p.Language), Href: p.Href + "/" + url.PathEscape(person.ID), Level: orDash(cell.On(m.Day)), Page: "/members/" + url.PathEscape(person.ID), Self: person.ID == p.Member.ID, sort: cell.On(m.Day)}
		switch g, certified := cell.ByCertificate(m.Day); {
		case certified:
			row.Source = p.T("map.by_certificate", "Name", g.DisplayName(p.Language))
		case cell.Validated.On(m.Day).Assessed():
			row.Source = p.Word("assessment_kind", team.Validated)
		case cell.Declared.On(m.Day).Assessed():
			row.Source = p.Word("assessment_kind", team.Declared)
		default:
			row.Source = p.T("map.not_assessed")
		}
		p.People = append(p.People, row)
	}
	slices.SortStableFunc(p.People, func(a, b personLevel) int { return int(b.sort - a.sort) })
	return c.Render("skills/people", p)
}
