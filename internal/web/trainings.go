package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

func (s *Server) trainingRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/trainings", writers, s.listTrainings}, {post, "/trainings", writers, s.logTraining},
		{post, "/trainings/state", writers, s.setTrainingState},
		{get, "/trainings/catalogue", readers, s.listCourses},
		{get, "/trainings/catalogue/new", leads, s.editCourse}, {post, "/trainings/catalogue/new", leads, s.saveCourse},
		{get, "/trainings/catalogue/:id", readers, s.showCourse},
		{get, "/trainings/catalogue/:id/edit", leads, s.editCourse}, {post, "/trainings/catalogue/:id/edit", leads, s.saveCourse},
		{get, "/trainings/:id", writers, s.editTrainingRecord}, {post, "/trainings/:id", writers, s.saveTrainingRecord},
		{post, "/trainings/:id/withdraw", writers, s.withdrawTraining}, {post, "/trainings/:id/files", writers, s.attachToTraining},
		{post, "/trainings/:id/reviews/:skill/dismiss", writers, s.dismissReview},
	}
}

// trainingsPage is the form to write a training down, what is planned, and what was.
type trainingsPage struct {
	page
	trainingForm
	Hours, Cost string // of this fiscal year: the department's for leads, one's own for others
	Effect      string // of all trainings; "" where it cannot be told
	Reviews     []reviewRow
	Past        []trainingRow // planned for a day that has passed
	Planned     []trainingRow
	Rows        []trainingRow // those that are over, the latest first
	Withdrawn   []trainingRow
	Filter      form
	Narrow      bool
	Total       int
	Pager       pager
}

// trainingRow is a training with the people who go there together.
type trainingRow struct {
	Day, Title, Link    string // Link leads to the catalogue
	Kind, Hours, Cost   string
	State               badge
	Skills              []string
	People              []personLink
	Records             []string // ids of those that the person may change
	Review              string   // where to look at a level again, after one's own training
	Cancelled, JustMine bool
}

// personLink is a name; with a link where the person may change the record.
type personLink struct{ Name, Href string }

// trainingFilter is what narrows the list.
type trainingFilter struct{ Year, Member, Kind, Words string }

func (s *Server) listTrainings(c *fiber.Ctx) error {
	if wantsCSV(c) {
		return s.trainingsCSV(c)
	}
	p, err := s.trainingsPage(c)
	if err != nil {
		return err
	}
	if p.trainingForm, err = s.openTrainingForm(c, p.page); err != nil {
		return err
	}
	p.Notice = p.trainingNotice(c)
	return c.Render("trainings/list", p)
}

func (p page) trainingNotice(c *fiber.Ctx) *notice {
	done := oneOf(c.Query("done"), "", "logged", "planned", "saved", "done", "cancelled", "withdrawn", "put_back", "dismissed", "clash", "attached")
	if done == "" {
		return nil
	}
	n, _ := strconv.Atoi(c.Query("count"))
	kind := "done"
	if done == "clash" {
		kind = "warn"
	}
	return &notice{Kind: kind, Text: p.T("training.notice_"+done, "Count", min(max(n, 1), 1000))}
}

// trainingsPage reads everything but the form.
func (s *Server) trainingsPage(c *fiber.Ctx) (trainingsPage, error) {
	p := trainingsPage{page: s.page(c)}
	p.Title, p.Nav = p.T("training.records"), "certificates"
	f := trainingFilter{Year: c.Query("year"), Member: c.Query("member"), Kind: c.Query("kind"), Words: text.Clean(c.Query("words"))}
	list, err := s.trainingList(c, p.page)
	if err != nil {
		return p, err
	}
	if err := s.trainingHead(c, &p, list.all); err != nil {
		return p, err
	}
	if p.Reviews, err = s.reviewRows(c, p.page, true, ""); err != nil {
		return p, err
	}
	list.reviews = p.Reviews
	today := s.today()
	for _, r := range list.rows(func(r team.TrainingRecord) bool { return r.State == team.RecordPlanned }) {
		if r.first.Day.Before(today) {
			p.Past = append(p.Past, r.row)
		} else {
			p.Planned = append([]trainingRow{r.row}, p.Planned...)
		}
	}
	over := list.rows(func(r team.TrainingRecord) bool { return r.State != team.RecordPlanned && f.matches(r, today) })
	p.Total, p.Narrow, p.Pager = len(over), f != trainingFilter{}, p.pager(pageNumber(c), len(over))
	from := min(pageNumber(c)*store.PageSize, len(over))
	for _, r := range over[from:min(from+store.PageSize, len(over))] {
		p.Rows = append(p.Rows, r.row)
	}
	p.Filter.Fields = s.trainingFilter(p.page, f, list)
	return p, s.addWithdrawn(c, &p, list)
}

// addWithdrawn adds what was taken back and can be put back.
func (s *Server) addWithdrawn(c *fiber.Ctx, p *trainingsPage, list trainingList) error {
	var err error
	if list.all, err = s.Store.TrainingRecords(c.UserContext(), p.Member, store.TrainingFilter{Withdrawn: true}); err != nil {
		return err
	}
	for _, r := range list.rows(func(r team.TrainingRecord) bool { return team.CanEditRecord(p.Member, r) }) {
		p.Withdrawn = append(p.Withdrawn, r.row)
	}
	return nil
}

// trainingHead fills in the totals of the fiscal year and the effect.
func (s *Server) trainingHead(c *fiber.Ctx, p *trainingsPage, all []team.TrainingRecord) error {
	first, last := team.FiscalYear(s.today())
	sum := team.TotalsOf(ownUnlessLead(p.Member, all), first, last)
	p.Hours, p.Cost = hours(sum.Minutes), yen(sum.Cost)
	effects, err := s.Store.TrainingEffects(c.UserContext(), p.Member, s.today())
	if e, seen := effects[""]; seen && e.Measured > 0 {
		p.Effect = effectWord(e)
	}
	return err
}

// ownUnlessLead leaves the records whose numbers a person may see.
func ownUnlessLead(by team.Member, all []team.TrainingRecord) []team.TrainingRecord {
	return slices.DeleteFunc(slices.Clone(all), func(r team.TrainingRecord) bool { return !team.CanSeeFigures(by, r.MemberID) })
}

// matches tells whether the list shows a record.
func (f trainingFilter) matches(r team.TrainingRecord, today team.Date) bool {
	first, last := team.FiscalYear(today)
	if year, err := strconv.Atoi(f.Year); err == nil && year > 1900 && year < 3000 {
		first, last = team.FiscalYear(team.Date{Year: year, Month: 4, Day: 1})
	}
	if f.Year != "all" && (r.Day.Before(first) || last.Before(r.Day)) {
		return false
	}
	return (f.Member == "" || f.Member == r.MemberID) && (f.Kind == "" || f.Kind == string(r.Kind)) &&
		strings.Contains(text.Key(r.Title), text.Key(f.Words))
}

func (s *Server) trainingFilter(p page, f trainingFilter, list trainingList) []field {
	words := field{Name: "words", Label: p.T("training.words"), Kind: "search", Value: f.Words}
	now, _ := team.FiscalYear(s.today())
	year := field{Name: "year", Label: p.T("training.year"), Value: f.Year, Choices: []choice{{"", p.T("training.this_year"), f.Year == ""}}}
	for y := now.Year - 1; y > now.Year-4; y-- {
		value := strconv.Itoa(y)
		year.Choices = append(year.Choices, choice{value, p.T("training.fiscal_year", "Year", value), f.Year == value})
	}
	year.Choices = append(year.Choices, choice{"all", p.T("training.every_year"), f.Year == "all"})
	kind := choose(p, field{Name: "kind", Label: p.T("training.kind"), Value: f.Kind, Choices: []choice{{Label: p.T("common.all")}}}, "training_kind", team.TrainingKinds)
	fields := []field{words, year, kind}
	if p.CanManage() {
		who := field{Name: "member", Label: p.T("training.who"), Value: f.Member, Choices: []choice{{Label: p.T("common.all")}}}
		for _, m := range list.people {
			who.Choices = append(who.Choices, choice{m.ID, m.DisplayName(p.Language), m.ID == f.Member})
		}
		fields = append(fields, who)
	}
	return fields
}

// trainingList is the records that a person may see, with the words to show them.
type trainingList struct {
	p       page
	all     []team.TrainingRecord
	people  []team.Member
	names   map[string]string
	skills  map[string]string // names by id
	courses map[string]team.Training
	reviews []reviewRow
}

func (s *Server) trainingList(c *fiber.Ctx, p page) (list trainingList, err error) {
	list = trainingList{p: p, names: map[string]string{}, courses: map[string]team.Training{}}
	if list.all, err = s.Store.TrainingRecords(c.UserContext(), p.Member, store.TrainingFilter{}); err != nil {
		return list, err
	}
	if list.people, err = s.Store.Members(c.UserContext()); err != nil {
		return list, err
	}
	for _, m := range list.people {
		list.names[m.ID] = m.DisplayName(p.Language)
	}
	courses, err := s.Store.Trainings(c.UserContext(), p.Member)
	if err != nil {
		return list, err
	}
	for _, n := range courses {
		list.courses[n.ID] = n
	}
	list.skills, err = s.skillNames(c, p)
	return list, err
}

// skillNames returns the names of all skills by their ids.
func (s *Server) skillNames(c *fiber.Ctx, p page) (map[string]string, error) {
	list, err := s.Store.Catalogue(c.UserContext(), p.Member)
	names := map[string]string{}
	for _, k := range list.Skills {
		names[k.ID] = k.DisplayName(p.Language)
	}
	return names, err
}

// groupedRow is a row with the first of its records.
type groupedRow struct {
	first team.TrainingRecord
	row   trainingRow
}

// rows puts the records of one class and one state into one row, in their order.
func (l trainingList) rows(show func(team.TrainingRecord) bool) []groupedRow {
	type class struct {
		subject string
		day     team.Date
		state   team.RecordState
	}
	at, groups := map[class]int{}, [][]team.TrainingRecord{}
	for _, r := range l.all {
		if !show(r) {
			continue
		}
		key := class{r.Subject(), r.Day, r.State}
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	list := make([]groupedRow, len(groups))
	for i, g := range groups {
		list[i] = groupedRow{g[0], l.row(g)}
	}
	return list
}

func (l trainingList) row(records []team.TrainingRecord) trainingRow {
	r := records[0]
	row := trainingRow{Day: l.p.Date(r.Day), Title: l.title(r), Kind: l.p.Word("training_kind", r.Kind), Hours: hours(r.Minutes),
		State: l.p.Badge("record_state", r.State), Cancelled: r.State == team.RecordCancelled}
	if r.TrainingID != "" {
		row.Link = "/trainings/catalogue/" + r.TrainingID
	}
	for _, k := range r.Skills {
		row.Skills = append(row.Skills, l.skill(k))
	}
	cost, seen, class := 0, false, 0
	for _, one := range records {
		person := personLink{Name: l.names[one.MemberID]}
		if team.CanEditRecord(l.p.Member, one) {
			person.Href, row.Records = "/trainings/"+one.ID, append(row.Records, one.ID)
		}
		if team.CanSeeFigures(l.p.Member, one.MemberID) {
			cost, seen, class = cost+one.Cost, true, max(class, one.ClassCost)
		}
		row.People = append(row.People, person)
		for _, review := range l.reviews {
			if review.RecordID == one.ID && row.Review == "" {
				row.Review = review.Look
			}
		}
	}
	if seen {
		row.Cost = yen(cost + class)
	}
	row.JustMine = len(records) == 1 && r.MemberID == l.p.Member.ID
	return row
}

// title is the title of a record's training in the language of the page.
func (l trainingList) title(r team.TrainingRecord) string {
	if n, listed := l.courses[r.TrainingID]; listed {
		return n.DisplayTitle(l.p.Language)
	}
	return r.Title
}

// skill writes a skill with the level that it can come to.
func (l trainingList) skill(k team.RecordSkill) string {
	if !k.Level.Assessed() {
		return l.skills[k.SkillID]
	}
	return l.p.T("training.skill_to", "Skill", l.skills[k.SkillID], "Level", int(k.Level))
}

// trainingsCSV is every record as a file, for leads.
func (s *Server) trainingsCSV(c *fiber.Ctx) error {
	p := s.page(c)
	if !p.CanManage() {
		return team.ErrForbidden
	}
	list, err := s.trainingList(c, p)
	if err != nil {
		return err
	}
	f := trainingFilter{Year: c.Query("year"), Member: c.Query("member"), Kind: c.Query("kind"), Words: text.Clean(c.Query("words"))}
	var rows [][]string
	for _, r := range list.all {
		if !f.matches(r, s.today()) {
			continue
		}
		var skills []string
		for _, k := range r.Skills {
			skills = append(skills, list.skill(k))
		}
		rows = append(rows, []string{r.Day.String(), list.title(r), p.Word("training_kind", r.Kind), list.names[r.MemberID], p.Word("record_state", r.State),
			strconv.FormatFloat(float64(r.Minutes)/60, 'f', -1, 64), strconv.Itoa(r.Cost), strconv.Itoa(r.ClassCost), strings.Join(skills, "、"), p.ratingWord(r.Rating), r.Note, list.names[r.By]})
	}
	var columns []string
	for _, name := range []string{"day", "title", "kind", "who", "state", "hours", "cost", "class_cost", "skills", "rating", "note", "logged_by"} {
		columns = append(columns, p.T("training."+name))
	}
	return s.sendCSV(c, "trainings", columns, rows)
}

// ratingWord is how a training went in words, "" where nobody said.
func (p page) ratingWord(rating int) string {
	if rating == 0 {
		return ""
	}
	return p.Word("training_rating", rating)
}

// hours writes minutes as hours: 1.5h.
func hours(minutes int) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(float64(minutes)/60, 'f', 2, 64), "0"), ".") + "h"
}

// yen writes an amount of money: ¥1,240,000.
func yen(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return "¥" + s
}

// effectWord writes how many of those who went rose: 11/24. Nobody is made a percentage.
func effectWord(e team.TrainingEffect) string {
	return strconv.Itoa(e.Rose) + "/" + strconv.Itoa(e.Measured)
}
