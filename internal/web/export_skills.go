package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// exportMap sends the map as this person may see it: a workbook with a sheet for the
// confirmed levels and one for people's own words, or one of them as CSV. Both are
// read back as they are by the import.
func (s *Server) exportMap(c *fiber.Ctx) error {
	p := s.page(c)
	m, err := s.Store.SkillMap(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	kind := team.Validated
	if c.Query("kind") == string(team.Declared) {
		kind = team.Declared
	}
	if wantsCSV(c) {
		rows := p.mapSheet(m, kind).Lines(p.mapWords())
		return s.sendCSV(c, "skill-map-"+string(kind), rows[0], rows[1:])
	}
	var sheets []sheet.SkillMapSheet
	for _, kind := range []team.AssessmentKind{team.Validated, team.Declared} {
		sheets = append(sheets, sheet.SkillMapSheet{Name: p.Word("map_sheet", kind), Rows: p.mapSheet(m, kind).Lines(p.mapWords())})
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, sheets); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="tasuki-skill-map-`+s.today().String()+`.xlsx"`)
	return c.Send(b.Bytes())
}

// mapWords are the headings that the import knows in this language.
func (p page) mapWords() sheet.SkillMapWords {
	return sheet.SkillMapWords{About: p.T("map_sheet.about"), Category: p.T("map_sheet.category"), Name: p.T("map_sheet.name"), Mail: p.T("map_sheet.mail"),
		Kind: p.T("map_sheet.kind"), Now: p.T("map_sheet.now"), Target: p.T("map_sheet.target"), RequiredLevel: p.T("map_sheet.required_level"),
		RequiredPeople: p.T("map_sheet.required_people")}
}

// mapSheet is one kind of levels of the map, with the targets beside the confirmed ones.
func (p page) mapSheet(m team.SkillMap, kind team.AssessmentKind) sheet.SkillMap {
	var out sheet.SkillMap
	names, categories := map[string]int{}, map[string]string{}
	for _, person := range m.Members {
		names[text.Key(person.DisplayName(p.Language))]++
	}
	for _, person := range m.Members {
		name := person.DisplayName(p.Language)
		if names[text.Key(name)] > 1 {
			name += " <" + person.Email + ">"
		}
		out.People, out.Mails = append(out.People, name), append(out.Mails, person.Email)
		out.Levels, out.Targets = append(out.Levels, make([]*int, len(m.Skills))), append(out.Targets, make([]*int, len(m.Skills)))
	}
	for _, g := range m.Categories {
		categories[g.ID] = g.DisplayName(p.Language)
	}
	for i, k := range m.Skills {
		required, minimum := int(k.RequiredLevel), k.Minimum
		out.Skills, out.Categories = append(out.Skills, k.DisplayName(p.Language)), append(out.Categories, categories[k.CategoryID])
		out.RequiredLevels, out.RequiredPeople = append(out.RequiredLevels, &required), append(out.RequiredPeople, &minimum)
		for j, cell := range m.Cells[i] {
			out.Levels[j][i] = figure(levelOf(cell, kind, m.Day))
			if cell.Target != nil && kind == team.Validated {
				out.Targets[j][i] = figure(cell.Target.Level)
			}
		}
	}
	return out
}

func levelOf(cell team.Cell, kind team.AssessmentKind, day team.Date) team.Level {
	if kind == team.Declared {
		return cell.Declared.On(day)
	}
	return cell.Validated.On(day)
}

// figure is nil for what is not assessed.
func figure(l team.Level) *int {
	if !l.Assessed() {
		return nil
	}
	n := int(l)
	return &n
}
