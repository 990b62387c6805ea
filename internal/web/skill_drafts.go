package web

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// cellDraft is a level that was put into the map and waits to be saved: "SKILL MEMBER
// LEVEL SEEN", where SEEN is the beginning of the id of the level that stood there.
type cellDraft struct {
	at     mapPlace
	level  team.Level
	seen   string
	change store.LevelChange
}

func (d cellDraft) text(seen string) string {
	return strings.Join([]string{d.at.skill.ID, d.at.member.ID, d.level.String(), seen}, " ")
}

// draftPage asks what to do with cells that others changed meanwhile.
type draftPage struct {
	page
	Back    string
	Rows    []draftRow
	Waiting []string // drafts that nobody else touched
}

// draftRow is a cell with two values; Mine is the draft to send again.
type draftRow struct{ Name, Title, Text, Keep, Take, Mine string }

// readDrafts reads what was sent; a cell that the person cannot see is not found.
func (s *Server) readDrafts(c *fiber.Ctx) ([]cellDraft, error) {
	m, err := s.Store.SkillMap(c.UserContext(), member(c), s.today())
	if err != nil {
		return nil, err
	}
	var list []cellDraft
	v := body(c)
	sent := v["set"]
	for n := range min(len(v), maxDrafts) {
		sent = append(sent, v[fmt.Sprintf("choice_%d", n)]...)
	}
	for _, line := range sent {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue // somebody else's value stays
		}
		if len(words) != 4 || len(list) == maxDrafts {
			return nil, team.Invalid{{Field: "set", Rule: team.NotValid}}
		}
		d := cellDraft{at: mapPlace{m: m}, level: readLevel(words[2]), seen: words[3]}
		if err := d.at.find(member(c), words[0], words[1]); err != nil {
			return nil, err
		}
		d.change = store.LevelChange{Last: d.last(), Assessment: team.Assessment{MemberID: d.at.member.ID, SkillID: d.at.skill.ID, Kind: d.at.kind(), Level: d.level}}
		if d.at.own && d.at.cell.Declared != nil {
			d.change.Confidence = d.at.cell.Declared.Confidence
		}
		list = append(list, d)
	}
	return list, nil
}

// maxDrafts is more than anybody types before saving.
const maxDrafts = 5000

// last is the id of the level that was seen, "?" where another one stands there now.
func (d cellDraft) last() string {
	now := d.at.lastID()
	if d.seen == "-" {
		return ""
	}
	if len(d.seen) >= shortest && strings.HasPrefix(now, d.seen) || now == d.seen {
		return now
	}
	return "?"
}

// saveCells saves all drafts or, where somebody else was first, none, and asks.
func (s *Server) saveCells(c *fiber.Ctx) error {
	drafts, err := s.readDrafts(c)
	if err != nil {
		return err
	}
	changes := make([]store.LevelChange, len(drafts))
	for i, d := range drafts {
		changes[i] = d.change
	}
	newer, err := s.Store.SaveLevels(c.UserContext(), member(c), s.today(), changes)
	switch {
	case err == nil:
		return c.Redirect(withDone(s.cameFrom(c, body(c))), fiber.StatusSeeOther)
	case errors.Is(err, team.ErrStale):
		return s.askWhich(c, drafts, newer)
	}
	return err
}

func (s *Server) askWhich(c *fiber.Ctx, drafts []cellDraft, newer []team.Assessment) error {
	p := draftPage{page: s.page(c), Back: s.cameFrom(c, body(c))}
	p.Title, p.Nav = p.T("map.conflict"), "skills"
	names, err := s.names(c)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		i := slices.IndexFunc(newer, func(a team.Assessment) bool {
			return a.MemberID == d.at.member.ID && a.SkillID == d.at.skill.ID
		})
		if i < 0 {
			p.Waiting = append(p.Waiting, d.text(d.seen))
			continue
		}
		now := newer[i].ID
		if now == "" {
			now = "-"
		}
		p.Rows = append(p.Rows, draftRow{Name: fmt.Sprintf("choice_%d", len(p.Rows)),
			Title: p.T("map.cell", "Name", d.at.member.DisplayName(p.Language), "Skill", d.at.skill.DisplayName(p.Language)),
			Text:  p.newerText(names, newer[i], d.level), Mine: d.text(now),
			Keep: p.T("map.keep", "Level", orLong(p.page, newer[i].Level)), Take: p.T("map.take", "Level", orLong(p.page, d.level))})
	}
	c.Status(fiber.StatusConflict)
	return c.Render("skills/conflict", p)
}
