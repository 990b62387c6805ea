package team

// ImportState says how far an import has come.
type ImportState string

// The import states. One that stopped has changed nothing.
const (
	ImportReady   ImportState = "ready"
	ImportRunning ImportState = "running"
	ImportStopped ImportState = "stopped"
	ImportDone    ImportState = "done"
	ImportUndone  ImportState = "undone"
)

// Import is one bringing in of files, from their upload to its result.
type Import struct {
	ID          string      `db:"id"`
	MemberID    string      `db:"member_id"` // "" for the operator
	At          Stamp       `db:"at"`
	Name        string      `db:"name"`           // of its files
	Compartment string      `db:"compartment_id"` // "" is the whole department
	Options     string      `db:"options"`        // how its files are read, in the words of whoever reads them
	State       ImportState `db:"state"`
	Progress    int         `db:"done"` // rows written so far, while it runs
	Total       int         `db:"total"`
	Created     int         `db:"created"`
	Changed     int         `db:"changed"`
	Skipped     int         `db:"skipped"`
	FinishedAt  Stamp       `db:"finished_at"`
	UndoneAt    Stamp       `db:"undone_at"`
	UndoneBy    string      `db:"undone_by"`
	// Left holds the first of the rows that did not come in and may need somebody.
	Left []LeftOut `db:"-"`
}

// CanRun tells whether its files can still be brought in.
func (i Import) CanRun() bool { return i.State == ImportReady || i.State == ImportStopped }

// ImportFile is one file as it was uploaded.
type ImportFile struct {
	Name    string `db:"name"`
	Content []byte `db:"content"`
}

// ImportAction is what will happen, or happened, to a row of a file.
type ImportAction string

// The actions. Only ImportNew and ImportChange write anything.
const (
	ImportNew       ImportAction = "new"
	ImportChange    ImportAction = "change"
	ImportKeep      ImportAction = "keep"      // it would change something, and is not to
	ImportSame      ImportAction = "same"      // the department has just this
	ImportDuplicate ImportAction = "duplicate" // an earlier row is about the same thing
	ImportProblem   ImportAction = "problem"   // a field cannot be taken as it is
	ImportSkip      ImportAction = "skip"      // somebody chose, or nobody knows, who or what it is about
)

// ImportActions lists the actions, those that need somebody first.
var ImportActions = []ImportAction{ImportProblem, ImportSkip, ImportKeep, ImportChange, ImportDuplicate, ImportNew, ImportSame}

// FieldChange is one field of a thing with its text before and after.
type FieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ImportRow is one row of a file beside what the department has.
type ImportRow struct {
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Cell     string        `json:"cell,omitempty"` // in place of a line, where one cell is meant
	Kind     string        `json:"kind"`           // KindArticle or KindConsultation; of a skill map KindLevel and the others
	Title    string        `json:"title"`
	Action   ImportAction  `json:"action"`
	ObjectID string        `json:"id,omitempty"`      // of what the department has
	Version  int           `json:"version,omitempty"` // of it, as compared
	Changes  []FieldChange `json:"changes,omitempty"`
	Problems Invalid       `json:"problems,omitempty"`
	// Edited: somebody saved it by hand after the last import. Renamed: it was found
	// by its id in the file, under another title. Both are kept unless chosen.
	Edited  bool `json:"edited,omitempty"`
	Renamed bool `json:"renamed,omitempty"`
	// FirstFile and FirstLine are the earlier row of a duplicate.
	FirstFile string `json:"first_file,omitempty"`
	FirstLine int    `json:"first_line,omitempty"`
	// Own: one's own level, which nobody confirms; it comes in as one's own word.
	// Count is how many levels a row stands for that are not named one by one.
	Own   bool `json:"own,omitempty"`
	Count int  `json:"count,omitempty"`
	// What the file names and the department does not know.
	NewTopics     []string `json:"unknown_topics,omitempty"`
	NewDepartment string   `json:"unknown_department,omitempty"`
	NoAnswerer    string   `json:"unknown_answerer,omitempty"`
}

// LeftOut is a row that did not come in, for the result of an import.
type LeftOut struct {
	File     string       `json:"file"`
	Line     int          `json:"line"`
	Cell     string       `json:"cell,omitempty"`
	Title    string       `json:"title"`
	Action   ImportAction `json:"action"`
	Problems Invalid      `json:"problems,omitempty"`
}

// ImportChoices are what a person decides about an import.
type ImportChoices struct {
	Compartment       string `json:"compartment,omitempty"`
	CreateTopics      bool   `json:"create_topics,omitempty"`
	CreateDepartments bool   `json:"create_departments,omitempty"`
	// Update holds the decision about single things that the files would change: the
	// version that may be replaced, or 0 to leave it as it is. A thing not named is
	// replaced when its last version came from an import.
	Update map[string]int `json:"update,omitempty"`
}

// Replaces decides whether a thing that a file would change is to be changed. What
// somebody edited since the person looked is never replaced.
func (c ImportChoices) Replaces(r ImportRow) bool {
	if version, chosen := c.Update[r.ObjectID]; chosen {
		return version == r.Version
	}
	return !r.Edited && !r.Renamed
}

// ImportPlan is what an import would do.
type ImportPlan struct {
	Rows   []ImportRow          `json:"rows"`
	Counts map[ImportAction]int `json:"counts"`
	// Names that the files use and the department does not have.
	Topics      []string `json:"unknown_topics,omitempty"`
	Departments []string `json:"unknown_departments,omitempty"`
	Answerers   []string `json:"unknown_answerers,omitempty"`
}

// Writes returns how many rows would be written.
func (p ImportPlan) Writes() int { return p.Counts[ImportNew] + p.Counts[ImportChange] }

// ImportItem is a thing that an import wrote.
type ImportItem struct {
	Kind     string       `db:"kind" json:"kind"`
	ObjectID string       `db:"object_id" json:"id"`
	Action   ImportAction `db:"action" json:"action"`
	Version  int          `db:"version" json:"version"` // that it left behind
	Title    string       `db:"title" json:"title"`     // as it is now
	Ref      string       `db:"ref" json:"ref,omitempty"`
}

// MaxLeftOut is how many of the rows left out the result of an import names.
const MaxLeftOut = 500
