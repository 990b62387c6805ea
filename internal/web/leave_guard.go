package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/risk"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// leaveWarning is a skill that planned leave leaves with too few people.
type leaveWarning struct {
	Skill    string
	When     []string
	StandIns []standIn
	Nobody   bool // nobody is near, as far as the reader may know
}

// leaveGuard says before a leave is saved what it breaks. It never stands in the way:
// Anyway is what the form sends back to save it all the same.
type leaveGuard struct {
	Warnings []leaveWarning
	Anyway   string
}

// guardLeave returns what a planned absence would break together with those planned
// already, nil where it breaks nothing. A person who is no lead is told skills and days:
// others' leavings are left out, since they may not be known yet, and neither whose
// leave it is nor what hangs on whom shows in the names.
func (s *Server) guardLeave(c *fiber.Ctx, p page, a team.Absence) (*leaveGuard, error) {
	if a.Validate() != nil || (a.Kind == team.Leave && a.EndsOn.Before(s.today())) {
		return nil, nil // the form says what is wrong, or it is over
	}
	m, planned, err := s.Store.PlannedLeave(c.UserContext(), p.Member, a.MemberID, s.today())
	if err != nil {
		return nil, err
	}
	planned = slices.DeleteFunc(planned, func(x team.Absence) bool {
		return x.ID == a.ID || (x.Kind == team.Leaving && x.MemberID != a.MemberID && !p.CanManage())
	})
	found := risk.FutureOf(m, append(planned, a)).Guard().Warnings(awayOf(a))
	if len(found) == 0 {
		return nil, nil
	}
	facts, err := s.Store.RiskFacts(c.UserContext(), p.Member, s.today())
	if err != nil {
		return nil, err
	}
	asked := newAnswering(p, store.Foresight{RiskFacts: facts}, absenceQuestion{Members: []string{a.MemberID}, From: a.StartsOn, To: a.EndsOn})
	return asked.guard(found, facts.Names), nil
}

func awayOf(a team.Absence) risk.Away {
	return risk.Away{Member: a.MemberID, From: a.StartsOn, To: a.EndsOn}
}

func (a answering) guard(found []risk.Warning, named bool) *leaveGuard {
	g := &leaveGuard{}
	if !a.p.CanManage() {
		a.alone = nil
	}
	for _, w := range found {
		row := leaveWarning{Skill: a.f.Map.Skills[w.Skill].DisplayName(a.p.Language), When: a.spells(w.Spells)}
		if named || a.p.CanManage() {
			row.StandIns = a.standIns(w.Skill)
			row.StandIns = row.StandIns[:min(shownStandIns, len(row.StandIns))]
			row.Nobody = len(row.StandIns) == 0
		}
		for i := range row.StandIns {
			if !a.p.CanManage() {
				row.StandIns[i].Why = ""
			}
		}
		g.Warnings = append(g.Warnings, row)
	}
	// Other days break other things: what was agreed to is these warnings of these days.
	sum := sha256.Sum256(fmt.Append(nil, a.q, found))
	g.Anyway = hex.EncodeToString(sum[:8])
	return g
}

func (a answering) spells(list []risk.Spell) (when []string) {
	for _, s := range list {
		when = append(when, a.spell(s))
	}
	return when
}

// markAbsences says in the rows of a list, which leads alone get, which planned
// absences leave too few people for what.
func (s *Server) markAbsences(c *fiber.Ctx, p page, list []team.Absence, rows []absenceRow) error {
	if !p.CanManage() || len(list) == 0 {
		return nil
	}
	m, err := s.Store.SkillMap(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	guard := risk.FutureOf(m, list).Guard()
	for i, x := range list {
		from := x.StartsOn
		if from.Before(s.today()) {
			from = s.today()
		}
		a := answering{p: p, q: absenceQuestion{From: from, To: x.EndsOn}}
		for _, w := range guard.Warnings(risk.Away{Member: x.MemberID, From: from, To: x.EndsOn}) {
			rows[i].Breaks = append(rows[i].Breaks, leaveWarning{Skill: m.Skills[w.Skill].DisplayName(p.Language), When: a.spells(w.Spells)})
		}
		rows[i].WhatIf = whatIfAddress(x.MemberID, from, x.EndsOn)
	}
	return nil
}

// whatIfAddress is the address of the question what somebody's absence would do.
func whatIfAddress(member string, from, to team.Date) string {
	return strings.TrimSuffix(fmt.Sprintf("%s&from=%s&to=%s", whatIfOf(member), from, to), "&to=")
}

// whatIfOf is the address of the question what happens without some members.
func whatIfOf(members ...string) string {
	return "/risk/what-if?" + url.Values{"member": members}.Encode()
}
