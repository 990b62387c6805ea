package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"tasuki/internal/risk"
	"tasuki/internal/sheet"
)

// skillMap is who stands where in which skill, as a file says.
type skillMap struct {
	members []string
	skills  []risk.Skill
	levels  [][]int  // of a member: in each skill
	unknown []string // where the file holds something that was left out
	doubts  []sheet.Doubt

	needsRead int // skills whose requirement a table tells
}

// newSkillMap returns a map in which every skill needs one person at level 3; level
// tells where somebody stands, risk.NotAssessed included. It is what a table gives
// that says no more than names and levels.
func newSkillMap(members, skills []string, level func(member, skill int) int) skillMap {
	m := skillMap{members: members}
	for _, id := range skills {
		m.skills = append(m.skills, usualSkill(id))
	}
	for p := range members {
		row := make([]int, len(skills))
		for s := range skills {
			row[s] = level(p, s)
		}
		m.levels = append(m.levels, row)
	}
	return m
}

func usualSkill(id string) risk.Skill {
	return risk.Skill{ID: id, Required: 3, Minimum: 1, Critical: true, Weight: 1}
}

func (m skillMap) department() risk.Department {
	return risk.New(m.members, m.skills, func(p, s int) int { return m.levels[p][s] })
}

// The limits of a file. The numbers look at every group of three people, so many
// more members than this would take minutes.
const (
	mostEntries = 1000
	deepest     = 8
	mostHeads   = 1_000_000
	mostWeight  = 1_000_000_000
)

// fileProblem says what is wrong with a file, and where in it.
type fileProblem struct {
	path string // skills[3].minimum, or "" for the file
	rule string // a key of risk_file
	args []any  // what its sentence speaks of
}

// Error names the problem for a log; people see a sentence.
func (p fileProblem) Error() string { return strings.TrimPrefix(p.path+": "+p.rule, ": ") }

// tree is a part of a JSON file that still knows where it stood.
type tree struct {
	path   string
	value  any             // nil, bool, json.Number or string, where it has no parts
	kind   json.Delim      // '{' or '[', where it has
	parts  []tree          // in their order
	names  []string        // of an object: of each part
	byName map[string]tree // of an object
}

// readTree reads a whole file. A name that stands twice in one object is refused: one
// of the two would silently be lost.
func readTree(content string) (tree, error) {
	decoder := json.NewDecoder(strings.NewReader(content))
	decoder.UseNumber()
	whole, err := readPart(decoder, "", 0)
	if err == nil {
		if _, after := decoder.Token(); after != io.EOF {
			err = fmt.Errorf("more after the end: %w", errSyntax)
		}
	}
	var problem fileProblem
	if err == nil || errors.As(err, &problem) {
		return whole, err
	}
	at := decoder.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, syntax.Offset-1)
	}
	before := content[:min(int(at), len(content))]
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
	return tree{}, fileProblem{"", "syntax", []any{"Line", line, "Column", column}}
}

var errSyntax = errors.New("not JSON")

func readPart(decoder *json.Decoder, path string, depth int) (tree, error) {
	token, err := decoder.Token()
	if err != nil {
		return tree{}, err
	}
	t := tree{path: path, value: token}
	delim, parts := token.(json.Delim)
	if !parts {
		return t, nil
	}
	if depth == deepest {
		return t, fileProblem{path, "too_deep", nil}
	}
	t.kind, t.value, t.byName = delim, nil, map[string]tree{}
	for decoder.More() {
		if len(t.parts) == mostEntries {
			return t, fileProblem{path, "too_many", []any{"Limit", mostEntries}}
		}
		if err := t.readNext(decoder, depth); err != nil {
			return t, err
		}
	}
	_, err = decoder.Token()
	return t, err
}

// readNext reads one more part.
func (t *tree) readNext(decoder *json.Decoder, depth int) error {
	at, name := fmt.Sprintf("%s[%d]", t.path, len(t.parts)), ""
	if t.kind == '{' {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		name, _ = token.(string)
		at = below(t.path, name)
		if _, twice := t.byName[name]; twice {
			return fileProblem{at, "twice", []any{"Name", name}}
		}
	}
	part, err := readPart(decoder, at, depth+1)
	t.parts = append(t.parts, part)
	if t.kind == '{' {
		t.names, t.byName[name] = append(t.names, name), part
	}
	return err
}

// below returns the path of a name in an object: a.b, or a["b c"] where the name
// could be read as a path itself.
func below(path, name string) string {
	plain := name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
	})
	if !plain {
		return fmt.Sprintf("%s[%q]", path, name)
	}
	return strings.TrimPrefix(path+"."+name, ".")
}

// jsonMap takes a skill map out of a file; the first problem ends it.
type jsonMap struct {
	skillMap
	err error
}

// readSkillMapJSON reads a skill map. A level that is missing or null is not
// assessed; names that it does not know are left out and listed in unknown. The error
// is a fileProblem.
func readSkillMapJSON(content string) (skillMap, error) {
	whole, err := readTree(content)
	if err != nil {
		return skillMap{}, err
	}
	var m jsonMap
	if m.object(whole, "members", "skills", "levels"); m.err != nil {
		return skillMap{}, m.err
	}
	for _, part := range m.list(m.part(whole, "members")) {
		m.members = append(m.members, m.name(part, m.members))
	}
	var ids []string
	for _, part := range m.list(m.part(whole, "skills")) {
		s := m.skill(part, ids)
		ids, m.skills = append(ids, s.ID), append(m.skills, s)
	}
	m.levelsOf(m.part(whole, "levels"))
	return m.skillMap, m.err
}

func (m *jsonMap) fail(at tree, rule string, args ...any) {
	if m.err == nil {
		m.err = fileProblem{at.path, rule, args}
	}
}

// object checks that a part is an object and notes the names that are not known.
func (m *jsonMap) object(t tree, known ...string) {
	if t.kind != '{' {
		m.fail(t, "not_object")
		return
	}
	for i, part := range t.parts {
		if !slices.Contains(known, t.names[i]) {
			m.unknown = append(m.unknown, part.path)
		}
	}
}

func (m *jsonMap) list(t tree) []tree {
	if t.kind != '[' {
		m.fail(t, "not_list")
		return nil
	}
	return t.parts
}

// part returns a part that has to be there.
func (m *jsonMap) part(t tree, name string) tree {
	part, ok := t.byName[name]
	if !ok {
		m.fail(tree{path: below(t.path, name)}, "missing")
	}
	return part
}

// name returns a text that no other one has.
func (m *jsonMap) name(t tree, others []string) string {
	s, ok := t.value.(string)
	switch {
	case !ok:
		m.fail(t, "not_text")
	case strings.TrimSpace(s) == "":
		m.fail(t, "empty")
	case slices.Contains(others, s):
		m.fail(t, "twice", "Name", s)
	}
	return s
}

func (m *jsonMap) skill(t tree, others []string) risk.Skill {
	m.object(t, "id", "required_level", "minimum", "critical", "weight")
	s := usualSkill("")
	if t.kind != '{' {
		return s
	}
	s.ID = m.name(m.part(t, "id"), others)
	if part, ok := t.byName["required_level"]; ok {
		s.Required = m.whole(part, 0, 4)
	}
	if part, ok := t.byName["minimum"]; ok {
		s.Minimum = m.whole(part, 0, mostHeads)
	}
	if part, ok := t.byName["weight"]; ok {
		s.Weight = m.number(part, mostWeight)
	}
	if part, ok := t.byName["critical"]; ok {
		if s.Critical, ok = part.value.(bool); !ok {
			m.fail(part, "not_bool")
		}
	}
	return s
}

// number returns a number from 0 to most. JSON has no others than finite ones.
func (m *jsonMap) number(t tree, most float64) float64 {
	n, ok := t.value.(json.Number)
	f, err := n.Float64()
	if !ok || err != nil || f < 0 || f > most {
		m.fail(t, "not_number", "Limit", int(most))
	}
	return f
}

func (m *jsonMap) whole(t tree, least, most int) int {
	n, ok := t.value.(json.Number)
	f, err := n.Float64()
	if !ok || err != nil || f < float64(least) || f > float64(most) || f != float64(int(f)) {
		m.fail(t, "not_whole", "Least", least, "Limit", most)
		return least
	}
	return int(f)
}

// levelsOf reads where everybody stands. A member or a skill that the file does not
// have is a slip of the pen that would change the numbers, so it is refused.
func (m *jsonMap) levelsOf(t tree) {
	if t.kind != '{' {
		m.fail(t, "not_object")
		return
	}
	member, skill := map[string]int{}, map[string]int{}
	for s, wanted := range m.skills {
		skill[wanted.ID] = s
	}
	for p, name := range m.members {
		member[name] = p
		m.levels = append(m.levels, slices.Repeat([]int{risk.NotAssessed}, len(m.skills)))
	}
	for i, part := range t.parts {
		p, ok := member[t.names[i]]
		if !ok {
			m.fail(part, "unknown_member", "Name", t.names[i])
			return
		}
		m.row(part, skill, m.levels[p])
	}
}

func (m *jsonMap) row(t tree, skill map[string]int, into []int) {
	if t.kind != '{' {
		m.fail(t, "not_object")
		return
	}
	for i, part := range t.parts {
		s, ok := skill[t.names[i]]
		switch {
		case !ok:
			m.fail(part, "unknown_skill", "Name", t.names[i])
			return
		case part.kind != 0 || part.value != nil: // null is not assessed
			into[s] = m.whole(part, 0, 4)
		}
	}
}
