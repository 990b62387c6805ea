package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sheet"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// previewSize is how many rows of a preview stand on a page.
const previewSize = 100

// previewPage shows how files are read and what they would bring.
type previewPage struct {
	page
	Import                      team.Import
	Unread                      []string
	Sources                     []importSource
	Target                      field
	Topics, Departments         []string // that do not exist yet
	CreateTopics, CreateParts   bool
	Answerers                   []string
	Counts                      []importCount
	Rows                        []previewRow
	Show                        string
	Number                      int
	Back, Forth                 string // values of the buttons to the other pages, or ""
	PageLabel                   string
	Writes                      int
	Choosable                   int // rows that can be updated or left
	Gone                        bool
	FirstRow, LastRow, RowCount int
}

// importSource is a group of files with its columns.
type importSource struct {
	page
	Number   int
	Files    string
	Format   string
	RowCount int
	Kind     field
	Encoding field // without choices where the format has only one
	Sheet    field // without choices where there is only one
	Columns  []importColumn
	Notes    []string
	Problem  string
}

// importColumn is one column with its first values and what it fills.
type importColumn struct {
	Name    string
	Samples []string
	Field   field
}

// importCount is how many rows have one fate.
type importCount struct {
	Action string
	Label  string
	Count  int
	Chosen bool
}

// previewRow is one row of the files.
type previewRow struct {
	page
	Row     team.ImportRow
	Action  badge
	Where   string
	Reasons []string
	Changes []team.FieldChange
	Choice  string // id and version, where the person may choose
	Update  bool
}

// readGroup is a group of files as they were read.
type readGroup struct {
	tables []sheet.Table
	rows   int
	wrong  []unreadFile
}

// readGroups reads the files as the options say, and adapts the options where other
// columns came out than before.
func (s *Server) readGroups(files []team.ImportFile, o *importOptions) (groups []readGroup, rows []team.Incoming) {
	now := s.now().In(s.zone)
	for n := range o.Groups {
		g, r := &o.Groups[n], readGroup{}
		for _, place := range g.Files {
			if place >= len(files) {
				continue
			}
			f := files[place]
			t, err := sheet.Read(f.Name, f.Content, sheet.Options{Encoding: g.Encoding, Sheet: g.Sheet})
			if err != nil {
				r.wrong = append(r.wrong, unreadFile{f.Name, unreadReason(err)})
				continue
			}
			r.tables = append(r.tables, t)
			r.rows += len(t.Rows)
			if len(r.tables) == 1 && (!slices.Equal(g.Columns, t.Columns) || !g.Mapping.Valid(t)) {
				g.Columns, g.Mapping = t.Columns, guess(t, g.Mapping.Kind)
			}
			rows = append(rows, t.Incoming(mappingFor(t, *g), now)...)
		}
		groups = append(groups, r)
	}
	return groups, rows
}

func guess(t sheet.Table, kind sheet.Kind) sheet.Mapping {
	if slices.Contains(sheet.Kinds, kind) {
		return sheet.GuessAs(t, kind)
	}
	return sheet.Guess(t)
}

// mappingFor is the group's mapping, or a guess for a file that turned out to have
// other columns.
func mappingFor(t sheet.Table, g importGroup) sheet.Mapping {
	if slices.Equal(g.Columns, t.Columns) {
		return g.Mapping
	}
	return sheet.GuessAs(t, g.Mapping.Kind)
}

func (s *Server) renderPreview(c *fiber.Ctx, i team.Import, o importOptions) error {
	p := previewPage{page: s.page(c), Import: i, Unread: nil}
	p.Nav, p.Title = "settings", p.T("import.check")
	files, err := s.Store.ImportFiles(c.UserContext(), p.Member, i.ID)
	if err != nil {
		return err
	}
	p.Unread, p.Gone = p.unread(o.Unread), len(files) == 0
	if p.Target, err = s.compartmentField(c, o.Compartment); err != nil {
		return err
	}
	o.keepTo(p.Target)
	groups, rows := s.readGroups(files, &o)
	plan, err := s.Store.PlanImport(c.UserContext(), p.Member, rows, o.ImportChoices)
	if err != nil {
		return err
	}
	for n, g := range o.Groups {
		p.Sources = append(p.Sources, p.source(n, g, groups[n]))
	}
	p.Topics, p.Departments, p.Answerers = plan.Topics, plan.Departments, plan.Answerers
	p.CreateTopics, p.CreateParts, p.Writes = o.CreateTopics, o.CreateDepartments, plan.Writes()
	p.Choosable = plan.Counts[team.ImportChange] + plan.Counts[team.ImportKeep]
	p.rows(plan, c.Query("show"), pageNumber(c))
	p.Notice = p.previewNotice(c.Query("said"), i)
	return c.Render("imports/preview", p)
}

func (p previewPage) previewNotice(said string, i team.Import) *notice {
	switch {
	case said == "look":
		return &notice{Kind: "info", Text: p.T("import.looked_again")}
	case i.State == team.ImportStopped:
		return &notice{Kind: "warn", Text: p.T("import.stopped")}
	}
	return p.Notice
}

// source describes a group of files.
func (p previewPage) source(n int, g importGroup, r readGroup) importSource {
	prefix := "g" + strconv.Itoa(n) + "_"
	src := importSource{page: p.page, Number: n, RowCount: r.rows}
	src.Problem = strings.Join(p.unread(r.wrong), " ")
	src.Kind = field{Name: prefix + "kind", Label: p.T("import.kind"), Value: string(g.Mapping.Kind)}
	for _, k := range sheet.Kinds {
		src.Kind.Choices = append(src.Kind.Choices, choice{string(k), p.Word("import_kind", k), k == g.Mapping.Kind})
	}
	src.Encoding = field{Name: prefix + "encoding", Label: p.T("import.encoding"), Value: g.Encoding}
	src.Sheet = field{Name: prefix + "sheet", Label: p.T("import.sheet"), Value: g.Sheet}
	if len(r.tables) == 0 {
		src.Encoding.Choices = encodings(p.page, g.Encoding, "")
		return src
	}
	t := r.tables[0]
	src.Format, src.Files = p.Word("import_format", t.Format), t.File
	if more := len(g.Files) - 1; more > 0 {
		src.Files = p.T("import.and_more", "Name", t.File, "Count", more)
	}
	if t.Encoding != "" {
		src.Encoding.Choices = encodings(p.page, g.Encoding, t.Encoding)
	}
	if len(t.Sheets) > 1 {
		for _, name := range t.Sheets {
			src.Sheet.Choices = append(src.Sheet.Choices, choice{name, name, name == t.Sheet})
		}
	}
	for i, name := range t.Columns {
		src.Columns = append(src.Columns, p.column(prefix, i, name, t, g.Mapping))
	}
	src.Notes = p.notes(r.tables)
	return src
}

func encodings(p page, chosen, detected string) []choice {
	auto := p.T("import.detect")
	if chosen == "" && detected != "" {
		auto = p.T("import.detected", "Name", detected)
	}
	list := []choice{{"", auto, chosen == ""}}
	for _, name := range text.Encodings() {
		list = append(list, choice{name, name, name == chosen})
	}
	return list
}

// column shows the first three values that are there, and what the column fills.
func (p previewPage) column(prefix string, i int, name string, t sheet.Table, m sheet.Mapping) importColumn {
	col := importColumn{Name: name}
	for _, row := range t.Rows {
		if v := text.Snippet(row.Cells[i], 40); v != "" {
			col.Samples = append(col.Samples, v)
		}
		if len(col.Samples) == 3 {
			break
		}
	}
	f := field{Name: prefix + "field", Prefix: strconv.Itoa(i) + "-", Label: p.T("import.fills", "Name", name), Value: string(m.Fields[i]),
		Choices: []choice{{Label: p.T("import.left_out"), Chosen: m.Fields[i] == sheet.FieldNone}}}
	col.Field = choose(p.page, f, "import_field", m.Kind.Fields())
	return col
}

// maxNotes is how many notes of a group are shown.
const maxNotes = 20

func (p page) notes(tables []sheet.Table) []string {
	var list []string
	for _, t := range tables {
		for _, n := range t.Notes {
			if len(list) == maxNotes {
				return append(list, p.T("import.more_notes"))
			}
			line := p.T("import_note."+string(n.Kind), "Detail", text.Snippet(n.Detail, 80))
			if n.Line > 0 {
				line += p.T("import.at_line", "Line", n.Line)
			}
			list = append(list, line)
		}
	}
	return list
}

// rows puts those that need somebody first, and shows one page of them.
func (p *previewPage) rows(plan team.ImportPlan, show string, number int) {
	total := len(plan.Rows)
	p.Counts = append(p.Counts, importCount{"", p.T("common.all"), total, show == ""})
	for _, action := range team.ImportActions {
		if n := plan.Counts[action]; n > 0 {
			p.Counts = append(p.Counts, importCount{string(action), p.Word("import_action", action), n, show == string(action)})
		}
	}
	var list []team.ImportRow
	for _, action := range team.ImportActions {
		for _, r := range plan.Rows {
			if r.Action == action && (show == "" || show == string(action)) {
				list = append(list, r)
			}
		}
	}
	pages := max(1, (len(list)+previewSize-1)/previewSize)
	number = min(number, pages-1)
	first := number * previewSize
	last := min(first+previewSize, len(list))
	for _, r := range list[first:last] {
		p.Rows = append(p.Rows, p.row(r))
	}
	p.Show, p.Number, p.RowCount, p.FirstRow, p.LastRow = show, number, len(list), first+1, last
	if pages > 1 {
		p.PageLabel = p.T("common.page_of", "Page", number+1, "Pages", pages)
	}
	if number > 0 {
		p.Back = goTo(show, number-1)
	}
	if number+1 < pages {
		p.Forth = goTo(show, number+1)
	}
}

// goTo is the part of an address behind "?" that leads to a page of the preview.
func goTo(show string, number int) string {
	return url.Values{"show": {show}, "page": {strconv.Itoa(number)}}.Encode()
}

func (p previewPage) row(r team.ImportRow) previewRow {
	if r.Line == 0 && mapKinds[r.Kind] {
		return p.mapRow(r)
	}
	row := previewRow{page: p.page, Row: r, Action: p.Badge("import_action", r.Action), Where: p.where(r.File, r.Line)}
	row.Reasons = p.problems(r.Problems)
	switch r.Action {
	case team.ImportDuplicate:
		row.Reasons = append(row.Reasons, p.T("import.same_as", "Where", p.where(r.FirstFile, r.FirstLine)))
	case team.ImportKeep, team.ImportChange:
		row.Choice, row.Update = r.ObjectID+":"+strconv.Itoa(r.Version), r.Action == team.ImportChange
		if r.Edited {
			row.Reasons = append(row.Reasons, p.T("import.edited_since"))
		}
		if r.Renamed {
			row.Reasons = append(row.Reasons, p.T("import.renamed"))
		}
	}
	if r.NoAnswerer != "" && r.Action != team.ImportProblem {
		row.Reasons = append(row.Reasons, p.T("import.no_answerer", "Name", r.NoAnswerer))
	}
	for _, c := range r.Changes {
		row.Changes = append(row.Changes, team.FieldChange{Field: p.Word("import_field", c.Field), Before: p.value(c.Field, c.Before), After: p.value(c.Field, c.After)})
	}
	return row
}

// problems says what is wrong with the fields of a row. It describes a file, where
// Problem asks somebody to type something else.
func (p page) problems(list team.Invalid) []string {
	var sentences []string
	for _, one := range list {
		rule := string(one.Rule)
		switch one.Rule {
		case team.Required, team.TooLong, team.TooMany, team.NotADate, team.Unknown:
		default:
			rule = "other"
		}
		sentences = append(sentences, p.Word("import_field", one.Field)+": "+p.T("import_problem."+rule, "Limit", one.Limit))
	}
	return sentences
}

// where names a row; files without lines have only their name.
func (p page) where(file string, line int) string {
	if line == 0 {
		return text.Snippet(file, 40)
	}
	return p.T("import.where", "File", text.Snippet(file, 40), "Line", line)
}

// value writes the value of a field as people read it.
func (p page) value(name, v string) string {
	noun := map[string]string{"state": "article_state", "audience": "audience", "decision": "decision", "channel": "channel"}[name]
	switch {
	case v == "":
		return p.T("common.none")
	case noun == "":
		return text.Snippet(v, 160)
	case name == "state" && (v == string(team.ConsultationOpen) || v == string(team.ConsultationAnswered)):
		return p.Word("consultation_state", v)
	}
	return p.Word(noun, v)
}

// changeImport keeps what the form says, and then looks again, turns a page, or runs.
func (s *Server) changeImport(c *fiber.Ctx) error {
	i, o, err := s.openImport(c)
	if err != nil {
		return err
	}
	if _, running, _ := s.Work.on(i.ID); running || !i.CanRun() {
		return c.Redirect("/imports/"+i.ID, fiber.StatusSeeOther) // pressed twice
	}
	if o.Map != nil {
		return s.changeMap(c, i, o)
	}
	target, err := s.compartmentField(c, "")
	if err != nil {
		return err
	}
	f := body(c)
	before := o.reading()
	o.fill(f)
	o.keepTo(target)
	changed := o.reading() != before
	if all := f.Get("all"); all != "" {
		if err := s.chooseAll(c, i, &o, all == "update"); err != nil {
			return err
		}
	}
	if err := s.keepOptions(c, i.ID, o); err != nil {
		return err
	}
	to := "/imports/" + i.ID
	switch {
	case f.Get("run") != "" && !changed:
		s.runImport(member(c), i, o)
	case f.Get("run") != "":
		to += "?said=look" // nobody has seen yet what this would do
	default:
		to += "?" + previewAddress(f.Get("go")) + "#rows"
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// previewAddress keeps an address of a preview to the values that it has.
func previewAddress(s string) string {
	v, err := url.ParseQuery(s)
	if err != nil {
		return ""
	}
	number, err := strconv.Atoi(v.Get("page"))
	if err != nil {
		number = 0
	}
	show := v.Get("show")
	if !slices.Contains(team.ImportActions, team.ImportAction(show)) {
		show = ""
	}
	return goTo(show, number)
}

// reading is the part of the options on which the preview of every row depends.
func (o importOptions) reading() string {
	o.Update, o.Unread = nil, nil
	return fmt.Sprintf("%+v", o)
}

// fill takes what a form says; what it does not hold stays.
func (o *importOptions) fill(f url.Values) {
	for n := range o.Groups {
		g, prefix := &o.Groups[n], "g"+strconv.Itoa(n)+"_"
		if f.Has(prefix + "encoding") {
			g.Encoding = f.Get(prefix + "encoding")
		}
		if f.Has(prefix + "sheet") {
			g.Sheet = f.Get(prefix + "sheet")
		}
		fields := f[prefix+"field"]
		if kind := sheet.Kind(f.Get(prefix + "kind")); kind != g.Mapping.Kind && slices.Contains(sheet.Kinds, kind) {
			g.Mapping = sheet.Mapping{Kind: kind} // to be guessed again
		} else if len(fields) == len(g.Mapping.Fields) {
			g.Mapping.Fields = make([]sheet.Field, len(fields))
			for i, one := range fields {
				g.Mapping.Fields[i] = sheet.Field(one)
			}
		}
	}
	if f.Has("compartment") {
		o.Compartment = f.Get("compartment")
	}
	if f.Has("topics_asked") {
		o.CreateTopics = f.Get("create_topics") != ""
	}
	if f.Has("departments_asked") {
		o.CreateDepartments = f.Get("create_departments") != ""
	}
	for _, one := range f["shown"] {
		o.decide(one, slices.Contains(f["update"], one))
	}
}

// keepTo allows only a compartment that the person belongs to (by now).
func (o *importOptions) keepTo(target field) {
	if !slices.ContainsFunc(target.Choices, func(one choice) bool { return one.Value == o.Compartment }) {
		o.Compartment = ""
	}
}

// decide keeps the decision about one thing: its id and the version that was shown.
func (o *importOptions) decide(choice string, update bool) {
	id, version, _ := strings.Cut(choice, ":")
	n, err := strconv.Atoi(version)
	if err != nil || len(id) > 40 {
		return
	}
	if o.Update == nil {
		o.Update = map[string]int{}
	}
	o.Update[id] = 0
	if update {
		o.Update[id] = n
	}
}

// chooseAll decides about every thing that the files would change.
func (s *Server) chooseAll(c *fiber.Ctx, i team.Import, o *importOptions, update bool) error {
	files, err := s.Store.ImportFiles(c.UserContext(), member(c), i.ID)
	if err != nil {
		return err
	}
	_, rows := s.readGroups(files, o)
	plan, err := s.Store.PlanImport(c.UserContext(), member(c), rows, o.ImportChoices)
	for _, r := range plan.Rows {
		if r.Action == team.ImportKeep || r.Action == team.ImportChange {
			o.decide(r.ObjectID+":"+strconv.Itoa(r.Version), update)
		}
	}
	return err
}
