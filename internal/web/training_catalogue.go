package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// coursesPage is the catalogue of trainings.
type coursesPage struct {
	page
	Rows, Aside []courseRow // Aside are those that are not on offer any more, for leads
	Filter      form
	Narrow      bool
	Any         bool // there is a training at all
	ShowEffect  bool
	Unlisted    []store.UnlistedTraining
}

// courseRow is a training with what it costs and what became of those who went.
type courseRow struct {
	Course                  team.Training
	Name, Kind, Hours       string
	Days, Fee, Class, Seats string
	Skills                  []string
	Effect                  string // "" where it cannot be told
	Open                    int    // of whom it cannot be said yet
}

// courseFilter is what narrows the catalogue.
type courseFilter struct{ Words, Kind, Skill string }

func (s *Server) listCourses(c *fiber.Ctx) error {
	p := coursesPage{page: s.page(c)}
	p.Title, p.Nav = p.T("course.title"), "certificates"
	f := courseFilter{Words: text.Clean(c.Query("words")), Kind: c.Query("kind"), Skill: c.Query("skill")}
	list, err := s.Store.Trainings(c.UserContext(), p.Member)
	if err != nil {
		return err
	}
	names, err := s.skillNames(c, p.page)
	if err != nil {
		return err
	}
	effects, err := s.Store.TrainingEffects(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	p.Any, p.Narrow = len(list) > 0, f != courseFilter{}
	for _, n := range list {
		if !f.matches(n) {
			continue
		}
		row := p.courseRow(n, names, effects)
		p.ShowEffect = p.ShowEffect || row.Effect != "" || row.Open > 0
		if n.Active {
			p.Rows = append(p.Rows, row)
		} else if p.CanManage() {
			p.Aside = append(p.Aside, row)
		}
	}
	p.Filter.Fields = p.courseFilter(f, list, names)
	if p.CanManage() {
		if p.Unlisted, err = s.Store.UnlistedTrainings(c.UserContext(), p.Member); err != nil {
			return err
		}
	}
	if c.Query("done") == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("trainings/catalogue", p)
}

func (f courseFilter) matches(n team.Training) bool {
	return (f.Kind == "" || f.Kind == string(n.Kind)) && strings.Contains(text.Key(n.Title+" "+n.TitleEn+" "+n.Provider), text.Key(f.Words)) &&
		(f.Skill == "" || slices.ContainsFunc(n.Skills, func(k team.TrainingSkill) bool { return k.SkillID == f.Skill }))
}

// courseFilter offers the skills that some training leads to.
func (p page) courseFilter(f courseFilter, list []team.Training, names map[string]string) []field {
	kind := choose(p, field{Name: "kind", Label: p.T("training.kind"), Value: f.Kind, Choices: []choice{{Label: p.T("common.all")}}}, "training_kind", team.TrainingKinds)
	skill := field{Name: "skill", Label: p.T("training.skill"), Value: f.Skill, Choices: []choice{{Label: p.T("common.all")}}}
	seen := map[string]bool{}
	for _, n := range list {
		for _, k := range n.Skills {
			if !seen[k.SkillID] {
				seen[k.SkillID] = true
				skill.Choices = append(skill.Choices, choice{k.SkillID, names[k.SkillID], k.SkillID == f.Skill})
			}
		}
	}
	slices.SortStableFunc(skill.Choices[1:], func(a, b choice) int { return strings.Compare(a.Label, b.Label) })
	return []field{{Name: "words", Label: p.T("training.words"), Kind: "search", Value: f.Words}, kind, skill}
}

func (p page) courseRow(n team.Training, names map[string]string, effects map[string]team.TrainingEffect) courseRow {
	row := courseRow{Course: n, Name: n.DisplayTitle(p.Language), Kind: p.Word("training_kind", n.Kind), Hours: hours(n.Minutes), Fee: yen(n.Fee)}
	if n.Days > 0 {
		row.Days = p.T("course.days_count", "Count", n.Days)
	}
	if n.ClassCost > 0 {
		row.Class = p.T("course.class_cost_of", "Cost", yen(n.ClassCost))
	}
	if n.Seats > 0 {
		row.Seats = p.T("common.people", "Count", n.Seats)
	}
	for _, k := range n.Skills {
		word := p.T("training.skill_to", "Skill", names[k.SkillID], "Level", int(k.Level))
		if k.Prerequisite > team.None {
			word = p.T("course.skill_from", "Skill", names[k.SkillID], "From", int(k.Prerequisite), "Level", int(k.Level))
		}
		row.Skills = append(row.Skills, word)
	}
	if e, seen := effects[n.ID]; seen {
		row.Open = e.Open
		if e.Measured > 0 {
			row.Effect = effectWord(e)
		}
	}
	return row
}

// coursePage is one training of the catalogue.
type coursePage struct {
	page
	courseRow
	Rows []trainingRow // who went and who is going, as far as the person may know
}

func (s *Server) showCourse(c *fiber.Ctx) error {
	p := coursePage{page: s.page(c)}
	n, err := s.Store.Training(c.UserContext(), p.Member, c.Params("id"))
	if err != nil {
		return err
	}
	effects, err := s.Store.TrainingEffects(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	list, err := s.trainingList(c, p.page)
	if err != nil {
		return err
	}
	p.courseRow = p.page.courseRow(n, list.skills, effects)
	p.Title, p.Nav = p.Name, "certificates"
	for _, r := range list.rows(func(r team.TrainingRecord) bool { return r.TrainingID == n.ID }) {
		p.Rows = append(p.Rows, r.row)
	}
	if c.Query("done") == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("trainings/show", p)
}

// courseForm is the form of a training of the catalogue.
type courseForm struct {
	catalogueForm
	Skills     []skillChoice
	SkillError string
}

func (s *Server) courseOf(c *fiber.Ctx) (team.Training, error) {
	if c.Params("id") != "" {
		return s.Store.Training(c.UserContext(), member(c), c.Params("id"))
	}
	n := team.Training{Kind: team.TrainingExternal, Active: true, Title: text.Clean(c.Query("title"))}
	if id := c.Query("record"); id != "" { // what somebody wrote down, to be taken over
		r, _, err := s.Store.TrainingRecord(c.UserContext(), member(c), id)
		if err != nil {
			return n, err
		}
		n.Title, n.Kind, n.Minutes, n.Fee, n.ClassCost = r.Title, r.Kind, r.Minutes, r.Cost, r.ClassCost
		for _, k := range r.Skills {
			n.Skills = append(n.Skills, team.TrainingSkill{SkillID: k.SkillID, Level: max(k.Level, team.Routine), Prerequisite: team.NotAssessed})
		}
	}
	return n, nil
}

func courseValues(n team.Training) url.Values {
	v := url.Values{"title": {n.Title}, "title_en": {n.TitleEn}, "provider": {n.Provider}, "kind": {string(n.Kind)}, "days": {strconv.Itoa(n.Days)}, "fee": {strconv.Itoa(n.Fee)},
		"class_cost": {strconv.Itoa(n.ClassCost)}, "seats": {strconv.Itoa(n.Seats)}, "link": {n.Link}, "active": {flag(n.Active)}, "version": {strconv.Itoa(n.Version)}}
	if n.Minutes > 0 {
		v.Set("hours", hours(n.Minutes))
	}
	for _, k := range n.Skills {
		v.Add("skills", k.SkillID)
		v.Add("levels", k.Level.String())
		v.Add("prerequisites", k.Prerequisite.String())
	}
	return v
}

func (s *Server) editCourse(c *fiber.Ctx) error {
	n, err := s.courseOf(c)
	if err != nil {
		return err
	}
	p, err := s.courseForm(c, courseValues(n))
	if err != nil {
		return err
	}
	return c.Render("trainings/edit", p)
}

func (s *Server) courseForm(c *fiber.Ctx, v url.Values) (courseForm, error) {
	p := courseForm{catalogueForm: s.catalogueForm(c, v, "course.new")}
	p.Nav, p.Back = "certificates", "/trainings/catalogue"
	if p.ID != "" {
		p.Title, p.Back = p.T("course.edit"), "/trainings/catalogue/"+p.ID
	}
	for _, name := range []string{"title", "title_en", "provider", "kind", "hours", "days", "fee", "class_cost", "seats", "link", "active"} {
		f := field{Name: name, Label: p.T("course.field." + name), Value: v.Get(name)}
		switch name {
		case "kind":
			f = choose(p.page, f, "training_kind", team.TrainingKinds)
		case "active":
			f.Choices = []choice{{"1", p.T("settings.active_yes"), f.Value != ""}, {"", p.T("settings.active_no"), f.Value == ""}}
		case "title", "hours":
			f.Required = true
		case "days", "class_cost", "seats", "fee":
			f.Hint = p.T("course.hint." + name)
		case "link":
			f.Kind = "url"
		}
		p.Fields = append(p.Fields, f)
	}
	var err error
	if p.Skills, err = s.skillChoices(c, p.page, slices.Clone(v["skills"]), max(typedSkills, len(v["skills"])+1)); err != nil {
		return p, err
	}
	for i := range p.Skills {
		p.Skills[i].Level = p.levelChoices(nth(v["levels"], i), team.Levels[1:], "")
		p.Skills[i].Prerequisite = p.levelChoices(nth(v["prerequisites"], i), team.Levels[1:team.Deciding], p.T("course.no_prerequisite"))
	}
	return p, nil
}

// levelChoices is a list of levels, the first of them none where that has a name.
func (p page) levelChoices(chosen string, levels []team.Level, none string) (list []choice) {
	if none != "" {
		list = append(list, choice{"", none, chosen == "" || chosen == "0"})
	}
	for _, l := range levels {
		list = append(list, choice{l.String(), l.String() + " " + p.Word("skill_level", l), l.String() == chosen || (none == "" && chosen == "" && l == team.Routine)})
	}
	return list
}

func nth(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i]
}

// typedCourse reads the form; what cannot be read is team.Invalid.
func typedCourse(id string, v url.Values) (team.Training, error) {
	var invalid team.Invalid
	n := team.Training{ID: id, Title: v.Get("title"), TitleEn: v.Get("title_en"), Provider: v.Get("provider"), Kind: team.TrainingKind(v.Get("kind")),
		Link: v.Get("link"), Active: v.Get("active") != ""}
	read := func(name string, into *int, parse func(string) (int, bool)) {
		typed := strings.TrimSpace(v.Get(name))
		if typed == "" {
			return
		}
		var ok bool
		if *into, ok = parse(typed); !ok {
			invalid = append(invalid, team.Problem{Field: name, Rule: team.NotValid})
		}
	}
	whole := func(typed string) (int, bool) { return text.ParseYen(typed) } // figures of any width, with or without commas
	read("hours", &n.Minutes, text.ParseMinutes)
	read("days", &n.Days, whole)
	read("fee", &n.Fee, text.ParseYen)
	read("class_cost", &n.ClassCost, text.ParseYen)
	read("seats", &n.Seats, whole)
	for i, id := range v["skills"] {
		if id == "" {
			continue
		}
		k := team.TrainingSkill{SkillID: id, Level: readLevel(nth(v["levels"], i)), Prerequisite: team.NotAssessed}
		if before := nth(v["prerequisites"], i); before != "" {
			k.Prerequisite = readLevel(before)
		}
		n.Skills = append(n.Skills, k)
	}
	n.Version, _ = strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	return n, invalid.Or()
}

func (s *Server) saveCourse(c *fiber.Ctx) error {
	now, err := s.courseOf(c)
	if err != nil {
		return err
	}
	v := body(c)
	s.onceForNew(c, v)
	n, err := typedCourse(c.Params("id"), v)
	if err == nil {
		n, err = s.Store.SaveTraining(c.UserContext(), member(c), n)
	}
	if err == nil && c.Params("id") != "" {
		return c.Redirect("/trainings/catalogue/"+n.ID+"?done=saved", fiber.StatusSeeOther)
	}
	if err == nil {
		return c.Redirect("/trainings/catalogue?done=saved", fiber.StatusSeeOther)
	}
	p, problem := s.courseForm(c, v)
	if problem != nil {
		return problem
	}
	var invalid team.Invalid
	if errors.As(err, &invalid) {
		if wrong, found := invalid.Field("skills"); found {
			p.SkillError = p.T("course.skills_wrong")
			if wrong.Rule == team.TooMany {
				p.SkillError = p.Problem(wrong)
			}
		}
	}
	if err := p.refused(c, err, courseValues(now)); err != nil {
		return err
	}
	return c.Render("trainings/edit", p)
}
