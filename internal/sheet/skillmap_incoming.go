package sheet

import "tasuki/internal/team"

// Incoming returns the map in the form in which a department takes it in.
func (m SkillMap) Incoming() team.IncomingMap {
	in := team.IncomingMap{File: m.File}
	for i, name := range m.People {
		in.People = append(in.People, team.IncomingName{Name: name, Mail: m.Mails[i], Required: team.NotAssessed, Minimum: -1})
	}
	for i, name := range m.Skills {
		k := team.IncomingName{Name: name, Category: m.Categories[i], Required: team.NotAssessed, Minimum: -1}
		if level := m.RequiredLevels[i]; level != nil {
			k.Required = team.Level(*level)
		}
		if people := m.RequiredPeople[i]; people != nil {
			k.Minimum = *people
		}
		in.Skills = append(in.Skills, k)
	}
	for p := range m.People {
		for s := range m.Skills {
			if level := m.Levels[p][s]; level != nil {
				in.Levels = append(in.Levels, team.IncomingLevel{Person: p, Skill: s, Level: team.Level(*level), Cell: m.LevelCells[p][s]})
			}
			if level := m.Targets[p][s]; level != nil {
				in.Levels = append(in.Levels, team.IncomingLevel{Person: p, Skill: s, Level: team.Level(*level), Target: true, Cell: m.TargetCells[p][s]})
			}
		}
	}
	return in
}
