package web

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

func (s *Server) jobRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/settings/jobs", admins, s.showJobs},
		{post, "/settings/jobs/test-mail", admins, s.testMail},
	}
}

// jobsPage shows administrators how mail and the periodic work are doing.
type jobsPage struct {
	page
	Server, From string // "" where no mail is set up
	Sent         int    // in the last mailDays days
	LastSent     string
	Jobs         []jobRow
	Problems     []mailProblemRow
}

// mailDays is how far back mails are counted.
const mailDays = 30

type jobRow struct {
	Name, About, State, When string
	Failed                   bool
}

type mailProblemRow struct{ Name, What, When string }

func (s *Server) mailSetUp() (server, from string) {
	if s.Mail == nil {
		return "", ""
	}
	return s.Mail.SetUp()
}

func (s *Server) jobsPage(c *fiber.Ctx) (jobsPage, error) {
	p, ctx := jobsPage{page: s.page(c)}, c.UserContext()
	p.Title, p.Nav = p.T("job.title"), "settings"
	p.Server, p.From = s.mailSetUp()
	since := s.now().AddDate(0, 0, -mailDays)
	jobs, err := s.Store.Jobs(ctx, p.Member)
	if err != nil {
		return p, err
	}
	for _, j := range jobs {
		p.Jobs = append(p.Jobs, p.jobRow(j))
	}
	sent, last, err := s.Store.DigestsSent(ctx, p.Member, since)
	if err != nil {
		return p, err
	}
	p.Sent, p.LastSent = sent, p.Time(last)
	problems, err := s.Store.DigestProblems(ctx, p.Member, since)
	if err != nil {
		return p, err
	}
	names, err := s.names(c)
	for _, d := range problems {
		p.Problems = append(p.Problems, mailProblemRow{Name: names[d.MemberID], What: p.Word("mail_problem", d.Problem), When: p.Time(d.At)})
	}
	return p, err
}

func (p page) jobRow(j team.Job) jobRow {
	row := jobRow{Name: p.Word("job_name", j.Name), About: p.Word("job_about", j.Name), When: p.Time(j.EndedAt)}
	switch {
	case j.Holder != "" && j.HeldUntil.After(p.look.now()):
		row.State, row.When = p.T("job.running"), p.Time(j.StartedAt)
	case j.Outcome == "failed":
		row.State, row.Failed = p.T("job.failed"), true
	case j.Outcome == "":
		row.State = p.T("job.never")
	default:
		row.State = p.T("job.done")
	}
	return row
}

func (s *Server) showJobs(c *fiber.Ctx) error {
	p, err := s.jobsPage(c)
	if err != nil {
		return err
	}
	return c.Render("settings/jobs", p)
}

// testMail sends the person a mail and says how it went.
func (s *Server) testMail(c *fiber.Ctx) error {
	fault := team.ErrNotFound
	if s.Mail != nil {
		fault = s.sendTestMail(c.UserContext(), member(c))
	}
	p, err := s.jobsPage(c)
	if err != nil {
		return err
	}
	var named interface{ MailProblem() string }
	switch {
	case fault == nil:
		p.Notice = &notice{Kind: "done", Text: p.T("job.test_sent", "Address", p.Member.Email)}
	case errors.As(fault, &named):
		slog.Warn("a test mail was not delivered", "member", p.Member.ID, "error", fault)
		p.Notice = &notice{Kind: "error", Text: p.Word("mail_problem", named.MailProblem())}
	default:
		p.Notice = &notice{Kind: "error", Text: p.T("job.no_mail")}
	}
	p.Address = "/settings/jobs"
	return c.Render("settings/jobs", p)
}

// sendTestMail gives the mail server less time than the request has, so that the page
// can say what is wrong.
func (s *Server) sendTestMail(ctx context.Context, m team.Member) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout-2*time.Second)
	defer cancel()
	return s.Mail.Test(ctx, m)
}
