package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// storedSkill is a skill as it stands, with what its form offers besides.
type storedSkill struct {
	skill      team.Skill
	categories []team.Category
	ties       []team.TopicSkill // of this skill
}

func (s *Server) storedSkill(c *fiber.Ctx) (now storedSkill, err error) {
	list, err := s.Store.Catalogue(c.UserContext(), member(c))
	if err != nil {
		return now, err
	}
	now = storedSkill{skill: team.NewSkill(), categories: list.Categories}
	if id := c.Params("id"); id != "" {
		now.skill, err = one(list.Skills, nil, func(k team.Skill) bool { return k.ID == id })
		for _, tie := range list.Topics {
			if tie.SkillID == id {
				now.ties = append(now.ties, tie)
			}
		}
	}
	return now, err
}

func (now storedSkill) values() url.Values {
	k := now.skill
	v := url.Values{"category": {k.CategoryID}, "name": {k.Name}, "name_en": {k.NameEn}, "description": {k.Description}, "description_en": {k.DescriptionEn},
		"required_level": {k.RequiredLevel.String()}, "minimum": {strconv.Itoa(k.Minimum)}, "redundancy": {strconv.Itoa(k.Redundancy)}, "critical": {flag(k.Critical)},
		"weight": {strconv.Itoa(k.Weight)}, "incident": {flag(k.Incident)}, "half_life_days": {strconv.Itoa(k.HalfLifeDays)}, "valid_days": {strconv.Itoa(k.ValidDays)},
		"active": {flag(k.Active)}, "version": {strconv.Itoa(k.Version)}}
	for i := range k.Anchors {
		v.Set("anchor_"+strconv.Itoa(i), k.Anchors[i])
		v.Set("anchor_en_"+strconv.Itoa(i), k.AnchorsEn[i])
	}
	for _, tie := range now.ties {
		v.Add("topics", tie.TopicID)
		v.Set(topicLevel+tie.TopicID, tie.Level.String())
	}
	return v
}

// with returns the skill as a form wants it; codes stay.
func (now storedSkill) with(v url.Values) team.Skill {
	k := now.skill
	k.CategoryID, k.Name, k.NameEn = v.Get("category"), v.Get("name"), v.Get("name_en")
	k.Description, k.DescriptionEn = v.Get("description"), v.Get("description_en")
	k.Requirement = team.Requirement{RequiredLevel: team.Level(number(v, "required_level")), Minimum: number(v, "minimum"), Redundancy: number(v, "redundancy"),
		Critical: v.Get("critical") != "", Weight: number(v, "weight")}
	k.Incident, k.Active = v.Get("incident") != "", v.Get("active") != ""
	k.HalfLifeDays, k.ValidDays = number(v, "half_life_days"), number(v, "valid_days")
	for i := range k.Anchors {
		k.Anchors[i], k.AnchorsEn[i] = v.Get("anchor_"+strconv.Itoa(i)), v.Get("anchor_en_"+strconv.Itoa(i))
	}
	k.Version, _ = strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	return k
}

// number reads a number of a form; what is none is refused by Validate.
func number(v url.Values, name string) int {
	n, err := strconv.Atoi(strings.TrimSpace(v.Get(name)))
	if err != nil {
		return -1
	}
	return n
}

// topicLevel begins the name of the field that says which level questions of a topic need.
const topicLevel = "topic_level_"

// tied returns the topics that a form chose, with the levels it asks for; where it says
// none, the level that the skill needs.
func tied(k team.Skill, v url.Values) []team.TopicSkill {
	var ties []team.TopicSkill
	chosen := v["topics"]
	slices.Sort(chosen)
	for _, id := range slices.Compact(chosen) {
		tie := team.TopicSkill{TopicID: id, Level: k.RequiredLevel}
		if v.Get(topicLevel+id) != "" {
			tie.Level = team.Level(number(v, topicLevel+id))
		}
		ties = append(ties, tie)
	}
	return ties
}

// topicChoice is a topic that a skill may be needed for, and how much of it.
type topicChoice struct {
	choice
	Field  string
	Levels []choice
}

func (p catalogueForm) topicChoice(topic team.Topic, v url.Values) topicChoice {
	t := topicChoice{choice{topic.ID, topic.DisplayName(p.Language), slices.Contains(v["topics"], topic.ID)}, topicLevel + topic.ID, nil}
	asked := cmp.Or(v.Get(t.Field), v.Get("required_level"))
	for _, level := range team.Levels[1:] {
		t.Levels = append(t.Levels, choice{level.String(), p.T("skill.topic_level", "Level", level), level.String() == asked})
	}
	return t
}

func (s *Server) editSkill(c *fiber.Ctx) error {
	now, err := s.storedSkill(c)
	if err != nil {
		return err
	}
	if len(now.categories) == 0 {
		return c.Redirect("/skills/categories/new", fiber.StatusSeeOther)
	}
	if now.skill.ID == "" {
		now.skill.CategoryID = c.Query("category")
	}
	p, err := s.skillForm(c, now, now.values())
	if err != nil {
		return err
	}
	return c.Render("skills/edit", p)
}

func (s *Server) skillForm(c *fiber.Ctx, now storedSkill, v url.Values) (catalogueForm, error) {
	p := s.catalogueForm(c, v, "skill.new")
	if p.ID != "" {
		p.Title, p.Back = p.T("skill.edit"), "/skills/"+p.ID
		p.Codes = p.Back + "/codes"
	}
	p.Fields = p.allSkillFields(now, v)
	topics, err := s.Store.Topics(c.UserContext())
	for _, topic := range topics {
		if t := p.topicChoice(topic, v); topic.Active || t.Chosen {
			p.Topics = append(p.Topics, t)
		}
	}
	return p, err
}

var anchorNames = []string{"anchor_0", "anchor_1", "anchor_2", "anchor_3", "anchor_4", "anchor_en_0", "anchor_en_1", "anchor_en_2", "anchor_en_3", "anchor_en_4"}

func (p catalogueForm) allSkillFields(now storedSkill, v url.Values) []field {
	list := skillFields(p.page, v, "category", "name", "name_en", "description", "description_en", "required_level", "minimum", "redundancy", "weight",
		"critical", "incident", "half_life_days", "valid_days", "active")
	for i := range list {
		switch f := &list[i]; f.Name {
		case "category":
			for _, g := range now.categories {
				if g.Active || g.ID == f.Value {
					f.Choices = append(f.Choices, choice{g.ID, g.DisplayName(p.Language), g.ID == f.Value})
				}
			}
		case "description", "description_en":
			f.Rows = 3
		case "required_level":
			for _, level := range team.Levels[1:] {
				f.Choices = append(f.Choices, choice{level.String(), level.String() + " " + p.Word("skill_level", level), level.String() == f.Value})
			}
		case "minimum", "redundancy", "weight", "half_life_days", "valid_days":
			f.Kind, f.Hint = "number", p.T("skill.hint."+f.Name)
		case "critical", "incident":
			f.Hint = p.T("skill.hint." + f.Name)
		}
	}
	for i, name := range anchorNames {
		label := p.T("skill.anchor", "Level", i%len(team.Levels))
		if i >= len(team.Levels) {
			label = p.T("skill.anchor_en", "Level", i%len(team.Levels))
		}
		list = append(list, field{Name: name, Label: label, Value: v.Get(name), Rows: 2})
	}
	return list
}

func (s *Server) saveSkill(c *fiber.Ctx) error {
	now, err := s.storedSkill(c)
	if err != nil {
		return err
	}
	v := body(c)
	k := now.with(v)
	if k.ID == "" {
		c.SetUserContext(store.Once(c.UserContext(), member(c), v.Get("key")))
	}
	k, err = s.Store.SaveSkillForTopics(c.UserContext(), member(c), k, tied(k, v))
	if err == nil && c.Params("id") != "" {
		return c.Redirect("/skills/"+k.ID+"?done=saved", fiber.StatusSeeOther)
	}
	if err == nil {
		return c.Redirect("/skills?done=saved", fiber.StatusSeeOther)
	}
	p, formErr := s.skillForm(c, now, v)
	if formErr != nil {
		return formErr
	}
	if err := p.refused(c, err, now.values()); err != nil {
		return err
	}
	return c.Render("skills/edit", p)
}
