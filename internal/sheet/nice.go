package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// MaxEntries is how many entries a published framework may have.
const MaxEntries = 20_000

var (
	// ErrNotNICE says that a file is not NICE as it is published; the text of the error
	// goes on with where in the file, and why.
	ErrNotNICE = errors.New("not NICE as it is published")
	// ErrNoVersion says that the file does not tell which version of NICE it holds.
	ErrNoVersion = errors.New("the file does not say which version of NICE it holds")
	// ErrBadVersion says that the wanted version is not one like v1.0.0.
	ErrBadVersion = errors.New("a version is written like v1.0.0")
)

// NICE is what a published file holds.
type NICE struct {
	Entries []team.FrameworkEntry // in the order of the file, no code twice
	LeftOut int                   // elements of other kinds, such as OPM codes, and those without words
}

// ReadNICE reads the NICE framework of NIST as it is published: the export of the
// Cybersecurity and Privacy Reference Tool (CPRT), with or without the envelope of its
// service, or a cluster of the MISP galaxies. A file comes in whole or not at all. A
// version that is not "" stands in place of what the file says. Its errors are
// ErrNotNICE, ErrNoVersion, ErrBadVersion, ErrTooLarge and ErrNoRows.
func ReadNICE(content []byte, version string) (NICE, error) {
	if len(content) > MaxFile {
		return NICE{}, ErrTooLarge
	}
	version, err := niceVersion(version)
	if err != nil {
		return NICE{}, err
	}
	s, _, err := text.Decode(content, "")
	if err != nil || isBinary(s) {
		return NICE{}, notNICE("", "it is not text")
	}
	if strings.TrimSpace(s) == "" {
		return NICE{}, ErrNoRows
	}
	r := niceReader{version: version, seen: map[string]int{}}
	if err := r.file([]byte(s)); err != nil {
		return NICE{}, err
	}
	if len(r.found.Entries) == 0 && r.found.LeftOut == 0 {
		return NICE{}, ErrNoRows
	}
	return r.found, nil
}

func notNICE(path, why string) error {
	if path != "" {
		why = path + ": " + why
	}
	return fmt.Errorf("%w: %s", ErrNotNICE, why)
}

var numbers = regexp.MustCompile(`^v?([0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})$`)

func niceVersion(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	m := numbers.FindStringSubmatch(s)
	if m == nil {
		return "", fmt.Errorf("%w, not %q", ErrBadVersion, s)
	}
	return "v" + m[1], nil
}

type niceReader struct {
	version string // wanted, or ""
	found   NICE
	seen    map[string]int // version and code → its place in found
}

// object is a JSON object whose values are not read yet.
type object map[string]json.RawMessage

func (r *niceReader) file(content []byte) error {
	var root object
	if err := json.Unmarshal(content, &root); err != nil {
		return notNICE(lineOf(content, err), "it is not a JSON object")
	}
	if root["values"] != nil {
		return r.galaxy(root)
	}
	if root["response"] == nil {
		return r.cprt(root, "")
	}
	response, err := member[object](root, "", "response")
	if err != nil {
		return err
	}
	inner, err := member[object](response, "response.", "elements")
	if err != nil {
		return err
	}
	return r.cprt(inner, "response.elements.")
}

// lineOf names the line of a mistake in the JSON.
func lineOf(content []byte, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return ""
	}
	end := min(max(int(syntax.Offset), 0), len(content))
	return fmt.Sprintf("line %d", 1+bytes.Count(content[:end], []byte("\n")))
}

// member reads a value that has to be there and of its kind.
func member[T any](o object, path, name string) (v T, err error) {
	raw := o[name]
	if raw == nil || string(raw) == "null" {
		return v, notNICE(path+name, "is missing")
	}
	if json.Unmarshal(raw, &v) != nil {
		return v, notNICE(path+name, "is not "+kindOf(v))
	}
	return v, nil
}

// optional is member for a value that may be missing.
func optional[T any](o object, path, name string) (v T, err error) {
	if raw := o[name]; raw == nil || string(raw) == "null" {
		return v, nil
	}
	return member[T](o, path, name)
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case int:
		return "a whole number"
	case object:
		return "an object"
	}
	return "a list"
}

// objects reads a list of objects one by one, so that a mistake has its place.
func objects(o object, path, name string, each func(o object, path string) error) error {
	list, err := member[[]json.RawMessage](o, path, name)
	if err != nil {
		return err
	}
	for i, raw := range list {
		at := fmt.Sprintf("%s%s[%d]", path, name, i)
		var one object
		if json.Unmarshal(raw, &one) != nil || one == nil {
			return notNICE(at, "is not an object")
		}
		if err := each(one, at+"."); err != nil {
			return err
		}
	}
	return nil
}

// add takes an entry. One without any words is left out; the same entry a second
// time is no mistake.
func (r *niceReader) add(e team.FrameworkEntry, path string) error {
	e.Framework, e.Title, e.Text = "NICE", line(e.Title), line(e.Text)
	if e.Title == "" {
		e.Title = text.Snippet(e.Text, team.MaxEntryTitle)
	}
	if e.Text == e.Title {
		e.Text = ""
	}
	if e.Title == "" {
		r.found.LeftOut++
		return nil
	}
	var invalid team.Invalid
	if errors.As(e.Validate(), &invalid) {
		return notNICE(path+invalid[0].Field, fmt.Sprintf("is %s (%s)", strings.ReplaceAll(string(invalid[0].Rule), "_", " "), text.Snippet(e.Code, 40)))
	}
	key := e.Version + " " + e.Code
	if first, twice := r.seen[key]; twice {
		if r.found.Entries[first] == e {
			return nil
		}
		return notNICE(path+"code", e.Code+" is there a second time and says something else")
	}
	if len(r.found.Entries) == MaxEntries {
		return ErrTooLarge
	}
	r.seen[key] = len(r.found.Entries)
	r.found.Entries = append(r.found.Entries, e)
	return nil
}

// line writes a text as one line of valid characters.
func line(s string) string { return strings.Join(strings.Fields(text.Clean(s)), " ") }
