package team

// AbsenceKind says whether somebody comes back.
type AbsenceKind string

// The kinds of absence.
const (
	Leave   AbsenceKind = "leave"
	Leaving AbsenceKind = "leaving" // StartsOn is the first day without them
)

// AbsenceKinds lists the kinds of absence.
var AbsenceKinds = []AbsenceKind{Leave, Leaving}

// Absence is a planned time without somebody. Why is not asked.
type Absence struct {
	ID        string      `db:"id" json:"id,omitzero"`
	MemberID  string      `db:"member_id" json:"member_id,omitzero"`
	Kind      AbsenceKind `db:"kind" json:"kind,omitzero"`
	StartsOn  Date        `db:"starts_on" json:"starts_on,omitzero"` // the first day without them
	EndsOn    Date        `db:"ends_on" json:"ends_on,omitzero"`     // the last one; none for a leaving
	By        string      `db:"created_by" json:"by,omitzero"`
	CreatedAt Stamp       `db:"created_at" json:"created_at,omitzero"`
	Version   int         `db:"version" json:"version,omitzero"`
}

// Validate checks what a person typed.
func (a Absence) Validate() error {
	var v Invalid
	oneOf(&v, "kind", a.Kind, AbsenceKinds)
	switch {
	case a.StartsOn.IsZero():
		v = append(v, Problem{Field: "starts_on", Rule: Required})
	case a.Kind == Leave && a.EndsOn.IsZero():
		v = append(v, Problem{Field: "ends_on", Rule: Required})
	case a.Kind == Leave && a.EndsOn.Before(a.StartsOn), a.Kind == Leaving && !a.EndsOn.IsZero():
		v = append(v, Problem{Field: "ends_on", Rule: NotValid})
	}
	return v.Or()
}

// Covers tells whether the person is away on a day.
func (a Absence) Covers(day Date) bool {
	return !day.Before(a.StartsOn) && (a.Kind == Leaving || !a.EndsOn.Before(day))
}

// CanPlanAbsence tells whether a person may see and plan somebody's absences: the
// person and the lead.
func CanPlanAbsence(by Member, memberID string) bool {
	return CanManage(by) || (CanWrite(by) && by.ID == memberID)
}
