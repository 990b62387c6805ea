package web

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// runImport begins to bring an import in; the page that follows shows how far it is.
func (s *Server) runImport(by team.Member, i team.Import, o importOptions) {
	s.Work.start(i.ID, false, func(ctx context.Context, progress func(done, total int)) error {
		files, err := s.Store.ImportFiles(ctx, by, i.ID)
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return errors.New("the files are gone")
		}
		if o.Map != nil {
			in, err := s.incomingMap(ctx, files, o.Map)
			if err != nil {
				return err
			}
			_, err = s.Store.RunSkillImport(ctx, by, s.today(), i, in, o.Map.MapChoices, progress)
			return err
		}
		_, rows := s.readGroups(files, &o)
		_, err = s.Store.RunImport(ctx, by, i, rows, o.ImportChoices, progress)
		return err
	})
}

func (s *Server) undoImport(c *fiber.Ctx) error {
	by := member(c)
	i, err := s.Store.Import(c.UserContext(), by, c.Params("id"))
	if err != nil {
		return err
	}
	if i.State == team.ImportDone {
		s.Work.start(i.ID, true, func(ctx context.Context, progress func(done, total int)) error {
			return s.Store.UndoImport(ctx, by, i.ID, progress)
		})
	}
	return c.Redirect("/imports/"+i.ID, fiber.StatusSeeOther)
}

// runningPage shows how far an import is.
type runningPage struct {
	page
	ID          string
	Name        string
	Heading     string
	Done, Total int
}

func (s *Server) running(c *fiber.Ctx, i team.Import) runningPage {
	p := runningPage{page: s.page(c), ID: i.ID, Name: i.Name, Done: i.Progress, Total: i.Total}
	p.Nav, p.Heading, p.Refresh = "settings", p.T("import.running"), 2
	if j, here, _ := s.Work.on(i.ID); here {
		p.Done, p.Total = int(j.done.Load()), int(j.total.Load())
		if j.undo {
			p.Heading = p.T("import.undoing")
		}
	}
	p.Title = p.Heading
	return p
}

func (s *Server) renderRunning(c *fiber.Ctx, i team.Import) error {
	return c.Render("imports/running", s.running(c, i))
}

// importProgress is asked for every second; at the end it leads to the result.
func (s *Server) importProgress(c *fiber.Ctx) error {
	i, err := s.Store.Import(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	_, running, _ := s.Work.on(i.ID)
	if running || i.State == team.ImportRunning {
		return c.Render("imports/_progress", s.running(c, i))
	}
	if isHTMX(c) {
		c.Set("HX-Redirect", "/imports/"+i.ID)
		return c.SendStatus(fiber.StatusNoContent)
	}
	return c.Redirect("/imports/"+i.ID, fiber.StatusSeeOther)
}

// resultPage shows what an import brought.
type resultPage struct {
	page
	Import team.Import
	State  badge
	Who    string
	Undoer string
	Group  string
	Items  []importItem
	Total  int
	Pager  pager
	Left   []leftRow
	More   int // rows left out that are not named
}

// importItem is a thing that was written.
type importItem struct {
	page
	Item   team.ImportItem
	Href   string
	Kind   string
	Action badge
}

// leftRow is a row that did not come in.
type leftRow struct {
	page
	Title  string
	Where  string
	Action badge
	Why    []string
}

func (s *Server) renderResult(c *fiber.Ctx, i team.Import, failed bool) error {
	p := resultPage{page: s.page(c), Import: i}
	p.Nav, p.Title, p.State = "settings", p.T("import.result"), s.importState(p.page, i)
	items, total, err := s.Store.ImportItems(c.UserContext(), p.Member, i.ID, pageNumber(c))
	if err != nil {
		return err
	}
	p.Total, p.Pager = total, p.pager(pageNumber(c), total)
	for _, item := range items {
		p.Items = append(p.Items, p.item(item))
	}
	for _, l := range i.Left {
		row := leftRow{page: p.page, Title: l.Title, Where: p.where(l.File, l.Line), Action: p.outcome(l.Action), Why: p.problems(l.Problems)}
		if l.Cell != "" {
			row.Where = l.Cell
		}
		p.Left = append(p.Left, row)
	}
	names, err := s.names(c)
	if err != nil {
		return err
	}
	p.Who, p.Undoer = p.importer(names, i.MemberID), p.importer(names, i.UndoneBy)
	if p.Group, err = s.groupName(c, i.Compartment); err != nil {
		return err
	}
	if failed {
		p.Notice = &notice{Kind: "warn", Text: p.T("import.undo_stopped")}
	}
	return c.Render("imports/result", p)
}

// outcome is the badge of what happened; it looks like that of what will happen.
func (p page) outcome(action team.ImportAction) badge {
	b := p.Badge("import_action", action)
	b.Label = p.Word("import_outcome", action)
	return b
}

func (p resultPage) item(item team.ImportItem) importItem {
	row := importItem{page: p.page, Item: item, Kind: p.Word("import_thing", item.Kind), Action: p.outcome(item.Action)}
	switch {
	case item.Title == "": // gone since, or not for this person's eyes
	case item.Kind == team.KindArticle:
		row.Href = "/articles/" + item.ObjectID
	case item.Kind == team.KindConsultation:
		row.Href = "/consultations/" + item.Ref
	case item.Kind == team.KindSkill:
		row.Href = "/skills/" + item.ObjectID
	case item.Kind == team.KindCategory:
		row.Href = "/skills/categories/" + item.ObjectID
	default:
		row.Href = "/settings/" + item.Kind + "s/" + item.ObjectID
	}
	return row
}

// keepOptions keeps what somebody chose for an import.
func (s *Server) keepOptions(c *fiber.Ctx, id string, o importOptions) error {
	options, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return s.Store.SaveImportOptions(c.UserContext(), member(c), id, string(options))
}
