package web

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// mapPlace is a cell of the map with what surrounds it, as one person may see it.
type mapPlace struct {
	m       team.SkillMap
	skill   team.Skill
	member  team.Member
	cell    team.Cell
	own     bool
	mayRate bool // give a level: one's own word, or a confirmation
	mayAim  bool // set the target
}

// place finds a cell by what its link says.
func (s *Server) place(c *fiber.Ctx, skill, person string) (at mapPlace, err error) {
	at.m, err = s.Store.SkillMap(c.UserContext(), member(c), s.today())
	if err != nil {
		return at, err
	}
	return at, at.find(member(c), skill, person)
}

func (at *mapPlace) find(by team.Member, skill, person string) error {
	i, j := skillAt(at.m, skill), memberAt(at.m, person)
	if i < 0 || j < 0 {
		return team.ErrNotFound
	}
	at.skill, at.member, at.cell = at.m.Skills[i], at.m.Members[j], at.m.Cells[i][j]
	at.own = at.member.ID == by.ID
	at.mayRate = team.CanDeclare(by, at.member.ID) || team.CanValidate(by, expertIn(at.m, i, by), at.member.ID)
	at.mayAim = team.CanSetTarget(by, at.member.ID)
	return nil
}

// expertIn tells whether somebody may confirm others in a skill.
func expertIn(m team.SkillMap, i int, by team.Member) bool {
	j := memberAt(m, by.ID)
	return j >= 0 && m.Cells[i][j].Validated.On(m.Day) == team.Deciding
}

func skillAt(m team.SkillMap, link string) int {
	ids := make([]string, len(m.Skills))
	for i, k := range m.Skills {
		ids[i] = k.ID
	}
	return indexMeant(ids, link)
}

func memberAt(m team.SkillMap, link string) int {
	ids := make([]string, len(m.Members))
	for j, person := range m.Members {
		ids[j] = person.ID
	}
	return indexMeant(ids, link)
}

func indexMeant(ids []string, link string) int {
	id := meant(ids, link)
	for i := range ids {
		if ids[i] == id {
			return i
		}
	}
	return -1
}

// kind is whose word a level is that somebody gives here.
func (at mapPlace) kind() team.AssessmentKind {
	if at.own {
		return team.Declared
	}
	return team.Validated
}

func (at mapPlace) lastID() string {
	if last := lastOf(at.cell, at.own); last != nil {
		return last.ID
	}
	return ""
}

// cellPage shows one person's skill: what is known, forms for who may fill them, and
// the history. Its part stands beside the map too.
type cellPage struct {
	page
	Action, Back, Whose, Skill string
	Counts                     string // the level that counts for coverage
	Facts                      []field
	Level, Target              *form
	Last, LastTarget           string
	Anchors                    []string
	History                    []historyRow
	Conflict                   *cellConflict
	Beside                     bool // the map: the part says itself which cell it is
}

// cellConflict is what somebody else saved meanwhile, beside what was typed.
type cellConflict struct{ Text, Keep, Mine string }

// historyRow is a line of the history of a cell.
type historyRow struct{ Day, Who, Kind, Level, Note, Until, Href string }

func (s *Server) showCell(c *fiber.Ctx) error {
	at, err := s.place(c, c.Params("id"), c.Params("member"))
	if err != nil {
		return err
	}
	p, err := s.cellPage(c, at, levelValues(at), targetValues(at))
	if err != nil {
		return err
	}
	if isHTMX(c) {
		p.Beside = true
		return c.Render("skills/_cell", p)
	}
	return c.Render("skills/cell", p)
}

func levelValues(at mapPlace) url.Values {
	v := url.Values{"last": {at.lastID()}}
	if last := lastOf(at.cell, at.own); last != nil {
		v.Set("level", last.Level.String())
		v.Set("confidence", strconv.Itoa(last.Confidence))
	}
	return v
}

func targetValues(at mapPlace) url.Values {
	if at.cell.Target == nil {
		return url.Values{}
	}
	return url.Values{"last": {at.cell.Target.ID}, "target": {at.cell.Target.Level.String()}, "due": {at.cell.Target.Due.String()}}
}

// cameFrom is the way the map was looked at before: what a form says, else the page
// whose link was followed.
func (s *Server) cameFrom(c *fiber.Ctx, v url.Values) string {
	before := v.Get("back")
	if before == "" {
		before = c.Get(fiber.HeaderReferer)
	}
	u, err := url.Parse(before)
	if err != nil || u.Path != "/skills/map" {
		return mapQuery{View: mapViews[0], Sort: mapSorts[0]}.Address()
	}
	return readMapQuery(u.Query(), s.today()).Address()
}

func (s *Server) cellPage(c *fiber.Ctx, at mapPlace, level, target url.Values) (cellPage, error) {
	p := cellPage{page: s.page(c), Action: "/skills/map/" + url.PathEscape(at.skill.ID) + "/" + url.PathEscape(at.member.ID)}
	p.Whose, p.Skill, p.Nav = at.member.DisplayName(p.Language), at.skill.DisplayName(p.Language), "skills"
	p.Title, p.Back = p.T("map.cell", "Name", p.Whose, "Skill", p.Skill), s.cameFrom(c, level)
	p.Counts, p.Last, p.LastTarget = orDash(at.cell.On(at.m.Day)), level.Get("last"), target.Get("last")
	for _, l := range team.Levels {
		p.Anchors = append(p.Anchors, p.anchor(at.skill, l))
	}
	p.Facts = p.facts(at)
	if at.mayRate {
		p.Level = p.levelForm(at, level)
	}
	if at.mayAim {
		p.Target = p.targetForm(target)
	}
	return p, s.addHistory(c, &p, at)
}

// facts are the levels by whose word they are; what is computed only for those who
// may see it.
func (p cellPage) facts(at mapPlace) []field {
	said := func(a *team.Assessment) string {
		switch {
		case a == nil || !a.Level.Assessed():
			return p.T("map.not_assessed")
		case !a.On(at.m.Day).Assessed():
			return p.T("map.ran_out", "Level", a.Level.String(), "Day", p.Date(a.ValidTo))
		case !a.ValidTo.IsZero():
			return p.T("map.level_until", "Level", a.Level.String(), "Day", p.Date(a.ValidTo))
		}
		return p.T("map.level_since", "Level", a.Level.String(), "Day", p.Date(a.Day))
	}
	list := []field{{Label: p.T("map.counts"), Value: orLong(p.page, at.cell.On(at.m.Day))},
		{Label: p.Word("assessment_kind", team.Declared), Value: said(at.cell.Declared)}, {Label: p.Word("assessment_kind", team.Validated), Value: said(at.cell.Validated)}}
	list = append(list, p.certified(at)...)
	if team.CanSeeFigures(p.Member, at.member.ID) {
		list = append(list, field{Label: p.T("map.observed"), Value: orLong(p.page, at.cell.Observed)})
		aim := p.T("map.no_target")
		if g := at.cell.Target; g != nil && g.Level.Assessed() && g.Due.IsZero() {
			aim = g.Level.String()
		} else if g != nil && g.Level.Assessed() {
			aim = p.T("map.level_until", "Level", g.Level.String(), "Day", p.Date(g.Due))
		}
		list = append(list, field{Label: p.T("map.target"), Value: aim})
	}
	return list
}

// certified says which valid certificates show the skill, and with what level.
func (p cellPage) certified(at mapPlace) (list []field) {
	for _, g := range at.cell.Granted {
		if !g.Covers(at.m.Day) {
			continue
		}
		said := p.T("map.evidence_only")
		switch {
		case g.Level.Assessed() && g.To.IsZero():
			said = p.T("map.level_since", "Level", g.Level.String(), "Day", p.Date(g.From))
		case g.Level.Assessed():
			said = p.T("map.level_until", "Level", g.Level.String(), "Day", p.Date(g.To))
		}
		list = append(list, field{Label: p.T("map.certificate", "Name", g.DisplayName(p.Language)), Value: said})
	}
	return list
}

func orLong(p page, l team.Level) string {
	if !l.Assessed() {
		return p.T("map.not_assessed")
	}
	return l.String()
}

// levelChoices lists the levels with their sentences; none says what no level means.
func (p cellPage) levelChoices(chosen, none string) []choice {
	list := []choice{{"", none, chosen == ""}}
	for _, l := range team.Levels {
		list = append(list, choice{l.String(), l.String() + " " + p.Anchors[l], chosen == l.String()})
	}
	return list
}

func (p cellPage) levelForm(at mapPlace, v url.Values) *form {
	f := &form{Fields: []field{{Name: "level", Label: p.Word("map_level", at.kind()), Value: v.Get("level"), Choices: p.levelChoices(v.Get("level"), p.T("map.not_assessed"))}}}
	switch {
	case at.own && at.skill.Incident: // elsewhere nobody has to be sure under pressure
		sure := field{Name: "confidence", Label: p.T("map.confidence"), Value: v.Get("confidence"), Hint: p.T("map.confidence_hint")}
		for n := range 6 {
			label := strconv.Itoa(n)
			if n == 0 {
				label = p.T("common.not_said")
			}
			sure.Choices = append(sure.Choices, choice{strconv.Itoa(n), label, v.Get("confidence") == strconv.Itoa(n)})
		}
		f.Fields = append(f.Fields, sure)
	case !at.own:
		f.Fields = append(f.Fields, field{Name: "valid_to", Label: p.T("map.valid_to"), Kind: "date", Value: v.Get("valid_to"), Hint: p.T("map.valid_to_hint")})
	}
	f.Fields = append(f.Fields, field{Name: "note", Label: p.T("map.note"), Value: v.Get("note"), Rows: 2, Hint: p.T("map.note_hint"), MaxLength: 500})
	return f
}

func (p cellPage) targetForm(v url.Values) *form {
	return &form{Fields: []field{
		{Name: "target", Label: p.T("map.target_level"), Value: v.Get("target"), Choices: p.levelChoices(v.Get("target"), p.T("map.no_target"))},
		{Name: "due", Label: p.T("map.due"), Kind: "date", Value: v.Get("due")}}}
}

func (s *Server) addHistory(c *fiber.Ctx, p *cellPage, at mapPlace) error {
	list, targets, err := s.Store.LevelHistory(c.UserContext(), p.Member, at.member.ID, at.skill.ID)
	if err != nil {
		return err
	}
	names, err := s.names(c)
	for _, a := range list {
		p.History = append(p.History, historyRow{Day: p.Date(a.Day), Who: names[a.By], Kind: p.Word("assessment_kind", a.Kind), Level: orDash(a.Level), Note: a.Note, Until: p.Date(a.ValidTo)})
	}
	if team.CanSeeFigures(p.Member, at.member.ID) {
		for _, g := range targets {
			p.History = append(p.History, historyRow{Day: p.Date(g.Day), Who: names[g.By], Kind: p.T("map.target"), Level: orDash(g.Level), Until: p.Date(g.Due)})
		}
	}
	for _, g := range at.cell.Granted {
		p.History = append(p.History, historyRow{Day: p.Date(g.From), Kind: p.T("map.certificate", "Name", g.DisplayName(p.Language)), Level: orDash(g.Level), Until: p.Date(g.To),
			Href: "/certificates/" + url.PathEscape(g.CertificateID)})
	}
	return err
}

// typedLevel reads the form of a level.
func typedLevel(at mapPlace, v url.Values) (store.LevelChange, error) {
	a := team.Assessment{MemberID: at.member.ID, SkillID: at.skill.ID, Kind: at.kind(), Level: readLevel(v.Get("level")), Note: v.Get("note")}
	if at.own && v.Get("confidence") != "" {
		a.Confidence = number(v, "confidence")
	}
	until, err := team.ParseDate(v.Get("valid_to"))
	if err != nil {
		return store.LevelChange{}, team.Invalid{{Field: "valid_to", Rule: team.NotADate}}
	}
	if !at.own {
		a.ValidTo = until
	}
	return store.LevelChange{Assessment: a, Last: v.Get("last")}, nil
}

// readLevel reads a digit; nothing takes a level back, and anything else is refused
// by Validate.
func readLevel(s string) team.Level {
	if s == "" {
		return team.NotAssessed
	}
	if n, err := strconv.Atoi(s); err == nil && len(s) == 1 {
		return team.Level(n)
	}
	return team.Deciding + 1
}

func (s *Server) saveCell(c *fiber.Ctx) error {
	at, err := s.place(c, c.Params("id"), c.Params("member"))
	if err == nil && !at.mayRate {
		err = team.ErrForbidden
	}
	if err != nil {
		return err
	}
	v := body(c)
	change, err := typedLevel(at, v)
	var newer []team.Assessment
	if err == nil {
		newer, err = s.Store.SaveLevels(c.UserContext(), member(c), s.today(), []store.LevelChange{change})
	}
	if err == nil {
		return c.Redirect(withDone(s.cameFrom(c, v)), fiber.StatusSeeOther)
	}
	return s.refuseCell(c, at, v, targetValues(at), err, func(p *cellPage) error { return s.explainNewer(c, p, newer, change) })
}

func withDone(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/skills/map"
	}
	q := u.Query()
	q.Set("done", "saved")
	return u.Path + "?" + q.Encode()
}

// refuseCell shows the forms again with what was typed, and beside it what is wrong
// or what somebody else saved.
func (s *Server) refuseCell(c *fiber.Ctx, at mapPlace, level, target url.Values, err error, explain func(*cellPage) error) error {
	var invalid team.Invalid
	stale := errors.Is(err, team.ErrStale)
	if !stale && !errors.As(err, &invalid) {
		return err
	}
	p, problem := s.cellPage(c, at, level, target)
	if problem != nil {
		return problem
	}
	if stale {
		c.Status(fiber.StatusConflict)
		if err := explain(&p); err != nil {
			return err
		}
		return c.Render("skills/cell", p)
	}
	c.Status(fiber.StatusUnprocessableEntity)
	p.Level.explainIf(p.page, err)
	p.Target.explainIf(p.page, err)
	return c.Render("skills/cell", p)
}

func (f *form) explainIf(p page, err error) {
	if f == nil {
		return
	}
	f.explain(p, err)
	if len(f.Problems()) == 0 {
		f.Summary = ""
	}
}

func (s *Server) explainNewer(c *fiber.Ctx, p *cellPage, newer []team.Assessment, mine store.LevelChange) error {
	names, err := s.names(c)
	for _, a := range newer {
		p.Last = a.ID
		p.Conflict = &cellConflict{Text: p.newerText(names, a, mine.Level), Keep: orLong(p.page, a.Level), Mine: orLong(p.page, mine.Level)}
	}
	return err
}

// newerText says who was first, with both values.
func (p page) newerText(names map[string]string, a team.Assessment, mine team.Level) string {
	if names[a.By] == "" {
		return p.T("map.newer_nobody", "Theirs", orLong(p, a.Level), "Mine", orLong(p, mine))
	}
	return p.T("map.newer", "Name", names[a.By], "Day", p.Time(a.MadeAt), "Theirs", orLong(p, a.Level), "Mine", orLong(p, mine))
}

func (s *Server) saveCellTarget(c *fiber.Ctx) error {
	at, err := s.place(c, c.Params("id"), c.Params("member"))
	if err == nil && !at.mayAim {
		err = team.ErrForbidden
	}
	if err != nil {
		return err
	}
	v := body(c)
	due, err := team.ParseDate(v.Get("due"))
	if err != nil {
		err = team.Invalid{{Field: "due", Rule: team.NotADate}}
	}
	g := team.Target{MemberID: at.member.ID, SkillID: at.skill.ID, Level: readLevel(v.Get("target")), Due: due}
	if err == nil && g.Level > team.Deciding {
		err = team.Invalid{{Field: "target", Rule: team.NotValid}}
	}
	if err == nil {
		_, err = s.Store.SaveTarget(c.UserContext(), member(c), s.today(), g, v.Get("last"))
	}
	if err == nil {
		return c.Redirect(withDone(s.cameFrom(c, v)), fiber.StatusSeeOther)
	}
	level := levelValues(at)
	level.Set("back", v.Get("back"))
	return s.refuseCell(c, at, level, v, err, func(p *cellPage) error {
		p.LastTarget = targetValues(at).Get("last")
		theirs := team.NotAssessed
		if at.cell.Target != nil {
			theirs = at.cell.Target.Level
		}
		p.Conflict = &cellConflict{Text: p.T("map.newer_target", "Theirs", orLong(p.page, theirs), "Mine", orLong(p.page, g.Level)), Keep: orLong(p.page, theirs), Mine: orLong(p.page, g.Level)}
		return nil
	})
}
