package web

import (
	"net/url"
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
	Letters   int    // of it
	Whole     bool   // search the whole text, with what was taken off
	Removed   []text.Removed
	Searched  string // what the search saw
	Words     []string
	Near      []string // words of the dictionary that were not searched yet
	Hits      []hitRow
	Similar   []similarRow
	Answered  search.Likelihood
	TitleOnly bool // the index is still being built
	Percent   int  // of it that is ready
	Cut       bool // the text was too long
	Reply     *replyForm
	Posted    url.Values // what the person had before them, so that changes of theirs stay
	ForID     string     // the open consultation that is being answered
	ForRef    string
	chosen    string // article id

	Requesters []requesterChoice
}

// Found tells whether there is anything to show.
func (p askPage) Found() bool { return len(p.Hits)+len(p.Similar) > 0 }

// Missing tells whether to help with other words: nothing found, or nothing that
// looks like an answer.
func (p askPage) Missing() bool {
	return p.Text != "" && (!p.Found() || p.Answered == search.None && !p.TitleOnly)
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
	p, err := s.askedPage(c, body(c))
	if err != nil {
		return err
	}
	return s.renderAsk(c, p)
}

// askedPage reads back what the search page sent.
func (s *Server) askedPage(c *fiber.Ctx, f url.Values) (askPage, error) {
	p := askPage{page: s.page(c), Text: text.Clean(f.Get("text")), Whole: f.Get("whole") != "", Posted: f, chosen: f.Get("choose")}
	if also := text.Clean(f.Get("also")); also != "" {
		p.Text += "\n" + also
	}
	if id := f.Get("consultation"); id != "" {
		open, err := s.Store.Consultation(c.UserContext(), p.Member, id)
		if err != nil {
			return p, err
		}
		p.ForID, p.ForRef = open.ID, open.Ref
	}
	return p, nil
}

// askFlag marks the chosen answer as wrong or outdated and shows the same results
// again: what was pasted stays on the page.
func (s *Server) askFlag(c *fiber.Ctx) error {
	f := body(c)
	p, err := s.askedPage(c, f)
	if err != nil {
		return err
	}
	p.chosen = f.Get("article")
	err = s.Store.FlagArticle(flagOnce(c, f), p.Member, p.chosen, f.Get("note"))
	var flagForm form
	flagForm.Fields = []field{{Name: "note"}}
	switch {
	case err == nil:
		p.Notice = &notice{Kind: "done", Text: p.T("article_done.flagged")}
		f.Del("note")
	case flagForm.explain(p.page, err):
		p.Notice = &notice{Kind: "error", Text: p.T("article.flag_note") + " " + flagForm.Field("note").Error}
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return s.renderAsk(c, p)
}

func (s *Server) renderAsk(c *fiber.Ctx, p askPage) error {
	p.Nav, p.Title = "ask", p.T("ask.title")
	p.Text, p.Cut = cutText(p.Text)
	p.Letters = text.Runes(p.Text)
	if err := s.find(c, &p); err != nil {
		return err
	}
	switch {
	case !isHTMX(c):
		var err error
		if p.Requesters, err = s.requesters(c); err != nil {
			return err
		}
		return c.Render("ask/index", p)
	case c.Get("HX-Target") == "draft" && p.Reply != nil:
		return c.Render("ask/_reply", p.Reply)
	}
	return c.Render("ask/_results", p)
}

// cutText keeps a pasted text within what a consultation can hold.
func cutText(s string) (string, bool) {
	if text.Runes(s) <= team.MaxText {
		return s, false
	}
	return string([]rune(s)[:team.MaxText]), true
}

func (s *Server) find(c *fiber.Ctx, p *askPage) error {
	p.Searched = p.Text
	if !p.Whole {
		stripped := text.StripMail(p.Text)
		p.Searched, p.Removed = stripped.Text, stripped.Removed
	}
	if p.Searched == "" {
		return s.popular(c, p)
	}
	result, err := s.search(c, p)
	if err != nil {
		return err
	}
	if err := s.showHits(c, p, result); err != nil {
		return err
	}
	if p.Missing() {
		p.Words = firstFew(slices.DeleteFunc(slices.Clone(result.Words), func(w string) bool { return text.Runes(w) < 2 }), 8)
		if p.Near, err = s.nearWords(c, p.Searched, result.Words); err != nil {
			return err
		}
	}
	return s.prepareReply(c, p)
}

func firstFew(list []string, n int) []string { return list[:min(n, len(list))] }

// search asks the index, or, while it is being built, the titles in the database.
func (s *Server) search(c *fiber.Ctx, p *askPage) (search.Result, error) {
	ctx := c.UserContext()
	if ready, done, total := s.Index.Ready(); !ready {
		p.TitleOnly, p.Percent = true, int(100*done/max(total, 1))
		return s.searchTitles(c, p)
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

func (s *Server) searchTitles(c *fiber.Ctx, p *askPage) (search.Result, error) {
	result := search.Result{Answered: search.Maybe, Words: titleWords(p.Searched)}
	if len(result.Words) == 0 {
		return result, nil
	}
	list, _, err := s.Store.Articles(c.UserContext(), p.Member, store.ArticleFilter{AnyWord: result.Words})
	for _, a := range list[:min(maxHits, len(list))] {
		result.Hits = append(result.Hits, search.Hit{Kind: team.KindArticle, Class: team.ClassArticle, ID: a.ID})
	}
	return result, err
}

// popular shows the articles used most where nothing was asked yet.
func (s *Server) popular(c *fiber.Ctx, p *askPage) error {
	list, _, err := s.Store.Articles(c.UserContext(), p.Member, store.ArticleFilter{Sort: store.SortUsed})
	if err != nil {
		return err
	}
	var result search.Result
	for _, a := range list[:min(maxHits, len(list))] {
		result.Hits = append(result.Hits, search.Hit{Kind: team.KindArticle, ID: a.ID, Class: team.ClassArticle})
	}
	return s.showHits(c, p, result)
}

func (s *Server) today() team.Date { return team.DateOf(s.now().In(s.zone)) }

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
