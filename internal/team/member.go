package team

import "slices"

// Role says what a member may do. Each role may do all that the ones before it may.
type Role string

// The roles. An operator is whoever runs the program on its host; it is never stored.
const (
	RoleViewer   Role = "viewer"
	RoleMember   Role = "member"
	RoleLead     Role = "lead"
	RoleAdmin    Role = "admin"
	RoleOperator Role = "operator"
)

// Roles lists the roles that can be given to a member, the smallest first.
var Roles = []Role{RoleViewer, RoleMember, RoleLead, RoleAdmin}

// Languages lists the languages of the interface.
var Languages = []string{"ja", "en"}

// Member is a person of the security department.
type Member struct {
	ID        string `db:"id" json:"id,omitzero"`
	Name      string `db:"name" json:"name,omitzero"`
	Reading   string `db:"reading" json:"reading,omitzero"` // furigana; the sort key of names in kanji
	NameEn    string `db:"name_en" json:"name_en,omitzero"`
	Email     string `db:"email" json:"email,omitzero"` // signs in with it
	Title     string `db:"title" json:"title,omitzero"`
	Role      Role   `db:"role" json:"role,omitzero"`
	Language  string `db:"language" json:"language,omitzero"`
	Shortcuts bool   `db:"shortcuts" json:"shortcuts,omitzero"` // single-letter keys; can be switched off (WCAG 2.1.4)
	NoMails   bool   `db:"no_mails" json:"no_mails,omitzero"`   // wants no reminders by mail
	Active    bool   `db:"active" json:"active,omitzero"`
	JoinedOn  Date   `db:"joined_on" json:"joined_on,omitzero"`
	Version   int    `db:"version" json:"version,omitzero"`
}

// Operator is whoever runs a command on the host of the program: everything is
// readable to them, and what they save carries nobody's name.
func Operator() Member { return Member{Role: RoleOperator, Language: "ja", Active: true} }

// DisplayName returns the name to show in a language: the English one where
// there is one and it is wanted.
func (m Member) DisplayName(language string) string {
	if language == "en" && m.NameEn != "" {
		return m.NameEn
	}
	return m.Name
}

// Validate checks what a person typed.
func (m Member) Validate() error {
	var v Invalid
	v.text("name", m.Name, true, 60)
	v.text("reading", m.Reading, false, 80)
	v.text("name_en", m.NameEn, false, 80)
	v.text("email", m.Email, true, 200)
	v.text("title", m.Title, false, 80)
	oneOf(&v, "role", m.Role, Roles)
	oneOf(&v, "language", m.Language, Languages)
	return v.Or()
}

// is tells whether an active person has at least this role.
func (m Member) is(role Role) bool {
	if m.Role == RoleOperator {
		return true
	}
	return m.Active && slices.Index(Roles, m.Role) >= slices.Index(Roles, role)
}

// CanRead tells whether a person may read what is open to the whole department.
func CanRead(by Member) bool { return by.is(RoleViewer) }

// CanWrite tells whether a person may answer, reuse and write articles.
func CanWrite(by Member) bool { return by.is(RoleMember) }

// CanManage tells whether a person may edit members, departments, topics, the
// dictionary and imports.
func CanManage(by Member) bool { return by.is(RoleLead) }

// CanGiveRole tells whether a person may give a role: nobody hands out more than they have.
func CanGiveRole(by Member, role Role) bool { return CanManage(by) && by.is(role) }

// ReadsAll tells whether a person reads every compartment: only the operator does.
func ReadsAll(by Member) bool { return by.Role == RoleOperator }
