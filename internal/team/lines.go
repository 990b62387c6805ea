package team

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// Lines is a short list of one-line texts (steps, keywords, synonyms), kept in
// one text column, one to a line.
type Lines []string

// LinesOf splits a text at its line ends and drops the empty lines.
func LinesOf(text string) Lines {
	var list Lines
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// String joins the lines with line feeds.
func (l Lines) String() string { return strings.Join(l, "\n") }

// Value stores the joined text.
func (l Lines) Value() (driver.Value, error) { return l.String(), nil }

// Scan splits the stored text.
func (l *Lines) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*l = nil
	case string:
		*l = LinesOf(v)
	case []byte:
		*l = LinesOf(string(v))
	default:
		return fmt.Errorf("lines from %T", src)
	}
	return nil
}
