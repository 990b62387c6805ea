package web

import (
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

func (s *Server) selfAssessmentRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/me/levels", writers, s.showRound},
		{get, "/me/levels/categories/:id", writers, s.showCategoryRound}, {post, "/me/levels/categories/:id", writers, s.saveCategoryRound},
		{get, "/me/levels/:id", writers, s.showRoundStep}, {post, "/me/levels/:id", writers, s.saveRoundStep},
	}
}

// round is where somebody is in their self-assessment.
type round struct {
	profile store.Profile
	steps   []team.RoundStep // of the category, where one was chosen
	query   string           // that chose it, to go on with
}

// roundOf reads how far the person has come. "again" begins a new round today.
func (s *Server) roundOf(c *fiber.Ctx) (round, error) {
	p, err := s.Store.Profile(c.UserContext(), member(c), member(c).ID, s.today())
	since, query := s.today().AddDays(1-team.RoundDays), url.Values{}
	if c.Query("again") == "1" {
		since = s.today()
		query.Set("again", "1")
	}
	r := round{profile: p, steps: team.Round(p.Skills, p.History, since)}
	if id := c.Query("category"); slices.ContainsFunc(p.Categories, func(g team.Category) bool { return g.ID == id }) {
		r.steps = slices.DeleteFunc(r.steps, func(step team.RoundStep) bool { return step.Skill.CategoryID != id })
		query.Set("category", id)
	}
	if len(query) > 0 {
		r.query = "?" + query.Encode()
	}
	return r, err
}

// at finds a skill in the round.
func (r round) at(id string) (int, error) {
	i := slices.IndexFunc(r.steps, func(step team.RoundStep) bool { return step.Skill.ID == id })
	if i < 0 {
		return 0, team.ErrNotFound
	}
	return i, nil
}

func (r round) address(i int) string { return "/me/levels/" + r.steps[i].Skill.ID + r.query }

// next is the address of the first skill from a place on that is not done yet, or of
// the overview when there is none.
func (r round) next(from int) string {
	for i := from; i < len(r.steps); i++ {
		if !r.steps[i].Done {
			return r.address(i)
		}
	}
	return "/me/levels?done=1"
}

// roundCategory is how far a category is.
type roundCategory struct {
	ID, Name    string
	Done, Total int
	Unknown     int    // skills of which the person has never said anything
	Begin       string // the first skill to do
}

// Left tells how many skills are to do.
func (g roundCategory) Left() int { return g.Total - g.Done }

func (r round) categories(p page) []roundCategory {
	var list []roundCategory
	for _, g := range r.profile.Categories {
		row := roundCategory{ID: g.ID, Name: g.DisplayName(p.Language)}
		for _, step := range r.steps {
			if step.Skill.CategoryID == g.ID {
				row.count(step)
			}
		}
		if row.Total > 0 {
			list = append(list, row)
		}
	}
	return list
}

func (g *roundCategory) count(step team.RoundStep) {
	g.Total++
	if !step.Done && g.Begin == "" {
		g.Begin = "/me/levels/" + step.Skill.ID + "?category=" + g.ID
	}
	if step.Done {
		g.Done++
	}
	if step.Last == nil {
		g.Unknown++
	}
}

// roundPage is the beginning and the end of a self-assessment.
type roundPage struct {
	page
	First       bool // nothing was ever said: categories come first
	Done, Total int
	Categories  []roundCategory
	Begin       string // where to go on
	Again       string // a new round, when all is done
	Profile     string
	Changes     []roundChange
	Same        int
	Who         []string // can confirm
}

// Percent is how much is done, for the bar.
func (p roundPage) Percent() int { return 100 * p.Done / max(p.Total, 1) }

// roundChange is what somebody says otherwise than before the round.
type roundChange struct {
	Address, Name string
	Before, After string
	Rose          bool
}

func (s *Server) showRound(c *fiber.Ctx) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	p := roundPage{page: s.page(c), Total: len(r.steps), Begin: r.next(0), Profile: "/members/" + member(c).ID}
	p.Title, p.Nav, p.Categories = p.T("assess.title"), "skills", r.categories(p.page)
	p.count(r)
	p.First = p.Total > 0 && !slices.ContainsFunc(r.steps, func(step team.RoundStep) bool { return step.Last != nil })
	if p.First {
		p.Begin = "/me/levels/categories/" + p.Categories[0].ID
	}
	if p.Total > 0 && p.Done == p.Total {
		p.Begin, p.Again = "", "/me/levels/"+r.steps[0].Skill.ID+"?again=1"
	}
	if len(p.Changes) > 0 {
		if p.Who, err = s.confirmers(c, p.page); err != nil {
			return err
		}
	}
	switch {
	case c.Query("kept") != "":
		p.Notice = &notice{Kind: "warn", Text: p.T("assess.kept")}
	case c.Query("done") == "1" && p.Done > 0:
		p.Notice = &notice{Kind: "done", Text: p.T("assess.thanks", "Count", p.Done)}
	}
	return c.Render("members/round", p)
}

func (p *roundPage) count(r round) {
	for _, step := range r.steps {
		if !step.Done {
			continue
		}
		p.Done++
		if step.Before == step.Last.Level {
			p.Same++
			continue
		}
		p.Changes = append(p.Changes, roundChange{Address: "/me/levels/" + step.Skill.ID, Name: step.Skill.DisplayName(p.Language),
			Before: p.levelWord(step.Before), After: p.levelWord(step.Last.Level), Rose: step.Before.Assessed() && step.Before < step.Last.Level})
	}
}

// levelWord is a level as a digit, or that there is none.
func (p page) levelWord(l team.Level) string {
	if !l.Assessed() {
		return p.T("profile.not_assessed")
	}
	return l.String()
}

// confirmers are the leads, who can confirm every level but their own.
func (s *Server) confirmers(c *fiber.Ctx, p page) (names []string, err error) {
	list, err := s.Store.Members(c.UserContext())
	for _, m := range list {
		if team.CanValidate(m, false, p.Member.ID) {
			names = append(names, m.DisplayName(p.Language))
		}
	}
	return names, err
}

// roundStepPage asks for one skill.
type roundStepPage struct {
	page
	Action, Back, Skip string
	Name, Description  string
	Category           roundCategory
	Place, Done, Total int
	Last               *team.Assessment
	LastID             string
	Levels             []roundLevel
	Confidence         []choice
	Answers            int
	Evidence           []choice
	Note, NoteError    string
	Chosen             string
	NoteNeeded         bool
}

// Percent is how much is done, for the bar.
func (p roundStepPage) Percent() int { return 100 * p.Done / max(p.Total, 1) }

// roundLevel is a level to choose, in words.
type roundLevel struct {
	Level         team.Level
	Words         string
	Last, Current bool
}

func (s *Server) showRoundStep(c *fiber.Ctx) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	p, err := s.roundStep(c, r, url.Values{})
	if err != nil {
		return err
	}
	return c.Render("members/step", p)
}

// roundStep builds the page of one skill; typed is what comes back from the form.
func (s *Server) roundStep(c *fiber.Ctx, r round, typed url.Values) (p roundStepPage, err error) {
	i, err := r.at(c.Params("id"))
	if err != nil {
		return p, err
	}
	step := r.steps[i]
	p = roundStepPage{page: s.page(c), Action: r.address(i), Back: "/me/levels", Skip: r.next(i + 1), Place: i + 1, Total: len(r.steps), Last: step.Last,
		Note: typed.Get("note"), Chosen: typed.Get("level")}
	p.Name, p.Description = step.Skill.DisplayName(p.Language), step.Skill.DisplayDescription(p.Language)
	p.Title, p.Nav = p.T("assess.step_title", "Name", p.Name), "skills"
	if i > 0 {
		p.Back = r.address(i - 1)
	}
	if step.Last != nil {
		p.LastID = step.Last.ID
	}
	for _, g := range r.categories(p.page) {
		p.Done += g.Done
		if g.ID == step.Skill.CategoryID {
			p.Category = g
		}
	}
	p.offer(step, typed)
	return p, s.evidence(c, &p, step.Skill.ID, typed["evidence"])
}

// offer fills in what can be chosen.
func (p *roundStepPage) offer(step team.RoundStep, typed url.Values) {
	for _, l := range team.Levels {
		p.Levels = append(p.Levels, roundLevel{Level: l, Words: p.anchor(step.Skill, l), Last: step.Last != nil && step.Last.Level == l, Current: l.String() == p.Chosen})
	}
	if !step.Skill.Incident {
		return
	}
	sure := typed.Get("confidence")
	if sure == "" && step.Last != nil && step.Last.Confidence > 0 {
		sure = strconv.Itoa(step.Last.Confidence)
	}
	for n := 1; n <= 5; n++ {
		value := strconv.Itoa(n)
		p.Confidence = append(p.Confidence, choice{value, p.Word("self_confidence", n), value == sure})
	}
}

// maxChips is how many answers are offered as evidence.
const maxChips = 5

// evidence offers the person's own answers on the skill. Restricted ones are left
// out: the note is read by people who may not know of them.
func (s *Server) evidence(c *fiber.Ctx, p *roundStepPage, skillID string, chosen []string) error {
	list, err := s.Store.LevelEvidence(c.UserContext(), p.Member, p.Member.ID, skillID)
	for _, e := range list {
		if e.Restricted {
			continue
		}
		if p.Answers++; p.Answers <= maxChips {
			p.Evidence = append(p.Evidence, choice{e.Ref, text.Snippet(e.Subject, 30), slices.Contains(chosen, e.Ref)})
		}
	}
	return err
}

// noteOf joins what was typed and the answers that were chosen among those offered.
func (p roundStepPage) noteOf(typed url.Values) string {
	parts := []string{strings.TrimSpace(typed.Get("note"))}
	for _, e := range p.Evidence {
		if slices.Contains(typed["evidence"], e.Value) {
			parts = append(parts, e.Value+" "+e.Label)
		}
	}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

func (s *Server) saveRoundStep(c *fiber.Ctx) error {
	r, err := s.roundOf(c)
	if err != nil {
		return err
	}
	typed := body(c)
	p, err := s.roundStep(c, r, typed)
	if err != nil {
		return err
	}
	change := store.LevelChange{Last: typed.Get("last"), Assessment: team.Assessment{MemberID: p.Member.ID, SkillID: c.Params("id"), Kind: team.Declared,
		Level: team.Level(number(typed, "level")), Note: p.noteOf(typed)}}
	if len(p.Confidence) > 0 && typed.Get("confidence") != "" {
		change.Confidence = number(typed, "confidence")
	}
	newer, err := s.declare(c, p, change)
	if err == nil {
		i, _ := r.at(c.Params("id")) // it was found above
		return c.Redirect(r.next(i+1), fiber.StatusSeeOther)
	}
	if err := p.refused(c, err, newer); err != nil {
		return err
	}
	return c.Render("members/step", p)
}

// declare saves one level of one's own. The same word twice, from a second click or a
// second window, is saved once.
func (s *Server) declare(c *fiber.Ctx, p roundStepPage, change store.LevelChange) ([]team.Assessment, error) {
	if !change.Level.Assessed() {
		return nil, team.Invalid{{Field: "level", Rule: team.Unknown}}
	}
	if team.AsksForEvidence(p.Last, change.Level) && change.Note == "" {
		return nil, team.Invalid{{Field: "note", Rule: team.Required}}
	}
	newer, err := s.Store.SaveLevels(c.UserContext(), p.Member, s.today(), []store.LevelChange{change})
	if errors.Is(err, team.ErrStale) && len(newer) == 1 && sameWord(newer[0], change.Assessment) {
		return nil, nil
	}
	return newer, err
}

func sameWord(a, b team.Assessment) bool {
	return a.Level == b.Level && a.Confidence == b.Confidence && a.Note == text.Clean(b.Note)
}

// refused says why a level was not saved, with everything that was chosen still there.
func (p *roundStepPage) refused(c *fiber.Ctx, err error, newer []team.Assessment) error {
	var invalid team.Invalid
	switch {
	case errors.Is(err, team.ErrStale) && len(newer) == 1:
		p.LastID, p.Last = newer[0].ID, &newer[0]
		for i := range p.Levels {
			p.Levels[i].Last = p.Levels[i].Level == newer[0].Level
		}
		p.Notice = &notice{Kind: "warn", Text: p.T("assess.stale", "Other", p.levelWord(newer[0].Level), "Mine", p.Chosen)}
		c.Status(fiber.StatusConflict)
	case errors.As(err, &invalid):
		p.explain(invalid)
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return nil
}

func (p *roundStepPage) explain(invalid team.Invalid) {
	problem, wrong := invalid.Field("note")
	switch {
	case wrong && problem.Rule == team.Required:
		p.NoteError, p.NoteNeeded = p.T("assess.note_needed", "Before", p.levelWord(p.Last.Level), "After", p.Chosen), true
	case wrong:
		p.NoteError = p.Problem(problem)
	default:
		p.Notice = &notice{Kind: "warn", Text: p.T("assess.choose_level")}
	}
}
