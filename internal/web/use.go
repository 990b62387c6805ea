package web

import (
	"crypto/rand"
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// replyForm is the right half of the search page: the finished reply of the chosen
// answer and whom it goes to. It is sent to /use.
type replyForm struct {
	page
	form
	Chosen         string // article id
	Title          string
	Reply          string
	Text           string
	Wording        string
	ConsultationID string
	Key            string // so that a form sent twice is one use
	Overdue        bool
	Flags          int
}

// prepareReply fills the reply form for the chosen hit.
func (s *Server) prepareReply(c *fiber.Ctx, p *askPage) error {
	for _, h := range p.Hits {
		if !h.Chosen {
			continue
		}
		hints := text.MailHints(p.Text)
		use := team.Use{ArticleID: h.Article.ID, ConsultationID: p.ForID, Text: p.Text, Wording: text.Snippet(p.Searched, maxWording),
			Requester: hints.Name, Channel: guessChannel(p), Compartment: h.Article.Compartment, Key: rand.Text()}
		if p.ForID != "" {
			open, err := s.Store.Consultation(c.UserContext(), p.Member, p.ForID)
			if err != nil {
				return err
			}
			use.Requester, use.DepartmentID, use.Channel, use.Compartment = open.Requester, open.DepartmentID, open.Channel, open.Compartment
		}
		r, err := s.replyForm(c, h.Article, use, hints.Departments)
		if err != nil {
			return err
		}
		r.Overdue, r.Flags = h.Overdue, h.Usage.Flags
		p.Reply = r
	}
	return nil
}

// maxWording is the longest question kept with an article, in runes.
const maxWording = 300

// guessChannel takes a text with parts of a mail for a mail, anything else for a chat.
func guessChannel(p *askPage) team.Channel {
	if len(p.Removed) > 0 {
		return team.ChannelMail
	}
	return team.ChannelChat
}

// replyForm builds the form; a department that the text names is chosen already.
func (s *Server) replyForm(c *fiber.Ctx, a team.Article, u team.Use, departments []string) (*replyForm, error) {
	p := s.page(c)
	r := &replyForm{page: p, Chosen: a.ID, Title: a.Title, Text: u.Text, Wording: u.Wording, ConsultationID: u.ConsultationID, Key: u.Key}
	r.Reply = u.Reply
	if r.Reply == "" {
		r.Reply = composeReply(p, a.Answer, u.Requester)
	}
	if u.ConsultationID != "" {
		return r, nil
	}
	department, err := s.departmentField(c, u.DepartmentID, departments)
	if err != nil {
		return nil, err
	}
	compartment, err := s.compartmentField(c, u.Compartment)
	if err != nil {
		return nil, err
	}
	r.Fields = []field{
		{Name: "requester", Label: p.T("consultation.requester"), Value: u.Requester, MaxLength: 60, Autocomplete: "off"},
		department,
		choose(p, field{Name: "channel", Label: p.T("consultation.channel"), Value: string(u.Channel)}, "channel", team.Channels),
	}
	if len(compartment.Choices) > 1 {
		r.Fields = append(r.Fields, compartment)
	}
	return r, nil
}

// departmentField lists the departments in use; without a chosen one it takes the
// first that the text names.
func (s *Server) departmentField(c *fiber.Ctx, chosen string, named []string) (field, error) {
	p := s.page(c)
	list, err := s.Store.Departments(c.UserContext())
	f := field{Name: "department", Label: p.T("consultation.department"), Value: chosen, Choices: []choice{{Value: "", Label: p.T("common.not_said")}}}
	for _, d := range list {
		if f.Value == "" && nameIn(d.Name, named) {
			f.Value = d.ID
		}
	}
	for _, d := range list {
		if d.Active || d.ID == f.Value {
			f.Choices = append(f.Choices, choice{Value: d.ID, Label: d.DisplayName(p.Language), Chosen: d.ID == f.Value})
		}
	}
	return f, err
}

func nameIn(name string, list []string) bool {
	for _, one := range list {
		if strings.Contains(text.Key(one), text.Key(name)) {
			return true
		}
	}
	return false
}

// compartmentField lists the whole department and the compartments of the person.
func (s *Server) compartmentField(c *fiber.Ctx, chosen string) (field, error) {
	p := s.page(c)
	f := field{Name: "compartment", Label: p.T("common.compartment"), Value: chosen, Choices: []choice{{Value: "", Label: p.T("common.whole_department"), Chosen: chosen == ""}}}
	mine, err := s.Store.Compartments(c.UserContext(), p.Member)
	for _, one := range mine {
		f.Choices = append(f.Choices, choice{Value: one.ID, Label: one.Name, Chosen: one.ID == chosen})
	}
	return f, err
}

// composeReply writes the finished reply: whom it is for, the short answer first,
// then the boxes that are filled, and who answers.
func composeReply(p page, a team.Answer, requester string) string {
	var b strings.Builder
	if names := strings.Fields(requester); len(names) > 0 {
		b.WriteString(p.T("reply.to", "Name", names[0]) + "\n\n")
	}
	b.WriteString(a.Short + "\n")
	box := func(key, content string) {
		if content != "" {
			b.WriteString("\n" + p.T("reply."+key) + "\n" + content + "\n")
		}
	}
	box("reason", a.Reason)
	box("merit", a.Merit)
	box("demerit", a.Demerit)
	steps := make([]string, len(a.Steps))
	for i, step := range a.Steps {
		steps[i] = strconv.Itoa(i+1) + ". " + step
	}
	box("steps", strings.Join(steps, "\n"))
	box("alternative", a.Alternative)
	box("due", strings.TrimSpace(a.Due+"\n"+a.DueReason))
	b.WriteString("\n" + p.T("reply.from", "Name", p.Person()) + "\n")
	return b.String()
}

// use records one reuse; the page has put the reply on the clipboard already.
func (s *Server) use(c *fiber.Ctx) error {
	f, ctx, by := body(c), c.UserContext(), member(c)
	a, err := s.Store.Article(ctx, by, f.Get("article"))
	if err != nil {
		return err
	}
	u := team.Use{ArticleID: a.ID, ConsultationID: f.Get("consultation"), Kind: team.LinkAsIs, Text: f.Get("text"), Wording: f.Get("wording"),
		Subject: "", Requester: f.Get("requester"), DepartmentID: f.Get("department"), Channel: team.Channel(f.Get("channel")),
		Compartment: f.Get("compartment"), Answer: a.Answer, Reply: text.Clean(f.Get("reply")), Key: f.Get("key")}
	p := s.page(c)
	if !sameReply(u.Reply, composeReply(p, a.Answer, u.Requester)) {
		u.Kind = team.LinkAdapted
	}
	if u.Reply == "" {
		err = team.Invalid{{Field: "reply", Rule: team.Required}}
	} else {
		var made team.Consultation
		if made, err = s.Store.UseArticle(ctx, by, u); err == nil {
			return c.Redirect("/consultations/"+made.Ref+"?used=1", fiber.StatusSeeOther)
		}
	}
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	r, formErr := s.replyForm(c, a, u, nil)
	if formErr != nil {
		return formErr
	}
	r.explain(p, err)
	r.Title = a.Title
	p.Notice = r.besides(p, invalid)
	return c.Status(fiber.StatusUnprocessableEntity).Render("ask/use", usePage{page: p, Reply: r})
}

// besides is a notice of what is wrong with something that is no field of the form:
// the reply stands by itself, and an open consultation brings its own values.
func (r *replyForm) besides(p page, invalid team.Invalid) *notice {
	for _, problem := range invalid {
		if r.Field(problem.Field).Error != "" {
			continue
		}
		label := p.T("consultation.text")
		switch problem.Field {
		case "reply", "short_answer":
			label = p.T("ask.reply")
		case "compartment":
			label = p.T("common.compartment")
		}
		return &notice{Kind: "warn", Text: label + ": " + p.Problem(problem)}
	}
	return nil
}

// usePage shows the reply form alone, with what has to be corrected.
type usePage struct {
	page
	Reply *replyForm
}

// sameReply compares without the first line, which names the asker.
func sameReply(a, b string) bool {
	return text.Key(withoutFirst(a)) == text.Key(withoutFirst(b))
}

func withoutFirst(s string) string {
	if _, rest, ok := strings.Cut(s, "\n\n"); ok {
		return rest
	}
	return s
}

func (s *Server) undoUse(c *fiber.Ctx) error {
	by := member(c)
	before, err := s.Store.Consultation(c.UserContext(), by, c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Store.UndoUse(c.UserContext(), by, before.ID); err != nil {
		return err
	}
	if _, err := s.Store.Consultation(c.UserContext(), by, before.ID); err == nil {
		return c.Redirect("/consultations/"+before.Ref+"?undone=1", fiber.StatusSeeOther)
	}
	return c.Redirect("/consultations?undone=1", fiber.StatusSeeOther)
}
