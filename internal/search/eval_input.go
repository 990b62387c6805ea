package search

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"tasuki/internal/team"
)

type evalDoc struct {
	ID    evalID
	Title string
	Body  string
}

type evalQuery struct {
	ID      evalID
	Text    string
	Exclude evalIDs
	OOS     *evalBool
}

// evalAlias is a wording and the document it was answered by. A line with both
// "query" and "text" names the wording by "text".
type evalAlias struct {
	Text, Query, Wording, Alias string
	ID, Doc                     evalID
	DocID                       evalID `json:"doc_id"`
	Document                    evalID
}

func (a evalAlias) wording() string { return cmp.Or(a.Text, a.Query, a.Wording, a.Alias) }

func (a evalAlias) document() string {
	return string(cmp.Or(a.Doc, a.DocID, a.Document, a.ID))
}

// evalID is an id that a file has as text or as a number.
type evalID string

// UnmarshalJSON takes text and numbers.
func (id *evalID) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if len(b) > 0 && b[0] != '"' {
		var n json.Number
		err := json.Unmarshal(b, &n)
		*id = evalID(n)
		return err
	}
	return json.Unmarshal(b, (*string)(id))
}

// evalIDs is one id or a list of them.
type evalIDs []evalID

// UnmarshalJSON takes an id and a list of ids.
func (ids *evalIDs) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]evalID)(ids))
	}
	var one evalID
	err := json.Unmarshal(b, &one)
	if one != "" {
		*ids = evalIDs{one}
	}
	return err
}

// evalBool is true or false, or 1 or 0.
type evalBool bool

// UnmarshalJSON takes truth values and numbers.
func (v *evalBool) UnmarshalJSON(b []byte) error {
	switch s := strings.Trim(string(b), `"`); s {
	case "1", "true", "True":
		*v = true
	case "0", "false", "False", "":
		*v = false
	default:
		return fmt.Errorf("%s is neither true nor false", b)
	}
	return nil
}

var byteOrderMark = []byte("\uFEFF")

// eachLine calls do with every line that is not blank, without what Windows adds.
func eachLine(name string, r io.Reader, do func(number int, line []byte) error) error {
	if r == nil {
		return nil
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), byteOrderMark))
		if len(line) == 0 {
			continue
		}
		if err := do(n, line); err != nil {
			return fmt.Errorf("%s, line %d: %w", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func jsonLines[T any](name string, r io.Reader) ([]T, error) {
	var list []T
	err := eachLine(name, r, func(_ int, line []byte) error {
		var v T
		err := json.Unmarshal(line, &v)
		list = append(list, v)
		return err
	})
	return list, err
}

// qrels returns the right documents of each query with their grades. A first line
// whose grade is no number is taken for headings.
func qrels(r io.Reader) (map[string]map[string]int, error) {
	wanted := map[string]map[string]int{}
	first := true
	err := eachLine("qrels", r, func(_ int, line []byte) error {
		heading := first
		first = false
		part := strings.Split(string(line), "\t")
		if len(part) < 3 {
			part = strings.Fields(string(line))
		}
		if len(part) == 4 { // TREC: the second column says nothing
			part = []string{part[0], part[2], part[3]}
		}
		if len(part) != 3 {
			return fmt.Errorf("want query, document and grade parted by tabs")
		}
		query, doc := strings.TrimSpace(part[0]), strings.TrimSpace(part[1])
		grade, err := strconv.ParseFloat(strings.TrimSpace(part[2]), 64)
		if err != nil {
			if heading {
				return nil
			}
			return fmt.Errorf("grade %q is no number", part[2])
		}
		if wanted[query] == nil {
			wanted[query] = map[string]int{}
		}
		if grade > 0 {
			wanted[query][doc] = max(1, int(grade))
		}
		return nil
	})
	return wanted, err
}

// values is a source of fixed documents.
type values struct {
	docs   []team.Document
	jargon []team.JargonTerm
}

func evalSource(in EvalInput) (values, error) {
	docs, err := jsonLines[evalDoc]("docs", in.Docs)
	if err != nil {
		return values{}, err
	}
	aliases, err := jsonLines[evalAlias]("aliases", in.Aliases)
	if err != nil {
		return values{}, err
	}
	known := map[string]bool{}
	for _, d := range docs {
		known[string(d.ID)] = true
	}
	wordings := map[string][]string{}
	for i, a := range aliases {
		if a.wording() == "" || !known[a.document()] {
			return values{}, fmt.Errorf("aliases, entry %d: want a text and the id of a document, have %q and %q", i+1, a.wording(), a.document())
		}
		wordings[a.document()] = append(wordings[a.document()], a.wording())
	}
	v := values{jargon: in.Jargon}
	for _, d := range docs {
		id := string(d.ID)
		v.docs = append(v.docs, team.Document{Kind: team.KindArticle, ID: id, Class: team.ClassArticle, Title: d.Title, Body: d.Body, Wordings: wordings[id]})
	}
	return v, nil
}

func (v values) Epoch(context.Context) (string, error)             { return "eval", nil }
func (v values) CompartmentIDs(context.Context) ([]string, error)  { return []string{""}, nil }
func (v values) LastChange(context.Context) (int64, error)         { return int64(len(v.docs)), nil }
func (v values) Jargon(context.Context) ([]team.JargonTerm, error) { return v.jargon, nil }
func (v values) Changes(_ context.Context, after int64, limit int) ([]team.Change, error) {
	var list []team.Change
	for i := after; i < int64(len(v.docs)) && len(list) < limit; i++ {
		list = append(list, team.Change{Seq: i + 1, Kind: team.KindArticle, ID: v.docs[i].ID})
	}
	return list, nil
}
func (v values) Documents(_ context.Context, changes []team.Change) ([]team.Document, error) {
	var list []team.Document
	for _, c := range changes {
		list = append(list, v.docs[c.Seq-1])
	}
	return list, nil
}
