package web

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/risk"
	"tasuki/internal/team"
)

func (s *Server) riskRoutes() []route {
	const get = fiber.MethodGet
	return []route{
		{get, "/risk", readers, s.showRisk},
		{get, "/risk/skills/:id", readers, s.showRiskSkill},
		{get, "/risk/topics/:id", leads, s.showRiskTopic},
	}
}

// riskPage says how much hangs on single people. Leads see whom; others see skills.
type riskPage struct {
	page
	model  riskModel
	names  map[string]string
	Fields []field

	Empty     bool
	Head      string // the sentence to read first
	Next      string // and what to do about it
	Away      string // who is not there today, for leads
	Coverage  riskCoverage
	Groups    []riskGroup
	Bar       []riskSegment
	Losses    []riskLoss
	Certified []riskCertificate // the certifications that are wanted
	Own       *riskOwn          // what hangs on who reads it
	LeadsOnly *riskOfPeople
}

// riskCoverage is how many of the places that are asked for are taken.
type riskCoverage struct {
	Percent             string
	Taken, Wanted       int
	Met, Skills, Places int
}

// riskOwn is what hangs on the person who reads the page.
type riskOwn struct {
	Head   string
	Skills []riskLink
}

// riskLink is a name that leads to its rows.
type riskLink struct{ ID, Name string }

// searchLimit is how long a page waits for what has to be searched for; after it
// the bounds are shown.
const searchLimit = 100 * time.Millisecond

func (s *Server) showRisk(c *fiber.Ctx) error {
	p, err := s.riskPage(c)
	if err != nil {
		return err
	}
	if wantsCSV(c) {
		return s.sendCSV(c, "risk", p.csvColumns(), p.csvRows())
	}
	rate, err := awayRate(c.Query("away"))
	p.Fields = p.riskFields(c.Query("away"), err)
	if err != nil {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	p.Empty = len(p.model.facts.Map.Skills) == 0 || len(p.model.facts.Map.Members) == 0
	if !p.Empty {
		ctx, stop := context.WithTimeout(c.UserContext(), searchLimit)
		defer stop()
		p.fill(ctx, rate)
	}
	return c.Render("risk/index", p)
}

// riskPage reads what the page and its rows are made of.
func (s *Server) riskPage(c *fiber.Ctx) (riskPage, error) {
	p := riskPage{page: s.page(c), names: map[string]string{}}
	p.Title, p.Nav = p.T("risk_page.title"), "skills"
	var err error
	p.model, err = s.readRisk(c, p.page, c.Query("count") != "needed")
	for _, m := range p.model.facts.People {
		p.names[m.ID] = m.DisplayName(p.Language)
	}
	return p, err
}

// readRisk reads what the numbers are made of, for the person of a page.
func (s *Server) readRisk(c *fiber.Ctx, p page, alone bool) (riskModel, error) {
	facts, err := s.Store.RiskFacts(c.UserContext(), p.Member, s.today())
	if !p.CanManage() {
		facts.Absences = nil // one's own alone would make numbers of one's own
	}
	return newRiskModel(facts, s.zone, alone), err
}

// usualRate is how often somebody is away, in percent, where nothing else is asked.
const usualRate = 10

// awayRate reads a share in percent; what is none is team.Invalid, with the usual one.
func awayRate(typed string) (float64, error) {
	if typed == "" {
		return usualRate / 100.0, nil
	}
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(typed), "%"), 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > 100 {
		return usualRate / 100.0, team.Invalid{{Field: "away", Rule: team.NotValid}}
	}
	return f / 100, nil
}

func (p riskPage) riskFields(typed string, err error) []field {
	count := field{Name: "count", Label: p.T("risk_page.count"), Choices: []choice{
		{"", p.T("risk_page.count_last"), p.model.alone}, {"needed", p.T("risk_page.count_needed"), !p.model.alone}}}
	if !p.CanManage() {
		return []field{count}
	}
	if typed == "" {
		typed = strconv.Itoa(usualRate)
	}
	rate := field{Name: "away", Label: p.T("risk_page.away_rate"), Value: typed, MaxLength: 6}
	if err != nil {
		rate.Error = p.T("risk_page.away_wrong", "Usual", usualRate)
	}
	return []field{count, rate}
}

// fill computes everything that the reader may see.
func (p *riskPage) fill(ctx context.Context, rate float64) {
	d := p.model.department()
	asked := p.model
	asked.alone = false
	p.Coverage = p.coverage(asked.department())
	p.group(d)
	p.losses(ctx, d)
	p.Certified = p.certificates()
	p.headline(d)
	if p.CanManage() {
		p.LeadsOnly = p.ofPeople(ctx, d, rate)
		p.Away = p.awayToday()
	}
	p.Own = p.own()
}

func (p riskPage) coverage(d risk.Department) riskCoverage {
	taken, wanted := d.Seats()
	c := riskCoverage{Percent: percent(d.Coverage()), Taken: taken, Wanted: wanted}
	for _, h := range d.Skills {
		if h.Critical && h.Breakable() {
			c.Skills++
		}
	}
	c.Met = c.Skills - len(d.Below())
	return c
}

// headline says what one absence takes away, and what to do about it.
func (p *riskPage) headline(d risk.Department) {
	alone := 0
	for _, h := range d.Skills {
		if h.Critical && h.Alone() {
			alone++
		}
	}
	kind := "_needed"
	if p.model.alone {
		kind = "_last"
	}
	if alone == 0 {
		p.Head, p.Next = p.T("risk_page.head_none"+kind), p.T("risk_page.next_none")
		return
	}
	p.Head = p.T("risk_page.head"+kind, "Count", p.Losses[0].Skills, "Alone", alone)
	p.Next = p.T("risk_page.next", "Count", alone)
}

func (p riskPage) awayToday() string {
	var away []string
	for _, m := range p.model.facts.Map.Members {
		if p.model.awayOn(m.ID, p.model.day()) {
			away = append(away, p.names[m.ID])
		}
	}
	if len(away) == 0 {
		return ""
	}
	return p.T("risk_page.away_today", "Names", strings.Join(away, p.T("risk.and")))
}

// own says what hangs on the reader. Viewers hold nothing.
func (p riskPage) own() *riskOwn {
	if !p.CanWrite() {
		return nil
	}
	mine := p.model.criticality(p.Member.ID)
	if len(mine.Skills) == 0 {
		return nil
	}
	own := &riskOwn{Head: p.T("risk_page.own", "Count", len(mine.Skills))}
	for _, i := range mine.Skills {
		own.Skills = append(own.Skills, p.skillLink(i))
	}
	return own
}

func (p riskPage) skillLink(i int) riskLink {
	k := p.model.facts.Map.Skills[i]
	return riskLink{k.ID, k.DisplayName(p.Language)}
}

func (p riskPage) skillLinks(list []int) []riskLink {
	links := make([]riskLink, len(list))
	for n, i := range list {
		links[n] = p.skillLink(i)
	}
	return links
}

// people joins the names of members of a department.
func (p riskPage) people(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.names[id]
	}
	return strings.Join(names, p.T("risk.and"))
}

// percent writes a share. What is not all or nothing is not rounded to it.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.01:
		return "<1%"
	case share < 1 && share > 0.99:
		return ">99%"
	}
	return strconv.Itoa(int(math.Round(share*100))) + "%"
}
