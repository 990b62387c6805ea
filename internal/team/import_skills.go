package team

// IncomingMap is a skill map as a file brings it: people and skills in its own words.
type IncomingMap struct {
	File   string
	People []IncomingName // Mail may be given
	Skills []IncomingName // Category, Required and Minimum may be given
	Levels []IncomingLevel
}

// IncomingName is a person or a skill of a file.
type IncomingName struct {
	Name, Mail, Category string
	Required             Level // NotAssessed: the file does not say
	Minimum              int   // -1: the file does not say
}

// IncomingLevel is a level, or a target, of one person in one skill of an IncomingMap.
type IncomingLevel struct {
	Person, Skill int
	Level         Level
	Target        bool
	Cell          string // where it stands
}

// What can be chosen for a name that a file brings, besides the id of what is meant.
const (
	MatchNew  = "new"
	MatchSkip = "skip"
)

// MapChoices are what a person decides about bringing in a skill map. A name that is
// not in People or Skills (by text.Key) gets what its words suggest.
type MapChoices struct {
	Kind   AssessmentKind    `json:"kind"`
	Day    Date              `json:"day"`
	Needs  bool              `json:"needs"` // what each skill needs comes in as well
	People map[string]string `json:"people,omitempty"`
	Mails  map[string]string `json:"mails,omitempty"` // of people to be added
	Skills map[string]string `json:"skills,omitempty"`
}

// MapMatch says who or what a name of a file is taken for.
type MapMatch struct {
	Name     string  `json:"name"`
	Mail     string  `json:"mail,omitempty"`
	Category string  `json:"category,omitempty"`
	Choice   string  `json:"choice"` // an id, MatchNew or MatchSkip
	Known    string  `json:"known,omitempty"`
	Guessed  bool    `json:"guessed,omitempty"` // the words are not quite the same
	Problems Invalid `json:"problems,omitempty"`
}

// MapPlan is what bringing in a skill map would do.
type MapPlan struct {
	ImportPlan
	People []MapMatch `json:"people"`
	Skills []MapMatch `json:"skills"`
}

// The kinds of ImportRow that a skill map has besides levels.
const (
	KindLevel       = "level"
	KindTarget      = "target"
	KindSkill       = "skill"
	KindMember      = "member"
	KindCategory    = "category"
	KindRequirement = "requirement"
)
