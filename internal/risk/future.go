package risk

import "tasuki/internal/team"

// FutureOf returns who holds what on the day of a skill map, and what is planned. A
// level that runs out later is taken as confirmed again: when it has to be is a
// question of its own, and the same with everybody there.
func FutureOf(m team.SkillMap, planned []team.Absence) Future {
	f := Future{Skills: make([]Skill, len(m.Skills)), Holdings: make([][]Holding, len(m.Skills))}
	for s, k := range m.Skills {
		f.Skills[s] = Skill{ID: k.ID, Required: int(k.RequiredLevel), Minimum: k.Minimum, Critical: k.Critical, Weight: float64(k.Weight)}
		for p, c := range m.Cells[s] {
			if l := c.On(m.Day); l.Assessed() && l >= k.RequiredLevel {
				f.Holdings[s] = append(f.Holdings[s], Holding{Member: m.Members[p].ID})
			}
		}
	}
	for _, a := range planned {
		f.Away = append(f.Away, Away{Member: a.MemberID, From: a.StartsOn, To: a.EndsOn})
	}
	return f
}

// Alone counts, by member, the critical skills that losing them breaks.
func (f Future) Alone() map[string]int {
	count := map[string]int{}
	for s, skill := range f.Skills {
		if !skill.Critical || skill.Minimum == 0 || len(f.Holdings[s]) != skill.Minimum {
			continue
		}
		for _, h := range f.Holdings[s] {
			count[h.Member]++
		}
	}
	return count
}
