package web

import (
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) whatIfRoutes() []route {
	const get = fiber.MethodGet
	return []route{
		{get, "/risk/what-if", leads, s.showWhatIf},
		{get, "/risk/hand-over", leads, s.showHandOver},
	}
}

// farthest is how many years ahead can be asked about: nothing is known of later days.
const farthest = 10

// absenceQuestion asks what happens when some people are away.
type absenceQuestion struct {
	Members []string
	From    team.Date
	To      team.Date // none: they leave for good
}

// whatIfPage is a question and, where one was asked, its answer. Asking writes nothing.
type whatIfPage struct {
	page
	form
	People      []choice
	PeopleError string
	Asked       bool
	whatIf
}

// HandOver is the address of the hand-over list of the same question.
func (p whatIfPage) HandOver() string { return "/risk/hand-over?" + p.Query }

// WhatIf is the address of the question.
func (p whatIfPage) WhatIf() string { return "/risk/what-if?" + p.Query }

func (s *Server) showWhatIf(c *fiber.Ctx) error {
	p, err := s.whatIfPage(c, "what_if.title")
	if err != nil {
		return err
	}
	return c.Render("what_if/show", p)
}

// whatIfPage reads the question in the address and answers it.
func (s *Server) whatIfPage(c *fiber.Ctx, title string) (whatIfPage, error) {
	p := whatIfPage{page: s.page(c)}
	p.Title, p.Nav = p.T(title), "skills"
	v, err := url.ParseQuery(p.Query)
	if err != nil {
		v = url.Values{}
	}
	ids := slices.Compact(slices.Sorted(slices.Values(v["member"])))
	f, err := s.Store.Foresight(c.UserContext(), p.Member, s.today(), ids)
	if err != nil {
		return p, err
	}
	for _, m := range f.Map.Members {
		p.People = append(p.People, choice{m.ID, m.DisplayName(p.Language), slices.Contains(ids, m.ID)})
	}
	q := p.read(v, ids)
	if len(p.Problems()) > 0 || p.PeopleError != "" {
		c.Status(fiber.StatusUnprocessableEntity)
		return p, nil
	}
	if p.Asked = len(ids) > 0; p.Asked {
		p.whatIf = newWhatIf(p.page, f, q)
	}
	return p, nil
}

// read fills the form with the question, and says what is wrong with it.
func (p *whatIfPage) read(v url.Values, ids []string) (q absenceQuestion) {
	today := team.DateOf(p.look.now().In(p.look.zone))
	q = absenceQuestion{Members: ids}
	from, to := p.day(v, "from", &q.From), p.day(v, "to", &q.To)
	from.Hint, to.Hint = p.T("what_if.from_hint"), p.T("what_if.to_hint")
	if q.From.IsZero() && from.Error == "" {
		q.From, from.Value = today, today.String()
	}
	last := today.AddMonths(12 * farthest)
	switch {
	case from.Error != "" || to.Error != "":
	case q.From.Before(today):
		from.Error = p.T("what_if.past")
	case last.Before(q.From):
		from.Error = p.T("what_if.too_far", "Count", farthest)
	case !q.To.IsZero() && q.To.Before(q.From):
		to.Error = p.T("what_if.reversed")
	case last.Before(q.To):
		to.Error = p.T("what_if.too_far", "Count", farthest)
	}
	p.Fields, p.Summary = []field{from, to}, p.T("common.fix_fields")
	chosen := 0
	for _, one := range p.People {
		if one.Chosen {
			chosen++
		}
	}
	switch {
	case chosen < len(ids):
		p.PeopleError = p.T("what_if.unknown")
	case len(ids) == 0 && (v.Has("from") || v.Has("to")):
		p.PeopleError = p.T("what_if.nobody_chosen")
	}
	return q
}

// day reads a day as people write it, 令和 included.
func (p *whatIfPage) day(v url.Values, name string, into *team.Date) field {
	f := field{Name: name, Label: p.T("what_if." + name), Kind: "date", Value: v.Get(name)}
	if f.Value == "" {
		return f
	}
	y, m, d, ok := text.ParseDate(f.Value, p.look.now().In(p.look.zone))
	if !ok || y > 9999 {
		f.Kind, f.Error = "text", p.T("invalid.not_a_date") // a field for days would hide what cannot be read
		return f
	}
	*into = team.Date{Year: y, Month: time.Month(m), Day: d}
	f.Value = into.String()
	return f
}
