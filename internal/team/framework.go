package team

import "regexp"

// The kinds of entries of NICE that skills are mapped to, in its own words.
const (
	KindWorkRole       = "work_role"
	KindCompetencyArea = "competency_area"
	KindSkillStatement = "skill"
	KindKnowledge      = "knowledge"
	KindTask           = "task"
)

// EntryKinds lists the kinds in the order in which they help to find a skill's place.
var EntryKinds = []string{KindWorkRole, KindCompetencyArea, KindSkillStatement, KindKnowledge, KindTask}

var entryCode = regexp.MustCompile(`^[A-Z][A-Z0-9-]{1,29}$`)

// The longest texts of an entry, in runes.
const (
	MaxEntryTitle = 400
	MaxEntryText  = 4000
)

// Validate checks an entry as it was read.
func (e FrameworkEntry) Validate() error {
	var v Invalid
	v.text("framework", e.Framework, true, 40)
	v.text("version", e.Version, true, 40)
	v.text("kind", e.Kind, true, 40)
	v.text("title", e.Title, true, MaxEntryTitle)
	v.text("text", e.Text, false, MaxEntryText)
	if !entryCode.MatchString(e.Code) {
		v = append(v, Problem{Field: "code", Rule: NotValid})
	}
	return v.Or()
}

// SkillCode returns the entry as the code of a skill.
func (e FrameworkEntry) SkillCode() SkillCode {
	return SkillCode{Framework: e.Framework, Version: e.Version, Code: e.Code}
}

// FrameworkDifference is what bringing in entries changes, or has changed.
type FrameworkDifference struct {
	New     []FrameworkEntry
	Changed []FrameworkEntry // as they will be
	Same    int
}
