package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// trainingForm is the form to write down a training for several people.
type trainingForm struct {
	form
	Key, PeopleError string
	SkillError       string
	People           []choice // checkboxes
	Together         bool     // show the people
	More             bool     // show what is rarely needed
	Skills           []skillChoice
	Courses          []courseChoice
	Draft            draftBox
}

// Line names the fields that stand beside the title.
func (f trainingForm) Line() []string { return []string{"day", "hours"} }

// MoreNames names the fields that are rarely needed.
func (f trainingForm) MoreNames() (names []string) {
	for _, one := range f.Fields {
		if !slices.Contains([]string{"title", "day", "hours"}, one.Name) {
			names = append(names, one.Name)
		}
	}
	return names
}

// courseChoice is a training of the catalogue to choose, with what it fills in.
type courseChoice struct {
	Title, About, Hours, Fee, Skills string
}

// skillChoice is a list of skills, one of them chosen.
type skillChoice struct {
	Label  string
	Groups []choiceGroup
	// Of the catalogue's form: the level it leads to, and the one it asks for.
	Level, Prerequisite []choice
}

// choiceGroup is a part of a list.
type choiceGroup struct {
	Name    string
	Choices []choice
}

// trainingPlace names the form in its draft; trainingNames are what it holds.
const trainingPlace = "training new"

var trainingNames = []string{"title", "day", "hours", "members", "kind", "cost", "class_cost", "rating", "note", "skills"}

// typedSkills is how many skills somebody can name for what is not in the catalogue.
const typedSkills = 3

// openTrainingForm is the form with what the address asks for, or the person's own draft.
func (s *Server) openTrainingForm(c *fiber.Ctx, p page) (trainingForm, error) {
	box, typed, err := s.draftBox(c, trainingPlace)
	if err != nil {
		return trainingForm{}, err
	}
	v := url.Values{"members": {p.Member.ID}, "kind": {string(team.TrainingInHouse)}, "title": {text.Clean(c.Query("title"))}}
	if typed != nil && v.Get("title") == "" {
		v = typed
	}
	return s.trainingForm(c, p, v, rand.Text(), box)
}

func (s *Server) trainingForm(c *fiber.Ctx, p page, v url.Values, key string, box draftBox) (trainingForm, error) {
	f := trainingForm{Key: key, Draft: box}
	f.Draft.Action = "/trainings"
	f.Fields = p.trainingFields(v)
	var err error
	if f.People, err = s.people(c, p, v["members"]); err != nil {
		return f, err
	}
	if f.Skills, err = s.skillChoices(c, p, v["skills"], typedSkills); err != nil {
		return f, err
	}
	if f.Courses, err = s.courseChoices(c, p); err != nil {
		return f, err
	}
	f.Together = len(v["members"]) > 1 || (len(v["members"]) == 1 && v.Get("members") != p.Member.ID)
	for _, name := range []string{"cost", "class_cost", "rating", "note"} {
		f.More = f.More || v.Get(name) != ""
	}
	f.More = f.More || strings.Join(v["skills"], "") != ""
	return f, nil
}

// trainingFields are the fields of a record. What a class costs is for leads.
func (p page) trainingFields(v url.Values) []field {
	word := func(name string) field {
		return field{Name: name, Label: p.T("training." + name), Value: v.Get(name)}
	}
	title, day, length, cost, note := word("title"), word("day"), word("hours"), word("cost"), word("note")
	title.Required, title.MaxLength, title.List, title.Autocomplete = true, 120, "courses", "off"
	day.Placeholder, day.Autocomplete, length.Autocomplete = p.T("training.day_today"), "off", "off"
	day.Submit, length.Submit = "#log-it", "#log-it"
	cost.Hint, cost.Autocomplete = p.T("training.cost_hint"), "off"
	note.Rows, note.MaxLength = 2, 1000
	kind := choose(p, word("kind"), "training_kind", team.TrainingKinds)
	kind.Hint = p.T("training.kind_hint")
	rating := word("rating")
	rating.Choices = []choice{{"", p.T("common.not_said"), rating.Value == ""}}
	for n := 5; n > 0; n-- {
		value := strconv.Itoa(n)
		rating.Choices = append(rating.Choices, choice{value, p.ratingWord(n), rating.Value == value})
	}
	fields := []field{title, day, length, kind, cost, rating, note}
	if p.CanManage() {
		class := word("class_cost")
		class.Hint, class.Autocomplete = p.T("training.class_cost_hint"), "off"
		fields = append(fields, class)
	}
	return fields
}

// skillChoices are lists of all skills in use, at least so many, with some chosen.
func (s *Server) skillChoices(c *fiber.Ctx, p page, chosen []string, count int) ([]skillChoice, error) {
	list, err := s.Store.Catalogue(c.UserContext(), p.Member)
	var all []skillChoice
	for i := range max(count, len(chosen)) {
		id := ""
		if i < len(chosen) {
			id = chosen[i]
		}
		one := skillChoice{Label: p.T("training.skill_nth", "Number", i+1)}
		for _, g := range list.Categories {
			group := choiceGroup{Name: g.DisplayName(p.Language)}
			for _, k := range list.Skills {
				if k.CategoryID == g.ID && (k.ID == id || (g.Active && k.Active)) {
					group.Choices = append(group.Choices, choice{k.ID, k.DisplayName(p.Language), k.ID == id})
				}
			}
			if len(group.Choices) > 0 {
				one.Groups = append(one.Groups, group)
			}
		}
		all = append(all, one)
	}
	return all, err
}

func (s *Server) courseChoices(c *fiber.Ctx, p page) ([]courseChoice, error) {
	list, err := s.Store.Trainings(c.UserContext(), p.Member)
	if err != nil {
		return nil, err
	}
	names, err := s.skillNames(c, p)
	var choices []courseChoice
	for _, n := range list {
		if !n.Active {
			continue
		}
		var skills []string
		for _, k := range n.Skills {
			skills = append(skills, p.T("training.skill_to", "Skill", names[k.SkillID], "Level", int(k.Level)))
		}
		choices = append(choices, courseChoice{Title: n.DisplayTitle(p.Language), About: p.Word("training_kind", n.Kind) + " " + hours(n.Minutes), Hours: hours(n.Minutes),
			Fee: yen(n.Fee), Skills: strings.Join(skills, " · ")})
	}
	return choices, err
}

// typedRecord reads a form. What cannot be read is team.Invalid; an empty length is 0
// and an empty cost less than 0, for the catalogue to fill in.
func (s *Server) typedRecord(v url.Values) (team.TrainingRecord, error) {
	var invalid team.Invalid
	r := team.TrainingRecord{Title: v.Get("title"), Kind: team.TrainingKind(v.Get("kind")), Note: v.Get("note"), Cost: -1, ClassCost: -1}
	read := func(name string, rule team.Rule, parse func(string) bool) {
		if typed := strings.TrimSpace(v.Get(name)); typed != "" && !parse(typed) {
			invalid = append(invalid, team.Problem{Field: name, Rule: rule})
		}
	}
	read("day", team.NotADate, func(typed string) bool {
		year, month, day, ok := text.ParseDate(typed, s.now().In(s.zone))
		r.Day = team.Date{Year: year, Month: time.Month(month), Day: day}
		return ok
	})
	read("hours", team.NotValid, func(typed string) (ok bool) { r.Minutes, ok = text.ParseMinutes(typed); return ok && r.Minutes > 0 })
	read("cost", team.NotValid, func(typed string) (ok bool) { r.Cost, ok = text.ParseYen(typed); return ok })
	read("class_cost", team.NotValid, func(typed string) (ok bool) { r.ClassCost, ok = text.ParseYen(typed); return ok })
	read("rating", team.NotValid, func(typed string) bool { r.Rating = number(v, "rating"); return r.Rating >= 1 && r.Rating <= 5 })
	for _, id := range v["skills"] {
		if id != "" && !slices.ContainsFunc(r.Skills, func(k team.RecordSkill) bool { return k.SkillID == id }) {
			r.Skills = append(r.Skills, team.RecordSkill{SkillID: id, Level: team.NotAssessed})
		}
	}
	return r, invalid.Or()
}

// logTraining writes a training down for all the people chosen, or keeps the draft.
func (s *Server) logTraining(c *fiber.Ctx) error {
	v := body(c)
	if v.Get(draftButton) != "" {
		return s.draftOfTraining(c, v)
	}
	if !team.CanManage(member(c)) {
		v.Del("class_cost")
	}
	r, err := s.typedRecord(v)
	var twice []string
	if err == nil {
		s.sending(c, trainingPlace, v)
		c.SetUserContext(store.Once(c.UserContext(), member(c), v.Get("key")))
		_, twice, err = s.Store.LogTraining(c.UserContext(), member(c), s.today(), store.TrainingEntry{TrainingRecord: r, Members: slices.Clone(v["members"])})
	}
	if err == nil {
		done := "logged"
		if s.today().Before(r.Day) {
			done = "planned"
		}
		return c.Redirect("/trainings?done="+done+"&count="+strconv.Itoa(len(v["members"])), fiber.StatusSeeOther)
	}
	return s.trainingRefused(c, v, err, twice)
}

// trainingRefused shows the form again. Somebody who is written down already is taken
// out of it, so that sending it again writes down the others.
func (s *Server) trainingRefused(c *fiber.Ctx, v url.Values, err error, twice []string) error {
	var invalid team.Invalid
	if errors.Is(err, team.ErrForbidden) {
		// Only leads may leave themselves out.
		err = team.Invalid{{Field: "members", Rule: team.Required}}
	}
	if !errors.As(err, &invalid) {
		return err
	}
	p, problem := s.trainingsPage(c)
	if problem != nil {
		return problem
	}
	names, problem := s.names(c)
	if problem != nil {
		return problem
	}
	peopleError := p.peopleError(invalid, names, twice, len(v["members"]))
	v["members"] = slices.DeleteFunc(v["members"], func(id string) bool { return slices.Contains(twice, id) })
	if p.trainingForm, problem = s.trainingForm(c, p.page, v, v.Get("key"), s.typedBox(c, v)); problem != nil {
		return problem
	}
	p.Draft.Action, p.PeopleError = "/trainings", peopleError
	p.Together = p.Together || peopleError != ""
	p.explain(p.page, err)
	for _, name := range []string{"kind", "cost", "class_cost", "rating", "note", "skills"} {
		problem, wrong := invalid.Field(name)
		if p.More = p.More || wrong; wrong && name == "skills" {
			p.SkillError = p.Problem(problem)
		}
	}
	return c.Status(fiber.StatusUnprocessableEntity).Render("trainings/list", p)
}

// peopleError is what is wrong with the people chosen, in words.
func (p page) peopleError(invalid team.Invalid, names map[string]string, twice []string, chosen int) string {
	problem, wrong := invalid.Field("members")
	switch {
	case !wrong:
		return ""
	case problem.Rule == team.Taken && len(twice) > 0:
		var who []string
		for _, id := range twice {
			who = append(who, p.T("common.honorific", "Name", names[id]))
		}
		said := p.T("training.twice", "Names", strings.Join(who, p.T("what_if.and")))
		if len(twice) < chosen {
			said += p.T("training.twice_others")
		}
		return said
	case problem.Rule == team.Required && !p.CanManage():
		return p.T("training.with_yourself")
	}
	return p.Problem(problem)
}

// draftOfTraining keeps what is in the form without writing it down, or throws it away.
func (s *Server) draftOfTraining(c *fiber.Ctx, v url.Values) error {
	if v.Get(draftButton) != "1" {
		if err := s.Store.DropDraft(c.UserContext(), member(c), trainingPlace, v.Get(draftForm)); err != nil {
			return err
		}
		return c.Redirect("/trainings", fiber.StatusSeeOther)
	}
	state, err := s.keepDraft(c, trainingPlace, v, trainingNames)
	if err != nil || isHTMX(c) {
		return firstOf(err, func() error { return sendDraftState(c, state) })
	}
	p, err := s.trainingsPage(c)
	if err != nil {
		return err
	}
	box := s.typedBox(c, v)
	box.State, box.Back = state, true
	if p.trainingForm, err = s.trainingForm(c, p.page, v, v.Get("key"), box); err != nil {
		return err
	}
	return c.Render("trainings/list", p)
}
