package web

import (
	"crypto/rand"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) articleRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/articles", readers, s.listArticles},
		{get, "/articles/new", writers, s.newArticle},
		{post, "/articles", writers, s.saveArticle},
		{get, "/articles/:id", readers, s.showArticle},
		{get, "/articles/:id/edit", writers, s.editArticle},
		{post, "/articles/:id", writers, s.saveArticle},
		{get, "/articles/:id/versions", readers, s.articleVersions},
		{post, "/articles/:id/versions/:version/restore", writers, s.restoreArticle},
		{post, "/articles/:id/wordings/:wording/remove", writers, s.removeWording},
		{post, "/articles/:id/verify", writers, s.verifyArticle},
		{post, "/articles/:id/flags", writers, s.flagArticle},
		{post, "/articles/:id/flags/:flag", writers, s.resolveFlag},
	}
}

type articlesPage struct {
	page
	Rows   []articleRow
	Total  int
	Filter form
	Pager  pager
	Narrow bool // a filter is set

	Overdue, Flagged bool // which boxes are ticked
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

// sortField offers the orders of the shelf.
func (p page) sortField(chosen string) field {
	f := field{Name: "sort", Label: p.T("article.sort"), Value: chosen}
	for _, one := range store.Sorts {
		f.Choices = append(f.Choices, choice{Value: one, Label: p.Word("article_sort", one), Chosen: one == chosen})
	}
	return f
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
	f := store.ArticleFilter{State: team.ArticleState(c.Query("state")), Topic: c.Query("topic"), Words: text.Clean(c.Query("words")),
		Flagged: c.Query("flagged") != "", Sort: c.Query("sort"), Page: pageNumber(c)}
	if p.Overdue = c.Query("overdue") != ""; p.Overdue {
		f.Overdue = s.today()
	}
	p.Flagged = f.Flagged
	if wantsCSV(c) {
		return s.articlesCSV(c, p.page, f)
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
	p.Total, p.Pager, p.Narrow = total, p.pager(f.Page, total), f.State != "" || f.Topic != "" || f.Words != "" || p.Overdue || p.Flagged
	state := choose(p.page, field{Name: "state", Label: p.T("article.state"), Value: string(f.State), Choices: []choice{{Label: p.T("common.all")}}}, "article_state", team.ArticleStates)
	p.Filter.Fields = []field{{Name: "words", Label: p.T("article.words"), Kind: "search", Value: f.Words}, state, topicField(p.page, topics, f.Topic, p.T("common.all")), p.sortField(f.Sort)}
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
	FlagKey   string // so that a form sent twice is one flag
	Names     map[string]string
	Archived  bool
	ReviewDue string // proposed at verification
	Reply     *replyForm

	Requesters []requesterChoice
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
	p := articlePage{page: s.page(c), FlagForm: flagForm, FlagNote: note, FlagKey: rand.Text()}
	p.Nav = "articles"
	var err error
	if p.Article, err = s.Store.Article(ctx, p.Member, c.Params("id")); err != nil {
		return err
	}
	a := p.Article
	p.Title, p.State, p.Audience, p.Overdue = a.Title, p.Badge("article_state", a.State), p.Badge("audience", a.Audience), a.Overdue(s.today())
	p.Archived = a.State == team.ArticleArchived
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
	if p.Requesters, err = s.requesters(c); err != nil {
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
	case "verified", "flagged", "resolved", "restored", "wording":
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
