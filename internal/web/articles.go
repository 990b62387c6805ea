package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

type articlesPage struct {
	page
	Rows   []articleRow
	Total  int
	Filter form
	Pager  pager
	Narrow bool // a filter is set
}

// articleRow is one line of the shelf.
type articleRow struct {
	page
	Article team.Article
	Usage   team.Usage
	State   badge
	Topics  []string
	Overdue bool
}

// pager leads to the pages before and after.
type pager struct {
	Label          string
	Previous, Next string // addresses, or ""
	Back, Forth    string // what the two links are called
}

func (p page) pager(number, total int) pager {
	pages := (total + store.PageSize - 1) / store.PageSize
	var pg pager
	if pages <= 1 {
		return pg
	}
	pg.Back, pg.Forth = p.T("common.previous"), p.T("common.next")
	pg.Label = p.T("common.page_of", "Page", number+1, "Pages", pages)
	if number > 0 {
		pg.Previous = p.With("page", strconv.Itoa(number-1))
	}
	if number+1 < pages {
		pg.Next = p.With("page", strconv.Itoa(number+1))
	}
	return pg
}

// pageNumber reads ?page=; anything but a small number is the first page.
func pageNumber(c *fiber.Ctx) int {
	n, err := strconv.Atoi(c.Query("page"))
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

func (s *Server) listArticles(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p := articlesPage{page: s.page(c)}
	p.Nav, p.Title = "articles", p.T("article.shelf")
	f := store.ArticleFilter{State: team.ArticleState(c.Query("state")), Topic: c.Query("topic"), Words: text.Clean(c.Query("words")), Page: pageNumber(c)}
	if c.Query("overdue") != "" {
		f.Overdue = s.today()
	}
	list, total, err := s.Store.Articles(ctx, p.Member, f)
	if err != nil {
		return err
	}
	topics, err := s.Store.Topics(ctx)
	if err != nil {
		return err
	}
	if p.Rows, err = s.articleRows(c, list, topics); err != nil {
		return err
	}
	p.Total, p.Pager, p.Narrow = total, p.pager(f.Page, total), f.State != "" || f.Topic != "" || f.Words != "" || !f.Overdue.IsZero()
	state := choose(p.page, field{Name: "state", Label: p.T("article.state"), Value: string(f.State), Choices: []choice{{Label: p.T("common.all")}}}, "article_state", team.ArticleStates)
	p.Filter.Fields = []field{{Name: "words", Label: p.T("article.words"), Kind: "search", Value: f.Words}, state, topicField(p.page, topics, f.Topic, p.T("common.all"))}
	return c.Render("articles/list", p)
}

func topicField(p page, topics []team.Topic, chosen, none string) field {
	f := field{Name: "topic", Label: p.T("article.topic"), Value: chosen, Choices: []choice{{Label: none}}}
	for _, t := range topics {
		if t.Active || t.ID == chosen {
			f.Choices = append(f.Choices, choice{Value: t.ID, Label: t.DisplayName(p.Language), Chosen: t.ID == chosen})
		}
	}
	return f
}

func (s *Server) articleRows(c *fiber.Ctx, list []team.Article, topics []team.Topic) ([]articleRow, error) {
	p := s.page(c)
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	usage, err := s.Store.Usages(c.UserContext(), p.Member, ids)
	if err != nil {
		return nil, err
	}
	var rows []articleRow
	for _, a := range list {
		rows = append(rows, articleRow{page: p, Article: a, Usage: usage[a.ID], State: p.Badge("article_state", a.State),
			Topics: topicNames(p, topics, a.Topics), Overdue: a.Overdue(s.today())})
	}
	return rows, nil
}

func topicNames(p page, topics []team.Topic, ids []string) []string {
	var names []string
	for _, id := range ids {
		for _, t := range topics {
			if t.ID == id {
				names = append(names, t.DisplayName(p.Language))
			}
		}
	}
	return names
}

type articlePage struct {
	page
	Article   team.Article
	State     badge
	Audience  badge
	Decision  badge
	Group     string // name of its compartment
	Topics    []string
	Usage     team.Usage
	Overdue   bool
	Flags     []flagRow
	FlagForm  form
	FlagNote  string
	Names     map[string]string
	ReviewDue string // proposed at verification
	Reply     *replyForm
}

// flagRow is one open flag.
type flagRow struct {
	page
	Flag team.Flag
	Who  string
}

func (s *Server) showArticle(c *fiber.Ctx) error { return s.renderArticle(c, form{}, "") }

func (s *Server) renderArticle(c *fiber.Ctx, flagForm form, note string) error {
	ctx := c.UserContext()
	p := articlePage{page: s.page(c), FlagForm: flagForm, FlagNote: note}
	p.Nav = "articles"
	var err error
	if p.Article, err = s.Store.Article(ctx, p.Member, c.Params("id")); err != nil {
		return err
	}
	a := p.Article
	p.Title, p.State, p.Audience, p.Overdue = a.Title, p.Badge("article_state", a.State), p.Badge("audience", a.Audience), a.Overdue(s.today())
	if a.Decision != "" {
		p.Decision = p.Badge("decision", a.Decision)
	}
	topics, err := s.Store.Topics(ctx)
	if err != nil {
		return err
	}
	p.Topics = topicNames(p.page, topics, a.Topics)
	if p.Names, err = s.names(c); err != nil {
		return err
	}
	usage, err := s.Store.Usages(ctx, p.Member, []string{a.ID})
	if err != nil {
		return err
	}
	p.Usage = usage[a.ID]
	flags, err := s.Store.Flags(ctx, p.Member, a.ID)
	if err != nil {
		return err
	}
	for _, f := range flags {
		p.Flags = append(p.Flags, flagRow{p.page, f, p.Names[f.RaisedBy]})
	}
	if p.Group, err = s.groupName(c, a.Compartment); err != nil {
		return err
	}
	p.ReviewDue = s.today().AddMonths(12).String()
	p.Reply, err = s.replyForm(c, a, team.Use{ArticleID: a.ID, Channel: team.ChannelMail, Compartment: a.Compartment, Key: rand.Text()})
	if err != nil {
		return err
	}
	switch {
	case flagForm.Summary != "":
		c.Status(fiber.StatusUnprocessableEntity)
	case c.Query("done") != "":
		p.Notice = &notice{Kind: "done", Text: p.Word("article_done", doneWord(c.Query("done")))}
	}
	return c.Render("articles/show", p)
}

// doneWord keeps a key of the address to those that have a sentence.
func doneWord(s string) string {
	switch s {
	case "verified", "flagged", "resolved":
		return s
	}
	return "saved"
}

func (s *Server) groupName(c *fiber.Ctx, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	mine, err := s.Store.Compartments(c.UserContext(), member(c))
	for _, one := range mine {
		if one.ID == id {
			return one.Name, nil
		}
	}
	return "", err
}

type articleFormPage struct {
	page
	form
	Action  string
	Version int
	Key     string
	Stale   *team.Article // what somebody else saved meanwhile
	StaleBy string
}

func (s *Server) newArticle(c *fiber.Ctx) error {
	a := team.Article{State: team.ArticleNotVerified, Audience: team.AudienceDepartment, ReviewDue: s.today().AddMonths(12), Title: text.Clean(c.Query("title"))}
	return s.renderArticleForm(c, a, rand.Text(), nil)
}

func (s *Server) editArticle(c *fiber.Ctx) error {
	a, err := s.Store.Article(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	return s.renderArticleForm(c, a, "", nil)
}

func (s *Server) renderArticleForm(c *fiber.Ctx, a team.Article, key string, problem error) error {
	p := articleFormPage{page: s.page(c), Version: a.Version, Key: key, Action: "/articles"}
	p.Nav, p.Title = "articles", p.T("article.new")
	if a.Version > 0 {
		p.Title, p.Action = p.T("article.edit"), "/articles/"+a.ID
	}
	fields, err := s.articleFields(c, p.page, a)
	if err != nil {
		return err
	}
	p.Fields = fields
	switch {
	case p.explain(p.page, problem):
		c.Status(fiber.StatusUnprocessableEntity)
	case errors.Is(problem, team.ErrStale):
		if err := s.showStale(c, &p, a.ID); err != nil {
			return err
		}
	case problem != nil:
		return problem
	}
	return c.Render("articles/edit", p)
}

// showStale puts what somebody else saved beside what was typed; saving again then
// means to replace it knowingly.
func (s *Server) showStale(c *fiber.Ctx, p *articleFormPage, id string) error {
	now, err := s.Store.Article(c.UserContext(), p.Member, id)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	p.Stale, p.StaleBy, p.Version = &now, names[now.UpdatedBy], now.Version
	p.Notice = &notice{Kind: "warn", Text: p.T("article.stale", "Name", p.StaleBy, "Ago", p.Ago(now.UpdatedAt))}
	c.Status(fiber.StatusConflict)
	return nil
}

func (s *Server) articleFields(c *fiber.Ctx, p page, a team.Article) ([]field, error) {
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return nil, err
	}
	topic := ""
	if len(a.Topics) > 0 {
		topic = a.Topics[0]
	}
	fields := append([]field{{Name: "title", Label: p.T("article.title"), Value: a.Title, Required: true, MaxLength: team.MaxTitle, Hint: p.T("article.title_hint")}}, answerFields(p, a.Answer)...)
	var wordings []string
	for _, w := range a.Wordings {
		if w.ConsultationID == "" {
			wordings = append(wordings, w.Text)
		}
	}
	fields = append(fields,
		field{Name: "keywords", Label: p.T("article.keywords"), Value: a.Keywords.String(), Rows: 2, Hint: p.T("article.one_a_line")},
		field{Name: "wordings", Label: p.T("article.wordings"), Value: team.Lines(wordings).String(), Rows: 2, Hint: p.T("article.one_a_line")},
		topicField(p, topics, topic, p.T("common.not_said")),
		choose(p, field{Name: "state", Label: p.T("article.state"), Value: string(a.State)}, "article_state", team.ArticleStates),
		choose(p, field{Name: "audience", Label: p.T("article.audience"), Value: string(a.Audience)}, "audience", team.Audiences),
		field{Name: "review_due", Label: p.T("article.review_due"), Kind: "date", Value: a.ReviewDue.String()})
	if a.Version == 0 {
		group, err := s.compartmentField(c, a.Compartment)
		if err != nil {
			return nil, err
		}
		if len(group.Choices) > 1 {
			fields = append(fields, group)
		}
	}
	return fields, nil
}

// answerFields are the fixed boxes of an answer.
func answerFields(p page, a team.Answer) []field {
	box := func(name, value string, rows int) field {
		return field{Name: name, Label: p.T("box." + name), Value: value, Rows: rows}
	}
	short := box("short_answer", a.Short, 2)
	short.Required, short.MaxLength = true, team.MaxShort
	steps := box("steps", a.Steps.String(), 4)
	steps.Hint = p.T("article.one_a_line")
	return []field{
		short,
		choose(p, field{Name: "decision", Label: p.T("box.decision"), Value: string(a.Decision)}, "decision", team.Decisions),
		box("reason", a.Reason, 4), box("merit", a.Merit, 2), box("demerit", a.Demerit, 2), steps, box("alternative", a.Alternative, 3),
		box("due", a.Due, 1), box("due_reason", a.DueReason, 1), box("basis", a.Basis, 2),
	}
}

// readAnswer reads the boxes back.
func readAnswer(f url.Values) team.Answer {
	return team.Answer{Decision: team.Decision(f.Get("decision")), Short: f.Get("short_answer"), Reason: f.Get("reason"), Merit: f.Get("merit"),
		Demerit: f.Get("demerit"), Steps: team.LinesOf(f.Get("steps")), Alternative: f.Get("alternative"), Due: f.Get("due"),
		DueReason: f.Get("due_reason"), Basis: f.Get("basis")}
}

func (s *Server) saveArticle(c *fiber.Ctx) error {
	f := body(c)
	a := team.Article{ID: c.Params("id"), Title: f.Get("title"), Answer: readAnswer(f), State: team.ArticleState(f.Get("state")),
		Audience: team.Audience(f.Get("audience")), Keywords: team.LinesOf(f.Get("keywords")), Compartment: f.Get("compartment")}
	for _, line := range team.LinesOf(f.Get("wordings")) {
		a.Wordings = append(a.Wordings, team.Wording{Text: line})
	}
	if topic := f.Get("topic"); topic != "" {
		a.Topics = []string{topic}
	}
	if a.ID != "" {
		var err error
		if a.Version, err = strconv.Atoi(f.Get("version")); err != nil || a.Version < 1 {
			return fiber.ErrBadRequest
		}
	}
	due, problem := team.ParseDate(f.Get("review_due"))
	if a.ReviewDue = due; problem != nil {
		return s.renderArticleForm(c, a, f.Get("key"), team.Invalid{{Field: "review_due", Rule: team.NotADate}})
	}
	saved, err := s.Store.SaveArticle(c.UserContext(), member(c), a, f.Get("key"))
	var invalid team.Invalid
	if errors.As(err, &invalid) || errors.Is(err, team.ErrStale) {
		return s.renderArticleForm(c, a, f.Get("key"), err)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/articles/"+saved.ID+"?done=saved", fiber.StatusSeeOther)
}

func (s *Server) verifyArticle(c *fiber.Ctx) error {
	f := body(c)
	version, err := strconv.Atoi(f.Get("version"))
	if err != nil {
		return fiber.ErrBadRequest
	}
	due, err := team.ParseDate(f.Get("review_due"))
	if err != nil || due.IsZero() {
		due = s.today().AddMonths(12)
	}
	if err := s.Store.VerifyArticle(c.UserContext(), member(c), c.Params("id"), version, due); err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=verified", fiber.StatusSeeOther)
}

func (s *Server) flagArticle(c *fiber.Ctx) error {
	note := body(c).Get("note")
	err := s.Store.FlagArticle(c.UserContext(), member(c), c.Params("id"), note)
	flagForm := form{Fields: []field{{Name: "note"}}}
	if flagForm.explain(s.page(c), err) {
		return s.renderArticle(c, flagForm, note)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=flagged", fiber.StatusSeeOther)
}

func (s *Server) resolveFlag(c *fiber.Ctx) error {
	if err := s.Store.ResolveFlag(c.UserContext(), member(c), c.Params("id"), c.Params("flag")); err != nil {
		return err
	}
	return c.Redirect("/articles/"+c.Params("id")+"?done=resolved", fiber.StatusSeeOther)
}
