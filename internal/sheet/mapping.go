package sheet

import "slices"

// Kind says what the rows of a table become.
type Kind string

// The kinds.
const (
	Articles      Kind = "articles"
	Consultations Kind = "consultations"
)

// Kinds lists the kinds in the order of a form.
var Kinds = []Kind{Articles, Consultations}

// Field is what a column fills. Its name is also the one under which a Problem of
// an Incoming is filed.
type Field string

// The fields. FieldNone leaves a column out.
const (
	FieldNone        Field = ""
	FieldTitle       Field = "title"
	FieldAnswer      Field = "answer" // a whole answer in one text, which is taken apart
	FieldShort       Field = "short_answer"
	FieldDecision    Field = "decision"
	FieldReason      Field = "reason"
	FieldMerit       Field = "merit"
	FieldDemerit     Field = "demerit"
	FieldSteps       Field = "steps"
	FieldAlternative Field = "alternative"
	FieldDue         Field = "due"
	FieldDueReason   Field = "due_reason"
	FieldBasis       Field = "basis"
	FieldReviewDue   Field = "review_due"
	FieldState       Field = "state"
	FieldAudience    Field = "audience"
	FieldKeywords    Field = "keywords"
	FieldWordings    Field = "wordings"
	FieldTopics      Field = "topics"
	FieldExternalID  Field = "external_id"

	FieldSubject    Field = "subject"
	FieldText       Field = "text"
	FieldRequester  Field = "requester"
	FieldDepartment Field = "department"
	FieldChannel    Field = "channel"
	FieldReceivedAt Field = "received_at"
	FieldAnsweredAt Field = "answered_at"
	FieldAnsweredBy Field = "answered_by"
	FieldReply      Field = "reply" // the text as it was sent
)

var boxes = []Field{FieldDecision, FieldReason, FieldMerit, FieldDemerit, FieldSteps, FieldAlternative, FieldDue, FieldDueReason, FieldBasis}

// fields holds what each kind can be filled with, in the order of a form.
var fields = map[Kind][]Field{
	Articles: slices.Concat([]Field{FieldTitle, FieldAnswer, FieldShort}, boxes,
		[]Field{FieldReviewDue, FieldState, FieldAudience, FieldKeywords, FieldWordings, FieldTopics, FieldExternalID}),
	Consultations: slices.Concat([]Field{FieldSubject, FieldText, FieldRequester, FieldDepartment, FieldChannel, FieldReceivedAt,
		FieldReply, FieldAnsweredAt, FieldAnsweredBy, FieldShort}, boxes, []Field{FieldTopics, FieldExternalID}),
}

// Fields lists what rows of this kind can be filled with, in the order of a form;
// FieldNone is not among them.
func (k Kind) Fields() []Field { return slices.Clone(fields[k]) }

// Mapping says what each column of a table fills. Fields stands parallel to the
// columns; columns with the same field are joined in their order.
type Mapping struct {
	Kind   Kind    `json:"kind"`
	Fields []Field `json:"fields"`
}

// Valid tells whether a mapping that came from a form fits the table: a known kind,
// one field for each column, and only fields that this kind has.
func (m Mapping) Valid(t Table) bool {
	if !slices.Contains(Kinds, m.Kind) || len(m.Fields) != len(t.Columns) {
		return false
	}
	for _, f := range m.Fields {
		if f != FieldNone && !slices.Contains(fields[m.Kind], f) {
			return false
		}
	}
	return true
}

// Has tells whether a column fills the field.
func (m Mapping) Has(f Field) bool { return slices.Contains(m.Fields, f) }
