package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// mapOptions is how a skill map is read and what a person decided about it.
type mapOptions struct {
	Encoding  string         `json:"encoding,omitempty"`
	Sheet     string         `json:"sheet,omitempty"`
	PeopleIn  sheet.PeopleIn `json:"people_in,omitempty"`
	Scale     sheet.Scale    `json:"scale,omitempty"`
	HeaderRow int            `json:"header_row,omitempty"`
	Typed     string         `json:"typed,omitempty"` // the day as it was typed, where it is none
	team.MapChoices
}

// mapKinds are the kinds of rows that only a skill map has.
var mapKinds = map[string]bool{team.KindLevel: true, team.KindTarget: true, team.KindSkill: true, team.KindMember: true, team.KindCategory: true, team.KindRequirement: true}

// newMapPage is where a skill map is pasted or sent.
type newMapPage struct {
	page
	Unread []string
	Pasted string
	Limit  int
}

func (s *Server) newMapImport(c *fiber.Ctx) error { return s.renderNewMap(c, nil, "") }

func (s *Server) renderNewMap(c *fiber.Ctx, unread []string, pasted string) error {
	p := newMapPage{page: s.page(c), Unread: unread, Pasted: pasted, Limit: sheet.MaxFile >> 20}
	p.Nav, p.Title = "skills", p.T("map_import.title")
	if len(unread) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return c.Render("skills/import", p)
}

// uploadMap takes a skill map and leads to what it would bring. One that cannot be
// read is named, and the form comes back with what was pasted.
func (s *Server) uploadMap(c *fiber.Ctx, p page, u upload) error {
	files, pasted := u.files, u.fields.Get("pasted")
	if strings.TrimSpace(pasted) != "" {
		files = append(files, team.ImportFile{Name: p.T("import.pasted_name"), Content: []byte(pasted)})
	}
	switch len(files) {
	case 0:
		return s.renderNewMap(c, []string{p.T("import.nothing_sent")}, pasted)
	case 1:
	default:
		return s.renderNewMap(c, []string{p.T("map_import.one_file")}, pasted)
	}
	o := importOptions{Map: &mapOptions{MapChoices: team.MapChoices{Kind: team.Validated, Day: s.today(), Needs: true}}}
	m, err := s.readMap(c.UserContext(), files, o.Map)
	if err != nil {
		return s.renderNewMap(c, p.unread([]unreadFile{{files[0].Name, unreadReason(err)}}), pasted)
	}
	o.Map.Sheet = m.Sheet
	options, err := json.Marshal(o)
	if err != nil {
		return err
	}
	i, err := s.Store.AddImport(c.UserContext(), p.Member, files, string(options))
	if err != nil {
		return err
	}
	return c.Redirect("/imports/"+i.ID, fiber.StatusSeeOther)
}

// readMap reads the file of an import as its options say.
func (s *Server) readMap(ctx context.Context, files []team.ImportFile, o *mapOptions) (sheet.SkillMap, error) {
	people, err := s.Store.Members(ctx)
	if err != nil {
		return sheet.SkillMap{}, err
	}
	var names []string
	for _, m := range people {
		names = append(names, m.Name, m.NameEn)
	}
	f := files[0]
	return sheet.ReadSkillMap(f.Name, f.Content, sheet.SkillMapOptions{Encoding: o.Encoding, Sheet: o.Sheet, PeopleIn: o.PeopleIn, Scale: o.Scale,
		HeaderRow: o.HeaderRow, Members: names})
}

func (s *Server) incomingMap(ctx context.Context, files []team.ImportFile, o *mapOptions) (team.IncomingMap, error) {
	m, err := s.readMap(ctx, files, o)
	return m.Incoming(), err
}

// changeMap keeps what the form of a skill map says, and then looks again or runs.
func (s *Server) changeMap(c *fiber.Ctx, i team.Import, o importOptions) error {
	f := body(c)
	before := fmt.Sprintf("%+v", *o.Map)
	o.Map.fill(f, s.today())
	changed := fmt.Sprintf("%+v", *o.Map) != before
	if err := s.keepOptions(c, i.ID, o); err != nil {
		return err
	}
	to := "/imports/" + i.ID
	switch {
	case f.Get("run") != "" && !changed && o.Map.Typed == "":
		s.runImport(member(c), i, o)
	case f.Get("run") != "" && o.Map.Typed == "":
		to += "?said=look"
	case o.Map.Typed != "":
		to += "#reading"
	default:
		to += "?" + previewAddress(f.Get("go")) + "#" + mapAnchor(f)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// mapAnchor is the part of the preview that somebody was at.
func mapAnchor(f url.Values) string {
	if f.Get("go") == "" {
		return "reading"
	}
	return "rows"
}

// fill takes what a form says; what it does not hold stays.
func (o *mapOptions) fill(f url.Values, today team.Date) {
	was := [5]any{o.Encoding, o.Sheet, o.PeopleIn, o.Scale, o.HeaderRow}
	if f.Has("kind") {
		o.Encoding, o.Sheet = f.Get("encoding"), f.Get("sheet")
		o.PeopleIn, o.Scale = sheet.PeopleIn(oneOf(f.Get("people_in"), "rows", "columns")), ""
		for _, scale := range sheet.Scales() {
			if string(scale) == f.Get("scale") {
				o.Scale = scale
			}
		}
		o.HeaderRow, _ = strconv.Atoi(f.Get("header_row"))
		o.HeaderRow = min(max(o.HeaderRow, 0), 1_000_000)
		o.Kind, o.Needs = team.AssessmentKind(oneOf(f.Get("kind"), string(team.Validated), string(team.Declared))), f.Get("needs") != ""
		o.setDay(f.Get("day"), today)
	}
	if was != [5]any{o.Encoding, o.Sheet, o.PeopleIn, o.Scale, o.HeaderRow} {
		return // other names may stand there now
	}
	o.People = chosen(o.People, f["person_name"], f["person"], f["person_shown"])
	o.Mails = chosen(o.Mails, f["person_name"], f["person_mail"], f["person_mail_shown"])
	o.Skills = chosen(o.Skills, f["skill_name"], f["skill"], f["skill_shown"])
}

// setDay reads the day as people write it; what is no day, or has not come yet, is kept
// for them to correct.
func (o *mapOptions) setDay(typed string, today team.Date) {
	if typed == o.Day.String() {
		o.Typed = ""
		return
	}
	year, month, day, ok := text.ParseDate(typed, today.Time())
	d, err := team.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	if !ok || err != nil || today.Before(d) {
		o.Typed = text.Snippet(text.Clean(typed), 60)
		if o.Typed == "" {
			o.Typed = "?"
		}
		return
	}
	o.Day, o.Typed = d, ""
}

// oneOf returns a value of a list, the first where it is none of them.
func oneOf(value string, values ...string) string {
	for _, v := range values {
		if v == value {
			return v
		}
	}
	if values[0] == "rows" {
		return "" // found out
	}
	return values[0]
}

// chosen notes the choices beside names that are not what was shown.
func chosen(before map[string]string, names, values, shown []string) map[string]string {
	if len(names) != len(values) || len(names) != len(shown) {
		return before
	}
	for n, name := range names {
		key := text.Key(name)
		if key == "" || len(key) > 400 || len(values[n]) > 300 || values[n] == shown[n] {
			continue
		}
		if before == nil {
			before = map[string]string{}
		}
		before[key] = text.Clean(values[n])
	}
	return before
}
