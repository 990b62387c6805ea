package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// How many answers a search shows, and how many similar consultations below them.
const (
	maxHits    = 10
	maxSimilar = 5
	snippetLen = 110
)

type askPage struct {
	page
	Text      string // as pasted
	Whole     bool   // search the whole text, with what was taken off
	Removed   []text.Removed
	Searched  string // what the search saw
	Hits      []hitRow
	Similar   []similarRow
	Answered  search.Likelihood
	TitleOnly bool // the index is still being built
	Cut       bool // the text was too long
	Reply     *replyForm
	ForID     string // the open consultation that is being answered
	ForRef    string
}

// Found tells whether there is anything to show.
func (p askPage) Found() bool { return len(p.Hits)+len(p.Similar) > 0 }

// hitRow is one answer found, ready to print.
type hitRow struct {
	page
	Article team.Article
	Title   []search.Span
	Short   []search.Span
	Usage   team.Usage
	Dots    [5]bool // how well it fits
	Fit     string  // the same in words
	State   badge
	Overdue bool
	Chosen  bool
}

// similarRow is one consultation found that has no article.
type similarRow struct {
	page
	Consultation team.Consultation
	Title        []search.Span
	Who          string
}

func (s *Server) showAsk(c *fiber.Ctx) error {
	p := askPage{page: s.page(c)}
	if id := c.Query("consultation"); id != "" {
		open, err := s.Store.Consultation(c.UserContext(), p.Member, id)
		if err != nil {
			return err
		}
		p.ForID, p.ForRef, p.Text = open.ID, open.Ref, open.Subject+"\n"+open.Text
	}
	return s.renderAsk(c, p)
}

// ask searches for what was typed or pasted. It is a POST so that the text of a
// consultation stands in no address, history or log; nothing is saved.
func (s *Server) ask(c *fiber.Ctx) error {
	f := body(c)
	p := askPage{page: s.page(c), Text: text.Clean(f.Get("text")), Whole: f.Get("whole") != ""}
	if id := f.Get("consultation"); id != "" {
		open, err := s.Store.Consultation(c.UserContext(), p.Member, id)
		if err != nil {
			return err
		}
		p.ForID, p.ForRef = open.ID, open.Ref
	}
	p.Reply = &replyForm{Chosen: f.Get("choose")}
	return s.renderAsk(c, p)
}

func (s *Server) renderAsk(c *fiber.Ctx, p askPage) error {
	p.Nav, p.Title = "ask", p.T("ask.title")
	if text.Runes(p.Text) > team.MaxText {
		p.Text, p.Cut = string([]rune(p.Text)[:team.MaxText]), true
	}
	if err := s.find(c, &p); err != nil {
		return err
	}
	if isHTMX(c) {
		return c.Render("ask/_results", p)
	}
	return c.Render("ask/index", p)
}

func (s *Server) find(c *fiber.Ctx, p *askPage) error {
	p.Searched = p.Text
	if !p.Whole {
		stripped := text.StripMail(p.Text)
		p.Searched, p.Removed = stripped.Text, stripped.Removed
	}
	chosen := ""
	if p.Reply != nil {
		chosen = p.Reply.Chosen
	}
	p.Reply = nil
	if p.Searched == "" {
		return s.popular(c, p)
	}
	result, err := s.search(c, p)
	if err != nil {
		return err
	}
	if err := s.showHits(c, p, result, chosen); err != nil {
		return err
	}
	return s.prepareReply(c, p)
}

// search asks the index, or, while it is being built, the titles in the database.
func (s *Server) search(c *fiber.Ctx, p *askPage) (search.Result, error) {
	ctx := c.UserContext()
	if ready, _, _ := s.Index.Ready(); !ready {
		p.TitleOnly = true
		list, _, err := s.Store.Articles(ctx, p.Member, store.ArticleFilter{Words: text.Snippet(p.Searched, 30)})
		result := search.Result{Answered: search.Maybe}
		for _, a := range list[:min(maxHits, len(list))] {
			result.Hits = append(result.Hits, search.Hit{Kind: team.KindArticle, Class: team.ClassArticle, ID: a.ID})
		}
		return result, err
	}
	mine, err := s.Store.Compartments(ctx, p.Member)
	if err != nil {
		return search.Result{}, err
	}
	q := search.Query{Text: p.Searched, Classes: []string{team.ClassArticle}, Limit: maxHits}
	for _, m := range mine {
		q.Compartments = append(q.Compartments, m.ID)
	}
	result, err := s.Index.Search(ctx, q)
	if err != nil {
		return result, err
	}
	q.Classes, q.Limit = []string{team.ClassAnswered}, maxSimilar
	similar, err := s.Index.Search(ctx, q)
	result.Hits = append(result.Hits, similar.Hits...)
	return result, err
}

// popular shows the articles most recently changed where nothing was asked yet.
func (s *Server) popular(c *fiber.Ctx, p *askPage) error {
	list, _, err := s.Store.Articles(c.UserContext(), p.Member, store.ArticleFilter{})
	if err != nil {
		return err
	}
	var result search.Result
	for _, a := range list[:min(maxHits, len(list))] {
		result.Hits = append(result.Hits, search.Hit{Kind: team.KindArticle, ID: a.ID, Class: team.ClassArticle})
	}
	return s.showHits(c, p, result, "")
}

// showHits reads the rows of what was found; the database has the last word on who
// may see them.
func (s *Server) showHits(c *fiber.Ctx, p *askPage, result search.Result, chosen string) error {
	ctx := c.UserContext()
	var articleIDs, consultationIDs []string
	fit := map[string]float64{}
	for _, h := range result.Hits {
		fit[h.ID] = h.Confidence
		if h.Kind == team.KindArticle {
			articleIDs = append(articleIDs, h.ID)
		} else {
			consultationIDs = append(consultationIDs, h.ID)
		}
	}
	articles, err := s.Store.ArticlesByID(ctx, p.Member, articleIDs)
	if err != nil {
		return err
	}
	usage, err := s.Store.Usages(ctx, p.Member, articleIDs)
	if err != nil {
		return err
	}
	for _, a := range articles {
		p.Hits = append(p.Hits, s.hitRow(p.page, a, usage[a.ID], fit[a.ID], result.Words))
	}
	p.Answered = result.Answered
	chooseHit(p, chosen)
	return s.showSimilar(c, p, consultationIDs, result.Words)
}

func chooseHit(p *askPage, id string) {
	i := slices.IndexFunc(p.Hits, func(h hitRow) bool { return h.Article.ID == id })
	if len(p.Hits) > 0 {
		p.Hits[max(i, 0)].Chosen = true
	}
}

// dotsFrom are the confidences from which a hit has its next dot: questions that
// were never asked before stay below the second, three mails in four reach the fourth.
var dotsFrom = [5]float64{0.06, 0.12, 0.2, 0.3, 0.45}

func (s *Server) hitRow(p page, a team.Article, u team.Usage, fit float64, words []string) hitRow {
	row := hitRow{page: p, Article: a, Usage: u, State: p.Badge("article_state", a.State), Overdue: a.Overdue(s.today())}
	row.Title = search.Highlight(a.Title, words, team.MaxTitle)
	row.Short = search.Highlight(a.Short, words, snippetLen)
	filled := 0
	for i, from := range dotsFrom {
		if row.Dots[i] = fit >= from; row.Dots[i] {
			filled++
		}
	}
	row.Fit = p.T("ask.fit", "Dots", filled)
	return row
}

func (s *Server) today() team.Date { return team.DateOf(s.now().In(s.zone)) }

func (s *Server) showSimilar(c *fiber.Ctx, p *askPage, ids, words []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.Store.ConsultationsByID(c.UserContext(), p.Member, ids)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if row, ok := rows[id]; ok {
			p.Similar = append(p.Similar, similarRow{page: p.page, Consultation: row, Who: names[row.AnsweredBy],
				Title: search.Highlight(row.Subject, words, team.MaxTitle)})
		}
	}
	return nil
}

// names returns every member's name by id, in the language of the page.
func (s *Server) names(c *fiber.Ctx) (map[string]string, error) {
	people, err := s.Store.Members(c.UserContext())
	language := s.page(c).Language
	names := map[string]string{}
	for _, m := range people {
		names[m.ID] = m.DisplayName(language)
	}
	return names, err
}
