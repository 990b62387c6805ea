// Package team holds the words of a security department: its members, the
// consultations they answer, the articles they reuse, and the rules of who may
// do what. It is pure: no database, no clock and no language, so that every
// rule is a small table in a test. Today, now and the person come in as arguments.
package team

import (
	"errors"
	"fmt"
	"strings"
)

// The kinds of refusal that a person can act on. Everything else is a fault.
var (
	// ErrNotFound says that there is no such thing, or none that this person may know of.
	ErrNotFound = errors.New("not found")
	// ErrForbidden says that this person may see the thing but not do this to it.
	ErrForbidden = errors.New("forbidden")
	// ErrStale says that somebody else saved the thing since it was read.
	ErrStale = errors.New("changed by somebody else since it was read")
	// ErrTooLate says that an undo came after its time, or after later work on the same thing.
	ErrTooLate = errors.New("too late to undo")
	// ErrNotEmpty says that a whole export can only be brought into an empty instance.
	ErrNotEmpty = errors.New("the instance is not empty")
)

// Rule names what is wrong with a field; a page turns it into a sentence.
type Rule string

// The rules that a field can break.
const (
	Required Rule = "required"
	TooLong  Rule = "too_long"
	NotADate Rule = "not_a_date"
	Unknown  Rule = "unknown"
	Taken    Rule = "taken"
	TooShort Rule = "too_short"
	// TooEarly: a day that comes before the one it follows.
	TooEarly Rule = "too_early"
	Common   Rule = "common"
	Last     Rule = "last"
	NotValid Rule = "not_valid"
	TooMany  Rule = "too_many"
	// TooLarge: a file beyond the limit, which is in megabytes.
	TooLarge Rule = "too_large"
	// Full: there is no room left for what was sent.
	Full Rule = "full"
	// OtherGroup: what belongs to one compartment cannot go into another place.
	OtherGroup Rule = "other_group"
)

// Problem is one field and what is wrong with it. Limit is the number that the
// rule speaks of (the longest length in runes), or 0.
type Problem struct {
	Field string `json:"field"`
	Rule  Rule   `json:"rule"`
	Limit int    `json:"limit,omitempty"`
}

// Invalid lists what has to be corrected before a thing can be saved.
type Invalid []Problem

// Error lists the fields for a log; people see translated sentences instead.
func (v Invalid) Error() string {
	parts := make([]string, len(v))
	for i, p := range v {
		parts[i] = fmt.Sprintf("%s: %s", p.Field, p.Rule)
	}
	return "invalid: " + strings.Join(parts, ", ")
}

// Or returns v as an error, or nil when nothing is wrong. It keeps a nil slice
// from becoming a non-nil error.
func (v Invalid) Or() error {
	if len(v) == 0 {
		return nil
	}
	return v
}

// Field returns the problem of one field, and whether there is one.
func (v Invalid) Field(name string) (Problem, bool) {
	for _, p := range v {
		if p.Field == name {
			return p, true
		}
	}
	return Problem{}, false
}

// text checks a field's length in runes and whether it has to be filled.
func (v *Invalid) text(field, s string, required bool, limit int) {
	switch {
	case required && strings.TrimSpace(s) == "":
		*v = append(*v, Problem{Field: field, Rule: Required})
	case len([]rune(s)) > limit:
		*v = append(*v, Problem{Field: field, Rule: TooLong, Limit: limit})
	}
}

// oneOf checks that a word is among those known.
func oneOf[T ~string](v *Invalid, field string, got T, known []T) {
	for _, k := range known {
		if got == k {
			return
		}
	}
	*v = append(*v, Problem{Field: field, Rule: Unknown})
}
