package web

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// mapPreviewPage shows how a skill map is read and what it would bring.
type mapPreviewPage struct {
	previewPage
	Reading        []field
	Sides, Format  string
	Doubts         []mapDoubt
	NoRows         bool
	Needs          bool
	Open, Settled  []mapName // people to look at, and those whose name is that of a member
	Skills, Agreed []mapName
	New            int
}

// mapDoubt is a doubt with the cell it is about.
type mapDoubt struct{ Cell, Text string }

// mapName is a name of the file beside what it is taken for.
type mapName struct {
	Noun, Name, About, Hint, Why string
	Choice                       field
	Mail                         field // of people
}

func (s *Server) renderMapPreview(c *fiber.Ctx, i team.Import, o importOptions) error {
	p := mapPreviewPage{previewPage: previewPage{page: s.page(c), Import: i}, Needs: o.Map.Needs}
	p.Nav, p.Title = "skills", p.T("import.check")
	files, err := s.Store.ImportFiles(c.UserContext(), p.Member, i.ID)
	if err != nil {
		return err
	}
	if p.Gone = len(files) == 0; p.Gone {
		return c.Render("imports/map", p)
	}
	m, err := s.readMap(c.UserContext(), files, o.Map)
	p.reading(m, o.Map)
	if err != nil {
		p.NoRows, p.Unread = true, p.unread([]unreadFile{{files[0].Name, unreadReason(err)}})
		return c.Render("imports/map", p)
	}
	plan, err := s.Store.PlanSkillImport(c.UserContext(), p.Member, s.today(), m.Incoming(), o.Map.MapChoices)
	var invalid team.Invalid
	if errors.As(err, &invalid) { // the day came closer than today, by another clock
		p.NoRows = true
		return c.Render("imports/map", p)
	}
	if err != nil {
		return err
	}
	if err := s.mapNames(c, &p, plan); err != nil {
		return err
	}
	for _, d := range m.Doubts {
		p.Doubts = append(p.Doubts, mapDoubt{d.Cell, p.doubt(d)})
	}
	p.Format = p.Word("import_format", m.Format)
	p.Sides = p.T("map_import.found", "People", len(m.People), "Skills", len(m.Skills))
	p.Writes = plan.Writes()
	if o.Map.Typed != "" {
		p.Writes = 0
	}
	p.rows(plan.ImportPlan, c.Query("show"), pageNumber(c))
	p.Notice = p.previewNotice(c.Query("said"), i)
	return c.Render("imports/map", p)
}

// doubt says what is not sure.
func (p page) doubt(d sheet.Doubt) string {
	detail := text.Snippet(d.Detail, 80)
	switch d.Kind {
	case sheet.DoubtScale:
		detail = p.Word("skill_map_scale", d.Detail)
	case sheet.DoubtPeople:
		detail = p.Word("skill_map_side", d.Detail)
	}
	return p.T("skill_map_doubt."+string(d.Kind), "Detail", detail)
}

// reading makes the fields that say how the file is read.
func (p *mapPreviewPage) reading(m sheet.SkillMap, o *mapOptions) {
	kind := field{Name: "kind", Label: p.T("map_import.kind"), Value: string(o.Kind), Hint: p.T("map_import.kind_hint")}
	day := field{Name: "day", Label: p.T("map_import.day"), Value: o.Day.String(), MaxLength: 60, Hint: p.T("map_import.day_hint")}
	if o.Typed != "" {
		day.Value, day.Error = o.Typed, p.T("map_import.no_day")
		if o.Typed == "?" {
			day.Value = ""
		}
	}
	p.Reading = append(p.Reading, choose(p.page, kind, "map_sheet", []team.AssessmentKind{team.Validated, team.Declared}), day)
	if len(m.Sheets) > 1 {
		f := field{Name: "sheet", Label: p.T("import.sheet"), Value: o.Sheet}
		for _, name := range m.Sheets {
			f.Choices = append(f.Choices, choice{name, name, name == o.Sheet})
		}
		p.Reading = append(p.Reading, f)
	}
	scale := field{Name: "scale", Label: p.T("map_import.scale"), Value: string(o.Scale), Choices: []choice{{"", p.foundScale(m, o), o.Scale == ""}}}
	side := field{Name: "people_in", Label: p.T("map_import.people_in"), Value: string(o.PeopleIn), Choices: []choice{{"", p.foundSide(m, o), o.PeopleIn == ""}}}
	head := field{Name: "header_row", Label: p.T("map_import.header_row"), Kind: "number", Value: "", Hint: p.T("map_import.header_hint")}
	if o.HeaderRow > 0 {
		head.Value = strconv.Itoa(o.HeaderRow)
	}
	p.Reading = append(p.Reading, choose(p.page, scale, "skill_map_scale", sheet.Scales()),
		choose(p.page, side, "skill_map_side", []sheet.PeopleIn{sheet.PeopleInRows, sheet.PeopleInColumns}), head)
	if m.Encoding != "" && m.Encoding != text.UTF8 || o.Encoding != "" {
		p.Reading = append(p.Reading, field{Name: "encoding", Label: p.T("import.encoding"), Value: o.Encoding, Choices: encodings(p.page, o.Encoding, m.Encoding)})
	}
}

func (p *mapPreviewPage) foundScale(m sheet.SkillMap, o *mapOptions) string {
	if o.Scale != "" || m.Scale == "" {
		return p.T("import.detect")
	}
	return p.T("import.detected", "Name", p.Word("skill_map_scale", m.Scale))
}

func (p *mapPreviewPage) foundSide(m sheet.SkillMap, o *mapOptions) string {
	if o.PeopleIn != "" || m.PeopleIn == "" {
		return p.T("import.detect")
	}
	return p.T("import.detected", "Name", p.Word("skill_map_side", m.PeopleIn))
}

// mostChoices is up to how many settled names each get the whole list to choose from;
// beyond, two hundred lists of two hundred would be slower to load than to read.
const mostChoices = 60

// mapNames puts the names that somebody should look at before the settled ones.
func (s *Server) mapNames(c *fiber.Ctx, p *mapPreviewPage, plan team.MapPlan) error {
	people, err := s.Store.Members(c.UserContext())
	if err != nil {
		return err
	}
	var all []choice
	for _, m := range people {
		if m.Active && m.Role != team.RoleViewer {
			all = append(all, choice{Value: m.ID, Label: m.DisplayName(p.Language)})
		}
	}
	for n, match := range plan.People {
		one := p.name("person", n, match, all, len(plan.People))
		one.Mail = field{Name: "person_mail", Prefix: strconv.Itoa(n) + "-", Kind: "email", MaxLength: 200, Label: p.T("map_import.mail"), Value: match.Mail}
		if match.Known != "" && !match.Guessed {
			p.Settled = append(p.Settled, one)
		} else {
			p.Open = append(p.Open, one)
		}
	}
	list, err := s.Store.Catalogue(c.UserContext(), p.Member)
	if err != nil {
		return err
	}
	for n, match := range plan.Skills {
		one := p.name("skill", n, match, skillChoices(p.page, list), len(plan.Skills))
		one.About = match.Category
		if match.Known != "" {
			p.Agreed = append(p.Agreed, one)
		} else {
			p.Skills = append(p.Skills, one)
		}
	}
	return nil
}

func skillChoices(p page, list store.Catalogue) (all []choice) {
	for _, k := range list.Skills {
		if k.Active {
			all = append(all, choice{Value: k.ID, Label: k.DisplayName(p.Language)})
		}
	}
	return all
}

// name makes the choice of one name.
func (p *mapPreviewPage) name(noun string, n int, match team.MapMatch, all []choice, names int) mapName {
	f := field{Name: noun, Prefix: strconv.Itoa(n) + "-", Label: p.T("map_import.taken_for", "Name", match.Name), Value: match.Choice}
	f.Choices = []choice{{team.MatchSkip, p.T("map_import.skip"), match.Choice == team.MatchSkip}, {team.MatchNew, p.Word("map_import_new", noun), match.Choice == team.MatchNew}}
	for _, one := range all {
		if one.Chosen = one.Value == match.Choice; one.Chosen || names <= mostChoices || match.Known == "" {
			f.Choices = append(f.Choices, one)
		}
	}
	one := mapName{Noun: noun, Name: match.Name, Choice: f}
	if match.Guessed {
		one.Hint = p.T("map_import.guessed")
	}
	for _, problem := range match.Problems {
		one.Why = p.Word("map_import_problem", problemOf(noun, problem))
	}
	return one
}

// problemOf is the key of the sentence for a name that cannot be added.
func problemOf(noun string, problem team.Problem) string {
	switch {
	case problem.Field == "email" && problem.Rule == team.Required:
		return "no_mail"
	case problem.Field == "email" && problem.Rule == team.Taken:
		return "mail_taken"
	case problem.Field == "email":
		return "bad_mail"
	case problem.Rule == team.Taken && noun == "skill":
		return "put_aside"
	}
	return "other"
}

// mapRow is one cell, or one name, of a skill map.
func (p previewPage) mapRow(r team.ImportRow) previewRow {
	row := previewRow{page: p.page, Row: r, Action: p.Badge("import_action", r.Action), Where: r.Cell}
	if r.Kind != team.KindLevel {
		row.Row.Title = p.T("map_import.of_kind", "Kind", p.Word("import_thing", r.Kind), "Title", r.Title)
	}
	switch {
	case r.Action == team.ImportDuplicate:
		row.Reasons = append(row.Reasons, p.T("import.same_as", "Where", r.FirstFile))
	case r.Action == team.ImportSkip, r.Action == team.ImportProblem && r.Kind != team.KindRequirement:
		row.Reasons = append(row.Reasons, p.T("map_import.left_out", "Count", r.Count))
	case r.Action == team.ImportProblem:
		row.Reasons = p.problems(r.Problems)
	case r.Action == team.ImportKeep:
		row.Reasons = append(row.Reasons, p.T("map_import.said_since"))
	}
	if r.Own {
		row.Reasons = append(row.Reasons, p.T("map_import.own"))
	}
	for _, c := range r.Changes {
		row.Changes = append(row.Changes, team.FieldChange{Field: p.Word("import_field", c.Field), Before: p.levelText(c.Before), After: p.levelText(c.After)})
	}
	return row
}

// levelText writes a level of a preview; none is not 0.
func (p page) levelText(digit string) string {
	if digit == "" {
		return p.T("map_import.not_assessed")
	}
	return digit
}
