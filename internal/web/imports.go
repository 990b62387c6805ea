package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// uploadPath is the address that takes imports.
const uploadPath = "/imports"

func (s *Server) importRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, uploadPath, leads, s.listImports},
		{post, uploadPath, leads, s.uploadImport},
		{get, "/imports/:id", leads, s.showImport},
		{post, "/imports/:id", leads, s.changeImport},
		{get, "/imports/:id/progress", leads, s.importProgress},
		{post, "/imports/:id/undo", leads, s.undoImport},
		{post, "/imports/:id/delete", leads, s.deleteImport},
	}
}

// importsPage is the list of imports with the form that begins one.
type importsPage struct {
	page
	Rows   []importLine
	Total  int
	Pager  pager
	Unread []string // what is wrong with the files sent
	Pasted string
	Limit  int // megabytes
}

// importLine is one import in the list.
type importLine struct {
	page
	Import team.Import
	State  badge
	Who    string
	Group  string
}

func (s *Server) listImports(c *fiber.Ctx) error { return s.renderImports(c, nil, "") }

func (s *Server) renderImports(c *fiber.Ctx, unread []string, pasted string) error {
	p := importsPage{page: s.page(c), Unread: unread, Pasted: pasted, Limit: sheet.MaxFile >> 20}
	p.Nav, p.Title = "settings", p.T("import.title")
	list, total, err := s.Store.Imports(c.UserContext(), p.Member, pageNumber(c))
	if err != nil {
		return err
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	for _, i := range list {
		line := importLine{page: p.page, Import: i, State: s.importState(p.page, i), Who: p.importer(names, i.MemberID)}
		if line.Group, err = s.groupName(c, i.Compartment); err != nil {
			return err
		}
		p.Rows = append(p.Rows, line)
	}
	p.Total, p.Pager = total, p.pager(pageNumber(c), total)
	if len(unread) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
	} else if c.Query("deleted") != "" {
		p.Notice = &notice{Kind: "done", Text: p.T("import.deleted")}
	}
	return c.Render("imports/list", p)
}

// importer is who brought something in; an import from a terminal carries no name.
func (p page) importer(names map[string]string, id string) string {
	if id == "" {
		return p.Word("role", team.RoleOperator)
	}
	return names[id]
}

// importState is the badge of an import: what goes on here counts before what the
// database says.
func (s *Server) importState(p page, i team.Import) badge {
	if _, running, _ := s.Work.on(i.ID); running {
		i.State = team.ImportRunning
	}
	return p.Badge("import_state", i.State)
}

// importOptions is what an import keeps beside its files: how they are read and what
// the person decided.
type importOptions struct {
	Groups []importGroup `json:"groups"`
	Map    *mapOptions   `json:"map,omitempty"` // of a skill map, in place of groups
	Unread []unreadFile  `json:"unread,omitempty"`
	team.ImportChoices
}

// importGroup is the files that have the same columns: they are explained once.
type importGroup struct {
	Files    []int         `json:"files"`
	Encoding string        `json:"encoding,omitempty"` // "" is found out
	Sheet    string        `json:"sheet,omitempty"`
	Columns  []string      `json:"columns"`
	Mapping  sheet.Mapping `json:"mapping"`
}

// unreadFile is a file that was left out at once.
type unreadFile struct {
	Name string `json:"name"`
	Why  string `json:"why"` // a key of import_error
}

// uploadImport takes files or pasted text and leads to what they would bring. Files
// that cannot be read are named and left out; without a readable one the form comes
// back.
func (s *Server) uploadImport(c *fiber.Ctx) error {
	p := s.page(c)
	u, err := readUpload(c)
	if err != nil {
		return err
	}
	if u.fields.Get("as") == "skills" {
		return s.uploadMap(c, p, u)
	}
	files := u.files
	pasted := u.fields.Get("pasted")
	if strings.TrimSpace(pasted) != "" {
		files = append(files, team.ImportFile{Name: p.T("import.pasted_name"), Content: []byte(pasted)})
	}
	kept, o := s.sortFiles(files)
	if len(kept) == 0 {
		unread := []string{p.T("import.nothing_sent")}
		if len(o.Unread) > 0 {
			unread = p.unread(o.Unread)
		}
		return s.renderImports(c, unread, pasted)
	}
	o.CreateTopics, o.CreateDepartments = true, true
	options, err := json.Marshal(o)
	if err != nil {
		return err
	}
	i, err := s.Store.AddImport(c.UserContext(), p.Member, kept, string(options))
	if err != nil {
		return err
	}
	return c.Redirect("/imports/"+i.ID, fiber.StatusSeeOther)
}

// sortFiles reads every file once and puts those with the same columns together.
func (s *Server) sortFiles(files []team.ImportFile) (kept []team.ImportFile, o importOptions) {
	at := map[string]int{}
	for _, f := range files {
		t, err := sheet.Read(f.Name, f.Content, sheet.Options{})
		if err != nil {
			o.Unread = append(o.Unread, unreadFile{f.Name, unreadReason(err)})
			continue
		}
		shape := string(t.Format) + "\x00" + strings.Join(t.Columns, "\x00")
		g, known := at[shape]
		if !known {
			g = len(o.Groups)
			at[shape] = g
			o.Groups = append(o.Groups, importGroup{Columns: t.Columns, Mapping: sheet.Guess(t)})
		}
		o.Groups[g].Files = append(o.Groups[g].Files, len(kept))
		kept = append(kept, f)
	}
	return kept, o
}

// unreadReason is the key of the sentence for a file that cannot be read.
func unreadReason(err error) string {
	for _, known := range []struct {
		err error
		key string
	}{{sheet.ErrPassword, "password"}, {sheet.ErrNotSupported, "not_supported"}, {sheet.ErrTooLarge, "too_large"}, {sheet.ErrNoRows, "no_rows"},
		{sheet.ErrNoSheet, "no_sheet"}, {sheet.ErrNoSkillMap, "no_skill_map"}, {sheet.ErrWholeExport, "whole_export"}} {
		if errors.Is(err, known.err) {
			return known.key
		}
	}
	return "damaged"
}

// unread says of each file what is wrong with it.
func (p page) unread(list []unreadFile) []string {
	var sentences []string
	for n, f := range list {
		if n == 20 {
			return append(sentences, p.T("import.more_files", "Count", len(list)-n))
		}
		sentences = append(sentences, fmt.Sprintf("%s: %s", text.Snippet(f.Name, 60), p.Word("import_error", f.Why)))
	}
	return sentences
}

// openImport returns an import that the person may know of, with its options.
func (s *Server) openImport(c *fiber.Ctx) (i team.Import, o importOptions, err error) {
	if i, err = s.Store.Import(c.UserContext(), member(c), c.Params("id")); err != nil || i.Options == "" {
		return i, o, err
	}
	if err = json.Unmarshal([]byte(i.Options), &o); err != nil {
		err = fmt.Errorf("read the options of an import: %w", err)
	}
	return i, o, err
}

func (s *Server) showImport(c *fiber.Ctx) error {
	i, o, err := s.openImport(c)
	if err != nil {
		return err
	}
	_, running, failed := s.Work.on(i.ID)
	switch {
	case running || i.State == team.ImportRunning:
		return s.renderRunning(c, i)
	case i.CanRun() && o.Map != nil:
		return s.renderMapPreview(c, i, o)
	case i.CanRun():
		return s.renderPreview(c, i, o)
	}
	return s.renderResult(c, i, failed)
}

func (s *Server) deleteImport(c *fiber.Ctx) error {
	if err := s.Store.DeleteImport(c.UserContext(), member(c), c.Params("id")); err != nil {
		return err
	}
	return c.Redirect("/imports?deleted=1", fiber.StatusSeeOther)
}
