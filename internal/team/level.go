package team

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
)

// Level is how well somebody can do something, from 0 to 4, or NotAssessed.
type Level int

// The levels. NotAssessed is not 0: nobody knows, or nobody has said.
const (
	NotAssessed Level = -1
	None        Level = 0 // cannot do it
	Assisting   Level = 1 // can do it when told how
	Routine     Level = 2 // can do the usual alone; somebody looks it over
	Independent Level = 3 // can do it alone and take a watch
	Deciding    Level = 4 // decides exceptions and teaches
)

// Levels lists the levels that can be given.
var Levels = []Level{None, Assisting, Routine, Independent, Deciding}

// DeclaredCap is the level up to which somebody's own word counts for coverage,
// until a lead or an expert has confirmed it.
const DeclaredCap = Routine

// Assessed tells whether there is a level.
func (l Level) Assessed() bool { return l >= None }

// String writes the digit, "" for NotAssessed.
func (l Level) String() string {
	if !l.Assessed() {
		return ""
	}
	return strconv.Itoa(int(l))
}

// Value stores NULL for NotAssessed.
func (l Level) Value() (driver.Value, error) {
	if !l.Assessed() {
		return nil, nil
	}
	return int64(l), nil
}

// Scan reads NULL as NotAssessed.
func (l *Level) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*l = NotAssessed
	case int64:
		*l = Level(v)
	default:
		return fmt.Errorf("level from %T", src)
	}
	return nil
}

// MarshalJSON writes null for NotAssessed.
func (l Level) MarshalJSON() ([]byte, error) {
	if !l.Assessed() {
		return []byte("null"), nil
	}
	return json.Marshal(int(l))
}

// UnmarshalJSON reads null as NotAssessed.
func (l *Level) UnmarshalJSON(data []byte) error {
	var n *int
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*l = NotAssessed
	if n != nil {
		*l = Level(*n)
	}
	return nil
}

// AssessmentKind says whose word a level is.
type AssessmentKind string

// The kinds that are stored. Observed levels are computed.
const (
	Declared  AssessmentKind = "declared"  // by the person
	Validated AssessmentKind = "validated" // by a lead or an expert; runs out
)

// AssessmentKinds lists the kinds that are stored.
var AssessmentKinds = []AssessmentKind{Declared, Validated}

// Assessment is a level that was said of somebody on a day. A later one of the same
// kind replaces it; none is ever changed. Level NotAssessed takes the earlier ones back.
type Assessment struct {
	ID         string         `db:"id" json:"id,omitzero"`
	MemberID   string         `db:"member_id" json:"member_id,omitzero"`
	SkillID    string         `db:"skill_id" json:"skill_id,omitzero"`
	Kind       AssessmentKind `db:"kind" json:"kind,omitzero"`
	Level      Level          `db:"level" json:"level"`
	Confidence int            `db:"confidence" json:"confidence,omitzero"` // 1–5, 0 where it was not asked
	Day        Date           `db:"day" json:"day,omitzero"`
	ValidTo    Date           `db:"valid_to" json:"valid_to,omitzero"`       // the last day on which it counts
	ReplacedOn Date           `db:"replaced_on" json:"replaced_on,omitzero"` // the day of the next one
	By         string         `db:"assessed_by" json:"by,omitzero"`
	MadeAt     Stamp          `db:"made_at" json:"made_at,omitzero"`
	Note       string         `db:"note" json:"note,omitzero"` // what it rests on
	ImportID   string         `db:"import_id" json:"import_id,omitzero"`
}

// Validate checks what a person typed; today is the latest day that can be named.
func (a Assessment) Validate(today Date) error {
	var v Invalid
	oneOf(&v, "kind", a.Kind, AssessmentKinds)
	if a.Level < NotAssessed || a.Level > Deciding {
		v = append(v, Problem{Field: "level", Rule: NotValid})
	}
	v.number("confidence", a.Confidence, 0, 5)
	if a.Day.IsZero() || today.Before(a.Day) {
		v = append(v, Problem{Field: "day", Rule: NotValid})
	}
	if !a.ValidTo.IsZero() && a.ValidTo.Before(a.Day) {
		v = append(v, Problem{Field: "valid_to", Rule: NotValid})
	}
	v.text("note", a.Note, false, 500)
	return v.Or()
}

// On returns the level that counts on a day: NotAssessed before it was said, after
// it ran out and where there is no assessment.
func (a *Assessment) On(day Date) Level {
	if a == nil || day.Before(a.Day) || (!a.ValidTo.IsZero() && a.ValidTo.Before(day)) {
		return NotAssessed
	}
	return a.Level
}

// Grant is a skill that somebody's certificate shows for as long as it is valid.
type Grant struct {
	CertificateID string
	Name, NameEn  string // of the certification
	Level         Level  // NotAssessed: it is evidence alone
	From, To      Date   // the last day is included; none: without end
}

// DisplayName returns the name of the certification in a language.
func (g Grant) DisplayName(language string) string { return inLanguage(language, g.Name, g.NameEn) }

// On returns the level that the certificate gives on a day.
func (g Grant) On(day Date) Level {
	if !g.Covers(day) {
		return NotAssessed
	}
	return g.Level
}

// Covers tells whether the certificate is valid on a day.
func (g Grant) Covers(day Date) bool { return ValidSpan{From: g.From, To: g.To}.Covers(day) }

// Cell is what is known of one person's skill on a day.
type Cell struct {
	Declared, Validated *Assessment
	Observed            Level // computed from answers
	Target              *Target
	Granted             []Grant // of all days
}

// Put puts an assessment in the place of its kind.
func (c *Cell) Put(a *Assessment) {
	if a.Kind == Declared {
		c.Declared = a
	} else {
		c.Validated = a
	}
}

// On returns the level that counts for coverage, the best of what is valid: the
// validated one while it is valid, else the person's own word up to DeclaredCap, and
// what certificates give.
func (c Cell) On(day Date) Level { return max(c.assessed(day), c.Grant(day).On(day)) }

// assessed is the level that people have given.
func (c Cell) assessed(day Date) Level {
	if l := c.Validated.On(day); l.Assessed() {
		return l
	}
	return min(c.Declared.On(day), DeclaredCap)
}

// Grant returns the certificate that gives the highest level on a day; one without a
// level where none does.
func (c Cell) Grant(day Date) Grant {
	best := Grant{Level: NotAssessed}
	for _, g := range c.Granted {
		if g.On(day) > best.Level {
			best = g
		}
	}
	return best
}

// ByCertificate returns the certificate by which a level counts on a day that people
// have not given, and whether there is one.
func (c Cell) ByCertificate(day Date) (Grant, bool) {
	g := c.Grant(day)
	return g, g.Level > c.assessed(day)
}

// Target is the level somebody wants to have by a day. Level NotAssessed takes the
// earlier one back.
type Target struct {
	ID         string `db:"id" json:"id,omitzero"`
	MemberID   string `db:"member_id" json:"member_id,omitzero"`
	SkillID    string `db:"skill_id" json:"skill_id,omitzero"`
	Level      Level  `db:"level" json:"level"`
	Due        Date   `db:"due" json:"due,omitzero"`
	Day        Date   `db:"day" json:"day,omitzero"` // when it was set
	ReplacedOn Date   `db:"replaced_on" json:"replaced_on,omitzero"`
	By         string `db:"set_by" json:"by,omitzero"`
	MadeAt     Stamp  `db:"made_at" json:"made_at,omitzero"`
	ImportID   string `db:"import_id" json:"import_id,omitzero"`
}

// Validate checks what a person typed.
func (t Target) Validate(today Date) error {
	var v Invalid
	if t.Level < NotAssessed || t.Level > Deciding {
		v = append(v, Problem{Field: "level", Rule: NotValid})
	}
	if t.Day.IsZero() || today.Before(t.Day) {
		v = append(v, Problem{Field: "day", Rule: NotValid})
	}
	if t.Level.Assessed() && !t.Due.IsZero() && t.Due.Before(t.Day) {
		v = append(v, Problem{Field: "due", Rule: NotValid})
	}
	return v.Or()
}

// CanDeclare tells whether a person may say what level somebody has as their own
// word: only of themselves.
func CanDeclare(by Member, memberID string) bool { return CanWrite(by) && by.ID == memberID }

// CanValidate tells whether a person may confirm somebody's level: a lead, or an
// expert, who holds a validated level 4 in the same skill. Nobody confirms
// themselves.
func CanValidate(by Member, expert bool, memberID string) bool {
	return by.ID != memberID && (CanManage(by) || (CanWrite(by) && expert))
}

// CanSetTarget tells whether a person may set somebody's target: a lead, and
// everybody their own.
func CanSetTarget(by Member, memberID string) bool {
	return CanManage(by) || (CanWrite(by) && by.ID == memberID)
}

// CanSeeLevels tells whether a person may see somebody's levels on the map: a lead
// always, the others as the department has decided, and everybody their own.
func CanSeeLevels(by Member, memberID string, namesVisible bool) bool {
	return CanManage(by) || (CanRead(by) && (namesVisible || by.ID == memberID))
}

// CanSeeFigures tells whether a person may see what is computed of somebody (observed
// levels, answers, how much hangs on them): only the person and the lead. The map
// is there to share work, not to judge people.
func CanSeeFigures(by Member, memberID string) bool {
	return CanManage(by) || (CanRead(by) && by.ID == memberID)
}
