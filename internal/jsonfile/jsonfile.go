// Package jsonfile reads files that people write in JSON, and knows the path of
// whatever is wrong in them.
package jsonfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// deepest is how many parts may stand within each other.
const deepest = 8

// Problem says what is wrong with a file, and where in it.
type Problem struct {
	Path string // skills[3].minimum, or "" for the file
	Rule string // a key of the sentences of risk_file
	Args []any  // what the sentence speaks of
}

// Error names the problem for a log; people see a sentence.
func (p Problem) Error() string {
	said := strings.TrimPrefix(p.Path+": "+p.Rule, ": ")
	for i := 0; i+1 < len(p.Args); i += 2 {
		said += fmt.Sprintf(" %v=%v", p.Args[i], p.Args[i+1])
	}
	return said
}

// Part is a part of a file that still knows where it stood.
type Part struct {
	Path   string
	Value  any             // nil, bool, json.Number or string, where it has no parts
	Kind   json.Delim      // '{' or '[', where it has
	Parts  []Part          // in their order
	Names  []string        // of an object: of each part
	byName map[string]Part // of an object
}

// Read reads a whole file in which nothing has more parts than most. A name that
// stands twice in one object is refused: one of the two would silently be lost. The
// error is a Problem.
func Read(content string, most int) (Part, error) {
	r := reader{json.NewDecoder(strings.NewReader(content)), most}
	r.UseNumber()
	whole, err := r.part("", 0)
	if err == nil {
		if _, after := r.Token(); after != io.EOF {
			err = errors.New("more after the end")
		}
	}
	var problem Problem
	if err == nil || errors.As(err, &problem) {
		return whole, err
	}
	at := r.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, syntax.Offset-1)
	}
	before := content[:min(int(at), len(content))]
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
	return Part{}, Problem{"", "syntax", []any{"Line", line, "Column", column}}
}

type reader struct {
	*json.Decoder
	most int
}

func (r reader) part(path string, depth int) (Part, error) {
	token, err := r.Token()
	if err != nil {
		return Part{}, err
	}
	p := Part{Path: path, Value: token}
	delim, parts := token.(json.Delim)
	if !parts {
		return p, nil
	}
	if depth == deepest {
		return p, Problem{path, "too_deep", nil}
	}
	p.Kind, p.Value, p.byName = delim, nil, map[string]Part{}
	for r.More() {
		if len(p.Parts) == r.most {
			return p, Problem{path, "too_many", []any{"Limit", r.most}}
		}
		if err := r.next(&p, depth); err != nil {
			return p, err
		}
	}
	_, err = r.Token()
	return p, err
}

// next reads one more part of p.
func (r reader) next(p *Part, depth int) error {
	at, name := fmt.Sprintf("%s[%d]", p.Path, len(p.Parts)), ""
	if p.Kind == '{' {
		token, err := r.Token()
		if err != nil {
			return err
		}
		name, _ = token.(string)
		at = Below(p.Path, name)
		if _, twice := p.byName[name]; twice {
			return Problem{at, "twice", []any{"Name", name}}
		}
	}
	part, err := r.part(at, depth+1)
	p.Parts = append(p.Parts, part)
	if p.Kind == '{' {
		p.Names, p.byName[name] = append(p.Names, name), part
	}
	return err
}

// Below returns the path of a name in an object: a.b, or a["b c"] where the name
// could be read as a path itself.
func Below(path, name string) string {
	plain := name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
	})
	if !plain {
		return fmt.Sprintf("%s[%q]", path, name)
	}
	return strings.TrimPrefix(path+"."+name, ".")
}
