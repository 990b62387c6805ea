package web

import (
	"errors"
	"strings"

	"tasuki/internal/team"
)

// field is one field of a form, ready to print with parts/_field. Rows makes it a
// text area and Choices a list; otherwise Kind is the type of the input.
type field struct {
	Name, Label, Kind, Value, Hint, Placeholder, Autocomplete string
	Prefix                                                    string // for the id, where a page has the same form twice
	Submit                                                    string // the button that Ctrl+Enter presses; "" sends the form
	List                                                      string // id of the values to choose from; others can be typed
	Mark                                                      string // "optional" or "required" beside the label
	Required, Focus                                           bool
	Rows, MaxLength                                           int
	Choices                                                   []choice
	Error                                                     string
}

// choice is a line of a list.
type choice struct {
	Value, Label string
	Chosen       bool
}

// ID is the id of the input.
func (f field) ID() string { return "field-" + f.Prefix + strings.ReplaceAll(f.Name, "_", "-") }

// Type is the type of the input.
func (f field) Type() string {
	if f.Kind == "" {
		return "text"
	}
	return f.Kind
}

// DescribedBy lists the ids of what explains the input.
func (f field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}

// choose returns f as a list of values with their words; the current value is chosen.
func choose[V ~string](p page, f field, noun string, values []V) field {
	for _, v := range values {
		f.Choices = append(f.Choices, choice{Value: string(v), Label: p.Word(noun, v), Chosen: string(v) == f.Value})
	}
	return f
}

// form is a list of fields with what is wrong with them.
type form struct {
	Fields  []field
	Summary string // heading of the list of problems
}

// explain puts a sentence beside each field that err (a team.Invalid) names. It
// tells whether err was one: any other error is not the form's to explain.
func (f *form) explain(p page, err error) bool {
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return false
	}
	f.Summary = p.T("common.fix_fields")
	for i := range f.Fields {
		if problem, wrong := invalid.Field(f.Fields[i].Name); wrong {
			f.Fields[i].Error = p.Problem(problem)
		}
	}
	return true
}

// Problems returns the fields that have to be corrected.
func (f form) Problems() []field {
	var wrong []field
	for _, one := range f.Fields {
		if one.Error != "" {
			wrong = append(wrong, one)
		}
	}
	return wrong
}

// Field returns one field by name, for pages that place them by hand; a field that
// is not there is empty.
func (f form) Field(name string) field {
	for _, one := range f.Fields {
		if one.Name == name {
			return one
		}
	}
	return field{Name: name}
}
