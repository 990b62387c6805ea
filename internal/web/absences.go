package web

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

func (s *Server) absenceRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/absences", writers, s.listAbsences},
		{get, "/absences/new", writers, s.editAbsence}, {post, "/absences/new", writers, s.saveAbsence},
		{get, "/absences/:id", writers, s.editAbsence}, {post, "/absences/:id", writers, s.saveAbsence},
		{post, "/absences/:id/delete", writers, s.deleteAbsence},
	}
}

// absencesPage lists who is going to be away: everybody for leads, for others themselves.
type absencesPage struct {
	page
	Rows []absenceRow
}

type absenceRow struct {
	ID, Name, Kind, From, To string
	WhatIf                   string         // for leads
	Breaks                   []leaveWarning // for leads: what is short in these days
}

func (s *Server) listAbsences(c *fiber.Ctx) error {
	p := absencesPage{page: s.page(c)}
	p.Title, p.Nav = p.T("absence.title"), "skills"
	list, err := s.Store.Absences(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	for _, a := range list {
		p.Rows = append(p.Rows, absenceRow{ID: a.ID, Name: names[a.MemberID], Kind: p.Word("absence_kind", a.Kind), From: p.Date(a.StartsOn), To: p.Date(a.EndsOn)})
	}
	if err := s.markAbsences(c, p.page, list, p.Rows); err != nil {
		return err
	}
	if done := c.Query("done"); done == "saved" || done == "deleted" {
		p.Notice = &notice{Kind: "done", Text: p.T("absence." + done)}
	}
	return c.Render("absences/list", p)
}

func (s *Server) absenceOf(c *fiber.Ctx) (team.Absence, error) {
	if c.Params("id") == "" {
		return team.Absence{MemberID: member(c).ID, Kind: team.Leave}, nil
	}
	return s.Store.Absence(c.UserContext(), member(c), c.Params("id"))
}

func absenceValues(a team.Absence) url.Values {
	return url.Values{"member": {a.MemberID}, "kind": {string(a.Kind)}, "starts_on": {a.StartsOn.String()}, "ends_on": {a.EndsOn.String()}, "version": {strconv.Itoa(a.Version)}}
}

func (s *Server) editAbsence(c *fiber.Ctx) error {
	a, err := s.absenceOf(c)
	if err != nil {
		return err
	}
	p, err := s.absenceForm(c, absenceValues(a))
	if err != nil {
		return err
	}
	return c.Render("absences/edit", p)
}

// absenceForm is the form of a planned absence, with what it would break.
type absenceForm struct {
	catalogueForm
	Guard *leaveGuard
}

func (s *Server) absenceForm(c *fiber.Ctx, v url.Values) (absenceForm, error) {
	p := absenceForm{catalogueForm: s.catalogueForm(c, v, "absence.new")}
	p.Back = "/absences"
	if p.ID != "" {
		p.Title = p.T("absence.edit")
	}
	word := func(name string) field {
		return field{Name: name, Label: p.T("absence." + name), Value: v.Get(name)}
	}
	if p.CanManage() && p.ID == "" {
		people, err := s.people(c, p.page, []string{v.Get("member")})
		if err != nil {
			return p, err
		}
		who := word("member")
		who.Choices = people
		p.Fields = append(p.Fields, who)
	}
	from, to := word("starts_on"), word("ends_on")
	from.Kind, to.Kind, from.Required = "date", "date", true
	from.Hint, to.Hint = p.T("absence.starts_on_hint"), p.T("absence.ends_on_hint")
	p.Fields = append(p.Fields, choose(p.page, word("kind"), "absence_kind", team.AbsenceKinds), from, to)
	return p, nil
}

// typedAbsence reads a form; days that cannot be read are team.Invalid.
func typedAbsence(now team.Absence, v url.Values, mayChoose bool) (team.Absence, error) {
	var invalid team.Invalid
	day := func(name string) team.Date {
		d, err := team.ParseDate(v.Get(name))
		if err != nil {
			invalid = append(invalid, team.Problem{Field: name, Rule: team.NotADate})
		}
		return d
	}
	a := team.Absence{ID: now.ID, MemberID: now.MemberID, Kind: team.AbsenceKind(v.Get("kind")), StartsOn: day("starts_on"), EndsOn: day("ends_on")}
	if now.ID == "" && mayChoose && v.Get("member") != "" {
		a.MemberID = v.Get("member")
	}
	a.Version, _ = strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	return a, invalid.Or()
}

func (s *Server) saveAbsence(c *fiber.Ctx) error {
	now, err := s.absenceOf(c)
	if err != nil {
		return err
	}
	v := body(c)
	s.onceForNew(c, v)
	a, err := typedAbsence(now, v, team.CanManage(member(c)))
	if err == nil {
		guard, problem := s.guardLeave(c, s.page(c), a)
		if problem != nil {
			return problem
		}
		if guard != nil && guard.Anyway != v.Get("anyway") {
			return s.warnOfLeave(c, v, guard)
		}
		_, err = s.Store.SaveAbsence(c.UserContext(), member(c), a)
	}
	if err == nil {
		return c.Redirect("/absences?done=saved", fiber.StatusSeeOther)
	}
	p, problem := s.absenceForm(c, v)
	if problem != nil {
		return problem
	}
	if err := p.refused(c, err, absenceValues(now)); err != nil {
		return err
	}
	return c.Render("absences/edit", p)
}

// warnOfLeave shows the form again with what the absence would break: nothing is saved
// until the person has seen it.
func (s *Server) warnOfLeave(c *fiber.Ctx, v url.Values, guard *leaveGuard) error {
	p, err := s.absenceForm(c, v)
	if err != nil {
		return err
	}
	p.Guard = guard
	return c.Status(fiber.StatusUnprocessableEntity).Render("absences/edit", p)
}

func (s *Server) deleteAbsence(c *fiber.Ctx) error {
	if err := s.Store.DeleteAbsence(c.UserContext(), member(c), c.Params("id")); err != nil {
		return err
	}
	return c.Redirect("/absences?done=deleted", fiber.StatusSeeOther)
}
