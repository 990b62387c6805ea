package team

// DeadlineKind says what has to be done, or happens, by a day.
type DeadlineKind string

// The kinds of deadline.
const (
	// CertificateExpires: On is the last day on which the certificate is valid.
	CertificateExpires DeadlineKind = "certificate_expires"
	// CertificateApplyBy: On is the last day on which its renewal can be applied for.
	CertificateApplyBy DeadlineKind = "certificate_apply_by"
	// CreditsDue: On is the last day on which credits count for the year or cycle.
	CreditsDue DeadlineKind = "credits_due"
	// TrainingPlanned: On is the day of a training that somebody is going to.
	TrainingPlanned DeadlineKind = "training_planned"
)

// DeadlineKinds lists the kinds of deadline.
var DeadlineKinds = []DeadlineKind{CertificateExpires, CertificateApplyBy, CreditsDue, TrainingPlanned}

// Deadline is a day that matters to a member. ObjectID is the certificate or the
// training record that it comes from; together with the kind it stays the same when
// the day moves.
type Deadline struct {
	Kind     DeadlineKind `db:"kind"`
	ObjectID string       `db:"object_id"`
	MemberID string       `db:"member_id"`
	Title    string       `db:"title"`
	On       Date         `db:"on_day"`
}
