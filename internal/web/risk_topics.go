package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/risk"
	"tasuki/internal/team"
)

// riskTopicRow is a topic with how far its answers come from few people.
type riskTopicRow struct {
	riskLink
	Enough         bool
	Answers        int    // that the reader may see
	Weight         string // by today's weight
	Top, Share     string // who gave the most, and how much of it
	Width          int    // of the bar, of 100
	Alone          bool   // one person gave half of it or more, and nothing written carries it
	HHI, Effective string
	Half, Most     int
	Orphaned       string
	Articles       []riskLink
	weight, top    float64
}

// half is the share from which a topic hangs on one person.
const half = 0.5

func (p riskPage) topicRow(t team.Topic) riskTopicRow {
	c := p.model.knowledge(t.ID)
	r := riskTopicRow{riskLink: riskLink{t.ID, t.DisplayName(p.Language)}, Enough: c.Enough, Answers: len(p.model.answers[t.ID]), Weight: decimal(c.Weight), weight: c.Weight}
	for _, a := range p.model.shared(t.ID, experts(c)) {
		r.Articles = append(r.Articles, riskLink{a.ID, a.Title})
	}
	if !c.Enough {
		return r
	}
	first := c.Answerers[0]
	r.top, r.Top, r.Share, r.Width = first.Share, p.names[first.Member], percent(first.Share), int(100*first.Share)
	r.Alone = first.Share >= half && len(r.Articles) == 0
	r.HHI, r.Effective, r.Half, r.Most = strconv.FormatFloat(c.HHI, 'f', 2, 64), decimal(c.Effective), c.Half, c.Most
	if c.Orphaned > 0 {
		r.Orphaned = percent(c.Orphaned)
	}
	return r
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// riskMismatch is a reason to talk: what the map says is not what the answers show.
type riskMismatch struct {
	riskLink
	Kind, Text string
	Cell       string // where the level is given
}

// observed returns what levels and answers say of a skill, and whose answers of any
// kind show that they use it.
func (p riskPage) observed(d risk.Department, i int) (o risk.Observed, used map[string]bool) {
	var topics []string
	for _, t := range p.model.topicsOf(p.model.facts.Map.Skills[i].ID) {
		topics = append(topics, t.ID)
	}
	o = risk.Observed{Required: d.Skills[i].Required, BusFactor: len(d.Skills[i].Holders), Period: p.model.facts.Map.Skills[i].HalfLifeDays, Answers: p.model.knowledge(topics...)}
	used = map[string]bool{}
	for j, m := range p.model.facts.Map.Members {
		cell := p.model.facts.Map.Cells[i][j]
		used[m.ID] = cell.Observed.Assessed()
		o.Members = append(o.Members, p.model.evidence(m.ID, cell, topics))
	}
	return o, used
}

// riskAgreement says in words, and as a number, how well levels and answers of a skill
// order people alike.
type riskAgreement struct{ Said, Number string }

// agreement compares the people who were assessed; nil where their levels or their
// answers are all the same, or too few answers are known.
func (p riskPage) agreement(o risk.Observed) *riskAgreement {
	a := o.Agreement()
	if !a.Known || !o.Answers.Enough {
		return nil
	}
	word := "against"
	switch {
	case a.Tau >= .5:
		word = "much"
	case a.Tau >= .15:
		word = "some"
	case a.Tau > -.15:
		word = "none"
	}
	tau := strings.Replace(strconv.FormatFloat(a.Tau, 'f', 2, 64), "-", "−", 1)
	return &riskAgreement{p.T("risk_page.agree_" + word), p.T("risk_page.agree_number", "Tau", tau, "People", a.Members)}
}

// mismatchesOf returns the contradictions of a skill. Who shows by restricted answers
// that they use it is no silent expert, though those answers are not in the shares.
func (p riskPage) mismatchesOf(i int, o risk.Observed, used map[string]bool) []riskMismatch {
	var list []riskMismatch
	for _, m := range o.Mismatches(p.model.day()) {
		if (m.Kind == risk.SilentExpert || m.Kind == risk.PaperSkill) && used[m.Member] {
			continue
		}
		link := p.skillLink(i)
		talk := riskMismatch{riskLink: link, Kind: string(m.Kind), Text: p.T("risk_page."+string(m.Kind), "Name", p.names[m.Member], "Skill", link.Name)}
		talk.Cell = "/risk/skills/" + link.ID + "#people"
		if memberAt(p.model.facts.Map, m.Member) >= 0 {
			talk.Cell = "/skills/map/" + link.ID + "/" + m.Member
		}
		list = append(list, talk)
	}
	return list
}

// riskTopicPage is the rows behind the numbers of one topic.
type riskTopicPage struct {
	riskPage
	Row       riskTopicRow
	Answerers []riskAnswerer
	Answers   []riskAnswer
	MoreRows  int
	Skills    []riskLink
}

// riskAnswerer is what one person's answers weigh.
type riskAnswerer struct {
	Name, Weight, Share string
	Width               int
	Left                bool
}

// riskAnswer is one answered consultation.
type riskAnswer struct{ ID, Ref, Subject, Name, Day string }

// shownAnswers is how many consultations the page of a topic lists.
const shownAnswers = 50

func (s *Server) showRiskTopic(c *fiber.Ctx) error {
	base, err := s.riskPage(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(base.model.facts.Topics, func(t team.Topic) bool { return t.ID == c.Params("id") })
	if i < 0 {
		return team.ErrNotFound
	}
	t := base.model.facts.Topics[i]
	p := riskTopicPage{riskPage: base, Row: base.topicRow(t)}
	p.Title = p.Row.Name
	for _, a := range p.model.knowledge(t.ID).Answerers {
		r := riskAnswerer{Name: p.names[a.Member], Weight: decimal(a.Weight), Left: !a.Active}
		if p.Row.Enough {
			r.Share, r.Width = percent(a.Share), int(100*a.Share)
		}
		p.Answerers = append(p.Answerers, r)
	}
	p.fillAnswers(t.ID)
	for i, k := range p.model.facts.Map.Skills {
		if slices.ContainsFunc(p.model.facts.Needs, func(n team.TopicSkill) bool { return n.TopicID == t.ID && n.SkillID == k.ID }) {
			p.Skills = append(p.Skills, p.skillLink(i))
		}
	}
	return c.Render("risk/topic", p)
}

func (p *riskTopicPage) fillAnswers(topic string) {
	for _, e := range p.model.facts.Answers {
		switch {
		case e.TopicID != topic:
		case len(p.Answers) == shownAnswers:
			p.MoreRows++
		default:
			p.Answers = append(p.Answers, riskAnswer{e.ConsultationID, e.Ref, e.Subject, p.names[e.MemberID], p.Day(e.At)})
		}
	}
}
