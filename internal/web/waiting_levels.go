package web

import (
	"errors"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) waitingLevelRoutes() []route {
	return []route{
		{fiber.MethodGet, "/skills/waiting", writers, s.listWaitingLevels},
		{fiber.MethodPost, "/skills/waiting", writers, s.confirmLevels},
	}
}

// waitingPage lists what people said of themselves and nobody has looked at since.
type waitingPage struct {
	page
	Rows    []waitingRow
	Reviews []reviewRow // for leads: levels to look at again after trainings
}

// waitingRow is one level that waits; its id is that of the person's word.
type waitingRow struct {
	ID, Last            string
	MemberID, Name      string
	SkillID, Skill      string
	Said, Words, Day    string
	Before              string
	Observed, Note      string
	Confidence, Answers int
	Step                bool // two levels or more above what was confirmed
	Levels              []choice
}

func (s *Server) listWaitingLevels(c *fiber.Ctx) error {
	list, err := s.Store.WaitingLevels(c.UserContext(), member(c), s.today())
	if err != nil {
		return err
	}
	p, err := s.waitingPage(c, list)
	if err != nil {
		return err
	}
	switch c.Query("done") {
	case "confirmed":
		p.Notice = &notice{Kind: "done", Text: p.T("waiting.confirmed")}
	case "stale":
		p.Notice = &notice{Kind: "warn", Text: p.T("waiting.stale")}
	case "dismissed":
		p.Notice = &notice{Kind: "done", Text: p.T("training.notice_dismissed")}
	}
	return c.Render("skills/waiting", p)
}

func (s *Server) waitingPage(c *fiber.Ctx, list []store.WaitingLevel) (waitingPage, error) {
	p := waitingPage{page: s.page(c)}
	p.Title, p.Nav = p.T("waiting.title"), "skills"
	answers, err := s.answerCounts(c, p.page)
	for _, w := range list {
		row := p.row(w)
		row.Answers = answers[w.Member.ID+" "+w.Skill.ID]
		p.Rows = append(p.Rows, row)
	}
	return p, firstOf(err, func() (err error) { p.Reviews, err = s.reviewRows(c, p.page, false, ""); return err })
}

func (p page) row(w store.WaitingLevel) waitingRow {
	a := w.Declared
	row := waitingRow{ID: a.ID, MemberID: w.Member.ID, Name: w.Member.DisplayName(p.Language), SkillID: w.Skill.ID, Skill: w.Skill.DisplayName(p.Language),
		Said: a.Level.String(), Words: p.anchor(w.Skill, a.Level), Day: p.Date(a.Day), Before: p.levelWord(team.NotAssessed), Observed: w.Observed.String(), Note: a.Note, Confidence: a.Confidence}
	if w.Validated != nil {
		row.Last, row.Before, row.Step = w.Validated.ID, p.levelWord(w.Validated.Level), team.AsksForEvidence(w.Validated, a.Level)
	}
	for _, l := range team.Levels {
		row.Levels = append(row.Levels, choice{l.String(), l.String() + " " + text.Snippet(p.anchor(w.Skill, l), 24), l == a.Level})
	}
	return row
}

// answerCounts counts, of the answers of the last year that the reader may read, those
// on the topics of each skill, by member and skill.
func (s *Server) answerCounts(c *fiber.Ctx, p page) (map[string]int, error) {
	events, err := s.Store.AnswerEvents(c.UserContext(), p.Member, s.today().AddMonths(-12))
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Catalogue(c.UserContext(), p.Member)
	skills := map[string][]string{}
	for _, tie := range list.Topics {
		skills[tie.TopicID] = append(skills[tie.TopicID], tie.SkillID)
	}
	counts := map[string]int{}
	for _, e := range events {
		for _, id := range skills[e.TopicID] {
			counts[e.MemberID+" "+id]++
		}
	}
	return counts, err
}

// confirmLevels confirms one of the levels shown, or all of them, as they are or at
// another level. What changed since the page was read is not confirmed unseen.
func (s *Server) confirmLevels(c *fiber.Ctx) error {
	list, err := s.Store.WaitingLevels(c.UserContext(), member(c), s.today())
	if err != nil {
		return err
	}
	typed := body(c)
	wanted := typed["shown"]
	if typed.Get("one") != "" {
		wanted = typed["one"]
	}
	var changes []store.LevelChange
	for _, w := range list {
		if slices.Contains(wanted, w.Declared.ID) {
			changes = append(changes, confirmation(w, typed))
		}
	}
	missed := len(changes) < len(wanted)
	if len(changes) > 0 {
		_, err = s.Store.SaveLevels(c.UserContext(), member(c), s.today(), changes)
	}
	if stale := errors.Is(err, team.ErrStale); stale || (err == nil && missed) {
		return c.Redirect("/skills/waiting?done=stale", fiber.StatusSeeOther)
	}
	var invalid team.Invalid
	if errors.As(err, &invalid) {
		return s.waitingRefused(c, list)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/skills/waiting?done=confirmed", fiber.StatusSeeOther)
}

// confirmation is what the form says of one level.
func confirmation(w store.WaitingLevel, typed url.Values) store.LevelChange {
	id := w.Declared.ID
	level := w.Declared.Level
	if typed.Has("level_" + id) {
		// What is no level becomes one that is refused, and not "not assessed".
		if level = team.Level(number(typed, "level_"+id)); !level.Assessed() {
			level = team.Deciding + 1
		}
	}
	return store.LevelChange{Last: typed.Get("last_" + id),
		Assessment: team.Assessment{MemberID: w.Member.ID, SkillID: w.Skill.ID, Kind: team.Validated, Level: level}}
}

func (s *Server) waitingRefused(c *fiber.Ctx, list []store.WaitingLevel) error {
	p, err := s.waitingPage(c, list)
	if err != nil {
		return err
	}
	p.Notice = &notice{Kind: "warn", Text: p.T("assess.choose_level")}
	return c.Status(fiber.StatusUnprocessableEntity).Render("skills/waiting", p)
}
