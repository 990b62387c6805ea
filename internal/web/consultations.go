package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) consultationRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/consultations", readers, s.listConsultations},
		{get, "/consultations/new", writers, s.newConsultation},
		{post, "/consultations/new", writers, s.newConsultation},
		{post, "/consultations", writers, s.saveConsultation},
		{get, "/consultations/:id", readers, s.showConsultation},
		{get, "/consultations/:id/edit", writers, s.editConsultation},
		{post, "/consultations/:id", writers, s.saveConsultation},
		{post, "/consultations/:id/article", writers, s.makeArticle},
	}
}

type consultationsPage struct {
	page
	Rows    []consultationRow
	Total   int
	Filter  form
	Pager   pager
	Narrow  bool
	Article string // title of the article that narrows the list
}

// consultationRow is one line of the list.
type consultationRow struct {
	page
	Consultation team.Consultation
	State        badge
	Department   string
	Topic        string
	Who          string
}

func (s *Server) listConsultations(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p := consultationsPage{page: s.page(c)}
	p.Nav, p.Title = "consultations", p.T("consultation.list")
	f := store.ConsultationFilter{State: team.ConsultationState(c.Query("state")), Department: c.Query("department"), Topic: c.Query("topic"),
		Member: c.Query("member"), Article: c.Query("article"), Words: text.Clean(c.Query("words")), Page: pageNumber(c)}
	if wantsCSV(c) {
		return s.consultationsCSV(c, p.page, f)
	}
	list, total, err := s.Store.Consultations(ctx, p.Member, f)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	departments, err := s.departmentNames(c)
	if err != nil {
		return err
	}
	topics, err := s.Store.Topics(ctx)
	if err != nil {
		return err
	}
	if f.Article != "" {
		// An article that the person may not know of narrows to nothing, without a name.
		a, err := s.Store.ArticlesByID(ctx, p.Member, []string{f.Article})
		if err != nil {
			return err
		}
		if len(a) > 0 {
			p.Article = a[0].Title
		}
	}
	for _, one := range list {
		p.Rows = append(p.Rows, consultationRow{page: p.page, Consultation: one, State: p.Badge("consultation_state", one.State),
			Department: departments[one.DepartmentID], Topic: strings.Join(topicNames(p.page, topics, []string{one.TopicID}), ""), Who: names[one.AnsweredBy]})
	}
	p.Total, p.Pager, p.Narrow = total, p.pager(f.Page, total), f != (store.ConsultationFilter{Page: f.Page})
	if err := s.consultationFilter(c, &p, f); err != nil {
		return err
	}
	if c.Query("undone") != "" {
		p.Notice = &notice{Kind: "done", Text: p.T("use.undone")}
	}
	return c.Render("consultations/list", p)
}

func (s *Server) consultationFilter(c *fiber.Ctx, p *consultationsPage, f store.ConsultationFilter) error {
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return err
	}
	department, err := s.departmentField(c, f.Department)
	if err != nil {
		return err
	}
	department.Choices[0].Label = p.T("common.all")
	state := choose(p.page, field{Name: "state", Label: p.T("consultation.state"), Value: string(f.State), Choices: []choice{{Label: p.T("common.all")}}},
		"consultation_state", []team.ConsultationState{team.ConsultationOpen, team.ConsultationAnswered})
	p.Filter.Fields = []field{{Name: "words", Label: p.T("consultation.words"), Kind: "search", Value: f.Words}, state, department,
		topicField(p.page, topics, f.Topic, p.T("common.all")), {Name: "member", Label: p.T("consultation.answered_by"), Value: f.Member, Choices: []choice{{Label: p.T("common.all")}}}}
	people, err := s.Store.Members(c.UserContext())
	who := &p.Filter.Fields[len(p.Filter.Fields)-1]
	for _, m := range people {
		who.Choices = append(who.Choices, choice{Value: m.ID, Label: m.DisplayName(p.Language), Chosen: m.ID == f.Member})
	}
	return err
}

func (s *Server) departmentNames(c *fiber.Ctx) (map[string]string, error) {
	list, err := s.Store.Departments(c.UserContext())
	language, names := s.page(c).Language, map[string]string{}
	for _, d := range list {
		names[d.ID] = d.DisplayName(language)
	}
	return names, err
}

type consultationPage struct {
	page
	Consultation team.Consultation
	State        badge
	Department   string
	Topic        string
	Group        string
	Who          string
	Links        []linkRow
	CanPromote   bool
	Used         string // a use just recorded it: whether its reply is on the clipboard, "yes", "no" or "unknown"
}

// linkRow is an article that the consultation was answered with.
type linkRow struct {
	page
	Article team.Article
	Kind    string
}

func (s *Server) showConsultation(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p := consultationPage{page: s.page(c)}
	p.Nav = "consultations"
	one, err := s.Store.Consultation(ctx, p.Member, c.Params("id"))
	if err != nil {
		return err
	}
	p.Consultation, p.Title, p.State = one, one.Subject, p.Badge("consultation_state", one.State)
	if err := s.nameParts(c, &p); err != nil {
		return err
	}
	for _, l := range one.Links {
		a, err := s.Store.Article(ctx, p.Member, l.ArticleID)
		if err != nil {
			return err
		}
		p.Links = append(p.Links, linkRow{p.page, a, p.Word("link_kind", l.Kind)})
	}
	p.CanPromote = one.State == team.ConsultationAnswered && len(one.Links) == 0 && one.Short != "" && team.CanWrite(p.Member)
	if used := c.Query("used"); used != "" && one.Reply != "" {
		p.Used = copiedWord(used)
	}
	p.Notice = p.consultationNotice(c)
	return c.Render("consultations/show", p)
}

func (s *Server) nameParts(c *fiber.Ctx, p *consultationPage) error {
	departments, err := s.departmentNames(c)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return err
	}
	one := p.Consultation
	p.Department, p.Who = departments[one.DepartmentID], names[one.AnsweredBy]
	if list := topicNames(p.page, topics, []string{one.TopicID}); len(list) > 0 {
		p.Topic = list[0]
	}
	p.Group, err = s.groupName(c, one.Compartment)
	return err
}

// consultationNotice says what just happened, and offers the undo of a fresh use.
func (p consultationPage) consultationNotice(c *fiber.Ctx) *notice {
	switch {
	case p.Used != "":
		n := &notice{Kind: "done", Text: p.T("use.recorded", "Ref", p.Consultation.Ref)}
		if p.Consultation.AnsweredBy == p.Member.ID && p.look.now().Sub(p.Consultation.AnsweredAt.Time) < team.UndoWindow {
			n.Action, n.ActionLabel, n.Seconds = "/consultations/"+p.Consultation.ID+"/undo", p.T("common.undo"), 10
		}
		return n
	case c.Query("undone") != "":
		return &notice{Kind: "done", Text: p.T("use.undone")}
	case c.Query("saved") != "":
		return &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return p.Notice
}

type consultationFormPage struct {
	page
	form
	Action   string
	Version  int
	Key      string
	Original string // shown, not editable, on an existing one
	New      bool
	Answered bool
	Stale    *team.Consultation // what somebody else saved meanwhile
	StaleBy  string
	Draft    draftBox

	Requesters []requesterChoice
}

// Question, About and Answer are the parts of the form: what was asked, who asked,
// and the boxes of the answer.
func (p consultationFormPage) Question() []field { return p.part("subject", "text") }

// About returns the fields about who asked and how.
func (p consultationFormPage) About() []field {
	return p.part("requester", "department", "topic", "channel", "compartment")
}

// Answer returns the boxes.
func (p consultationFormPage) Answer() []field {
	return slices.DeleteFunc(slices.Clone(p.Fields), func(f field) bool {
		return slices.Contains([]string{"subject", "text", "requester", "department", "topic", "channel", "compartment"}, f.Name)
	})
}

func (p consultationFormPage) part(names ...string) []field {
	return slices.DeleteFunc(slices.Clone(p.Fields), func(f field) bool { return !slices.Contains(names, f.Name) })
}

// newConsultation shows an empty form, or, posted from the search page, one filled
// with the text that found no answer.
func (s *Server) newConsultation(c *fiber.Ctx) error {
	one, pasted := team.Consultation{Channel: team.ChannelMail, State: team.ConsultationOpen}, ""
	if c.Method() == fiber.MethodPost {
		pasted, _ = cutText(text.Clean(body(c).Get("text")))
		hints := text.MailHints(pasted)
		one.Text, one.Requester = pasted, hints.Name
		one.Subject = text.Snippet(text.StripMail(pasted).Text, 40)
		var err error
		if one.DepartmentID, err = s.namedDepartment(c, pasted); err != nil {
			return err
		}
	}
	return s.openConsultationForm(c, one, rand.Text(), aboutText(pasted))
}

// openConsultationForm shows a question to answer, with the person's own draft of the
// answer. Of what was asked a draft holds nothing.
func (s *Server) openConsultationForm(c *fiber.Ctx, one team.Consultation, key, about string) error {
	box, typed, err := s.draftBox(c, consultationPlace(one.ID, about))
	if err != nil {
		return err
	}
	if typed != nil {
		one.Answer = readAnswer(typed)
		if version, err := strconv.Atoi(typed.Get("version")); err == nil && one.ID != "" && version > 0 {
			one.Version = version // what somebody saved since then is shown beside it
		}
	}
	box.About = about
	return s.renderConsultationForm(c, one, key, nil, box)
}

func consultationPlace(id, about string) string {
	if id == "" {
		return "consultation new " + about
	}
	return "consultation " + id
}

func (s *Server) editConsultation(c *fiber.Ctx) error {
	one, err := s.Store.Consultation(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	return s.openConsultationForm(c, one, "", "")
}

func (s *Server) renderConsultationForm(c *fiber.Ctx, one team.Consultation, key string, problem error, box draftBox) error {
	p := consultationFormPage{page: s.page(c), Draft: box, Version: one.Version, Key: key, Action: "/consultations", Original: one.Text, New: one.Version == 0, Answered: one.State == team.ConsultationAnswered && one.Version > 0}
	p.Nav, p.Title = "consultations", p.T("consultation.new")
	if !p.New {
		p.Title, p.Action = p.T("consultation.answer"), "/consultations/"+one.ID
	}
	p.Draft.Action = p.Action
	var err error
	if p.Fields, err = s.consultationFields(c, p, one); err != nil {
		return err
	}
	if p.Requesters, err = s.requesters(c); err != nil {
		return err
	}
	switch {
	case p.explain(p.page, problem):
		c.Status(fiber.StatusUnprocessableEntity)
	case errors.Is(problem, team.ErrStale):
		now, err := s.Store.Consultation(c.UserContext(), p.Member, one.ID)
		if err != nil {
			return err
		}
		names, err := s.names(c)
		if err != nil {
			return err
		}
		p.Stale, p.StaleBy, p.Version = &now, names[now.AnsweredBy], now.Version
		p.Notice = &notice{Kind: "warn", Text: p.T("consultation.stale")}
		c.Status(fiber.StatusConflict)
	case problem != nil:
		return problem
	}
	return c.Render("consultations/edit", p)
}

func (s *Server) consultationFields(c *fiber.Ctx, p consultationFormPage, one team.Consultation) ([]field, error) {
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return nil, err
	}
	department, err := s.departmentField(c, one.DepartmentID)
	if err != nil {
		return nil, err
	}
	fields := []field{{Name: "subject", Label: p.T("consultation.subject"), Value: one.Subject, Required: true, MaxLength: team.MaxTitle}}
	if p.New {
		fields = append(fields, field{Name: "text", Label: p.T("consultation.text"), Value: one.Text, Rows: 8, MaxLength: team.MaxText})
	}
	fields = append(fields, field{Name: "requester", Label: p.T("consultation.requester"), Value: one.Requester, MaxLength: 60, List: requesterList}, department,
		topicField(p.page, topics, one.TopicID, p.T("common.not_said")),
		choose(p.page, field{Name: "channel", Label: p.T("consultation.channel"), Value: string(one.Channel)}, "channel", team.Channels))
	if p.New {
		group, err := s.compartmentField(c, one.Compartment)
		if err != nil {
			return nil, err
		}
		if len(group.Choices) > 1 {
			fields = append(fields, group)
		}
	}
	answer := answerFields(p.page, one.Answer)
	for i := range answer {
		answer[i].Submit = "#send"
	}
	answer[0].Required = false // a question may be recorded before it is answered
	return append(fields, answer...), nil
}

// saveConsultation records a question, or answers it: the button pressed says which.
func (s *Server) saveConsultation(c *fiber.Ctx) error {
	f := body(c)
	one := team.Consultation{ID: c.Params("id"), Subject: f.Get("subject"), Text: f.Get("text"), Requester: f.Get("requester"), DepartmentID: f.Get("department"),
		TopicID: f.Get("topic"), Channel: team.Channel(f.Get("channel")), Compartment: f.Get("compartment"), Answer: readAnswer(f), State: team.ConsultationOpen}
	if one.ID != "" {
		before, err := s.Store.Consultation(c.UserContext(), member(c), one.ID)
		if err != nil {
			return err
		}
		one.ID, one.State, one.Text = before.ID, before.State, before.Text
		if one.Version, err = strconv.Atoi(f.Get("version")); err != nil || one.Version < 1 {
			return fiber.ErrBadRequest
		}
	}
	box, place := s.typedBox(c, f), consultationPlace(one.ID, f.Get(draftAbout))
	if f.Get(draftButton) != "" {
		return s.draftOfConsultation(c, one, f, box, place)
	}
	s.sending(c, place, f)
	var err error
	if f.Get("send") != "" || one.State == team.ConsultationAnswered {
		one.State = team.ConsultationAnswered
		if one.Short == "" {
			err = team.Invalid{{Field: "short_answer", Rule: team.Required}}
		}
		one.Reply = composeReply(s.page(c), one.Answer, text.Clean(one.Requester))
	}
	if err == nil {
		var saved team.Consultation
		if saved, err = s.Store.SaveConsultation(c.UserContext(), member(c), one, f.Get("key")); err == nil {
			return c.Redirect("/consultations/"+saved.Ref+"?saved=1", fiber.StatusSeeOther)
		}
	}
	var invalid team.Invalid
	if errors.As(err, &invalid) || errors.Is(err, team.ErrStale) {
		return s.renderConsultationForm(c, one, f.Get("key"), err, box)
	}
	return err
}

// draftOfConsultation keeps the boxes of the answer without saving them, or throws
// them away.
func (s *Server) draftOfConsultation(c *fiber.Ctx, one team.Consultation, f url.Values, box draftBox, place string) (err error) {
	if f.Get(draftButton) != "1" {
		if err := s.Store.DropDraft(c.UserContext(), member(c), place, f.Get(draftForm)); err != nil {
			return err
		}
		if one.ID != "" {
			return c.Redirect("/consultations/"+one.ID+"/edit", fiber.StatusSeeOther)
		}
		one.Answer, box.Form = team.Answer{}, rand.Text()
		return s.renderConsultationForm(c, one, f.Get("key"), nil, box)
	}
	if box.State, err = s.keepDraft(c, place, f, answerNames); err != nil || isHTMX(c) {
		return firstOf(err, func() error { return sendDraftState(c, box.State) })
	}
	box.Back = true
	return s.renderConsultationForm(c, one, f.Get("key"), nil, box)
}

func (s *Server) makeArticle(c *fiber.Ctx) error {
	by := member(c)
	one, err := s.Store.Consultation(c.UserContext(), by, c.Params("id"))
	if err != nil {
		return err
	}
	wording := text.Snippet(text.StripMail(one.Text).Text, maxWording)
	a, err := s.Store.MakeArticle(c.UserContext(), by, one.ID, wording)
	if err != nil {
		return err
	}
	return c.Redirect("/articles/"+a.ID+"/edit", fiber.StatusSeeOther)
}
