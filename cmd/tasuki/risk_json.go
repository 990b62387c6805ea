package main

import (
	"slices"

	"tasuki/internal/jsonfile"
	"tasuki/internal/risk"
	"tasuki/internal/sheet"
)

// skillMap is who stands where in which skill, as a file says.
type skillMap struct {
	members []string
	skills  []risk.Skill
	levels  [][]int  // of a member: in each skill
	unknown []string // where the file holds something that was left out
	doubts  []sheet.Doubt

	needsRead int // skills whose requirement a table tells
}

// newSkillMap returns a map in which every skill needs one person at level 3; level
// tells where somebody stands, risk.NotAssessed included. It is what a table gives
// that says no more than names and levels.
func newSkillMap(members, skills []string, level func(member, skill int) int) skillMap {
	m := skillMap{members: members}
	for _, id := range skills {
		m.skills = append(m.skills, usualSkill(id))
	}
	for p := range members {
		row := make([]int, len(skills))
		for s := range skills {
			row[s] = level(p, s)
		}
		m.levels = append(m.levels, row)
	}
	return m
}

func usualSkill(id string) risk.Skill {
	return risk.Skill{ID: id, Required: 3, Minimum: 1, Critical: true, Weight: 1}
}

func (m skillMap) department() risk.Department {
	return risk.New(m.members, m.skills, func(p, s int) int { return m.levels[p][s] })
}

// The limits of a file. The numbers look at every group of three people, so many
// more members than this would take minutes.
const (
	mostEntries = 1000
	mostHeads   = 1_000_000
	mostWeight  = 1_000_000_000
)

// jsonMap takes a skill map out of a file; the first problem ends it.
type jsonMap struct {
	jsonfile.Values
	skillMap
}

// readSkillMapJSON reads a skill map. A level that is missing or null is not
// assessed; names that it does not know are left out and listed in unknown. The error
// is a jsonfile.Problem.
func readSkillMapJSON(content string) (skillMap, error) {
	whole, err := jsonfile.Read(content, mostEntries)
	if err != nil {
		return skillMap{}, err
	}
	var m jsonMap
	if m.Object(whole, "members", "skills", "levels"); m.Err != nil {
		return skillMap{}, m.Err
	}
	for _, part := range m.List(m.Need(whole, "members")) {
		m.members = append(m.members, m.name(part, m.members))
	}
	var ids []string
	for _, part := range m.List(m.Need(whole, "skills")) {
		s := m.skill(part, ids)
		ids, m.skills = append(ids, s.ID), append(m.skills, s)
	}
	m.levelsOf(m.Need(whole, "levels"))
	m.unknown = m.Unknown
	return m.skillMap, m.Err
}

// name returns a text that no other one has.
func (m *jsonMap) name(p jsonfile.Part, others []string) string {
	s := m.Text(p)
	if slices.Contains(others, s) {
		m.Fail(p, "twice", "Name", s)
	}
	return s
}

func (m *jsonMap) skill(p jsonfile.Part, others []string) risk.Skill {
	s := usualSkill("")
	if !m.Object(p, "id", "required_level", "minimum", "critical", "weight") {
		return s
	}
	s.ID = m.name(m.Need(p, "id"), others)
	if part, ok := p.Get("required_level"); ok {
		s.Required = m.Whole(part, 0, 4)
	}
	if part, ok := p.Get("minimum"); ok {
		s.Minimum = m.Whole(part, 0, mostHeads)
	}
	if part, ok := p.Get("weight"); ok {
		s.Weight = m.Number(part, mostWeight)
	}
	if part, ok := p.Get("critical"); ok {
		s.Critical = m.Bool(part)
	}
	return s
}

// levelsOf reads where everybody stands. A member or a skill that the file does not
// have is a slip of the pen that would change the numbers, so it is refused.
func (m *jsonMap) levelsOf(p jsonfile.Part) {
	if !m.Names(p) {
		return
	}
	member, skill := map[string]int{}, map[string]int{}
	for s, wanted := range m.skills {
		skill[wanted.ID] = s
	}
	for i, name := range m.members {
		member[name] = i
		m.levels = append(m.levels, slices.Repeat([]int{risk.NotAssessed}, len(m.skills)))
	}
	for i, part := range p.Parts {
		who, ok := member[p.Names[i]]
		if !ok {
			m.Fail(part, "unknown_member", "Name", p.Names[i])
			return
		}
		m.row(part, skill, m.levels[who])
	}
}

func (m *jsonMap) row(p jsonfile.Part, skill map[string]int, into []int) {
	if !m.Names(p) {
		return
	}
	for i, part := range p.Parts {
		s, ok := skill[p.Names[i]]
		switch {
		case !ok:
			m.Fail(part, "unknown_skill", "Name", p.Names[i])
			return
		case !part.Null(): // null is not assessed
			into[s] = m.Whole(part, 0, 4)
		}
	}
}
