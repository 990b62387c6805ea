package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

type articleFormPage struct {
	page
	form
	Action  string
	Version int
	Key     string
	Topics  []choice      // checkboxes
	Stale   *team.Article // what somebody else saved meanwhile
	StaleBy string
	Differs []boxChange  // from what they saved to what was typed
	Preview *team.Answer // as it will look
	Draft   draftBox
}

// Back is where the form was opened from.
func (p articleFormPage) Back() string {
	if p.Version > 0 {
		return p.Action
	}
	return "/articles"
}

func (s *Server) newArticle(c *fiber.Ctx) error {
	a := team.Article{State: team.ArticleNotVerified, Audience: team.AudienceDepartment, ReviewDue: s.today().AddMonths(12), Title: text.Clean(c.Query("title"))}
	return s.openArticleForm(c, a, rand.Text(), aboutText(a.Title))
}

func (s *Server) editArticle(c *fiber.Ctx) error {
	a, err := s.Store.Article(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	return s.openArticleForm(c, a, "", "")
}

// openArticleForm shows an article to edit, or the person's own draft of it.
func (s *Server) openArticleForm(c *fiber.Ctx, a team.Article, key, about string) error {
	box, typed, err := s.draftBox(c, articlePlace(a.ID, about))
	if err != nil {
		return err
	}
	if typed != nil {
		version := a.Version
		// A day that is none is left out; nothing else of a draft can be wrong.
		if a, _ = articleFrom(typed, a.ID); a.ID != "" && a.Version < 1 {
			a.Version = version
		}
	}
	box.About = about
	return s.renderArticleForm(c, a, key, nil, box)
}

func articlePlace(id, about string) string {
	if id == "" {
		return "article new " + about
	}
	return "article " + id
}

func (s *Server) renderArticleForm(c *fiber.Ctx, a team.Article, key string, problem error, box draftBox) error {
	p := articleFormPage{page: s.page(c), Version: a.Version, Key: key, Action: "/articles", Draft: box}
	p.Nav, p.Title = "articles", p.T("article.new")
	if a.Version > 0 {
		p.Title, p.Action = p.T("article.edit"), "/articles/"+a.ID
	}
	p.Draft.Action = p.Action
	var err error
	if p.Fields, err = s.articleFields(c, p.page, a); err != nil {
		return err
	}
	if p.Topics, err = s.topicBoxes(c, p.page, a.Topics); err != nil {
		return err
	}
	if problem == errPreview {
		p.Preview = &a.Answer
		return c.Render("articles/edit", p)
	}
	switch {
	case p.explain(p.page, problem):
		c.Status(fiber.StatusUnprocessableEntity)
	case errors.Is(problem, team.ErrStale):
		if err := s.showStale(c, &p, a); err != nil {
			return err
		}
	case problem != nil:
		return problem
	}
	return c.Render("articles/edit", p)
}

// showStale puts what somebody else saved beside what was typed; saving again then
// means to replace it knowingly.
func (s *Server) showStale(c *fiber.Ctx, p *articleFormPage, typed team.Article) error {
	now, err := s.Store.Article(c.UserContext(), p.Member, typed.ID)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	p.Stale, p.StaleBy, p.Version = &now, names[now.UpdatedBy], now.Version
	p.Differs = p.changes(versionOf(now), versionOf(typed))
	p.Notice = &notice{Kind: "warn", Text: p.T("article.stale", "Name", p.StaleBy, "Ago", p.Ago(now.UpdatedAt))}
	c.Status(fiber.StatusConflict)
	return nil
}

func (s *Server) articleFields(c *fiber.Ctx, p page, a team.Article) ([]field, error) {
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

// topicBoxes lists the topics in use, and those chosen, as checkboxes.
func (s *Server) topicBoxes(c *fiber.Ctx, p page, chosen []string) ([]choice, error) {
	list, err := s.Store.Topics(c.UserContext())
	var boxes []choice
	for _, t := range list {
		if on := slices.Contains(chosen, t.ID); on || t.Active {
			boxes = append(boxes, choice{Value: t.ID, Label: t.DisplayName(p.Language), Chosen: on})
		}
	}
	return boxes, err
}

// answerFields are the fixed boxes of an answer.
func answerFields(p page, a team.Answer) []field {
	box := func(name, value string, rows int) field {
		f := field{Name: name, Label: p.T("box." + name), Value: value, Rows: rows}
		switch name {
		case "short_answer", "reason", "steps", "alternative", "basis":
			f.Hint = p.T("box." + name + "_hint")
		}
		return f
	}
	short := box("short_answer", a.Short, 2)
	short.Required, short.MaxLength = true, team.MaxShort
	steps := box("steps", a.Steps.String(), 4)
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

// articleFrom reads the form back. A version that is no number and a review day that
// is none are problems of their own.
func articleFrom(f url.Values, id string) (team.Article, error) {
	a := team.Article{ID: id, Title: f.Get("title"), Answer: readAnswer(f), State: team.ArticleState(f.Get("state")), Topics: f["topics"],
		Audience: team.Audience(f.Get("audience")), Keywords: team.LinesOf(f.Get("keywords")), Compartment: f.Get("compartment")}
	for _, line := range team.LinesOf(f.Get("wordings")) {
		a.Wordings = append(a.Wordings, team.Wording{Text: line})
	}
	if a.ID != "" {
		var err error
		if a.Version, err = strconv.Atoi(f.Get("version")); err != nil || a.Version < 1 {
			return a, fiber.ErrBadRequest
		}
	}
	var err error
	if a.ReviewDue, err = team.ParseDate(f.Get("review_due")); err != nil {
		return a, team.Invalid{{Field: "review_due", Rule: team.NotADate}}
	}
	return a, nil
}

// errPreview asks for the form as it is, with its answer as it will look.
var errPreview = errors.New("show it first")

func (s *Server) saveArticle(c *fiber.Ctx) error {
	f := body(c)
	key := f.Get("key")
	a, err := articleFrom(f, c.Params("id"))
	if errors.Is(err, fiber.ErrBadRequest) {
		return err
	}
	box, place := s.typedBox(c, f), articlePlace(a.ID, f.Get(draftAbout))
	switch {
	case f.Get("preview") != "":
		return s.previewArticle(c, a, key, box)
	case f.Get(draftButton) != "":
		return s.draftOfArticle(c, a, f, box, place)
	}
	s.sending(c, place, f)
	if err == nil {
		var saved team.Article
		if saved, err = s.Store.SaveArticle(c.UserContext(), member(c), a, key); err == nil {
			return c.Redirect("/articles/"+saved.ID+"?done=saved", fiber.StatusSeeOther)
		}
	}
	var invalid team.Invalid
	if errors.As(err, &invalid) || errors.Is(err, team.ErrStale) {
		return s.renderArticleForm(c, a, key, err, box)
	}
	return err
}

// draftOfArticle keeps what was typed without saving it, or throws it away.
func (s *Server) draftOfArticle(c *fiber.Ctx, a team.Article, f url.Values, box draftBox, place string) error {
	if a.ID != "" {
		if _, err := s.Store.Article(c.UserContext(), member(c), a.ID); err != nil {
			return err
		}
	}
	if f.Get(draftButton) != "1" {
		if err := s.Store.DropDraft(c.UserContext(), member(c), place, f.Get(draftForm)); err != nil {
			return err
		}
		return c.Redirect(map[bool]string{true: "/articles/new", false: "/articles/" + a.ID + "/edit"}[a.ID == ""], fiber.StatusSeeOther)
	}
	var err error
	if box.State, err = s.keepDraft(c, place, f, articleNames); err != nil || isHTMX(c) {
		return firstOf(err, func() error { return sendDraftState(c, box.State) })
	}
	box.Back = true
	return s.renderArticleForm(c, a, f.Get("key"), nil, box)
}

// previewArticle shows the answer as it will look; nothing is saved.
func (s *Server) previewArticle(c *fiber.Ctx, a team.Article, key string, box draftBox) error {
	if isHTMX(c) {
		return c.Render("articles/_preview", articleFormPage{page: s.page(c), Preview: &a.Answer})
	}
	return s.renderArticleForm(c, a, key, errPreview, box)
}
