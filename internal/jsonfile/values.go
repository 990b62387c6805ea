package jsonfile

import (
	"encoding/json"
	"slices"
	"strings"
)

// Values takes values out of a file. Its methods go on after a problem with values
// that mean nothing; the first problem stays.
type Values struct {
	Err     error    // a Problem
	Unknown []string // paths of names that are not known
}

// Fail notes a problem, unless there is one already.
func (v *Values) Fail(at Part, rule string, args ...any) {
	if v.Err == nil {
		v.Err = Problem{at.Path, rule, args}
	}
}

// Object tells whether a part is an object, and notes the names that are not known.
func (v *Values) Object(p Part, known ...string) bool {
	if !v.Names(p) {
		return false
	}
	for i, part := range p.Parts {
		if !slices.Contains(known, p.Names[i]) {
			v.Unknown = append(v.Unknown, part.Path)
		}
	}
	return true
}

// Names tells whether a part is an object, whose names can be any.
func (v *Values) Names(p Part) bool {
	if p.Kind != '{' {
		v.Fail(p, "not_object")
	}
	return p.Kind == '{'
}

// List returns the parts of a list.
func (v *Values) List(p Part) []Part {
	if p.Kind != '[' {
		v.Fail(p, "not_list")
		return nil
	}
	return p.Parts
}

// Need returns a part that has to be there.
func (v *Values) Need(p Part, name string) Part {
	part, ok := p.byName[name]
	if !ok {
		v.Fail(Part{Path: Below(p.Path, name)}, "missing")
	}
	return part
}

// Get returns a part that may be there.
func (p Part) Get(name string) (Part, bool) {
	part, ok := p.byName[name]
	return part, ok
}

// Null tells whether a part says that there is no value.
func (p Part) Null() bool { return p.Kind == 0 && p.Value == nil }

// Text returns a text that is not empty.
func (v *Values) Text(p Part) string {
	s, ok := p.Value.(string)
	switch {
	case !ok:
		v.Fail(p, "not_text")
	case strings.TrimSpace(s) == "":
		v.Fail(p, "empty")
	}
	return s
}

// Bool returns true or false.
func (v *Values) Bool(p Part) bool {
	b, ok := p.Value.(bool)
	if !ok {
		v.Fail(p, "not_bool")
	}
	return b
}

// Number returns a number from 0 to most. JSON has no others than finite ones.
func (v *Values) Number(p Part, most float64) float64 {
	n, ok := p.Value.(json.Number)
	f, err := n.Float64()
	if !ok || err != nil || f < 0 || f > most {
		v.Fail(p, "not_number", "Limit", int64(most))
		return 0
	}
	return f
}

// Whole returns a whole number between two that a float64 holds exactly.
func (v *Values) Whole(p Part, least, most int) int {
	n, ok := p.Value.(json.Number)
	f, err := n.Float64()
	if !ok || err != nil || f < float64(least) || f > float64(most) || f != float64(int(f)) {
		v.Fail(p, "not_whole", "Least", least, "Limit", most)
		return least
	}
	return int(f)
}
