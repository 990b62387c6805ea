package risk

import "tasuki/internal/team"

// FutureOf returns who of a skill map will hold what in the days after it, as far as
// is known on its day: a confirmed level until it runs out, then the person's own word.
func FutureOf(m team.SkillMap, planned []team.Absence) Future {
	f := Future{Skills: make([]Skill, len(m.Skills)), Holdings: make([][]Holding, len(m.Skills))}
	for s, k := range m.Skills {
		f.Skills[s] = Skill{ID: k.ID, Required: int(k.RequiredLevel), Minimum: k.Minimum, Critical: k.Critical, Weight: float64(k.Weight)}
		for p, c := range m.Cells[s] {
			f.Holdings[s] = append(f.Holdings[s], holdings(c, m.Members[p].ID, k.RequiredLevel, m.Day)...)
		}
	}
	for _, a := range planned {
		f.Away = append(f.Away, Away{Member: a.MemberID, From: a.StartsOn, To: a.EndsOn})
	}
	return f
}

// holdings returns when somebody holds a skill: one run of days, or two where their own
// word counts again after what was confirmed has run out.
func holdings(c team.Cell, member string, required team.Level, day team.Date) (list []Holding) {
	confirmed, until := c.Validated.On(day), team.Date{}
	if confirmed.Assessed() {
		until = c.Validated.ValidTo
		if confirmed >= required {
			list = append(list, Holding{Member: member, To: until})
		}
		if until.IsZero() {
			return list
		}
		day = until.AddDays(1)
	}
	if own := min(c.Declared.On(day), team.DeclaredCap); own.Assessed() && own >= required {
		h := Holding{Member: member, To: c.Declared.ValidTo}
		if confirmed.Assessed() {
			h.From = day
		}
		list = append(list, h)
	}
	return list
}
