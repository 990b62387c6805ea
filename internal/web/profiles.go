package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

func (s *Server) profileRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/members/:id", readers, s.showProfile},
		{get, "/members/:id/targets/:skill", writers, s.editTarget}, {post, "/members/:id/targets/:skill", writers, s.saveTarget},
	}
}

// profilePage is what one person can do and how it came about.
type profilePage struct {
	page
	Whose           team.Member
	Reading         string // in Japanese only: it is how the name is said
	Name, Other     string // in the language of the page, and in the other one
	Own, Figures    bool
	CanAim          bool
	Assessed, Total int
	LastSaid        string
	Radar           radar
	Growth          growth
	Rises           []profileRise
	Targets         []profileTarget
	Alone           []skillLink
	Pairs           int // of two people with whom a skill goes, this one and another
	Groups          []profileGroup
	AnswerCount     int
	Answers         []profileAnswer
	Trainings       profileTrainings
	Certificates    []certificateRow
}

// skillLink leads to a skill.
type skillLink struct{ ID, Name string }

// profileRise is a skill that rose in the last year.
type profileRise struct {
	Name          string
	Before, After team.Level
}

// profileTarget is what somebody aims at.
type profileTarget struct {
	SkillID, Name string
	Now           string
	Level         team.Level
	Gap           int // levels to go; 0 when it is reached
	Due           string
	Late          bool
}

// profileAnswer is an answer of the last days.
type profileAnswer struct{ ID, Ref, Subject, Topic, Day string }

// answerDays is how far back the answers on a profile go.
const answerDays = 90

// maxAnswers is how many of them are listed.
const maxAnswers = 8

func (s *Server) showProfile(c *fiber.Ctx) error {
	data, err := s.Store.Profile(c.UserContext(), member(c), c.Params("id"), s.today())
	if err != nil {
		return err
	}
	p := profilePage{page: s.page(c), Whose: data.Member, Figures: data.Figures, Total: len(data.Skills)}
	p.Name, p.Title, p.Nav = data.Member.DisplayName(p.Language), data.Member.DisplayName(p.Language), "skills"
	p.Own, p.CanAim = p.Member.ID == p.Whose.ID, team.CanSetTarget(p.Member, p.Whose.ID)
	if p.Other = p.Whose.NameEn; p.Other == p.Name {
		p.Other = p.Whose.Name
	}
	if p.Language == "ja" {
		p.Reading = p.Whose.Reading
	}
	if p.Groups, err = s.profileGroups(c, p.page, data); err != nil {
		return err
	}
	p.fill(data, s.today())
	held, err := s.Store.Certificates(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.MemberID == p.Whose.ID && h.Standing.State != team.CertificateWithdrawn {
			p.Certificates = append(p.Certificates, p.heldRow(h, s.today()))
		}
	}
	if p.Figures {
		if err := s.fillAnswers(c, &p); err != nil {
			return err
		}
		if p.Trainings, err = s.profileTrainings(c, p.page, p.Whose.ID); err != nil {
			return err
		}
		model, err := s.readRisk(c, p.page, true)
		if err != nil {
			return err
		}
		p.Pairs = model.criticality(p.Whose.ID).Cuts[2]
	}
	switch c.Query("done") {
	case "target":
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	case "dismissed":
		p.Notice = &notice{Kind: "done", Text: p.T("training.notice_dismissed")}
	}
	return c.Render("members/show", p)
}

func (p *profilePage) fill(data store.Profile, today team.Date) {
	now := data.LevelsOn(today)
	half := data.LevelsOn(today.AddMonths(-6))
	for _, l := range now {
		if l.Assessed() {
			p.Assessed++
		}
	}
	for _, a := range data.History {
		if a.Kind == team.Declared {
			p.LastSaid = p.Date(a.Day)
		}
	}
	p.Radar = p.radarOf(data, now, half)
	if !p.Figures {
		return
	}
	p.Growth = p.growthOf(data, today)
	year := data.LevelsOn(today.AddMonths(-12))
	for i, k := range data.Skills {
		name := k.DisplayName(p.Language)
		if year[i].Assessed() && now[i] > year[i] {
			p.Rises = append(p.Rises, profileRise{name, year[i], now[i]})
		}
		if data.Holders[i] == 1 && now[i] >= k.RequiredLevel {
			p.Alone = append(p.Alone, skillLink{k.ID, name})
		}
		if g := data.Cells[i].Target; g != nil && g.Level.Assessed() {
			p.Targets = append(p.Targets, profileTarget{SkillID: k.ID, Name: name, Now: p.levelWord(now[i]), Level: g.Level, Gap: max(0, int(g.Level)-max(0, int(now[i]))),
				Due: p.Date(g.Due), Late: !g.Due.IsZero() && g.Due.Before(today) && now[i] < g.Level})
		}
	}
}

// fillAnswers adds what the person answered lately, as far as the reader may read it.
func (s *Server) fillAnswers(c *fiber.Ctx, p *profilePage) error {
	list, err := s.Store.AnswerEvents(c.UserContext(), p.Member, s.today().AddDays(-answerDays))
	if err != nil {
		return err
	}
	topics, err := s.Store.Topics(c.UserContext())
	names := map[string]string{}
	for _, t := range topics {
		names[t.ID] = t.DisplayName(p.Language)
	}
	for _, e := range list {
		if e.MemberID != p.Whose.ID {
			continue
		}
		if p.AnswerCount++; p.AnswerCount <= maxAnswers {
			p.Answers = append(p.Answers, profileAnswer{e.ConsultationID, e.Ref, e.Subject, names[e.TopicID], p.Day(e.At)})
		}
	}
	return err
}

// profileGroup is a category with the levels of its skills.
type profileGroup struct {
	Name string
	Rows []profileRow
}

// profileRow is one skill with the three levels side by side.
type profileRow struct {
	SkillID, Name       string
	Declared, Validated *profileLevel
	Observed            string
	Target, Due         string
	Gap                 int
	Confidence          int
}

// profileLevel is a level with what it rests on.
type profileLevel struct {
	Level, Words string
	Day, By      string
	Note         string
	Until        string // the last day on which it counts, when that is near or past
	Over         bool
}

// soonDays is how long before its end a confirmation is said to end.
const soonDays = 60

func (s *Server) profileGroups(c *fiber.Ctx, p page, data store.Profile) (groups []profileGroup, err error) {
	names, err := s.names(c)
	last := map[string]*team.Assessment{}
	for i := range data.History {
		if a := &data.History[i]; a.ReplacedOn.IsZero() || s.today().Before(a.ReplacedOn) {
			last[string(a.Kind)+a.SkillID] = a
		}
	}
	for _, g := range data.Categories {
		group := profileGroup{Name: g.DisplayName(p.Language)}
		for i, k := range data.Skills {
			if k.CategoryID == g.ID {
				row := p.profileRow(k, data.Cells[i], s.today())
				row.Declared = p.profileLevel(k, last[string(team.Declared)+k.ID], names, s.today())
				row.Validated = p.profileLevel(k, last[string(team.Validated)+k.ID], names, s.today())
				if a := last[string(team.Declared)+k.ID]; a != nil && row.Declared != nil {
					row.Confidence = a.Confidence
				}
				group.Rows = append(group.Rows, row)
			}
		}
		if len(group.Rows) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, err
}

func (p page) profileRow(k team.Skill, cell team.Cell, today team.Date) profileRow {
	row := profileRow{SkillID: k.ID, Name: k.DisplayName(p.Language), Observed: cell.Observed.String()}
	if g := cell.Target; g != nil && g.Level.Assessed() {
		row.Target, row.Due = g.Level.String(), p.Date(g.Due)
		row.Gap = max(0, int(g.Level)-max(0, int(cell.On(today))))
	}
	return row
}

func (p page) profileLevel(k team.Skill, a *team.Assessment, names map[string]string, today team.Date) *profileLevel {
	if a == nil || !a.Level.Assessed() {
		return nil
	}
	l := &profileLevel{Level: a.Level.String(), Words: p.anchor(k, a.Level), Day: p.Date(a.Day), Note: a.Note}
	if a.By != a.MemberID {
		l.By = names[a.By]
	}
	if !a.ValidTo.IsZero() && a.ValidTo.Before(today.AddDays(soonDays)) {
		l.Until, l.Over = p.Date(a.ValidTo), a.ValidTo.Before(today)
	}
	return l
}

// byCategory cuts levels into those of each category.
func byCategory(data store.Profile, levels []team.Level) map[string][]team.Level {
	groups := map[string][]team.Level{}
	for i, k := range data.Skills {
		groups[k.CategoryID] = append(groups[k.CategoryID], levels[i])
	}
	return groups
}

// aimed returns the levels as they will be when every target is reached, and whether
// there is any target.
func aimed(data store.Profile, now []team.Level) (levels []team.Level, any bool) {
	levels = slices.Clone(now)
	for i, cell := range data.Cells {
		if cell.Target != nil && cell.Target.Level.Assessed() {
			levels[i], any = max(now[i], cell.Target.Level), true
		}
	}
	return levels, any
}

// mean writes the mean of levels with one digit, "–" where none is known.
func mean(levels []team.Level) (float64, string) {
	m, known := team.Mean(levels)
	if !known {
		return 0, "–"
	}
	return m, strconv.FormatFloat(m, 'f', 1, 64)
}

// sum adds what is known.
func sum(levels []team.Level) (n int) {
	for _, l := range levels {
		n += max(int(l), 0)
	}
	return n
}
