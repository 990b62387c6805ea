package team

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
)

// Category is a group of skills.
type Category struct {
	ID      string `db:"id" json:"id,omitzero"`
	Name    string `db:"name" json:"name,omitzero"`
	NameEn  string `db:"name_en" json:"name_en,omitzero"`
	Place   int    `db:"place" json:"place,omitzero"` // the order in which they are shown
	Active  bool   `db:"active" json:"active,omitzero"`
	Version int    `db:"version" json:"version,omitzero"`
}

// Validate checks what a person typed.
func (c Category) Validate() error {
	var v Invalid
	v.text("name", c.Name, true, 60)
	v.text("name_en", c.NameEn, false, 80)
	return v.Or()
}

// DisplayName returns the name in a language.
func (c Category) DisplayName(language string) string { return inLanguage(language, c.Name, c.NameEn) }

// Skill is a defined ability, with what the department needs of it.
type Skill struct {
	ID            string  `db:"id" json:"id,omitzero"`
	CategoryID    string  `db:"category_id" json:"category_id,omitzero"`
	Name          string  `db:"name" json:"name,omitzero"`
	NameEn        string  `db:"name_en" json:"name_en,omitzero"`
	Description   string  `db:"description" json:"description,omitzero"`
	DescriptionEn string  `db:"description_en" json:"description_en,omitzero"`
	Anchors       Anchors `db:"anchors" json:"anchors,omitzero"` // empty ones fall back to those of every skill
	AnchorsEn     Anchors `db:"anchors_en" json:"anchors_en,omitzero"`

	Requirement
	// Incident skills also ask how sure people are of themselves.
	Incident bool `db:"incident" json:"incident,omitzero"`
	// HalfLifeDays is after how long without use a level deserves a review (one level less
	// in the pessimistic view); ValidDays is how long a validated level counts, 0 for ever.
	HalfLifeDays int `db:"half_life_days" json:"half_life_days,omitzero"`
	ValidDays    int `db:"valid_days" json:"valid_days,omitzero"`

	Place   int         `db:"place" json:"place,omitzero"`
	Active  bool        `db:"active" json:"active,omitzero"`
	Version int         `db:"version" json:"version,omitzero"`
	Codes   []SkillCode `db:"-" json:"codes,omitempty"`
}

// Requirement is what the department needs of a skill.
type Requirement struct {
	RequiredLevel Level `db:"required_level" json:"required_level,omitzero"` // whoever has it can do it alone
	Minimum       int   `db:"minimum" json:"minimum,omitzero"`               // people at that level; 0: the skill cannot be missed
	Redundancy    int   `db:"redundancy" json:"redundancy,omitzero"`         // people beyond the minimum that are aimed at
	Critical      bool  `db:"critical" json:"critical,omitzero"`
	Weight        int   `db:"weight" json:"weight,omitzero"`
}

// SkillCode is what a skill is called in a framework, such as NICE v1.0.0 PD-WRL-003.
type SkillCode struct {
	SkillID   string `db:"skill_id" json:"-"`
	Framework string `db:"framework" json:"framework"`
	Version   string `db:"version" json:"version,omitzero"`
	Code      string `db:"code" json:"code"`
}

// String writes the code as people quote it.
func (c SkillCode) String() string {
	return strings.Join(slices.DeleteFunc([]string{c.Framework, c.Version, c.Code}, func(s string) bool { return s == "" }), " ")
}

// NewSkill returns a skill with what most skills need.
func NewSkill() Skill {
	return Skill{Requirement: Requirement{RequiredLevel: 3, Minimum: 1, Redundancy: 1, Critical: true, Weight: 1},
		HalfLifeDays: 365, ValidDays: 730, Active: true}
}

// DisplayName returns the name in a language.
func (s Skill) DisplayName(language string) string { return inLanguage(language, s.Name, s.NameEn) }

// DisplayDescription returns the description in a language.
func (s Skill) DisplayDescription(language string) string {
	return inLanguage(language, s.Description, s.DescriptionEn)
}

// Anchor returns the sentence that describes a level in a language, "" where the
// skill has none of its own.
func (s Skill) Anchor(language string, l Level) string {
	if !l.Assessed() || l > Deciding {
		return ""
	}
	return inLanguage(language, s.Anchors[l], s.AnchorsEn[l])
}

// The largest numbers of a skill.
const (
	maxHeadCount = 1000
	maxWeight    = 100
	maxDays      = 36500
	maxCodes     = 30
)

// Validate checks what a person typed.
func (s Skill) Validate() error {
	var v Invalid
	v.text("category", s.CategoryID, true, 60)
	v.text("name", s.Name, true, 80)
	v.text("name_en", s.NameEn, false, 120)
	v.text("description", s.Description, false, 1000)
	v.text("description_en", s.DescriptionEn, false, 1500)
	for i := range s.Anchors {
		v.text(fmt.Sprintf("anchor_%d", i), s.Anchors[i], false, 200)
		v.text(fmt.Sprintf("anchor_en_%d", i), s.AnchorsEn[i], false, 300)
	}
	v.number("required_level", int(s.RequiredLevel), 1, int(Deciding))
	v.number("minimum", s.Minimum, 0, maxHeadCount)
	v.number("redundancy", s.Redundancy, 0, maxHeadCount)
	v.number("weight", s.Weight, 0, maxWeight)
	v.number("half_life_days", s.HalfLifeDays, 1, maxDays)
	v.number("valid_days", s.ValidDays, 0, maxDays)
	v.codes(s.Codes)
	return v.Or()
}

func (v *Invalid) codes(codes []SkillCode) {
	if len(codes) > maxCodes {
		*v = append(*v, Problem{Field: "codes", Rule: TooMany, Limit: maxCodes})
	}
	for _, c := range codes {
		if c.Framework == "" || c.Code == "" || len([]rune(c.String())) > 120 {
			*v = append(*v, Problem{Field: "codes", Rule: NotValid})
			return
		}
	}
}

// number checks that a number lies between two others.
func (v *Invalid) number(field string, n, least, most int) {
	if n < least || n > most {
		*v = append(*v, Problem{Field: field, Rule: NotValid})
	}
}

// Anchors are the sentences that describe the five levels of a skill, from 0 to 4.
type Anchors [5]string

// Value stores one sentence a line.
func (a Anchors) Value() (driver.Value, error) { return strings.Join(a[:], "\n"), nil }

// Scan reads one sentence a line.
func (a *Anchors) Scan(src any) error {
	*a = Anchors{}
	switch v := src.(type) {
	case nil:
	case string:
		copy(a[:], strings.SplitN(v, "\n", len(a)))
	case []byte:
		return a.Scan(string(v))
	default:
		return fmt.Errorf("anchors from %T", src)
	}
	return nil
}

// TopicSkill says that questions of a topic need a level of a skill.
type TopicSkill struct {
	TopicID string `db:"topic_id" json:"topic_id"`
	SkillID string `db:"skill_id" json:"skill_id"`
	Level   Level  `db:"level" json:"level"`
}

// StarterCategory is a category of the catalogue that a department can begin with.
// Keys stay the same when names are reworded, so that a choice can be named by them.
type StarterCategory struct {
	Key      string
	Category Category // without an id
	Skills   []StarterSkill
}

// StarterSkill is a skill of that catalogue. It has neither an id nor a category's id.
type StarterSkill struct {
	Key   string
	Skill Skill
}

// FrameworkEntry is one entry of a published framework.
type FrameworkEntry struct {
	Framework string `db:"framework" json:"framework"`
	Version   string `db:"version" json:"version"`
	Code      string `db:"code" json:"code"`
	Kind      string `db:"kind" json:"kind,omitzero"` // the framework's own word, such as work_role
	Title     string `db:"title" json:"title"`
	Text      string `db:"text" json:"text,omitzero"`
}

// CanEditCatalogue tells whether a person may edit categories, skills, what they
// need and the topics tied to them.
func CanEditCatalogue(by Member) bool { return CanManage(by) }

// Validate checks what a person typed.
func (t TopicSkill) Validate() error {
	var v Invalid
	v.text("topics", t.TopicID, true, 60)
	v.number("topics", int(t.Level), int(Assisting), int(Deciding))
	return v.Or()
}
