package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/risk"
	"tasuki/internal/team"
)

// riskGroup are the skills that as many people can do alone.
type riskGroup struct {
	Kind        string // "nobody", "one" or "more"
	Head, About string
	Open        bool
	Rows        []riskSkillRow
}

// riskSkillRow is a skill with who can do it alone.
type riskSkillRow struct {
	riskLink
	Category      string
	Have, Minimum int
	Critical      bool
	Holders       string // names, where the reader may see them and they are few
	Documents     string // how much of it others answer with articles
	Secured       bool
	Breach        string // the first day ahead on which there are too few, for leads
}

// Short tells whether there are fewer people than are needed.
func (r riskSkillRow) Short() bool { return r.Have < r.Minimum }

// riskSegment is a part of the bar above the groups.
type riskSegment struct {
	Kind     string
	X, Width int // of 1000
}

// fewNames is up to how many names stand in a row; more are on the page of the skill.
const fewNames = 3

// group sorts the skills that are needed by how many people can do them alone.
func (p *riskPage) group(d risk.Department) {
	kinds := []string{"nobody", "one", "more"}
	p.Groups = make([]riskGroup, len(kinds))
	total := 0
	for i, h := range d.Skills {
		if p.model.facts.Map.Skills[i].Minimum == 0 {
			continue
		}
		g := &p.Groups[min(len(h.Holders), 2)]
		g.Rows = append(g.Rows, p.skillRow(d, i))
		total++
	}
	x := 0
	for i, kind := range kinds {
		g := &p.Groups[i]
		g.Kind, g.Open = kind, i < 2 && len(g.Rows) > 0 && len(g.Rows) <= 12
		g.Head, g.About = p.T("risk_page."+kind, "Count", len(g.Rows)), p.T("risk_page."+kind+"_about")
		slices.SortStableFunc(g.Rows, func(a, b riskSkillRow) int { return a.Have - b.Have })
		if len(g.Rows) > 0 {
			width := 1000 * len(g.Rows) / total
			p.Bar = append(p.Bar, riskSegment{kind, x, width})
			x += width
		}
	}
}

func (p riskPage) skillRow(d risk.Department, i int) riskSkillRow {
	k, holders := p.model.facts.Map.Skills[i], d.Names(d.Skills[i].Holders)
	r := riskSkillRow{riskLink: p.skillLink(i), Have: len(holders), Minimum: k.Minimum, Critical: k.Critical}
	for _, g := range p.model.facts.Map.Categories {
		if g.ID == k.CategoryID {
			r.Category = g.DisplayName(p.Language)
		}
	}
	if p.seesNames() && len(holders) <= fewNames {
		r.Holders = p.people(holders)
	}
	shared, topics := p.documents(k.ID, holders)
	if r.Secured = len(holders) > 0 && topics > 0 && shared == topics; shared > 0 {
		r.Documents = p.T("risk_page.documents", "Shared", shared, "Topics", topics)
	}
	return r
}

// seesNames tells whether the reader sees who holds what.
func (p riskPage) seesNames() bool { return p.CanManage() || p.model.facts.Names }

// documents tells of how many topics that need a skill others than its holders
// answer with an article.
func (p riskPage) documents(skill string, holders []string) (shared, topics int) {
	for _, t := range p.model.topicsOf(skill) {
		topics++
		if len(p.model.shared(t.ID, holders)) > 0 {
			shared++
		}
	}
	return shared, topics
}

// riskLoss is what the absence of a number of people takes away at most.
type riskLoss struct {
	People  int
	Kept    string // the share of groups whose absence takes nothing away
	Skills  int
	Width   int    // of the bar, of 100
	Names   string // one such group, for leads
	Missing []riskLink
}

// losses fills the table of what one, two and three absences do. What is below
// already is left out: it cannot be lost again.
func (p *riskPage) losses(ctx context.Context, d risk.Department) {
	d = inSkills(d)
	for k := 1; k <= min(risk.LargestCut, len(d.Members)); k++ {
		kept, worst := d.Sound().Absence(ctx, k)
		l := riskLoss{People: k, Kept: percent(kept.Value), Skills: int(worst.Weight)}
		if p.CanManage() && worst.Members != nil {
			l.Names, l.Missing = p.people(d.Names(worst.Members)), p.skillLinks(broken(d, worst.Members))
		}
		p.Losses = append(p.Losses, l)
	}
	for len(p.Losses) == 0 {
		p.Losses = []riskLoss{{}}
	}
	if most := p.Losses[len(p.Losses)-1].Skills; most > 0 {
		for i := range p.Losses {
			p.Losses[i].Width = 100 * p.Losses[i].Skills / most
		}
	}
}

// broken returns the critical skills that a group's absence brings below their minimum.
func broken(d risk.Department, group []int) []int {
	var list []int
	for i, h := range d.Skills {
		if !h.Critical || h.Below() {
			continue
		}
		gone := 0
		for _, m := range group {
			if slices.Contains(h.Holders, m) {
				gone++
			}
		}
		if gone > h.Margin() {
			list = append(list, i)
		}
	}
	return list
}

// inSkills returns a department in which each critical skill counts once, whatever its
// weight, so that a loss is a number of skills.
func inSkills(d risk.Department) risk.Department {
	d.Skills = slices.Clone(d.Skills)
	for i := range d.Skills {
		d.Skills[i].Weight = 1
	}
	return d
}

// riskSkillPage is the rows behind the numbers of one skill.
type riskSkillPage struct {
	riskPage
	Row        riskSkillRow
	Skill      team.Skill
	People     []riskPerson
	Others     int // people whom the reader does not see
	Topics     []riskTopicRow
	Articles   []riskLink
	Mismatches []riskMismatch
	Agreement  *riskAgreement
}

// riskPerson is where somebody stands in a skill.
type riskPerson struct {
	ID, Name, Level, Kind, Day, Until, Observed string
	Holder, Away                                bool
	WhatIf                                      string // for leads: the address that asks what happens without them
}

func (s *Server) showRiskSkill(c *fiber.Ctx) error {
	base, err := s.riskPage(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(base.model.facts.Map.Skills, func(k team.Skill) bool { return k.ID == c.Params("id") })
	if i < 0 {
		return team.ErrNotFound
	}
	p := riskSkillPage{riskPage: base, Skill: base.model.facts.Map.Skills[i]}
	p.Title = p.Skill.DisplayName(p.Language)
	d := p.model.department()
	p.Row = p.skillRow(d, i)
	p.fillPeople(i)
	holders := d.Names(d.Skills[i].Holders)
	for _, t := range p.model.topicsOf(p.Skill.ID) {
		if p.CanManage() {
			p.Topics = append(p.Topics, p.topicRow(t))
		}
		for _, a := range p.model.shared(t.ID, holders) {
			if link := (riskLink{a.ID, a.Title}); !slices.Contains(p.Articles, link) {
				p.Articles = append(p.Articles, link)
			}
		}
	}
	if p.CanManage() {
		seen, used := p.observed(d, i)
		p.Mismatches, p.Agreement = p.mismatchesOf(i, seen, used), p.agreement(seen)
		p.Row.Breach = p.breachOf(p.model.outlooks()[i], i)
	}
	return c.Render("risk/skill", p)
}

// fillPeople lists who has been assessed, the highest first, as far as the reader may
// see them.
func (p *riskSkillPage) fillPeople(i int) {
	type place struct {
		level  team.Level
		person riskPerson
	}
	var list []place
	for j, m := range p.model.facts.Map.Members {
		cell := p.model.facts.Map.Cells[i][j]
		level := cell.On(p.model.day())
		if !level.Assessed() && !cell.Observed.Assessed() {
			continue
		}
		if !team.CanSeeLevels(p.Member, m.ID, p.model.facts.Names) {
			p.Others++
			continue
		}
		r := p.person(m, cell)
		r.Holder = level >= p.Skill.RequiredLevel
		list = append(list, place{level, r})
	}
	slices.SortStableFunc(list, func(a, b place) int { return int(b.level - a.level) })
	for _, one := range list {
		p.People = append(p.People, one.person)
	}
}

func (p riskSkillPage) person(m team.Member, cell team.Cell) riskPerson {
	day := p.model.day()
	r := riskPerson{ID: m.ID, Name: p.names[m.ID], Level: cell.On(day).String(), Away: p.model.awayOn(m.ID, day)}
	if p.CanManage() {
		r.WhatIf = whatIfOf(m.ID)
	}
	if team.CanSeeFigures(p.Member, m.ID) {
		r.Observed = cell.Observed.String()
	}
	if g, certified := cell.ByCertificate(day); certified {
		r.Kind, r.Day, r.Until = p.T("map.by_certificate", "Name", g.DisplayName(p.Language)), p.Date(g.From), p.Date(g.To)
		return r
	}
	a, kind := cell.Validated, team.Validated
	if !a.On(day).Assessed() {
		a, kind = cell.Declared, team.Declared
	}
	if a.On(day).Assessed() {
		r.Kind, r.Day, r.Until = p.T("risk_page.kind_"+string(kind)), p.Date(a.Day), p.Date(a.ValidTo)
	}
	return r
}

func (p riskPage) csvColumns() []string {
	list := []string{p.T("skill.name"), p.T("skill.field.category"), p.T("risk_page.minimum"), p.T("risk_page.have"), p.T("risk_page.state")}
	if p.seesNames() {
		list = append(list, p.T("risk_page.holders"))
	}
	return append(list, p.T("risk_page.by_documents"))
}

// csvRows is the table of skills as a file, those that hang on fewest people first.
func (p riskPage) csvRows() [][]string {
	d := p.model.department()
	p.group(d)
	at := map[string]int{}
	for i, k := range p.model.facts.Map.Skills {
		at[k.ID] = i
	}
	var rows [][]string
	for _, g := range p.Groups {
		for _, r := range g.Rows {
			row := []string{r.Name, r.Category, strconv.Itoa(r.Minimum), strconv.Itoa(r.Have), p.T("risk_page." + g.Kind + "_state")}
			if p.seesNames() {
				row = append(row, p.people(d.Names(d.Skills[at[r.ID]].Holders)))
			}
			rows = append(rows, append(row, r.Documents))
		}
	}
	return rows
}
