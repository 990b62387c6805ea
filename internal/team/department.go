package team

// Department is a part of the company that asks questions.
type Department struct {
	ID        string `db:"id" json:"id,omitzero"`
	Name      string `db:"name" json:"name,omitzero"`
	NameEn    string `db:"name_en" json:"name_en,omitzero"`
	Headcount int    `db:"headcount" json:"headcount,omitzero"`
	Active    bool   `db:"active" json:"active,omitzero"`
	Version   int    `db:"version" json:"version,omitzero"`
}

// Validate checks what a person typed.
func (d Department) Validate() error {
	var v Invalid
	v.text("name", d.Name, true, 60)
	v.text("name_en", d.NameEn, false, 80)
	if d.Headcount < 0 || d.Headcount > 10_000_000 {
		v = append(v, Problem{Field: "headcount", Rule: NotValid})
	}
	return v.Or()
}

// DisplayName returns the name in a language.
func (d Department) DisplayName(language string) string {
	return inLanguage(language, d.Name, d.NameEn)
}

// Topic is a subject of consultations.
type Topic struct {
	ID      string `db:"id" json:"id,omitzero"`
	Name    string `db:"name" json:"name,omitzero"`
	NameEn  string `db:"name_en" json:"name_en,omitzero"`
	Active  bool   `db:"active" json:"active,omitzero"`
	Version int    `db:"version" json:"version,omitzero"`
}

// Validate checks what a person typed.
func (t Topic) Validate() error {
	var v Invalid
	v.text("name", t.Name, true, 60)
	v.text("name_en", t.NameEn, false, 80)
	return v.Or()
}

// DisplayName returns the name in a language.
func (t Topic) DisplayName(language string) string { return inLanguage(language, t.Name, t.NameEn) }

func inLanguage(language, ja, en string) string {
	if language == "en" && en != "" {
		return en
	}
	return ja
}

// ReaderLevel says how much a requester knows, so that an answer can meet them there.
type ReaderLevel string

// The reader levels; empty means not known.
const (
	ReaderFirstTime ReaderLevel = "first_time"
	ReaderSome      ReaderLevel = "some"
	ReaderExpert    ReaderLevel = "expert"
)

// ReaderLevels lists the reader levels.
var ReaderLevels = []ReaderLevel{"", ReaderFirstTime, ReaderSome, ReaderExpert}

// Requester is a person of the field who asks.
type Requester struct {
	ID           string      `db:"id" json:"id,omitzero"`
	Name         string      `db:"name" json:"name,omitzero"`
	Reading      string      `db:"reading" json:"reading,omitzero"`
	DepartmentID string      `db:"department_id" json:"department_id,omitzero"`
	Email        string      `db:"email" json:"email,omitzero"`
	Level        ReaderLevel `db:"reader_level" json:"reader_level,omitzero"`
}

// Compartment is a named group of members (for example 人事案件) that keeps
// consultations and articles to itself: for everyone else these do not exist.
type Compartment struct {
	ID      string `db:"id" json:"id,omitzero"`
	Name    string `db:"name" json:"name,omitzero"`
	Version int    `db:"version" json:"version,omitzero"`
	// Members holds the ids of those who may read it.
	Members []string `db:"-" json:"members,omitempty"`
}

// Validate checks what a person typed.
func (c Compartment) Validate() error {
	var v Invalid
	v.text("name", c.Name, true, 60)
	if len(c.Members) == 0 {
		v = append(v, Problem{Field: "members", Rule: Required})
	}
	return v.Or()
}

// JargonTerm is a word of experts with a wording that the field understands and
// the other spellings under which people look for it.
type JargonTerm struct {
	ID       string `db:"id" json:"id,omitzero"`
	Term     string `db:"term" json:"term,omitzero"`
	Plain    string `db:"plain" json:"plain,omitzero"`
	PlainEn  string `db:"plain_en" json:"plain_en,omitzero"`
	Synonyms Lines  `db:"synonyms" json:"synonyms,omitempty"`
	Version  int    `db:"version" json:"version,omitzero"`
}

// Validate checks what a person typed.
func (j JargonTerm) Validate() error {
	var v Invalid
	v.text("term", j.Term, true, 60)
	v.text("plain", j.Plain, false, 120)
	v.text("plain_en", j.PlainEn, false, 120)
	v.text("synonyms", j.Synonyms.String(), false, 1000)
	return v.Or()
}
