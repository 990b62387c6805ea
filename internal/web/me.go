package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

func (s *Server) meRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/me", readers, s.showMe}, {post, "/me", readers, s.saveMe},
		{post, "/me/deadlines", readers, s.putAside},
		{post, "/me/calendar", readers, s.renewCalendar}, {post, "/me/calendar/revoke", readers, s.revokeCalendar},
		{get, calendarPath + ":name", anyone, s.calendar},
	}
}

// mePage is what a person decides about their own screen and mails, and what is due
// for them.
type mePage struct {
	page
	MailSetUp bool
	Deadlines []deadlineRow
	Calendar  calendarCard
}

// deadlineRow is a line of the person's list of deadlines.
type deadlineRow struct {
	Kind, ID, Part string
	What, Left     string // what is due and when; how many days are left
	Href           string
	Pressing, Over bool
}

func (s *Server) showMe(c *fiber.Ctx) error {
	p, err := s.mePage(c)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "saved":
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	case "aside":
		p.Notice = &notice{Kind: "done", Text: p.T("deadline.done_aside")}
	case "revoked":
		p.Notice = &notice{Kind: "done", Text: p.T("calendar.done_revoked")}
	}
	return c.Render("account/me", p)
}

func (s *Server) mePage(c *fiber.Ctx) (mePage, error) {
	p := mePage{page: s.page(c)}
	p.Title = p.T("nav.my_settings")
	server, _ := s.mailSetUp()
	p.MailSetUp = server != ""
	list, err := s.Store.ShownDeadlines(c.UserContext(), p.Member, s.today())
	if err != nil {
		return p, err
	}
	for _, d := range list {
		p.Deadlines = append(p.Deadlines, p.deadlineRow(d, s.today()))
	}
	p.Calendar, err = s.calendarCard(c, p.page)
	return p, err
}

func (p page) deadlineRow(d team.Deadline, today team.Date) deadlineRow {
	left := d.DaysLeft(today)
	row := deadlineRow{Kind: string(d.Kind), ID: d.ObjectID, Part: d.Part, What: p.T("deadline_kind."+string(d.Kind), "Title", d.DisplayTitle(p.Language), "Day", p.Date(d.On)),
		Href: "/certificates/" + d.ObjectID, Pressing: left <= 7, Over: left < 0}
	if d.Kind == team.TrainingPlanned {
		row.Href = "/trainings/" + d.ObjectID
	}
	switch {
	case left < 0:
		row.Left = p.T("deadline.over", "Count", -left)
	case left == 0:
		row.Left = p.T("deadline.today")
	default:
		row.Left = p.T("deadline.left", "Count", left)
	}
	return row
}

func (s *Server) saveMe(c *fiber.Ctx) error {
	f := body(c)
	if err := s.Store.SavePreferences(c.UserContext(), member(c), f.Get("language"), f.Get("shortcuts") != "", f.Get("mails") != ""); err != nil {
		return err
	}
	return c.Redirect("/me?done=saved", fiber.StatusSeeOther)
}

// putAside takes a deadline off the person's list until it is more urgent. One that
// does not stand there any more was put aside already.
func (s *Server) putAside(c *fiber.Ctx) error {
	f := body(c)
	err := s.Store.PutAside(c.UserContext(), member(c), s.today(), team.DeadlineKind(f.Get("kind")), f.Get("object"), f.Get("part"))
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		return err
	}
	return c.Redirect("/me?done=aside#deadlines", fiber.StatusSeeOther)
}
