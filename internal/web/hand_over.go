package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// handOverPage is the list to work through before somebody goes.
type handOverPage struct {
	whatIfPage
	Today string
	Rows  []handOverRow
}

// handOverRow is one thing to hand over. The list passes through many hands, so it
// names people and nothing of what is computed of them.
type handOverRow struct {
	Kind, What, State string
	Who               []string
	Documents         []documentRow
}

// showHandOver shows the answer to a question as a list to print, or as a file.
func (s *Server) showHandOver(c *fiber.Ctx) error {
	asked, err := s.whatIfPage(c, "hand_over.title")
	if err != nil {
		return err
	}
	if !asked.Asked {
		return c.Render("what_if/show", asked)
	}
	p := handOverPage{whatIfPage: asked, Today: asked.Date(s.today())}
	p.fill()
	if wantsCSV(c) {
		return s.handOverCSV(c, p)
	}
	return c.Render("what_if/hand_over", p)
}

func (p *handOverPage) fill() {
	for _, r := range p.Skills {
		row := handOverRow{Kind: p.T("hand_over.skill"), What: r.Name, State: r.Badge.Label, Documents: r.Documents}
		for _, x := range r.StandIns {
			row.Who = append(row.Who, x.Name)
		}
		if r.Nobody() {
			row.Who = []string{p.T("what_if.nobody_near")}
		}
		p.Rows = append(p.Rows, row)
	}
	for _, r := range p.Certificates {
		p.Rows = append(p.Rows, handOverRow{p.T("hand_over.certificate"), r.Name, p.T("what_if.from_to", "Before", r.Before, "After", r.After), r.Staying, nil})
	}
	for _, r := range p.Topics {
		p.Rows = append(p.Rows, handOverRow{p.T("hand_over.topic"), r.Name, p.T("what_if.share", "Percent", r.Share), r.Next, r.Documents})
	}
	for _, r := range p.Open {
		p.Rows = append(p.Rows, handOverRow{p.T("hand_over.consultation"), r.Consultation.Ref + " " + r.Consultation.Subject,
			p.T("hand_over.received", "Day", p.Day(r.Consultation.ReceivedAt)), r.Next, nil})
	}
}

func (s *Server) handOverCSV(c *fiber.Ctx, p handOverPage) error {
	columns := []string{p.T("hand_over.kind"), p.T("hand_over.what"), p.T("hand_over.state"), p.T("hand_over.who"), p.T("hand_over.documents"), p.T("hand_over.taken_by"), p.T("hand_over.done")}
	var rows [][]string
	for _, r := range p.Rows {
		var documents []string
		for _, d := range r.Documents {
			documents = append(documents, d.Title+" ("+d.State.Label+")")
		}
		rows = append(rows, []string{r.Kind, r.What, r.State, strings.Join(r.Who, "\n"), strings.Join(documents, "\n"), "", ""})
	}
	return s.sendCSV(c, "hand-over", columns, rows)
}
