package sheet

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode"
)

// readJSONL reads JSON objects, one to a line, one after the other or in an array.
// Keys become columns in the order in which they are first met.
func readJSONL(b *builder, s string) error {
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	line, _, _ := strings.Cut(s, "\n")
	if wholeExport(line) {
		return ErrWholeExport
	}
	j := jsonReader{b: b, index: map[string]int{}}
	if !strings.HasPrefix(s, "[") && json.Valid([]byte(line)) {
		j.lines(s)
		return nil
	}
	return j.stream(s)
}

// wholeExport tells whether a first line is that of `tasuki export`.
func wholeExport(line string) bool {
	var head struct {
		Type   string `json:"type"`
		Format int    `json:"format"`
	}
	return json.Unmarshal([]byte(line), &head) == nil && head.Type == "tasuki" && head.Format > 0
}

type jsonReader struct {
	b     *builder
	index map[string]int
}

// lines reads one object from each line; a line that is none is noted.
func (j jsonReader) lines(s string) {
	for n, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			j.object([]byte(line), n+1)
		}
	}
}

// stream reads objects that go over several lines, or an array of objects. What
// follows a mistake cannot be told apart any more: it is noted and left out.
func (j jsonReader) stream(s string) error {
	d := json.NewDecoder(strings.NewReader(s))
	if s != "" && s[0] == '[' {
		if _, err := d.Token(); err != nil {
			return ErrDamaged
		}
	}
	line, seen := 1, 0
	for d.More() {
		var raw json.RawMessage
		err := d.Decode(&raw)
		at := min(max(int(d.InputOffset())-len(raw), seen), len(s))
		line += strings.Count(s[seen:at], "\n")
		seen = at
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			j.b.note(NoteBadLine, line, "")
			return nil
		}
		j.object(raw, line)
	}
	return nil
}

// object adds one object as a row.
func (j jsonReader) object(raw []byte, line int) {
	keys, values, err := members(raw)
	if err != nil {
		j.b.note(NoteBadLine, line, "")
		return
	}
	var cells []string
	for i, key := range keys {
		c := j.b.column(key, j.index)
		if c < 0 {
			continue
		}
		for len(cells) <= c {
			cells = append(cells, "")
		}
		cells[c] = cellOf(values[i])
	}
	j.b.add(line, cells)
}

// members returns the keys of an object in their order, with their values.
func members(raw []byte) (keys []string, values []json.RawMessage, err error) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	open, err := d.Token()
	if err != nil || open != json.Delim('{') || !json.Valid(raw) {
		return nil, nil, errors.New("not an object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, nil, err
		}
		keys, values = append(keys, key.(string)), append(values, value)
	}
	return keys, values, nil
}

// cellOf writes a value as text: strings as they are, nothing for null, lists with
// one entry to a line, anything deeper as JSON.
func cellOf(raw json.RawMessage) string {
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	case 'n':
		return ""
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			break
		}
		lines := make([]string, 0, len(list))
		for _, one := range list {
			if one[0] == '[' || one[0] == '{' {
				lines = append(lines, string(one))
			} else {
				lines = append(lines, cellOf(one))
			}
		}
		return strings.Join(lines, "\n")
	}
	return string(raw)
}
